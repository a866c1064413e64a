-- Hints beside what a token says: its typ, its times, iss, aud, and what is required.

local list = require "meetauth.hint.claims";
local world = require "spec.support.hintworld";

local now, secrets, of_jitsi, signed = world.now, world.secrets, world.of_jitsi, world.signed;

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "an access token", signed(secrets.portal, { iss = "portal" }, '{"alg":"HS256","typ":"at+jwt"}'), "typ", "access token" };
	{ "a token of another kind", signed(secrets.portal, { iss = "portal" }, '{"alg":"HS256","typ":"LEAK"}'), "typ",
		"another kind. Write typ = \"JWT\"" };
	{ "exp in quotes", of_jitsi({ exp = tostring(now + 60) }), "exp", "in quotes" };
	{ "exp in milliseconds", of_jitsi({ exp = (now + 60) * 1000 }), "exp", "milliseconds" };
	{ "exp as a duration", of_jitsi({ exp = 3600 }), "exp", "duration" };
	{ "a clock ahead, and a token that expires soon", of_jitsi({ exp = now - 20, iat = now + 20 }), "exp", "clocks" };
	{ "a token that never was valid", of_jitsi({ exp = now - 20, iat = now - 20 }), "exp", "was never valid" };
	{ "an old token", of_jitsi({ exp = now - 190, iat = now - 600 }), "exp", "the token expired 3 minutes ago. Sign a new token" };
	{ "no exp", of_jitsi({ exp = "none" }), "exp", "no exp" };
	{ "nbf in quotes", of_jitsi({ nbf = tostring(now) }), "nbf", "in quotes" };
	{ "nbf in milliseconds", of_jitsi({ nbf = now * 1000 }), "nbf", "milliseconds" };
	{ "a clock ahead", of_jitsi({ nbf = now + 30, iat = now + 30 }), "nbf", "issuer's clock" };
	{ "a token for tomorrow", of_jitsi({ nbf = now + 86400 }), "nbf", "nbf is in the future. Write" };
	{ "iat in quotes", of_jitsi({ iat = tostring(now) }), "iat", "in quotes" };
	{ "iat in milliseconds", of_jitsi({ iat = now * 1000 }), "iat", "milliseconds" };
	{ "no iat where age counts", of_jitsi({ iat = "none" }), "iat", "no iat" };
	{ "an iat to come where age counts", of_jitsi({ iat = now + 60 }), "iat", "issuer's clock" };
	{ "an iat of long ago where age counts", of_jitsi({ iat = now - 7200 }), "iat",
		"older than the entry's max_age. Sign a new token" };
	{ "iss with a slash, for a program",
		of_jitsi({ iss = "https://SSO.example/realm/" }), "iss", "https://sso.example/realm", host = "plain" };
	{ "no aud", of_jitsi({}, "school"), "aud", "no aud. Write aud = \"Jitsi\"" };
	{ "aud in another case", of_jitsi({ aud = { "LEAK", "jitsi" } }, "school"), "aud", "Write aud = \"Jitsi\"" };
	{ "another service in aud", of_jitsi({ aud = { "LEAK", "account" } }, "school"), "aud",
		"names another service. Write aud = \"Jitsi\", or" };
	{ "no aud in a provider's token", world.of_provider({ aud = "none" }), "aud",
		"the token has no aud. Add \"meet\" to aud at the provider (in Keycloak: an audience mapper)" };
	{ "another service in a provider's aud", world.of_provider({ aud = { "LEAK", "account" } }), "aud",
		"names another service. Add \"meet\" to aud at the provider" };
	{ "what is missing", of_jitsi({ exp = "none", jti = "none" }, "rooms", ("r"):rep(40)), "require",
		"the token lacks these claims: exp, jti. Write" };
	{ "claims that are missing", of_jitsi({ azp = "LEAK" }, "provider"), "claims",
		"the token lacks these claims: token_use. Write" };
	{ "claims that say another thing", of_jitsi({ azp = "LEAK", token_use = "access" }, "provider"), "claims",
		"is not a string. Write azp = \"meet\"" };
	{ "groups that the provider leaves out", of_jitsi({ realm = { LEAK = 1 } }, "groups"), "admit",
		"the token has no realm.groups. Ask" };
	{ "groups as a text", of_jitsi({ realm = { groups = "LEAK" } }, "groups"), "admit",
		"realm.groups is not a list, but contains in admit needs a list. Write values" };
	{ "a role as a list", of_jitsi({ role = { "LEAK" } }, "role"), "admit",
		"role is a list, but values in admit needs a string. Write contains" };
	{ "somebody of another group", of_jitsi({ realm = { groups = { "LEAK" } } }, "groups"), "admit",
		"has none of the values in the entry's admit option" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside what a token says", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);
end);
