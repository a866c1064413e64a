-- reach: users with tokens and guests can reach this server and no other server, as with Prosody's own anonymous login.
-- Its option allow_anonymous_s2s lets them reach others. Modules that send in the users' names, such as Jitsi's
-- visitors, are not limited.

local st = require "util.stanza";
local jid_host = require "util.jid".host;

local MUC_USER_NS = "http://jabber.org/protocol/muc#user";
local REFUSED = "Communication with remote domains is not enabled"; -- as Prosody says it

local reach = {};

local hosts = prosody.hosts;

local function is_confined(session)
	if not session.meetauth_grant and not session.meetauth_guest then return false; end
	return not module:get_option_boolean("allow_anonymous_s2s", false);
end

-- A stanza to another server. False has Prosody answer that it goes nowhere.
local function leaving(event)
	if is_confined(event.origin) then return false; end
	return nil;
end

-- Whom a room is asked to send something to, if somebody of another server is among them.
local function remote_of(message)
	local x = message:get_child("x", MUC_USER_NS);
	for _, child in ipairs(x and x.tags or {}) do
		local to = (child.name == "invite" or child.name == "decline") and child.attr.to;
		local host = to and jid_host(to);
		if host and not hosts[host] then return to; end
	end
	return nil;
end

-- A room sends invitations, and what is said to them, in its own name.
local function asking(event)
	local session, stanza = event.origin, event.stanza;
	if not remote_of(stanza) or not is_confined(session) then return nil; end
	session.send(st.error_reply(stanza, "cancel", "not-allowed", REFUSED));
	return true;
end

function reach.watch()
	module:hook("route/remote", leaving, 300); -- as Prosody's own
	module:hook("pre-message/bare", asking);
	module:hook("pre-message/host", asking);
end

return reach;
