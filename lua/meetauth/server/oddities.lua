--- List what looked wrong in accepted tokens, each thing once for each entry, and counted. Kept of it: our words and the
-- operator's, no token, nobody's data. Time is handed in.

local oddities = {};

local KEPT = 10000; -- more than enough: a thousand entries with all that can be said of each

---@class Oddity
---@field host string    the VirtualHost
---@field entry string   the id of the issuer entry
---@field words string   what looks wrong
---@field count integer  how often
---@field first number   seconds since the epoch, as
---@field last number

---@class OddityKeeper
---@field store table
local keeper = {};
keeper.__index = keeper;

-- All records, the last one first.
local function newest(store)
	local list = {};
	for _, record in pairs(store.records) do list[#list + 1] = record; end
	table.sort(list, function (a, b) return a.seen > b.seen; end);
	return list;
end

-- The half that was not seen for the longest time makes room: half of them, so that nobody has to look each time.
local function make_room(store)
	local list = newest(store);
	for i = KEPT // 2 + 1, #list do store.records[list[i].key] = nil; end
	store.kept = math.min(#list, KEPT // 2);
end

--- Something looks wrong in a token of an entry.
---@param host string
---@param entry string
---@param words string
---@param now number
---@return boolean is_new  whether nothing of that is kept yet
function keeper:note(host, entry, words, now)
	local store = self.store;
	local key = table.concat({ host, entry, words }, "\0");
	local record = store.records[key];
	local is_new = not record;
	if is_new then
		if store.kept >= KEPT then make_room(store); end
		record = { key = key, oddity = { host = host, entry = entry, words = words, count = 0, first = now } };
		store.records[key], store.kept = record, store.kept + 1;
	end
	store.serial = store.serial + 1;
	record.seen = store.serial;
	record.oddity.count, record.oddity.last = record.oddity.count + 1, now;
	return is_new;
end

--- The last oddities, newest first.
---@param count integer
---@param wanted (fun(oddity: Oddity): any)?  all of it, where there is none
---@return Oddity[]
function keeper:latest(count, wanted)
	local list = {};
	for _, record in ipairs(newest(self.store)) do
		if #list == count then break; end
		if not wanted or wanted(record.oddity) then list[#list + 1] = record.oddity; end
	end
	return list;
end

--- A keeper of oddities in that table.
---@param store table  may be shared
---@return OddityKeeper
function oddities.keeper(store)
	store.records, store.kept, store.serial = store.records or {}, store.kept or 0, store.serial or 0;
	return setmetatable({ store = store }, keeper);
end

return oddities;
