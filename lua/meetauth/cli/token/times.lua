--- Times as people type and read them. The clock is an argument.

local datetime = require "meetauth.util.datetime";

local times = {};

local units = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 };
local ANY_DATE = 253402300800; -- the year 10000: beyond, a time is no date

--- A duration: a whole number and s, m, h, d or w (seconds where there is none), such as 90m.
---@param text string
---@return integer? seconds
function times.duration(text)
	local number, unit = text:match("^(%d+)([smhdw]?)$");
	if not number or #number > 10 then return nil; end
	return math.tointeger(tonumber(number)) * (units[unit] or 1);
end

-- Days since the epoch of a day in the Gregorian calendar (years from 1970 to 9999).
local function days(year, month, day)
	if month <= 2 then year, month = year - 1, month + 12; end
	return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469;
end

--- A moment: seconds since the epoch, or 2026-01-31, 2026-01-31T08:00Z, 2026-01-31T08:00:00Z.
---@param text string
---@return integer? seconds  since the epoch
function times.moment(text)
	if text:find("^%d+$") and #text <= 12 then return math.tointeger(tonumber(text)); end
	local year, month, day, rest = text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$");
	if not year then return nil; end
	local hour, minute, second = 0, 0, 0;
	if rest ~= "" then
		hour, minute, second = rest:match("^[T ](%d%d):(%d%d):?(%d?%d?)Z$");
		if not hour then return nil; end
	end
	year, month, day = tonumber(year), tonumber(month), tonumber(day);
	hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second) or 0;
	if year < 1970 or month < 1 or month > 12 or day < 1 or day > 31 or hour > 23 or minute > 59 or second > 59 then return nil; end
	return math.tointeger(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second);
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

return times;
