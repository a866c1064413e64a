-- record: the counters, log lines and audit lines about users who joined a room, were refused, or were removed. No label
-- has a value from a token, a user or a room.

local audit = require "meetauth.server.audit";
local counters = require "meetauth.server.counters";

local deadline = module:require "deadline";
local loan = module:require "loan";
local place = module:require "place";

local record = {};

local accepted = counters.of(module:metric("counter", "accepted", "", "joins accepted", { "dialect", "entry" }));
local denied = counters.of(module:metric("counter", "denied", "", "joins refused", { "dialect", "entry", "reason" }));
local removed = counters.of(module:metric("counter", "removed", "", "occupants removed", { "dialect", "entry", "reason" }));
local live_timers = module:metric("gauge", "timers", "", "timers that end the time of people in rooms", {}):with_labels();

-- The VirtualHost has the option, and the channel.
local function tell(event, session, room, about)
	local virtual_host = prosody.hosts[place.base or ""];
	local auth = virtual_host and virtual_host.modules.auth_meetauth;
	if not auth or not auth.is_audited() then return; end
	local grant = session and session.meetauth_grant;
	local decision = {
		event = event, host = session and session.host or place.base, room = room.jid,
		entry = grant and grant.entry, dialect = grant and grant.dialect,
	};
	decision.user, decision.jti = audit.bearer(grant);
	for name, value in pairs(about) do decision[name] = value; end
	auth.audit(decision);
end

--- A join was refused.
---@param session table  the sender; a module's or a component's stanza has no more than a type
---@param room table
---@param reason string
---@param ref string
---@param hint string?
function record.refused(session, room, reason, ref, hint)
	local grant = session.meetauth_grant;
	(session.log or module._log)("info", "Join refused: %s (%s)%s", reason, ref, hint and ": " .. hint or "");
	denied(grant and grant.dialect or "none", grant and grant.entry or "none", reason):add(1);
	tell("join_refused", session, room, { reason = reason, ref = ref });
end

--- Hook: a session came in, past every gate. People who need no grant are not recorded.
function record.joined(event)
	local session, room, from = event.origin, event.room, event.stanza.attr.from;
	if not session.meetauth_grant and place.exempts(from) then return; end
	local grant, standing = session.meetauth_grant, loan.standing(room, event.occupant.bare_jid);
	accepted(grant and grant.dialect or "none", grant and grant.entry or "guest"):add(1);
	(session.log or module._log)("info", "Join accepted: %s, as %s", grant and grant.entry or "guest", standing);
	tell("join_accepted", session, room, { affiliation = standing });
end

--- A room was set by its owner's token.
---@param session table  the owner's
---@param room table
---@param names string[]  what was set
function record.set(session, room, names)
	local words = table.concat(names, " ");
	(session.log or module._log)("info", "The owner's token set up the room: %s", words);
	tell("room_set", session, room, { settings = words });
end

--- An owner has made an invitation.
function record.invited(session, room)
	(session.log or module._log)("info", "Invitation made for %s", room.jid);
	tell("invited", session, room, {});
end

--- Hook: somebody's time has ended, or their token is no longer valid.
function record.removed(event)
	local session = prosody.full_sessions[event.jid];
	local grant = session and session.meetauth_grant;
	module:log("info", "Occupant of %s removed: %s", event.room.jid, event.reason);
	removed(grant and grant.dialect or "none", grant and grant.entry or "none", event.reason):add(1);
	tell("removed", session, event.room, { reason = event.reason });
end

--- From now on, tell how many timers there are.
function record.watch()
	module:hook_global("stats-update", function () live_timers:set(deadline.count()); end);
end

return record;
