--- Bytes as text: hexadecimal, and percent-encoding (RFC 3986 2.1) taken off.

local bytes = {};

--- Bytes as hexadecimal text, in lower case.
---@param data string
---@return string
function bytes.hex(data)
	return (data:gsub(".", function (byte) return ("%02x"):format(byte:byte()); end));
end

local function byte_of(hex)
	return string.char(tonumber(hex, 16));
end

--- The bytes that a percent-encoded text stands for; a "%" that begins no code stays.
---@param text string
---@return string
function bytes.unescape(text)
	return (text:gsub("%%(%x%x)", byte_of));
end

return bytes;
