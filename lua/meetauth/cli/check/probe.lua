--- Run by Prosody's own Lua, to find out which parts of meetauth load there. It can be any Lua, so this file uses only
-- what Lua 5.1 understands. Arguments: the folder of Prosody's sources, the folder where its installer puts modules, and
-- the modules' prefix, if they have one. It writes lines: a name, yes or no, and a text that can be empty.

local sources, installer, prefix = arg[1], arg[2], arg[3];
local version = _VERSION:match("%d.*$");

local function tell(name, ok, text)
	print(("%s %s %s"):format(name, ok and "yes" or "no", (tostring(text):gsub("%s+", " "))));
end

package.path = ("%s/?.lua;%s/share/lua/%s/?.lua;%s/share/lua/%s/?/init.lua;%s"):format(sources, installer, version, installer,
	version, package.path);
package.cpath = ("%s/?.so;%s/lib/lua/%s/?.so;%s"):format(sources, installer, version, package.cpath);

if prefix and version == "5.4" then -- as prefix.lib.lua of mod_auth_meetauth has it
	package.path = ("%s/share/lua/5.4/?.lua;%s/share/lua/5.4/?/init.lua;%s"):format(prefix, prefix, package.path);
	package.cpath = ("%s/lib/lua/5.4/?.so;%s"):format(prefix, package.cpath);
end

tell("lua", true, version);
local ok, core = pcall(require, "meetauth.core");
tell("core", ok, ok and core.version or core);

-- Whether OpenSSL does here what keys need; its configuration (OPENSSL_CONF) may have left it out.
local function tell_engine()
	-- RFC 7638 3.1
	local n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhM"
		.. "stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5"
		.. "hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
	local tries = {
		{ "HS256", "secret", ("k"):rep(32) }, { "RS256", "jwk", { kty = "RSA", n = n, e = "AQAB" } },
	};
	for _, alg in ipairs({ "ES256", "ES384", "ES512", "EdDSA" }) do
		tries[#tries + 1] = { alg, "private", core.keygen(alg, 0) or "" };
	end
	for _, try in ipairs(tries) do
		local _, why = core.key.new(try[1], try[2], try[3]);
		if why then return tell("engine", false, ("%s (%s)"):format(try[1], core.engine_words() or why)); end
	end
	return tell("engine", true, core.openssl);
end

if ok then
	tell("openssl", true, core.openssl);
	tell_engine();
end
local has_library, library = pcall(require, "meetauth");
tell("library", has_library, has_library and library._VERSION or library);
