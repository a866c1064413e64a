--- lua-cjson behind one private instance: everything that this project writes as JSON.
-- What decides something is read by the core, strictly; this only writes.

local core = require "meetauth.core";
local cjson = require "cjson".new();

local DEPTH_MAX = 32; -- as deep as the core reads

cjson.encode_max_depth(DEPTH_MAX);
cjson.encode_sparse_array(false, 1, 0); -- a list with holes is the caller's mistake, not an object
cjson.encode_keep_buffer(true);

local json = {};

local is_plain, cjson_encode = core.is_plain, cjson.encode;

local encode;

-- Whether a table is a list (1, 2, 3 ...) or an object (names are strings); anything between is a mistake.
local function is_list(value)
	local count, named = 0, 0;
	for name in pairs(value) do
		count = count + 1;
		if type(name) == "string" then named = named + 1; end
	end
	if named == count then return count == 0 and getmetatable(value) == core.array_mt; end
	if named > 0 or #value ~= count then error("a list with holes or names is no JSON", 0); end
	return true;
end

local function encode_table(value, depth)
	if depth == DEPTH_MAX then error("tables more than 32 deep are no JSON that is read again", 0); end
	local parts = {};
	if is_list(value) then
		for i, item in ipairs(value) do parts[i] = encode(item, depth + 1); end
		return "[" .. table.concat(parts, ",") .. "]";
	end
	for name, item in pairs(value) do
		parts[#parts + 1] = cjson_encode(name) .. ":" .. encode(item, depth + 1);
	end
	return "{" .. table.concat(parts, ",") .. "}";
end

function encode(value, depth)
	if is_plain(value, depth) then return cjson_encode(value); end
	if type(value) == "table" then return encode_table(value, depth); end
	if math.type(value) == "integer" then return string.format("%d", value); end
	return (string.format("%.17g", value):gsub(",", ".")); -- a locale's decimal point
end

--- Write a value as JSON. Numbers keep all their digits; a list from meetauth.array is
-- a list, also when it is empty; meetauth.null is null. Raises on what JSON cannot say (functions, NaN,
-- holes, tables inside themselves).
---@param value any
---@return string
function json.encode(value)
	if is_plain(value) then return cjson_encode(value); end
	return encode(value, 0);
end

return json;
