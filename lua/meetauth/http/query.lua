--- The query of an address as a list of parameters (URL Standard 5.1, application/x-www-form-urlencoded). The query comes
-- from outside, and can be as long as the head of a request. It is read in a time that grows as its length does, which
-- util.http's formdecode does not promise.

local bytes = require "meetauth.util.bytes";

local query = {};

local PARAMETERS_MAX = 100; -- each is a table, some hundred times the two bytes that it may come in

---@class Parameter
---@field name string
---@field value string

local function decoded(text)
	if text:find("+", 1, true) then text = text:gsub("+", " "); end
	return text:find("%", 1, true) and bytes.unescape(text) or text;
end

--- Read a query.
---@param text string?  without the "?"; nil: no query
---@return Parameter[]  in their order; what has no "=" is none; of a query with more than a hundred, none at all
function query.parse(text)
	local list = {};
	if not text then return list; end
	local at, equals = 1, text:find("=", 1, true);
	while equals do -- every byte is compared with "&" and with "=" one time each, and copied only into a name or a value
		local stop = text:find("&", at, true) or #text + 1;
		if equals < stop then
			if #list == PARAMETERS_MAX then return {}; end
			list[#list + 1] = { name = decoded(text:sub(at, equals - 1)), value = decoded(text:sub(equals + 1, stop - 1)) };
		end
		at = stop + 1;
		if equals < at then equals = text:find("=", at, true); end
	end
	return list;
end

return query;
