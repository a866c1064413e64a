--- The README, taken apart: its tables and its blocks of code, by the heading that they stand under.

local readme = {};

local function read_lines()
	local lines = {};
	for line in io.lines("README.md") do lines[#lines + 1] = line; end
	return lines;
end

-- heading -> the lines under it, up to the next heading. A # inside a block of code is no heading.
local function read_sections()
	local sections, under, in_code = {}, nil, false;
	for _, line in ipairs(read_lines()) do
		if line:find("^```") then in_code = not in_code; end
		local heading = not in_code and line:match("^#+ (.+)$");
		if heading then
			under = {};
			sections[heading] = under;
		elseif under then
			under[#under + 1] = line;
		end
	end
	return sections;
end

local sections = read_sections();

--- The lines under a heading.
---@param heading string
---@return string[]
function readme.lines(heading)
	return assert(sections[heading], "README.md has no heading " .. heading);
end

--- The rows of the first table under a heading, as lists of cells, without its head.
---@param heading string
---@return string[][]
function readme.rows(heading)
	local rows, began = {}, false;
	for _, line in ipairs(readme.lines(heading)) do
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
function readme.code(heading, language)
	local code;
	for _, line in ipairs(readme.lines(heading)) do
		if code and line == "```" then return table.concat(code, "\n"); end
		if code then code[#code + 1] = line; end
		if line == "```" .. language then code = code or {}; end
	end
	error("README.md has no " .. language .. " under " .. heading);
end

return readme;
