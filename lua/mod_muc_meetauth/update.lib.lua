-- update: a session came back with another token: every room here that it is in is looked at again.

local jid_bare = require "util.jid".bare;

local hosts = prosody.hosts;

local update = {};
local site, admission, affiliation, people, deadline, moderation, clientinfo;

local function look_again(room, session, occupant)
	local decision, reason = admission.decide(session, room);
	if not decision then
		room:set_role(true, occupant.nick, nil, reason);
		module:fire_event("meetauth-ejected", { room = room, jid = session.full_jid, reason = reason });
		return;
	end
	if decision.affiliation then affiliation.set(room, jid_bare(session.full_jid), decision); end
	people.keep_one(room, occupant, session);
	deadline.arm(room, session.full_jid, session);
	moderation.settle(room);
	clientinfo.tell(room, occupant, session);
end

local function updated(event)
	local session = event.session;
	local muc = hosts[module.host].modules.muc;
	if not muc or not session.full_jid or not site.accepts(session.host) or site.exempts(session.full_jid) then return; end
	for room in muc.each_room(true) do
		local occupant = room:get_occupant_by_real_jid(session.full_jid);
		if occupant then look_again(room, session, occupant); end
	end
end

function update.watch()
	module:hook_global("meetauth-session-updated", updated);
end

return function (this_site, this_admission, this_affiliation, this_people, this_deadline, this_moderation, this_clientinfo)
	site, admission, affiliation, people = this_site, this_admission, this_affiliation, this_people;
	deadline, moderation, clientinfo = this_deadline, this_moderation, this_clientinfo;
	return update;
end;
