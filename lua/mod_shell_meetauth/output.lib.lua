-- output: text for a terminal. Control characters in outsiders' text are removed here.

local columns = require "meetauth.util.columns";
local datetime = require "meetauth.util.datetime";
local text = require "meetauth.util.text";

local output = {};

local CELL_MAX = 200; -- characters
local TIME_MAX = 253402300800; -- the year 10000: os.date knows no year that is too late

--- Any value as one line of plain text; "-" for nil.
---@param value any
---@param max integer?  characters; as many as a cell of a table has
function output.cell(value, max)
	if value == nil then return "-"; end
	if math.type(value) == "float" then return ("%.14g"):format(value); end
	return text.clean(tostring(value), max or CELL_MAX);
end

--- Print rows as a table, each column as wide as its widest cell.
---@param print fun(line: string)
---@param rows any[][]  the first is the head; a row has as many cells
function output.rows(print, rows)
	for _, row in ipairs(rows) do
		for i = 1, #rows[1] do row[i] = output.cell(row[i]); end
	end
	for _, line in ipairs(columns.lines(rows)) do print(line); end
end

--- A moment, such as 2026-01-31 09:00:00Z.
---@param at number  seconds since the epoch
function output.time(at)
	local whole = at < TIME_MAX and math.tointeger(at // 1);
	return whole and os.date("!%Y-%m-%d %H:%M:%SZ", whole) or output.cell(at);
end

local units = { day = "d", hour = "h", minute = "min", second = "s" };

--- A span of time in its largest whole unit, such as 5 min.
---@param seconds number
function output.span(seconds)
	local count, unit = datetime.span(seconds);
	return ("%d %s"):format(count, units[unit]);
end

--- "1 refusal", "2 refusals"
---@param n integer
---@param noun string
function output.count(n, noun)
	return ("%d %s%s"):format(n, noun, n == 1 and "" or "s");
end

return output;
