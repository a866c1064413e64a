--- Run by Prosody's own Lua, whichever that is (so: only what Lua 5.1 understands, too): what of meetauth loads there.
-- Arguments: the folder of Prosody's sources, where its installer puts modules, and the prefix that the modules are
-- under, where there is one. Writes lines: name, yes or no, and a text that may be empty.

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
if ok then tell("openssl", true, core.openssl); end
tell("cjson", (pcall(require, "cjson")), "");
local has_library, library = pcall(require, "meetauth");
tell("library", has_library, has_library and library._VERSION or library);
