--- The fields of a grant that Jitsi's own modules read on a session, in their words. They know a moderator by context.user
-- alone, and no globs; the grant guards rooms and rights, not these fields.

local pattern = require "meetauth.room.pattern";

local neighbours = {};

-- A token's words about its user that only mod_muc_meetauth acts on. Neighbours tell everybody in a room the fields that
-- they find of a user.
local enforced = { lobby = true, lobby_bypass = true, security_bypass = true, send = true };

local moderates = { granted = true, denied = false };
local said = { [true] = true, ["true"] = true, [false] = false, ["false"] = false };

--- Their context.user: if another place of the token says who is moderator, they still read this one.
---@param grant Grant
---@param enforce boolean  they may have to enforce what mod_muc_meetauth does elsewhere
---@return table?
function neighbours.user(grant, enforce)
	local user, moderator = grant.user, moderates[grant.owner];
	if not user and moderator == nil then return nil; end
	local told = {};
	for name, value in pairs(user or told) do
		if enforce or not enforced[name] then told[name] = value; end
	end
	if said[told.moderator] ~= moderator then told.moderator = moderator; end
	if moderator == false and told.affiliation ~= nil then told.affiliation = "member"; end
	return told;
end

--- Their room claim and context.room. They compare patterns only where they compare domains, and know Lua's only: a glob is
-- told as one. Where they would take a pattern for a name, the room is any. They know no lists: several rooms are any room,
-- but where rooms are theirs to guard; then it is the first one.
---@param grant Grant
---@param enforce boolean  they may have to enforce what mod_muc_meetauth does elsewhere
---@return string room
---@return table? context
function neighbours.room(grant, enforce)
	local context, room = grant.room_context, grant.room;
	if type(room) == "table" then
		if not enforce then return "*", context; end
		room = room[1];
	end
	if not grant.room_pattern then return room, context; end
	if not grant.check_domain then return "*", context; end
	if not grant.room_is_glob then return room, context; end
	local told = {};
	for name, value in pairs(context) do told[name] = value; end
	told.glob, told.regex = nil, true;
	return pattern.lua_of_glob(room), told;
end

return neighbours;
