-- The scripter's API: require "meetauth".

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";
local rfc = require "spec.support.rfc";

local now = 1700000000;
local secret = ("k"):rep(32);
local key = assert(meetauth.key({ alg = "HS256", secret = secret }));

local function verifier(options)
	local all = { keys = { key }, algorithms = { "HS256" } };
	for name, value in pairs(options or {}) do all[name] = value; end
	return meetauth.verifier(all);
end

describe("meetauth.key", function ()
	it("binds one algorithm to one piece of material", function ()
		local ec = assert(meetauth.key({ alg = "ES256", public = openssl.public("P-256"), kid = "2026-01" }));
		assert.equal("ES256", ec:alg());
		assert.equal("2026-01", ec:kid());
		assert.is_false(ec:can_sign());
		assert.is_true(meetauth.key({ alg = "ES256", private = openssl.private("P-256") }):can_sign());
		assert.is_true(key:can_sign());
	end);

	it("needs no algorithm where the material names it", function ()
		assert.equal("ES384", meetauth.key({ public = openssl.public("P-384") }):alg());
		assert.equal("EdDSA", meetauth.key({ private = openssl.private("Ed25519") }):alg());
		assert.same({ nil, "unknown-algorithm" }, { meetauth.key({ public = openssl.public("rsa") }) });
		assert.is_nil((meetauth.key({ secret = secret })));
	end);

	it("takes a weak secret when it is told to", function ()
		assert.same({ nil, "weak-secret" }, { meetauth.key({ alg = "HS256", secret = "short" }) });
		assert(meetauth.key({ alg = "HS256", secret = "short", weak = true }));
		assert.same({ nil, "weak-secret" }, { meetauth.key({ alg = "HS256", secret = "", weak = true }) });
	end);

	it("hands on what is wrong with the material", function ()
		assert.same({ nil, "unknown-algorithm" }, { meetauth.key({ alg = "none", secret = secret }) });
		assert.same({ nil, "not-secret" }, { meetauth.key({ alg = "HS256", secret = openssl.public("rsa") }) });
		assert.same({ nil, "not-public" }, { meetauth.key({ alg = "RS256", public = openssl.private("rsa") }) });
	end);

	for name, spec in pairs({
		["no material"] = { alg = "HS256" };
		["two materials"] = { alg = "RS256", public = "a", private = "b" };
		["a secret and a public key"] = { alg = "HS256", secret = secret, public = "a" };
		["a secret that is no string"] = { alg = "HS256", secret = {} };
		["a kid that is no string"] = { alg = "HS256", secret = secret, kid = {} };
		["an algorithm that is no string"] = { alg = { "HS256" }, secret = secret };
	}) do
		it("raises on " .. name, function ()
			assert.has_error(function () meetauth.key(spec); end);
		end);
	end

	for field, spec in pairs({
		secret = { alg = "HS256", secret = 1 }, public = { alg = "RS256", public = {} }, private = { alg = "RS256", private = true },
		jwk = { jwk = 1 }, kid = { alg = "HS256", secret = secret, kid = 1 }, alg = { alg = 1, secret = secret },
		remember = { alg = "RS256", public = "a", remember = 4097 },
	}) do
		it(("names itself and %s where that is another type"):format(field), function ()
			local ok, raised = pcall(meetauth.key, spec);
			assert.is_false(ok);
			assert.truthy(raised:find(("meetauth.key: %s: found "):format(field), 1, true), raised);
		end);
	end

	it("names itself where there is no table", function ()
		local ok, raised = pcall(meetauth.key, "secret");
		assert.is_false(ok);
		assert.truthy(raised:find("meetauth.key: found string", 1, true), raised);
	end);
end);

describe("meetauth.keygen's messages", function ()
	for field, spec in pairs({ alg = {}, bits = { alg = "RS256", bits = "2048" }, kid = { alg = "HS256", kid = 1 } }) do
		it("name it and " .. field, function ()
			local ok, raised = pcall(meetauth.keygen, spec);
			assert.is_false(ok);
			assert.truthy(raised:find(("meetauth.keygen: %s: found "):format(field), 1, true), raised);
		end);
	end

	it("tell bits that are cut to 32 from those that are meant", function ()
		for _, bits in ipairs({ 4294969344, 2 ^ 53 // 1 | 2048, 16385, math.maxinteger }) do
			assert.same({ nil, "oversized-key" }, { meetauth.keygen({ alg = "RS256", bits = bits }) }, bits);
		end
		for _, bits in ipairs({ 2047, 0, -1, -4294965248, math.mininteger }) do
			assert.same({ nil, "weak-key" }, { meetauth.keygen({ alg = "PS256", bits = bits }) }, bits);
		end
	end);
end);

describe("meetauth.sign", function ()
	it("makes a token with typ, alg and the key's kid", function ()
		local named = meetauth.key({ alg = "HS256", secret = secret, kid = "k1" });
		assert.same({ { alg = "HS256", typ = "JWT", kid = "k1" }, { iss = "portal" } },
			{ meetauth.peek(meetauth.sign(named, { iss = "portal" })) });
		assert.same({ alg = "HS256", typ = "JWT" }, (meetauth.peek(meetauth.sign(key, {}))));
	end);

	it("takes further header members, in place of those", function ()
		assert.same({ alg = "HS256", typ = "at+jwt", kid = "other", x = { 1 } },
			(meetauth.peek(meetauth.sign(key, {}, { typ = "at+jwt", kid = "other", x = { 1 } }))));
		assert.same({ alg = "HS256", typ = "JWT" }, (meetauth.peek(meetauth.sign(key, {}))));
	end);

	it("raises on alg in the header, which is the key's to say", function ()
		assert.has_error(function () meetauth.sign(key, {}, { alg = "none" }); end);
	end);

	it("raises on claims that are no JSON", function ()
		assert.has_error(function () meetauth.sign(key, { f = print }); end);
		assert.has_error(function () meetauth.sign(key, { n = 0 / 0 }); end);
	end);

	for name, claims in pairs({ ["a string"] = "sub", ["a number"] = 1, ["a boolean"] = true, null = meetauth.null,
			["a list"] = { "sub" }, ["an empty list"] = meetauth.array({}) }) do
		it(("raises on %s, which stands for no JSON object"):format(name), function ()
			local ok, raised = pcall(meetauth.sign, key, claims);
			assert.is_false(ok);
			assert.truthy(raised:find("meetauth.sign: claims: found ", 1, true), raised);
		end);
	end

	it("raises on no claims", function ()
		assert.has_error(function () meetauth.sign(key); end);
	end);

	-- 'deep' tables inside each other; an integer of 17 digits is one that lua-cjson would not write
	local function nested(deep, innermost)
		local value = innermost;
		for _ = 1, deep do value = { a = value }; end
		return value;
	end

	for _, innermost in ipairs({ 1, 12345678901234567, meetauth.array({}) }) do
		local name = type(innermost) == "table" and "an empty list" or tostring(innermost);
		it(("signs claims as deep as they are read, and no deeper: around %s"):format(name), function ()
			local deepest = type(innermost) == "table" and 31 or 32;
			local claims = nested(deepest, innermost);
			assert.same(claims, (select(2, meetauth.peek(assert(meetauth.sign(key, claims))))));
			for deep = deepest + 1, 70 do
				assert.has_error(function () meetauth.sign(key, nested(deep, innermost)); end);
			end
		end);
	end

	it("says not-private for a public key", function ()
		assert.same({ nil, "not-private" },
			{ meetauth.sign(meetauth.key({ alg = "ES256", public = openssl.public("P-256") }), {}) });
	end);

	it("keeps integers, lists and nulls as they are", function ()
		local claims = { id = math.maxinteger, aud = meetauth.array({}), x = meetauth.null, list = { 1, 2 }, f = 0.5 };
		local back = assert(verifier()(meetauth.sign(key, claims), now));
		assert.same(claims, back);
		assert.equal("integer", math.type(back.id));
		assert.equal(core.array_mt, getmetatable(back.aud));
	end);
end);

describe("meetauth.verifier", function ()
	it("hands out the claims, or a reason", function ()
		local verify = verifier({ issuer = "portal", audience = { "jitsi" }, leeway = 10, typ = { "JWT" }, require = { "exp" },
			max_age = 3600, check = function (claims) return claims.room == "x"; end });
		local claims = { iss = "portal", aud = { "a", "jitsi" }, exp = now + 60, iat = now, room = "x" };
		assert.same(claims, verify(meetauth.sign(key, claims), now));
		for name, case in pairs({
			iss = { "other", "issuer-mismatch" }, aud = { "other", "audience-mismatch" }, exp = { now - 10, "expired" },
			iat = { now - 3611, "too-old" }, room = { "y", "check-failed" }, nbf = { now + 11, "not-yet-valid" },
		}) do
			local bent = { table.unpack(claims) };
			for n, v in pairs(claims) do bent[n] = v; end
			bent[name] = case[1];
			assert.same({ nil, case[2] }, { verify(meetauth.sign(key, bent), now) }, name);
		end
		assert.same({ nil, "type-mismatch" }, { verify(meetauth.sign(key, claims, { typ = "at+jwt" }), now) });
	end);

	it("gives no leeway and asks no typ unless it is told to", function ()
		local verify = verifier();
		assert.same({ nil, "expired" }, { verify(meetauth.sign(key, { exp = now }), now) });
		assert.same({}, verify(meetauth.sign(key, {}, { typ = "anything" }), now));
	end);

	it("compares typ as media types", function ()
		local verify = verifier({ typ = { "application/at+JWT" } });
		assert.same({}, verify(meetauth.sign(key, {}, { typ = "AT+jwt" }), now));
		assert.same({ nil, "type-mismatch" }, { verify(meetauth.sign(key, {}), now) });
		assert.same({ nil, "type-mismatch" }, { verify(core.sign(key, '{"alg":"HS256"}', "{}"), now) });
	end);

	it("takes a lone string as a list of one", function ()
		local verify = verifier({ algorithms = "HS256", typ = "JWT", require = "exp" });
		assert.is_table(verify(meetauth.sign(key, { exp = now + 1 }), now));
		assert.same({ nil, "missing-claim" }, { verify(meetauth.sign(key, {}), now) });
	end);

	it("caps the size", function ()
		local token = meetauth.sign(key, { a = ("x"):rep(200) });
		assert.is_table(verifier({ max_token = #token })(token, now));
		assert.same({ nil, "too-large" }, { verifier({ max_token = #token - 1 })(token, now) });
		assert.same({ nil, "too-large" }, { verifier()(("x"):rep(16385), now) });
		assert.same({ nil, "malformed" }, { verifier()(("x"):rep(16384), now) });
	end);

	for _, v in ipairs(rfc) do
		if v.payload:sub(1, 1) == "{" then
			it(("verifies %s"):format(v.name), function ()
				local verify = meetauth.verifier({ keys = { meetauth.key({ alg = v.alg, [v.kind] = v.key }) }, algorithms = { v.alg } });
				assert.same({ iss = "joe", exp = 1300819380, ["http://example.com/is_root"] = true }, verify(v.token, 1300819379));
				assert.same({ nil, "expired" }, { verify(v.token, 1300819380) });
			end);
		end
	end

	it("raises on a caller's mistake, at the caller's line, and names the function that was called", function ()
		for name, call in pairs({
			verifier = function () meetauth.verifier({ keys = { key } }); end,
			jws = function () meetauth.jws("x", { keys = { key } }); end,
		}) do
			local _, raised = pcall(call);
			assert.equal(1, (raised:find("^%./?spec/init_spec%.lua:%d+: ") or raised:find("^spec/init_spec%.lua:%d+: ")), raised);
			assert.is_truthy(raised:find(": meetauth." .. name .. ": algorithms: found nil", 1, true), raised);
		end
	end);

	it("takes the smallest and the largest of what it can", function ()
		for name, sizes in pairs({ max_token = { 1, 1048576 }, remember = { 0, 4096 } }) do
			for _, size in ipairs(sizes) do assert.is_function(verifier({ [name] = size }).explain, name); end
		end
	end);

	it("are written as a set only from a list of keys, of which none is dropped", function ()
		local one = assert(meetauth.keygen { alg = "ES256" });
		for given, found in pairs({ [{ one, nil, one }] = "a list with an empty place at 2", [{ a = one }] = "a table with the name",
			[{ one, "x" }] = "a list with a string of 1 bytes at 2", ["x"] = "string" }) do
			local ok, raised = pcall(meetauth.jwks_of, given);
			assert.is_false(ok);
			assert.truthy(raised:find("jwks_of: found " .. found, 1, true), raised);
		end
		assert.equal('{"keys":[]}', meetauth.jwks_of({}));
	end);

	it("takes a set of keys, and of it those that it can use", function ()
		local rsa = meetauth.key({ alg = "RS256", private = openssl.private("rsa"), kid = "r" });
		local ec = meetauth.key({ private = openssl.private("P-256"), kid = "e" });
		local set = assert(meetauth.jwks(assert(meetauth.jwks_of({ rsa, ec }))));
		local verify = meetauth.verifier({ keys = set, algorithms = { "ES256" } });
		assert.same({ a = 1 }, verify(meetauth.sign(ec, { a = 1 }), now));
		assert.same({ nil, "algorithm-mismatch" }, { verify(meetauth.sign(rsa, { a = 1 }), now) });
		assert.same({ nil, "unknown-key" }, { verify(meetauth.sign(ec, { a = 1 }, { kid = "r" }), now) });
	end);

	it("binds an RSA key of a set that names no algorithm to those that are accepted", function ()
		local rsa = meetauth.key({ alg = "RS256", private = openssl.private("rsa") });
		local members = rsa:members();
		local text = ('{"keys":[{"kty":"RSA","n":"%s","e":"%s"}]}'):format(members.n, members.e);
		local verify = meetauth.verifier({ keys = assert(meetauth.jwks(text)), algorithms = { "PS256", "RS512" } });
		assert.same({ nil, "algorithm-mismatch" }, { verify(meetauth.sign(rsa, {}), now) });
		for _, alg in ipairs({ "PS256", "RS512" }) do
			assert.same({}, verify(meetauth.sign(meetauth.key({ alg = alg, private = openssl.private("rsa") }), {}), now));
		end
	end);
end);

describe("meetauth.jws", function ()
	it("hands out any payload that is signed", function ()
		local v = rfc[4]; -- RFC 7515 A.4
		local options = { keys = { meetauth.key({ alg = v.alg, public = v.key }) }, algorithms = { v.alg } };
		assert.equal("Payload", meetauth.jws(v.token, options));
		assert.same({ nil, "malformed" }, { meetauth.jws("x", options) });
		local other = core.sign(core.key.new("ES512", "private", openssl.private("P-521")), '{"alg":"ES512"}', "Payload");
		assert.same({ nil, "signature-mismatch" }, { meetauth.jws(other, options) });
	end);

	it("minds the header", function ()
		local options = { keys = { key }, algorithms = { "HS256" } };
		assert.same({ nil, "critical-extension" },
			{ meetauth.jws(core.sign(key, '{"alg":"HS256","crit":["b64"],"b64":false}', "x"), options) });
		assert.same({ nil, "algorithm-mismatch" }, { meetauth.jws(core.sign(key, '{"alg":"none"}', "x"), options) });
	end);
end);

describe("meetauth.peek", function ()
	it("shows what nobody vouches for", function ()
		assert.same({ { alg = "none" }, { exp = 1 } }, { meetauth.peek("eyJhbGciOiJub25lIn0.eyJleHAiOjF9.AA") });
		assert.same({ { alg = "HS256", crit = { "x" } }, {} }, { meetauth.peek(core.sign(key, '{"alg":"HS256","crit":["x"]}', "{}")) });
	end);

	for _, case in ipairs({
		{ "", "malformed" }, { "x", "malformed" }, { "a.b.c.d.e", "unsupported" }, { "e30=.e30.AA", "malformed" },
		{ "e30.e30=.AA", "malformed" }, { "W10.e30.AA", "bad-json" }, { "e30.W10.AA", "bad-json" },
		{ "eyJhIjoxLCJhIjoxfQ.e30.AA", "duplicate-member" }, { ("x"):rep(1048577), "too-large" },
	}) do
		it(("says %s to %s"):format(case[2], #case[1] < 40 and ("%q"):format(case[1]) or #case[1] .. " bytes"), function ()
			assert.same({ nil, case[2] }, { meetauth.peek(case[1]) });
		end);
	end
end);

describe("meetauth.keygen", function ()
	for _, spec in ipairs({
		{ alg = "HS256" }, { alg = "HS384" }, { alg = "HS512" }, { alg = "RS256" }, { alg = "PS512", bits = 2056 }, { alg = "ES256" },
		{ alg = "ES384" }, { alg = "ES512" }, { alg = "ES256K" }, { alg = "EdDSA" }, { alg = "EdDSA", crv = "Ed448" },
	}) do
		it(("makes a key for %s%s, and hands out its material"):format(spec.alg, spec.crv and " on " .. spec.crv or ""), function ()
			local made, material = meetauth.keygen(spec);
			assert.equal(spec.alg, made:alg());
			local token = meetauth.sign(made, { a = 1 });
			local again = assert(meetauth.key({ alg = spec.alg, [spec.alg:find("^HS") and "secret" or "private"] = material }));
			assert.same({ a = 1 }, meetauth.verifier({ keys = { again }, algorithms = { spec.alg } })(token, now));
			local _, other = meetauth.keygen(spec);
			assert.not_equal(material, other);
		end);
	end

	it("makes RSA keys of 2048 bits, or as many as are asked for", function ()
		local function bits(spec)
			local n = base64.bytes(meetauth.keygen(spec):jwk().n);
			assert.is_true(n:byte() >= 0x80);
			return 8 * #n;
		end
		assert.equal(2048, bits({ alg = "RS256" }));
		assert.equal(2056, bits({ alg = "RS256", bits = 2056 }));
	end);

	it("says what it cannot make", function ()
		assert.same({ nil, "unknown-algorithm" }, { meetauth.keygen({ alg = "none" }) });
		assert.same({ nil, "weak-key" }, { meetauth.keygen({ alg = "RS256", bits = 1024 }) });
		assert.same({ nil, "oversized-key" }, { meetauth.keygen({ alg = "RS256", bits = 32768 }) });
	end);
end);

describe("meetauth", function ()
	it("gives the dialects' answer without Prosody", function ()
		local entry = { id = "e", dialect = "daily", domain_id = "acme", leeway = 0 };
		local given = assert(meetauth.grant({ d = "acme", r = "Hello", o = true }, entry));
		local place = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower };
		local decision = assert(meetauth.policy.enter(given, { node = "hello" }, place, now));
		assert.same({ "owner", true }, { decision.affiliation, decision.passes_lobby });
		assert.same({ nil, "room-mismatch" }, { meetauth.policy.enter(given, { node = "other" }, place, now) });
	end);

	it("loads no dialect, no hint and nothing of rooms until one is used #command", function ()
		local program = [[
			local meetauth = require "meetauth";
			local key = meetauth.keygen({ alg = "HS256" });
			local verify = meetauth.verifier({ keys = { key }, algorithms = { "HS256" } });
			local token = meetauth.sign(key, { iss = "portal", sub = "a", room = "x" });
			local claims = verify(token, 0);
			local function loaded(folder)
				local n = 0;
				for name in pairs(package.loaded) do n = n + (name:find("^meetauth%." .. folder .. "%.") and 1 or 0); end
				return n;
			end
			local function tell() print(loaded("dialect"), loaded("hint"), loaded("room"), loaded("access")); end
			tell();
			meetauth.grant(claims, {});
			tell();
			local policy = meetauth.policy;
			verify:explain(token, 0);
			tell();
		]];
		local line = command.line({}):gsub("'[^']*/cli/meetauth'$", command.write(command.folder() .. "/run.lua", program));
		local ran = command.shell(line);
		command.clean();
		assert.equal("", ran.err);
		local before, granted, explained = ran.out:match("^(.-)\n(.-)\n(.-)\n$");
		assert.equal("0\t0\t0\t0", before);
		assert.truthy(granted:find("^[1-9]%d*\t0\t"), granted);
		assert.truthy(explained:find("^[1-9]%d*\t[1-9]"), explained);
	end);

	it("has nothing of another name than its pages tell", function ()
		assert.is_nil(meetauth.polici);
		assert.is_function(meetauth.policy.enter);
	end);

	it("tells an empty list from an empty table", function ()
		assert.equal(core.array_mt, getmetatable(meetauth.array({})));
		assert.equal(core.null, meetauth.null);
	end);

	it("refuses a core of another version", function ()
		local was = core.version;
		finally(function ()
			core.version = was;
			package.loaded["meetauth"] = meetauth;
		end);
		core.version = "0.0.1";
		package.loaded["meetauth"] = nil;
		local ok, message = pcall(require, "meetauth");
		assert.is_false(ok);
		assert.truthy(message:find("found a core of version 0.0.1", 1, true), message);
	end);
end);
