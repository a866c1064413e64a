--- Fuzz target: what a file, a configuration or a key server gives as keys, whatever it is. The first letter says who reads it.

local keyparse = require "meetauth.key.parse";
local answer = require "spec.fuzz.support".answer;
local is_printable = require "spec.fuzz.support".is_printable;

local entries = {
	{ algorithms = { "RS256", "ES256", "EdDSA" }, accepts = { RS256 = true, ES256 = true, EdDSA = true } };
	{ algorithms = { "HS256" }, accepts = { HS256 = true }, kid = "k" };
};
local kinds = { s = "secret_file", p = "public_key_file", a = "asap_url", j = "jwks_url" };

local function check(document, entry, kind)
	local seen = {};
	for _, one in ipairs(document.found) do
		assert(entry.accepts[one.key:alg()], "an algorithm that the entry does not accept");
		assert(not seen[one.identity], "a key twice");
		seen[one.identity] = true;
		if kind == "secret_file" then
			assert(one.secret);
			one.lookalikes();
		else
			assert(not one.key:can_sign(), "a private key among public ones");
			assert(one.key:thumbprint());
		end
	end
	for _, one in ipairs(document.skipped) do
		answer(nil, one.reason);
		assert(is_printable(keyparse.left_out(one)), "bytes of a stranger in a line of the log");
	end
end

return function (text)
	local letter = text:sub(1, 1);
	local kind, entry = kinds[letter:lower()], entries[letter:find("%u") and 2 or 1];
	if not kind then return; end
	local document, told = keyparse.read({ kind = kind }, entry, text:sub(2), kind == "asap_url" and "name" or nil);
	if document then
		check(document, entry, kind);
	else
		answer(nil, told:match("^[%a-]+"));
		assert(is_printable(told), "bytes of a stranger in a line of the log");
	end
end;
