--- Room patterns from tokens: Lua patterns (Jitsi's context.room.regex) and globs. They must match the whole name, in a
-- time that is linear in the name. A pattern becomes a list of items: a class of characters, and how often it can come.
-- All ways to match are followed together, so that no part is tried twice.

local pattern = {};

local LENGTH_MAX = 128; -- bytes of a pattern

local quantifiers = {
	["*"] = { optional = true, repeats = true }, ["-"] = { optional = true, repeats = true },
	["+"] = { optional = false, repeats = true }, ["?"] = { optional = true, repeats = false },
};
local once = { optional = false, repeats = false };

---@class Items: Item[]
---@field name_max integer?  bytes of a name that can match

---@class Item
---@field class string      an anchored Lua pattern for one character
---@field known table<string, boolean>  what is known of which characters
---@field optional boolean
---@field repeats boolean

local function item(class, quantifier)
	return { class = "^" .. class .. "$", known = {}, optional = quantifier.optional, repeats = quantifier.repeats };
end

local function takes(self, char)
	local known = self.known[char];
	if known == nil then
		known = char:find(self.class) ~= nil;
		self.known[char] = known;
	end
	return known;
end

-- The end of a set that begins at 'from', and its text with literal letters in lower case; nil if it has none.
local function read_set(text, from)
	local at, parts = from + 1, { "[" };
	if text:sub(at, at) == "^" then
		parts[2], at = "^", at + 1;
	end
	local first = at;
	while at <= #text do
		local char = text:sub(at, at);
		if char == "]" and at > first then
			parts[#parts + 1] = "]";
			return at, table.concat(parts);
		elseif char == "%" then
			local escaped = text:sub(at + 1, at + 1);
			if escaped == "" then return nil; end
			parts[#parts + 1] = "%" .. escaped;
			at = at + 2;
		else
			parts[#parts + 1] = char:lower();
			at = at + 1;
		end
	end
	return nil;
end

-- The end and the class of the single item at 'at'; nil for what is no such item or not offered here.
local function read_single(text, at)
	local char = text:sub(at, at);
	if char == "[" then return read_set(text, at); end
	if char == "%" then
		local escaped = text:sub(at + 1, at + 1);
		if escaped == "" or escaped:find("[bf%d]") then return nil; end -- balance, frontier, back-reference
		return at + 1, "%" .. escaped;
	end
	if char == "." then return at, "."; end
	return at, (char:lower():gsub("[^%w%s]", "%%%0"));
end

--- Compile a Lua pattern. Its letters are lower-cased, as room names are; classes such as %S stay unchanged. Captures and
-- anchors change nothing, because the whole name is matched anyway.
---@param text string
---@param limits { max_quantifiers: integer?, room_max_length: integer? }?  the operator's
---@return Items? items  nil where it is no pattern (a set or a capture without end), too long, or has %b, %f or a
--   back-reference, or more quantifiers than the operator allows
function pattern.of_lua(text, limits)
	if #text > LENGTH_MAX then return nil; end
	local items, at, depth, quantified = { name_max = limits and limits.room_max_length }, 1, 0, 0;
	if text:sub(1, 1) == "^" then at = 2; end
	while at <= #text do
		local char = text:sub(at, at);
		if char == "(" or char == ")" then
			depth = depth + (char == "(" and 1 or -1);
			if depth < 0 then return nil; end
			at = at + 1;
		elseif char == "$" and at == #text then
			at = at + 1;
		else
			local last, class = read_single(text, at);
			if not last then return nil; end
			local quantifier = quantifiers[text:sub(last + 1, last + 1)];
			if quantifier then quantified = quantified + 1; end
			items[#items + 1] = item(class, quantifier or once);
			at = last + (quantifier and 2 or 1);
		end
	end
	if depth ~= 0 or quantified > (limits and limits.max_quantifiers or math.huge) then return nil; end
	return items;
end

--- Compile a glob: "*" is any number of characters, "?" is one, all else is itself.
---@param text string
---@return Items? items  nil where it is too long
function pattern.of_glob(text)
	if #text > LENGTH_MAX then return nil; end
	local items = {};
	for char in text:lower():gmatch(".") do
		if char == "*" then
			items[#items + 1] = item(".", quantifiers["*"]);
		elseif char == "?" then
			items[#items + 1] = item(".", once);
		else
			items[#items + 1] = item((char:gsub("[^%w%s]", "%%%0")), once);
		end
	end
	return items;
end

local of_glob = { ["*"] = ".*", ["?"] = "." };

--- A glob as a pattern of Lua's for a whole name, for callers that know no globs.
---@param text string
---@return string
function pattern.lua_of_glob(text)
	return "^" .. text:lower():gsub("[^%w%s\128-\255]", function (char) return of_glob[char] or "%" .. char; end) .. "$";
end

-- Positions reached, followed by the positions that optional items lead to.
local function spread(items, marks)
	for at = 1, #items do
		if marks[at] and items[at].optional then marks[at + 1] = true; end
	end
	return marks;
end

--- Whether the whole of 'name' matches.
---@param items Items
---@param name string
---@return boolean
function pattern.matches(items, name)
	if #name > (items.name_max or math.huge) then return false; end
	local marks = spread(items, { true });
	for char in name:gmatch(".") do
		local after = {};
		for at = 1, #items do
			if marks[at] and takes(items[at], char) then
				after[at + 1] = true;
				if items[at].repeats then after[at] = true; end
			end
		end
		marks = spread(items, after);
	end
	return marks[#items + 1] == true;
end

return pattern;
