-- returning: a moderator by token who drops out of a room comes back immediately, even if the lobby is on by then.
-- Otherwise, maybe nobody is in the room to let the moderator in. The moderator is known by the user id that an entry
-- gives, or by the token.

local sha256 = require "meetauth.core".sha256;

local returning = {};

local MODERATORS_MAX = 100; -- of one room; those beyond wait

local full_sessions = prosody.full_sessions;

--- The identity of a bearer in a room: the user of an entry or, without an id, the bearer of that token.
---@param session table  with a grant
---@return string
function returning.identity_of(session)
	local grant = session.meetauth_grant;
	local id = grant.user and grant.user.id;
	return id and grant.entry .. "\0" .. id or sha256(session.auth_token or "");
end

local identity_of = returning.identity_of;

local function moderates(session)
	local grant = session and session.meetauth_grant;
	return grant ~= nil and grant.owner == "granted" and session.auth_token ~= nil;
end

--- Hook: somebody is in.
function returning.joined(event)
	local session, room = event.origin, event.room;
	if not moderates(session) then return; end
	local known = room.meetauth_moderators or { count = 0, has = {} };
	local identity = identity_of(session);
	if known.has[identity] or known.count >= MODERATORS_MAX then return; end
	known.count, known.has[identity] = known.count + 1, true;
	room.meetauth_moderators = known;
end

--- Hook: a role is asked for; none at all is to leave. Whether the asker may is not known yet.
function returning.putting_out(event)
	if event.role == nil and event.actor ~= true then event.room.meetauth_put_out = event.occupant.nick; end
end

--- Hook: an occupant is gone. Whom somebody has put out waits like everybody; whom the server puts out is judged by the token.
function returning.left(event)
	local room, occupant = event.room, event.occupant;
	local nick, known = room.meetauth_put_out, room.meetauth_moderators;
	room.meetauth_put_out = nil;
	if not known or event.stanza or nick ~= occupant.nick then return; end
	for real_jid in occupant:each_session() do
		local session = full_sessions[real_jid];
		local identity = moderates(session) and identity_of(session);
		if identity and known.has[identity] then known.count, known.has[identity] = known.count - 1, nil; end
	end
end

--- Whether somebody who joins moderated this room before, by their token, and was not put out.
---@param room table
---@param session table
---@return boolean
function returning.is_moderator(room, session)
	local known = room.meetauth_moderators;
	return known ~= nil and moderates(session) and known.has[identity_of(session)] == true;
end

return returning;
