--- An operator's values in lines that others read: what may be a secret in a wrong place is told by its length.

local shown = {};

local LONG = 60;       -- bytes of a value
local SECRET_MIN = 16; -- bytes: words that people write are shorter, or have no digits

-- Letters and digits without a space, as random bytes are written; a key, or a token.
local function may_be_secret(text)
	if text:find("PRIVATE KEY", 1, true) or text:find("^%s*eyJ") or text:find("\"[kd]\"%s*:") then return true; end
	return #text >= SECRET_MIN and not text:find("[^%w+/=_-]") and text:find("%d") ~= nil and text:find("%a") ~= nil
		and not text:find("^/");
end

--- An address without user, password and query.
---@param address string
---@return string
function shown.address(address)
	return (address:gsub("^(%a[%w+.-]*:/?/?)[^/?#]*@", "%1...@"):gsub("%?.*$", "?..."));
end

--- A value in quotes, as short as a line wants it.
---@param text string
---@return string
function shown.text(text)
	if may_be_secret(text) then return ("a string of %d bytes"):format(#text); end
	if text:find("^%a[%w+.-]*:/") or text:find("^//") then
		text = shown.address((text:gsub("^([%w+.-]*:?/?/?).*@", "%1...@")));
	end
	return ("%q"):format(#text > LONG and text:sub(1, LONG) .. "..." or text);
end

return shown;
