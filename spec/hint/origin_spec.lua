-- Hints beside the choice of a token's entry and key.

local core = require "meetauth.core";
local list = require "meetauth.hint.origin";
local world = require "spec.support.hintworld";

local secrets, signing = world.secrets, world.signing;
local of_jitsi, of_daily, signed = world.of_jitsi, world.of_daily, world.signed;

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "a Daily token where only Jitsi's count", of_daily(), "key", "is a Daily token" };
	{ "a Jitsi token where only Daily's count",
		of_jitsi({ sub = "none", room = "none" }), "key", "is a Jitsi token", host = "daily" };
	{ "long names of Daily's", of_daily({ d = "none", domain_id = "acme-domain" }),
		"key", "Daily's long claim names", host = "daily" };
	{ "claims in a payload of their own",
		of_jitsi({ iss = "none", payload = { iss = "portal", room = "LEAK" } }), "key", "too deep, in payload" };
	{ "iss in another case", of_jitsi({ iss = "Portal" }), "key", "Write iss = \"portal\"" };
	{ "iss with a slash", of_jitsi({ iss = "portal/" }), "key", "Write iss = \"portal\"" };
	{ "d in another case", of_daily({ d = "ACME-domain" }), "key", "Write d = \"acme-domain\"", host = "daily" };
	{ "no iss", of_jitsi({ iss = "none" }), "key", "the token has no iss. Write iss = \"portal\", \"school\", \"trailing\" "
		.. "or another" };
	{ "alg none", signed(secrets.portal, { iss = "portal" }, '{"alg":"none"}'), "key", "alg is none. Sign it with alg = \"HS256\"" };
	{ "RS256 where the entry has a secret", signed(signing, { iss = "portal" }, '{"alg":"RS256"}'), "key",
		"Set signature_algorithm = \"RS256\"" };
	{ "HS256 where the entry has a public key", signed(secrets.portal, { iss = "rsa" }), "key",
		"Sign it with the private key and alg = \"RS256\"" };
	{ "another kid", signed(("k"):rep(40), { iss = "named" }, '{"alg":"HS256","kid":"LEAK"}'), "key",
		"Write kid = \"k1\" in its header" };
	{ "a kid that the key server does not have", signed(signing, { iss = "served" }, '{"alg":"ES256","kid":"LEAK"}'), "key",
		"the key server has no key for the token's kid. Write the public key to HEX.pem" };
	{ "a kid that the provider does not have",
		world.of_provider({ iss = "https://fetched.example" }, { kid = "LEAK" }), "key",
		"the provider's key set has no key with the token's kid. Ask the provider for a new token" };
	{ "iss in quotes", of_jitsi({ iss = '"portal" ' }), "key",
		"iss is in quotes or has white space around it. Write iss = \"portal\"" };
	{ "an app_id in quotes", of_jitsi({ iss = "env" }), "key", "the issuer (app_id) of the entry env has quotes" };
	{ "http for https in iss", of_jitsi({ iss = "http://sso.example/realms/x" }), "key",
		"Write iss = \"https://sso.example/realms/x\"" };
	{ "a port in iss", of_jitsi({ iss = "https://sso.example:8443/realms/x" }), "key",
		"Write iss = \"https://sso.example/realms/x\"" };
	{ "the address of the provider's document in iss",
		of_jitsi({ iss = "https://sso.example/realms/x/.well-known/openid-configuration" }),
		"key", "Write iss = \"https://sso.example/realms/x\"" };
	{ "a host's name alone in iss", of_jitsi({ iss = "sso.example/realms/x" }), "key", "only by http or https" };
	{ "an iss of nobody's", of_jitsi({ iss = "LEAK" }), "key", "no entry has this iss. Write iss = \"portal\"" };
	{ "a d of nobody's", of_daily({ d = "LEAK" }), "key", "no entry has this d. Write d = \"acme-domain\" or \"strict\"",
		host = "daily" };
	{ "claims of both dialects", of_daily({ iss = "LEAK" }), "key", "claims of both dialects", host = "daily" };
	{ "HS512 with the secret of HS256", signed(core.key.new("HS512", "secret", secrets.portal, nil, true), { iss = "portal" },
		'{"alg":"HS512"}'), "key", "the token is signed with the entry's secret, but with the algorithm HS512. Set "
			.. "signature_algorithm = \"HS512\"" };
	{ "HS512 with another secret", signed(core.key.new("HS512", "secret", ("z"):rep(64)), { iss = "portal" }, '{"alg":"HS512"}'),
		"key",
		"Sign the token with alg = \"HS256\"" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside the choice of an entry and a key", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);
end);
