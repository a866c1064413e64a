-- buckets: rows that several servers write and each of them has in memory, in 256 groups of one store. Beside them, in a
-- separate group, is a row for each server and bucket that it has changed. It is a mark, which counts the changes and names
-- the latest. So of many rows only the changed ones are read again or, if they were too many for a mark, all rows of their
-- bucket. The mark is written first, so that a server which is killed between the two has told the others. They read twice,
-- because the first time can be too early. No two servers write one mark: not every storage can say who was last.

local monotonic = require "util.time".monotonic;
local new_uuid = require "util.uuid".generate;

local storage = module:require "storage";

local buckets = {};

local MARKS, MARK_AGE = "changes", 86400; -- seconds
local JUST_NOW = 600; -- seconds: a row may still be to come whose mark is as new
local FORGOTTEN_AT_ONCE = 20; -- marks
local AT_LEAST = 8; -- buckets that are read at a time: few of them are not worth an interruption
local MANY = 16; -- buckets
local NAMED_MAX = 8; -- changes in a mark

local me = new_uuid(); -- this server, until it is started again

local ALL = true; -- in the place of a set of keys: all rows of a bucket

---@class Buckets
---@field unread table<string, true>  that have never been read
local methods = {};
methods.__index = methods;

local function bucket_of(name)
	return tostring(name):match(" (%x+)$") or "";
end

local function group_of(bucket)
	return bucket ~= "" and bucket or nil;
end

local function age_of(mark)
	local at = tonumber(tostring(mark):match("^%d+"));
	return at and os.time() - at or math.huge;
end

-- All buckets that there are, here or there, and those into which somebody may be writing.
local function all_of(self, marks)
	local groups = self.store:groups(true);
	if not groups then return nil; end
	local all, again = { [""] = ALL }, {};
	for _, name in ipairs(groups) do all[name] = name ~= MARKS and ALL or nil; end
	for name in pairs(self.set.buckets) do all[name] = ALL; end
	for name, mark in pairs(marks) do
		if age_of(mark) < JUST_NOW then again[bucket_of(name)] = ALL; end
	end
	return all, again;
end

-- How many changes a mark counts; nil: it is an earlier version's, or damaged.
local function count_in(mark)
	return math.tointeger(tonumber(tostring(mark):match("^%d+ (%d+) ")));
end

-- The keys of the changes that a mark counts and an earlier one does not; all, if it does not name so many.
local function keys_since(mark, earlier)
	local count = count_in(mark);
	local news = count and count - (earlier and count_in(earlier) or 0);
	local words, keys = {}, {};
	for word in tostring(mark):gmatch("%S+") do words[#words + 1] = word; end
	if not news or news < 1 or news > #words - 2 then return ALL; end
	for i = #words - news + 1, #words do keys[words[i]] = true; end
	return keys;
end

-- Note the rows of a bucket that must be read.
local function put_in(list, bucket, keys)
	if keys == ALL then list[bucket] = ALL; end
	if list[bucket] == ALL then return; end
	list[bucket] = list[bucket] or {};
	for key in pairs(keys) do list[bucket][key] = true; end
end

-- The rows that others have changed since the marks were last seen, without this server's own changes. Also the rows that
-- must be read again the next time.
local function changed(self, marks)
	if not self.seen or monotonic() - self.seen_at > MARK_AGE / 2 then return all_of(self, marks); end
	local list = {};
	for name, mark in pairs(marks) do
		local earlier = self.seen[name];
		if earlier ~= mark and self.own[name] ~= mark then put_in(list, bucket_of(name), keys_since(mark, earlier)); end
	end
	return list, list;
end

-- Marks that cannot be read are done away with: all buckets are then read again.
local function marks_of(self)
	local marks = self.store:rows(MARKS, true);
	if marks or storage.is_down() then return marks; end
	self.seen = nil;
	return self.store:forget(MARKS) and {} or nil;
end

local function begin(self)
	local marks = marks_of(self);
	local list, again = nil, nil;
	if marks then list, again = changed(self, marks); end
	if not list then return false; end
	local todo = {};
	for _, some in ipairs({ list, self.again, self.lost }) do
		for bucket, keys in pairs(some) do put_in(todo, bucket, keys); end
	end
	if not self.seen then
		for bucket in pairs(list) do self.unread[bucket] = self.set.buckets[bucket] == nil or nil; end
	end
	self.todo, self.again, self.lost, self.marks, self.marks_at = todo, again, {}, marks, monotonic();
	return true;
end

-- Servers that have not changed anything there for long may be gone.
local function forget_old(self)
	local forgotten = 0;
	for name, mark in pairs(self.seen) do
		if age_of(mark) > MARK_AGE and forgotten < FORGOTTEN_AT_ONCE then
			forgotten = forgotten + 1;
			self.store:keep(MARKS, name, nil);
		end
	end
end

-- Whether the rows of a bucket can be read: those with these keys, or all.
local function read(self, bucket, keys, takers)
	local group = group_of(bucket);
	if keys == ALL then
		local rows = self.store:rows(group, true);
		if rows then
			self.unread[bucket] = nil;
			takers.all(bucket, rows);
		end
		return rows ~= nil;
	end
	for key in pairs(keys) do
		local known, row = self.store:row(group, key);
		if not known then return false; end
		takers.one(bucket, key, row);
	end
	return true;
end

-- Read what has changed, as far as one comes in a time.
local function look(self, seconds, takers)
	local ends, count = monotonic() + seconds, 0;
	if not self.todo and not begin(self) then return "failed"; end
	repeat
		local bucket, keys = next(self.todo);
		if not bucket then break; end
		local is_read = read(self, bucket, keys, takers);
		if not is_read and storage.is_down() then return "failed"; end
		self.todo[bucket] = nil;
		if not is_read then self.lost[bucket] = ALL; end
		count = count + 1;
	until count >= AT_LEAST and monotonic() >= ends;
	if next(self.todo) then return "more"; end
	self.seen, self.seen_at, self.todo, self.marks = self.marks, self.marks_at, nil, nil;
	forget_old(self);
	return next(self.lost) and "part" or "all";
end

local function are_many(all)
	local count = 0;
	for _ in pairs(all or {}) do count = count + 1; end
	return count >= MANY;
end

---@class Takers  of what is read; "" is the bucket of the rows that are in none
---@field all fun(bucket: string, rows: table<string, any>)     all that there are
---@field one fun(bucket: string, key: string, row: any)        nil: there is none

--- Read what has changed, as far as one comes in a time, and hand it over. If that is much, Lua's collector waits
-- meanwhile. With Prosody's settings it would go over everything again and again, which takes three times as long as the
-- reading.
---@param seconds number
---@param takers Takers
---@return "all"|"more"|"part"|"failed"  more: there is more to be read; part: some cannot be; failed: storage does not answer
function methods:look(seconds, takers)
	local is_much = not self.seen or are_many(self.todo);
	if is_much then collectgarbage("stop"); end
	local ok, outcome = pcall(look, self, seconds, takers);
	if is_much then collectgarbage("restart"); end
	if not ok then error(outcome, 0); end
	return outcome;
end

--- A row, as it is now.
---@param bucket string
---@param key string
---@return boolean known
---@return any row
function methods:read(bucket, key)
	return self.store:row(group_of(bucket), key);
end

--- Keep a row; without one, drop it.
---@param bucket string
---@param key string
---@param row any
---@return boolean kept
function methods:keep(bucket, key, row)
	local name, latest = me .. " " .. bucket, self.latest[bucket] or { count = 0 };
	self.latest[bucket] = latest;
	latest.count = latest.count + 1;
	latest[#latest + 1] = key;
	if latest[NAMED_MAX + 1] then table.remove(latest, 1); end
	local mark = ("%d %d %s"):format(os.time(), latest.count, table.concat(latest, " "));
	if not self.store:keep(MARKS, name, mark) or not self.store:keep(group_of(bucket), key, row) then return false; end
	self.own[name] = mark;
	return true;
end

--- Drop rows that no other server must hear of.
---@param bucket string
---@param keys string[]
---@return boolean dropped
function methods:drop(bucket, keys)
	return self.store:drop(group_of(bucket), keys);
end

--- Say once that a row is damaged.
---@param bucket string
---@param key any
function methods:damaged(bucket, key)
	self.store:damaged(bucket, key);
end

--- The buckets of a store.
---@param name string
---@param set { buckets: table<string, table> }  what is in memory of them
---@return Buckets
function buckets.open(name, set)
	return setmetatable({
		store = storage.open(name), set = set, again = {}, lost = {}, own = {}, latest = {}, unread = {},
	}, methods);
end

return buckets;
