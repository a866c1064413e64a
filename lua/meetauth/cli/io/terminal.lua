--- The output of the command: plain lines and tables, with colours on a terminal. No byte of an outsider can control the
-- terminal.

local cells = require "meetauth.page.cells";
local columns = require "meetauth.util.columns";
local stop = require "meetauth.cli.io.stop";
local text = require "meetauth.util.text";

local terminal = {};

local BROKEN_PIPE = 32; -- EPIPE
local CUT_SHORT = 141; -- as shells have it, for whom SIGPIPE ends a program
local WIDTH_MAX = 72; -- characters of a cell: a table stays a table

local colours = { red = "\27[31m", green = "\27[32m", yellow = "\27[33m", bold = "\27[1m" };
local known = {};

--- Whether a person looks: descriptor 0, 1 or 2 is a terminal. Lua has no isatty; test(1) asks for it.
---@param descriptor 0|1|2
---@return boolean
function terminal.is(descriptor)
	if known[descriptor] == nil then known[descriptor] = os.execute("test -t " .. descriptor) == true; end
	return known[descriptor];
end

--- The text in that colour on a terminal, unless NO_COLOR is set to something (no-color.org).
---@param colour string
---@param words string
---@return string
function terminal.coloured(colour, words)
	if (os.getenv("NO_COLOR") or "") ~= "" or not terminal.is(1) then return words; end
	return colours[colour] .. words .. "\27[0m";
end

--- Any text in a form that a terminal only shows.
---@param words string
---@return string
function terminal.safe(words) return text.visible(words); end

--- A value as JSON that a terminal only shows.
---@param value any
---@return string
function terminal.json(value)
	return cells.json(value);
end

-- A reader that went away (| head) ends the command, quietly, but not as if all were said; a disk that is full is told.
local function check(ok, why, code)
	if ok then return; end
	if code == BROKEN_PIPE then os.exit(CUT_SHORT, true); end
	stop.usage("cannot write: %s", why);
end

--- Write to standard output.
---@param ... string
function terminal.write(...)
	check(io.stdout:write(...));
end

--- Have what was written there reach its reader.
function terminal.flush()
	check(io.stdout:flush());
end

--- Write a line for people to standard error.
---@param fmt string
function terminal.say(fmt, ...)
	io.stderr:write("meetauth: ", terminal.safe(fmt:format(...)), "\n");
end

local function cut(words)
	local length = utf8.len(words) or #words;
	if length <= WIDTH_MAX then return words; end
	return words:sub(1, (utf8.offset(words, WIDTH_MAX - 2) or WIDTH_MAX - 2) - 1) .. "...";
end

--- Write rows of cells: in columns on a terminal, else parted by tabs, with nothing cut off.
---@param rows string[][]        cells, already safe
---@param colour_of fun(row: string[], column: integer): string?
function terminal.rows(rows, colour_of)
	if not terminal.is(1) then
		for _, row in ipairs(rows) do terminal.write(table.concat(row, "\t"), "\n"); end
		return;
	end
	local shown = {};
	for i, row in ipairs(rows) do
		shown[i] = {};
		for column, cell in ipairs(row) do shown[i][column] = cut(cell); end
	end
	local function dress(cell, i, column)
		local colour = colour_of(rows[i], column);
		return colour and terminal.coloured(colour, cell) or cell;
	end
	for _, line in ipairs(columns.lines(shown, dress)) do terminal.write(line, "\n"); end
end

return terminal;
