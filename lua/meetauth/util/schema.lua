--- An operator's values against what is expected of them: rows of fields, and problems in words.
-- Knows kinds of values, not their meaning; a secret's bytes never enter a problem.

local schema = {};

---@class Kind
---@field expected string
---@field read fun(value: any): any  the value in its final form, or nil where it does not fit

local function list_of_strings(value)
	if type(value) == "string" then value = { value }; end
	if type(value) ~= "table" or #value == 0 then return nil; end
	local list = {};
	for _, item in pairs(value) do
		if type(item) ~= "string" or item == "" then return nil; end
		list[#list + 1] = item;
	end
	if #list ~= #value then return nil; end
	return list;
end

---@type table<string, Kind>
local kinds = {
	string = {
		expected = "a string that is not empty";
		read = function (v) return type(v) == "string" and v ~= "" and v or nil; end;
	};
	strings = { expected = "a string or a list of strings, none empty", read = list_of_strings };
	names = { -- as strings, and the list may be empty
		expected = "a list of strings";
		read = function (v) return type(v) == "table" and next(v) == nil and {} or list_of_strings(v); end;
	};
	table = { expected = "a table", read = function (v) return type(v) == "table" and v or nil; end };
	["function"] = { expected = "a function", read = function (v) return type(v) == "function" and v or nil; end };
	boolean = { expected = "true or false", read = function (v) if type(v) == "boolean" then return v; end end };
	seconds = {
		expected = "a number of seconds, 0 or more";
		read = function (v) return type(v) == "number" and v >= 0 and v < math.huge and v or nil; end;
	};
	list = {
		expected = "a list of tables";
		read = function (v)
			if type(v) ~= "table" then return nil; end
			for _, item in pairs(v) do
				if type(item) ~= "table" then return nil; end
			end
			return v;
		end;
	};
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

-- What was found, for a problem's text. The values of secret fields are told by type and size only.
local function describe(value, secret)
	if type(value) == "string" and secret then return ("a string of %d bytes"):format(#value); end
	if secret then return "a " .. type(value); end
	if type(value) == "string" then
		return ("%q"):format(#value > 60 and value:sub(1, 60) .. "..." or value);
	elseif type(value) == "table" then
		return ("a table of %d items"):format(#value);
	end
	return tostring(value);
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

--- Read one option; its default where it is nil or does not fit (which is a problem).
---@param into Problems
---@param field Field
---@param value any
---@param label string  the option's full name
---@return any
function schema.read(into, field, value, label)
	if value == nil then return field.default; end
	local kind = kinds[field.kind] or field.kind;
	local read = kind.read(value);
	if read ~= nil then return read; end
	into:add(label, describe(value, field.secret), kind.expected);
	return field.default;
end

return schema;
