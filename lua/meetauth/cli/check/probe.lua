--- Run by Prosody's own Lua, whichever that is (so: only what Lua 5.1 understands, too): what of meetauth loads there.
-- Arguments: the folder of Prosody's sources, and where its installer puts modules. Writes lines: name,
-- yes or no, and a text that may be empty.

local sources, installer = arg[1], arg[2];
local version = _VERSION:match("%d.*$");

local function tell(name, ok, text)
	print(("%s %s %s"):format(name, ok and "yes" or "no", (tostring(text):gsub("%s+", " "))));
end

package.path = ("%s/?.lua;%s/share/lua/%s/?.lua;%s/share/lua/%s/?/init.lua;%s"):format(sources, installer, version, installer,
	version, package.path);
package.cpath = ("%s/?.so;%s/lib/lua/%s/?.so;%s"):format(sources, installer, version, package.cpath);

tell("lua", true, version);
local ok, core = pcall(require, "meetauth.core");
tell("core", ok, ok and core.version or core);
if ok then tell("openssl", true, core.openssl); end
tell("cjson", (pcall(require, "cjson")), "");
local has_library, library = pcall(require, "meetauth");
tell("library", has_library, has_library and library._VERSION or library);
