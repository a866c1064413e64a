local maderooms = require "meetauth.server.maderooms";
local rules_of = require "meetauth.rest.roomproperties".rules;

local function room(name, more)
	local one = { id = "id-" .. name, entry = "acme", name = name, privacy = "public", created = 1, config = {} };
	for member, value in pairs(more or {}) do one[member] = value; end
	one.rules = rules_of(one.privacy, one.config);
	return one;
end

-- Rows by bucket, as they are kept.
local function rows_of(...)
	local buckets = {};
	for _, one in ipairs({ ... }) do
		local key, bucket = maderooms.key(one.entry, one.name);
		buckets[bucket] = buckets[bucket] or {};
		buckets[bucket][key] = maderooms.row(one);
	end
	return buckets;
end

local function set_of(...)
	local set = maderooms.new(function (one) return one.entry ~= "gone" and one.name:lower() or nil; end);
	for bucket, rows in pairs(rows_of(...)) do assert.same({}, set:replace(bucket, rows)); end
	return set;
end

local function names(list)
	local found = {};
	for i, one in ipairs(list) do found[i] = one.name; end
	return table.concat(found, " ");
end

describe("rooms that were made", function ()
	it("have one key in whatever letters, and another one for each entry", function ()
		assert.equal(maderooms.key("acme", "Clinic"), maderooms.key("acme", "clinic"));
		assert.not_equal(maderooms.key("acme", "clinic"), maderooms.key("beta", "clinic"));
		local key, bucket = maderooms.key("acme", "clinic");
		assert.truthy(key:find("^%x+$") and #key == 16 and bucket == key:sub(1, 2));
	end);

	it("come back from their rows as they were", function ()
		local one = room("Clinic-7", { privacy = "private", config = { exp = 99, permissions = { canSend = false } } });
		local key = maderooms.key("acme", "Clinic-7");
		assert.same(one, maderooms.read(key, maderooms.row(one)));
		for _, value in pairs(maderooms.row(one)) do assert.not_equal("table", type(value)); end
	end);

	it("are not read from rows that are damaged, which are counted", function ()
		local key, bucket = maderooms.key("acme", "a");
		local good = maderooms.row(room("a"));
		for member, value in pairs({
			id = 7, entry = "beta", name = "b", privacy = "org", created = "x", config = "{",
		}) do
			local row = { id = good.id, entry = good.entry, name = good.name, privacy = good.privacy, created = 1, config = "{}" };
			row[member] = value;
			assert.is_nil(maderooms.read(key, row), member);
		end
		assert.is_nil(maderooms.read(key, "x"));
		assert.is_nil(maderooms.read(7, good));
		local set = set_of();
		assert.same({ bucket .. "00" }, set:replace(bucket, { [key] = good, [bucket .. "00"] = good }));
		assert.equal("a", names(set:list("acme")));
	end);

	it("are found by the name in addresses, each entry's rules by themselves", function ()
		local set = set_of(room("Clinic"), room("clinic", { entry = "beta", privacy = "private" }), room("x", { entry = "gone" }));
		assert.same({ clinic = { acme = {}, beta = { private = true } } }, set.by_node);
	end);

	it("are found by name, in whatever letters", function ()
		local set = set_of(room("Clinic"));
		assert.equal("id-Clinic", set:find("acme", "clinic").id);
		assert.is_nil(set:find("acme", "x"));
		assert.is_nil(set:find("beta", "Clinic"));
	end);

	it("are gone with their row, and nothing of them stays", function ()
		local set = set_of(room("a"), room("b"));
		local key, bucket = maderooms.key("acme", "a");
		set:replace(bucket, {});
		assert.same({ b = { acme = {} } }, set.by_node);
		set:remove((maderooms.key("acme", "b")));
		set:remove(key);
		assert.same({ {}, {}, {} }, { set.by_node, set.by_entry, set.buckets });
	end);

	it("have their names in addresses anew when entries have changed", function ()
		local set = set_of(room("a"));
		set.node_of = function () return "[t]a"; end;
		set:rename();
		assert.same({ ["[t]a"] = { acme = {} } }, set.by_node);
		set.node_of = function () return nil; end;
		set:rename();
		assert.same({}, set.by_node);
		set:remove((maderooms.key("acme", "a")));
	end);

	it("are listed newest first", function ()
		local a, b, c, d = room("a"), room("b", { created = 3 }), room("c", { created = 3 }), room("d", { created = 2 });
		local set = set_of(a, b, c, d);
		assert.equal("c b d a", names(set:list("acme")));
		assert.equal("", names(set:list("beta")));
	end);

	it("are kept for a day after exp, and are told as over once, or once more where that is asked for", function ()
		local set = set_of(room("a", { config = { exp = 100 } }), room("b"), room("c", { config = { exp = 90 } }));
		local function over(now, count_max)
			local list = set:over(now, count_max);
			for i, key in ipairs(list) do list[i] = set:get(key); end
			return names(list);
		end
		assert.equal("", over(89 + 86400, 10));
		assert.equal("c", over(90 + 86400, 10));
		assert.equal("", over(90 + 86400, 10));
		set:again((maderooms.key("acme", "c")), 100 + 86400);
		assert.equal(1, #set:over(100 + 86400, 1));
		assert.equal(1, #set:over(100 + 86400, 10));
		assert.equal("", over(200 + 86400, 10));
	end);

	it("are not over that were made anew in the meantime", function ()
		local set = set_of(room("a", { config = { exp = 100 } }));
		local key = maderooms.key("acme", "a");
		set:add(key, maderooms.read(key, maderooms.row(room("a", { config = { exp = 100000 } }))));
		assert.same({}, set:over(100 + 86400, 10));
	end);
end);
