-- bans: whom back ends keep out of a room that people are in, by REST, and an end to that.

local jid_host = require "util.jid".host;
local jid_prep = require "util.jid".prep;

local names_of = require "meetauth.util.list".names;

local output = module:require "output";

local bans = {};

local hosts = prosody.hosts;

--- Command: list them, of all rooms.
function bans.show(self)
	local rows = { { "room", "entry", "user", "since" } };
	for _, name in ipairs(names_of(hosts, function (host) return hosts[host].modules and hosts[host].modules.muc_meetauth; end)) do
		for _, one in ipairs(hosts[name].modules.muc_meetauth.bans.all()) do
			rows[#rows + 1] = { one.room, one.entry, one.user, output.time(one.since) };
		end
	end
	if rows[2] then output.rows(self.session.print, rows); end
	return true, output.count(#rows - 1, "ban");
end

--- Command: let a user in again.
---@param user string?  as the list has them
---@param jid string?   the room's address
function bans.lift(_, user, jid)
	jid = jid_prep(jid);
	local host = jid and hosts[jid_host(jid)];
	local rooms = host and host.modules and host.modules.muc_meetauth;
	local room = rooms and host.modules.muc and host.modules.muc.get_room_from_jid(jid);
	if not user or not room or not rooms.bans.lift(room, user) then
		return nil, "no ban has this user and this room. Run the command bans to list them";
	end
	return true, "not banned any more";
end

return bans;
