--- Fuzz target: an OpenID provider's document. It never leads away from https, and is of the issuer that was named.

local core = require "meetauth.core";
local keyoidc = require "meetauth.key.oidc";
local keyurl = require "meetauth.key.url";
local is_printable = require "spec.fuzz.support".is_printable;

local issuer = "https://sso.example/realms/meet";

return function (text)
	local address, reason = keyoidc.jwks_uri(text, issuer, false);
	if address then
		assert(address:lower():find("^https://"), "an address that is not https");
		assert(keyurl.is_allowed(address, false));
		assert(core.decode((text:gsub("^\xEF\xBB\xBF", ""))).issuer == issuer);
	else
		assert(#reason < 500 and is_printable(reason), "bytes of a stranger in a line of the log");
	end
	address = keyoidc.jwks_uri(('{"issuer":"%s","jwks_uri":"%s"}'):format(issuer, text:gsub("[%c\"\\\128-\255]", "")), issuer, true);
	assert(not address or keyurl.is_allowed(address, true));
end;
