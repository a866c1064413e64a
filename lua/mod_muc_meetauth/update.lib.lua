-- update: if a session comes back with another token, every room on this component that it is in is checked again. In a
-- breakout room it has only a token for the main room. All users of a room are also checked if the room comes back from
-- storage, because the MUC was unloaded or forgot it.

local jid_host = require "util.jid".host;

local refusals = require "meetauth.server.refusals";

local admission = module:require "admission";
local affiliation = module:require "affiliation";
local clientinfo = module:require "clientinfo";
local deadline = module:require "deadline";
local moderation = module:require "moderation";
local notice = module:require "notice";
local people = module:require "people";
local place = module:require "place";

local hosts = prosody.hosts;

local update = {};

--- A session's new rights apply in a room that it is in.
---@param room table
---@param session table
---@param occupant table
---@param may_stay boolean?  also if its token is no longer valid
function update.look_again(room, session, occupant, may_stay)
	local decision, reason = admission.decide(session, room);
	if not decision and may_stay then return affiliation.take_back(room, session); end
	if not decision then
		notice.removed(room, session.full_jid, reason);
		room:set_role(true, occupant.nick, nil, refusals.words(reason));
		module:fire_event("meetauth-ejected", { room = room, jid = session.full_jid, reason = reason });
		return;
	end
	affiliation.settle(room, session, decision);
	people.keep_one(room, occupant, session);
	deadline.arm(room, session.full_jid, session);
	moderation.settle(room);
	clientinfo.tell(room, occupant, session);
end

local function look_for(session, room, may_stay)
	local occupant = room:get_occupant_by_real_jid(session.full_jid);
	if occupant then
		update.look_again(room, session, occupant, may_stay);
	elseif session.meetauth_away and session.meetauth_away[room] and not admission.decide(session, room) then
		affiliation.take_back(room, session);
	end
end

local function is_judged(session)
	return place.accepts(session.host) and not place.exempts(session.full_jid);
end

local function updated(event)
	local session = event.session;
	local muc = hosts[module.host].modules.muc;
	if not muc or not session.full_jid or not is_judged(session) then return; end
	for room in muc.each_room(true) do look_for(session, room, event.may_stay); end
end

-- Jitsi's event: may a session have the token that it came back with? Where the token does not open a room here, the session
-- is put out later. Nobody would put it out of a breakout room. Therefore it keeps its token for the main room there.
local function verify(event)
	local session = event.session;
	local jid, muc = session.jitsi_meet_verified_room, hosts[module.host].modules.muc;
	if not jid or not muc or jid_host(jid) ~= module.host or not is_judged(session) then return nil; end
	local room = muc.get_room_from_jid(jid);
	if not room or not affiliation.is_away(room, session) then return nil; end
	local decision, reason = admission.decide(session, room);
	if decision or reason ~= "room-mismatch" then return nil; end
	return { res = false, room = jid, reason = refusals.words(reason) };
end

local function restored(event)
	local room, sessions = event.room, {};
	for _, occupant in room:each_occupant() do
		for real_jid in occupant:each_session() do sessions[#sessions + 1] = prosody.full_sessions[real_jid]; end
	end
	for _, session in ipairs(sessions) do
		if is_judged(session) then look_for(session, room); end
	end
	affiliation.take_stock(room);
end

--- From now on; and in the existing rooms, the loans from the time without this module.
function update.watch()
	module:hook_global("meetauth-session-updated", updated);
	module:hook_global("jitsi-verify-session-rooms", verify);
	module:hook("muc-room-restored", restored);
	local muc = hosts[module.host].modules.muc;
	if not muc then return; end
	for room in muc.each_room(true) do affiliation.take_stock(room); end
end

return update;
