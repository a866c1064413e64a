--- A user's id in tokens: a text, or the whole number that some issuers use. In a grant it is always a text, so that two
-- ids can be compared.

local null = require "meetauth.core".null;

local userid = {};

local EXACT_MAX = 1 << 53; -- beyond it some readers of JSON take two numbers for one

--- The id that a claim gives.
---@param value any  as it was read from JSON
---@return string? id      nil and no reason: none is given
---@return string? reason  bad-claim
function userid.of(value)
	if value == nil or value == null then return nil; end
	if type(value) == "string" then return value; end
	local whole = math.type(value) and math.tointeger(value);
	if not whole or whole > EXACT_MAX or whole < -EXACT_MAX then return nil, "bad-claim"; end
	return ("%d"):format(whole);
end

return userid;
