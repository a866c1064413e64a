-- The published tokens: each verifies under its key, and where signing is deterministic, is what that key signs.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local base64 = require "spec.support.base64";
local rfc7520 = require "spec.vectors.rfc7520";
local signed = require "spec.vectors.signed";

local function load(v) return assert(meetauth.key { alg = v.alg, jwk = v.jwk }); end

local function payload_of(token, key)
	return meetauth.jws(token, { keys = { key }, algorithms = { key:alg() } });
end

-- PKCS#1 v1.5, HMAC and EdDSA sign the same bytes the same way each time.
local deterministic = { HS256 = true, RS256 = true, EdDSA = true };

describe("a published token", function ()
	for _, v in ipairs(signed) do
		it(("verifies: %s, %s"):format(v.name, v.alg), function ()
			assert.equal(v.payload, payload_of(v.token, load(v)));
		end);

		it(("verifies under the public half of its key: %s"):format(v.name), function ()
			local key = load(v);
			if v.alg:find("^HS") then
				local members, reason = key:jwk();
				assert.same({ nil, "not-public" }, { members, reason });
				return;
			end
			local public = assert(meetauth.key { jwk = assert(key:jwk()) });
			assert.is_false(public:can_sign());
			assert.equal(v.payload, payload_of(v.token, public));
		end);

		it(("is one that its key signs: %s"):format(v.name), function ()
			local key = load(v);
			local header = base64.bytes(v.token:match("^[^.]*"));
			local token = assert(core.sign(key, header, v.payload));
			if deterministic[v.alg] then assert.equal(v.token, token); end
			assert.equal(v.token:match("^.*%."), token:match("^.*%."));
			assert.equal(v.payload, payload_of(token, key));
		end);
	end

	it("covers each family of algorithms", function ()
		local families = {};
		for _, v in ipairs(signed) do families[v.alg:sub(1, 2)] = true; end
		assert.same({ HS = true, RS = true, PS = true, ES = true, Ed = true }, families);
	end);
end);

describe("a signature out of a JSON serialization", function ()
	for _, v in ipairs(rfc7520.compacted) do
		it(("verifies in compact form: %s"):format(v.name), function ()
			assert.equal(rfc7520.payload, payload_of(v.token, load(v)));
		end);
	end
end);
