-- Keys as they are written: key:jwk(), key:pem(), meetauth.jwks_of, key:thumbprint() (RFC 7517, RFC 7518 6, RFC 7638).

local meetauth = require "meetauth";
local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local der = require "spec.support.der";
local openssl = require "spec.support.openssl";
local padded = require "spec.vectors.padded";
local rfc7517 = require "spec.vectors.rfc7517";

local bytes = base64.bytes;

-- The SHA-256 of the required members, in order (RFC 7638 3), by openssl.
local function thumbprint(text) return base64.url(openssl.run("dgst -sha256 -binary -out <out> <in>", text)); end

-- base64url without the leading zero bytes.
local function stripped(text) return base64.url((bytes(text):gsub("^\0+", ""))); end

describe("a coordinate that begins with zeros", function ()
	for _, v in ipairs(padded) do
		local function members(changes)
			local all = { kty = "EC", crv = v.crv, x = v.x, y = v.y };
			for name, value in pairs(changes or {}) do all[name] = value; end
			return all;
		end

		it(("is written in full, out of PEM: %s"):format(v.name), function ()
			local pem = base64.pem("PUBLIC KEY", der.ec(v.crv, "\4" .. bytes(v.x) .. bytes(v.y)));
			local key = assert(meetauth.key { alg = v.alg, public = pem });
			assert.same(members({ alg = v.alg, use = "sig" }), key:jwk());
			assert.equal(pem, key:pem());
		end);

		it(("is written in full, out of a private JWK: %s"):format(v.name), function ()
			local key = assert(meetauth.key { jwk = members({ d = v.d }) });
			assert.same(members({ alg = v.alg, use = "sig" }), key:jwk());
			assert.same({}, meetauth.verifier {
				keys = assert(meetauth.jwks(meetauth.jwks_of({ key }))), algorithms = { v.alg },
			}(assert(meetauth.sign(key, {})), 0));
		end);

		it(("counts in the thumbprint: %s"):format(v.name), function ()
			local text = ('{"crv":"%s","kty":"EC","x":"%s","y":"%s"}'):format(v.crv, v.x, v.y);
			assert.equal(thumbprint(text), assert(meetauth.key { jwk = members() }):thumbprint());
		end);

		it(("is not read without its zeros: %s"):format(v.name), function ()
			local short = stripped(v[v.coordinate]);
			assert.is_true(#short < #v.x);
			assert.same({ nil, "bad-key" }, { meetauth.key { jwk = members({ [v.coordinate] = short }) } });
			local long = base64.url("\0" .. bytes(v[v.coordinate]));
			assert.same({ nil, "bad-key" }, { meetauth.key { jwk = members({ [v.coordinate] = long }) } });
		end);
	end

	it("is there on each curve, for x and for y", function ()
		local seen = {};
		for _, v in ipairs(padded) do
			seen[v.alg .. v.coordinate] = bytes(v[v.coordinate]):byte() == 0;
		end
		for _, alg in ipairs({ "ES256", "ES384", "ES512", "ES256K" }) do
			assert.is_true(seen[alg .. "x"] and seen[alg .. "y"], alg);
		end
	end);
end);

describe("a coordinate's length", function ()
	local sizes = {
		{ alg = "ES256", size = 32 }, { alg = "ES384", size = 48 }, { alg = "ES512", size = 66 }, { alg = "ES256K", size = 32 },
	};
	for _, curve in ipairs(sizes) do
		it(("is %d bytes for every key of %s"):format(curve.size, curve.alg), function ()
			for _ = 1, 100 do
				local members = assert(meetauth.keygen { alg = curve.alg }):jwk();
				assert.same({ curve.size, curve.size }, { #bytes(members.x), #bytes(members.y) });
			end
		end);
	end

	it("is 32 or 57 bytes for every Edwards key", function ()
		for crv, size in pairs({ Ed25519 = 32, Ed448 = 57 }) do
			for _ = 1, 100 do
				local members = assert(meetauth.keygen { alg = "EdDSA", crv = crv }):jwk();
				assert.same({ crv, size, nil }, { members.crv, #bytes(members.x), members.y });
			end
		end
	end);
end);

describe("an RSA key", function ()
	local n = bytes(core.decode(rfc7517.public).keys[2].n);

	local moduli = {
		{ name = "2048 bits, the first of them set", n = n };
		{ name = "2049 bits", n = "\1" .. n };
		{ name = "2055 bits", n = "\x7F" .. n };
		{ name = "2056 bits", n = "\xFF" .. n };
		{ name = "4096 bits with a zero byte inside", n = n .. "\0" .. n:sub(2) };
		{ name = "16384 bits", n = ("\xC1"):rep(2048) };
	};
	for _, case in ipairs(moduli) do
		it(("has a modulus without leading zeros: %s"):format(case.name), function ()
			for _, material in ipairs({
				{ alg = "RS256", public = der.rsa(der.integer(case.n), der.integer("\1\0\1")) };
				{ alg = "RS256", public = base64.pem("RSA PUBLIC KEY", der.pkcs1(der.integer(case.n), der.integer("\1\0\1"))) };
				{ alg = "RS256", jwk = { kty = "RSA", n = base64.url(case.n), e = "AQAB" } };
				{ alg = "RS256", jwk = { kty = "RSA", n = base64.url(case.n), e = "AAEAAQ" } };
			}) do
				local members = assert(meetauth.key(material)):jwk();
				assert.same({ kty = "RSA", n = base64.url(case.n), e = "AQAB", alg = "RS256", use = "sig" }, members);
			end
			for _, behind_zeros in ipairs({ "\0" .. case.n:sub(1, 2047), "\0\0" .. case.n:sub(1, 2046) }) do
				local jwk = { kty = "RSA", n = base64.url(behind_zeros), e = "AQAB" };
				assert.same({ nil, "bad-key" }, { meetauth.key { alg = "RS256", jwk = jwk } }); -- RFC 7518 6.3.1.1
			end
		end);
	end

	local exponents = {
		{ e = "\3", text = "Aw" }, { e = "\x11", text = "EQ" }, { e = "\1\0\1", text = "AQAB" };
		{ e = "\x80\0\0\1", text = "gAAAAQ" }, { e = "\1\0\0\0\1", text = "AQAAAAE" };
		{ e = ("\xFF"):rep(8), text = "__________8" };
	};
	for _, case in ipairs(exponents) do
		it(("has an exponent without leading zeros: %s"):format(case.text), function ()
			local key = assert(meetauth.key { alg = "PS256", public = der.rsa(der.integer(n), der.integer(case.e)) });
			assert.equal(case.text, key:jwk().e);
			local text = ('{"e":"%s","kty":"RSA","n":"%s"}'):format(case.text, base64.url(n));
			assert.equal(thumbprint(text), key:thumbprint());
		end);
	end

	it("has one thumbprint, whatever algorithm it is bound to, kid and use", function ()
		for _, alg in ipairs({ "RS256", "RS384", "RS512", "PS256", "PS384", "PS512" }) do
			local key = assert(meetauth.key { alg = alg, kid = alg, public = der.rsa(der.integer(n), der.integer("\1\0\1")) });
			assert.equal(rfc7517.thumbprint, key:thumbprint());
		end
	end);
end);

describe("a JWK set of ours", function ()
	it("is what it was made of, read again", function ()
		local keys = {};
		for i, alg in ipairs({ "ES256", "ES384", "ES512", "ES256K", "EdDSA" }) do
			keys[i] = assert(meetauth.keygen { alg = alg, kid = "key " .. i });
		end
		local set = assert(meetauth.jwks(assert(meetauth.jwks_of(keys))));
		assert.same({}, set.skipped);
		for i, key in ipairs(keys) do
			assert.same(key:jwk(), set.keys[i]:jwk());
			assert.equal(key:thumbprint(), set.keys[i]:thumbprint());
			assert.is_true(key:can_sign());
			assert.is_false(set.keys[i]:can_sign());
		end
	end);

	it("is empty, and a list, for no keys", function ()
		assert.equal('{"keys":[]}', meetauth.jwks_of({}));
	end);

	it("never holds a secret", function ()
		local secret = assert(meetauth.keygen { alg = "HS256" });
		assert.same({ nil, "not-public" }, { meetauth.jwks_of({ assert(meetauth.keygen { alg = "ES256" }), secret }) });
		assert.same({ nil, "not-public" }, { secret:jwk() });
		assert.same({ nil, "not-public" }, { secret:pem() });
		assert.same({ nil, "not-public" }, { secret:thumbprint() });
	end);
end);
