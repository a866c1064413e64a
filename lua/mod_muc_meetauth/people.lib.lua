-- people: users of a token's user id, whatever device or connection they come from: one at a time where the
-- token's entry says so, and banned from a room when one of their connections is.

local jid_bare = require "util.jid".bare;

local made = module:require "made";

local bare_sessions, full_sessions = prosody.bare_sessions, prosody.full_sessions;

local people = {};

local nobody = {};

local function id_of(session)
	local grant = session and session.meetauth_grant;
	return grant and grant.user and grant.user.id;
end

--- The sessions of a bare JID, whose tokens need not be the same: for _, session in people.sessions_of(bare).
---@param bare string
function people.sessions_of(bare)
	local user = bare_sessions[bare];
	return pairs(user and user.sessions or nobody);
end

-- Who is behind a bare JID: the ids that the grants of its sessions give.
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

-- Everybody in a room with one of those user ids goes, but for one nick.
local function remove(room, ids, but, reason)
	local others = {};
	for nick, occupant in room:each_occupant() do
		if nick ~= but and is_any(occupant, ids) then others[#others + 1] = nick; end
	end
	for _, nick in ipairs(others) do room:set_role(true, nick, nil, reason); end
end

--- Of a user that may be there once, the occupant with this session stays, the others go.
function people.keep_one(room, occupant, session)
	local grant = session.meetauth_grant;
	local rules = made.rules(session, room);
	local is_unique = grant and (grant.unique or rules and rules.unique and id_of(session));
	if is_unique then remove(room, { [grant.user.id] = true }, occupant.nick, "Joined from another device"); end
end

--- Hook: the newest of a user stays.
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
		if next(ids) ~= nil then remove(room, ids, nil, "Banned"); end
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
