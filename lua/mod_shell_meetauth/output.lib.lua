-- output: text for a terminal. What outsiders have written holds no controls here.

local text = require "meetauth.util.text";

local output = {};

local CELL_MAX = 200; -- characters
local TIME_MAX = 253402300800; -- the year 10000: os.date knows no year that is too late

--- Any value as one line of plain text; "-" for nil.
function output.cell(value)
	if value == nil then return "-"; end
	if math.type(value) == "float" then return ("%.14g"):format(value); end
	return text.clean(tostring(value), CELL_MAX);
end

local function padded(cell, width)
	return cell .. (" "):rep(width - (utf8.len(cell) or #cell));
end

--- Print rows as a table, each column as wide as its widest cell.
---@param print fun(line: string)
---@param rows any[][]  the first is the head; a row has as many cells
function output.rows(print, rows)
	local widths, count = {}, #rows[1];
	for _, row in ipairs(rows) do
		for i = 1, count do
			row[i] = output.cell(row[i]);
			widths[i] = math.max(widths[i] or 0, utf8.len(row[i]) or #row[i]);
		end
	end
	for _, row in ipairs(rows) do
		local cells = {};
		for i = 1, count do cells[i] = padded(row[i], widths[i]); end
		print((table.concat(cells, "  "):gsub(" +$", "")));
	end
end

--- A moment, such as 2026-01-31 09:00:00Z.
---@param at number  seconds since the epoch
function output.time(at)
	local whole = at < TIME_MAX and math.tointeger(at // 1);
	return whole and os.date("!%Y-%m-%d %H:%M:%SZ", whole) or output.cell(at);
end

local units = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };

--- A span of time in its largest whole unit, such as 5 min.
---@param seconds number
function output.span(seconds)
	for _, unit in ipairs(units) do
		if seconds >= unit[1] then return ("%d %s"):format(seconds // unit[1], unit[2]); end
	end
	return "0 s";
end

--- "1 refusal", "2 refusals"
---@param n integer
---@param noun string
function output.count(n, noun)
	return ("%d %s%s"):format(n, noun, n == 1 and "" or "s");
end

return output;
