--- lua-cjson behind one private instance: everything that this project writes as JSON.
-- What decides something is read by the core, strictly; this only writes.

local core = require "meetauth.core";
local cjson = require "cjson".new();

cjson.encode_max_depth(32);
cjson.encode_sparse_array(false, 0, 0); -- a list with holes is the caller's mistake, not an object
cjson.encode_keep_buffer(true);

local json = {};

local is_plain, cjson_encode = core.is_plain, cjson.encode;

local encode;

local function encode_list(list)
	local t = {};
	for i, value in ipairs(list) do t[i] = encode(value); end
	return "[" .. table.concat(t, ",") .. "]";
end

local function encode_object(object)
	local t = {};
	for name, value in pairs(object) do
		t[#t + 1] = cjson_encode(tostring(name)) .. ":" .. encode(value);
	end
	return "{" .. table.concat(t, ",") .. "}";
end

function encode(value)
	if is_plain(value) then return cjson_encode(value); end
	if type(value) ~= "table" then return string.format("%d", value); end
	if value[1] ~= nil or next(value) == nil then return encode_list(value); end
	return encode_object(value);
end

--- Write a value as JSON. Integers keep all their digits, other numbers 14; a list from meetauth.array is
-- a list, also when it is empty; meetauth.null is null. Raises on what JSON cannot say (functions, NaN,
-- holes, tables inside themselves).
---@param value any
---@return string
json.encode = encode;

return json;
