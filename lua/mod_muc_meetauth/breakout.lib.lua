-- breakout: the main room of one of Jitsi's breakout rooms, whose own names are random. Rooms on other components have
-- no main room.

local jid_split = require "util.jid".split;

local hosts = prosody.hosts;

local breakout = {};

local known = setmetatable({}, { __mode = "v" }); -- breakout room's JID -> main room, as found when somebody last joined

local main_muc = module:get_option_string("main_muc");

local function has(room, jid)
	local rooms = room._data.breakout_rooms;
	return rooms ~= nil and (rooms[jid] ~= nil or rooms[(jid_split(jid))] ~= nil);
end

--- The main room of a breakout room that it knows; nil for every other room.
---@param jid string
---@return table? room
function breakout.main_of(jid)
	local main = main_muc and main_muc ~= module.host and hosts[main_muc];
	local muc = main and main.modules.muc;
	if not muc then return nil; end
	local room = known[jid];
	if room and has(room, jid) and muc.get_room_from_jid(room.jid) == room then return room; end
	for candidate in muc.each_room(true) do
		if has(candidate, jid) then
			known[jid] = candidate;
			return candidate;
		end
	end
	return nil;
end

return breakout;
