--- The settings of a room in a token: lobby, password, number of people, duration (context.room). Other files decide
-- whether they are used. Pure.

local null = require "meetauth.core".null;
local text = require "meetauth.util.text";

local roomsettings = {};

local PASSWORD_MAX = 256; -- bytes
local WHOLE_MAX = 2147483647;

local truths = { [true] = true, ["true"] = true, [false] = false, ["false"] = false };

-- Cleaning is for what is shown: a password from which something was taken is another one.
local function password(value)
	return type(value) == "string" and #value <= PASSWORD_MAX and text.is_clean(value) and value or nil;
end

local function whole(value)
	value = math.type(value) and math.tointeger(value);
	return value and value >= 1 and value <= WHOLE_MAX and value or nil;
end

---@class RoomSettings
---@field lobby boolean?          switch it on, or off
---@field password string?        "": none
---@field max_occupants integer?
---@field duration integer?       seconds, from when somebody comes who may set it

local members = {
	{ name = "lobby", expected = "true or false", read = function (value) return truths[value]; end };
	{ name = "password", expected = "a string of at most 256 bytes, without control characters", read = password };
	{ name = "max_occupants", expected = "a whole number, at least 1", read = whole };
	{ name = "duration", expected = "a whole number of seconds, at least 1", read = whole };
};

--- The settings of a room in a token; nil: none.
---@param room_context table  context.room, which may have nulls
---@return RoomSettings? settings
---@return string? wrong     the member that does not fit, and
---@return string? expected  the expected form
function roomsettings.of(room_context)
	local settings;
	for _, member in ipairs(members) do
		local value = room_context[member.name];
		if value ~= nil and value ~= null then
			local said = member.read(value);
			if said == nil then return nil, member.name, member.expected; end
			settings = settings or {};
			settings[member.name] = said;
		end
	end
	return settings;
end

return roomsettings;
