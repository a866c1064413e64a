-- people: who is in the rooms of the host, as what, what says so, and until when; and to put somebody out.

local time_now = require "util.time".now;

local accessdescribe = require "meetauth.access.describe";
local array = require "meetauth".array;
local text = require "meetauth.util.text";
local times = require "meetauth.util.times";
local words = require "meetauth.page.words".rooms;

local place = module:require "place";

local people = {};

local full_sessions = prosody.full_sessions;

local function moment(at, now)
	local whole = times.localtime(at);
	return whole and ("%s  %s"):format(whole, times.relative(at, now)) or words.no_end;
end

-- When a session has to leave the room.
local function end_of(session, grant, room, now)
	local fixed = session.meetauth_deadlines and session.meetauth_deadlines[room.jid];
	if fixed then return ("%s (%s)"):format(moment(fixed.at, now), fixed.reason); end
	return grant.expires and moment(grant.expires, now) or words.no_end;
end

local function rights_of(grant, affiliation)
	local list = {};
	for i, row in ipairs(accessdescribe.of(grant, affiliation)) do
		list[i] = { right = row.right, value = text.visible(row.value), origin = text.visible(row.origin) };
	end
	return array(list);
end

-- One session of an occupant, in words.
local function session_of(session, room, affiliation, now)
	local grant = session.meetauth_grant;
	if not grant then return { kind = session.meetauth_guest and words.guest or words.exempt }; end
	local user = grant.user and grant.user.id;
	return {
		kind = ("%s (%s)"):format(grant.entry, grant.dialect), entry = grant.entry, ends = end_of(session, grant, room, now),
		user = type(user) == "string" and user or nil, jti = grant.token_id, rights = rights_of(grant, affiliation),
	};
end

local function sessions_of(occupant)
	local list = {};
	for real_jid in occupant:each_session() do list[#list + 1] = full_sessions[real_jid]; end
	return list;
end

local function occupants_of(room, now)
	local list = {};
	for nick, occupant in room:each_occupant() do
		local affiliation, sessions = room:get_affiliation(occupant.bare_jid) or "none", {};
		for i, session in ipairs(sessions_of(occupant)) do sessions[i] = session_of(session, room, affiliation, now); end
		local name = nick:sub(#room.jid + 2);
		list[#list + 1] = {
			nick = name, shown = text.visible(name), role = occupant.role, affiliation = affiliation, sessions = array(sessions),
		};
	end
	table.sort(list, function (a, b) return a.nick < b.nick; end);
	return array(list);
end

-- Each room with somebody in it: visit(room, component).
local function each(visit)
	for _, component in ipairs(place.components()) do
		for room in component.muc.each_room(true) do
			if room:has_occupant() then visit(room, component); end
		end
	end
end

--- All rooms with somebody in them, by their addresses.
---@return { room: string, shown: string, people: table[] }[]
function people.all()
	local list, now = {}, time_now();
	each(function (room)
		list[#list + 1] = { room = room.jid, shown = text.visible(room.jid), people = occupants_of(room, now) };
	end);
	table.sort(list, function (a, b) return a.room < b.room; end);
	return list;
end

--- Their names, to choose from.
---@return string[]
function people.rooms()
	local list = {};
	each(function (room) list[#list + 1] = room.jid:match("^([^@]+)@"); end);
	table.sort(list);
	return list;
end

--- Put an occupant out, with all sessions.
---@param address string?  the room's
---@param nick string?
---@return table? done
---@return string? problem
function people.put_out(address, nick)
	for _, component in ipairs(place.components()) do
		local room = address and component.muc.get_room_from_jid(address);
		local occupant = room and nick and room:get_occupant_by_nick(("%s/%s"):format(room.jid, nick));
		if occupant then
			component.rooms.calls.eject({ room = room, occupant = occupant, sessions = sessions_of(occupant) });
			module:log("info", "Somebody was put out of a room by the console");
			return {};
		end
	end
	return nil, words.gone;
end

return people;
