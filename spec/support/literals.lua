--- The string literals of a source file in Lua or C, as people read them: what is joined by ".." (in C: by nothing) is one.

local literals = {};

local escapes = { n = "\n", t = "\t", ["\n"] = "\n" };

local function unescaped(body)
	return (body:gsub("\\(.)", function (char) return escapes[char] or char; end));
end

-- Where the comment ends that begins here, if one does.
local function comment_end(source, at, language)
	if language == "c" then
		if source:find("^//", at) then return source:find("\n", at, true) or #source; end
		if source:find("^/%*", at) then return select(2, source:find("*/", at + 2, true)); end
		if source:find("^'\\?.'", at) then return select(2, source:find("^'\\?.'", at)); end
		return nil;
	end
	if source:find("^%-%-", at) then return source:find("\n", at, true) or #source; end
	return nil;
end

-- A literal that begins here: its text, and where it ends.
local function literal_at(source, at, language)
	local quote = source:match("^[\"']", at);
	if quote then
		local to = at + 1;
		while source:sub(to, to) ~= quote do
			to = to + (source:sub(to, to) == "\\" and 2 or 1);
			assert(to <= #source, "a string without an end");
		end
		return unescaped(source:sub(at + 1, to - 1)), to;
	end
	if language == "lua" and source:find("^%[%[", at) then
		local to = source:find("]]", at, true);
		return source:sub(at + 2, to - 1), to + 1;
	end
end

local joints = { lua = "^%s*%.%.%s*$", c = "^%s*$" };

---@class Literal
---@field line integer
---@field text string

--- All of them, in their order.
---@param source string
---@param language "lua"|"c"
---@return Literal[]
function literals.of(source, language)
	local list, at, ended, line, counted = {}, 1, 0, 1, 1;
	while true do
		at = source:find("[\"'%[/-]", at);
		if not at then return list; end
		local behind = comment_end(source, at, language);
		local text, to = literal_at(source, at, language);
		if behind then
			at = behind + 1;
		elseif text then
			line, counted = line + select(2, source:sub(counted, at - 1):gsub("\n", "")), at;
			local last = list[#list];
			if last and source:sub(ended + 1, at - 1):find(joints[language]) then
				last.text = last.text .. text;
			else
				list[#list + 1] = { line = line, text = text };
			end
			at, ended = to + 1, to;
		else
			at = at + 1;
		end
	end
end

return literals;
