-- What is wrong with keys that are none, as providers and people write them.

local fault = require "meetauth.key.fault";

local good = { kty = "EC", crv = "P-256", x = ("A"):rep(43), y = ("A"):rep(43) };

local function with(changes)
	local members = {};
	for name, value in pairs(good) do members[name] = value; end
	for name, value in pairs(changes) do members[name] = value; end
	return members;
end

describe("meetauth.key.fault", function ()
	for _, case in ipairs({
		{ with({}), nil },
		{ {}, "`kty` is missing" },
		{ with({ kty = 7 }), "`kty` is missing" },
		{ with({ x = 7 }), "`x` is not a string" },
		{ with({ x = ("A"):rep(43) .. "=" }), "`x` has padding" },
		{ with({ y = ("A"):rep(42) .. "+" }), "`y` is base64, not base64url" },
		{ with({ y = ("A"):rep(42) .. "\n" }), "`y` has white space" },
		{ with({ y = ("A"):rep(42) .. "," }), "`y` is not base64url" },
		{ with({ y = ("A"):rep(41) }), "`y` is cut off" },
		{ with({ x = ("A"):rep(42) }), "`x` has 31 bytes, not 32" },
		{ with({ crv = "P-521" }), "`x` has 32 bytes, not 66" },
		{ with({ crv = "P-999" }), nil }, -- whose name is at fault
		{ { kty = "RSA", n = "AQAB" }, "`e` is missing" },
		{ { kty = "RSA", n = "AQ==", e = "AQAB" }, "`n` has padding" },
		{ { kty = "OKP", crv = "Ed25519", x = ("A"):rep(42) }, "`x` has 31 bytes, not 32" },
		{ { kty = "OKP", x = "AA" }, "`crv` is missing" },
		{ { kty = "oct" }, "`k` is missing" },
		{ { kty = "AKP" }, nil },
	}) do
		it("says of a JWK: " .. (case[2] or "nothing"), function () assert.equal(case[2], fault.of_jwk(case[1])); end);
	end

	for _, case in ipairs({
		{ "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", nil },
		{ "AAAA", "it has no BEGIN line" },
		{ "", "it has no BEGIN line" },
		{ "-----BEGIN PUBLIC KEY-----\nAAAA\n", "it has no END line" },
		{ "-----BEGIN PUBLIC KEY----- AAAA -----END PUBLIC KEY-----", "it has no line breaks" },
		{ [[-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n]], "it has the two characters `\\n` instead of line breaks" },
		{ "\x30\x82\x01\x22\x00", nil },
	}) do
		it("says of a PEM: " .. (case[2] or "nothing"), function () assert.equal(case[2], fault.of_pem(case[1])); end);
	end
end);
