--- Storage that keeps nothing of some people, with every kind of storage. Data that is written of them is thrown away, as
-- by Prosody's own anonymous login, and data that is read is empty. Prosody's storage API: drivers, and stores that they
-- open. A store lives as long as the module that has opened it, so that the people without storage are asked for again each
-- time.

local nostorage = {};

local guarded = setmetatable({}, { __mode = "k" }); -- drivers

local function nothing() return nil; end
local function done() return true; end
local function none() return 0; end

local MISSING = "item-not-found"; -- Prosody's word for it

local function no_item() return nil, MISSING; end

local function no_items(_, query)
	if query and (query.before or query.after) then return nil, MISSING; end
	return nothing, query and query.total and 0 or nil;
end

local serial = 0;

-- As if it had been kept: who writes may tell others of it by this name.
local function appended(_, key)
	if key then return key; end
	serial = serial + 1;
	return ("unkept-%d"):format(serial);
end

-- The answers of a store's methods whose first argument is the name of somebody without storage.
local plain = { get = nothing, set = done, set_keys = done, purge = done };
local archive = {
	append = appended, find = no_items, get = no_item, set = no_item, delete = none, trim = none, purge = done,
	dates = function () return {}; end;
	summary = function () return { counts = {}, earliest = {}, latest = {}, body = {} }; end;
};

-- A table, or a copy without the keys of people without storage, such as the times at which users' messages are deleted.
local function without(values, is_out)
	if type(values) ~= "table" then return values; end
	local rest, count = {}, 0;
	for key, value in pairs(values) do
		if is_out(key) then count = count + 1; else rest[key] = value; end
	end
	return count == 0 and values or setmetatable(rest, getmetatable(values));
end

local function guarded_store(store, typ, state)
	local answers = typ == "archive" and archive or plain;
	local function is_out(name)
		return type(name) == "string" and state.keeps_out ~= nil and state.keeps_out(name);
	end
	local function guarded_method(name, method)
		local answer = answers[name];
		local has_keys = name == "set_keys" or name == "set" and answers == plain and typ ~= "map";
		return function (_, username, first, ...)
			if answer and (is_out(username) or name == "set" and typ == "map" and is_out(first)) then
				return answer(username, first, ...);
			end
			return method(store, username, has_keys and without(first, is_out) or first, ...);
		end;
	end
	return setmetatable({}, { __index = function (self, name)
		local value = store[name];
		if type(value) ~= "function" then return value; end
		rawset(self, name, guarded_method(name, value));
		return self[name];
	end });
end

--- Keep those out of the stores that a driver opens from now on. Once for each driver.
---@param driver { open: function }
---@param state { keeps_out: (fun(username: string): boolean)? }  read whenever something is written or read
---@param is_ours fun(store: string): boolean  stores that are left as they are
---@return boolean fresh  false: it was guarded before
function nostorage.guard(driver, state, is_ours)
	if guarded[driver] then return false; end
	guarded[driver] = true;
	local open = driver.open;
	function driver:open(name, typ, ...)
		local store, why = open(self, name, typ, ...);
		if not store or is_ours(name) then return store, why; end
		return guarded_store(store, typ, state);
	end
	return true;
end

return nostorage;
