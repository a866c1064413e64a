-- storage: asks Prosody's storage for all but fetched keys (keys.lib). It answers immediately or keeps the whole server
-- waiting. So a storage that has failed is left alone: only the poll of the revocations tries it again, and not too often.
-- One that still answers but takes nothing any more, as with a full disk, is only not written to for a while. And where it
-- answers and only some of what is kept cannot be read, that part alone has failed.

local get_driver = require "core.storagemanager".get_driver;
local resolve_relative_path = require "util.paths".resolve_relative_path;
local time = require "util.time";

local settled = require "meetauth.server.clockstep".settled;

local storage = {};

local REST = 10; -- times as long as the attempt that failed has taken: the server is never kept for more than a tenth
local REST_MIN, REST_MAX = 1, 30; -- seconds
local QUICK = 1; -- second: a call that took longer has waited for a storage that does not answer

-- Hosts of this server that use one database share what is known of it: otherwise each would wait for it.
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

-- LuaDBI 0.7 crashes if a PostgreSQL connection is collected before the statements that were prepared on it. Prosody keeps
-- the statements of a lost connection until it has a new one. Held by their table it goes with them, after them.
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

local function rest_after(took)
	return time.monotonic() + math.min(math.max(took * REST, REST_MIN), REST_MAX);
end

local function shown(why)
	return (tostring(why):gsub("^%S+:%d+: ", "")); -- without the place that raised it
end

local function failed(direction, took, why)
	if not state[direction.field] then module:log("error", direction.fails, shown(why)); end
	state[direction.field] = rest_after(took);
end

local function works(direction)
	if not state[direction.field] then return; end
	module:log("info", direction.works);
	state.failed_until, state.unwritable_until = nil, nil;
end

-- Whether a call of a store's method goes well; then its result, else why not, and how many seconds that took. Failing, it
-- returns nil or false and a text, or raises.
local function try(method, ...)
	local began = time.monotonic();
	hold_connections();
	local ok, result, why = pcall(method, ...);
	hold_connections();
	if ok and (result or why == nil) then return true, result; end
	return false, ok and why or result, time.monotonic() - began;
end

--- Whether storage did not answer when it was last read.
---@return boolean
function storage.is_down()
	return state.failed_until ~= nil;
end

-- Data that has expired by the clock is dropped; but a clock that was set ahead may be wrong, and be set back again.
local DOUBT = 3600; -- seconds

local clock = module:shared("clock"); -- a reload of this module does not end a doubt
clock.settled = clock.settled or settled(time.now, time.monotonic, DOUBT);

--- Whether what has expired may be dropped. Ask regularly: the clock is read when somebody asks.
---@return boolean
function storage.may_forget()
	return clock.settled();
end

---@class Store  what is kept under one of our names: rows by key, in groups; nil is the host's own group
local methods = {};
methods.__index = methods;

local NOWHERE = "no group, no row"; -- in either's place: no data exists, and a storage that answers says this

local function answers(store)
	return (try(store.map.get, store.map, NOWHERE, NOWHERE));
end

local DAMAGE_MAX = 1000; -- places that are named in the log, once each

local function tell_once(store, place, text, ...)
	if store.told[place] or store.told_count >= DAMAGE_MAX then return; end
	store.told[place], store.told_count = true, store.told_count + 1;
	module:log("error", text, ...);
end

local function name_of(place)
	return place and (tostring(place):gsub("[^%w%-]", "?")):sub(1, 80) or "of the host";
end

--- Say once that a row is damaged: nothing of it counts.
---@param group string?
---@param key any
function methods:damaged(group, key)
	tell_once(self, ("%s/%s"):format(group or "", tostring(key)), "Row %s of the store %s is damaged, and left out",
		name_of(key), self.name);
end

-- Prosody's connection for this host's SQL.
local function engine_of_host()
	local sql = module:get_option("sql", { driver = "SQLite3" });
	local database = sql.database;
	if sql.driver == "SQLite3" and database ~= ":memory:" then
		database = resolve_relative_path(prosody.paths.data or ".", database or "prosody.sqlite");
	end
	for _, engine in pairs(engines) do
		local params = engine.params;
		if params.driver == sql.driver and params.host == sql.host and params.port == sql.port and params.database == database then
			return engine;
		end
	end
	return nil;
end

-- The keys of a group in SQL, without what is kept under them; nil: it is not in SQL, or fails.
local function keys_in_sql(store, group)
	local _, driver = get_driver(module.host, store.name);
	local engine = driver == "sql" and engine_of_host();
	if not engine then return nil; end
	hold_connections();
	local ok, done, keys = pcall(engine.transaction, engine, function ()
		local list = {};
		local query = [[SELECT "key" FROM "prosody" WHERE "host"=? AND "user"=? AND "store"=?;]];
		for row in engine:select(query, module.host, group or "", store.name) do list[#list + 1] = row[1]; end
		return list;
	end);
	hold_connections();
	return ok and done and keys or nil;
end

-- The rows of a group one by one, for in SQL a damaged row keeps Prosody from reading those beside it. For a damaged one
-- the answer is that it exists: false. nil: it is no single row.
local function one_by_one(store, group)
	local rows = {};
	for _, key in ipairs(keys_in_sql(store, group) or {}) do
		local ok, row = try(store.map.get, store.map, group, key);
		if not ok and not answers(store) then return nil; end
		if not ok then store:damaged(group, key); end
		rows[key] = ok and row or false;
	end
	return next(rows) ~= nil and rows or nil;
end

--- The rows of a group.
---@param group string?
---@param is_trial boolean?  to be asked of a storage that is down, too, when it has been left alone for long enough
---@return table<string, any>? rows  by key; a damaged one is false; nil: they cannot be read now
function methods:rows(group, is_trial)
	if state.failed_until and not (is_trial and time.monotonic() >= state.failed_until) then return nil; end
	local place = group or "";
	local ok, rows, took = try(self.all.get, self.all, group);
	if ok then
		works(reading);
		if self.unreadable[place] then module:log("info", "The store %s can be read again: %s", self.name, name_of(group)); end
		self.unreadable[place] = nil;
		return rows or {};
	end
	if took > QUICK or not answers(self) then
		failed(reading, took, rows);
		return nil;
	end
	works(reading);
	local found = one_by_one(self, group);
	local was_told = self.unreadable[place];
	self.unreadable[place] = not found or nil;
	if not found and not was_told then
		module:log("error", "The store %s cannot be read: %s: %s", self.name, name_of(group), shown(rows));
	end
	return found;
end

--- One row, as it is now.
---@param group string?
---@param key string
---@return boolean known  false: it cannot be read
---@return any row  a damaged one is false
function methods:row(group, key)
	if state.failed_until then return false; end
	local ok, row, took = try(self.map.get, self.map, group, key);
	if ok then
		works(reading);
		return true, row;
	end
	if took > QUICK or not answers(self) then
		failed(reading, took, row);
		return false;
	end
	local rows = self:rows(group);
	return rows ~= nil, rows and rows[key];
end

-- The rest of a failed write: SQLite, for one, still has it open, and would write it with the next one.
local function take_back(store)
	local _, driver = get_driver(module.host, store.name);
	local engine = driver == "sql" and engine_of_host();
	if engine and engine.conn and engine.conn.rollback then pcall(engine.conn.rollback, engine.conn); end
end

local function write(store, group, method, ...)
	if state.failed_until then return false, false; end
	if state.unwritable_until and time.monotonic() < state.unwritable_until then return false, false; end
	local ok, why, took = try(method, ...);
	if ok then
		works(writing);
		return true, true;
	end
	take_back(store);
	local is_part = took <= QUICK and answers(store) and not store:rows(group);
	if not is_part then failed(writing, took, why); end
	return false, true;
end

--- Keep a row.
---@param group string?
---@param key string
---@param row any  nil: keep none
---@return boolean kept
---@return boolean was_tried  false: storage is being left alone
function methods:keep(group, key, row)
	return write(self, group, self.map.set, self.map, group, key, row);
end

--- Drop rows of a group.
---@param group string?
---@param keys string[]
---@return boolean dropped
function methods:drop(group, keys)
	local rows = {};
	for _, key in ipairs(keys) do rows[key] = self.map.remove; end
	return (write(self, group, self.map.set_keys, self.map, group, rows));
end

--- Drop all rows of a group.
---@param group string
---@return boolean dropped
function methods:forget(group)
	return (write(self, group, self.all.set, self.all, group, nil));
end

--- The names of all groups but the host's own; nil where they cannot be read now.
---@param is_trial boolean?  as of rows()
---@return string[]?
function methods:groups(is_trial)
	if not self.all.users then return {}; end -- a driver that keeps nothing
	if state.failed_until and not (is_trial and time.monotonic() >= state.failed_until) then return nil; end
	local ok, names, took = try(function ()
		local list = {};
		for name in self.all:users() do
			if name ~= "" then list[#list + 1] = name; end
		end
		return list;
	end);
	if not ok then
		failed(reading, took, names);
		return nil;
	end
	works(reading);
	return names;
end

--- The data under one of our names.
---@param name string
---@return Store
function storage.open(name)
	return setmetatable({
		name = name, map = assert(module:open_store(name, "map")), all = assert(module:open_store(name, "keyval")),
		told = {}, told_count = 0, unreadable = {},
	}, methods);
end

return storage;
