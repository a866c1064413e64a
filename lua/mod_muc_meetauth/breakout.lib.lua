-- breakout: the main room of one of Jitsi's breakout rooms, whose own names are random.
-- On any component but that of breakout rooms there is none.

local jid_split = require "util.jid".split;

local hosts = prosody.hosts;

local breakout = {};

local main_muc = module:get_option_string("main_muc");

--- The main room of a breakout room that it knows; nil for every other room.
---@param jid string
---@return table? room
function breakout.main_of(jid)
	local main = main_muc and main_muc ~= module.host and hosts[main_muc];
	local muc = main and main.modules.muc;
	if not muc then return nil; end
	for room in muc.each_room(true) do
		local rooms = room._data.breakout_rooms;
		if rooms and (rooms[jid] or rooms[(jid_split(jid))]) then return room; end
	end
	return nil;
end

return breakout;
