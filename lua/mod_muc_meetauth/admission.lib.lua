-- admission: may this session enter, or create, this room? Asked one time for each join: if a room is created, Prosody
-- fires two events for one stanza. A join that somebody queued and replays is asked again.

local jid_bare = require "util.jid".bare;
local st = require "util.stanza";
local random_bytes = require "util.random".bytes;
local time_now = require "util.time".now; -- as the timers count: os.time may lag behind them

local policy = require "meetauth.access.policy";
local reasons = require "meetauth.reasons";
local refusals = require "meetauth.server.refusals";

local bans = module:require "bans";
local breakout = module:require "breakout";
local kicks = module:require "kicks";
local made = module:require "made";
local people = module:require "people";
local place = module:require "place";
local record = module:require "record";

local admission = {};

local kept = refusals.keeper(module:shared("/*/meetauth/refusals"), random_bytes);

-- Decisions on joins that are under way, by stanza.
local joins = setmetatable({}, { __mode = "k" });

-- A session that logged in to this server. A stream of another server has the name of one of our hosts, too: that
-- which it was opened to.
local function is_ours(session)
	return session ~= nil and not (session.type or ""):find("^s2s");
end

-- The room as access/policy.lua sees it: its name, what Jitsi's modules have noted about it, and what back ends say.
local function facts(session, room)
	local main = breakout.main_of(room.jid) or room;
	local node = main.jid:match("^([^@]+)@");
	local is_unread, rules = made.all(session, node);
	return {
		node = node;
		prefix = session.jitsi_web_query_prefix;
		closed = main._data.allowUnauthenticatedAccess == false;
		made = rules;
		people = rules and main == room and people.count(session, room, rules) or nil;
		is_unread = is_unread;
	};
end

local nowhere = {};

-- Whether the host that judged a session's token has revoked it: its own host or, if that judges none, the host of the
-- rooms.
local function is_revoked(session, grant)
	local hosts = prosody.hosts;
	local auth = hosts[session.host].modules.auth_meetauth or hosts[place.base].modules.auth_meetauth;
	return auth ~= nil and auth.is_revoked(grant);
end

-- A session as access/policy.lua sees it. Without a grant it is a guest of a host that takes them, or somebody of another
-- host that this one trusts.
local function visitor_of(session, room)
	local grant = session and session.meetauth_grant;
	if not is_ours(session) or not place.accepts(session.host) then return { grant = grant, is_foreign = true }; end
	if not grant then return { is_guest = session.meetauth_guest == true or session.host ~= place.base }; end
	return {
		grant = made.grant(session, room), is_revoked = is_revoked(session, grant),
		is_banned = people.is_banned(room, grant) or bans.has(room, grant),
		is_kicked = kicks.of(session, room) ~= nil, is_elsewhere = people.is_taken(room, session),
	};
end

--- The decision for a session and a room; nil and a reason where it stays outside.
---@return table? decision
---@return string? reason
function admission.decide(session, room)
	if place.problem() then return nil, "server-misconfigured"; end
	local visitor = visitor_of(session, room);
	return policy.decide(visitor, visitor.is_foreign and nowhere or facts(session, room), place, time_now());
end

-- Logins that make no account: everybody who comes in by one is a guest here.
local anonymous = { ["anonymous"] = true, ["jitsi-anonymous"] = true };

--- Whether a session without a token has no account either.
---@return boolean
function admission.is_guest(session)
	if session.meetauth_grant then return false; end
	local virtual_host = prosody.hosts[session.host];
	local users = virtual_host and virtual_host.users;
	return session.meetauth_guest == true or users ~= nil and anonymous[users.name] == true;
end

-- The kept parts of the row with the reason, if a decision was made: check, expected, hint. No row knows of kicks.
local function about(reason, grant, session, room)
	local kick = reason == "kicked" and kicks.of(session, room);
	if kick then return { hint = kicks.hint(kick) }; end
	local subject = { grant = grant, room = facts(session, room), place = place };
	local rows = policy.explain(grant, subject.room, place, time_now());
	local hints = require "meetauth.hint.find"; -- only once somebody is refused
	for _, row in ipairs(rows) do row.hint = row.reason and hints.beside(row, subject); end
	return refusals.of_row(reason, rows, place.base);
end

-- Keep a refusal: its reference, and a hint for the log.
local function keep(reason, session, room)
	local refusal, now = { host = module.host, stage = "join", reason = reason }, os.time();
	local known = kept:again(refusal, now, session.auth_token, room.jid);
	if known then return known.ref, refusals.hint_now(known, now); end
	local grant = session.meetauth_grant;
	if grant then
		local row = about(reason, grant, session, room);
		refusal.entry, refusal.dialect = grant.entry, grant.dialect;
		refusal.check, refusal.expected, refusal.hint = row.check, row.expected, row.hint;
		refusal.ended = reason == "expired" and grant.expires or nil;
	end
	return kept:add(refusal, now, session.auth_token, room.jid).ref, refusals.hint_now(refusal, now);
end

--- Keep, log and count a refusal.
---@param session table  the session that wants to enter
---@param room table
---@param reason string
---@return string text  for the refused person
function admission.refusal(session, room, reason)
	local ref, hint = keep(reason, session, room);
	record.refused(session, room, reason, ref, hint);
	return refusals.text(reason, ref);
end

--- Refuse a join, with its reason.
---@return true
function admission.refuse(event, reason)
	local stanza, origin = event.stanza, event.origin;
	local text, child = admission.refusal(origin, event.room, reason), reasons.by_word[reason].child;
	local reply = st.error_reply(stanza, "cancel", "not-allowed", text, module.host);
	if child then reply:tag(child, { xmlns = "http://jitsi.org/jitmeet" }):up(); end
	origin.send(reply);
	return true;
end

--- The room at a bare address. A missing room is judged like an existing one: people without the right to enter do not
-- learn which it is.
---@return table? room  nil: this is no MUC component
function admission.room_at(jid)
	local muc = prosody.hosts[module.host].modules.muc;
	return muc and (muc.get_room_from_jid(jid) or { jid = jid, _data = {} });
end

--- Whether a session may enter the room at a bare address, and whether the room has it for an owner.
---@return boolean may_enter
---@return boolean moderates
function admission.may_enter(session, address)
	local room = admission.room_at(address);
	if not room or not admission.decide(session, room) then return false, false; end
	return true, room.get_affiliation ~= nil and room:get_affiliation(jid_bare(session.full_jid)) == "owner";
end

--- The decision on a join that is under way; nil for who needs none.
---@param event table  of muc-room-pre-create or muc-occupant-pre-join
---@return table? decision
function admission.of_join(event)
	return joins[event.stanza];
end

--- Hook: stop what is not allowed to enter.
function admission.check(event)
	local stanza, origin = event.stanza, event.origin;
	if place.exempts(stanza.attr.from) then return nil; end
	local decision, reason = event.is_new_room and joins[stanza];
	if not decision then decision, reason = admission.decide(origin, event.room); end
	if reason then return admission.refuse(event, reason); end
	joins[stanza] = decision;
	origin.jitsi_meet_tenant_mismatch = decision.tenant_mismatch or nil;
	if not breakout.main_of(event.room.jid) then origin.jitsi_meet_verified_room = event.room.jid; end -- to Jitsi's modules
	return nil;
end

local function room_of(stanza)
	local muc = prosody.hosts[module.host].modules.muc;
	return muc and muc.get_room_from_jid(stanza.attr.to);
end

--- Hook: with Jitsi's option, a room's configuration is changed by bearers of its token only.
function admission.check_configuration(event)
	local stanza, origin = event.stanza, event.origin;
	if not module:get_option_boolean("token_verification_require_token_for_moderation") then return nil; end
	if place.exempts(stanza.attr.from) then return nil; end
	local room = room_of(stanza);
	local decision = room and admission.decide(origin, room);
	if decision and decision.affiliation then return nil; end
	origin.send(st.error_reply(stanza, "cancel", "not-allowed", "Room modification disabled for guests"));
	return true;
end

return admission;
