-- nick: the display name that a token gives to begin with. One for good is the host's matter (mod_auth_meetauth, speech).

local st = require "util.stanza";

local NICK_NS = "http://jabber.org/protocol/nick";

local nick = {};

--- Hook: before the lobby asks for a display name. A client that brings a name of its own keeps it.
function nick.joining(event)
	local grant, stanza = event.origin.meetauth_grant, event.stanza;
	if not grant or not grant.nick or stanza:get_child("nick", NICK_NS) then return; end
	-- not by tag(): other modules may have left an element open in it
	stanza:add_direct_child(st.stanza("nick", { xmlns = NICK_NS }):text(grant.nick));
end

return nick;
