--- Rooms that were made by REST, as they are kept and in memory: asked about at every join. Rows go in buckets, so only
-- buckets with a changed room are read again. Pure: where the rows are is the caller's business.

local bytes = require "meetauth.util.bytes";
local core = require "meetauth.core";
local json = require "meetauth.util.json";
local new_expiries = require "meetauth.server.expiries".new;

local maderooms = {};

local KEPT_AFTER = 86400; -- seconds after exp, in which nobody enters

--- Under which key the row of a room is kept, and in which of 256 buckets. Letters count in one case, as XMPP has it.
---@param entry string  the id of the issuer entry
---@param name string
---@return string key
---@return string bucket
function maderooms.key(entry, name)
	local key = bytes.hex(core.sha256(entry .. "\0" .. name:lower()):sub(1, 8));
	return key, maderooms.bucket(key);
end

--- The bucket of a key.
---@param key string
---@return string
function maderooms.bucket(key)
	return key:sub(1, 2);
end

--- A room as a row: plain values, for every storage.
---@param room RestRoom
---@return table
function maderooms.row(room)
	return {
		id = room.id, entry = room.entry, name = room.name, privacy = room.privacy, created = room.created,
		config = json.encode(room.config),
	};
end

local privacies = { public = true, private = true };

local function is_whole(key, row)
	return type(row) == "table" and type(row.id) == "string" and type(row.entry) == "string" and type(row.name) == "string"
		and maderooms.key(row.entry, row.name) == key and privacies[row.privacy] == true
		and math.tointeger(row.created) ~= nil and type(row.config) == "string";
end

--- The room in a row, with its rules (rest/roomproperties.lua).
---@param key string
---@param row any
---@return RestRoom? room  nil: the row is damaged
function maderooms.read(key, row)
	if not is_whole(key, row) then return nil; end
	local config = core.decode(row.config);
	local rules_of = require "meetauth.rest.roomproperties".rules; -- only once a room is made
	local rules = type(config) == "table" and rules_of(row.privacy, config);
	if not rules then return nil; end
	return {
		id = row.id, entry = row.entry, name = row.name, privacy = row.privacy, created = math.tointeger(row.created),
		config = config, rules = rules,
	};
end

--- Whether a room can be forgotten.
---@param room RestRoom
---@param now number  seconds since the epoch
---@return boolean
function maderooms.is_over(room, now)
	return room.rules.exp ~= nil and now >= room.rules.exp + KEPT_AFTER;
end

---@class MadeRooms
---@field by_node table<string, table<string, MadeRules>>  a room's name in addresses -> rules by the id of an entry
---@field by_entry table<string, table<string, RestRoom>>  the id of an entry -> rooms by key
---@field buckets table<string, table<string, RestRoom>>
---@field node_of fun(room: RestRoom): string?
local methods = {};
methods.__index = methods;

---@param node_of fun(room: RestRoom): string?  the name in addresses; nil: the entry has no rooms here
---@return MadeRooms
function maderooms.new(node_of)
	return setmetatable({ by_node = {}, by_entry = {}, buckets = {}, expiries = new_expiries(), node_of = node_of }, methods);
end

-- Take a name out of a table of tables, and the inner one where nothing is left in it.
local function take_out(all, outer, inner)
	if not all[outer] then return; end
	all[outer][inner] = nil;
	if next(all[outer]) == nil then all[outer] = nil; end
end

local function put_in(all, outer, inner, value)
	all[outer] = all[outer] or {};
	all[outer][inner] = value;
end

function methods:remove(key)
	local room = self:get(key);
	if not room then return; end
	take_out(self.buckets, maderooms.bucket(key), key);
	take_out(self.by_entry, room.entry, key);
	if room.node then take_out(self.by_node, room.node, room.entry); end
end

function methods:add(key, room)
	self:remove(key);
	room.node = self.node_of(room);
	put_in(self.buckets, maderooms.bucket(key), key, room);
	put_in(self.by_entry, room.entry, key, room);
	if room.node then put_in(self.by_node, room.node, room.entry, room.rules); end
	if room.rules.exp then self.expiries:add(key, room.rules.exp + KEPT_AFTER); end
end

--- The room with a key.
---@param key string
---@return RestRoom?
function methods:get(key)
	local bucket = self.buckets[maderooms.bucket(key)];
	return bucket and bucket[key];
end

--- Let a bucket have the rooms of these rows, and no others. A damaged row is left out, and is nobody's failure but its own.
---@param bucket string
---@param rows table<string, any>
---@return any[] damaged  their keys
function methods:replace(bucket, rows)
	local damaged, gone = {}, {};
	for key in pairs(self.buckets[bucket] or {}) do gone[#gone + 1] = key; end
	for _, key in ipairs(gone) do self:remove(key); end
	for key, row in pairs(rows) do
		if not self:take(key, row) then damaged[#damaged + 1] = key; end
	end
	return damaged;
end

--- Let the room with a key be the room of a row; nil: none.
---@param key string
---@param row any
---@return boolean  false: the row is damaged, and there is no room
function methods:take(key, row)
	local room = row ~= nil and maderooms.read(key, row);
	if room then self:add(key, room); else self:remove(tostring(key)); end
	return row == nil or room ~= nil;
end

--- Ask again for the rooms' names in addresses.
function methods:rename()
	self.by_node = {};
	for _, rooms in pairs(self.by_entry) do
		for _, room in pairs(rooms) do
			room.node = self.node_of(room);
			if room.node then put_in(self.by_node, room.node, room.entry, room.rules); end
		end
	end
end

--- The room of an entry by that name.
---@param entry string
---@param name string
---@return RestRoom?
function methods:find(entry, name)
	local rooms = self.by_entry[entry];
	return rooms and rooms[(maderooms.key(entry, name))];
end

--- The rooms of an entry, the newest first.
---@param entry string
---@return RestRoom[]
function methods:list(entry)
	local list = {};
	for _, room in pairs(self.by_entry[entry] or {}) do list[#list + 1] = room; end
	table.sort(list, function (a, b)
		if a.created ~= b.created then return a.created > b.created; end
		return a.id > b.id;
	end);
	return list;
end

--- The keys of some rooms that can be forgotten, each told one time; again() notes a key that must be told once more.
---@param now number
---@param count_max integer
---@return string[]
function methods:over(now, count_max)
	local list = {};
	for _, key in ipairs(self.expiries:due(now, count_max)) do
		local room = self:get(key);
		if room and maderooms.is_over(room, now) then list[#list + 1] = key; end
	end
	return list;
end

--- Let over() tell a room at a later time.
---@param key string
---@param at number
function methods:again(key, at)
	self.expiries:add(key, at);
end

return maderooms;
