-- admission: may this session enter, or create, this room?

local st = require "util.stanza";
local jid_split = require "util.jid".split;

local policy = require "meetauth.policy";
local reasons = require "meetauth.reasons";

local admission = {};
local site;

--- The decision for a session and a room's name; nil and a reason where it stays outside.
-- A guest's decision is empty: it sets nothing.
---@return table? decision
---@return string? reason
function admission.decide(session, node)
	if site.problem() then return nil, "server-misconfigured"; end
	if not session or not site.accepts(session.host) then
		return nil, session and session.meetauth_grant and "foreign-session" or "token-required";
	end
	local grant = session.meetauth_grant;
	if grant then return policy.enter(grant, node, site.base, os.time()); end
	-- a guest: of a host that takes them, or of another host that this one trusts
	if session.meetauth_guest or session.host ~= site.base then return {}; end
	return nil, "token-required";
end

local function refuse(event, reason)
	local stanza, origin = event.stanza, event.origin;
	origin.log("info", "Join refused: %s", reason);
	local reply = st.error_reply(stanza, "cancel", "not-allowed", reason, module.host);
	reply:tag(reasons.by_word[reason].child, { xmlns = "http://jitsi.org/jitmeet" }):up();
	origin.send(reply);
	return true;
end

--- Hook: stop what is not allowed to enter.
function admission.check(event)
	if site.exempts(event.stanza.attr.from) then return nil; end
	local node = jid_split(event.room.jid);
	local _, reason = admission.decide(event.origin, node);
	if reason then return refuse(event, reason); end
	return nil;
end

return function (this_site)
	site = this_site;
	return admission;
end;
