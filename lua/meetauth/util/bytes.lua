--- Bytes as text: hexadecimal, and percent-encoding (RFC 3986 2.1), put on and taken off.

local bytes = {};

local digits_of = {}; -- of each byte
for byte = 0, 255 do digits_of[string.char(byte)] = ("%02x"):format(byte); end

--- Bytes as hexadecimal text, in lower case.
---@param data string
---@return string
function bytes.hex(data)
	return (data:gsub(".", digits_of));
end

--- A text percent-encoded, but for the unreserved characters (RFC 3986 2.3) and those that are named.
---@param text string
---@param kept string?  further characters, as in a Lua pattern's set
---@return string
function bytes.escape(text, kept)
	return (text:gsub("[^%w%-._~" .. (kept or "") .. "]", function (char) return "%" .. digits_of[char]:upper(); end));
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
