--- How long the answer of a key server is valid before the server is asked again (RFC 9111 4.2, 5.2.2). The server's wish
-- is used between the operator's minimum and maximum.

local trimmed = require "meetauth.util.text".trimmed;

local cachecontrol = {};

-- The value of a directive; "" for one without a value, nil if it is missing.
local function directive(control, name)
	for part in control:lower():gmatch("[^,]+") do
		local key, value = part:match("^([^=]*)=?(.*)$");
		if trimmed(key) == name then return trimmed(value):match("^\"(.*)\"$") or trimmed(value); end
	end
	return nil;
end

-- Only digits: a negative or garbled age is treated as no age, so the answer is stale immediately.
local function seconds(text)
	return text:find("^%d+$") and tonumber(text) or 0;
end

--- Seconds until the next look.
---@param headers table<string, string>  of the answer, names in lower case
---@param floor number    seconds
---@param ceiling number  seconds; also where the server says nothing
---@return number
function cachecontrol.seconds(headers, floor, ceiling)
	local control = headers["cache-control"];
	if type(control) ~= "string" then return ceiling; end
	local age = directive(control, "max-age");
	local wanted = age and seconds(age) - seconds(headers.age or "0");
	if directive(control, "no-store") or directive(control, "no-cache") then wanted = 0; end
	if not wanted then return ceiling; end
	return math.max(floor, math.min(ceiling, wanted));
end

return cachecontrol;
