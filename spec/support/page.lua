--- A page of documentation in Markdown, taken apart: its entries, its tables, and its Lua as one program.

local page = {};

local function read_lines(path)
	local lines = {};
	for line in io.lines(path) do lines[#lines + 1] = line; end
	return lines;
end

--- The lines of a page, each with whether it is in a block of Lua, and in any block of code.
---@param path string
---@return { text: string, lua: boolean, code: boolean }[]
function page.lines(path)
	local list, language = {}, nil;
	for i, line in ipairs(read_lines(path)) do
		local fence = line:match("^```(.*)$");
		list[i] = { text = line, lua = not fence and language == "lua", code = fence ~= nil or language ~= nil };
		if fence then language = not language and fence or nil; end
	end
	return list;
end

--- The page's blocks of Lua as one program that keeps their line numbers, and what it says they print.
-- A comment "--> value" promises what its line prints; one alone on its line, what the line of code above prints.
-- 'wanted' (text) -> whether the block counts; all do where it is absent.
---@param path string
---@param wanted (fun(text: string): boolean)?
---@return string program
---@return table<integer, string[]> promised  by line
function page.program(path, wanted)
	local program, block = {}, {};
	local lines = page.lines(path);
	for i = 1, #lines + 1 do
		program[i] = "";
		if lines[i] and lines[i].lua then
			block[#block + 1] = lines[i].text;
		elseif block[1] then
			if not wanted or wanted(table.concat(block, "\n")) then table.move(block, 1, #block, i - #block, program); end
			block = {};
		end
	end
	local promised, at = {}, nil;
	for i, line in ipairs(program) do
		local code, value = line:match("^(.-)%s*%-%-> (.*)$");
		if code ~= "" then at = i; end
		if value then
			promised[at] = promised[at] or {};
			table.insert(promised[at], value);
		end
	end
	return table.concat(program, "\n"), promised;
end

-- Words of Prosody's configuration, so that lines for it can be read as a program.
local function of_configuration() return of_configuration; end

--- Run a program and note what it prints, by line. Lines for Prosody's configuration are read, and come to nothing.
---@param program string
---@param name string
---@return table<integer, string[]>
function page.run(program, name)
	local printed = {};
	local function note(...)
		local words, line = table.pack(...), debug.getinfo(2, "l").currentline;
		for i = 1, words.n do words[i] = tostring(words[i]); end
		printed[line] = printed[line] or {};
		table.insert(printed[line], table.concat(words, "\t"));
	end
	local env = { print = note, VirtualHost = of_configuration, Component = of_configuration };
	assert(load(program, "@" .. name, "t", setmetatable(env, { __index = _G })))();
	return printed;
end

---@class Entry
---@field name string               what its heading names, such as key:alg
---@field parts string[]             Call, Arguments and so on, in their order
---@field text table<string, string> by part, down to the next one

--- The entries of a page: sections whose heading is a name in backticks.
---@param path string
---@return Entry[]
function page.entries(path)
	local entries, entry, part = {}, nil, nil;
	for _, line in ipairs(page.lines(path)) do
		if not line.code and line.text:find("^#") then
			entry, part = nil, nil;
			local name = line.text:match("^## `([^`]+)`$");
			if name then
				entry = { name = name, parts = {}, text = {} };
				entries[#entries + 1] = entry;
			end
		elseif entry then
			local began = not line.code and line.text:match("^%*%*(.-):%*%*");
			if began then
				part = began;
				table.insert(entry.parts, part);
			end
			if part then entry.text[part] = (entry.text[part] or "") .. line.text .. "\n"; end
		end
	end
	return entries;
end

--- The rows of all tables of a page whose first column has that head, as lists of cells.
---@param path string
---@param head string
---@return string[][]
function page.rows(path, head)
	local rows, first, at = {}, nil, 0;
	for _, line in ipairs(page.lines(path)) do
		if line.code or not line.text:find("^|") then
			first, at = nil, 0;
		else
			local cells = {};
			for cell in line.text:sub(2):gmatch("%s*(.-)%s*|") do cells[#cells + 1] = cell; end
			at = at + 1;
			first = first or cells[1];
			if at > 2 and first == head then rows[#rows + 1] = cells; end
		end
	end
	return rows;
end

--- The words in backticks of a text.
---@param text string
---@return string[]
function page.quoted(text)
	local list = {};
	for word in text:gmatch("`([^`]+)`") do list[#list + 1] = word; end
	return list;
end

--- The comment above the line of a Lua file that begins with 'start'.
---@param path string
---@param start string
---@return string
function page.comment_above(path, start)
	local comment = {};
	for _, line in ipairs(read_lines(path)) do
		if line:sub(1, #start) == start then return table.concat(comment, "\n"); end
		if line:find("^%-%-") then comment[#comment + 1] = line; else comment = {}; end
	end
	error(path .. " has no line " .. start);
end

return page;
