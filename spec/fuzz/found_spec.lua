-- What fuzzing and failing allocations found, each as it was. What needs a lack of memory is in spec/alloc, what
-- Lua does not reach is a seed in spec/fuzz/seeds.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local openssl = require "spec.support.openssl";

describe("what fuzzing found", function ()
	-- verify:explain went on to reckon with claims whose type it had just called bad.
	it("explain does not raise on claims of other types", function ()
		local key = assert(meetauth.key { alg = "HS256", secret = ("k"):rep(32) });
		local verify = meetauth.verifier { keys = { key }, algorithms = { "HS256" }, require = { "exp" }, max_age = 60,
			check = function (claims) return claims.exp > 0; end };
		for _, value in ipairs({ '"x"', "{}", "[]", "true", "null", '["1"]' }) do
			for _, claim in ipairs({ "exp", "nbf", "iat", "iss", "aud" }) do
				local token = assert(core.sign(key, '{"alg":"HS256"}', ('{"%s":%s}'):format(claim, value)));
				assert.table(verify:explain(token, 1700000000));
			end
		end
	end);

	-- OpenSSL's reader stops at a damaged block as it stops at the end of the text, and sees none that is indented.
	local public, private = openssl.public("P-256"), openssl.private("P-256");
	local behind = {
		{ name = "behind a damaged block", text = "-----BEGIN X-----\n!\n-----END X-----\n" .. private };
		{ name = "behind a block that ends as another", text = "-----BEGIN A-----\nAAAA\n-----END B-----\n" .. private };
		{ name = "cut off", text = private:sub(1, -20) };
		{ name = "indented", text = (private:gsub("[^\n]+", "  %0")) };
		{ name = "quoted", text = (private:gsub("[^\n]+", "> %0")) };
	};
	for _, case in ipairs(behind) do
		it("a private key " .. case.name .. " is no part of a public one", function ()
			local key, reason = meetauth.key { alg = "ES256", public = public .. case.text };
			assert.is_nil(key);
			assert.truthy(reason == "not-public" or reason == "bad-key", reason);
		end);
	end

	-- k, a secret's member, made a key that has no private part "able" to sign.
	local stray = {
		{ name = "OKP", jwk = [[{"kty":"OKP","crv":"Ed25519","k":"AA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]] };
		{ name = "EC", jwk = [[{"kty":"EC","crv":"P-256","k":"AA","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
			"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]] };
	};
	for _, case in ipairs(stray) do
		it("a public " .. case.name .. " JWK with a stray k cannot sign", function ()
			local key = meetauth.key { jwk = case.jwk };
			assert.is_false(key ~= nil and key:can_sign());
			if key then assert.same({ nil, "not-private" }, { meetauth.sign(key, {}) }); end
			assert.same({}, assert(meetauth.jwks('{"keys":[' .. case.jwk .. "]}")).keys);
		end);
	end
end);
