-- place: which hosts of this server are this console's to show: its own, and the components with its rooms.

local names_of = require "meetauth.util.list".names;

local place = {};

local hosts = prosody.hosts;

--- The environments of mod_muc_meetauth on the components with the host's rooms, in the order of their names.
---@return { host: string, rooms: table, muc: table }[]
function place.components()
	local list = {};
	for _, name in ipairs(names_of(hosts, place.has)) do
		local modules = hosts[name].modules;
		if modules.muc_meetauth and modules.muc then
			list[#list + 1] = { host = name, rooms = modules.muc_meetauth, muc = modules.muc };
		end
	end
	return list;
end

--- Whether what happens at a host is for this console: the host itself, and its rooms.
---@param name string
---@return boolean
function place.has(name)
	local rooms = hosts[name] and hosts[name].modules and hosts[name].modules.muc_meetauth;
	return name == module.host or rooms ~= nil and rooms.base == module.host;
end

return place;
