--- Elements that only the server writes in a presence or a message. Jitsi's clients believe them by the name alone, in any
-- namespace: who somebody is, which rights they have, who wrote a message. Taken out of what clients send. They are
-- elements of Prosody's util.stanza (children.lua).

local children = require "meetauth.server.children";
local set_of = require "meetauth.util.list".set;

local serverwords = {};

local MUC_USER_NS = "http://jabber.org/protocol/muc#user";

local IDENTITY = "identity";

local names = set_of({
	IDENTITY, -- whose token it is: mod_auth_meetauth, Jitsi's presence_identity
	"permissions", "advisory", -- what a token gives: mod_muc_meetauth, Jitsi's jitsi_permissions
	"display-name", "addresses", -- whose words they are: Jitsi's muc_displayname and visitors
	"expired", -- that a token has ended: mod_muc_meetauth
	"call-control", -- the number to call in
});

local function is_word(child)
	return names[child.name] == true;
end

-- Clients look for a room's own element at any depth, and take the first.
local function is_word_of_presence(child)
	return is_word(child) or children.holds(child, "x", MUC_USER_NS);
end

--- Take it out.
---@param stanza table
---@param but_identity boolean?  that is the server's word already
function serverwords.remove(stanza, but_identity)
	local is_unwanted = stanza.name == "presence" and is_word_of_presence or is_word;
	children.remove(stanza, function (child)
		return is_unwanted(child) and not (but_identity and child.name == IDENTITY);
	end);
end

return serverwords;
