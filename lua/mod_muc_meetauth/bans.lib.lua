-- bans: user ids that a back end has banned from a room, as long as somebody is in the room. They are kept with the
-- room, in memory. The shell lists and cancels them.

local breakout = module:require "breakout";
local place = module:require "place";

local hosts, full_sessions = prosody.hosts, prosody.full_sessions;

local bans = {};

local function id_of(grant)
	return grant.user and grant.user.id;
end

--- Keep users of an entry out of a room, until nobody is in it.
---@param room table
---@param entry string       the id of the entry
---@param user_ids string[]  as grants have them
function bans.add(room, entry, user_ids)
	local all = room.meetauth_bans or {};
	room.meetauth_bans = all;
	all[entry] = all[entry] or {};
	for _, id in ipairs(user_ids) do all[entry][id] = os.time(); end
end

--- Whether a grant's user is kept out of a room, or of the main room of a breakout room.
---@param room table
---@param grant Grant
---@return boolean
function bans.has(room, grant)
	local all = (breakout.main_of(room.jid) or room).meetauth_bans;
	local of_entry = all and all[grant.entry];
	return of_entry ~= nil and of_entry[id_of(grant) or false] ~= nil;
end

--- All of them: of each the room's address, the entry, the user id, and since when.
---@return { room: string, entry: string, user: string, since: integer }[]
function bans.all()
	local list, muc = {}, hosts[module.host].modules.muc;
	if not muc then return list; end
	for room in muc.each_room(true) do
		for entry, users in pairs(room.meetauth_bans or {}) do
			for user, since in pairs(users) do list[#list + 1] = { room = room.jid, entry = entry, user = user, since = since }; end
		end
	end
	table.sort(list, function (a, b)
		if a.since ~= b.since then return a.since > b.since; end
		return a.room .. a.entry .. a.user < b.room .. b.entry .. b.user;
	end);
	return list;
end

--- Let a user in again, of any entry.
---@param room table
---@param user string  the id, as grants have it
---@return boolean lifted  false: they were not kept out
function bans.lift(room, user)
	local lifted, all = false, room.meetauth_bans or {};
	for entry, users in pairs(all) do
		lifted = lifted or users[user] ~= nil;
		users[user] = nil;
		if next(users) == nil then all[entry] = nil; end
	end
	room.meetauth_bans = next(all) and all or nil;
	return lifted;
end

local function has_people(room)
	for _, occupant in room:each_occupant() do
		if not place.exempts(occupant.bare_jid) then return true; end
	end
	return false;
end

--- Hook: an occupant is gone. With the last one the room is empty, also where Jitsi's focus is still there.
function bans.left(event)
	local room, is_change = event.room, event.stanza and not event.stanza.attr.type;
	if room.meetauth_bans and not is_change and not has_people(room) then room.meetauth_bans = nil; end
end

--- The sessions that are kept out of a room, wherever they are now.
---@param room table
---@param visit fun(session: table)
function bans.each_session(room, visit)
	for _, session in pairs(full_sessions) do
		if session.meetauth_grant and bans.has(room, session.meetauth_grant) then visit(session); end
	end
end

return bans;
