-- made: the rules of a room that a back end has made by REST, for people who enter. It also changes the grant there,
-- because the room decides where a token says nothing. That grant is fixed at the join, and lasts until its bearer leaves.
-- Rooms that nobody has made cost one look into a table.

local grants = require "meetauth.access.grant";

local breakout = module:require "breakout";
local place = module:require "place";

local hosts, full_sessions = prosody.hosts, prosody.full_sessions;

local made = {};

-- The host whose back ends have made the rooms that a session comes to. It is the host that judged its token or, if that
-- judges none, the host of the rooms.
local function auth_of(session)
	local host = session and session.meetauth_grant and hosts[session.host];
	return host and host.modules.auth_meetauth or hosts[place.base].modules.auth_meetauth;
end

--- Whether the rooms could not be read yet; and the rules of one, by the ids of the entries whose back ends have made it.
---@param session table?
---@param node string?  the room's name; for a breakout room, the main room's name
---@return boolean is_unread
---@return table<string, MadeRules>?
function made.all(session, node)
	local auth = auth_of(session);
	if not auth then return true; end
	return auth.made_rules(node);
end

--- The rules of a room for a session; nil: nobody has made it for tokens such as this one's.
---@param session table?
---@param room table
---@return MadeRules?
function made.rules(session, room)
	local grant = session and session.meetauth_grant;
	if not grant or not grant.said then return nil; end
	local main = breakout.main_of(room.jid) or room;
	local _, all = made.all(session, main.jid:match("^([^@]+)@"));
	return all and all[grant.entry];
end

---@class Seat           of a session in a room
---@field base Grant       its token's
---@field grant Grant      that counts here
---@field defaults table?  of the room, as it was at the join
---@field later table?     the claim p that was given since

-- The features that neighbours read: they know one set for a session. Of a token for many rooms, a room takes away only.
local function tell_neighbours(session, seat)
	local grant = session.meetauth_grant;
	if grant.room ~= "*" then
		session.jitsi_meet_context_features = seat.grant.features;
		return;
	end
	local features = {};
	for name, value in pairs(grant.features) do features[name] = value and seat.grant.features[name]; end
	session.jitsi_meet_context_features = features;
end

-- The seat of a session that knows what its token has said.
local function seat_of(session, room)
	local seat = session.meetauth_seats and session.meetauth_seats[room.jid];
	if seat and seat.base ~= session.meetauth_grant then -- it has another token by now
		seat.base = session.meetauth_grant;
		seat.grant = grants.within(seat.base, seat.defaults, seat.later);
		tell_neighbours(session, seat);
	end
	return seat;
end

--- The grant of a session that counts in a room.
---@param session table?
---@param room table
---@return Grant?
function made.grant(session, room)
	local grant = session and session.meetauth_grant;
	if not grant or not grant.said then return grant; end
	local seat = seat_of(session, room);
	if seat then return seat.grant; end
	local rules = made.rules(session, room);
	return rules and rules.defaults and grants.within(grant, rules.defaults) or grant;
end

local function leave(session, room_jid)
	local seats = session and session.meetauth_seats;
	if not seats or not seats[room_jid] then return; end
	seats[room_jid] = nil;
	if session.meetauth_grant then session.jitsi_meet_context_features = session.meetauth_grant.features; end
end

--- Hook: somebody is let in; what the room says now counts until they leave.
function made.joining(event)
	local session, room = event.origin, event.room;
	leave(session, room.jid); -- of a join that came to nothing
	local grant, rules = session.meetauth_grant, made.rules(session, room);
	if not rules or not rules.defaults then return; end
	local seat = { base = grant, grant = grants.within(grant, rules.defaults), defaults = rules.defaults };
	session.meetauth_seats = session.meetauth_seats or {};
	session.meetauth_seats[room.jid] = seat;
	tell_neighbours(session, seat);
end

--- Give a bearer who is in a room other permissions there, until they leave.
---@param session table
---@param room table
---@param p table  the claim
function made.permit(session, room, p)
	local seat = seat_of(session, room) or { base = session.meetauth_grant };
	local permissions = require "meetauth.dialect.daily.permissions"; -- loaded with the Daily entry of this token
	seat.later = permissions.merged(nil, seat.later, p, false);
	seat.grant = grants.within(seat.base, seat.defaults, seat.later);
	session.meetauth_seats = session.meetauth_seats or {};
	session.meetauth_seats[room.jid] = seat;
	tell_neighbours(session, seat);
end

--- Hook: an occupant is gone, or has only changed its nick.
function made.left(event)
	local stanza, room = event.stanza, event.room;
	if stanza and not stanza.attr.type then return; end
	for real_jid in event.occupant:each_session() do leave(full_sessions[real_jid], room.jid); end
	if stanza then leave(full_sessions[stanza.attr.from], room.jid); end
end

return made;
