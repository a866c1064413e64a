-- Every row that can fail, planted: what it expected, and what it has found.

local core = require "meetauth.core";
local hostile = require "spec.support.hostile";
local hostconfig = require "meetauth.config.host";
local keyheld = require "meetauth.key.held";
local meetauth = require "meetauth";
local secret_of = require "spec.support.secret";
local verifier = require "meetauth.token.verifier";

local now = 1700000000;
local secrets = {
	portal = secret_of("p", 40), acme = secret_of("a", 40), strict = secret_of("s", 40), named = secret_of("n", 40),
};
local place = { base = "meet.example", nfkc = tostring, fold = string.lower };

local site = assert(hostconfig.read(function (name)
	return ({ meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = secrets.portal, audience = "jitsi", max_age = 3600, require = { "jti", "x" },
			typ = { "JWT" }, rooms = { "stand*" } };
		{ id = "named", issuer = "named", secret = secrets.named, kid = "k1", tenant = "acme",
			claims = { azp = "meet" }, admit = { claim = "groups", contains = "staff" } };
		{ id = "acme", dialect = "daily", domain_id = "d", secret = secrets.acme };
		{ id = "strict", dialect = "daily", domain_id = "e", secret = secrets.strict, strict = true };
	} })[name];
end));
local host = verifier.of_entries(site.entries, 4096, keyheld.of(site.entries));
local portal = meetauth.key { alg = "HS256", secret = secrets.portal };
local program = meetauth.verifier { keys = { portal }, algorithms = { "HS256" }, issuer = "portal",
	check = function () return false; end };
local typed = meetauth.verifier { keys = { portal }, algorithms = { "HS256" }, typ = { "JWT" } };

local base = {
	portal = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "standup", exp = now + 60, iat = now, jti = "1", x = 1 };
	named = { iss = "named", sub = "acme", room = "standup", azp = "meet", groups = { "staff" } };
	acme = { d = "d", r = "standup", iat = now, exp = now + 60 };
	strict = { d = "e", r = "standup", iat = now, exp = now + 60 };
};

local NONE = {};
local function claims(id, changes)
	local all = {};
	for name, value in pairs(base[id]) do all[name] = value; end
	for name, value in pairs(changes or {}) do all[name] = value ~= NONE and value or nil; end
	return all;
end

-- A token of an entry, but for these claims; NONE is no claim.
local function of(id, changes, header)
	local key = meetauth.key { alg = "HS256", secret = secrets[id], kid = id == "named" and "k1" or nil };
	return meetauth.sign(key, claims(id, changes), header);
end

local function raw(header, payload) return core.sign(portal, header, payload or "{}"); end
local function jitsi(changes) return of("portal", changes); end

local patterned = "a Lua pattern (context.room.regex) of at most 128 bytes, with closed sets and captures, without %b, %f and %1";
local good = jitsi();
local readable = "claims that can be read";

-- { check, reason, token, expected, found, node = the room, by = the verifier, room = what the room has }
local cases = {
	{ "form", "malformed", "a.b", "three parts of base64url", "2 parts" };
	{ "form", "malformed", "", "three parts of base64url", "nothing" };
	{ "form", "malformed", "not a token", "three parts of base64url", "1 part, with other characters" };
	{ "form", "unsupported", "a.b.c.d.e", "three parts of base64url", "5 parts" };
	{ "form", "too-large", ("x"):rep(5000), "at most 4096 bytes", "5000 bytes" };
	{ "header", "malformed", "\"" .. good, "base64url", "bytes that are not base64url" };
	{ "header", "malformed", "a+.e30.AA", "base64url", "bytes that are not base64url" };
	{ "header", "bad-json", raw("{"), "a JSON object", "not a strict JSON object" };
	{ "header", "duplicate-member", raw('{"alg":"HS256","alg":"HS256"}'), "each member only once", "a member that appears twice" };
	{ "header", "bad-header", raw('{"alg":7}'), "alg, kid, typ and cty as strings, kid of at most 256 bytes", { alg = 7 } };
	{ "header", "bad-header", raw("{}"), "alg, kid, typ and cty as strings, kid of at most 256 bytes", "nothing" };
	{ "header", "critical-extension", raw('{"alg":"HS256","crit":["x"]}'), "no crit", { crit = { "x" } } };
	{ "header", "unsupported", raw('{"alg":"HS256","cty":"JWT"}'),
		"no enc, no b64 = false, and a cty that is not JWT", { cty = "JWT" } };
	{ "key", "unknown-issuer", jitsi({ iss = "Portal" }), { iss = { "named", "portal" }, d = { "d", "e" } },
		{ alg = "HS256", iss = "Portal" } };
	{ "key", "unknown-issuer", jitsi({ iss = NONE }), { iss = { "named", "portal" }, d = { "d", "e" } },
		{ alg = "HS256", iss = "nothing" } };
	{ "key", "unknown-issuer", of("acme", { d = "x" }), { iss = { "named", "portal" }, d = { "d", "e" } },
		{ alg = "HS256", d = "x" } };
	{ "key", "ambiguous-claims", of("acme", { iss = "portal" }),
		"claims of one dialect: d and r, or iss, aud, sub, room and context", { "d", "iss", "r" } };
	{ "key", "algorithm-mismatch", meetauth.sign(meetauth.keygen { alg = "ES256" }, base.portal), { alg = { "HS256" } },
		{ alg = "ES256" } };
	{ "key", "unknown-key", of("named", {}, { kid = "k2" }), { kid = { "k1" } }, { alg = "HS256", kid = "k2" } };
	{ "key", "bad-json", raw('{"alg":"HS256"}', "[]"), readable, "not a strict JSON object" };
	{ "key", "duplicate-member", raw('{"alg":"HS256"}', '{"iss":"a","iss":"b"}'), readable, "a member that appears twice" };
	{ "key", "malformed", "eyJhbGciOiJIUzI1NiJ9.a.AA", readable, "bytes that are not base64url" };
	{ "signature", "signature-mismatch", meetauth.sign(meetauth.key { alg = "HS256", secret = secrets.acme }, base.portal),
		{ alg = "HS256", entry = "portal" }, "a signature of 32 bytes, made with another key" };
	{ "signature", "malformed", good:sub(1, -2), { alg = "HS256", entry = "portal" }, "bytes that are not base64url" };
	{ "payload", "bad-json", raw('{"alg":"HS256"}', "7"), "a JSON object", "not a strict JSON object", by = program };
	{ "payload", "duplicate-member", raw('{"alg":"HS256"}', '{"a":1,"a":1}'), "a JSON object",
		"a member that appears twice", by = program };
	{ "typ", "type-mismatch", of("portal", {}, { typ = "at+jwt" }), { "none", "jwt" }, "at+jwt" };
	{ "typ", "type-mismatch", raw('{"alg":"HS256"}', '{"iss":"portal"}'), { "jwt" }, "nothing", by = typed };
	{ "exp", "expired", jitsi({ exp = now - 60 }), ("after %d"):format(now - 10), now - 60 };
	{ "exp", "bad-claim", jitsi({ exp = "soon" }), "a number", "soon" };
	{ "nbf", "not-yet-valid", jitsi({ nbf = now + 60 }), ("not after %d"):format(now + 10), now + 60 };
	{ "nbf", "bad-claim", jitsi({ nbf = true }), "a number", true };
	{ "iat", "too-old", jitsi({ iat = now - 7200 }), ("since %d, and not after %d"):format(now - 3610, now + 10), now - 7200 };
	{ "iat", "missing-claim", jitsi({ iat = NONE }), ("since %d, and not after %d"):format(now - 3610, now + 10), "nothing" };
	{ "iat", "bad-claim", jitsi({ iat = "x" }), "a number", "x" };
	{ "iss", "issuer-mismatch", jitsi({ iss = "x" }), { "portal" }, "x", by = program };
	{ "iss", "issuer-mismatch", jitsi({ iss = NONE }), { "portal" }, "nothing", by = program };
	{ "iss", "bad-claim", jitsi({ iss = 7 }), "a string", 7, by = program };
	{ "aud", "audience-mismatch", jitsi({ aud = "x" }), { "jitsi" }, "x" };
	{ "aud", "audience-mismatch", jitsi({ aud = NONE }), { "jitsi" }, "nothing" };
	{ "aud", "bad-claim", jitsi({ aud = 7 }), "a string, or a list of strings", 7 };
	{ "sub", "bad-claim", jitsi({ sub = 7 }), "a string", 7 };
	{ "jti", "bad-claim", jitsi({ jti = 7 }), "a string", 7 };
	{ "require", "missing-claim", jitsi({ x = NONE }), { "jti", "x" }, { "jti" } };
	{ "require", "missing-claim", jitsi({ x = NONE, jti = NONE }), { "jti", "x" }, "nothing" };
	{ "claims", "claim-mismatch", of("named", { azp = "app" }), { "azp = meet" }, { azp = "app" } };
	{ "claims", "missing-claim", of("named", { azp = NONE }), { "azp = meet" }, "nothing" };
	{ "admit", "not-admitted", of("named", { groups = { "guests" } }), "groups contains staff", { "guests" } };
	{ "admit", "not-admitted", of("named", { groups = NONE }), "groups contains staff", "nothing" };
	{ "check", "check-failed", jitsi(), "yes from the verifier's check function", "no", by = program };

	{ "grant", "missing-claim", jitsi({ room = NONE }), { room = "the room's name" }, { room = "nothing" } };
	{ "grant", "missing-claim", jitsi({ sub = NONE }), { sub = "the server's domain, or the room's tenant" }, { sub = "nothing" } };
	{ "grant", "bad-claim", jitsi({ room = 7 }), { room = "a string, or a list of 1 to 64 strings" }, { room = 7 } };
	{ "grant", "bad-claim", jitsi({ room = { "standup", 7 } }), { room = "a string, or a list of 1 to 64 strings" },
		{ room = { "standup", 7 } } };
	{ "grant", "bad-claim", jitsi({ room = { "standup", "stand[up" }, context = { room = { regex = true } } }), { room = patterned },
		{ room = { "standup", "stand[up" } } };
	{ "grant", "bad-claim", jitsi({ context = { user = { send = { "voice" } } } }),
		{ ["context.user.send"] = "a list of audio, video and screen" }, { ["context.user.send"] = { "voice" } } };
	{ "grant", "bad-claim", jitsi({ context = { room = { lobby = 7 } } }), { ["context.room.lobby"] = "true or false" },
		{ ["context.room.lobby"] = 7 } };
	{ "grant", "bad-claim", jitsi({ context = { room = { max_occupants = 0 } } }),
		{ ["context.room.max_occupants"] = "a whole number, at least 1" }, { ["context.room.max_occupants"] = 0 } };
	{ "grant", "bad-claim", jitsi({ context = { room = { duration = 0.5 } } }),
		{ ["context.room.duration"] = "a whole number of seconds, at least 1" }, { ["context.room.duration"] = 0.5 } };
	{ "grant", "bad-claim", jitsi({ context = { room = { password = ("x"):rep(257) } } }),
		{ ["context.room.password"] = "a string of at most 256 bytes, without control characters" },
		{ ["context.room.password"] = "another one" } };
	{ "grant", "bad-claim", jitsi({ context = "x" }), { context = "an object" }, { context = "x" } };
	{ "grant", "bad-claim", jitsi({ context = { user = "x" } }), { ["context.user"] = "an object" }, { ["context.user"] = "x" } };
	{ "grant", "bad-claim", jitsi({ context = { user = { id = 1.5 } } }), { ["context.user.id"] = "a string or a whole number" },
		{ ["context.user.id"] = 1.5 } };
	{ "grant", "bad-claim", jitsi({ user_id = true }), { user_id = "a string or a whole number" }, { user_id = true } };
	{ "grant", "bad-claim", jitsi({ context = { user = { id = "daily:x" } } }),
		{ ["context.user.id"] = "a user id that does not begin with daily:, which only Daily's tokens use" },
		{ ["context.user.id"] = "daily:x" } };
	{ "grant", "bad-claim", jitsi({ room = "stand[up", context = { room = { regex = true } } }), { room = patterned },
		{ room = "stand[up" } };
	{ "grant", "bad-claim", jitsi({ room = ("*"):rep(129), context = { room = { glob = "true" } } }),
		{ room = "a glob (context.room.glob) of at most 128 bytes" }, { room = ("*"):rep(129) } };
	{ "grant", "missing-claim", of("acme", { r = NONE }), { r = "the room's name" }, { r = "nothing" } };
	{ "grant", "bad-claim", of("acme", { r = "*" }), { r = "one room name of at most 128 letters, digits, - and _" }, { r = "*" } };
	{ "grant", "bad-claim", of("acme", { o = "true" }), { o = "true or false" }, { o = "true" } };
	{ "grant", "bad-claim", of("acme", { ud = "" }), { ud = "a string of 1 to 36 characters, or a whole number" }, { ud = "" } };
	{ "grant", "bad-claim", of("acme", { eje = 0.5 }), { eje = "whole seconds, 1 or more" }, { eje = 0.5 } };
	{ "grant", "bad-claim", of("acme", { p = meetauth.array({}) }), { p = "an object" }, { p = {} } };
	{ "grant", "bad-claim", of("acme", { p = { hp = "no" } }), { ["p.hp"] = "true or false" }, { ["p.hp"] = "no" } };
	{ "grant", "bad-claim", of("acme", { p = { ca = 7 } }), { ["p.ca"] = 'true, false or words such as "p" and "s"' },
		{ ["p.ca"] = 7 } };
	{ "grant", "bad-claim", of("acme", { er = 7 }), { er = 'a mode such as "cloud", or a list of modes' }, { er = 7 } };
	{ "grant", "bad-claim", of("strict", { mine = 7 }),
		{ strict = "only known claims and words, because the entry has strict = true" },
		{ strict = { "mine" } } };
	{ "grant", "not-enforceable", of("acme", { p = { hp = false } }), { ["p.hp"] = "true, or hidden = \"visible\" in the entry" },
		{ ["p.hp"] = false } };
	{ "grant", "not-enforceable", of("strict", { p = { cr = { u = { x = false } } } }),
		{ ["p.cr"] = "no receive rule, because the entry has strict = true" }, { ["p.cr"] = { u = { x = false } } } };

	{ "window", "expired", jitsi({ exp = now - 60 }), ("after %d"):format(now), now - 50, node = "standup" };
	{ "window", "not-yet-valid", jitsi({ nbf = now + 60 }), ("not after %d"):format(now), now + 50, node = "standup" };
	{ "ejection", "expired", of("acme", { exp = now - 5, ejt = true }), ("after %d"):format(now), now - 5, node = "standup" };
	{ "address", "invalid-room-address", jitsi(), "an address with a room's name", "nothing", node = "" };
	{ "room", "invalid-room-address", jitsi(), "an address with a room's name", "standup", node = "" };
	{ "room", "room-mismatch", jitsi(), "stand", "standup", node = "stand" };
	{ "tenant", "room-mismatch", jitsi({ sub = "x" }), "meet.example", "x", node = "standup" };
	{ "tenant", "room-mismatch", jitsi(), "acme", "meet.example", node = "[acme]standup" };
	{ "tenant", "room-mismatch", of("acme"), "acme", "nothing", node = "[acme]standup" };
	{ "tenant", "room-mismatch", of("named"), "other", "acme", node = "[other]standup" };
	{ "rooms", "room-mismatch", jitsi({ room = "retro" }), { "stand*" }, "retro", node = "retro" };
	{ "guests", "room-mismatch", jitsi({ context = { tenant = "x" } }), "acme", "x", node = "standup",
		room = { closed = true, prefix = "acme" } };
	{ "join", "room-mismatch", jitsi(), "all rows above ok", "not ok: room, rooms", node = "other" };
};

local function rows_of(token, case)
	local room = case.node and { node = case.node };
	for name, value in pairs(case.room or {}) do room[name] = value; end
	return (case.by or host):explain(token, now, room, place);
end

describe("A row that fails", function ()
	for i, case in ipairs(cases) do
		it(("says what it expected and what it found: %s, %s (%d)"):format(case[1], case[2], i), function ()
			local row;
			for _, one in ipairs(rows_of(case[3], case)) do
				if one.check == case[1] then row = one; end
			end
			assert.same({ "fail", case[2] }, { row.verdict, row.reason });
			assert.same(case[4], row.expected);
			if case[5] ~= nil then assert.same(case[5], row.found); end
			assert.not_nil(row.found);
		end);
	end

	it("is one of those that were planted, and each that there is was", function ()
		local planted, missing = {}, {};
		for _, case in ipairs(cases) do planted[case[1]] = true; end
		for _, by in ipairs({ host, program }) do
			for _, row in ipairs(rows_of(good, { by = by, node = "standup" })) do
				if not planted[row.check] then missing[#missing + 1] = row.check; end
			end
		end
		assert.same({}, missing);
	end);

	it("has both whatever is wrong with a token", function ()
		local failed = 0;
		local function look(token, by)
			for _, node in ipairs({ "standup", "[acme]x", "" }) do
				for _, row in ipairs(rows_of(token, { by = by, node = by == host and node or nil })) do
					if row.verdict == "fail" then
						failed = failed + 1;
						assert.not_nil(row.expected, row.check .. " " .. row.reason);
						assert.not_nil(row.found, row.check .. " " .. row.reason);
					end
				end
			end
		end
		for bent in hostile.tokens(good, 11, 300) do
			look(bent, host);
			look(bent, program);
		end
		for id in pairs(base) do
			local key = meetauth.key { alg = "HS256", secret = secrets[id], kid = id == "named" and "k1" or nil };
			local is_daily = base[id].d ~= nil;
			local text = core.encode(claims(id, is_daily and { p = { cs = "v", hp = true, cr = { u = { x = true } } } }
				or { context = { user = { id = "u" }, room = { regex = true } } }));
			for bent in hostile.tokens(text, 12, 300) do look(core.sign(key, '{"alg":"HS256","kid":"k1"}', bent), host); end
		end
		assert.is_true(failed > 1000, failed);
	end);
end);
