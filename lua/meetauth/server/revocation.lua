--- A revocation: what it takes back, what an operator can ask for, and when all its tokens have expired. Pure: the clock is an
-- argument.

local sha256 = require "meetauth.core".sha256;

local revocation = {};

local VALUE_MAX = 1024; -- bytes

---@class Revocation
---@field id string               made of kind, value and entry: to revoke the same again changes the one that there is
---@field kind "jti"|"sub"|"user"|"entry"
---@field value string            what the grant has to say there
---@field entry string?           only tokens of this issuer entry
---@field issued_before number?   seconds since the epoch: only tokens issued before that, or that do not say when
---@field by string?              who has revoked it; nil: the operator
---@field since number            seconds since the epoch: when it was revoked
---@field ends number?           seconds since the epoch: its tokens have all expired; nil: it stays until removed

--- The field of a grant that each kind is compared with.
---@type { name: string, of: fun(grant: Grant): any }[]
revocation.kinds = {
	{ name = "jti", of = function (grant) return grant.token_id; end };
	{ name = "sub", of = function (grant) return grant.domain; end };
	{ name = "user", of = function (grant) return grant.user and grant.user.id; end };
	{ name = "entry", of = function (grant) return grant.entry; end };
};

---@type table<string, true>
revocation.is_kind = {};
for _, kind in ipairs(revocation.kinds) do revocation.is_kind[kind.name] = true; end

--- The id of a revocation with this target: 16 hexadecimal digits.
---@param kind string
---@param value string
---@param entry string?
---@return string
function revocation.id_of(kind, value, entry)
	return ("%016x"):format((string.unpack(">i8", sha256(("%s\0%s\0%s"):format(kind, entry or "", value)))));
end

--- Whether a value is a time: a number of seconds since the epoch.
---@param value any
---@return boolean
function revocation.is_time(value)
	return math.type(value) ~= nil and value == value and value > 0 and value < math.huge;
end

--- Whether every token that it could hit has expired.
---@param one Revocation
---@param now number
---@return boolean
function revocation.is_over(one, now)
	return one.ends ~= nil and now >= one.ends;
end

-- The earliest moment in which no token of an entry counts any more that the revocation hits; nil: there is none.
local function end_for(entry, one, expires, now)
	local asked = entry.asked;
	local at = expires and expires + asked.leeway;
	-- a token id was given to a token that has been issued, by a clock that may be ahead of this one
	local issued = one.issued_before or one.kind == "jti" and now + asked.leeway;
	local aged = issued and asked.max_age and issued + asked.max_age + asked.leeway;
	if at and aged then return math.min(at, aged); end
	return at or aged or nil;
end

local function ends(one, entries, expires, grace, now)
	local last;
	local wanted = one.kind == "entry" and one.value or one.entry;
	for _, entry in ipairs(entries) do
		if not wanted or entry.id == wanted then
			local at = end_for(entry, one, expires, now);
			if not at then return nil; end
			last = math.max(last or 0, at);
		end
	end
	return last and last + grace; -- of the tokens of an entry that is not configured nothing is known
end

local function is_text(value)
	return type(value) == "string" and value ~= "" and #value <= VALUE_MAX and utf8.len(value) ~= nil;
end

local option_names = { entry = true, issued_before = true, expires = true };

-- The fault of a wish to revoke, in words for the operator.
local function problem(kind, value, options)
	if not revocation.is_kind[kind] then return "kind: expected jti, sub, user or entry"; end
	if not is_text(value) then
		return ("value: expected 1 to %d bytes of UTF-8"):format(VALUE_MAX);
	end
	for name in pairs(options) do
		if not option_names[name] then
			return ("options: found %q, expected entry, issued_before, expires"):format(tostring(name));
		end
	end
	if kind == "entry" and options.entry ~= nil then return "entry: expected no entry option, because the value is the entry"; end
	if options.entry ~= nil and not is_text(options.entry) then
		return ("entry: expected 1 to %d bytes of UTF-8"):format(VALUE_MAX);
	end
	for _, name in ipairs({ "issued_before", "expires" }) do
		if options[name] ~= nil and not revocation.is_time(options[name]) then return name .. ": expected seconds since the epoch"; end
	end
	return nil;
end

--- A revocation of what the operator names.
---@param kind string  jti, sub, user (the grant's user id) or entry (the id of an entry, also of one that was removed:
--   somebody may have entered by it)
---@param value string
---@param options { entry: string?, issued_before: number?, expires: number? }  expires: the exp of what is revoked
---@param entries table[]  the host's issuer entries
---@param grace number     seconds for which a token may count after its exp (meetauth_reconnect_grace)
---@param now number       seconds since the epoch
---@return Revocation? one
---@return string? problem  for the operator
function revocation.of(kind, value, options, entries, grace, now)
	local wrong = problem(kind, value, options);
	if wrong then return nil, wrong; end
	local one = {
		id = revocation.id_of(kind, value, options.entry);
		kind = kind, value = value, entry = options.entry, issued_before = options.issued_before, since = math.floor(now);
	};
	one.ends = ends(one, entries, options.expires, grace, now);
	return one;
end

return revocation;
