--- Revocations: what has been taken back. A set in memory, asked about every grant, at every login and join. Each is held
-- as its row, under an id that is made of its target. A hundred thousand of them are twenty megabytes. Pure: the clock is an
-- argument; where the set is kept is the caller's business.

local new_expiries = require "meetauth.server.expiries".new;
local revocation = require "meetauth.server.revocation";
local revocationrow = require "meetauth.server.revocationrow";

local head_of, owner_of = revocationrow.head, revocationrow.owner;

local revocations = {};

revocations.COUNT_MAX = 100000; -- of a host

---@class Revocations
---@field buckets table<string, table<string, string>>  the texts by id, in buckets as storage has them; "": of earlier versions
---@field count integer
local methods = {};
methods.__index = methods;

---@return Revocations
function revocations.new()
	return setmetatable({
		buckets = {}, count = 0, changes = 0, shapes = {}, counts = {}, orders = {}, told = {}, expiries = new_expiries(),
	}, methods);
end

local OLD = ""; -- the bucket of earlier versions

--- The bucket of a revocation.
---@param id string
---@return string
function revocations.bucket(id)
	return id:sub(1, 2);
end

-- The bucket that has a revocation, its text, and the bucket's name. The id is what somebody asks for: any value.
local function place_of(self, id)
	if type(id) ~= "string" then return nil; end
	local name = id:sub(1, 2);
	local bucket = self.buckets[name];
	if bucket and bucket[id] then return bucket, bucket[id], name; end
	bucket = self.buckets[OLD];
	if bucket and bucket[id] then return bucket, bucket[id], OLD; end
	return nil;
end

--- The bucket that a revocation is in; nil: there is none with that id.
---@param id any
---@return string?
function methods:bucket_of(id)
	local _, _, name = place_of(self, id);
	return name;
end

-- How many there are of each shape, so that what has none is not looked for; and of each entry.
local function shape_of(kind, entry)
	return entry and kind .. "+" or kind;
end

local function counted(self, row, step, kind, by, length)
	local shape, owner = shape_of(kind, length), by and owner_of(row);
	self.count, self.changes = self.count + step, self.changes + 1;
	self.shapes[shape] = (self.shapes[shape] or 0) + step;
	if owner then
		local count = (self.counts[owner] or 0) + step;
		self.counts[owner] = count ~= 0 and count or nil;
	end
end

local ALL = {}; -- in the place of an entry's id

local function is_before(one, other)
	if one.since ~= other.since then return one.since < other.since; end
	return one.id < other.id;
end

local STEPS_MAX = 1000;

-- The lists that somebody has asked for, the oldest first. A new revocation is put in its place, which is near the end; a
-- removed one is left out when the list is told.
local function put_in_order(self, owner, one)
	local order = self.orders[owner];
	if not order then return; end
	local at = #order;
	while at > #order - STEPS_MAX and at > 0 and is_before(one, order[at]) do at = at - 1; end
	if at > 0 and is_before(one, order[at]) then
		self.orders[owner] = nil; -- too far from the end: the list is made again
	else
		table.insert(order, at + 1, one);
	end
end

-- Put a row into a bucket; false: it is damaged. Quick, for a server that starts has a hundred thousand of them.
local function put(self, name, id, row)
	local kind, since, ends, _, by, length = head_of(row);
	if not kind then return false; end
	self:remove(id);
	self.buckets[name] = self.buckets[name] or {};
	self.buckets[name][id] = row;
	counted(self, row, 1, kind, by, length);
	if next(self.orders) then
		local one = { id = id, since = since, row = row };
		put_in_order(self, ALL, one);
		put_in_order(self, owner_of(row), one);
	end
	if ends then self.expiries:add(id, ends); end
	return true;
end

function methods:add(one)
	assert(put(self, revocations.bucket(one.id), one.id, revocationrow.of(one)));
end

function methods:remove(id)
	local bucket, text = place_of(self, id);
	if not bucket then return; end
	bucket[id] = nil;
	local kind, _, _, _, by, length = head_of(text);
	counted(self, text, -1, kind, by, length);
end

--- The revocation with an id.
---@param id any
---@return Revocation?
function methods:get(id)
	local _, text = place_of(self, id);
	return text and revocationrow.read(id, text) or nil;
end

--- The revocation with this target, if one exists.
---@param kind string
---@param value string
---@param entry string?
---@return Revocation?
function methods:find(kind, value, entry)
	return self:get(revocation.id_of(kind, value, entry));
end

-- The revocation that hits a grant by a value, within an entry or any.
local function covering(self, kind, value, entry, grant)
	if (self.shapes[shape_of(kind, entry)] or 0) == 0 then return nil; end
	local one = self:find(kind, value, entry);
	if not one or one.kind ~= kind or one.value ~= value or one.entry ~= entry then return nil; end
	local before = one.issued_before;
	return (not before or not grant.issued or grant.issued < before) and one or nil;
end

--- Whether a grant is revoked, or the token of the person who invited its bearer. The number of look-ups does not grow with
-- the revocations; without any, it is zero.
---@param grant Grant
---@return Revocation? revocation  one that hits it
function methods:hit(grant)
	if self.count == 0 then return nil; end
	local inviter = grant.invited_by and self:hit(grant.invited_by);
	if inviter then return inviter; end
	for _, kind in ipairs(revocation.kinds) do
		local value = kind.of(grant);
		local one = value and (covering(self, kind.name, value, nil, grant)
			or grant.entry and covering(self, kind.name, value, grant.entry, grant));
		if one then return one; end
	end
	return nil;
end

--- Let a bucket have this row. In the bucket of earlier versions it counts where there is no newer one.
---@param name string  of the bucket
---@param id any
---@param row any
---@return "new"|"known"|"damaged"
function methods:take(name, id, row)
	local known = self.buckets[name] and self.buckets[name][id];
	local text = known == row and row or revocationrow.kept(id, row);
	if not text then return "damaged"; end
	if known == text or name == OLD and self:bucket_of(id) then return "known"; end
	return put(self, name, id, text) and "new" or "damaged";
end

--- Let a bucket have these rows. A row that has gone from it stays until remove() is called, for that may depend.
---@param name string                of the bucket
---@param rows table<string, any>    by id
---@return string[] news             ids of revocations that are new or have changed
---@return string[] gone             ids
---@return any[] damaged             keys of rows that are no revocations
function methods:replace(name, rows)
	local news, gone, damaged = {}, {}, {};
	local lists = { new = news, damaged = damaged };
	for id, row in pairs(rows) do
		local outcome = self:take(name, id, row);
		if outcome ~= "known" then table.insert(lists[outcome], id); end
	end
	for id in pairs(self.buckets[name] or {}) do
		if rows[id] == nil then gone[#gone + 1] = id; end
	end
	return news, gone, damaged;
end

--- The revocations that have ended, each one time; again() notes one that must be told once more.
---@param now number
---@param count_max integer
---@return string[] ids
function methods:due(now, count_max)
	local list = {};
	for _, id in ipairs(self.expiries:due(now, count_max)) do
		local one = self:get(id);
		if one and revocation.is_over(one, now) then list[#list + 1] = id; end
	end
	return list;
end

--- Let due() tell a revocation at a later time.
---@param id string
---@param at number
function methods:again(id, at)
	self.expiries:add(id, at);
end

-- All revocations, the oldest first.
local function order_of(self, entry)
	local order = {};
	for _, bucket in pairs(self.buckets) do
		for id, row in pairs(bucket) do
			if not entry or owner_of(row) == entry then order[#order + 1] = { id = id, since = revocationrow.since(row), row = row }; end
		end
	end
	table.sort(order, is_before);
	return order;
end

--- The ids of all, or of the revocations that hit tokens of one entry only, the newest first.
---@param entry string?
---@return { id: string }[]  not to be changed: until something is revoked or lifted, every caller gets one list
function methods:ids(entry)
	local owner, list, order = entry or ALL, {}, {};
	local told = self.told[owner];
	if told and told.changes == self.changes then return told.list; end
	for _, one in ipairs(self.orders[owner] or order_of(self, entry)) do
		local _, row = place_of(self, one.id);
		local last = order[#order]; -- the same again, where it was removed and has come back as it was
		if row == one.row and not (last and last.id == one.id) then order[#order + 1] = one; end
	end
	self.orders[owner] = order;
	for i = #order, 1, -1 do list[#list + 1] = order[i]; end
	self.told[owner] = { changes = self.changes, list = list };
	return list;
end

--- Revocations, the newest first.
---@param count_max integer?  at most so many; nil: all
---@return Revocation[]
function methods:list(count_max)
	local ids, list = self:ids(), {};
	for i = 1, math.min(count_max or #ids, #ids) do list[i] = self:get(ids[i].id); end
	return list;
end

--- How many hit tokens of one entry only, and were made by others than the operator.
---@param entry string
---@return integer
function methods:count_of(entry)
	return self.counts[entry] or 0;
end

return revocations;
