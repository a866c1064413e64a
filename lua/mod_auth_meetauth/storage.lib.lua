-- storage: asks Prosody's storage for all but fetched keys (keys.lib). It answers at once or keeps the whole server waiting. So a
-- storage that has failed is left alone: only the poll of the revocations tries it again, and not too often. One that
-- still answers but takes nothing any more, as with a full disk, is only not written to for a while.

local time = require "util.time";
local new_uuid = require "util.uuid".generate;

local settled = require "meetauth.server.clockstep".settled;

local storage = {};

local REST = 10; -- times as long as the attempt that failed has taken: the server is never kept for more than a tenth
local REST_MIN, REST_MAX = 1, 30; -- seconds

local function open(name, kind)
	return assert(module:open_store(name, kind));
end

local revoked, all_revoked = open("meetauth_revoked", "map"), open("meetauth_revoked", "keyval");
local used, all_used = open("meetauth_used", "map"), open("meetauth_used", "keyval");
local made, all_made = open("meetauth_rooms", "map"), open("meetauth_rooms", "keyval");

-- Hosts of this server that use one database share what is known of it: each would wait for it by itself otherwise.
local states = module:shared("/*/meetauth/storage");

local function state_of_database()
	local sql = module:get_option("sql");
	local name = module.host;
	if type(sql) == "table" then
		name = ("%s %s %s %s"):format(tostring(sql.driver), tostring(sql.host), tostring(sql.port), tostring(sql.database));
	end
	states[name] = states[name] or {};
	return states[name];
end

local state = state_of_database(); -- failed_until, unwritable_until: monotonic seconds; nil: it works

-- LuaDBI 0.7 crashes where a PostgreSQL connection is collected before the statements that were prepared on it, and
-- Prosody keeps those of a lost connection until there is a new one. Held by their table it goes with them, after them.
local engines = module:shared("/*/sql/connections");

local function hold_connections()
	for _, engine in pairs(engines) do
		if engine.conn and engine.prepared then engine.prepared.meetauth_connection = engine.conn; end
	end
end

-- In each direction: the field of the state, and what the operator is told.
local reading = { field = "failed_until", fails = "Storage fails: %s", works = "Storage works again" };
local writing = {
	field = "unwritable_until", fails = "Storage cannot be written: %s", works = "Storage can be written again";
};

local function failed(direction, took, why)
	if not state[direction.field] then
		module:log("error", direction.fails, (tostring(why):gsub("^%S+:%d+: ", ""))); -- without the place that raised it
	end
	state[direction.field] = time.monotonic() + math.min(math.max(took * REST, REST_MIN), REST_MAX);
end

-- Whether a call of a store's method goes well, and its result. Failing, it returns nil or false and a text, or raises.
local function ask(direction, method, ...)
	local began = time.monotonic();
	hold_connections();
	local ok, result, why = pcall(method, ...);
	hold_connections();
	if ok and (result or why == nil) then
		if state[direction.field] then
			module:log("info", direction.works);
			state.failed_until, state.unwritable_until = nil, nil;
		end
		return true, result;
	end
	failed(direction, time.monotonic() - began, ok and why or result);
	return false;
end

local function read(...)
	if state.failed_until then return false; end
	return ask(reading, ...);
end

local function write(...)
	if state.failed_until then return false; end
	if state.unwritable_until and time.monotonic() < state.unwritable_until then return false; end
	return (ask(writing, ...));
end

--- Whether the last attempt to read failed.
---@return boolean
function storage.is_down()
	return state.failed_until ~= nil;
end

-- What has expired by the clock is dropped; but a clock that was set ahead may be wrong, and be set back again.
local DOUBT = 3600; -- seconds

local clock = module:shared("clock"); -- a reload of this module does not end a doubt
clock.settled = clock.settled or settled(time.now, time.monotonic, DOUBT);

--- Whether what has expired may be dropped. Ask regularly: the clock is looked at when somebody asks.
---@return boolean
function storage.may_forget()
	return clock.settled();
end

-- Revocations: a row for each; and under a name of their own a row for each server that has changed any, from
-- which the others see that they have to read them again. No two servers write one row: not every storage can say who
-- was last.

local CHANGES, CHANGE_AGE = "changes", 86400; -- seconds

local me = new_uuid(); -- this server, until it is started again
local seen; -- the changes, as they were when the revocations were last read

local function mark_change()
	return write(revoked.set, revoked, CHANGES, me, ("%d %s"):format(os.time(), new_uuid()));
end

local function is_same(one, other)
	for name, mark in pairs(one) do
		if other[name] ~= mark then return false; end
	end
	for name in pairs(other) do
		if one[name] == nil then return false; end
	end
	return true;
end

-- Servers that have not changed anything for long may be gone.
local function forget_changes(changes)
	for name, mark in pairs(changes) do
		local at = tonumber(tostring(mark):match("^%d+"));
		if not at or at < os.time() - CHANGE_AGE then write(revoked.set, revoked, CHANGES, name, nil); end
	end
end

local function read_all(store, name)
	local ok, rows = ask(reading, store.get, store, name);
	return ok and (rows or {}) or nil;
end

--- All revocations that are kept, by id, or false where they are as they were the last time; nil where they cannot be
-- read, or after a failure it is too early to try.
---@return table<string, table>|false|nil
function storage.revocations()
	if state.failed_until and time.monotonic() < state.failed_until then return nil; end
	local changes = read_all(all_revoked, CHANGES);
	if not changes then return nil; end
	if seen and is_same(seen, changes) then return false; end
	local rows = read_all(all_revoked, nil);
	if not rows then return nil; end
	seen = changes;
	forget_changes(changes);
	return rows;
end

---@param revocation Revocation
---@return boolean kept
function storage.keep(revocation)
	return write(revoked.set, revoked, nil, revocation.id, revocation) and mark_change();
end

---@param id string
---@return boolean dropped
function storage.drop(id)
	return write(revoked.set, revoked, nil, id, nil) and mark_change();
end

--- Drop revocations that have ended: no other server has to be told.
---@param ids string[]
---@return boolean dropped
function storage.drop_ended(ids)
	local rows = {};
	for _, id in ipairs(ids) do rows[id] = revoked.remove; end
	return write(revoked.set_keys, revoked, nil, rows);
end

-- Claims of tokens for single use (meetauth/server/singleuse.lua): a row for each, under the token's name.
storage.claims = {};

function storage.claims.read(name)
	local ok, claims = read(all_used.get, all_used, name);
	return ok and (claims or {}) or nil;
end

function storage.claims.add(name, id, expires)
	return write(used.set, used, name, id, expires) or nil;
end

function storage.claims.remove(name, id)
	return write(used.set, used, name, id, nil) or nil;
end

--- The names of all tokens that claims are kept for; nil where they cannot be read.
---@return string[]?
function storage.claims.names()
	if not all_used.users then return {}; end -- a driver that keeps nothing
	local ok, names = read(function ()
		local list = {};
		for name in all_used:users() do list[#list + 1] = name; end
		return list;
	end);
	return ok and names or nil;
end

function storage.claims.forget(name)
	write(all_used.set, all_used, name, nil);
end

-- Rooms that were made by REST (meetauth/server/maderooms.lua): rows in buckets; and beside them, as for revocations, a row
-- for each server and bucket that it has changed. That one is written first, so that a server which is killed between the
-- two has told the others; and they read a bucket twice, for the first time may have been too early.
storage.rooms = {};

local FORGOTTEN_AT_ONCE = 20; -- changes

local seen_rooms; -- the changes, as they were when the rooms were last read
local fresh = {}; -- buckets that had changed by then

-- The rows of a bucket. What cannot be read is not empty.
local function rows_of(bucket)
	local rows, why = all_made:get(bucket);
	if not rows and why ~= nil then error(why, 0); end
	return rows or {};
end

-- The buckets that have changed; at first all that there are.
local function changed_buckets(changes)
	local changed = {};
	if not seen_rooms then
		for name in all_made:users() do
			if name ~= CHANGES then changed[name] = true; end
		end
		return changed;
	end
	for name, mark in pairs(changes) do
		if seen_rooms[name] ~= mark then changed[tostring(name):match("%x+$") or ""] = true; end
	end
	return changed;
end

-- Servers that have not changed anything there for long may be gone.
local function forget_room_changes(changes)
	local forgotten = 0;
	for name, mark in pairs(changes) do
		local at = tonumber(tostring(mark):match("^%d+"));
		if (not at or at < os.time() - CHANGE_AGE) and forgotten < FORGOTTEN_AT_ONCE then
			forgotten = forgotten + 1;
			write(made.set, made, CHANGES, name, nil);
		end
	end
end

--- The buckets that have changed since this was last asked, with their rows; nil where they cannot be read.
---@return table<string, table<string, any>>?
function storage.rooms.changed()
	if not all_made.users then return {}; end -- a driver that keeps nothing
	local ok, found = read(function ()
		local changes, buckets = rows_of(CHANGES), {};
		local changed = changed_buckets(changes);
		for _, names in ipairs({ changed, fresh }) do
			for bucket in pairs(names) do buckets[bucket] = buckets[bucket] or rows_of(bucket); end
		end
		return { changes = changes, changed = changed, buckets = buckets };
	end);
	if not ok then return nil; end
	seen_rooms, fresh = found.changes, found.changed;
	forget_room_changes(found.changes);
	return found.buckets;
end

--- A row, as it is now.
---@return boolean known
---@return any row
function storage.rooms.read(bucket, key)
	local ok, rows = read(all_made.get, all_made, bucket);
	return ok, ok and rows and rows[key] or nil;
end

--- Keep a row; without one, drop it.
---@return boolean kept
function storage.rooms.keep(bucket, key, row)
	return write(made.set, made, CHANGES, me .. " " .. bucket, ("%d %s"):format(os.time(), new_uuid()))
		and write(made.set, made, bucket, key, row);
end

return storage;
