-- buckets: rows that several servers write and each of them has in memory, in 256 groups of one store, so that of many rows
-- only those are read again among which some have changed. Beside them, in a group of their own, is a row for each server
-- and bucket that it has changed: its mark. It is written first, so that a server which is killed between the two has told
-- the others; and they read a bucket twice, for the first time may have been too early. No two servers write one mark: not
-- every storage can say who was last.

local monotonic = require "util.time".monotonic;
local new_uuid = require "util.uuid".generate;

local storage = module:require "storage";

local buckets = {};

local MARKS, MARK_AGE = "changes", 86400; -- seconds
local JUST_NOW = 600; -- seconds: a row may still be to come whose mark is as new
local FORGOTTEN_AT_ONCE = 20; -- marks

local me = new_uuid(); -- this server, until it is started again

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

-- All buckets that there are, and those into which somebody may be writing.
local function all_of(self, marks)
	local groups = self.store:groups(true);
	if not groups then return nil; end
	local all, again = { [""] = true }, {};
	for _, name in ipairs(groups) do all[name] = name ~= MARKS or nil; end
	for name, mark in pairs(marks) do
		if age_of(mark) < JUST_NOW then again[bucket_of(name)] = true; end
	end
	return all, again;
end

-- The buckets that have changed since the marks were last seen, but for what this server has changed itself; and those to be
-- read once more the next time.
local function changed(self, marks)
	if not self.seen or monotonic() - self.seen_at > MARK_AGE / 2 then return all_of(self, marks); end
	local list = {};
	for name, mark in pairs(marks) do
		if self.seen[name] ~= mark and self.own[name] ~= mark then list[bucket_of(name)] = true; end
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
		for bucket in pairs(some) do todo[bucket] = true; end
	end
	if not self.seen then
		for bucket in pairs(list) do self.unread[bucket] = true; end
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

--- Read the buckets that have changed, as far as one comes in a time.
---@param seconds number
---@return table<string, table<string, any>> rows  by bucket; "": the rows of the host
---@return "all"|"more"|"part"|"failed"  more: there are others; part: some cannot be read; failed: storage does not answer
function methods:look(seconds)
	local ends, found = monotonic() + seconds, {};
	if not self.todo and not begin(self) then return found, "failed"; end
	repeat
		local bucket = next(self.todo);
		if not bucket then break; end
		local rows = self.store:rows(group_of(bucket), true);
		if not rows and storage.is_down() then return found, "failed"; end
		found[bucket], self.todo[bucket] = rows, nil;
		if rows then self.unread[bucket] = nil; else self.lost[bucket] = true; end
	until monotonic() >= ends;
	if next(self.todo) then return found, "more"; end
	self.seen, self.seen_at, self.todo, self.marks = self.marks, self.marks_at, nil, nil;
	forget_old(self);
	return found, next(self.lost) and "part" or "all";
end

--- Read on and take what is found, while Lua's collector waits: with Prosody's settings it would go over all that is there
-- again and again, which takes three times as long as the reading.
---@param seconds number
---@param take fun(bucket: string, rows: table<string, any>)
---@return "all"|"more"|"part"|"failed"  as of look()
function methods:read_on(seconds, take)
	collectgarbage("stop");
	local ok, outcome = pcall(function ()
		local found, outcome = self:look(seconds);
		for bucket, rows in pairs(found) do take(bucket, rows); end
		return outcome;
	end);
	collectgarbage("restart");
	return assert(ok and outcome, outcome);
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
	local name, mark = me .. " " .. bucket, ("%d %s"):format(os.time(), new_uuid());
	if not self.store:keep(MARKS, name, mark) or not self.store:keep(group_of(bucket), key, row) then return false; end
	self.own[name] = mark;
	return true;
end

--- Drop rows of which no other server has to be told.
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
---@return Buckets
function buckets.open(name)
	return setmetatable({ store = storage.open(name), again = {}, lost = {}, own = {}, unread = {} }, methods);
end

return buckets;
