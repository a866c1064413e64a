-- Secrets that are long enough and yet none, and what they are told for.

local base64 = require "spec.support.base64";
local core = require "meetauth.core";
local growth = require "spec.support.growth";
local hostconfig = require "meetauth.config.host";
local random = require "spec.support.random";
local secret_of = require "spec.support.secret";
local weak = require "meetauth.key.weak";

local known, to_be_made = "it is from an example, so everybody knows it", "it is a placeholder for a secret";

-- The key of RFC 7515 A.1.
local rfc_7515 = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

local cases = {
	{ "a-string-secret-at-least-256-bits-long", known }; { "A String Secret At Least 256 Bits Long", known };
	{ "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long", known };
	{ "your-256-bit-secret", known }; { "my_jitsi_app_secret", known }; { "example_app_secret", known };
	{ ("your-256-bit-secret"):rep(2), known }; { ("changeme"):rep(4), known }; { ("secret"):rep(6):sub(1, 32), known };
	{ ("0123456789"):rep(4):sub(1, 32), known };
	{ rfc_7515, known };
	{ "changeme-please-32-bytes-or-more!", to_be_made }; { "change_me_to_something_long_enough", to_be_made };
	{ "your_super_long_application_secret", to_be_made }; { "replace-with-openssl-rand-hex-32", to_be_made };
	{ "this_is_my_very_own_secret_for_jitsi", to_be_made }; { "supersecretsupersecretandmorethan", to_be_made };
	{ ("0"):rep(32), "it has only 1 different bytes" }; { ("ab"):rep(32), "it has only 2 different bytes" };
	{ ("abcde"):rep(7), "it has only 5 different bytes" }; { ("portal"):rep(6), "it repeats the same 6 bytes" };
	{ ("meeting-secret-"):rep(3), "it repeats the same 15 bytes" };
	{ ("meeting-secret-"):rep(3):sub(1, 40), "it repeats the same 15 bytes" };
	{ ("0123456789abcdef"):rep(2) }; { ("s"):rep(40) }; { ("*"):rep(40), "it has only 1 different bytes" };
	{ ("sixteen-of-bytes"):rep(2) }; { "portal" .. ("x"):rep(3) .. "portal" }; { "q7Rz-portal-portal" };
	{ "topsecret-0f1e2d3c4b5a69788796a5b4c3d2e1f0" }; { "my-secret-0f1e2d3c4b5a69788796a5b4c3d2e1f0" };
	{ secret_of("a") }; { secret_of("b", 64) };
};

describe("meetauth.key.weak.why", function ()
	for _, case in ipairs(cases) do
		it(("of %q is %s"):format(case[1], case[2] or "nothing"), function () assert.equal(case[2], weak.why(case[1])); end);
	end

	it("knows the key of RFC 7515 A.1 by its bytes, too", function ()
		assert.equal(known, weak.why(base64.bytes(rfc_7515)));
	end);

	it("knows each secret of its list", function ()
		for _, text in ipairs(weak.known) do assert.equal(known, weak.why(text)); end
	end);

	it("says nothing against random bytes, their hexadecimal and their base64, nor against half of those", function ()
		local draw = random(7);
		for _ = 1, 2000 do
			local bytes = {};
			for i = 1, 32 do bytes[i] = string.char(draw(256) - 1); end
			local text = table.concat(bytes);
			local hex = text:gsub(".", function (byte) return ("%02x"):format(byte:byte()); end);
			for _, secret in ipairs({ text, hex, hex:sub(1, 32), hex:sub(1, 16), core.base64url(text) }) do
				assert.is_nil(weak.why(secret), secret);
			end
		end
	end);

	it("takes a time that grows as the secret does, whatever it repeats #growth", function ()
		for _, make in ipairs({
			function (size) return ("a"):rep(size); end, function (size) return ("a"):rep(size) .. "b"; end,
			function (size) return (("a"):rep(20) .. "b"):rep(size // 21); end, function (size) return ("your"):rep(size // 4); end,
			function (size) return ("a"):rep(size // 2) .. "b" .. ("a"):rep(size // 2); end,
		}) do assert.is_true(growth.is_linear(weak.why, make)); end
	end);
end);

describe("A weak secret", function ()
	local function problem(options)
		local _, problems = hostconfig.read(function (name) return options[name]; end);
		return problems and table.concat(problems, "\n");
	end
	local write = ": write the output of openssl rand -hex 32, here and at the program that signs the tokens";
	local told = "found a string of 32 bytes (weak-secret: it has only 1 different bytes), expected a key for HS256" .. write;
	local zeros = ("0"):rep(32);

	it("stops the load with the option's name, and is not shown", function ()
		assert.equal("meetauth_issuers[1].secret[1]: " .. told, problem({ meetauth_issuers = { { issuer = "a", secret = zeros } } }));
		assert.equal("app_secret: " .. told, problem({ app_id = "a", app_secret = zeros }));
		assert.equal("app_secret: found a string of 19 bytes (weak-secret: " .. known .. "), expected a key for HS256" .. write,
			problem({ app_id = "a", app_secret = "my_jitsi_app_secret" }));
		assert.equal("app_secret: found a string of 32 bytes (weak-secret: " .. to_be_made .. "), expected a key for HS256" .. write,
			problem({ app_id = "a", app_secret = "changeme-please-32-bytes-or-more" }));
	end);

	it("is accepted on the operator's word, as a short one is", function ()
		assert.is_nil(problem({ meetauth_issuers = { { issuer = "a", secret = zeros, weak_secret = true } } }));
		assert.is_nil(problem({ app_id = "a", app_secret = zeros, meetauth_weak_secrets = true }));
	end);
end);
