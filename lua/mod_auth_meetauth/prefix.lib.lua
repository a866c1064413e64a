-- prefix: library and core are looked for under the PREFIX that this file was loaded from, before all other places, as
-- the command does. Every module of meetauth requires it first.

local path = debug.getinfo(1, "S").source;
local prefix = path:match("^@(.*)/share/lua/5%.4/mod_auth_meetauth/[^/]*$");

-- A part of Lua's path, once; one with Lua's own marks in it would mean other places.
local function put_first(name, templates)
	if (";" .. package[name] .. ";"):find(";" .. templates .. ";", 1, true) then return; end
	package[name] = templates .. ";" .. package[name];
end

if prefix and not prefix:find("[;?]") then
	put_first("path", ("%s/share/lua/5.4/?.lua;%s/share/lua/5.4/?/init.lua"):format(prefix, prefix));
	put_first("cpath", prefix .. "/lib/lua/5.4/?.so");
end
