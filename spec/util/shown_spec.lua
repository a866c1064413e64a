-- What lines that others read show of an operator's values: no secret that stands in a wrong place.

local shown = require "meetauth.util.shown";
local hex = "0123456789abcdef0123456789abcdef";

describe("meetauth.util.shown.text", function ()
	local cases = {
		{ "portal", '"portal"' }; { "meet.example.org", '"meet.example.org"' }; { "", '""' }; { "RS257", '"RS257"' };
		{ "/etc/prosody/keys/2026-02/secret0123456789", '"/etc/prosody/keys/2026-02/secret0123456789"' };
		{ "no such thing as that, really 1", '"no such thing as that, really 1"' };
		{ "recording-and-transcription", '"recording-and-transcription"' };
		{ ("x"):rep(61), '"' .. ("x"):rep(60) .. '..."' };
		{ "https://keys.example/jwks", '"https://keys.example/jwks"' };
		{ "https://ada:sesame@keys.example/jwks", '"https://...@keys.example/jwks"' };
		{ "https://ada@keys.example", '"https://...@keys.example"' };
		{ "https://ada:se@same@keys.example/x@y", '"https://...@y"' };
		{ "HTTPS://ada:sesame@keys.example/" .. ("x"):rep(80), '"HTTPS://...@keys.example/' .. ("x"):rep(35) .. '..."' };
		{ "https:/ada:sesame@keys.example/", '"https:/...@keys.example/"' };
		{ "https://ada:ses/ame@keys.example/", '"https://...@keys.example/"' };
		{ "https://a:s#e@keys.example", '"https://...@keys.example"' };
		{ "//ada:sesame@keys.example/", '"//...@keys.example/"' };
		{ "https://keys.example/jwks?api_key=sesame#x", '"https://keys.example/jwks?..."' };
		{ hex, "a string of 32 bytes" }; { hex:upper(), "a string of 32 bytes" };
		{ "q2Vz/W1lLW9wZW4+eW91PT0=", "a string of 24 bytes" };
		{ "-----BEGIN PRIVATE KEY-----\nMIGH", "a string of 32 bytes" };
		{ '{"kty":"oct","k":"AAAA"}', "a string of 24 bytes" }; { "eyJhbGciOiJIUzI1NiJ9.e30.AA", "a string of 27 bytes" };
	};
	for _, case in ipairs(cases) do
		it(("shows %s"):format(case[2]), function () assert.equal(case[2], shown.text(case[1])); end);
	end
end);

describe("meetauth.util.shown.address", function ()
	for _, case in ipairs({
		{ "https://keys.example/jwks", "https://keys.example/jwks" };
		{ "https://keys.example/jwks?tenant=1&key=sesame", "https://keys.example/jwks?..." };
		{ "https://ada:sesame@keys.example/jwks", "https://...@keys.example/jwks" };
	}) do
		it("shows " .. case[2], function () assert.equal(case[2], shown.address(case[1])); end);
	end
end);
