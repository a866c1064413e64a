-- Single use on a store of plain reads and writes: every order in which two servers can do their steps, many of those
-- of three, servers that stop in the middle, and a store that fails.

local singleuse = require "meetauth.server.singleuse";
local random = require "spec.support.random";

-- A store whose every call gives the word to somebody else first.
local function new_store()
	local rows = {};
	local store = { rows = rows };
	function store.read()
		coroutine.yield();
		local copy = {};
		for id, value in pairs(rows) do copy[id] = value; end
		return copy;
	end
	function store.add(_, id, expires)
		coroutine.yield();
		rows[id] = expires;
		return true;
	end
	function store.remove(_, id)
		coroutine.yield();
		rows[id] = nil;
		return true;
	end
	return store;
end

-- Let servers with these ids claim one token; choose(alive) says which of them takes the next step, nil: nobody more.
local function race(ids, choose)
	local store, alive, results = new_store(), {}, {};
	for _, id in ipairs(ids) do
		local thread = coroutine.create(singleuse.claim);
		coroutine.resume(thread, store, "name", id, 1);
		alive[#alive + 1] = { id = id, thread = thread };
	end
	while alive[1] do
		local i = choose(alive);
		if not i then break; end
		local _, claimed, reason = assert(coroutine.resume(alive[i].thread));
		if coroutine.status(alive[i].thread) == "dead" then
			results[alive[i].id] = claimed or reason;
			table.remove(alive, i);
		end
	end
	local winners = 0;
	for _, result in pairs(results) do
		if result == true then winners = winners + 1; end
	end
	return winners, results, store;
end

-- Every sequence of 'depth' choices between 'ways' ways.
local function each_order(depth, ways, visit)
	local order = {};
	local function extend(n)
		if n > depth then visit(order); return; end
		for i = 1, ways do
			order[n] = i;
			extend(n + 1);
		end
	end
	extend(1);
end

-- Steps in that order, then in turn.
local function by(order)
	local n = 0;
	return function (alive)
		n = n + 1;
		return math.min(order[n] or n % #alive + 1, #alive);
	end
end

describe("single use", function ()
	it("of one server: the first claim has the token, every later one is refused", function ()
		local store = new_store();
		local function claim(id)
			local thread = coroutine.wrap(function () return "done", singleuse.claim(store, "name", id, 1); end);
			local done, claimed, reason;
			repeat done, claimed, reason = thread(); until done;
			return claimed, reason;
		end
		assert.is_true(claim("b"));
		for _, id in ipairs({ "a", "c" }) do
			local claimed, reason = claim(id);
			assert.is_nil(claimed);
			assert.equal("already-used", reason);
		end
		assert.same({ b = 1 }, store.rows);
	end);

	it("of two servers: whatever the order of their steps, one has it and one has not", function ()
		local count = 0;
		for _, ids in ipairs({ { "a", "b" }, { "b", "a" } }) do
			each_order(12, 2, function (order)
				local winners, results = race(ids, by(order));
				assert.equal(1, winners, table.concat(order));
				assert.is_true(results.a == "already-used" or results.b == "already-used");
				count = count + 1;
			end);
		end
		assert.equal(8192, count);
	end);

	it("of two servers one of which waits for ever: never both", function ()
		local none = 0;
		each_order(10, 2, function (order)
			local n = 0;
			local winners = race({ "a", "b" }, function (alive) -- the second is not let go on after these steps
				n = n + 1;
				if n <= #order then return math.min(order[n], #alive); end
				for i, one in ipairs(alive) do
					if one.id == "a" then return i; end
				end
				return nil;
			end);
			assert.is_true(winners <= 1, table.concat(order));
			if winners == 0 then none = none + 1; end
		end);
		assert.is_true(none > 0); -- the price: where one stops between its write and its next step
	end);

	it("of three servers: never two have it, and nearly always one", function ()
		local next_number = random(7);
		local won = 0;
		for _ = 1, 3000 do
			local winners = race({ "b", "a", "c" }, function (alive) return next_number(#alive); end);
			assert.is_true(winners <= 1);
			won = won + winners;
		end
		assert.is_true(won > 2900, won);
	end);

	for _, failing in ipairs({ "read", "add", "read again" }) do
		it(("refuses with storage-unavailable where storage fails to %s"):format(failing), function ()
			local rows, reads = {}, 0;
			local store = {
				read = function ()
					reads = reads + 1;
					if failing == "read" or failing == "read again" and reads == 2 then return nil; end
					return rows;
				end;
				add = function (_, id)
					if failing == "add" then return nil; end
					rows[id] = 1;
					return true;
				end;
				remove = function (_, id)
					rows[id] = nil;
					return true;
				end;
			};
			local claimed, reason = singleuse.claim(store, "name", "a", 1);
			assert.is_nil(claimed);
			assert.equal("storage-unavailable", reason);
			assert.same({}, rows); -- nobody is in, and so the token is not used up
		end);
	end

	it("does not believe a storage that forgets what it was told", function ()
		local store = { read = function () return {}; end, add = function () return true; end,
			remove = function () return true; end };
		assert.same({ n = 2, nil, "storage-unavailable" }, table.pack(singleuse.claim(store, "name", "a", 1)));
	end);
end);

describe("the name of a used token", function ()
	local name = singleuse.name;

	it("is its id within its entry, whatever else the token says", function ()
		assert.equal(name("portal", "t1", "a.b.c"), name("portal", "t1", "x.y.z"));
		assert.not_equal(name("portal", "t1", "a.b.c"), name("portal", "t2", "a.b.c"));
		assert.not_equal(name("portal", "t1", "a.b.c"), name("other", "t1", "a.b.c"));
	end);

	it("is made of what was signed where there is no id", function ()
		assert.equal(name("portal", nil, "a.b.c"), name("portal", nil, "a.b.another signature"));
		assert.equal(name("portal", nil, "a.b.c"), name("portal", "", "a.b.c"));
		assert.not_equal(name("portal", nil, "a.b.c"), name("portal", nil, "a.d.c"));
		assert.not_equal(name("portal", nil, "a.b.c"), name("portal", "a.b", "a.b.c"));
	end);

	it("is 64 hexadecimal digits", function ()
		assert.matches("^%x+$", name("portal", "../../etc", "a.b.c"));
		assert.equal(64, #name("portal", "x", "a.b.c"));
	end);
end);
