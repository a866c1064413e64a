local config = require "meetauth.config";
local core = require "meetauth.core";
local growth = require "spec.support.growth";
local hints = require "meetauth.hints";
local hostile = require "spec.support.hostile";
local meetauth = require "meetauth";
local verifier = require "meetauth.verifier";

local now = 1700000000;
local site = { base = "meet.jitsi", nfkc = function (s) return s; end, fold = string.lower };
local text = "0123456789abcdef0123456789abcdef";
local secrets = {
	portal = ("p"):rep(40), school = ("s"):rep(40), acme = ("a"):rep(40), tenant = ("t"):rep(40),
	trailing = ("n"):rep(40) .. "\n",
	hex = text .. text, base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZT8=", raw = ("\251\252"):rep(20),
};
local signing = assert(meetauth.keygen({ alg = "RS256" }));

local function jitsi(id, more)
	local entry = { id = id, issuer = id, secret = secrets[id] };
	for name, value in pairs(more or {}) do entry[name] = value; end
	return entry;
end

local function verifier_of(issuers)
	local host = assert(config.read(function (name) return ({ meetauth_issuers = issuers })[name]; end));
	return verifier.of_entries(host.entries, 16384);
end

local acme = { id = "acme", dialect = "daily", domain_id = "acme-domain", secret = secrets.acme };
local jitsi_entries = {
	jitsi("portal", { max_age = 3600 }), jitsi("school", { audience = "Jitsi" }), jitsi("trailing"), jitsi("hex"), jitsi("base64"),
	jitsi("raw"), jitsi("tenant", { tenant = "acme", domain_verification = false }),
	jitsi("rsa", { public_key = signing:pem(), algorithms = "RS256" }), jitsi("named", { secret = ("k"):rep(40), kid = "k1" }),
	jitsi("rooms", { secret = ("r"):rep(40), require = { "exp", "jti" } }),
		jitsi("plain", { secret = ("q"):rep(40), domain_verification = false }),
};
local hosts = {
	jitsi = verifier_of(jitsi_entries), daily = verifier_of({ acme }),
	both = verifier_of({ acme, table.unpack(jitsi_entries) }),
	plain = meetauth.verifier({
		keys = { meetauth.key({ alg = "HS256", secret = secrets.portal }) }, algorithms = { "HS256" }, typ = { "JWT" },
		issuer = "https://sso.example/realm", audience = { "Jitsi" };
	}),
};

-- LEAK stands where a token's own bytes are: no hint may have it.
local function signed(secret, claims, head)
	local key = type(secret) == "userdata" and secret or core.key.new("HS256", "secret", secret, nil, true);
	local payload = type(claims) == "string" and claims or require "meetauth.json".encode(claims);
	return core.sign(key, head or '{"alg":"HS256","typ":"JWT"}', payload);
end

local function with(base, claims)
	local all = {};
	for name, value in pairs(base) do all[name] = value; end
	for name, value in pairs(claims or {}) do all[name] = value; end
	for name, value in pairs(all) do
		if value == "none" then all[name] = nil; end
	end
	return all;
end

local function of_jitsi(claims, id, secret)
	local base = { iss = id or "portal", sub = "meet.jitsi", room = "standup", exp = now + 60, iat = now, jti = "LEAK" };
	return signed(secret or secrets[id or "portal"], with(base, claims));
end

local function of_daily(claims)
	return signed(secrets.acme, with({ d = "acme-domain", r = "standup", exp = now + 60, iat = now }, claims));
end

local good = of_jitsi();

local cases = {
	{ "quotes around a token", '"' .. good .. '"', "form", "in quotes" };
	{ "Bearer before it", "Bearer " .. good, "form", "Bearer" };
	{ "a newline behind it", good .. "\n", "form", "white space" };
	{ "padding", good .. "=", "form", "base64url" };
	{ "a token that was cut off", good:match("^(.*)%."), "form", "signature is missing" };

	{ "a Daily token where only Jitsi's count", of_daily(), "key", "is a Daily token" };
	{ "a Jitsi token where only Daily's count",
		of_jitsi({ sub = "none", room = "none" }), "key", "is a Jitsi token", host = "daily" };
	{ "long names of Daily's", of_daily({ d = "none", domain_id = "acme-domain" }), "key", "long Daily names", host = "daily" };
	{ "claims in a payload of their own",
		of_jitsi({ iss = "none", payload = { iss = "portal", room = "LEAK" } }), "key", "too deep, in payload" };
	{ "iss in another case", of_jitsi({ iss = "Portal" }), "key", "issuer of the entry portal" };
	{ "iss with a slash", of_jitsi({ iss = "portal/" }), "key", "issuer of the entry portal" };
	{ "d in another case", of_daily({ d = "ACME-domain" }), "key", "domain_id of the entry acme", host = "daily" };
	{ "no iss", of_jitsi({ iss = "none" }), "key", "there is no iss" };
	{ "alg none", signed(secrets.portal, { iss = "portal" }, '{"alg":"none"}'), "key", "alg is none" };
	{ "RS256 where the entry has a secret", signed(signing, { iss = "portal" }, '{"alg":"RS256"}'), "key", "public key" };
	{ "HS256 where the entry has a public key", signed(secrets.portal, { iss = "rsa" }), "key", "with a shared secret" };
	{ "another kid", signed(("k"):rep(40), { iss = "named" }, '{"alg":"HS256","kid":"LEAK"}'), "key", "has a kid" };

	{ "a secret that ends with a newline here", of_jitsi({}, "trailing", ("n"):rep(40)), "signature", "ends with white space" };
	{ "a secret that ends with a newline there",
		of_jitsi({}, "portal", secrets.portal .. "\n"), "signature", "ends with a newline" };
	{ "the bytes of a secret in base64",
		of_jitsi({}, "base64", "0123456789abcdef0123456789abcde?"), "signature", "secret is base64" };
	{ "the bytes of a secret in hex",
		of_jitsi({}, "hex", (text .. text):gsub("%x%x", function (x) return string.char(tonumber(x, 16)); end)),
		"signature", "secret is hex" };
	{ "the base64 of a secret", of_jitsi({}, "raw", "+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/A=="), "signature",
		"the base64 text" };
	{ "the base64url of a secret", of_jitsi({}, "raw", core.base64url(secrets.raw)), "signature", "base64url text" };
	{ "the hex of a secret", of_jitsi({}, "raw", ("fbfc"):rep(20)), "signature", "hex text" };
	{ "another entry's secret", of_jitsi({}, "portal", secrets.school), "signature", "key of the entry school" };

	{ "an access token", signed(secrets.portal, { iss = "portal" }, '{"alg":"HS256","typ":"at+jwt"}'), "typ", "access token" };
	{ "exp in quotes", of_jitsi({ exp = tostring(now + 60) }), "exp", "in quotes" };
	{ "exp in milliseconds", of_jitsi({ exp = (now + 60) * 1000 }), "exp", "milliseconds" };
	{ "exp as a duration", of_jitsi({ exp = 3600 }), "exp", "duration" };
	{ "a clock ahead, and a token that expires soon", of_jitsi({ exp = now - 20, iat = now + 20 }), "exp", "clocks" };
	{ "a token that never was valid", of_jitsi({ exp = now - 20, iat = now - 20 }), "exp", "never was valid" };
	{ "no exp", of_jitsi({ exp = "none" }), "exp", "no exp" };
	{ "nbf in quotes", of_jitsi({ nbf = tostring(now) }), "nbf", "in quotes" };
	{ "nbf in milliseconds", of_jitsi({ nbf = now * 1000 }), "nbf", "milliseconds" };
	{ "a clock ahead", of_jitsi({ nbf = now + 30, iat = now + 30 }), "nbf", "issuer's clock" };
	{ "iat in quotes", of_jitsi({ iat = tostring(now) }), "iat", "in quotes" };
	{ "iat in milliseconds", of_jitsi({ iat = now * 1000 }), "iat", "milliseconds" };
	{ "no iat where age counts", of_jitsi({ iat = "none" }), "iat", "no iat" };
	{ "an iat to come where age counts", of_jitsi({ iat = now + 60 }), "iat", "issuer's clock" };
	{ "iss with a slash, for a program",
		of_jitsi({ iss = "https://SSO.example/realm/" }), "iss", "https://sso.example/realm", host = "plain" };
	{ "no aud", of_jitsi({}, "school"), "aud", "no aud" };
	{ "aud in another case", of_jitsi({ aud = { "LEAK", "jitsi" } }, "school"), "aud", "accepted Jitsi" };
	{ "what is missing", of_jitsi({ exp = "none", jti = "none" }, "rooms", ("r"):rep(40)), "require", "missing: exp, jti" };

	{ "claims in a payload beside iss",
		of_jitsi({ room = "none", payload = { room = "LEAK", context = {} } }), "grant", "too deep, in payload" };
	{ "no room", of_jitsi({ room = "none" }), "grant", "no room" };
	{ "no sub", of_jitsi({ sub = "none" }), "grant", "no sub" };
	{ "a long name in the place of r", of_daily({ r = "none", room_name = "LEAK" }), "grant", "long Daily names", host = "daily" };
	{ "no r", of_daily({ r = "none" }), "grant", "no r", host = "daily" };
	{ "context as text", of_jitsi({ context = '{"user":"LEAK"}' }), "grant", "context has another type" };
	{ "user as text", of_jitsi({ context = { user = "LEAK" } }), "grant", "context.user has another type" };
	{ "room as a number", of_jitsi({ room = 1 }), "grant", "room has another type" };
	{ "a user's id as a fraction", of_jitsi({ context = { user = { id = 1.5 } } }), "grant",
		"context.user.id has another type: it has to be a JSON string or integer" };
	{ "user_id as a list", of_jitsi({ user_id = { "LEAK" } }), "grant",
		"user_id has another type: it has to be a JSON string or integer" };
	{ "ud as a fraction", of_daily({ ud = 1.5 }), "grant", "ud has another type: it has to be a JSON string or integer",
		host = "daily" };
	{ "o as text beside ud as a number", of_daily({ o = "LEAK", ud = 77 }), "grant", "o has another type", host = "daily" };
	{ "o as text", of_daily({ o = "LEAK" }), "grant", "o has another type: it has to be a JSON boolean", host = "daily" };
	{ "a star in r", of_daily({ r = "*" }), "grant", "no * and no pattern", host = "daily" };
	{ "context in context", of_jitsi({ context = { context = { user = {} } } }), "grant", "inside context" };
	{ "user outside of context", of_jitsi({ user = { name = "LEAK" } }), "grant", "outside of context" };
	{ "moderator as a word", of_jitsi({ context = { user = { moderator = "LEAK" } } }), "grant", "neither true nor false" };
	{ "moderator as a number", of_jitsi({ moderator = 1 }), "grant", "neither true nor false" };
	{ "moderator in the wrong place", of_jitsi({ context = { moderator = true } }), "grant", "belongs into context.user" };
	{ "moderator among the features",
		of_jitsi({ context = { features = { moderator = true } } }), "grant", "belongs into context.user" };
	{ "long names beside short ones", of_daily({ is_owner = true }), "grant", "long Daily names", host = "daily" };

	{ "a whole address in room", of_jitsi({ room = "https://LEAK/standup" }), "room", "is an address", node = "standup" };
	{ "a glob that nobody was told of", of_jitsi({ room = "stand*" }), "room", "looks like a pattern", node = "standup" };
	{ "a tenant in room", of_jitsi({ room = "[LEAK]standup" }), "room", "names the tenant", node = "standup" };
	{ "the public domain in sub",
		of_jitsi({ sub = "LEAK.example.org" }), "tenant", "for these rooms, is meet.jitsi", node = "standup" };
	{ "the domain in sub, and a tenant's room", of_jitsi(), "tenant", "this room is a tenant's", node = "[acme]standup" };
	{ "a tenant in sub, and a plain room", of_jitsi({ sub = "LEAK" }), "tenant", "this room is none's", node = "standup" };
	{ "a plain room for a tenant's entry", of_jitsi({ sub = "none" }, "tenant"), "tenant", "of its tenant only", node = "standup" };
};

local seen = {};

local function rows_of(case)
	return hosts[case.host or "jitsi"]:explain(case[2], now, { node = case.node or "standup" }, site);
end

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function ()
			local found;
			for _, row in ipairs(rows_of(case)) do
				local is_it = row.check == case[3];
				if case[3] == "form" then is_it = row.reason == "malformed" and not found; end
				if is_it then found = row; end
				assert.is_true(row.hint == nil or not row.hint:find("LEAK"), row.hint);
			end
			assert.is_truthy(found, "no row " .. case[3]);
			assert.is_truthy(found.hint, ("%s is %s (%s) without a hint"):format(found.check, found.verdict, tostring(found.reason)));
			assert.is_truthy(found.hint:find(case[4], 1, true), found.hint);
			for _, hint in ipairs(hints.list) do
				local before, behind = hint.says:match("^(.*)%%s(.*)$");
				before, behind = before or hint.says, behind or "";
				local fits = found.hint:sub(1, #before) == before and (behind == "" or found.hint:sub(-#behind) == behind);
				if hint.check == case[3] and fits then seen[hint] = true; end
			end
		end);
	end

	it("was given for each that there is", function ()
		for _, hint in ipairs(hints.list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);

	it("is not given where all is well", function ()
		for _, row in ipairs(rows_of({ "", good })) do
			assert.equal("ok", row.verdict, row.check);
			assert.is_nil(row.hint);
		end
		for _, row in ipairs(rows_of({ "", of_daily(), host = "daily" })) do
			assert.equal("ok", row.verdict, row.check);
			assert.is_nil(row.hint);
		end
	end);

	it("never admits: a lookalike of a secret verifies nothing", function ()
		for _, case in ipairs(cases) do
			if case[3] == "signature" then
				assert.same({ nil, "signature-mismatch" }, { hosts.jitsi(case[2], now) });
				rows_of(case);
				assert.same({ nil, "signature-mismatch" }, { hosts.jitsi(case[2], now) });
			end
		end
	end);

	for name, signs in pairs({ slashes = { "/", "x" }, spaces = { " ", "x" }, brackets = { "[", "" } }) do
		it(("is looked for in a time that grows as the token does: %s #growth"):format(name), function ()
			local function within_limits(size) return signs[1]:rep(size // 6) .. signs[2]; end
			local function look(odd)
				for _, claims in ipairs({ { iss = odd }, { aud = odd }, { room = odd }, { sub = odd }, { exp = odd } }) do
					rows_of({ "", of_jitsi(claims) });
					rows_of({ "", of_jitsi(claims), host = "plain" });
				end
				rows_of({ "", odd .. good .. odd });
			end
			assert.is_true(growth.is_linear(look, within_limits));
		end);
	end

	it("is looked for in hostile tokens without raising", function ()
		for _, host in pairs(hosts) do
			for _, token in ipairs({ 1, {}, true, "", "..", ". .", "\0" }) do
				assert.equal("malformed", host:explain(token, now)[1].reason);
			end
			assert.equal("malformed", host:explain(nil, now)[1].reason);
		end
		local count = 0;
		for _, claims in ipairs({
			'{"iss":"portal","sub":null,"room":null,"context":null,"exp":1800000000,"moderator":null,"iat":1700000000}',
			'{"iss":["portal"],"context":{"user":null,"features":[],"room":1},"room":[],"exp":"1","user":{}}',
			'{"d":"acme-domain","r":"x","p":[],"o":null,"iat":1700000000,"exp":1800000000,"is_owner":{}}',
		}) do
			for bent in hostile.tokens(claims, 5, 600) do
				for _, secret in ipairs({ secrets.portal, secrets.acme }) do
					local token = signed(secret, bent);
					for _, host in pairs(hosts) do
						for _, row in ipairs(host:explain(token, now, { node = "[x]y" }, site)) do assert.is_string(row.verdict); end
						count = count + 1;
					end
				end
			end
		end
		for bent in hostile.tokens(good, 7, 600) do
			for _, host in pairs(hosts) do host:explain(bent, now, { node = "" }, site); end
		end
		assert.is_true(count > 1000);
	end);
end);
