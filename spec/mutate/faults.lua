--- The small faults that a source may be given, one at a time: what a tired programmer might have written instead.
-- Comments, texts for people, lines that load something and declarations without a value get none.

local tokens = require "spec.mutate.tokens";

local faults = {};

---@class Fault
---@field line integer
---@field edits { from: integer, to: integer, text: string }[]  bytes of the source and what stands there instead, in order
---@field what string  in words: "<" to "<="

local instead = {
	c = {
		["<"] = { "<=", ">=" }, ["<="] = { "<", ">" }, [">"] = { ">=", "<=" }, [">="] = { ">", "<" },
		["=="] = { "!=" }, ["!="] = { "==" }, ["&&"] = { "||" }, ["||"] = { "&&" },
		["<<"] = { ">>" }, [">>"] = { "<<" }, ["+="] = { "-=" }, ["-="] = { "+=" }, ["|="] = { "&=" }, ["&="] = { "|=" },
	};
	lua = {
		["<"] = { "<=", ">=" }, ["<="] = { "<", ">" }, [">"] = { ">=", "<=" }, [">="] = { ">", "<" },
		["=="] = { "~=" }, ["~="] = { "==" }, ["and"] = { "or" }, ["or"] = { "and" },
		["true"] = { "false" }, ["false"] = { "true" }, ["//"] = { "*" }, ["<<"] = { ">>" }, [">>"] = { "<<" },
	};
};

-- Those that have another meaning where nothing stands on their left.
local binary = { ["+"] = "-", ["-"] = "+", ["*"] = "+", ["/"] = "*", ["%"] = "*", ["&"] = "|", ["|"] = "&", ["^"] = "|" };

local no_value = {}; -- names that are no value on an operator's left
for word in ("and or not return then do else elseif if while until in case sizeof goto"):gmatch("%a+") do
	no_value[word] = true;
end

local conjunctions = { ["and"] = true, ["or"] = true, ["&&"] = true, ["||"] = true };
local single = { ["not"] = true, ["!"] = true, ["=="] = true, ["~="] = true, ["!="] = true };

local function is_value(token)
	if token.kind == "op" then return token.text == ")" or token.text == "]"; end
	return not no_value[token.text];
end

-- In both languages of this project a binary operator has a blank on either side, unlike a pointer's star.
local function is_binary(source, token, before)
	return before and is_value(before) and source:sub(token.from - 1, token.to + 1) == " " .. token.text .. " ";
end

local function add(list, token, what, ...)
	list[#list + 1] = { line = token.line, what = what, edits = { ... } };
end

local function replace(list, token, text)
	add(list, token, ("%s to %s"):format(token.text, text), { from = token.from, to = token.to, text = text });
end

-- In Lua text:sub(0, n) is text:sub(1, n), and text:find(what, 0, true) is text:find(what, 1, true).
local function is_first_place(all, i)
	local before, second, after = all[i - 1] or {}, all[i - 2] or {}, all[i + 2] or {};
	return before.text == "(" and second.text == "sub" or before.text == "," and after.text == "true";
end

-- In C a yes of 2 is one of 1; where Lua is known it is a number of results.
local function is_yes(source, all, i)
	return all[i - 1] and all[i - 1].text == "return" and all[i + 1].text == ";" and not source:find("lua_State", 1, true);
end

local function number_faults(list, source, all, i, language)
	local token = all[i];
	local digits, suffix = token.text:match("^(%d+)([uUlL]*)$");
	local hex, hex_suffix = token.text:match("^0[xX](%x+)([uUlL]*)$");
	local value = tonumber(digits) or hex and tonumber(hex, 16);
	if not math.tointeger(value) then return; end
	local form = hex and "0x%X" .. hex_suffix or "%d" .. suffix;
	local is_one = value == 1;
	if not (is_one and language == "c" and is_yes(source, all, i)) then replace(list, token, form:format(value + 1)); end
	local is_same = is_one and language == "lua" and is_first_place(all, i);
	if value > 0 and not is_same then replace(list, token, form:format(value - 1)); end
end

-- The operator that closes what the one at 'i' opens.
local function closing(all, i)
	local depth = 0;
	for at = i, #all do
		if all[at].text == "(" and all[at].kind == "op" then depth = depth + 1; end
		if all[at].text == ")" and all[at].kind == "op" then depth = depth - 1; end
		if depth == 0 then return at; end
	end
end

-- First and last word of the condition that belongs to the 'if' or 'while' at 'i'.
local condition = {
	c = function (all, i)
		local to = closing(all, i + 1);
		return i + 2, to and to - 1;
	end;
	lua = function (all, i)
		local ending = all[i].text == "while" and "do" or "then";
		for at = i + 1, #all do
			if all[at].text == ending then return i + 1, at - 1; end
			if all[at].text == "function" then return; end
		end
	end;
};

-- Where an exchanged operator would do the same.
local function has_other_fault(all, from, to)
	local found;
	for i = from, to do
		if conjunctions[all[i].text] then return false; end
		found = found or single[all[i].text];
	end
	return found;
end

local function negation(list, all, i, language)
	local from, to = condition[language](all, i);
	if not to or has_other_fault(all, from, to) then return; end
	local no = language == "c" and "!(" or "not (";
	add(list, all[i], "condition negated",
		{ from = all[from].from, to = all[from].from - 1, text = no },
		{ from = all[to].to + 1, to = all[to].to, text = ")" });
end

-- Whether each word stands inside of something more than a function: an if, a loop, a block.
local is_inside = {
	c = function (all)
		local inside, depth = {}, 0;
		for i, token in ipairs(all) do
			if token.kind == "op" and token.text == "{" then depth = depth + 1; end
			if token.kind == "op" and token.text == "}" then depth = depth - 1; end
			inside[i] = depth > 1 or i > 1 and all[i - 1].text == ")";
		end
		return inside;
	end;
	lua = function (all)
		local inside, blocks = {}, {};
		for i, token in ipairs(all) do
			local word = token.text;
			if word == "end" or word == "until" or word == "elseif" then table.remove(blocks); end
			inside[i] = blocks[1] ~= nil and blocks[#blocks] ~= "function";
			if word == "function" or word == "then" or word == "do" or word == "repeat" then blocks[#blocks + 1] = word; end
		end
		return inside;
	end;
};

-- An early return, or C's goto, that does not happen.
local function dropped(list, all, i, language)
	for at = i, #all do
		if all[at].text == "function" or all[at].line > all[i].line then return; end
		if all[at].text == ";" then
			local text = language == "c" and ";" or "";
			return add(list, all[i], all[i].text .. " dropped", { from = all[i].from, to = all[at].to, text = text });
		end
	end
end

-- A word for programs: compared with something, or a reason.
local function is_word(all, i)
	local before, second = all[i - 1], all[i - 2];
	if not before or not all[i].text:find("^[\"'][%w_%-]+[\"']$") then return false; end
	return before.text == "==" or before.text == "~=" or before.text == "," and second.text == "nil";
end

local function replacements(list, source, all, i, language)
	local token = all[i];
	for _, text in ipairs(instead[language][token.text] or {}) do replace(list, token, text); end
	if binary[token.text] and is_binary(source, token, all[i - 1]) then replace(list, token, binary[token.text]); end
	if token.text == "not" or token.text == "!" then
		add(list, token, token.text .. " dropped",
			{ from = token.from, to = source:find("%S", token.to + 1) - 1, text = "" });
	end
end

local function name_or_operator(list, source, all, i, language, inside)
	local word = all[i].text;
	replacements(list, source, all, i, language);
	if word == "if" or word == "elseif" or word == "while" then negation(list, all, i, language); end
	if inside and (word == "return" or language == "c" and word == "goto") then dropped(list, all, i, language); end
end

local by_kind = {
	name = name_or_operator;
	op = name_or_operator;
	number = number_faults;
	string = function (list, _, all, i, language)
		local token = all[i];
		if language == "lua" and is_word(all, i) then
			replace(list, token, token.text:sub(1, -2) .. "x" .. token.text:sub(-1));
		end
	end;
	char = function (list, _, all, i)
		local token = all[i];
		local byte = token.text:match("^'([^\\])'$");
		local after = byte and string.char(byte:byte() + 1);
		if after and not after:find("['\\]") then replace(list, token, "'" .. after .. "'"); end
	end;
};

---@type table<string, fun(line: string): boolean>
local is_left_out = {
	c = function (line)
		return line:find("^%s*[%w_ ]+[ %*][%w_]+%[[%w_]+%]") ~= nil -- char name[32]: a larger one is as good
			or line:find("^%s*[%w_]+ [%w_ %*,]+;") ~= nil and not line:find("return") and not line:find("goto");
	end;
	lua = function (line)
		return line:find("require", 1, true) ~= nil or line:find("^return ") ~= nil;
	end;
};

-- <const> and <close>
local function is_attribute(all, i)
	local at = all[i].text == "<" and i or all[i].text == ">" and i - 2;
	local name = at and all[at + 1];
	return name and (name.text == "const" or name.text == "close") and all[at].text == "<" and all[at + 2].text == ">";
end

local function lines_of(source)
	local list = {};
	for line in (source .. "\n"):gmatch("(.-)\n") do list[#list + 1] = line; end
	return list;
end

--- All of them, in the order of their places.
---@param source string
---@param language "c"|"lua"
---@return Fault[]
function faults.of(source, language)
	local list, all, lines = {}, tokens.of(source, language), lines_of(source);
	local inside = is_inside[language](all);
	for i, token in ipairs(all) do
		if not is_left_out[language](lines[token.line]) and not is_attribute(all, i) then
			by_kind[token.kind](list, source, all, i, language, inside[i]);
		end
	end
	return list;
end

---@param source string
---@param fault Fault
---@return string
function faults.plant(source, fault)
	local parts, from = {}, 1;
	for _, edit in ipairs(fault.edits) do
		parts[#parts + 1] = source:sub(from, edit.from - 1) .. edit.text;
		from = edit.to + 1;
	end
	return table.concat(parts) .. source:sub(from);
end

-- The lines from the first edit to the last one, as one.
local function shown(text, from, to)
	while from > 1 and text:sub(from - 1, from - 1) ~= "\n" do from = from - 1; end
	to = (text:find("\n", to, true) or #text + 1) - 1;
	return (text:sub(from, to):gsub("%s+", " "):match("^ ?(.-) ?$"));
end

--- The line before and after, without the white space around it.
---@param source string
---@param fault Fault
---@return string before
---@return string after
function faults.lines(source, fault)
	local planted = faults.plant(source, fault);
	local from, to = fault.edits[1].from, fault.edits[#fault.edits].to;
	return shown(source, from, math.max(from, to)), shown(planted, from, math.max(from, to + #planted - #source));
end

return faults;
