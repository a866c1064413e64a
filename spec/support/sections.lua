--- A page of Markdown, taken apart: its tables and its blocks of code, by the heading above them.

local sections = {};
sections.__index = sections;

-- heading -> the lines under it, up to the next heading. A # inside a block of code is no heading.
local function read_sections(path)
	local found, under, in_code = {}, nil, false;
	for line in io.lines(path) do
		if line:find("^```") then in_code = not in_code; end
		local heading = not in_code and line:match("^#+ (.+)$");
		if heading then
			under = {};
			found[heading] = under;
		elseif under then
			under[#under + 1] = line;
		end
	end
	return found;
end

--- The sections of a page.
---@param path string
function sections.of(path)
	return setmetatable({ path = path, found = read_sections(path) }, sections);
end

--- The lines under a heading.
---@param heading string
---@return string[]
function sections:lines(heading)
	return assert(self.found[heading], self.path .. " has no heading " .. heading);
end

--- The rows of the first table under a heading, as lists of cells, without its head.
---@param heading string
---@return string[][]
function sections:rows(heading)
	local rows, began = {}, false;
	for _, line in ipairs(self:lines(heading)) do
		if line:find("^|") then
			began = true;
			local cells = {};
			for cell in line:sub(2):gmatch("%s*(.-)%s*|") do cells[#cells + 1] = cell; end
			rows[#rows + 1] = cells;
		elseif began then
			break;
		end
	end
	return table.move(rows, 3, #rows, 1, {});
end

--- The first block of code in a language under a heading.
---@param heading string
---@param language string
---@return string
function sections:code(heading, language)
	local code;
	for _, line in ipairs(self:lines(heading)) do
		if code and line == "```" then return table.concat(code, "\n"); end
		if code then code[#code + 1] = line; end
		if line == "```" .. language then code = code or {}; end
	end
	error(self.path .. " has no " .. language .. " under " .. heading);
end

return sections;
