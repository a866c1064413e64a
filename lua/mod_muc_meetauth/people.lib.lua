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

--- Hook: the newest of a user stays, the others go.
function people.joined(event)
	local grant = event.origin.meetauth_grant;
	if not grant or not grant.unique then return; end
	local room, newest = event.room, event.occupant.nick;
	local others = {};
	for _, occupant in room:each_occupant() do
		if occupant.nick ~= newest and user_id_of(occupant.bare_jid) == grant.user.id then others[#others + 1] = occupant.nick; end
	end
	for _, nick in ipairs(others) do room:set_role(true, nick, nil, "Joined from another device"); end
end

--- Hook: a ban, or its end, counts for the user id as well.
function people.affiliated(event)
	local room, bare = event.room, jid_bare(event.jid);
	local banned = room._data.meetauth_banned or {};
	if event.affiliation == "outcast" then
		local id = user_id_of(bare);
		if id then banned[id] = bare; end
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
