-- lifetime: what happens to an occupant whose token expires while the call runs. One timer for each real
-- JID in a room; it looks at the session's grant when it fires, so a resumed stream with a newer token stays.

local st = require "util.stanza";
local jid_split = require "util.jid".split;

local hosts = prosody.hosts;

local lifetime = {};

local WAIT_MAX = 86400; -- seconds of one timer; it is started again as often as it takes

local timers = {}; -- room JID -> real JID -> timer

local function session_of(real_jid)
	local node, host, resource = jid_split(real_jid);
	local user = hosts[host] and hosts[host].sessions and hosts[host].sessions[node];
	return user and user.sessions[resource];
end

local function warn(room, real_jid)
	room:route_stanza(st.message({ type = "groupchat", from = room.jid, to = real_jid })
		:text_tag("body", "Your access to this meeting has expired.")
		:tag("expired", { xmlns = "http://jitsi.org/jitmeet" }));
end

local function kick(room, real_jid, occupant)
	module:log("info", "Occupant of %s removed: expired", room.jid);
	room:set_role(true, occupant.nick, nil, "Token expired");
	module:fire_event("meetauth-ejected", { room = room, jid = real_jid, reason = "expired" });
end

local act = { warn = warn, kick = kick };

local function forget(room_jid, real_jid)
	local of_room = timers[room_jid];
	if not of_room or not of_room[real_jid] then return; end
	of_room[real_jid]:stop();
	of_room[real_jid] = nil;
	if next(of_room) == nil then timers[room_jid] = nil; end
end

local arm;

local function fire(room, real_jid)
	if timers[room.jid] then timers[room.jid][real_jid] = nil; end
	local session, occupant = session_of(real_jid), room:get_occupant_by_real_jid(real_jid);
	local grant = session and session.meetauth_grant;
	if not occupant or not grant or not act[grant.at_expiry] then return; end
	if os.time() < grant.expires then return arm(room, real_jid, session); end
	act[grant.at_expiry](room, real_jid, occupant);
end

--- Watch an occupant's token.
function arm(room, real_jid, session)
	forget(room.jid, real_jid);
	local grant = session and session.meetauth_grant;
	if not grant or not grant.expires or not act[grant.at_expiry] then return; end
	timers[room.jid] = timers[room.jid] or {};
	local wait = math.min(math.max(0, grant.expires - os.time()), WAIT_MAX);
	timers[room.jid][real_jid] = module:add_timer(wait, function ()
		fire(room, real_jid);
	end);
end

lifetime.arm = arm;

--- Hook: somebody came in.
function lifetime.joined(event)
	arm(event.room, event.jid or event.stanza.attr.from, event.origin);
end

--- Hook: somebody left.
function lifetime.left(event)
	if event.stanza and not event.stanza.attr.type then return; end -- only the nick changes
	for real_jid in event.occupant:each_session() do forget(event.room.jid, real_jid); end
	if event.stanza then forget(event.room.jid, event.stanza.attr.from); end
end

--- Everybody who is there already: after a reload of this module.
function lifetime.arm_all()
	local muc = hosts[module.host].modules.muc;
	if not muc then return; end
	for room in muc.each_room(true) do
		for _, occupant in room:each_occupant() do
			for real_jid in occupant:each_session() do arm(room, real_jid, session_of(real_jid)); end
		end
	end
end

return lifetime;
