-- rooms that back ends have made by REST for this host's entries, as Prosody's storage has them. Other servers can share
-- the storage. It is read at regular intervals, so that a join never waits for it. Where no entry has an API key or needs
-- its rooms to be made, nothing is read.

local jid_prep = require "util.jid".prep;
local monotonic = require "util.time".monotonic;
local time_now = require "util.time".now;

local maderooms = require "meetauth.server.maderooms";

local current = module:require "current";
local storage = module:require "storage";

local rooms = {};

local POLL = 5; -- seconds
local RETRY = 1; -- seconds, while storage fails
local SLICE, PAUSE = 0.05, 0.05; -- seconds: for how long it is read at a time, and how long everybody else has their turn then
local ENDED_AT_ONCE = 20; -- dropped from storage

local LATE = 30; -- seconds: what was read before a reload of this module counts until it has been read again

local timer;

local entries_by_id = {};

local function entry_of(id)
	return entries_by_id[id];
end

-- The name of a room in addresses: its tenant is its entry's tenant.
local function node_of(room)
	local entry = entry_of(room.entry);
	if not entry then return nil; end
	local name = entry.tenant and ("[%s]%s"):format(entry.tenant, room.name) or room.name;
	return (jid_prep(name .. "@" .. module.host) or ""):match("^([^@]+)@");
end

-- The other way round, as far as a name can be told from its letters in addresses.
local function name_in(entry, node)
	local tenant, name = node:match("^%[(.-)%](.+)$");
	if not entry.tenant then return node; end
	return tenant == entry.tenant:lower() and name or nil;
end

-- A reload of this module forgets nothing. read_at: monotonic seconds: when all had been read, or all that can be.
local memory = module:shared("rooms");
memory.set = memory.set or maderooms.new(node_of);
memory.set.node_of = node_of;

local set = memory.set;
local kept = module:require "buckets".open("meetauth_rooms", set);
local is_read = memory.read_at ~= nil and monotonic() - memory.read_at < LATE; -- since they are needed

local function use_entries()
	entries_by_id = {};
	for _, entry in ipairs(current.site.entries) do entries_by_id[entry.id] = entry; end
	set:rename();
end

local function are_needed()
	for _, entry in ipairs(current.site.entries) do
		if entry.has_rooms then return true; end
	end
	return false;
end

local function drop_over(now)
	for _, key in ipairs(set:over(now, ENDED_AT_ONCE)) do
		local room, bucket = set:get(key), maderooms.bucket(key);
		local known, row = kept:read(bucket, key);
		-- another server may have made it again, or dropped it
		if not known or row and row.id == room.id and not kept:keep(bucket, key, nil) then
			set:again(key, now + POLL);
		else
			set:remove(key);
		end
	end
end

local pauses = { more = PAUSE, failed = RETRY };

-- The data that is read from storage.
local takers = {};

function takers.all(bucket, rows)
	for _, key in ipairs(set:replace(bucket, rows)) do kept:damaged(bucket, key); end
end

function takers.one(bucket, key, row)
	if not set:take(key, row) then kept:damaged(bucket, key); end
end

local function poll()
	local outcome = kept:look(SLICE, takers);
	if outcome == "all" or outcome == "part" then is_read, memory.read_at = true, monotonic(); end
	if outcome ~= "failed" and storage.may_forget() then drop_over(time_now()); end
	return pauses[outcome] or POLL;
end

local function begin()
	use_entries();
	if timer or not are_needed() then return; end
	timer = module:add_timer(poll(), poll);
end

-- Whether there may be a room by that name in addresses that could not be read yet.
local function may_be_unread(node)
	if not is_read then return true; end
	if not next(kept.unread) then return false; end
	for _, entry in ipairs(current.site.entries) do
		local name = entry.has_rooms and name_in(entry, node);
		local _, bucket = maderooms.key(entry.id, name or "");
		if name and kept.unread[bucket] then return true; end
	end
	return false;
end

--- The rules of a room, each by the id of an entry.
---@param node string?  its name in addresses
---@return boolean is_unread  they could not be read yet
---@return table<string, MadeRules>? rules
function rooms.rules(node)
	if timer and node and current.site.meetauth_storage_down == "closed" and may_be_unread(node) then return true; end
	return false, set.by_node[node];
end

--- The room of an entry by that name, as storage has it now.
---@param entry table
---@param name string
---@return RestRoom? room
---@return string? reason  storage-unavailable
function rooms.find(entry, name)
	local key, bucket = maderooms.key(entry.id, name);
	local known, row = kept:read(bucket, key);
	if not known then return nil, "storage-unavailable"; end
	return row and maderooms.read(key, row) or nil;
end

--- The same without asking storage, as of the last look.
---@param entry table
---@param name string
---@return RestRoom?
function rooms.known(entry, name)
	return set:find(entry.id, name);
end

--- The name of an entry's room in addresses.
---@param entry table
---@param name string
---@return string?
function rooms.node(entry, name)
	return node_of({ entry = entry.id, name = name });
end

--- The rooms of an entry, the newest first; rooms that another server has just made come with the next reading.
---@param entry table
---@return RestRoom[]
function rooms.list(entry)
	return set:list(entry.id);
end

--- Make or change a room; here immediately, on servers that share the storage when they next read it.
---@param room RestRoom
---@return boolean kept
function rooms.keep(room)
	local key, bucket = maderooms.key(room.entry, room.name);
	local row = maderooms.row(room);
	if not kept:keep(bucket, key, row) then return false; end
	set:add(key, maderooms.read(key, row));
	return true;
end

---@param room RestRoom
---@return boolean dropped
function rooms.drop(room)
	local key, bucket = maderooms.key(room.entry, room.name);
	if not kept:keep(bucket, key, nil) then return false; end
	set:remove(key);
	return true;
end

function rooms.watch()
	begin();
	module:hook_global("config-reloaded", begin, -1); -- after the site has been read
end

function rooms.stop()
	if timer then timer:stop(); end
end

return rooms;
