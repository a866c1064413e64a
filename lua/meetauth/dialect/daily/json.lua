--- Shapes of JSON values in Daily tokens: objects, and lists of words.
-- A table that was read from JSON knows whether it was a list; one that a program made is a list where it has items.

local array_mt = require "meetauth.core".array_mt;

local dailyjson = {};

--- Whether a value is a JSON object.
---@param value any
---@return boolean
function dailyjson.is_object(value)
	return type(value) == "table" and getmetatable(value) ~= array_mt and #value == 0;
end

--- A JSON list of strings, as it is; nil for everything else.
---@param value any
---@return string[]?
function dailyjson.list(value)
	if type(value) ~= "table" or dailyjson.is_object(value) then return nil; end
	local n = 0;
	for _, word in pairs(value) do
		if type(word) ~= "string" then return nil; end
		n = n + 1;
	end
	return n == #value and value or nil;
end

--- Whether two JSON values are equal.
---@param a any
---@param b any
---@return boolean
function dailyjson.same(a, b)
	if type(a) ~= "table" or type(b) ~= "table" then return a == b; end
	for name, value in pairs(a) do
		if not dailyjson.same(value, b[name]) then return false; end
	end
	for name in pairs(b) do
		if a[name] == nil then return false; end
	end
	return true;
end

return dailyjson;
