--- Bytes as text: hexadecimal, percent-encoding (RFC 3986 2.1) put on and taken off, base64url (RFC 4648 5) taken off.

local bytes = {};

local function digits_of(char)
	return ("%02x"):format(char:byte());
end

--- Bytes as hexadecimal text, in lower case.
---@param data string
---@return string
function bytes.hex(data)
	return (data:gsub(".", digits_of));
end

--- A text percent-encoded, except the unreserved characters (RFC 3986 2.3) and the characters that are named.
---@param text string
---@param kept string?  further characters, as in a Lua pattern's set
---@return string
function bytes.escape(text, kept)
	return (text:gsub("[^%w%-._~" .. (kept or "") .. "]", function (char) return "%" .. digits_of(char):upper(); end));
end

local function byte_of(hex)
	return string.char(tonumber(hex, 16));
end

--- The bytes of a percent-encoded text; a "%" that begins no code stays.
---@param text string
---@return string
function bytes.unescape(text)
	return (text:gsub("%%(%x%x)", byte_of));
end

local sextets = {}; -- by their letters' bytes
for i, range in ipairs({ "A-Z", "a-z", "0-9", "-", "_" }) do
	local first = ({ 0, 26, 52, 62, 63 })[i];
	for byte = range:byte(), range:byte(-1) do sextets[byte] = first + byte - range:byte(); end
end

--- The bytes of a base64url text, as far as it is one: for people. The core reads values that decide.
---@param text string
---@return string
function bytes.from_base64url(text)
	local list = {};
	for at = 1, #text, 4 do
		local a, b, c, d = text:byte(at, at + 3);
		a, b = sextets[a], sextets[b];
		if not a or not b then break; end
		local three = a << 18 | b << 12 | (sextets[c] or 0) << 6 | (sextets[d] or 0);
		list[#list + 1] = (">I3"):pack(three):sub(1, sextets[d] and 3 or sextets[c] and 2 or 1);
		if not sextets[d] then break; end
	end
	return table.concat(list);
end

return bytes;
