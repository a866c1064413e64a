--- Times as people type and read them. The clock is an argument.

local datetime = require "meetauth.util.datetime";

local times = {};

local units = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 };
local SECONDS_MAX = 12; -- digits
local ANY_DATE = 253402300800; -- the year 10000: beyond, a time is no date

--- A duration: a whole number and s, m, h, d or w (seconds where there is none), such as 90m.
---@param text string
---@return integer? seconds
function times.duration(text)
	local number, unit = text:match("^(%d+)([smhdw]?)$");
	if not number or #number > 10 then return nil; end
	return math.tointeger(tonumber(number)) * (units[unit] or 1);
end

--- A moment: seconds since the epoch, or a date as datetime.lua reads it.
---@param text string
---@return number? seconds
function times.moment(text)
	local seconds = text:find("^%d+$") and #text <= SECONDS_MAX and math.tointeger(tonumber(text));
	return datetime.read(seconds or text);
end

--- How far a moment is from now, in its largest unit: "in 2 hours", "3 days ago", "now".
---@param at number
---@param now number
---@return string
function times.relative(at, now)
	local count, unit = datetime.span(math.abs(at - now));
	if count == 0 then return "now"; end
	local words = ("%.0f %s%s"):format(count, unit, count == 1 and "" or "s");
	return at > now and "in " .. words or words .. " ago";
end

--- A moment in local time; nil for what is no date.
---@param at number
---@return string?
function times.localtime(at)
	if at ~= at or at < 0 or at >= ANY_DATE then return nil; end
	return os.date("%Y-%m-%d %H:%M:%S %z", math.floor(at));
end

--- A text with the date behind each moment in it, such as: after 1767225590 (2026-01-01 00:00:00 +0000)
---@param text string
---@return string
function times.dated(text)
	return (text:gsub("%f[%w]%d%d%d%d%d%d%d%d%d%d+%f[^%w]", function (seconds)
		local date = times.localtime(tonumber(seconds));
		return date and ("%s (%s)"):format(seconds, date);
	end));
end

return times;
