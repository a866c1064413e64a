-- For live specs: a storage driver of somebody else's, which keeps everything in memory and tells what it keeps of whom.

local all = module:shared("all");

local function rows_of(store, name)
	all[store] = all[store] or {};
	local key = name or false;
	all[store][key] = all[store][key] or {};
	return all[store][key];
end

local function tell(self, name)
	module:log("info", "spec kept: %s of %s", self.store, name or "the host");
end

local keyval, map, archive = {}, { remove = {} }, { caps = { total = true, truncate = true, full_id_range = true } };

function keyval:get(name) return rows_of(self.store, name).value; end
function keyval:set(name, value) tell(self, name) rows_of(self.store, name).value = value; return true; end
function keyval:users() return pairs(all[self.store] or {}); end

function map:get(name, key) return (rows_of(self.store, name).value or {})[key]; end
function map:set(name, key, value)
	return self:set_keys(name, { [key] = value == nil and self.remove or value });
end
function map:set_keys(name, values)
	tell(self, name);
	local rows = rows_of(self.store, name);
	rows.value = rows.value or {};
	for key, value in pairs(values) do
		if value == self.remove then value = nil; end
		rows.value[key] = value;
	end
	return true;
end

function archive:append(name, key, value, when, with)
	tell(self, name);
	local rows = rows_of(self.store, name);
	rows[#rows + 1] = { key or tostring(#rows), value, when, with };
	return rows[#rows][1];
end
function archive:find(name, query)
	local rows, i = rows_of(self.store, name), 0;
	return function ()
		i = i + 1;
		if rows[i] then return table.unpack(rows[i], 1, 4); end
	end, query and query.total and #rows;
end
function archive.delete() return 0; end
function archive:users() return pairs(all[self.store] or {}); end

local kinds = { keyval = { __index = keyval }, map = { __index = map }, archive = { __index = archive } };

module:provides("storage", {
	open = function (_, store, typ)
		local kind = kinds[typ or "keyval"];
		if not kind then return nil, "unsupported-store"; end
		return setmetatable({ store = store }, kind);
	end;
	stores = function () return pairs(all); end;
	purge = function () return true; end;
});
