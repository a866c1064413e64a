-- Storage that keeps nothing of some people (meetauth/server/nostorage.lua), on a driver that notes what it is asked.

local nostorage = require "meetauth.server.nostorage";

local function is_ours(store) return store == "ours"; end

local asked;

-- A driver whose stores have those methods; each notes its call and returns a mark.
local function new_driver(...)
	local methods = { caps = { total = true }, remove = {} };
	for _, name in ipairs({ ... }) do
		methods[name] = function (self, ...)
			asked[#asked + 1] = { self.store, name, ... };
			return "kept", name;
		end;
	end
	return { open = function (_, store, typ)
		if typ == "odd" then return nil, "unsupported-store"; end
		return setmetatable({ store = store }, { __index = methods });
	end };
end

local keyval = { "get", "set", "users", "purge" };
local map = { "get", "set", "set_keys", "get_all", "delete_all" };
local archive = { "append", "find", "get", "set", "delete", "trim", "dates", "summary", "users" };

describe("meetauth.server.nostorage", function ()
	local state;

	local function open(methods, typ, name)
		local driver = new_driver(table.unpack(methods));
		assert.is_true(nostorage.guard(driver, state, is_ours));
		assert.is_false(nostorage.guard(driver, state, is_ours));
		return driver:open(name or "private", typ);
	end

	before_each(function ()
		asked = {};
		state = { keeps_out = function (name) return name == "ann"; end };
	end);

	it("leaves what others write and read as it is", function ()
		local methods = { keyval = keyval, map = map, archive = archive };
		for typ, names in pairs(methods) do
			local store = open(names, typ);
			for _, name in ipairs(names) do
				for _, user in ipairs({ "ben", false, true }) do
					asked = {};
					local user_name = user or nil;
					assert.same({ "kept", name }, { store[name](store, user_name, "key", "value") });
					assert.same({ { "private", name, user_name, "key", "value" } }, asked);
				end
			end
			assert.same({ total = true }, store.caps);
			assert.is_nil(store.none);
		end
	end);

	it("throws away what is written of who is kept out, and finds nothing", function ()
		local data = {};
		local plain, maps, list = open(keyval), open(map, "map"), open(archive, "archive");
		assert.is_nil(plain:get("ann"));
		assert.is_true(plain:set("ann", data));
		assert.is_true(plain:purge("ann"));
		assert.is_nil(maps:get("ann", "key"));
		assert.is_true(maps:set("ann", "key", data));
		assert.is_true(maps:set_keys("ann", { key = data }));
		assert.equal("key", list:append("ann", "key", data, 1, "ben"));
		local one, other = list:append("ann", nil, data, 1, "ben"), list:append("ann", nil, data, 1, "ben");
		assert.is_string(one);
		assert.not_equal(one, other);
		assert.is_nil(list:find("ann")());
		assert.same({ nil, "item-not-found" }, { list:find("ann", { after = one }) });
		assert.equal(0, select(2, list:find("ann", { total = true })));
		assert.same({ nil, "item-not-found" }, { list:get("ann", one) });
		assert.same({ nil, "item-not-found" }, { list:set("ann", one, data) });
		assert.same({ 0, 0 }, { list:delete("ann"), list:trim("ann", 1) });
		assert.same({}, list:dates("ann"));
		assert.same({ counts = {}, earliest = {}, latest = {}, body = {} }, list:summary("ann"));
		assert.same({}, asked);
	end);

	it("leaves out of what is written under other names what is of who is kept out", function ()
		local plain, maps = open(keyval), open(map, "map");
		local days, mt = { ann = true, ben = true, 7 }, {};
		plain:set("2026-01-31", setmetatable(days, mt));
		assert.same({ ben = true, 7 }, asked[1][4]);
		assert.equal(mt, getmetatable(asked[1][4]));
		assert.same({ ann = true, ben = true, 7 }, days);
		plain:set(nil, { ann = maps.remove });
		assert.same({}, asked[2][4]);
		maps:set_keys("2026-01-31", { ann = true, ben = maps.remove });
		assert.equal(maps.remove, asked[3][4].ben);
		assert.is_nil(asked[3][4].ann);
		assert.is_true(maps:set("2026-01-31", "ann", true));
		assert.equal(3, #asked);
		local untouched = { ben = true };
		plain:set("x", untouched);
		assert.equal(untouched, asked[4][4]);
	end);

	it("asks anew each time", function ()
		local store = open(keyval);
		assert.is_true(store:set("ann", 1));
		state.keeps_out = nil;
		assert.equal("kept", (store:set("ann", 1)));
		state.keeps_out = function () return true; end;
		assert.is_true(store:set("ben", 1));
	end);

	it("leaves our own stores alone, and says what the driver says of others", function ()
		local driver = new_driver("set");
		nostorage.guard(driver, state, is_ours);
		assert.equal("kept", (driver:open("ours"):set("ann", 1)));
		assert.same({ nil, "unsupported-store" }, { driver:open("private", "odd") });
	end);
end);
