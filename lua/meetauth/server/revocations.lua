--- Revocations: what has been taken back. A set in memory, asked about every grant, at every login and join. Each is held
-- as the text that is kept of it, under an id that is made of what it hits: a hundred thousand of them are twenty megabytes.
-- Pure: the clock is an argument; where the set is kept is the caller's business.

local new_expiries = require "meetauth.server.expiries".new;
local sha256 = require "meetauth.core".sha256;

local revocations = {};

local VALUE_MAX = 1024; -- bytes
local COUNT_MAX = 100000;

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

-- The id of what hits that: 16 hexadecimal digits, the first two of which say in which bucket it is.
local function id_of(kind, value, entry)
	return ("%016x"):format((string.unpack(">i8", sha256(("%s\0%s\0%s"):format(kind, entry or "", value)))));
end

revocations.id_of = id_of;

local function is_time(value)
	return math.type(value) ~= nil and value == value and value > 0 and value < math.huge;
end

local function number_text(value)
	return value and ("%.17g"):format(value) or "-";
end

--- A revocation as it is kept: plain text, which every storage takes and gives back as it is, at no cost.
---@param one Revocation
---@return string
function revocations.row(one)
	return ("%s %s %s %s %s %s %s%s"):format(one.kind, number_text(one.since), number_text(one.ends),
		number_text(one.issued_before), one.by or "-", one.entry and #one.entry or "-", one.entry or "", one.value);
end

local ROW = "^(%l+) (%S+) (%S+) (%S+) (%w*%-?) (%d*%-?) (.*)$";

-- The parts of a row. Times: a number; false: none; nil: damaged.
local function time_in(text)
	if text == "-" then return false; end
	local value = tonumber(text);
	return value and is_time(value) and value or nil;
end

local function read(id, row)
	local kind, since, ends, before, by, length, rest = row:match(ROW);
	if not is_kind[kind] then return nil; end
	local entry, value = nil, rest;
	if length ~= "-" then
		local count = tonumber(length) or math.huge;
		if count > #rest then return nil; end
		entry, value = rest:sub(1, count), rest:sub(count + 1);
	end
	since, ends, before = time_in(since), time_in(ends), time_in(before);
	if not since or ends == nil or before == nil then return nil; end
	return {
		id = id, kind = kind, value = value, entry = entry, issued_before = before or nil, by = by ~= "-" and by or nil,
		since = since, ends = ends or nil,
	};
end

-- As earlier versions have kept them.
local function is_whole(id, kept)
	return type(kept) == "table" and kept.id == id and is_kind[kept.kind] == true
		and type(kept.value) == "string" and (kept.entry == nil or type(kept.entry) == "string")
		and (kept.issued_before == nil or is_time(kept.issued_before))
		and is_time(kept.since) and (kept.ends == nil or is_time(kept.ends));
end

--- A revocation as it is kept, from a row of any version.
---@param id any
---@param row any
---@return string? text  nil: the row is damaged
---@return Revocation? revocation
local function text_of(id, row)
	if type(id) ~= "string" then return nil; end
	if type(row) ~= "string" then
		if not is_whole(id, row) then return nil; end
		row = revocations.row(row);
	end
	local one = read(id, row);
	if not one or id_of(one.kind, one.value, one.entry) ~= id then return nil; end
	return row, one;
end

---@class Revocations
---@field buckets table<string, table<string, string>>  the texts by id, in buckets as storage has them; "": of earlier versions
---@field count integer
local methods = {};
methods.__index = methods;

---@return Revocations
function revocations.new()
	return setmetatable({ buckets = {}, count = 0, shapes = {}, counts = {}, orders = {}, expiries = new_expiries() }, methods);
end

local OLD = ""; -- the bucket of earlier versions

--- The bucket that a revocation is to be kept in.
---@param id string
---@return string
function revocations.bucket(id)
	return id:sub(1, 2);
end

-- The bucket that has a revocation, its text, and the bucket's name.
local function place_of(self, id)
	local name = id:sub(1, 2);
	local bucket = self.buckets[name];
	if bucket and bucket[id] then return bucket, bucket[id], name; end
	bucket = self.buckets[OLD];
	if bucket and bucket[id] then return bucket, bucket[id], OLD; end
	return nil;
end

--- The bucket that a revocation is in; nil: there is none with that id.
---@param id string
---@return string?
function methods:bucket_of(id)
	local _, _, name = place_of(self, id);
	return name;
end

-- How many there are of each shape, so that what has none is not looked for; and of each entry.
local function shape_of(kind, entry)
	return entry and kind .. "+" or kind;
end

local function owner_of(one)
	return one.kind == "entry" and one.value or one.entry;
end

local function counted(self, one, step)
	local shape, owner = shape_of(one.kind, one.entry), owner_of(one);
	self.count = self.count + step;
	self.shapes[shape] = (self.shapes[shape] or 0) + step;
	if owner and one.by then
		local count = (self.counts[owner] or 0) + step;
		self.counts[owner] = count ~= 0 and count or nil;
	end
end

local function since_of(text)
	return tonumber(text:match("^%l+ (%S+)"));
end

local ALL = {}; -- in the place of an entry's id

-- The lists that somebody has asked for, the oldest first: what is newer than all of them is put at the end, and after every
-- other change a list is made anew when somebody asks again.
local function put_in_order(self, one)
	for _, owner in ipairs({ ALL, owner_of(one) }) do
		local order = self.orders[owner];
		if order then
			local last = order[#order];
			if not last or one.since > last.since or one.since == last.since and one.id > last.id then
				order[#order + 1] = { id = one.id, since = one.since };
			else
				self.orders[owner] = nil;
			end
		end
	end
end

local function put(self, name, text, one)
	self.buckets[name] = self.buckets[name] or {};
	self.buckets[name][one.id] = text;
	counted(self, one, 1);
	put_in_order(self, one);
	if one.ends then self.expiries:add(one.id, one.ends); end
end

function methods:add(one)
	self:remove(one.id);
	put(self, one.id:sub(1, 2), revocations.row(one), one);
end

function methods:remove(id)
	local bucket, text = place_of(self, id);
	if not bucket then return; end
	local one = read(id, text);
	bucket[id] = nil;
	counted(self, one, -1);
	self.orders[ALL], self.orders[owner_of(one) or ALL] = nil, nil;
end

--- The revocation with an id.
---@param id string
---@return Revocation?
function methods:get(id)
	local _, text = place_of(self, id);
	return text and read(id, text) or nil;
end

--- The revocation of the same, if there is one.
---@param kind string
---@param value string
---@param entry string?
---@return Revocation?
function methods:find(kind, value, entry)
	return self:get(id_of(kind, value, entry));
end

-- What hits a grant by a value, within an entry or any.
local function covering(self, kind, value, entry, grant)
	if (self.shapes[shape_of(kind, entry)] or 0) == 0 then return nil; end
	local one = self:find(kind, value, entry);
	if not one or one.value ~= value then return nil; end
	local before = one.issued_before;
	return (not before or not grant.issued or grant.issued < before) and one or nil;
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
		local value = kind.of(grant);
		local one = value and (covering(self, kind.name, value, nil, grant)
			or grant.entry and covering(self, kind.name, value, grant.entry, grant));
		if one then return one; end
	end
	return nil;
end

--- Let a bucket have these rows. What has gone from it stays until remove() is called, for that may depend.
---@param name string                of the bucket
---@param rows table<string, any>    by id; in the bucket of earlier versions they count where there is no newer one
---@return Revocation[] news         that were not there, or not as they are now
---@return string[] gone             ids
---@return any[] damaged             keys of rows that are no revocations
function methods:replace(name, rows)
	local known, news, gone, damaged = self.buckets[name] or {}, {}, {}, {};
	for id, row in pairs(rows) do
		local text, one = row, nil;
		if known[id] ~= row then text, one = text_of(id, row); end
		if not text then
			damaged[#damaged + 1] = id;
		elseif known[id] ~= text and not (name == OLD and self:get(id)) then
			self:remove(id);
			put(self, name, text, one);
			news[#news + 1] = one;
		end
	end
	for id in pairs(known) do
		if rows[id] == nil then gone[#gone + 1] = id; end
	end
	return news, gone, damaged;
end

--- Those that have ended, each once; note with again() what is to be told once more.
---@param now number
---@param count_max integer
---@return string[] ids
function methods:due(now, count_max)
	local list = {};
	for _, id in ipairs(self.expiries:due(now, count_max)) do
		local one = self:get(id);
		if one and revocations.is_over(one, now) then list[#list + 1] = id; end
	end
	return list;
end

--- Let due() tell a revocation at a later time.
---@param id string
---@param at number
function methods:again(id, at)
	self.expiries:add(id, at);
end

-- Ids and times, the oldest first.
local function order_of(self, entry)
	local owner = entry or ALL;
	local order = self.orders[owner];
	if order then return order; end
	order = {};
	for _, bucket in pairs(self.buckets) do
		for id, text in pairs(bucket) do
			if not entry or owner_of(read(id, text)) == entry then order[#order + 1] = { id = id, since = since_of(text) }; end
		end
	end
	table.sort(order, function (a, b)
		if a.since ~= b.since then return a.since < b.since; end
		return a.id < b.id;
	end);
	self.orders[owner] = order;
	return order;
end

--- The ids of all, or of those that hit tokens of one entry only, the newest first.
---@param entry string?
---@return { id: string }[]
function methods:ids(entry)
	local order = order_of(self, entry);
	local list, count = {}, #order;
	for i = 1, count do list[i] = order[count + 1 - i]; end
	return list;
end

--- Revocations, the newest first.
---@param count_max integer?  at most so many; nil: all
---@return Revocation[]
function methods:list(count_max)
	local list = self:ids();
	if count_max then list = table.move(list, 1, math.min(count_max, #list), 1, {}); end
	for i, one in ipairs(list) do list[i] = self:get(one.id); end
	return list;
end

--- How many hit tokens of one entry only, and were made by others than the operator.
---@param entry string
---@return integer
function methods:count_of(entry)
	return self.counts[entry] or 0;
end

--- Whether every token that it could hit has expired.
---@param revocation Revocation
---@param now number
---@return boolean
function revocations.is_over(revocation, now)
	return revocation.ends ~= nil and now >= revocation.ends;
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
	if kind == "entry" and options.entry ~= nil then return "entry: expected none, the value names it"; end
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
	local revocation = {
		id = id_of(kind, value, options.entry);
		kind = kind, value = value, entry = options.entry, issued_before = options.issued_before, since = math.floor(now);
	};
	revocation.ends = ends(revocation, entries, options.expires, grace, now);
	return revocation;
end

revocations.COUNT_MAX = COUNT_MAX;

return revocations;
