--- Percent-encoding (RFC 3986 2.1), taken off.

local percent = {};

local function byte_of(hex)
	return string.char(tonumber(hex, 16));
end

--- The bytes that an encoded text stands for; a "%" that begins no code stays.
---@param text string
---@return string
function percent.decode(text)
	return (text:gsub("%%(%x%x)", byte_of));
end

return percent;
