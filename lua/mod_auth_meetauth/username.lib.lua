-- username: a name for a user who logs in without one. Nobody has had it before, and nobody can guess it.

local random_bytes = require "util.random".bytes;

local username = {};

--- A UUID of version 4 (RFC 9562 5.4), of one draw of random bytes: util.uuid makes six, and four times the garbage.
---@return string
function username.new()
	local a, b, c, d, e = ("I4I2I2I2I6"):unpack(random_bytes(16));
	return ("%08x-%04x-%04x-%04x-%012x"):format(a, b, c & 0x0fff | 0x4000, d & 0x3fff | 0x8000, e);
end

return username;
