-- speech: the words that this host's users say about themselves, in every place. They cannot say words that only the
-- server says. If the name is locked, they can only use the token's name. This is also true in rooms that
-- mod_muc_meetauth does not guard, such as a lobby.

local st = require "util.stanza";

local remove_children = require "meetauth.server.children".remove;
local remove_server_words = require "meetauth.server.serverwords".remove;

local NICK_NS = "http://jabber.org/protocol/nick";

local speech = {};

local virtual_host = prosody.hosts[module.host];

-- Clients read a name by its element's name alone.
local function is_nick(child)
	return child.name == "nick";
end

local function has_nick(stanza)
	for _, child in ipairs(stanza.tags) do
		if is_nick(child) then return true; end
	end
	return false;
end

-- The token's name is in every presence that says that somebody is present, and in a message in the place of another.
local function lock_name(stanza, name)
	local is_there = stanza.name == "presence" and stanza.attr.to and not stanza.attr.type;
	local wanted = name and (is_there or stanza.name == "message" and has_nick(stanza));
	remove_children(stanza, is_nick);
	if wanted then stanza:add_direct_child(st.stanza("nick", { xmlns = NICK_NS }):text(name)); end
end

local function hear(event)
	if virtual_host.users.name ~= "meetauth" then return; end -- who only looks on changes nothing
	local stanza, grant = event.stanza, event.origin.meetauth_grant;
	remove_server_words(stanza);
	if grant and grant.nick_locked then lock_name(stanza, grant.nick); end
end

--- From now on. Before every module that puts a word of the server's own in.
function speech.watch()
	for _, event in ipairs({ "pre-presence/bare", "pre-presence/full", "pre-message/bare", "pre-message/full" }) do
		module:hook(event, hear, 1000);
	end
end

return speech;
