--- The comments of a source file, as people read them: the lines of a paragraph are joined.

local comments = {};

-- Per language: how a line of comment begins. A space follows the sign.
local signs = { lua = "%-%-%-?", js = "//", make = "#+", sh = "#+" };

-- Whether the code before a sign leaves a string open, so that the sign is a part of the string.
local function is_in_string(code)
	local bare = code:gsub("\\.", ""):gsub("'[\"]'", "");
	return select(2, bare:gsub("\"", "")) % 2 == 1;
end

-- The code before a comment, and the comment's text; nil for a line without a comment.
local function cut(line, sign)
	local from = 1;
	while true do
		local at, to = line:find(sign .. "%f[%s@]", from);
		if not at then return nil; end
		local code = line:sub(1, at - 1);
		if not is_in_string(code) and (sign ~= signs.make or not code:find("%S") or code:find("%s$")) then
			return code, line:sub(to + 1);
		end
		from = to + 1;
	end
end

-- The description of a name in an annotation: the words after two spaces.
local function described(annotation) return annotation:match("%S%s%s+(.*)$") or ""; end

-- C's comments, with the sign that is given to each of their lines.
local function c_lines(source)
	local open = false;
	return source:gsub("([^\n]*)\n", function (line)
		local code, text = "", line;
		if not open then
			code, text = line:match("^(.-)/%*(.*)$");
			if not code then return line:gsub("//", "%-%- ", 1) .. "\n"; end
			open = true;
		end
		local inner = text:match("^(.-)%*/");
		if inner then open = false; end
		text = (inner or text):gsub("^%s*%*%*?%f[%s%z]", ""):gsub("^%s+", " ");
		return code .. "-- " .. text:gsub("^%s+", "") .. "\n";
	end);
end

---@class Comment
---@field line integer       where it begins
---@field text string

--- All comments, in their order. Left out are code in comments, the forms of calls ("->"), and orders to tools.
---@param source string
---@param language "lua"|"c"|"js"|"make"|"sh"
---@return Comment[]
function comments.of(source, language)
	local list, n, open = {}, 0, nil;
	if language == "c" then source, language = c_lines(source), "lua"; end
	local sign = signs[language];
	for line in source:gmatch("([^\n]*)\n") do
		n = n + 1;
		local code, text = cut(line, sign);
		local is_own = code and not code:find("%S");
		if not code or text:find(" %-> ") or text:find("^%s%s%s%s") or text:find("^%s*$") or text:find("^%s*luacheck:") then
			open = nil;
		elseif is_own and open and open.is_own and not text:find("^%s?@") then
			open.text = open.text .. " " .. text:gsub("^%s+", ""):gsub("%s+$", "");
		else
			text = text:gsub("^%s+", ""):gsub("%s+$", "");
			if text:find("^@") then text = described(text); end
			open = { line = n, text = text, is_own = is_own };
			list[#list + 1] = open;
		end
	end
	return list;
end

return comments;
