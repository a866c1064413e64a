-- people: users of a token's user id, whatever device or connection they come from: one at a time where the
-- token's entry says so, and banned from a room when one of their connections is.

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local hosts = prosody.hosts;

local people = {};

local function each_session_of(bare)
	local node, host = jid_split(bare);
	local user = hosts[host] and hosts[host].sessions and hosts[host].sessions[node];
	return pairs(user and user.sessions or {});
end

-- Who is behind a bare JID: the id that the grant gives.
local function user_id_of(bare)
	for _, session in each_session_of(bare) do
		local grant = session.meetauth_grant;
		if grant and grant.user and grant.user.id then return grant.user.id; end
	end
	return nil;
end

-- Everybody in a room with that user id goes, but for one nick.
local function remove(room, id, but, reason)
	local others = {};
	for nick, occupant in room:each_occupant() do
		if nick ~= but and user_id_of(occupant.bare_jid) == id then others[#others + 1] = nick; end
	end
	for _, nick in ipairs(others) do room:set_role(true, nick, nil, reason); end
end

--- Of a user that may be there once, the occupant with this session stays, the others go.
function people.keep_one(room, occupant, session)
	local grant = session.meetauth_grant;
	if grant and grant.unique then remove(room, grant.user.id, occupant.nick, "Joined from another device"); end
end

--- Hook: the newest of a user stays.
function people.joined(event)
	people.keep_one(event.room, event.occupant, event.origin);
end

--- Hook: a ban, or its end, counts for the user id as well: for all of its connections, those in the room, too.
function people.affiliated(event)
	local room, bare = event.room, jid_bare(event.jid);
	local banned = room._data.meetauth_banned or {};
	local id = event.affiliation == "outcast" and user_id_of(bare) or nil;
	if id then
		banned[id] = bare;
		remove(room, id, nil, "Banned");
	elseif event.affiliation ~= "outcast" then
		for other, by in pairs(banned) do
			if by == bare then banned[other] = nil; end
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
