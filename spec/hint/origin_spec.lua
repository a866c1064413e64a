-- Hints beside a token's form, the choice of its entry and its signature.

local core = require "meetauth.core";
local list = require "meetauth.hint.origin";
local world = require "spec.support.hintworld";

local now, secrets, signing, text = world.now, world.secrets, world.signing, world.text;
local of_jitsi, of_daily, signed = world.of_jitsi, world.of_daily, world.signed;
local good = of_jitsi();

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "quotes around a token", '"' .. good .. '"', "form", "in quotes" };
	{ "Bearer before it", "Bearer " .. good, "form", "Bearer" };
	{ "a newline behind it", good .. "\n", "form", "white space" };
	{ "padding", good .. "=", "form", "base64url" };
	{ "a token that was cut off", good:match("^(.*)%."), "form", "signature is missing" };
	{ "a Daily token where only Jitsi's count", of_daily(), "key", "is a Daily token" };
	{ "a Jitsi token where only Daily's count",
		of_jitsi({ sub = "none", room = "none" }), "key", "is a Jitsi token", host = "daily" };
	{ "long names of Daily's", of_daily({ d = "none", domain_id = "acme-domain" }), "key", "long Daily names", host = "daily" };
	{ "claims in a payload of their own",
		of_jitsi({ iss = "none", payload = { iss = "portal", room = "LEAK" } }), "key", "too deep, in payload" };
	{ "iss in another case", of_jitsi({ iss = "Portal" }), "key", "issuer of the entry portal" };
	{ "iss with a slash", of_jitsi({ iss = "portal/" }), "key", "issuer of the entry portal" };
	{ "d in another case", of_daily({ d = "ACME-domain" }), "key", "domain_id of the entry acme", host = "daily" };
	{ "no iss", of_jitsi({ iss = "none" }), "key", "there is no iss" };
	{ "alg none", signed(secrets.portal, { iss = "portal" }, '{"alg":"none"}'), "key", "alg is none" };
	{ "RS256 where the entry has a secret", signed(signing, { iss = "portal" }, '{"alg":"RS256"}'), "key", "public key" };
	{ "HS256 where the entry has a public key", signed(secrets.portal, { iss = "rsa" }), "key", "with a shared secret" };
	{ "another kid", signed(("k"):rep(40), { iss = "named" }, '{"alg":"HS256","kid":"LEAK"}'), "key", "has a kid" };
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
		"a-string-secret-at-least-256-bits-long, which stands in examples" };
	{ "another entry's secret", of_jitsi({}, "portal", secrets.school), "signature", "key of the entry school" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside a token's form", function ()
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
