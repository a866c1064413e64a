-- Hints beside a signature that is none by the entry's key.

local core = require "meetauth.core";
local list = require "meetauth.hint.signature";
local world = require "spec.support.hintworld";

local now, secrets, text = world.now, world.secrets, world.text;
local of_jitsi = world.of_jitsi;
local good = of_jitsi();
local of_rsa = world.signed(world.signing, { iss = "rsa" }, '{"alg":"RS256"}');

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "a secret that ends with a newline here", of_jitsi({}, "trailing", ("n"):rep(40)), "signature", "ends with white space" };
	{ "a secret that ends with a newline there",
		of_jitsi({}, "portal", secrets.portal .. "\n"), "signature", "ends with a newline" };
	{ "the bytes of a secret in base64",
		of_jitsi({}, "base64", "0123456789abcdef0123456789abcde?"), "signature", "secret is base64" };
	{ "the bytes of a secret in hex",
		of_jitsi({}, "hex", (text .. text):gsub("%x%x", function (x) return string.char(tonumber(x, 16)); end)),
		"signature", "secret is hex" };
	{ "the base64 of a secret", of_jitsi({}, "raw", "+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/Pv8+/z7/A=="), "signature",
		"the base64 text" };
	{ "the base64url of a secret", of_jitsi({}, "raw", core.base64url(secrets.raw)), "signature", "base64url text" };
	{ "the hex of a secret", of_jitsi({}, "raw", ("fbfc"):rep(20)), "signature", "hex text" };
	{ "the secret of an example", of_jitsi({}, "portal", "a-string-secret-at-least-256-bits-long"), "signature",
		"a-string-secret-at-least-256-bits-long, a secret from examples" };
	{ "another entry's secret", of_jitsi({}, "portal", secrets.school), "signature", "with the key of the entry school" };
	{ "quotes around a secret here", of_jitsi({}, "quoted", ("u"):rep(40)), "signature", "configured secret is in quotes" };
	{ "quotes around a secret there", of_jitsi({}, "portal", '"' .. secrets.portal .. '"'), "signature",
		"issuer's secret is in quotes" };
	{ "single quotes around a secret there", of_jitsi({}, "portal", "'" .. secrets.portal .. "'"), "signature", "in single quotes" };
	{ "a secret that ends with a space there", of_jitsi({}, "portal", secrets.portal .. " "), "signature", "ends with a space" };
	{ "a secret in capitals here", of_jitsi({}, "capitals", ("ab"):rep(32)), "signature", "hex in capital letters" };
	{ "a secret in capitals there", of_jitsi({}, "small", ("CD"):rep(32)), "signature", "the issuer's secret is hex in capital "
		.. "letters" };
	{ "a token that was cut off in its signature", good:sub(1, -4), "signature", "too short for HS256" };
	{ "an RSA token that was cut off in its signature", of_rsa:sub(1, -3), "signature", "too short for RS256" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside a signature", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);

	it("never admits: a lookalike of a secret verifies nothing", function ()
		for _, case in ipairs(cases) do
			if case[3] == "signature" then
				assert.same({ nil, "signature-mismatch" }, { world.hosts.jitsi(case[2], now) });
				world.rows_of(case);
				assert.same({ nil, "signature-mismatch" }, { world.hosts.jitsi(case[2], now) });
			end
		end
	end);
end);
