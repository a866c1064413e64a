-- username: a name for a user who logs in without one. Nobody has had it before, and nobody can guess it.

local random_bytes = require "util.random".bytes;

local username = {};

--- 20 hexadecimal digits, which are 80 random bits. Jitsi's client takes the first eight digits as the nick in the room,
-- and Jitsi's muc_resource_validate expects this. A UUID would do as well, but each stanza to the user carries the name.
-- Lua makes a bare JID of more than 40 bytes again for each use.
---@return string
function username.new()
	return ("%08x%012x"):format(("I4I6"):unpack(random_bytes(10)));
end

return username;
