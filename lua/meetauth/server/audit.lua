--- One line of JSON for each decision about a token: what was decided, when, and about whom.
-- With all values the result is one line, printable ASCII, and JSON. The clock is an argument.

local json = require "meetauth.util.json";

local audit = {};

---@class Decision
---@field event "login_accepted"|"login_refused"|"join_accepted"|"join_refused"|"removed"|"room_set"|"invited"|"test_link"
---@field host string          the VirtualHost
---@field room string?         the room's address, for joins and removals; of a test link the one that it opens
---@field entry string?        the id of the issuer entry
---@field dialect string?
---@field kid string?          the key's id, as configured or as its source has it
---@field user any             the user id, and
---@field jti string?          the token's id: of verified tokens only
---@field affiliation string?  in the room
---@field settings string?     the names of what was set of the room
---@field reason string?       why not
---@field ref string?          the reference of the refusal

-- In the order in which they are written.
local names = { "event", "host", "room", "entry", "dialect", "kid", "user", "jti", "affiliation", "settings", "reason", "ref" };

local is_scalar = { string = true, number = true, boolean = true };

local function escaped(char)
	local code = utf8.codepoint(char);
	if code < 0x10000 then return ("\\u%04x"):format(code); end
	code = code - 0x10000;
	return ("\\u%04x\\u%04x"):format(0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
end

-- JSON in ASCII: no terminal, no viewer turns its direction or breaks its line.
local function ascii(value)
	if type(value) == "string" and not utf8.len(value) then value = value:gsub("[\128-\255]", "?"); end
	return (json.encode(value):gsub("[\xC2-\xF4][\x80-\xBF]+", escaped));
end

-- RFC 3339, in UTC.
local function rfc3339(now)
	return os.date("!%Y-%m-%dT%H:%M:%S", math.floor(now)) .. (".%03dZ"):format(math.floor(now % 1 * 1000));
end

--- The line.
---@param decision Decision
---@param now number  seconds since the epoch
---@return string
function audit.line(decision, now)
	local parts = { "\"time\":\"" .. rfc3339(now) .. "\"" };
	for _, name in ipairs(names) do
		local value = decision[name];
		if is_scalar[type(value)] then parts[#parts + 1] = ("\"%s\":%s"):format(name, ascii(value)); end
	end
	return "{" .. table.concat(parts, ",") .. "}";
end

--- The bearer's fields in a verified token.
---@param grant Grant?
---@return any user
---@return string? jti
function audit.bearer(grant)
	if not grant then return nil, nil; end
	return grant.user and grant.user.id, grant.token_id;
end

return audit;
