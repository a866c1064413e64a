-- nick: the display name that a token gives: to begin with, or for good.

local st = require "util.stanza";

local remove_children = require "meetauth.children".remove_named;

local NICK_NS = "http://jabber.org/protocol/nick";

local nick = {};

local function give(stanza, name)
	remove_children(stanza, "nick", NICK_NS);
	-- not by tag(): other modules may have left an element open in it
	if name then stanza:add_direct_child(st.stanza("nick", { xmlns = NICK_NS }):text(name)); end
end

--- Hook: before the lobby asks for a display name. A client that brings a name of its own keeps it, unless
-- names are locked: then there is the token's name, or none.
function nick.joining(event)
	local grant = event.origin.meetauth_grant;
	if not grant then return; end
	if grant.nick_locked or grant.nick and not event.stanza:get_child("nick", NICK_NS) then give(event.stanza, grant.nick); end
end

--- Hook: every later presence.
function nick.changing(event)
	local grant = event.origin and event.origin.meetauth_grant;
	if grant and grant.nick_locked then give(event.stanza, grant.nick); end
end

--- Hook: a message to all or to one, in which clients may say who speaks.
function nick.speaking(event)
	local grant = event.origin and event.origin.meetauth_grant;
	if grant and grant.nick_locked and event.stanza:get_child("nick", NICK_NS) then give(event.stanza, grant.nick); end
end

return nick;
