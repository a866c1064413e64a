-- Keys used for what they are not: wrong curve, use, key_ops, alg, type (RFC 7517 4, RFC 7518 6, RFC 8725 3.1).
-- The cases are of the kind that Project Wycheproof collects; these are ours, named after what they test.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";
local numbers = require "spec.vectors.numbers";
local rfc7517 = require "spec.vectors.rfc7517";
local rfc8037 = require "spec.vectors.rfc8037";
local signed = require "spec.vectors.signed";

-- The public members of the published keys, and other values for them.
local published = {
	oct = core.decode(signed[1].jwk);
	rsa = core.decode(rfc7517.public).keys[2];
	private_rsa = core.decode(rfc7517.private).keys[2];
	p256 = core.decode(signed[3].jwk);
	p521 = core.decode(signed[4].jwk);
	ed25519 = core.decode(rfc8037.public);
	private_ed25519 = core.decode(rfc8037.private);
	secp256k1 = core.decode(signed[#signed].jwk);
	bilbo_p521 = core.decode(signed[7].jwk); -- private, and d begins with a zero byte
	private_p256 = core.decode(signed[3].jwk);
	private_p521 = core.decode(signed[4].jwk);
	private_secp256k1 = core.decode(signed[#signed].jwk);
};
for _, name in ipairs({ "p256", "p521", "secp256k1" }) do published[name].d = nil; end
published.rsa.alg, published.rsa.kid, published.private_rsa.alg, published.private_rsa.kid = nil, nil, nil, nil;

local NONE = {}; -- in a case: without that member

local function variant(name, changes)
	local members = {};
	for member, value in pairs(published[name]) do members[member] = value; end
	for member, value in pairs(changes or {}) do
		if value == NONE then value = nil; end
		members[member] = value;
	end
	return members;
end

local function bytes_of(name, member) return base64.bytes(published[name][member]); end

local cases = {
	-- which algorithm a kind of key serves
	{ name = "a P-256 key for ES384", key = "p256", alg = "ES384", reason = "curve-mismatch" };
	{ name = "a P-256 key for ES512", key = "p256", alg = "ES512", reason = "curve-mismatch" };
	{ name = "a P-256 key for ES256K", key = "p256", alg = "ES256K", reason = "curve-mismatch" };
	{ name = "a secp256k1 key for ES256", key = "secp256k1", alg = "ES256", reason = "curve-mismatch" };
	{ name = "a P-521 key for ES256", key = "p521", alg = "ES256", reason = "curve-mismatch" };
	{ name = "a private P-521 key for ES256", key = "private_p521", alg = "ES256", reason = "curve-mismatch" };
	{ name = "an EC key for RS256", key = "p256", alg = "RS256", reason = "key-type-mismatch" };
	{ name = "an EC key for PS256", key = "p256", alg = "PS256", reason = "key-type-mismatch" };
	{ name = "an EC key for EdDSA", key = "p256", alg = "EdDSA", reason = "key-type-mismatch" };
	{ name = "an EC key for HS256", key = "p256", alg = "HS256", reason = "key-type-mismatch" };
	{ name = "an RSA key for ES256", key = "rsa", alg = "ES256", reason = "key-type-mismatch" };
	{ name = "an RSA key for EdDSA", key = "rsa", alg = "EdDSA", reason = "key-type-mismatch" };
	{ name = "an RSA key for HS256 (CVE-2016-10555)", key = "rsa", alg = "HS256", reason = "key-type-mismatch" };
	{ name = "an Ed25519 key for ES256", key = "ed25519", alg = "ES256", reason = "key-type-mismatch" };
	{ name = "an Ed25519 key for RS256", key = "ed25519", alg = "RS256", reason = "key-type-mismatch" };
	{ name = "an Ed25519 key for HS256", key = "ed25519", alg = "HS256", reason = "key-type-mismatch" };
	{ name = "a secret for RS256", key = "oct", alg = "RS256", reason = "key-type-mismatch" };
	{ name = "a secret for ES256", key = "oct", alg = "ES256", reason = "key-type-mismatch" };
	{ name = "a secret for EdDSA", key = "oct", alg = "EdDSA", reason = "key-type-mismatch" };
	{ name = "a secret for nothing in particular", key = "oct", reason = "key-type-mismatch" };
	{ name = "an RSA key for nothing in particular", key = "rsa", reason = "unknown-algorithm" };

	-- alg (RFC 7517 4.4)
	{ name = "an algorithm other than its own", key = "p256", alg = "ES256", with = { alg = "ES384" },
		reason = "algorithm-mismatch" };
	{ name = "RS512 where its own is RS256", key = "rsa", alg = "RS512", with = { alg = "RS256" }, reason = "algorithm-mismatch" };
	{ name = "PS256 where its own is RS256", key = "rsa", alg = "PS256", with = { alg = "RS256" }, reason = "algorithm-mismatch" };
	{ name = "an algorithm of encryption", key = "rsa", with = { alg = "RSA-OAEP" }, reason = "unknown-algorithm" };
	{ name = "its algorithm in lower case", key = "p256", with = { alg = "es256" }, reason = "unknown-algorithm" };
	{ name = "the algorithm none", key = "p256", with = { alg = "none" }, reason = "unknown-algorithm" };
	{ name = "an algorithm that its type rules out", key = "p256", with = { alg = "RS256" }, reason = "key-type-mismatch" };
	{ name = "an algorithm that its curve rules out", key = "p256", with = { alg = "ES512" }, reason = "curve-mismatch" };
	{ name = "a number for its algorithm", key = "p256", with = { alg = 256 }, reason = "bad-key" };

	-- use and key_ops (RFC 7517 4.2, 4.3)
	{ name = "a use for encryption", key = "rsa", alg = "RS256", with = { use = "enc" }, reason = "key-use-mismatch" };
	{ name = "a use in capitals", key = "rsa", alg = "RS256", with = { use = "SIG" }, reason = "key-use-mismatch" };
	{ name = "an empty use", key = "rsa", alg = "RS256", with = { use = "" }, reason = "key-use-mismatch" };
	{ name = "a list of uses", key = "rsa", alg = "RS256", with = { use = { "sig" } }, reason = "key-use-mismatch" };
	{ name = "a secret for encryption", key = "oct", alg = "HS256", with = { use = "enc" }, reason = "key-use-mismatch" };
	{ name = "a public key that may only sign", key = "p256", with = { key_ops = { "sign" } }, reason = "key-use-mismatch" };
	{ name = "a public key that may only encrypt", key = "rsa", alg = "RS256", with = { key_ops = { "encrypt", "wrapKey" } },
		reason = "key-use-mismatch" };
	{ name = "a key that may do nothing", key = "p256", with = { key_ops = {} }, reason = "key-use-mismatch" };
	{ name = "the right to verify in capitals", key = "p256", with = { key_ops = { "Verify" } }, reason = "key-use-mismatch" };
	{ name = "the right to verify twice", key = "p256", with = { key_ops = { "verify", "verify" } }, reason = "key-use-mismatch" };
	{ name = "a right that is no string", key = "p256", with = { key_ops = { "verify", 1 } }, reason = "key-use-mismatch" };
	{ name = "its rights as a string", key = "p256", with = { key_ops = "verify" }, reason = "key-use-mismatch" };
	{ name = "its rights as an object", key = "p256", with = { key_ops = { verify = true } }, reason = "key-use-mismatch" };
	{ name = "a use for encryption although it may verify", key = "p256", with = { use = "enc", key_ops = { "verify" } },
		reason = "key-use-mismatch" };
	{ name = "a private key that may only verify", key = "private_p256", with = { key_ops = { "verify" } },
		reason = "key-use-mismatch" };

	-- kty, kid
	{ name = "no type", key = "p256", with = { kty = NONE }, reason = "bad-key" };
	{ name = "a type in lower case", key = "p256", with = { kty = "ec" }, reason = "key-type-mismatch" };
	{ name = "an unknown type", key = "p256", with = { kty = "AKP" }, reason = "key-type-mismatch" };
	{ name = "a number for its type", key = "p256", with = { kty = 2 }, reason = "bad-key" };
	{ name = "the type RSA with the members of EC", key = "p256", alg = "RS256", with = { kty = "RSA" }, reason = "bad-key" };
	{ name = "the type oct with the members of RSA (CVE-2026-44699)", key = "rsa", alg = "HS256", with = { kty = "oct" },
		reason = "bad-key" };
	{ name = "a number for its kid", key = "p256", with = { kid = 1 }, reason = "bad-key" };
	{ name = "a kid of 257 bytes", key = "p256", with = { kid = ("k"):rep(257) }, reason = "bad-key" };

	-- EC (RFC 7518 6.2)
	{ name = "no curve", key = "p256", with = { crv = NONE }, reason = "curve-mismatch" };
	{ name = "an unknown curve", key = "p256", with = { crv = "P-192" }, reason = "curve-mismatch" };
	{ name = "OpenSSL's name for its curve", key = "p256", with = { crv = "prime256v1" }, reason = "curve-mismatch" };
	{ name = "its curve in lower case", key = "p256", with = { crv = "p-256" }, reason = "curve-mismatch" };
	{ name = "an Edwards curve on EC", key = "p256", with = { crv = "Ed25519" }, reason = "curve-mismatch" };
	{ name = "a point of P-256 said to be of secp256k1", key = "p256", with = { crv = "secp256k1" }, reason = "not-on-curve" };
	{ name = "a point of secp256k1 said to be of P-256", key = "secp256k1", with = { crv = "P-256" }, reason = "not-on-curve" };
	{ name = "a point of P-256 said to be of P-384", key = "p256", with = { crv = "P-384" }, reason = "bad-key" };
	{ name = "the point (0, 0)", key = "p256", with = { x = ("A"):rep(43), y = ("A"):rep(43) }, reason = "not-on-curve" };
	{ name = "x and y exchanged", key = "p256", with = { x = published.p256.y, y = published.p256.x }, reason = "not-on-curve" };
	{ name = "x twice", key = "p256", with = { y = published.p256.x }, reason = "not-on-curve" };
	{ name = "a zero byte before x", key = "p256", with = { x = base64.url("\0" .. bytes_of("p256", "x")) }, reason = "bad-key" };
	{ name = "x without its last byte", key = "p256", with = { x = base64.url(bytes_of("p256", "x"):sub(1, -2)) },
		reason = "bad-key" };
	{ name = "the order of the group for x", key = "p256", with = { x = base64.url(numbers.order.ES256) },
		reason = "not-on-curve" };
	{ name = "ones for x, beyond the field", key = "p256", with = { x = base64.url(("\xFF"):rep(32)) }, reason = "not-on-curve" };
	{ name = "no y", key = "p256", with = { y = NONE }, reason = "bad-key" };
	{ name = "an empty y", key = "p256", with = { y = "" }, reason = "bad-key" };
	{ name = "a number for y", key = "p256", with = { y = 1 }, reason = "bad-key" };
	{ name = "y padded with =", key = "p256", with = { y = published.p256.y .. "=" }, reason = "bad-key" };
	{ name = "spare bits set in x", key = "p256", with = { x = published.p256.x:sub(1, -2) .. "V" }, reason = "bad-key" };
	{ name = "a private part of zero", key = "private_p256", with = { d = ("A"):rep(43) }, reason = "bad-key" };
	{ name = "the order of the group for its private part", key = "private_p256",
		with = { d = base64.url(numbers.order.ES256) }, reason = "bad-key" };
	{ name = "an empty private part", key = "private_p256", with = { d = "" }, reason = "bad-key" };
	{ name = "a private part of another key", key = "private_p256", with = { d = published.private_secp256k1.d },
		reason = "bad-key" };
	{ name = "a private part that is no string", key = "private_p256", with = { d = 1 }, reason = "bad-key" };
	{ name = "a private part without its leading zero (RFC 7518 6.2.2.1)", key = "bilbo_p521",
		with = { d = base64.url(bytes_of("bilbo_p521", "d"):sub(2)) }, reason = "bad-key" };
	{ name = "a private part with one zero more (RFC 7518 6.2.2.1)", key = "bilbo_p521",
		with = { d = base64.url("\0" .. bytes_of("bilbo_p521", "d")) }, reason = "bad-key" };

	-- RSA (RFC 7518 6.3)
	{ name = "no modulus", key = "rsa", alg = "RS256", with = { n = NONE }, reason = "bad-key" };
	{ name = "no exponent", key = "rsa", alg = "RS256", with = { e = NONE }, reason = "bad-key" };
	{ name = "an exponent of 1", key = "rsa", alg = "RS256", with = { e = "AQ" }, reason = "bad-exponent" };
	{ name = "an exponent of 0", key = "rsa", alg = "RS256", with = { e = "AA" }, reason = "bad-exponent" };
	{ name = "an exponent of 2", key = "rsa", alg = "RS256", with = { e = "Ag" }, reason = "bad-exponent" };
	{ name = "an even exponent", key = "rsa", alg = "RS256", with = { e = "AQAA" }, reason = "bad-exponent" };
	{ name = "an exponent of 65 bits", key = "rsa", alg = "RS256", with = { e = base64.url("\1" .. ("\0"):rep(7) .. "\1") },
		reason = "bad-exponent" };
	{ name = "a modulus of 1024 bits", key = "rsa", alg = "RS256", with = { n = base64.url(("\xFF"):rep(128)) },
		reason = "weak-key" };
	{ name = "a modulus of 2047 bits", key = "rsa", alg = "RS256", with = { n = base64.url("\x7F" .. ("\xFF"):rep(255)) },
		reason = "weak-key" };
	{ name = "a modulus of 1024 bits behind zeros", key = "rsa", alg = "RS256",
		with = { n = base64.url(("\0"):rep(128) .. ("\xFF"):rep(128)) }, reason = "bad-key" };
	{ name = "a modulus of 16385 bits", key = "rsa", alg = "RS256", with = { n = base64.url("\1" .. ("\xFF"):rep(2048)) },
		reason = "oversized-key" };
	{ name = "a modulus of 32768 bits", key = "rsa", alg = "RS256", with = { n = base64.url(("\xFF"):rep(4096)) },
		reason = "oversized-key" };
	{ name = "an even modulus", key = "rsa", alg = "RS256", with = { n = base64.url(("\xFF"):rep(255) .. "\xFE") },
		reason = "bad-key" };
	{ name = "a modulus with a newline in it", key = "rsa", alg = "RS256",
		with = { n = published.rsa.n:sub(1, 64) .. "\n" .. published.rsa.n:sub(65) }, reason = "bad-key" };
	{ name = "a modulus of hexadecimal digits", key = "rsa", alg = "RS256", with = { n = ("0"):rep(15) .. ":" .. ("F"):rep(500) },
		reason = "bad-key" };

	-- OKP (RFC 8037 2)
	{ name = "an Ed25519 point of 31 bytes", key = "ed25519", with = { x = base64.url(("\1"):rep(31)) }, reason = "bad-key" };
	{ name = "an Ed25519 point said to be of Ed448", key = "ed25519", with = { crv = "Ed448" }, reason = "bad-key" };
	{ name = "a curve of agreement on OKP", key = "ed25519", with = { crv = "X25519" }, reason = "curve-mismatch" };
	{ name = "a curve of EC on OKP", key = "ed25519", with = { crv = "P-256" }, reason = "curve-mismatch" };
	{ name = "no curve on OKP", key = "ed25519", with = { crv = NONE }, reason = "curve-mismatch" };
	{ name = "a point of small order: 0", key = "ed25519", with = { x = base64.url(("\0"):rep(32)) }, reason = "not-on-curve" };
	{ name = "a point of small order: 1", key = "ed25519", with = { x = base64.url("\1" .. ("\0"):rep(31)) },
		reason = "not-on-curve" };
	{ name = "a private part of another Ed25519 key", key = "private_ed25519", with = { d = ("A"):rep(43) }, reason = "bad-key" };
	{ name = "a private part of 33 bytes", key = "private_ed25519", with = { d = base64.url(("\1"):rep(33)) },
		reason = "bad-key" };

	-- oct (RFC 7518 6.4)
	{ name = "no secret", key = "oct", alg = "HS256", with = { k = NONE }, reason = "bad-key" };
	{ name = "an empty secret (CVE-2026-44351)", key = "oct", alg = "HS256", with = { k = "" }, reason = "bad-key" };
	{ name = "a secret of 31 bytes for HS256", key = "oct", alg = "HS256", with = { k = base64.url(("k"):rep(31)) },
		reason = "weak-secret" };
	{ name = "a secret of 47 bytes for HS384", key = "oct", alg = "HS384", with = { k = base64.url(("k"):rep(47)) },
		reason = "weak-secret" };
	{ name = "a secret of 63 bytes for HS512", key = "oct", alg = "HS512", with = { k = base64.url(("k"):rep(63)) },
		reason = "weak-secret" };
	{ name = "a secret in the alphabet of plain base64", key = "oct", alg = "HS256", with = { k = ("+"):rep(44) },
		reason = "bad-key" };
	{ name = "a public key inside its secret", key = "oct", alg = "HS256",
		with = { k = base64.url(openssl.public("P-256")) }, reason = "not-secret" };
};

describe("a JWK is refused: ", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local key, reason = meetauth.key { alg = case.alg, jwk = variant(case.key, case.with) };
			assert.is_nil(key);
			assert.equal(case.reason, reason);
		end);
	end
end);

describe("a JWK is taken: ", function ()
	local fine = {
		{ name = "with the use sig", key = "p256", with = { use = "sig" } };
		{ name = "with null for its algorithm, which is none", key = "p256", with = { alg = meetauth.null } };
		{ name = "with null for its use, which is none", key = "rsa", alg = "RS256", with = { use = meetauth.null } };
		{ name = "with the right to verify among others", key = "p256", with = { key_ops = { "encrypt", "verify" } } };
		{ name = "private, with the right to sign", key = "private_p256", with = { key_ops = { "sign" } } };
		{ name = "private, with the right to do both", key = "private_p256", with = { key_ops = { "verify", "sign" } } };
		{ name = "with its own algorithm", key = "p256", alg = "ES256", with = { alg = "ES256" } };
		{ name = "with an empty kid", key = "p256", with = { kid = "" } };
		{ name = "with a kid of 256 bytes", key = "p256", with = { kid = ("k"):rep(256) } };
		{ name = "with members that nobody knows", key = "p256", with = { ext = true, nbf = 5, ["a b"] = {} } };
		{ name = "with an exponent of 3", key = "rsa", alg = "RS256", with = { e = "Aw" } };
		{ name = "with an exponent of 64 bits", key = "rsa", alg = "RS256", with = { e = base64.url(("\xFF"):rep(8)) } };
		{ name = "with a modulus of 16384 bits", key = "rsa", alg = "RS256", with = { n = base64.url(("\xFF"):rep(2048)) } };
		{ name = "with a secret of 64 bytes for HS512", key = "oct", alg = "HS512" };
	};
	for _, case in ipairs(fine) do
		it(case.name, function ()
			assert(meetauth.key { alg = case.alg, jwk = variant(case.key, case.with) });
		end);
	end
end);

-- What a key that was taken may still not do.
describe("a token is refused", function ()
	local function key_of(name, with, alg) return assert(meetauth.key { alg = alg, jwk = variant(name, with) }); end
	local function set_of(...)
		return assert(meetauth.jwks(require "meetauth.util.json".encode({ keys = { ... } })));
	end

	it("that is PS256 under a key of a set that is for RS256 (libjwt 340)", function ()
		local set = set_of(variant("rsa", { alg = "RS256" }));
		local token = meetauth.sign(key_of("private_rsa", nil, "PS256"), {});
		local verify = meetauth.verifier { keys = set, algorithms = { "RS256", "PS256" } };
		assert.same({ nil, "algorithm-mismatch" }, { verify(token, 0) });
	end);

	it("that is RS512 under a key of a set that is for RS256", function ()
		local set = set_of(variant("rsa", { alg = "RS256" }));
		local verify = meetauth.verifier { keys = set, algorithms = { "RS256", "RS512" } };
		assert.same({ nil, "algorithm-mismatch" }, { verify(meetauth.sign(key_of("private_rsa", nil, "RS512"), {}), 0) });
	end);

	it("whose algorithm the verifier does not name, though the key could", function ()
		local set = set_of(variant("rsa"));
		local verify = meetauth.verifier { keys = set, algorithms = { "RS256" } };
		assert.same({}, verify(meetauth.sign(key_of("private_rsa", nil, "RS256"), {}), 0));
		assert.same({ nil, "algorithm-mismatch" }, { verify(meetauth.sign(key_of("private_rsa", nil, "PS256"), {}), 0) });
	end);

	it("that is HS256 under a public key without alg, by an empty or a public secret (CVE-2026-44699)", function ()
		local set = set_of(variant("rsa"), variant("p256", { kid = "ec" }));
		local verify = meetauth.verifier { keys = set, algorithms = { "HS256", "RS256", "ES256" } };
		for _, secret in ipairs({ "k", published.rsa.n, set.keys[1]:thumbprint() }) do
			local key = assert(meetauth.key { alg = "HS256", secret = secret, weak = true });
			assert.same({ nil, "algorithm-mismatch" }, { verify(meetauth.sign(key, {}), 0) });
		end
		local head = base64.url('{"alg":"HS256"}') .. ".e30.";
		assert.same({ nil, "algorithm-mismatch" }, { verify(head .. base64.url(openssl.hmac(set.keys[1]:pem(), head:sub(1, -2))), 0) });
	end);

	it("that brings its own key (CVE-2018-0114)", function ()
		local mine = assert(meetauth.keygen { alg = "ES256" });
		local verify = meetauth.verifier { keys = { key_of("p256") }, algorithms = { "ES256" } };
		for _, extra in ipairs({ { jwk = mine:jwk() }, { jku = "https://example.com/keys" }, { x5c = { "MIIB" } },
			{ x5u = "https://example.com/cert" } }) do
			assert.same({ nil, "signature-mismatch" }, { verify(meetauth.sign(mine, {}, extra), 0) });
		end
		local theirs = key_of("private_p256");
		assert.same({}, verify(meetauth.sign(theirs, {}, { jwk = mine:jwk() }), 0)); -- ignored, not refused
	end);

	it("whose kid names no key, whatever it looks like", function ()
		local private = key_of("private_p256");
		local verify = meetauth.verifier { keys = { key_of("p256", { kid = "1" }) }, algorithms = { "ES256" } };
		assert.same({}, verify(meetauth.sign(private, {}, { kid = "1" }), 0));
		for _, kid in ipairs({ "", "01", "1 ", "1\0", "../../dev/null", "' or 1 = 1 --", "1\n", "%31", "\u{FF11}" }) do
			assert.same({ nil, "unknown-key" }, { verify(meetauth.sign(private, {}, { kid = kid }), 0) });
		end
		for _, kid in ipairs({ "1", "null", "[\"1\"]", "{}", "true" }) do
			assert.same({ nil, "bad-header" }, { verify(core.sign(private, ('{"alg":"ES256","kid":%s}'):format(kid), "{}"), 0) });
		end
	end);

	it("whose kid is another key's", function ()
		local other = assert(meetauth.keygen { alg = "ES256", kid = "2" });
		local set = set_of(variant("p256", { kid = "1" }), other:jwk());
		local verify = meetauth.verifier { keys = set, algorithms = { "ES256" } };
		assert.same({ nil, "signature-mismatch" }, { verify(meetauth.sign(other, {}, { kid = "1" }), 0) });
		assert.same({}, verify(meetauth.sign(other, {}), 0));
	end);
end);

-- A JWK that has a member of another type beside its own.
describe("a public JWK with a stray member", function ()
	for _, name in ipairs({ "p256", "ed25519", "rsa" }) do
		it(("k cannot sign: %s"):format(name), function ()
			local key = assert(meetauth.key { alg = name == "rsa" and "RS256" or nil, jwk = variant(name, { k = "AAAA" }) });
			assert.is_false(key:can_sign());
			assert.same({ nil, "not-private" }, { meetauth.sign(key, {}) });
		end);
	end

	it("p or q without d does not enter a set: it is private material (RFC 7518 6.3.2)", function ()
		for _, name in ipairs({ "p", "q", "dp", "dq", "qi" }) do
			local members = variant("rsa", { alg = "RS256", kid = "1", [name] = published.private_rsa[name] });
			local set = assert(meetauth.jwks(require "meetauth.util.json".encode({ keys = { members } })));
			assert.same({ { kid = "1", reason = "not-public" } }, set.skipped);
		end
	end);

	it("oth is not used: more than two primes are not supported (RFC 7518 6.3.2.7)", function ()
		local members = variant("private_rsa", { oth = { { r = "Aw", d = "AQ", t = "AQ" } } });
		assert.same({ nil, "bad-key" }, { meetauth.key { alg = "RS256", jwk = members } });
	end);
end);
