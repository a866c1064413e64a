--- Moments as operators write them: seconds since the epoch, or a date of ISO 8601 in UTC.

local datetime = {};

local days_in = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

local function is_leap(year)
	return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0);
end

-- Days since 1970-01-01.
local function days_before(year, month, day)
	local days = day - 1;
	for m = 1, month - 1 do days = days + days_in[m] + (m == 2 and is_leap(year) and 1 or 0); end
	local past = year - 1;
	return days + past * 365 + past // 4 - past // 100 + past // 400 - 719162;
end

local function is_day(year, month, day)
	if year < 1970 or month < 1 or month > 12 or day < 1 then return false; end
	return day <= days_in[month] + (month == 2 and is_leap(year) and 1 or 0);
end

--- "2026-02-01" (its first second), "2026-02-01T08:30Z", "2026-02-01T08:30:15Z", or a number of seconds.
---@param value any
---@return number? seconds  since the epoch; nil where it is no moment
function datetime.read(value)
	if type(value) == "number" then return value >= 0 and value < math.huge and value or nil; end
	if type(value) ~= "string" then return nil; end
	local year, month, day, rest = value:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$");
	if not year then return nil; end
	local hour, minute, second = "0", "0", "0";
	if rest ~= "" then
		hour, minute, rest = rest:match("^T(%d%d):(%d%d)(.*)Z$");
		if not hour then return nil; end
		second = rest == "" and "0" or rest:match("^:(%d%d)$");
		if not second then return nil; end
	end
	year, month, day = math.tointeger(year), math.tointeger(month), math.tointeger(day);
	hour, minute, second = math.tointeger(hour), math.tointeger(minute), math.tointeger(second);
	if not is_day(year, month, day) or hour > 23 or minute > 59 or second > 59 then return nil; end
	return days_before(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
end

local spans = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };

--- A span of time in its largest whole unit; less than a second is none.
---@param seconds number
---@return number count  a whole one
---@return "day"|"hour"|"minute"|"second" unit
function datetime.span(seconds)
	for _, span in ipairs(spans) do
		if seconds >= span[1] then return seconds // span[1], span[2]; end
	end
	return 0, "second";
end

return datetime;
