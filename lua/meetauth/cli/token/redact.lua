--- An explanation that can be shown in public: the checks, the verdicts, and the shape and length of values. It has no
-- value of the token or of the configuration.

local core = require "meetauth.core";
local dailyread = require "meetauth.dialect.daily.read";
local bytes = require "meetauth.util.bytes";
local hints = require "meetauth.hint.find";
local times = require "meetauth.util.times";

local redact = {};

local FINGERPRINT = 4; -- bytes

local public = { JWT = true, jwt = true, ["at+jwt"] = true, HS256 = true }; -- words of RFCs, and names of known claims
for _, alg in ipairs(core.algorithms()) do public[alg] = true; end
for _, claim in ipairs(dailyread.claims) do public[claim.claim] = true; end
for _, name in ipairs({ "p.cr", "p.cs", "p.ca", "p.hp", "iss", "aud", "sub", "room", "jti" }) do public[name] = true; end

local moments = { exp = true, nbf = true, iat = true };

local function size(n, one)
	return ("%d %s%s"):format(n, one, n == 1 and "" or "s");
end

local function table_shape(value)
	local n = 0;
	for _ in pairs(value) do n = n + 1; end
	if getmetatable(value) ~= core.array_mt and #value == 0 then return "an object of " .. size(n, "member"); end
	local shapes = {};
	for i, item in ipairs(value) do shapes[i] = redact.shape(item); end
	return "a list of " .. size(n, "item") .. ": " .. table.concat(shapes, "; ");
end

--- The form of a value.
---@param value any
---@return string
function redact.shape(value)
	if value == core.null then return "null"; end
	local kind = type(value);
	if kind == "string" then return "a string of " .. size(utf8.len(value) or #value, "character"); end
	if kind == "table" then return table_shape(value); end
	if math.type(value) == "integer" then return "a number of " .. size(#tostring(math.abs(value)), "digit"); end
	if kind == "number" then return "a number with a fraction"; end
	return "a " .. kind;
end

local function public_or_shape(value)
	return public[value] and value or redact.shape(value);
end

-- The header's members, and a grant's notes: records whose own names are this project's.
local function record(value)
	local shown = {};
	for name, member in pairs(value) do shown[name] = public_or_shape(member); end
	return shown;
end

local function notes(list)
	local shown = {};
	for i, note in ipairs(list) do
		shown[i] = { claim = public_or_shape(note.claim), fate = note.fate };
	end
	return shown;
end

local function as_it_is(value) return value; end

-- Our words as they are, and a record of values without them.
local function words_or(shaped)
	return function (value) return type(value) == "string" and value or shaped(value); end;
end

-- The expected form of a wrong claim; a domain's id is the configuration's.
local function required(value)
	return value.d and record(value) or value;
end

local function notes_or_claim(value)
	return (value[1] or next(value) == nil) and notes(value) or record(value);
end

local expected_of = {
	pasted = as_it_is, form = as_it_is, header = as_it_is, payload = as_it_is, check = as_it_is, join = as_it_is,
	signature = record, key = words_or(redact.shape), grant = required,
};
local found_of = {
	pasted = as_it_is, form = as_it_is, payload = as_it_is, signature = as_it_is, check = as_it_is,
	header = words_or(record), key = words_or(record), join = words_or(redact.shape), typ = public_or_shape, grant = notes_or_claim,
};

local function found(row, now)
	if row.found == nil or row.found == "nothing" then return row.found; end
	if moments[row.check] and math.type(row.found) then
		return redact.shape(row.found) .. ", " .. times.relative(row.found, now);
	end
	return (found_of[row.check] or redact.shape)(row.found);
end

--- The rows without their values; hints lose the configuration's values, too.
---@param rows Row[]
---@param now number
---@return Row[]
function redact.rows(rows, now)
	local shown = {};
	for i, row in ipairs(rows) do
		shown[i] = { check = row.check, verdict = row.verdict, reason = row.reason, found = found(row, now),
			hint = row.hint and hints.without_names(row.hint) };
		if row.expected ~= nil and not moments[row.check] then
			shown[i].expected = (expected_of[row.check] or redact.shape)(row.expected);
		end
	end
	return shown;
end

--- The beginning of the SHA-256 of what was signed: the same token has the same one.
---@param token string
---@return string hex
function redact.fingerprint(token)
	local digest = core.sha256(token:match("^(.*)%.") or token);
	return bytes.hex(digest:sub(1, FINGERPRINT));
end

return redact;
