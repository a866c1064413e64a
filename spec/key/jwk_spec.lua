local core = require "meetauth.core";
local jwk = require "meetauth.key.jwk";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";
local rfc = require "spec.support.rfc";

local n7638 = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
	.. "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajr"
	.. "n1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
local x37 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"; -- RFC 8037 A.2
local x256 = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"; -- RFC 7515 A.3.1
local y256 = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
local other_x = core.key.new("EdDSA", "public", openssl.public("Ed25519")):members().x;
local other_n = core.key.new("RS256", "public", openssl.public("rsa")):members().n;
local d256 = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
local k = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"; -- RFC 7515 A.1.1

local function with(base, fields)
	local t = {};
	for name, value in pairs(base) do t[name] = value; end
	for name, value in pairs(fields or {}) do t[name] = value; end
	for name, value in pairs(t) do
		if value == "-" then t[name] = nil; end -- "-": leave it out
	end
	return t;
end

local function rsa(fields) return with({ kty = "RSA", n = n7638, e = "AQAB", alg = "RS256" }, fields); end
local function ec(fields) return with({ kty = "EC", crv = "P-256", x = x256, y = y256 }, fields); end
local function okp(fields) return with({ kty = "OKP", crv = "Ed25519", x = x37 }, fields); end
local function oct(fields) return with({ kty = "oct", k = k, alg = "HS256" }, fields); end

local accepted = {
	{ name = "an RSA key", jwk = rsa(), alg = "RS256" };
	{ name = "an RSA key without alg, unbound", jwk = rsa({ alg = "-" }), alg = nil };
	{ name = "an RSA key under the alg that the caller names", jwk = rsa({ alg = "-" }), asked = "PS512", alg = "PS512" };
	{ name = "an EC key", jwk = ec(), alg = "ES256" };
	{ name = "an Ed25519 key", jwk = okp(), alg = "EdDSA" };
	{ name = "a secret", jwk = oct(), alg = "HS256" };
	{ name = "a secret under the alg that the caller names", jwk = oct({ alg = "-" }), asked = "HS512", alg = "HS512" };
	{ name = "a private EC key", jwk = ec({ d = d256 }), alg = "ES256", signs = true };
	{ name = "use that is sig", jwk = ec({ use = "sig" }), alg = "ES256" };
	{ name = "key_ops that has verify", jwk = ec({ key_ops = { "verify" } }), alg = "ES256" };
	{ name = "key_ops that has sign, of a private key", jwk = ec({ d = d256, key_ops = { "sign", "verify" } }),
		alg = "ES256", signs = true };
	{ name = "members that nobody knows", jwk = ec({ x5c = { "junk" }, x5u = "u", ext = true }), alg = "ES256" };
};

local refused = {
	{ name = "no kty", jwk = ec({ kty = "-" }), reason = "bad-key" };
	{ name = "a kty that is no string", jwk = ec({ kty = 1 }), reason = "bad-key" };
	{ name = "a kty that nobody knows", jwk = ec({ kty = "AKP" }), reason = "key-type-mismatch" };
	{ name = "a kty in another case", jwk = ec({ kty = "ec" }), reason = "key-type-mismatch" };
	{ name = "a kid that is no string", jwk = ec({ kid = 1 }), reason = "bad-key" };
	{ name = "a kid of 257 bytes", jwk = ec({ kid = ("k"):rep(257) }), reason = "bad-key" };
	{ name = "an alg that is no string", jwk = ec({ alg = 1 }), reason = "bad-key" };
	{ name = "an alg that is none", jwk = oct({ alg = "none" }), reason = "unknown-algorithm" };
	{ name = "use that is enc", jwk = rsa({ use = "enc" }), reason = "key-use-mismatch" };
	{ name = "use that is no string", jwk = rsa({ use = 1 }), reason = "key-use-mismatch" };
	{ name = "key_ops without verify", jwk = ec({ key_ops = { "sign" } }), reason = "key-use-mismatch" };
	{ name = "key_ops that is empty", jwk = ec({ key_ops = {} }), reason = "key-use-mismatch" };
	{ name = "key_ops that is a string", jwk = ec({ key_ops = "verify" }), reason = "key-use-mismatch" };
	{ name = "key_ops that names one twice", jwk = ec({ key_ops = { "verify", "verify" } }), reason = "key-use-mismatch" };
	{ name = "key_ops of a private key without sign", jwk = ec({ d = d256, key_ops = { "verify" } }), reason = "key-use-mismatch" };
	{ name = "another alg than the caller's", jwk = rsa(), asked = "RS512", reason = "algorithm-mismatch" };
	{ name = "an RSA key under HS256 (CVE-2026-44699)", jwk = rsa({ alg = "HS256" }), reason = "key-type-mismatch" };
	{ name = "an RSA key without alg, the caller naming HS256", jwk = rsa({ alg = "-" }), asked = "HS256",
		reason = "key-type-mismatch" };
	{ name = "a secret under RS256", jwk = oct({ alg = "RS256" }), reason = "key-type-mismatch" };
	{ name = "a secret without alg", jwk = oct({ alg = "-" }), reason = "key-type-mismatch" };
	{ name = "an EC key under RS256", jwk = ec({ alg = "RS256" }), reason = "key-type-mismatch" };
	{ name = "an EC key under ES384", jwk = ec({ alg = "ES384" }), reason = "curve-mismatch" };
	{ name = "an empty secret (CVE-2019-20933)", jwk = oct({ k = "" }), reason = "bad-key" };
	{ name = "a short secret", jwk = oct({ k = "AAAA" }), reason = "weak-secret" };
	{ name = "RSA of 1024 bits", jwk = rsa({ n = base64.url("\x80" .. ("\xA5"):rep(126) .. "\1") }), reason = "weak-key" };
	{ name = "an exponent of 1", jwk = rsa({ e = "AQ" }), reason = "bad-exponent" };
	{ name = "an even exponent", jwk = rsa({ e = "Ag" }), reason = "bad-exponent" };
	{ name = "a point of small order", jwk = okp({ x = base64.url("\1" .. ("\0"):rep(31)) }), reason = "not-on-curve" };
};

-- Not a key, in whatever word.
local broken = {
	{ name = "no k", jwk = oct({ k = "-" }) };
	{ name = "a k that is no string", jwk = oct({ k = 1 }) };
	{ name = "a k with padding", jwk = oct({ k = k .. "==" }) };
	{ name = "a k with a space", jwk = oct({ k = k .. " " }) };
	{ name = "no n", jwk = rsa({ n = "-" }) };
	{ name = "no e", jwk = rsa({ e = "-" }) };
	{ name = "an empty n", jwk = rsa({ n = "" }) };
	{ name = "an empty e", jwk = rsa({ e = "" }) };
	{ name = "n in the other alphabet", jwk = rsa({ n = (n7638:gsub("_", "/")) }) };
	{ name = "no x", jwk = ec({ x = "-" }) };
	{ name = "no y", jwk = ec({ y = "-" }) };
	{ name = "no crv", jwk = ec({ crv = "-" }) };
	{ name = "a crv that nobody knows", jwk = ec({ crv = "P-192" }) };
	{ name = "x and y exchanged", jwk = ec({ x = y256, y = x256 }) };
	{ name = "an x cut short", jwk = ec({ x = x256:sub(1, -5) }) };
	{ name = "an x with a zero in front (RFC 7518 6.2.1.2)", jwk = ec({ x = base64.url("\0" .. base64.bytes(x256)) }) };
	{ name = "an x of zeros", jwk = ec({ x = base64.url(("\0"):rep(32)), y = base64.url(("\0"):rep(32)) }) };
	{ name = "another curve's name", jwk = ec({ crv = "P-384" }) };
	{ name = "a d that is not the point's", jwk = ec({ d = base64.url(("\1"):rep(32)) }) };
	{ name = "a d of zero", jwk = ec({ d = base64.url(("\0"):rep(32)) }) };
	{ name = "Ed25519 in EC's place", jwk = ec({ crv = "Ed25519" }) };
	{ name = "X25519", jwk = okp({ crv = "X25519" }) };
	{ name = "an Ed25519 x cut short", jwk = okp({ x = x37:sub(1, -5) }) };
};

local function hostile_key(text)
	return { pcall(jwk.read, text) };
end

describe("meetauth.key.jwk.key", function ()
	for _, case in ipairs(accepted) do
		it("takes " .. case.name, function ()
			local key = assert(jwk.key(case.jwk, case.asked));
			assert.equal(case.alg, key:alg());
			assert.equal(case.signs or case.jwk.kty == "oct", key:can_sign());
			assert.equal(case.jwk.kid, key:kid());
		end);
	end

	for _, case in ipairs(refused) do
		it("refuses " .. case.name, function ()
			assert.same({ nil, case.reason }, { jwk.key(case.jwk, case.asked) });
		end);
	end

	for _, case in ipairs(broken) do
		it("refuses " .. case.name, function ()
			local key, reason = jwk.key(case.jwk);
			assert.is_nil(key);
			assert.truthy(require "meetauth.reasons".by_word[reason], reason);
		end);
	end

	it("verifies the RFC's tokens with the RFC's keys", function ()
		local reader = core.token.new(4096);
		for i, members in pairs({ [1] = oct(), [3] = ec(), [5] = okp() }) do
			assert(reader:open(rfc[i].token));
			assert.equal(rfc[i].payload, reader:payload(assert(jwk.key(members))));
		end
	end);

	it("verifies nothing with an unbound key", function ()
		local reader = core.token.new(4096);
		local private = core.key.new("RS256", "private", openssl.private("rsa"));
		assert(reader:open(core.sign(private, "{}", "{}")));
		local unbound = assert(jwk.key(with(private:jwk(), { alg = "-" })));
		assert.is_nil(unbound:alg());
		assert.same({ nil, "signature-mismatch" }, { reader:claims(unbound) });
		assert.same({}, reader:claims(assert(unbound:bind("RS256"))));
		assert.same({ nil, "signature-mismatch" }, { reader:claims(assert(unbound:bind("PS256"))) });
		assert.is_nil((unbound:bind("HS256")));
		assert.is_nil((unbound:bind("ES256")));
		assert.same({ nil, "unknown-algorithm" }, { unbound:bind("none") });
	end);
end);

describe("meetauth.key.jwk.read", function ()
	it("reads text and tables", function ()
		assert.equal("ES256", jwk.read(ec({ kid = "a" })):alg());
		local text = ('{"kty":"EC","crv":"P-256","x":"%s","y":"%s","kid":"b"}'):format(x256, y256);
		assert.equal("b", jwk.read(text):kid());
	end);

	for _, case in ipairs({
		{ "", "bad-json" }, { "{", "bad-json" }, { "null", "bad-key" }, { "[]", "bad-key" }, { '"kty"', "bad-key" }, { "1", "bad-key" },
		{ "false", "bad-key" }, { '{"kty":"EC","kty":"EC"}', "duplicate-member" }, { "{}", "bad-key" },
	}) do
		it(("says %s to %s"):format(case[2], case[1] == "" and "nothing" or case[1]), function ()
			local done = hostile_key(case[1]);
			assert.same({ true, nil, case[2] }, { done[1], done[2], done[3] });
		end);
	end
end);

describe("meetauth.key.jwk.set", function ()
	local function member(t)
		local parts = {};
		for name, value in pairs(t) do
			parts[#parts + 1] = ('"%s":%s'):format(name, type(value) == "string" and ('"' .. value .. '"') or tostring(value));
		end
		return "{" .. table.concat(parts, ",") .. "}";
	end
	local function set(...)
		local parts = {};
		for i, t in ipairs({ ... }) do parts[i] = type(t) == "string" and t or member(t); end
		return '{"keys":[' .. table.concat(parts, ",") .. "]}";
	end

	it("reads the keys that it can use, and tells of the others", function ()
		local found = assert(jwk.set(set(ec({ kid = "a" }), rsa({ kid = "b", use = "enc" }), okp({ kid = "c" }),
			{ kty = "AKP", kid = "d" }, ec({ kid = "e", d = d256 }), "null", ec({ x = "-" }), rsa({ kid = "f", e = "AQ" }))));
		assert.equal(2, #found.keys);
		assert.equal("a", found.keys[1]:kid());
		assert.equal("c", found.keys[2]:kid());
		assert.same({ { kid = "b", reason = "key-use-mismatch" }, { kid = "d", reason = "key-type-mismatch" },
			{ kid = "e", reason = "not-public" },
			{ reason = "bad-key" }, { reason = "bad-key", why = "`x` is missing" }, { kid = "f", reason = "bad-exponent" } },
			found.skipped);
	end);

	for _, case in ipairs({
		{ name = "a key for signatures beside one for encryption (Keycloak)", keys = "RS256",
			text = set(rsa({ kid = "a", alg = "RSA-OAEP", use = "enc" }), rsa({ kid = "a", use = "sig" })) };
		{ name = "a key for each algorithm (OpenAM)", keys = "RS256 PS256 ES256",
			text = set(rsa({ kid = "a" }), rsa({ kid = "a", alg = "PS256", n = other_n }), ec({ kid = "a" })) };
		{ name = "the same key twice", keys = "RS256", text = set(rsa({ kid = "a" }), rsa({ kid = "a" })) };
		{ name = "the same key with an algorithm and without", keys = "RS256 any",
			text = set(rsa({ kid = "a" }), rsa({ kid = "a", alg = "-" })) };
		{ name = "an RSA key without an algorithm beside one of a curve", keys = "any ES256",
			text = set(rsa({ kid = "a", alg = "-" }), ec({ kid = "a" })) };
	}) do
		it("may give under one kid " .. case.name, function ()
			local names = {};
			for i, key in ipairs(assert(jwk.set(case.text)).keys) do names[i] = key:alg() or "any"; end
			assert.equal(case.keys, table.concat(names, " "));
		end);
	end

	it("takes a member that is null for one that is absent", function ()
		local nulls = '"use":null,"key_ops":null,"d":null,"p":null,"oth":null,"k":null,"x5c":null';
		for _, kid in ipairs({ '"kid":null', '"kid":"a"' }) do
			local text = ('{"keys":[{"kty":"EC","crv":"P-256","x":"%s","y":"%s","alg":null,%s,%s}]}'):format(x256, y256, nulls, kid);
			local found = assert(jwk.set(text));
			assert.same({}, found.skipped);
			assert.equal(kid:match('"(a)"'), found.keys[1]:kid());
		end
		local function nameless(t) return (member(t):gsub("^{", '{"kid":null,')); end
		assert.equal(2, #assert(jwk.set(set(nameless(okp()), nameless(okp({ x = other_x }))))).keys);
	end);

	it("may have a byte order mark before it, and one only", function ()
		assert.equal(1, #assert(jwk.set("\xEF\xBB\xBF" .. set(ec()))).keys);
		assert.same({ nil, "bad-json" }, { jwk.set("\xEF\xBB\xBF\xEF\xBB\xBF" .. set(ec())) });
	end);

	it("may be empty, or have members that nobody knows", function ()
		assert.same({ keys = {}, skipped = {} }, jwk.set('{"keys":[],"x":1}'));
	end);

	for _, case in ipairs({
		{ name = "no JSON", text = "keys", reason = "bad-json" };
		{ name = "an empty text", text = "", reason = "bad-json" };
		{ name = "an array", text = "[]", reason = "bad-set" };
		{ name = "null", text = "null", reason = "bad-set" };
		{ name = "false", text = "false", reason = "bad-set" };
		{ name = "an object without keys", text = "{}", reason = "bad-set" };
		{ name = "keys that are an object", text = '{"keys":{}}', reason = "bad-set" };
		{ name = "keys that are null", text = '{"keys":null}', reason = "bad-set" };
		{ name = "keys that come twice", text = '{"keys":[],"keys":[]}', reason = "duplicate-member" };
		{ name = "one key, not in a set", text = member(ec()), reason = "bad-set" };
		{ name = "two keys of one kid and one algorithm", reason = "duplicate-kid",
			text = set(okp({ kid = "a" }), okp({ kid = "a", x = other_x })) };
		{ name = "two keys of one kid and of one algorithm under two names", reason = "duplicate-kid",
			text = set(okp({ kid = "a" }), okp({ kid = "a", x = other_x, alg = "Ed25519" })) };
		{ name = "a key for all that RSA has, and another one of its kid", reason = "duplicate-kid",
			text = set(rsa({ kid = "a" }), rsa({ kid = "a", alg = "-", n = other_n })) };
		{ name = "secrets beside public keys", text = set(oct(), ec()), reason = "mixed-keys" };
		{ name = "more than 100 keys", text = '{"keys":[' .. ("{},"):rep(100) .. "{}]}", reason = "oversized-set" };
		{ name = "more than 256 KiB", text = set(ec()) .. (" "):rep(262144), reason = "oversized-set" };
	}) do
		it("refuses " .. case.name, function ()
			assert.same({ nil, case.reason }, { jwk.set(case.text) });
		end);
	end

	it("of 100 keys is read", function ()
		assert.equal(100, #jwk.set('{"keys":[' .. ("{},"):rep(99) .. "{}]}").skipped);
	end);

	it("is kept without the private keys and secrets in it", function ()
		local clean = set(ec({ kid = "a" }), rsa());
		assert.equal(clean, jwk.without_private(clean));
		for _, text in ipairs({ "", "null", "[]", '{"keys":7}', '{"a":"b"}', '{"keys":[]}' }) do
			assert.equal(text, jwk.without_private(text));
		end
		local kept = jwk.without_private(set(ec({ kid = "a" }), ec({ kid = "b", d = d256 }), oct(), rsa({ kid = "c", qi = "AA" })));
		assert.is_nil(kept:find(d256, 1, true) or kept:find(k, 1, true));
		assert.equal("a", assert(jwk.set(kept)).keys[1]:kid());
		assert.same({}, jwk.set(kept).skipped);
		assert.same({ keys = {}, skipped = {} }, jwk.set(jwk.without_private(set(ec({ d = d256 })))));
	end);

	it("is written from keys, their public members only", function ()
		local keys = { assert(jwk.key(ec({ kid = "a", d = d256 }))), assert(jwk.key(rsa())) };
		local text = assert(jwk.write_set(keys));
		assert.same({ keys = {
			{ kty = "EC", crv = "P-256", x = x256, y = y256, alg = "ES256", kid = "a", use = "sig" },
			{ kty = "RSA", n = n7638, e = "AQAB", alg = "RS256", use = "sig" },
		} }, core.decode(text));
		assert.is_nil(text:find(d256, 1, true));
		assert.equal(2, #jwk.set(text).keys);
		assert.equal('{"keys":[]}', jwk.write_set({}));
	end);

	it("is not written from a secret", function ()
		assert.same({ nil, "not-public" }, { jwk.write_set({ assert(jwk.key(ec())), assert(jwk.key(oct())) }) });
	end);
end);

describe("a key's thumbprint", function ()
	it("is RFC 7638 3.1's", function ()
		assert.equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", jwk.key(rsa()):thumbprint());
		assert.equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", jwk.key(rsa({ alg = "PS256", kid = "2011-04-29" })):thumbprint());
	end);

	it("is RFC 8037 A.3's", function ()
		assert.equal("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", jwk.key(okp()):thumbprint());
	end);

	it("does not betray a secret", function ()
		assert.same({ nil, "not-public" }, { jwk.key(oct()):thumbprint() });
		assert.same({ nil, "not-public" }, { jwk.key(oct()):jwk() });
		assert.same({ nil, "not-public" }, { jwk.key(oct()):pem() });
	end);
end);

describe("a key's PEM", function ()
	for _, kind in ipairs({ "rsa", "P-256", "P-384", "P-521", "secp256k1", "Ed25519", "Ed448" }) do
		it(("of %s is openssl's, from the private key and from the JWK"):format(kind), function ()
			local alg = kind == "rsa" and "RS256" or nil;
			local private = assert(core.key.new(alg, "private", openssl.private(kind)));
			assert.equal(openssl.public(kind), private:pem());
			assert.equal(openssl.public(kind), assert(jwk.key(private:jwk())):pem());
		end);
	end
end);
