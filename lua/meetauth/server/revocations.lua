--- Revocations: what the operator has taken back. A set in memory, asked about every grant, at every login and join.
-- Pure: the clock is an argument; where the set is kept is the caller's business.

local bytes = require "meetauth.util.bytes";
local sha256 = require "meetauth.core".sha256;

local revocations = {};

local VALUE_MAX = 1024; -- bytes
local COUNT_MAX = 2000; -- a database takes a tenth of a second to tell them all

---@class Revocation
---@field id string               made of kind, value and entry: to revoke the same again changes the one that there is
---@field kind "jti"|"sub"|"user"|"entry"
---@field value string            what the grant has to say there
---@field entry string?           only tokens of this issuer entry
---@field issued_before number?   seconds since the epoch: only tokens issued before that, or that do not say when
---@field by string?              who has revoked it; nil: the operator
---@field since number            seconds since the epoch: when it was revoked
---@field ends number?            seconds since the epoch: whatever it could hit has expired; nil: it stays until it is removed

-- What each kind is compared with.
local kinds = {
	{ name = "jti", of = function (grant) return grant.token_id; end };
	{ name = "sub", of = function (grant) return grant.domain; end };
	{ name = "user", of = function (grant) return grant.user and grant.user.id; end };
	{ name = "entry", of = function (grant) return grant.entry; end };
};

local is_kind = {};
for _, kind in ipairs(kinds) do is_kind[kind.name] = true; end

local ANY = {}; -- in the place of an entry's id

---@class Revocations
---@field all table<string, Revocation>  by id
local methods = {};
methods.__index = methods;

---@return Revocations
function revocations.new()
	return setmetatable({ all = {}, count = 0, index = {} }, methods);
end

function methods:add(revocation)
	self:remove(revocation.id);
	local by_value = self.index[revocation.kind] or {};
	self.index[revocation.kind] = by_value;
	by_value[revocation.value] = by_value[revocation.value] or {};
	by_value[revocation.value][revocation.entry or ANY] = revocation;
	self.all[revocation.id] = revocation;
	self.count = self.count + 1;
end

function methods:remove(id)
	local revocation = self.all[id];
	if not revocation then return; end
	local by_value = self.index[revocation.kind];
	local by_entry = by_value[revocation.value];
	by_entry[revocation.entry or ANY] = nil;
	if next(by_entry) == nil then by_value[revocation.value] = nil; end
	self.all[id] = nil;
	self.count = self.count - 1;
end

local function covers(revocation, grant)
	if not revocation then return false; end
	local before = revocation.issued_before;
	return not before or not grant.issued or grant.issued < before;
end

--- Whether a grant is revoked, or the token of who invited its bearer: the same few look-ups however many revocations there
-- are, and none where there are none.
---@param grant Grant
---@return Revocation? revocation  one that hits it
function methods:hit(grant)
	if self.count == 0 then return nil; end
	local inviter = grant.invited_by and self:hit(grant.invited_by);
	if inviter then return inviter; end
	for _, kind in ipairs(kinds) do
		local by_value, value = self.index[kind.name], kind.of(grant);
		local by_entry = by_value and value ~= nil and by_value[value];
		if by_entry then
			if covers(by_entry[ANY], grant) then return by_entry[ANY]; end
			if covers(by_entry[grant.entry], grant) then return by_entry[grant.entry]; end
		end
	end
	return nil;
end

--- All of them, the newest first.
---@return Revocation[]
function methods:list()
	local list = {};
	for _, revocation in pairs(self.all) do list[#list + 1] = revocation; end
	table.sort(list, function (a, b)
		if a.since ~= b.since then return a.since > b.since; end
		return a.id < b.id;
	end);
	return list;
end

--- Whether every token that it could hit has expired.
---@param revocation Revocation
---@param now number
---@return boolean
function revocations.is_over(revocation, now)
	return revocation.ends ~= nil and now >= revocation.ends;
end

local function is_time(value)
	return math.type(value) ~= nil and value == value and value > 0 and value < math.huge;
end

-- The earliest moment in which no token of an entry counts any more that the revocation hits; nil: there is none.
local function end_for(entry, revocation, expires, now)
	local asked = entry.asked;
	local at = expires and expires + asked.leeway;
	-- a token id was given to a token that has been issued, by a clock that may be ahead of this one
	local issued = revocation.issued_before or revocation.kind == "jti" and now + asked.leeway;
	local aged = issued and asked.max_age and issued + asked.max_age + asked.leeway;
	if at and aged then return math.min(at, aged); end
	return at or aged or nil;
end

local function ends(revocation, entries, expires, grace, now)
	local last;
	local wanted = revocation.kind == "entry" and revocation.value or revocation.entry;
	for _, entry in ipairs(entries) do
		if not wanted or entry.id == wanted then
			local at = end_for(entry, revocation, expires, now);
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

-- What is wrong with a wish to revoke, in words for the operator.
local function problem(kind, value, options)
	if not is_kind[kind] then return "kind: expected jti, sub, user or entry"; end
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
		if options[name] ~= nil and not is_time(options[name]) then return name .. ": expected seconds since the epoch"; end
	end
	return nil;
end

--- A revocation of what the operator names.
---@param kind string   jti, sub, user (the grant's user id) or entry (the id of an entry, also of one that is not there
--   any more: somebody may have come by it)
---@param value string
---@param options { entry: string?, issued_before: number?, expires: number? }  expires: the exp of what is revoked
---@param entries table[]  the host's issuer entries
---@param grace number     seconds for which a token may count after its exp (meetauth_reconnect_grace)
---@param now number       seconds since the epoch
---@return Revocation? revocation
---@return string? problem  for the operator
function revocations.of(kind, value, options, entries, grace, now)
	local wrong = problem(kind, value, options);
	if wrong then return nil, wrong; end
	local name = table.concat({ kind, options.entry or "", value }, "\0");
	local revocation = {
		id = bytes.hex(sha256(name):sub(1, 8));
		kind = kind, value = value, entry = options.entry, issued_before = options.issued_before, since = math.floor(now);
	};
	revocation.ends = ends(revocation, entries, options.expires, grace, now);
	return revocation;
end

-- Whether this is a revocation as they are kept: storage is shared with others.
local function is_whole(id, kept)
	return type(id) == "string" and type(kept) == "table" and kept.id == id and is_kind[kept.kind] == true
		and type(kept.value) == "string" and (kept.entry == nil or type(kept.entry) == "string")
		and (kept.issued_before == nil or is_time(kept.issued_before))
		and is_time(kept.since) and (kept.ends == nil or is_time(kept.ends));
end

--- A set of what was kept, and how many rows of it are no revocations.
---@param kept table<string, table>
---@return Revocations set
---@return integer damaged
function revocations.from(kept)
	local set, damaged = revocations.new(), 0;
	for id, revocation in pairs(kept) do
		if is_whole(id, revocation) then set:add(revocation); else damaged = damaged + 1; end
	end
	return set, damaged;
end

revocations.COUNT_MAX = COUNT_MAX;

return revocations;
