-- RFC 9864: Ed25519 and Ed448 are names of algorithms, each with its curve; EdDSA stays. RFC 4055: RSA keys made for PSS.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local jwk = require "meetauth.key.jwk";
local json = require "meetauth.util.json";
local keyparse = require "meetauth.key.parse";
local openssl = require "spec.support.openssl";

local function private(alg, kind) return assert(meetauth.key({ alg = alg, private = openssl.private(kind) })); end
local function members(kind, alg)
	local found = private("EdDSA", kind):jwk();
	found.alg = alg;
	return found;
end
local function set_of(...) return assert(meetauth.jwks(json.encode({ keys = { ... } }))); end
local function verifies(set, algorithms, token)
	return (meetauth.verifier({ keys = set, algorithms = algorithms })(token, 0)) ~= nil;
end

describe("an algorithm that is named after its curve", function ()
	for _, curve in ipairs({ "Ed25519", "Ed448" }) do
		local other = curve == "Ed25519" and "Ed448" or "Ed25519";

		it(("signs and verifies on that curve: %s"):format(curve), function ()
			local key = private(curve, curve);
			assert.equal(curve, key:alg());
			assert.equal(curve, key:jwk().alg);
			local token = assert(meetauth.sign(key, { sub = "a" }));
			assert.equal(curve, meetauth.peek(token).alg);
			assert.is_true(verifies({ key }, { curve }, token));
			assert.same({ nil, "algorithm-mismatch" }, { meetauth.verifier({ keys = { private("EdDSA", curve) },
				algorithms = { "EdDSA" } })(token, 0) });
		end);

		it(("is not served by the other curve: %s"):format(curve), function ()
			assert.same({ nil, "curve-mismatch" }, { meetauth.key({ alg = curve, private = openssl.private(other) }) });
			assert.same({ nil, "curve-mismatch" }, { meetauth.key({ alg = curve, jwk = members(other) }) });
			assert.same({ nil, "curve-mismatch" }, { private("EdDSA", other):bind(curve) });
			assert.same({ nil, "key-type-mismatch" }, { meetauth.key({ alg = curve, public = openssl.public("P-256") }) });
		end);

		it(("is EdDSA's other name in a set: %s"):format(curve), function ()
			local by_curve = assert(meetauth.sign(private(curve, curve), {}));
			local by_family = assert(meetauth.sign(private("EdDSA", curve), {}));
			for _, alg in ipairs({ curve, "EdDSA", false }) do
				local set = set_of(members(curve, alg or nil));
				assert.is_true(verifies(set, { curve }, by_curve));
				assert.is_true(verifies(set, { "EdDSA" }, by_family));
				assert.is_false(verifies(set, { curve }, by_family));
				assert.is_false(verifies(set, { "EdDSA" }, by_curve));
				assert.is_true(verifies(set, { "EdDSA", curve }, by_curve) and verifies(set, { "EdDSA", curve }, by_family));
			end
		end);

		it(("is EdDSA's other name for a JWK, and the other curve's is not: %s"):format(curve), function ()
			assert.equal(curve, meetauth.key({ alg = curve, jwk = members(curve, "EdDSA") }):alg());
			assert.equal("EdDSA", meetauth.key({ alg = "EdDSA", jwk = members(curve, curve) }):alg());
			assert.same({ nil, "algorithm-mismatch" }, { meetauth.key({ alg = other, jwk = members(curve, curve) }) });
			assert.same({ nil, "algorithm-mismatch" }, { meetauth.key({ alg = "ES256", jwk = members(curve, curve) }) });
		end);

		it(("is accepted by an issuer entry, which is strict about it: %s"):format(curve), function ()
			local text = json.encode({ keys = { members(curve, curve) } });
			local function found(...)
				local document = assert(keyparse.set({ algorithms = { ... } }, text));
				local names = {};
				for i, one in ipairs(document.found) do names[i] = one.key:alg(); end
				return table.concat(names, " ");
			end
			assert.equal(curve, found(curve));
			assert.equal("EdDSA", found("EdDSA"));
			assert.equal("EdDSA " .. curve, found("EdDSA", curve));
			assert.equal("", found(other));
			assert.equal("", found("ES256"));
		end);

		it(("makes a new key of that curve: %s"):format(curve), function ()
			assert.equal(curve, assert(meetauth.keygen({ alg = curve })):jwk().crv);
			assert.equal(curve, assert(meetauth.keygen({ alg = curve, crv = curve })):jwk().crv);
			assert.same({ nil, "curve-mismatch" }, { meetauth.keygen({ alg = curve, crv = other }) });
			assert.equal(curve, assert(meetauth.keygen({ alg = "EdDSA", crv = curve })):jwk().crv);
		end);
	end

	it("leaves other keys as they are bound", function ()
		local key = assert(meetauth.key({ alg = "RS256", public = openssl.public("rsa") }));
		assert.equal(key, jwk.under(key, "RS256"));
		assert.is_nil(jwk.under(key, "PS256"));
		assert.equal("EdDSA", meetauth.key({ private = openssl.private("Ed448") }):alg());
	end);
end);

describe("an RSA key that is made for PSS", function ()
	for _, kind in ipairs({ "rsa-pss", "rsa-pss sha384" }) do
		local alg = kind == "rsa-pss" and "PS256" or "PS384";

		it(("signs, and verifies from PEM, certificate and JWK: %s"):format(kind), function ()
			local token = assert(meetauth.sign(private(alg, kind), {}));
			local exported = private(alg, kind):jwk();
			assert.same({ "RSA", alg }, { exported.kty, exported.alg });
			for _, spec in ipairs({ { public = openssl.public(kind) }, { public = openssl.certificate(kind) },
				{ jwk = exported } }) do
				spec.alg = alg;
				assert.is_true(verifies({ assert(meetauth.key(spec)) }, { alg }, token));
			end
			assert.equal(private(alg, kind):thumbprint(), meetauth.key({ jwk = exported }):thumbprint());
			assert.equal(openssl.public(kind), private(alg, kind):pem());
		end);
	end

	it("serves each of PSS's algorithms where it has no parameters, and nothing else", function ()
		for _, alg in ipairs(core.algorithms()) do
			local key, reason = meetauth.key({ alg = alg, public = openssl.public("rsa-pss") });
			if alg:find("^PS") then assert.truthy(key); else assert.is_nil(key); end
			if alg:find("^RS") then assert.equal("key-type-mismatch", reason); end
		end
	end);

	it("has a natural modulus and exponent, as any RSA key", function ()
		local der, base64 = require "spec.support.der", require "spec.support.base64";
		local pkcs1 = der.pkcs1(der.raw_integer("\x80" .. ("\xA5"):rep(254) .. "\1"), der.integer("\1\0\1"));
		local public = base64.pem("PUBLIC KEY", der.spki("2A864886F70D01010A", pkcs1));
		assert.is_nil((meetauth.key({ alg = "PS256", public = public })));
	end);
end);
