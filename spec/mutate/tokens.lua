--- The words of a C or Lua source: names, numbers, strings, operators. Comments and white space are left out, and so are
-- the lines of C's preprocessor, apart from what a #define stands for.

local tokens = {};

---@class Token
---@field kind "name"|"number"|"string"|"char"|"op"
---@field text string
---@field from integer  of its first byte in the source
---@field to integer
---@field line integer

-- A row: a pattern that begins here, and the kind of what it finds; without a kind it is left out.
local shared = {
	{ "^%s+" };
	{ "^0[xX]%x+[uUlL]*", "number" };
	{ "^%d[%w%.]*", "number" };
	{ "^[%a_][%w_]*", "name" };
};

local rows = {
	c = {
		{ "^/%*.-%*/" };
		{ "^//[^\n]*" };
		{ "^\\\n" };
		{ "^#[ \t]*define[ \t]+[%a_][%w_]*%b()" };
		{ "^#[ \t]*define[ \t]+[%a_][%w_]*" };
		{ "^#[^\n]*" };
		{ "^'\\?[^\n]'", "char" };
	};
	lua = {
		{ "^#![^\n]*" };
		{ "^%-%-%[(=*)%[.-%]%1%]" };
		{ "^%-%-[^\n]*" };
		{ "^%[(=*)%[.-%]%1%]", "string" };
	};
};

local operators = {
	c = { ">>=", "<<=", "...", "->", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "==", "!=", "<=", ">=",
		"&&", "||", "<<", ">>" };
	lua = { "...", "..", "::", "==", "~=", "<=", ">=", "<<", ">>", "//" };
};

local quotes = { c = { ['"'] = true }, lua = { ['"'] = true, ["'"] = true } };

-- The last byte of the string whose quote stands at 'from'.
local function string_end(text, from)
	local quote, at = text:sub(from, from), from + 1;
	while text:sub(at, at) ~= quote do
		assert(at <= #text, "a string without an end");
		at = at + (text:sub(at, at) == "\\" and 2 or 1);
	end
	return at;
end

local function by_rows(list, text, from)
	for _, row in ipairs(list) do
		local _, to = text:find(row[1], from);
		if to then return to, row[2]; end
	end
end

local function operator_end(text, from, language)
	for _, operator in ipairs(operators[language]) do
		if text:sub(from, from + #operator - 1) == operator then return from + #operator - 1; end
	end
	return from;
end

local function next_end(text, from, language)
	if quotes[language][text:sub(from, from)] then return string_end(text, from), "string"; end
	local to, kind = by_rows(rows[language], text, from);
	if not to then to, kind = by_rows(shared, text, from); end
	if to then return to, kind; end
	return operator_end(text, from, language), "op";
end

---@param text string
---@param language "c"|"lua"
---@return Token[]
function tokens.of(text, language)
	local list, from, line = {}, 1, 1;
	while from <= #text do
		local to, kind = next_end(text, from, language);
		local word = text:sub(from, to);
		if kind then list[#list + 1] = { kind = kind, text = word, from = from, to = to, line = line }; end
		line = line + select(2, word:gsub("\n", ""));
		from = to + 1;
	end
	return list;
end

return tokens;
