-- mod_muc_meetauth: on a MUC component, lets sessions into the rooms that their grant opens.
-- It never fails to load: where it cannot do its work it refuses everybody but admins, and says so once.

module:require "mod_auth_meetauth/prefix"; -- before anything of the library

local jid_bare = require "util.jid".bare;
local jid_node = require "util.jid".node;

local share_libs = require "meetauth.server.libs".share;

share_libs(module);

local admission = module:require "admission";
local affiliation = module:require "affiliation";
local autostart = module:require "autostart";
local bans = module:require "bans";
local breakout = module:require "breakout";
local calls = module:require "calls";
local clientinfo = module:require "clientinfo";
local conference = module:require "conference";
local deadline = module:require "deadline";
local gate = module:require "gate";
local invites = module:require "invites";
local kicks = module:require "kicks";
local lobby = module:require "lobby";
local made = module:require "made";
local moderation = module:require "moderation";
local nick = module:require "nick";
local opening = module:require "opening";
local people = module:require "people";
local place = module:require "place";
local record = module:require "record";
local resource = module:require "resource";
local returning = module:require "returning";
local settings = module:require "settings";
local strangers = module:require "strangers";
local update = module:require "update";

-- The first joiner creates the room and passes both hooks; everybody else only the second.
module:hook("muc-room-pre-create", admission.check, 99);
module:hook("muc-occupant-pre-join", admission.check, 99);
module:hook("iq-set/bare/http://jabber.org/protocol/muc#owner:query", admission.check_configuration, -1);

-- Before anybody answers. People who are in the room, or may be, are left to Prosody.
for _, event in ipairs({ "iq", "message", "presence" }) do
	module:hook(event .. "/bare", gate.check, 100);
	module:hook(event .. "/full", gate.check, 100);
end
module:hook("iq/bare/jabber:iq:register:query", gate.refuse_registration, 100);
module:hook("host-disco-items", gate.list, -1);

for _, event in ipairs({ "presence/bare", "presence/full", "message/bare", "message/full" }) do
	module:hook(event, strangers.speaking, 1000);
end

-- Jitsi's lobby gate is at -4, members only at -5, the password at -20; lobby bypasses of others at -3.
module:hook("muc-occupant-pre-join", nick.joining, 50);
module:hook("muc-occupant-pre-join", resource.joining, 11); -- where Jitsi's muc_resource_validate is
module:hook("muc-room-pre-create", opening.creating, 0.5); -- restrict_room_creation is at 0
module:hook("muc-occupant-pre-join", settings.counting, 9); -- Jitsi's muc_max_occupants is at 10
module:hook("muc-room-pre-create", settings.checking, -0.4);
module:hook("muc-room-pre-create", lobby.creating, -0.5); -- the room is made at -1000
module:hook("muc-occupant-pre-join", settings.checking, -2.4);
module:hook("muc-occupant-pre-join", settings.knowing, -2.4);
module:hook("muc-occupant-pre-join", lobby.prepare, -2.5);
module:hook("muc-occupant-pre-join", affiliation.apply, -3.5);
module:hook("muc-config-submitted/muc#roomconfig_membersonly", lobby.configured, -1000);
module:wrap_event("muc-room-pre-create", affiliation.around);
module:wrap_event("muc-occupant-pre-join", affiliation.around);
module:hook("muc-occupant-session-new", affiliation.joined);
module:hook("muc-occupant-left", affiliation.left, -5); -- others read the role of the leaver
module:hook_global("meetauth-session-ended", affiliation.ended);
module:hook("muc-set-affiliation", affiliation.given);
module:hook("muc-pre-set-affiliation", affiliation.guard);
module:hook("muc-pre-set-role", affiliation.guard_role);
module:hook("muc-set-affiliation", people.affiliated);

-- After every gate, and before anybody sees the newcomer; Jitsi's own av_moderation acts at -1 and -2.
module:hook("muc-occupant-pre-join", made.joining, -998);
module:hook("muc-occupant-pre-join", deadline.joining, -999);
module:hook("muc-occupant-pre-join", clientinfo.joining, -999);
module:hook("muc-build-occupant-presence", clientinfo.building, -1);
module:hook("muc-occupant-pre-join", moderation.joining, -1000);
module:hook("muc-occupant-pre-change", moderation.changing, -1000);
module:hook("muc-occupant-joined", moderation.joined, -3);
module:hook("muc-set-affiliation", moderation.affiliated, -2);
module:hook("muc-occupant-left", moderation.left);

module:hook("muc-occupant-session-new", deadline.joined, 1); -- before the client is told of it
module:hook("muc-occupant-session-new", clientinfo.joined);
module:hook("muc-occupant-session-new", record.joined);
module:hook("muc-occupant-session-new", returning.joined);
module:hook("muc-pre-set-role", returning.putting_out);
module:wrap_event("iq-set/bare/http://jabber.org/protocol/muc#admin:query", kicks.around);
module:hook("muc-pre-set-role", kicks.putting_out);
module:hook("muc-occupant-left", kicks.left);
module:hook("iq-set/bare/urn:meetauth:invite:0:invite", invites.asked);
module:hook("muc-occupant-left", returning.left, 1);
module:hook("meetauth-ejected", record.removed, 1);
module:hook("muc-occupant-joined", people.joined);
module:hook("muc-occupant-joined", settings.joined);
module:hook("muc-occupant-left", settings.left);
module:hook("muc-room-destroyed", settings.destroyed);
module:hook("muc-occupant-joined", autostart.joined, -1);
module:hook("muc-occupant-pre-leave", deadline.leaving, -100);
module:hook("muc-occupant-left", deadline.left);
module:hook("muc-occupant-left", made.left, -1); -- the others check who has gone
module:hook("muc-occupant-session-new", calls.joined);
module:hook("muc-occupant-left", calls.left);
module:hook("muc-occupant-left", bans.left);
deadline.watch();
settings.watch();
function module.unload() -- else timers of up to a day hold all of this
	deadline.stop();
	settings.stop();
end
moderation.settle_all();

update.watch();
record.watch();
place.check();
module:hook_global("server-started", place.check);

--- For the shell: the host whose rooms these are.
module.environment.base = place.base;

--- For mod_http_meetauth: who is in these rooms, and what is done to them. For the shell: who is kept out of them.
module.environment.calls, module.environment.bans = calls, bans;

--- For mod_auth_meetauth: what is said to a session that asks for a conference in the room at an address.
module.environment.conference_refusal = conference.refusal;

--- For the shell: a link for somebody else, in the name of an owner who is in the room.
module.environment.invite = invites.make;

--- For the shell: who was kicked out of rooms here, and to lift that.
module.environment.kicked, module.environment.readmit = kicks.all, kicks.lift;

--- For mod_auth_meetauth: whether a session may enter the room at an address, and whether it moderates there.
module.environment.may_enter = admission.may_enter;

--- For mod_auth_meetauth: the name by which the decision knows the room at an address, if that session is in it.
---@param session table
---@param address string
---@return string?
function module.environment.seat_of(session, address)
	local muc = prosody.hosts[module.host].modules.muc;
	local room = muc and muc.get_room_from_jid(jid_bare(address));
	if not room or not room:get_occupant_by_real_jid(session.full_jid) then return nil; end
	return jid_node((breakout.main_of(room.jid) or room).jid);
end
