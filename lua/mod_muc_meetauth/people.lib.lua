-- people: the users behind a token's user id, on all their devices and connections. If the token's entry says this, only
-- one device can be in a room. A user is banned from a room if one of the user's connections is banned.

local jid_bare = require "util.jid".bare;

local refusals = require "meetauth.server.refusals";

local made = module:require "made";
local notice = module:require "notice";
local place = module:require "place";

local bare_sessions, full_sessions = prosody.bare_sessions, prosody.full_sessions;

local people = {};

local nobody = {};

local function id_of(session)
	local grant = session and session.meetauth_grant;
	return grant and grant.user and grant.user.id;
end

--- The sessions of a bare JID, whose tokens can differ: for _, session in people.sessions_of(bare).
---@param bare string
function people.sessions_of(bare)
	local user = bare_sessions[bare];
	return pairs(user and user.sessions or nobody);
end

-- The users behind a bare JID: the ids in the grants of its sessions.
local function user_ids_of(bare)
	local ids = {};
	for _, session in people.sessions_of(bare) do
		local id = id_of(session);
		if id then ids[id] = true; end
	end
	return ids;
end

local function is_any(occupant, ids)
	for real_jid in occupant:each_session() do
		if ids[id_of(full_sessions[real_jid]) or nobody] then return true; end
	end
	return false;
end

-- Everybody in a room with one of these user ids goes, if their connection was banned.
local function remove_banned(room, ids)
	local others = {};
	for nick, occupant in room:each_occupant() do
		if is_any(occupant, ids) then others[#others + 1] = nick; end
	end
	for _, nick in ipairs(others) do room:set_role(true, nick, nil, "Banned"); end
end

-- Whether a session is of the user of a grant. No entry's tokens can name the user of another one. Daily's ids have their
-- entry's prefix, and ids of Jitsi's tokens are told apart by the entry.
local function is_same(session, grant)
	local other = session and session.meetauth_grant;
	return id_of(session) == grant.user.id and other.dialect == grant.dialect
		and (grant.dialect == "daily" or other.entry == grant.entry);
end

-- The other sessions of a grant's user in a room, with their nicks: except the sessions of one occupant, if it is in.
local function others_of(room, grant, own_nick)
	local others = {};
	for nick, occupant in room:each_occupant() do
		for real_jid in occupant:each_session() do
			local session = nick ~= own_nick and full_sessions[real_jid];
			if session and is_same(session, grant) then others[#others + 1] = { nick = nick, session = session }; end
		end
	end
	return others;
end

local OTHER_DEVICE = "other-device";

--- Whether a user who may be in a room once is there already, by another connection that is alive: one that dropped holds
-- no place.
---@param room table
---@param session table  who wants to come in, or is in
---@return boolean
function people.is_taken(room, session)
	local grant = session.meetauth_grant;
	if grant.unique ~= "first" or not room.each_occupant then return false; end -- nobody is in a room that does not exist yet
	for _, other in ipairs(others_of(room, grant, room:get_occupant_jid(session.full_jid))) do
		if not other.session.hibernating then return true; end
	end
	return false;
end

-- Which session of a user stays in a room: the rule of the token's entry, or else of the room's back end.
local function unique_of(session, room)
	if not id_of(session) then return nil; end
	local unique = session.meetauth_grant.unique;
	if unique then return unique; end
	local rules = made.rules(session, room);
	return rules and rules.unique and "newest" or nil;
end

local function has_limit(all)
	for _, rules in pairs(all) do
		if rules.max then return true; end
	end
	return false;
end

--- How many people are in a room: who is exempt is none of them.
---@param room table
---@param but table<string, boolean>?  nicks that are not counted
---@return integer
function people.number(room, but)
	local number = 0;
	for nick, occupant in room:each_occupant() do
		if not place.exempts(occupant.bare_jid) and not (but and but[nick]) then number = number + 1; end
	end
	return number;
end

--- How many people are in a room beside a session, without the people who go when it comes in. nil: nobody limits them, or
-- it is in already.
---@param session table?
---@param room table
---@param all table<string, MadeRules>
---@return integer?
function people.count(session, room, all)
	if not room.each_occupant or not has_limit(all) then return nil; end
	if session and session.full_jid and room:get_occupant_by_real_jid(session.full_jid) then return nil; end
	local going = {};
	local others = unique_of(session, room) and others_of(room, session.meetauth_grant) or nobody;
	for _, other in ipairs(others) do going[other.nick] = true; end
	return people.number(room, going);
end

--- Of a user who may be there once, the occupant with this session stays, the others go.
function people.keep_one(room, occupant, session)
	if not unique_of(session, room) then return; end
	for _, other in ipairs(others_of(room, session.meetauth_grant, occupant.nick)) do
		local real_jid = other.session.full_jid;
		notice.removed(room, real_jid, OTHER_DEVICE);
		room:set_role(true, other.nick, nil, refusals.words(OTHER_DEVICE));
		module:fire_event("meetauth-ejected", { room = room, jid = real_jid, reason = OTHER_DEVICE });
	end
end

--- Hook: the newest of a user stays, or the first, whom nobody takes the place of but after a connection that dropped.
function people.joined(event)
	people.keep_one(event.room, event.occupant, event.origin);
end

--- Hook: a ban, or its end, counts for the user id as well: for all of its connections, those in the room, too.
function people.affiliated(event)
	local room, bare = event.room, jid_bare(event.jid);
	local banned = room._data.meetauth_banned or {};
	if event.affiliation == "outcast" then
		local ids = user_ids_of(bare);
		for id in pairs(ids) do banned[id] = bare; end
		if next(ids) ~= nil then remove_banned(room, ids); end
	else
		for id, by in pairs(banned) do
			if by == bare then banned[id] = nil; end
		end
	end
	room._data.meetauth_banned = next(banned) and banned or nil;
end

--- Whether a session's user id is banned from a room.
---@return boolean
function people.is_banned(room, grant)
	local banned = room._data and room._data.meetauth_banned;
	return banned ~= nil and grant.user ~= nil and grant.user.id ~= nil and banned[grant.user.id] ~= nil;
end

return people;
