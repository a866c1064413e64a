--- The text of a public key or certificate as people have it, made into what the core reads: PEM (RFC 7468) or DER.

local without_mark = require "meetauth.util.text".without_mark;

local publictext = {};

-- The base64 of a SubjectPublicKeyInfo alone, as Keycloak's button "Public key" gives it: DER begins with a SEQUENCE.
local function is_bare(text)
	return #text % 4 == 0 and text:find("^M[%w+/]+=?=?$") ~= nil;
end

--- Without a byte order mark; PEM without its indentation, as inside a Lua table; base64 of DER with the missing lines.
---@param text string
---@return string
function publictext.read(text)
	text = without_mark(text);
	if text:find("-----BEGIN ", 1, true) then return (text:gsub("^[ \t]+", ""):gsub("\n[ \t]+", "\n")); end
	local bare = text:gsub("[ \t\r\n]", "");
	if not is_bare(bare) then return text; end
	local lines = bare:gsub(("."):rep(64), "%0\n"):gsub("\n$", "");
	return ("-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"):format(lines);
end

return publictext;
