-- admission: may this session enter, or create, this room?

local st = require "util.stanza";
local jid_split = require "util.jid".split;
local random_bytes = require "util.random".bytes;
local time_now = require "util.time".now; -- as the timers count: os.time may lag behind them

local hints = require "meetauth.hints";
local policy = require "meetauth.policy";
local reasons = require "meetauth.reasons";
local refusals = require "meetauth.refusals";

local admission = {};
local site, breakout, people, record;

local kept = refusals.keeper(module:shared("/*/meetauth/refusals"), random_bytes);

-- A session that logged in to this server. A stream of another server has the name of one of our hosts, too: that
-- which it was opened to.
local function is_ours(session)
	return session ~= nil and not (session.type or ""):find("^s2s");
end

-- The room as policy.lua sees it: its name, and what Jitsi's modules have noted about it.
local function facts(session, room)
	local main = breakout.main_of(room.jid) or room;
	return {
		node = jid_split(main.jid);
		prefix = session.jitsi_web_query_prefix;
		closed = main._data.allowUnauthenticatedAccess == false;
	};
end

-- Whether the host where a session logged in has its token revoked.
local function is_revoked(session, grant)
	local auth = prosody.hosts[session.host].modules.auth_meetauth;
	return auth ~= nil and auth.is_revoked(grant);
end

--- The decision for a session and a room; nil and a reason where it stays outside.
-- A guest's decision is empty: it sets nothing.
---@return table? decision
---@return string? reason
function admission.decide(session, room)
	if site.problem() then return nil, "server-misconfigured"; end
	if not is_ours(session) or not site.accepts(session.host) then
		return nil, session and session.meetauth_grant and "foreign-session" or "token-required";
	end
	local grant, known = session.meetauth_grant, facts(session, room);
	if grant then
		if is_revoked(session, grant) then return nil, "revoked"; end
		if people.is_banned(room, grant) then return nil, "banned"; end
		return policy.enter(grant, known, site, time_now());
	end
	-- a guest: of a host that takes them, or of another host that this one trusts
	if (session.meetauth_guest or session.host ~= site.base) and not known.closed then return {}; end
	return nil, "token-required";
end

-- What stands beside the reason in the rows of a decision, where one was made.
local function hint_of(reason, grant, session, room)
	if reason ~= "room-mismatch" then return nil; end
	local subject = { grant = grant, room = facts(session, room), site = site };
	local rows = policy.explain(grant, subject.room, site, time_now());
	for _, row in ipairs(rows) do row.hint = hints.beside(row, subject); end
	return refusals.hint(reason, rows);
end

-- Keep a refusal: its reference, and a hint for the log.
local function keep(reason, session, room)
	local refusal, now = { host = module.host, stage = "join", reason = reason }, os.time();
	local known = kept:again(refusal, now, session.auth_token, room.jid);
	if known then return known.ref, known.hint; end
	local grant = session.meetauth_grant;
	if grant then
		refusal.entry, refusal.dialect, refusal.hint = grant.entry, grant.dialect, hint_of(reason, grant, session, room);
	end
	return kept:add(refusal, now, session.auth_token, room.jid).ref, refusal.hint;
end

local function refuse(event, reason)
	local stanza, origin = event.stanza, event.origin;
	local log = origin.log or module._log; -- a component's or a module's own stanza has no session behind it
	local ref, hint = keep(reason, origin, event.room);
	log("info", "Join refused: %s (%s)%s", reason, ref, hint and ": " .. hint or "");
	record.refused(origin, event.room, reason, ref);
	local reply = st.error_reply(stanza, "cancel", "not-allowed", refusals.text(reason, ref), module.host);
	reply:tag(reasons.by_word[reason].child, { xmlns = "http://jitsi.org/jitmeet" }):up();
	origin.send(reply);
	return true;
end

--- Hook: stop what is not allowed to enter.
function admission.check(event)
	if site.exempts(event.stanza.attr.from) then return nil; end
	local decision, reason = admission.decide(event.origin, event.room);
	if reason then return refuse(event, reason); end
	event.origin.jitsi_meet_tenant_mismatch = decision.tenant_mismatch or nil;
	return nil;
end

local function room_of(stanza)
	local muc = prosody.hosts[module.host].modules.muc;
	return muc and muc.get_room_from_jid(stanza.attr.to);
end

--- Hook: who was put out of a room, or has another token now, keeps its affiliation; it rules no room from outside that
-- it may not enter. Whoever is inside does, as long as they are.
function admission.check_outsider(event)
	local stanza, origin = event.stanza, event.origin;
	local room = origin.meetauth_grant and room_of(stanza);
	if not room or room:get_occupant_by_real_jid(stanza.attr.from) or site.exempts(stanza.attr.from) then return nil; end
	local decision, reason = admission.decide(origin, room);
	if decision then return nil; end
	origin.send(st.error_reply(stanza, "cancel", "not-allowed", reason));
	return true;
end

--- Hook: with Jitsi's option, a room's configuration is changed by bearers of its token only.
function admission.check_configuration(event)
	local stanza, origin = event.stanza, event.origin;
	if not module:get_option_boolean("token_verification_require_token_for_moderation") then return nil; end
	if site.exempts(stanza.attr.from) then return nil; end
	local room = room_of(stanza);
	local decision = room and admission.decide(origin, room);
	if decision and decision.affiliation then return nil; end
	origin.send(st.error_reply(stanza, "cancel", "not-allowed", "Room modification disabled for guests"));
	return true;
end

return function (this_site, this_breakout, this_people, this_record)
	site, breakout, people, record = this_site, this_breakout, this_people, this_record;
	return admission;
end;
