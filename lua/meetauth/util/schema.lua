--- An operator's values against what is expected of them: rows of fields, and problems in words.
-- Knows kinds of values, not their meaning; a secret's bytes never enter a problem.

local shown = require "meetauth.util.shown";

local schema = {};

---@class Kind
---@field expected string
---@field read fun(value: any, secret: boolean?): any, string?  the value in its final form; where it does not fit, nil and
--   perhaps what was found

-- A value for a problem's text. Values of secret fields are told by type and size only.
local function describe(value, secret)
	if type(value) == "string" and secret then return ("a string of %d bytes"):format(#value); end
	if secret then return "a " .. type(value); end
	if type(value) == "string" then
		return shown.text(value);
	elseif type(value) == "table" then
		return ("a table of %d items"):format(#value);
	end
	return tostring(value);
end

local function is_place(name) return math.type(name) == "integer" and name > 0; end

-- Why a table is no list, which has 1, 2, 3 and so on and nothing else; nil if it is one.
local function flaw(list, secret)
	local names, count, last = {}, 0, 0;
	for name in pairs(list) do
		if is_place(name) then
			count, last = count + 1, math.max(last, name);
		else
			names[#names + 1] = describe(name);
		end
	end
	table.sort(names);
	if names[1] then return secret and "a table with names" or "a table with the name " .. names[1]; end
	if last == count then return nil; end
	local hole = 1;
	while list[hole] ~= nil do hole = hole + 1; end
	return ("a list with an empty place at %d"):format(hole);
end

---@class ListForm
---@field expected string
---@field fits fun(item: any): any
---@field empty boolean?  it may have no item
---@field lone boolean?   a single string is a list of one
---@field private boolean?  its items may hold secrets

--- A list as an operator writes it: nothing of it is ever dropped. It is read into a separate table.
---@param form ListForm
---@return Kind
function schema.list_of(form)
	return { expected = form.expected, read = function (value, secret)
		if form.lone and type(value) == "string" then
			if form.fits(value) then return { value }; end
			return nil;
		elseif type(value) ~= "table" then
			return nil;
		end
		local wrong = flaw(value, secret);
		if wrong then return nil, wrong; end
		if #value == 0 and not form.empty then return nil, "an empty list"; end
		for i, item in ipairs(value) do
			if not form.fits(item) then return nil, ("a list with %s at %d"):format(describe(item, secret or form.private), i); end
		end
		return table.move(value, 1, #value, 1, {});
	end };
end

local function is_text(value) return type(value) == "string" and value ~= ""; end

local function is_table(value) return type(value) == "table"; end

---@type table<string, Kind>
local kinds = {
	string = {
		expected = "a string that is not empty";
		read = function (v) return is_text(v) and v or nil; end;
	};
	strings = schema.list_of({ expected = "a string or a list of strings that are not empty", fits = is_text, lone = true });
	names = schema.list_of({ expected = "a list of strings", fits = is_text, lone = true, empty = true });
	table = { expected = "a table", read = function (v) return type(v) == "table" and v or nil; end };
	["function"] = { expected = "a function", read = function (v) return type(v) == "function" and v or nil; end };
	boolean = { expected = "true or false", read = function (v) if type(v) == "boolean" then return v; end end };
	seconds = {
		expected = "a number of seconds, 0 or more";
		read = function (v) return type(v) == "number" and v >= 0 and v < math.huge and v or nil; end;
	};
	list = schema.list_of({ expected = "a list of tables", fits = is_table, empty = true, private = true });
};

---@param ... string
---@return Kind
function schema.one_of(...)
	local words, set = table.concat({ ... }, "\" or \""), {};
	for _, word in ipairs({ ... }) do set[word] = word; end
	return { expected = "\"" .. words .. "\"", read = function (v) return set[v]; end };
end

---@param min integer
---@param max integer
---@return Kind
function schema.integer(min, max)
	return {
		expected = ("a whole number from %d to %d"):format(min, max);
		read = function (v)
			v = math.type(v) and math.tointeger(v);
			return v and v >= min and v <= max and v or nil;
		end;
	};
end

---@class Problems
---@field list string[]
local problems = {};
problems.__index = problems;

---@return Problems
function schema.problems()
	return setmetatable({ list = {} }, problems);
end

--- Note a problem: the option's name, what was found, what was expected.
---@param name string
---@param found string
---@param expected string
function problems:add(name, found, expected)
	table.insert(self.list, ("%s: found %s, expected %s"):format(name, found, expected));
end

---@class Field
---@field name string
---@field kind string|Kind
---@field default any
---@field secret boolean?  never shown

---@class Fields
---@field list Field[]
---@field by_name table<string, Field>
---@field defaults { __index: table<string, any> }  metatable of what is read: of thousands, each holds what it says itself

--- Lists of fields as one.
---@param ... Field[]
---@return Fields
function schema.fields(...)
	local list, by_name, defaults = {}, {}, {};
	for _, some in ipairs({ ... }) do
		for _, field in ipairs(some) do list[#list + 1], by_name[field.name], defaults[field.name] = field, field, field.default; end
	end
	return { list = list, by_name = by_name, defaults = { __index = defaults } };
end

--- Read one option; its default where it is nil or does not fit (which is a problem).
---@param into Problems
---@param field Field
---@param value any
---@param label string  the option's full name
---@return any
function schema.read(into, field, value, label)
	if value == nil then return field.default; end
	local kind = kinds[field.kind] or field.kind;
	local read, wrong = kind.read(value, field.secret);
	if read ~= nil then return read; end
	into:add(label, wrong or describe(value, field.secret), kind.expected);
	return field.default;
end

return schema;
