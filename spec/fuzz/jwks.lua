--- Fuzz target: a JWK and a JWK set as JSON text. What is accepted is exported, and read again it is the same.

local meetauth = require "meetauth";
local answer = require "spec.fuzz.support".answer;

local private = { "d", "p", "q", "dp", "dq", "qi", "k" };

local function check_export(key)
	local members = key:jwk();
	if not members then return; end -- a secret
	for _, name in ipairs(private) do assert(members[name] == nil, "a private member went out"); end
	assert(key:pem():find("^%-%-%-%-%-BEGIN PUBLIC KEY"));
	assert(#key:thumbprint() == 43);
	if not key:alg() then return; end
	local again = assert(meetauth.key { jwk = members });
	assert(again:thumbprint() == key:thumbprint());
	assert(again:alg() == key:alg() and again:kid() == key:kid());
	assert(not again:can_sign());
end

local function check_set(set)
	for _, key in ipairs(set.keys) do
		assert(not (key:can_sign() and key:jwk()), "a private key in a set");
		check_export(key);
	end
	for _, skipped in ipairs(set.skipped) do
		answer(nil, skipped.reason);
		assert(skipped.kid == nil or type(skipped.kid) == "string");
	end
	local verify = meetauth.verifier { keys = set, algorithms = { "RS256", "ES256", "EdDSA", "HS256" } };
	assert(verify("e30.e30.AA", 0) == nil);
end

return function (text)
	for _, alg in ipairs({ false, "RS256", "HS256" }) do
		local key = answer(meetauth.key { jwk = text, alg = alg or nil });
		if key then
			assert(not alg or key:alg() == alg);
			check_export(key);
		end
	end
	local set = answer(meetauth.jwks(text));
	if set then check_set(set); end
	set = answer(meetauth.jwks('{"keys":[' .. text .. "]}"));
	if set then check_set(set); end
end;
