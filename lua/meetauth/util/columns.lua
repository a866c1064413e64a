--- Rows of cells as lines of text, each column as wide as its widest cell.

local columns = {};

-- In characters.
local function width_of(cell) return utf8.len(cell) or #cell; end

--- The lines, without white space at their ends.
---@param rows string[][]
---@param dress (fun(cell: string, row: integer, column: integer): string)? the text in a cell's place, with its width on
--   the screen
---@return string[]
function columns.lines(rows, dress)
	local widths, lines = {}, {};
	for _, row in ipairs(rows) do
		for column, cell in ipairs(row) do widths[column] = math.max(widths[column] or 0, width_of(cell)); end
	end
	for i, row in ipairs(rows) do
		local line = {};
		for column, cell in ipairs(row) do
			local shown = dress and dress(cell, i, column) or cell;
			line[column] = shown .. (column < #row and (" "):rep(widths[column] - width_of(cell)) or "");
		end
		lines[i] = table.concat(line, "  "):match("^(.-)%s*$");
	end
	return lines;
end

return columns;
