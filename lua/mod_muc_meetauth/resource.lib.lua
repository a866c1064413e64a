-- resource: if Jitsi's option anonymous_strict is on, the nick of a user without an account is the beginning of the user
-- name. Jitsi's muc_resource_validate uses the names of login methods, and does not know ours.

local jid_node = require "util.jid".node;
local jid_resource = require "util.jid".resource;
local st = require "util.stanza";

local place = module:require "place";

local LENGTH = 8; -- characters

-- Names of login methods whose people have no account, as Jitsi's module has them. An operator who takes "token" out of the
-- list means the bearers of tokens.
local JITSIS = { "anonymous", "jitsi-anonymous", "token" };

local resource = {};

local strict;

local function read_options()
	local methods = module:get_option_set("anonymous_auth_methods", JITSIS);
	strict = module:get_option_boolean("anonymous_strict", false) and (methods:contains("token") or methods:contains("meetauth"));
end

local function has_no_account(session)
	local virtual_host = prosody.hosts[session.host];
	local users = virtual_host and virtual_host.users;
	return users ~= nil and users.name == "meetauth";
end

--- Hook: a join, where Jitsi's module would check it.
function resource.joining(event)
	local session, stanza = event.origin, event.stanza;
	if not strict or session.type ~= "c2s" or not has_no_account(session) or place.exempts(stanza.attr.from) then return nil; end
	if jid_resource(stanza.attr.to) == jid_node(stanza.attr.from):sub(1, LENGTH) then return nil; end
	session.send(st.error_reply(stanza, "cancel", "not-allowed", "This name in the room is not yours"));
	return true;
end

read_options();
module:hook_global("config-reloaded", read_options);

return resource;
