-- deadline: when a person in a room must leave, or is warned. There is one timer for each real JID in a room. A person
-- who must leave is told a minute before. There are two kinds of deadline. The deadline of a Daily token, or of an
-- entry's eject_after, is fixed at the join and kept on the session. It therefore survives nick changes, resumption and
-- a reload of this module. The expiry of a Jitsi token is read from the session's grant each time the timer fires, so
-- that a newer token moves it. The earlier deadline is used.

local time_now = require "util.time".now; -- with fractions: a second is not cut short
local time_monotonic = require "util.time".monotonic; -- as the timers count

local clockstep = require "meetauth.server.clockstep";
local policy = require "meetauth.access.policy";

local made = module:require "made";
local notice = module:require "notice";

local full_sessions, hosts = prosody.full_sessions, prosody.hosts;

local deadline = {};

local WAIT_MAX = 86400; -- seconds of one timer; it is started again as often as it takes
local NOTICE = 60; -- seconds before the end
local CLOCK_EVERY = 2; -- seconds between two looks whether the clock was set

local timers = {}; -- room JID -> real JID -> timer
local clock; -- the timer that checks it

local words = { ["expired"] = "Token expired", ["time-limit"] = "Time limit reached" };

local act = { warn = notice.warn };

function act.kick(room, real_jid, reason)
	local occupant = room:get_occupant_by_real_jid(real_jid);
	room:set_role(true, occupant.nick, nil, words[reason]);
	module:fire_event("meetauth-ejected", { room = room, jid = real_jid, reason = reason });
end

-- Bring a deadline that a join has fixed up to date. The moment of the join is kept by the clock that is never set. It is
-- therefore right after each change of the other clock, noticed or not.
local function tell(fixed)
	local joined = clockstep.told(fixed.joined, time_now, time_monotonic);
	fixed.at, fixed.reason = policy.deadline(fixed.grant, joined, fixed.made);
	return fixed;
end

-- Whether a session was warned of that end already, and what comes next is another one.
local function is_warned(session, room_jid, expires)
	return session.meetauth_warned ~= nil and session.meetauth_warned[room_jid] == expires;
end

-- The next step for a session in a room: when, what to do, and why; nil: none.
local function due(session, room_jid)
	local grant = session and session.meetauth_grant;
	if not grant then return nil; end
	local fixed = session.meetauth_deadlines and session.meetauth_deadlines[room_jid];
	local at = fixed and tell(fixed).at;
	local expires = act[grant.at_expiry] and not is_warned(session, room_jid, grant.expires) and grant.expires;
	if expires and not (at and at <= expires) then return expires, grant.at_expiry, "expired"; end
	if at then return at, "kick", fixed.reason; end
	return nil;
end

local function forget(room_jid, real_jid)
	local of_room = timers[room_jid];
	if not of_room or not of_room[real_jid] then return; end
	of_room[real_jid]:stop();
	of_room[real_jid] = nil;
	if next(of_room) == nil then timers[room_jid] = nil; end
end

-- The end that a session in a room was told of, where it is still that one: the clock may be set meanwhile.
local function is_told(session, room_jid, at)
	local told = session.meetauth_told and session.meetauth_told[room_jid];
	return told ~= nil and math.abs(told - at) < NOTICE;
end

-- When to check a session again: it is told before it is put out.
local function moment(session, room_jid, at, action)
	return action == "kick" and not is_told(session, room_jid, at) and at - NOTICE or at;
end

local function tell_end(session, room, at, reason)
	session.meetauth_told = session.meetauth_told or {};
	session.meetauth_told[room.jid] = at;
	notice.ending(room, session.full_jid, reason, math.ceil(at - time_now()));
end

local function note_warning(session, room_jid, at)
	session.meetauth_warned = session.meetauth_warned or {};
	session.meetauth_warned[room_jid] = at;
end

local function fire(room, real_jid)
	if timers[room.jid] then timers[room.jid][real_jid] = nil; end
	if not room:get_occupant_by_real_jid(real_jid) then return; end
	local session = full_sessions[real_jid];
	local at, action, reason = due(session, room.jid);
	if not at then return; end
	local now = time_now();
	if now >= at then
		act[action](room, real_jid, reason);
		if action == "kick" then return; end
		note_warning(session, room.jid, at);
	elseif now >= moment(session, room.jid, at, action) then
		tell_end(session, room, at, reason);
	end
	deadline.arm(room, real_jid, session);
end

--- Watch an occupant, with its session's present rights.
function deadline.arm(room, real_jid, session)
	forget(room.jid, real_jid);
	local at, action = due(session, room.jid);
	if not at then return; end
	timers[room.jid] = timers[room.jid] or {};
	local wait = math.min(math.max(0, moment(session, room.jid, at, action) - time_now()), WAIT_MAX);
	timers[room.jid][real_jid] = module:add_timer(wait, function () fire(room, real_jid); end);
end

local function drop(session, room_jid)
	if not session then return; end
	if session.meetauth_deadlines then session.meetauth_deadlines[room_jid] = nil; end
	if session.meetauth_told then session.meetauth_told[room_jid] = nil; end
	if session.meetauth_warned then session.meetauth_warned[room_jid] = nil; end
end

-- The deadline that a join fixes now, if the token or the room sets one.
local function fix(session, room)
	local fixed = tell({ grant = session.meetauth_grant, joined = time_monotonic(), made = made.rules(session, room) });
	return fixed.at and fixed;
end

--- Hook: somebody who is not in the room has passed its gates. Their time begins now, and earlier deadlines are no longer
-- valid. It runs on for who sends a join again from inside.
function deadline.joining(event)
	local session, room = event.origin, event.room;
	local fixed = session.meetauth_grant and fix(session, room) or nil;
	drop(session, room.jid);
	if not fixed then return; end
	session.meetauth_deadlines = session.meetauth_deadlines or {};
	session.meetauth_deadlines[room.jid] = fixed;
end

--- Hook: somebody came in.
function deadline.joined(event)
	deadline.arm(event.room, event.jid or event.stanza.attr.from, event.origin);
end

local function leave(room, real_jid)
	forget(room.jid, real_jid);
	drop(full_sessions[real_jid], room.jid);
end

--- Hook: a session leaves, perhaps one of several of an occupant.
function deadline.leaving(event)
	leave(event.room, event.stanza.attr.from);
end

--- Hook: an occupant is gone, of itself or not; or has only changed its nick.
function deadline.left(event)
	if event.stanza and not event.stanza.attr.type then return; end
	for real_jid in event.occupant:each_session() do leave(event.room, real_jid); end
	if event.stanza then leave(event.room, event.stanza.attr.from); end
end

-- Each session in each room: visit(room, real_jid, session).
local function each_seat(visit)
	local muc = hosts[module.host].modules.muc;
	if not muc then return; end
	for room in muc.each_room(true) do
		for _, occupant in room:each_occupant() do
			for real_jid in occupant:each_session() do visit(room, real_jid, full_sessions[real_jid]); end
		end
	end
end

--- How many timers there are.
function deadline.count()
	local count = 0;
	for _, of_room in pairs(timers) do
		for _ in pairs(of_room) do count = count + 1; end
	end
	return count;
end

-- The clock was set: timers go on as before, and what they wait for may be nearer now, or further away.
local function clock_set(by)
	local way = by > 0 and "ahead" or "back";
	module:log("warn", "The clock was set %s by %.0f seconds. All deadlines are calculated again", way, math.abs(by));
	each_seat(deadline.arm);
end

--- Everybody who is already present, after a reload of this module; and from now on a check of the clock.
function deadline.watch()
	each_seat(deadline.arm);
	local stepped = clockstep.new(time_now, time_monotonic);
	clock = module:add_timer(CLOCK_EVERY, function ()
		local by = stepped();
		if by ~= 0 then clock_set(by); end
		return CLOCK_EVERY;
	end);
end

--- No timer fires any more: the module after a reload has its own.
function deadline.stop()
	clock:stop();
	for _, of_room in pairs(timers) do
		for _, timer in pairs(of_room) do timer:stop(); end
	end
	timers = {};
end

return deadline;
