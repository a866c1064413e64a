-- strangers: the words that users of other hosts of this server say about themselves in these rooms. They cannot say
-- words that only the server says. mod_auth_meetauth does this for the host's own users.

local remove_server_words = require "meetauth.server.serverwords".remove;

local place = module:require "place";

local hosts = prosody.hosts;

local strangers = {};

-- Whether who they are has been put in by a module of their own host.
local function is_vouched_for(session)
	local modules = hosts[session.host].modules;
	return session.jitsi_meet_context_user ~= nil and (modules.auth_meetauth or modules.presence_identity) ~= nil;
end

--- Hook: a presence or a message to a room, or to somebody in it.
function strangers.speaking(event)
	local session, stanza = event.origin, event.stanza;
	if session.type ~= "c2s" or session.host == place.base or place.exempts(stanza.attr.from) then return; end
	remove_server_words(stanza, is_vouched_for(session));
end

return strangers;
