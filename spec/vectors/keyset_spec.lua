-- The published keys: RFC 7517 A.1 to A.3 and B, RFC 7638 3.1, RFC 8037 A.1 to A.3 and A.6.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local rfc7517 = require "spec.vectors.rfc7517";
local rfc8037 = require "spec.vectors.rfc8037";
local signed = require "spec.vectors.signed";

local function keys_of(text) return core.decode(text).keys; end

local function without(members, ...)
	local copy = {};
	for name, value in pairs(members) do copy[name] = value; end
	for _, name in ipairs({ ... }) do copy[name] = nil; end
	return copy;
end

describe("the public keys of RFC 7517 A.1", function ()
	local set = assert(meetauth.jwks(rfc7517.public));

	it("give the RSA key, bound to its algorithm, with its kid", function ()
		assert.equal(1, #set.keys);
		assert.equal("RS256", set.keys[1]:alg());
		assert.equal("2011-04-29", set.keys[1]:kid());
		assert.is_false(set.keys[1]:can_sign());
	end);

	it("leave out the EC key, which is for encryption", function ()
		assert.same({ { kid = "1", reason = "key-use-mismatch" } }, set.skipped);
	end);

	it("have the thumbprint of RFC 7638 3.1", function ()
		assert.equal(rfc7517.thumbprint, set.keys[1]:thumbprint());
	end);

	it("are written as they were read", function ()
		local written = keys_of(meetauth.jwks_of(set.keys))[1];
		assert.equal("sig", written.use);
		written.use = nil;
		assert.same(keys_of(rfc7517.public)[2], written);
	end);

	it("hold a good EC key but for its use", function ()
		local members = without(keys_of(rfc7517.public)[1], "use");
		assert.equal("ES256", assert(meetauth.key { jwk = members }):alg());
	end);

	it("verify what the private keys of A.2 sign, by kid", function ()
		local private = assert(meetauth.key { jwk = keys_of(rfc7517.private)[2] });
		local verify = meetauth.verifier { keys = set, algorithms = { "RS256" } };
		assert.equal("joe", verify(assert(meetauth.sign(private, { sub = "joe" })), 0).sub);
		assert.same({ nil, "unknown-key" }, { verify(assert(meetauth.sign(private, {}, { kid = "2011-04-28" })), 0) });
	end);
end);

describe("the private keys of RFC 7517 A.2", function ()
	it("are no set to verify with", function ()
		local set = assert(meetauth.jwks(rfc7517.private));
		assert.same({}, set.keys);
		assert.same({ { kid = "1", reason = "not-public" }, { kid = "2011-04-29", reason = "not-public" } }, set.skipped);
	end);

	it("sign, one by one", function ()
		local ec, rsa = table.unpack(keys_of(rfc7517.private));
		assert.same({ nil, "key-use-mismatch" }, { meetauth.key { jwk = ec } });
		for _, members in ipairs({ without(ec, "use"), rsa }) do
			local key = assert(meetauth.key { jwk = members });
			assert.is_true(key:can_sign());
			local verify = meetauth.verifier { keys = { assert(meetauth.key { jwk = key:jwk() }) }, algorithms = { key:alg() } };
			assert.same({ a = 1 }, verify(meetauth.sign(key, { a = 1 }), 0));
		end
	end);

	it("are never written with their private members", function ()
		for _, members in ipairs(keys_of(rfc7517.private)) do
			local key = assert(meetauth.key { jwk = without(members, "use") });
			local written = key:jwk();
			for _, name in ipairs({ "d", "p", "q", "dp", "dq", "qi", "oth", "k" }) do assert.is_nil(written[name]); end
			assert.is_nil(key:pem():find("PRIVATE", 1, true));
			for _, name in ipairs({ "n", "e", "x", "y", "crv", "kty" }) do assert.equal(members[name], written[name]); end
		end
	end);

	it("are refused without a part of them", function ()
		local ec, rsa = table.unpack(keys_of(rfc7517.private));
		for _, name in ipairs({ "n", "e", "p", "q", "dp", "dq", "qi" }) do
			assert.same({ nil, "bad-key" }, { meetauth.key { jwk = without(rsa, name) } }, name);
		end
		for _, name in ipairs({ "x", "y" }) do
			assert.same({ nil, "bad-key" }, { meetauth.key { jwk = without(ec, "use", name) } }, name);
		end
	end);

	it("are refused where the halves do not belong together", function ()
		local ec, rsa = table.unpack(keys_of(rfc7517.private));
		local joes_ec, joes_rsa = core.decode(signed[3].jwk), core.decode(signed[2].jwk);
		joes_ec.d = ec.d;
		joes_rsa.d = rsa.d;
		assert.same({ nil, "bad-key" }, { meetauth.key { jwk = joes_ec } });
		assert.same({ nil, "bad-key" }, { meetauth.key { alg = "RS256", jwk = joes_rsa } });
	end);
end);

describe("the symmetric keys of RFC 7517 A.3", function ()
	it("are a set that verifies nothing: one wraps keys, the other names no algorithm", function ()
		local set = assert(meetauth.jwks(rfc7517.symmetric));
		assert.same({}, set.keys);
		assert.same({
			{ reason = "unknown-algorithm" };
			{ kid = "HMAC key used in JWS spec Appendix A.1 example", reason = "key-type-mismatch" };
		}, set.skipped);
	end);

	it("hold the key of RFC 7515 A.1", function ()
		local key = assert(meetauth.key { alg = "HS256", jwk = keys_of(rfc7517.symmetric)[2] });
		assert.equal(signed[1].payload, meetauth.jws(signed[1].token, { keys = { key }, algorithms = { "HS256" } }));
	end);

	it("are refused in one set with public ones", function ()
		local mixed = rfc7517.symmetric:gsub("]}$", "") .. "," .. rfc7517.public:match("%[(.*)%]") .. "]}";
		assert.same({ nil, "mixed-keys" }, { meetauth.jwks(mixed) });
	end);
end);

describe("the certified key of RFC 7517 B", function ()
	it("is read from its members", function ()
		local key = assert(meetauth.key { alg = "RS256", jwk = rfc7517.certified });
		assert.equal("1b94c", key:kid());
	end);

	it("is the one in its certificate", function ()
		local members = core.decode(rfc7517.certified);
		local der = base64.bytes((members.x5c[1]:gsub("%+", "-"):gsub("/", "_"):gsub("=", "")));
		local certified = assert(meetauth.key { alg = "RS256", public = der });
		assert.equal(members.n, certified:jwk().n);
		assert.equal(certified:thumbprint(), meetauth.key { alg = "RS256", jwk = members }:thumbprint());
	end);

	it("is what counts where the certificate holds another key: x5c is ignored", function ()
		local members = core.decode(rfc7517.certified);
		members.n = keys_of(rfc7517.public)[2].n;
		assert.equal(rfc7517.thumbprint, assert(meetauth.key { alg = "RS256", jwk = members }):thumbprint());
	end);

	it("is bound to each algorithm that a verifier names", function ()
		local set = assert(meetauth.jwks('{"keys":[' .. rfc7517.certified .. "]}"));
		assert.same({}, set.skipped);
		assert.is_nil(set.keys[1]:alg());
	end);
end);

describe("the Ed25519 key of RFC 8037 A", function ()
	it("needs no algorithm named: A.1, A.2", function ()
		for _, text in ipairs({ rfc8037.private, rfc8037.public }) do
			local key = assert(meetauth.key { jwk = text });
			assert.equal("EdDSA", key:alg());
			assert.equal(text == rfc8037.private, key:can_sign());
		end
	end);

	it("has its thumbprint, private or public: A.3", function ()
		assert.equal(rfc8037.thumbprint, meetauth.key { jwk = rfc8037.public }:thumbprint());
		assert.equal(rfc8037.thumbprint, meetauth.key { jwk = rfc8037.private }:thumbprint());
	end);

	it("is written as its public half: A.2", function ()
		local written = meetauth.key { jwk = rfc8037.private }:jwk();
		assert.same({ "EdDSA", "sig" }, { written.alg, written.use });
		written.alg, written.use = nil, nil;
		assert.same(core.decode(rfc8037.public), written);
	end);

	it("does not come as X25519, which signs nothing: A.6", function ()
		assert.same({ nil, "curve-mismatch" }, { meetauth.key { jwk = rfc8037.x25519 } });
		assert.same({ nil, "curve-mismatch" }, { meetauth.key { alg = "EdDSA", jwk = rfc8037.x25519 } });
		local set = assert(meetauth.jwks('{"keys":[' .. rfc8037.x25519 .. "," .. rfc8037.public .. "]}"));
		assert.equal(1, #set.keys);
		assert.same({ { kid = "Bob", reason = "curve-mismatch" } }, set.skipped);
	end);
end);
