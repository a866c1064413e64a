-- One address that several entries read, or several hosts: one look for all of them, and what each makes of it.

local growth = require "spec.support.growth";
local keyaddress = require "meetauth.key.address";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";

local ok, set = keyworld.ok, keyworld.set;

local function down() return { failure = "connection refused" }; end

describe("An address that two entries have", function ()
	local function two(one, other)
		one.issuer, other.issuer = "one", "other";
		return keyworld.new({ one, other });
	end

	it("is asked once, and its keys are both's", function ()
		local world = two({}, {});
		world.chain:tick();
		assert.equal(1, #world.requests);
		world.answer(ok(set("a", "b")));
		assert.same({ "a b", "a b" }, { world.kids(1), world.kids(2) });
		assert.same({ "e1 changed", "e2 changed" }, world.notes);
	end);

	it("lets the logins of both wait for one look", function ()
		local world = two({}, {});
		world.chain:tick();
		world.answer(ok(set("a")));
		local told = world.want("new");
		assert.equal(2, #world.requests);
		world.answer(ok(set("a", "new")));
		assert.same({ "again" }, told);
	end);

	it("gives each the keys of its own algorithms", function ()
		local world = two({ algorithms = { "ES256" } }, { algorithms = { "RS256" } });
		world.chain:tick();
		world.answer(ok(set("a")));
		assert.same({ "a", "" }, { world.kids(1), world.kids(2) });
	end);

	it("is asked as often as the shorter refresh_min lets it", function ()
		local world = two({ refresh_min = 300 }, { refresh_min = 20 });
		world.chain:tick();
		world.answer(ok(set("a"), { ["cache-control"] = "max-age=1" }));
		world.pass(19);
		assert.equal(1, #world.requests);
		world.pass(1);
		assert.equal(2, #world.requests);
	end);

	it("counts for as long as the longer max_stale, for both", function ()
		local world = two({ refresh_max = 60, max_stale = 60 }, { refresh_max = 60, max_stale = 600 });
		world.chain:tick();
		world.answer(ok(set("a")));
		world.always = down;
		world.pass(600);
		assert.same({ "a", "a" }, { world.kids(1), world.kids(2) });
		world.pass(1);
		assert.same({ "", "" }, { world.kids(1), world.kids(2) });
	end);

	it("is followed to plain http only where both allow it", function ()
		for _, case in ipairs({ { true, true, 2 }, { true, false, 1 }, { false, true, 1 } }) do
			local at = "http://127.0.0.1:8080/jwks";
			local world = two({ insecure_url = case[1], jwks_url = at }, { insecure_url = case[2], jwks_url = at });
			world.chain:tick();
			local address = assert(world.addresses.by_name["set " .. at]);
			assert.equal(case[3] == 2, address:bounds().insecure_url);
		end
	end);

	it("lets each keep its own grace for a key that is withdrawn", function ()
		local world = two({ refresh_max = 60, key_grace = 10 }, { refresh_max = 60, key_grace = 100 });
		world.chain:tick();
		world.answer(ok(set("a", "b")));
		world.always = function () return ok(set("b")); end;
		world.pass(60);
		world.pass(10);
		assert.same({ "b", "b a" }, { world.kids(1), world.kids(2) });
	end);
end);

describe("An address whose answer one of two entries cannot use", function ()
	local function asap(alg)
		return { issuer = alg, jwks_url = meetauth.null, asap_url = "https://keys.example/asap", algorithms = { alg },
			refresh_max = 60 };
	end

	it("counts for the other; the first is told why, also when the answer is the one before", function ()
		local world = keyworld.new({ asap("ES256"), asap("RS256") });
		world.always = function (request)
			if request.etag then return { code = 304, headers = {} }; end
			return ok(openssl.public("P-256"), { etag = '"v1"' });
		end;
		world.want("abc");
		world.chain:want({ kid = "abc", alg = "RS256" }, world.entries, function () end);
		assert.same({ "abc", "" }, { world.kids(1), world.kids(2) });
		world.notes = {};
		world.pass(60);
		table.sort(world.notes);
		assert.same({ "e1 unchanged", "e2 failed key-type-mismatch" }, world.notes);
	end);
end);

describe("An address of two hosts", function ()
	local function hosts()
		local time = 1000000;
		local book = keyaddress.book(function () return time; end);
		return keyworld.new({ {} }, { addresses = book }), keyworld.new({ {} }, { addresses = book });
	end

	it("is asked once, by the first of them, and kept in the store of each", function ()
		local one, other = hosts();
		one.chain:tick();
		other.chain:tick();
		assert.same({ 1, 0 }, { #one.requests, #other.requests });
		one.answer(ok(set("a")));
		assert.same({ "a", "a" }, { one.kids(), other.kids() });
		assert.is_table(one.store[keyworld.url]);
		assert.same(one.store, other.store);
	end);

	it("is there at once for a host that comes later", function ()
		local one = hosts();
		one.chain:tick();
		one.answer(ok(set("a")));
		local late = keyworld.new({ {} }, { addresses = one.addresses });
		late.chain:tick();
		assert.equal("a", late.kids());
		assert.equal(0, #late.requests);
	end);

	it("is asked again by the other where the first goes in the middle of a look", function ()
		local one, other = hosts();
		one.chain:tick();
		local told = other.want("a");
		local gone = one.want("a");
		one.chain:close();
		assert.same({ "keys-unavailable" }, gone);
		assert.equal(1, #other.requests);
		one.answer(ok(set("x")));
		assert.same({}, told);
		other.answer(ok(set("a")));
		assert.same({ "again" }, told);
		assert.same({ "a", "" }, { other.kids(), one.kids() });
	end);

	it("is forgotten when the last of them goes", function ()
		local one, other = hosts();
		one.chain:close();
		assert.is_table(select(2, next(one.addresses.by_name)));
		other.chain:close();
		other.chain:close();
		assert.is_nil(next(one.addresses.by_name));
	end);
end);

describe("An address whose text one reader has and another has not", function ()
	local function not_modified(request)
		return request.etag and { code = 304, headers = {} } or ok(set("a"), { etag = '"v1"' });
	end

	it("is asked for the text as a whole, so that both have it: a kept one that is too old for the first of two entries", function ()
		local store = {};
		local world = keyworld.new({ {} }, { store = store });
		world.chain:tick();
		world.answer(ok(set("a"), { etag = '"v1"' }));
		store[keyworld.url].confirmed = 1000000 - 7200;
		local later = keyworld.new({ { issuer = "one", max_stale = 3600, refresh_max = 3600 }, { issuer = "two" } }, { store = store });
		later.always = not_modified;
		assert.same({ "", "a" }, { later.kids(1), later.kids(2) });
		later.chain:tick();
		assert.same({ "a", "a" }, { later.kids(1), later.kids(2) });
		assert.equal(1, #later.requests);
	end);

	it("and so where one of two hosts has kept it", function ()
		local store = {};
		local world = keyworld.new({ {} }, { store = store });
		world.chain:tick();
		world.answer(ok(set("a"), { etag = '"v1"' }));
		local book = keyaddress.book(function () return 1000000; end);
		local new, old = keyworld.new({ {} }, { addresses = book }), keyworld.new({ {} }, { addresses = book, store = store });
		new.always, old.always = not_modified, not_modified;
		assert.same({ "", "a" }, { new.kids(), old.kids() });
		new.chain:tick();
		old.chain:tick();
		assert.same({ "a", "a" }, { new.kids(), old.kids() });
	end);
end);

describe("An address that does not answer", function ()
	it("does not answer whoever comes later either: keys-unavailable, and among what fails", function ()
		local book = keyaddress.book(function () return 1000000; end);
		local one = keyworld.new({ {} }, { addresses = book });
		one.always = down;
		one.chain:tick();
		for i = 1, 5 do one.want("x" .. i); end
		local late = keyworld.new({ {} }, { addresses = book });
		assert.same({ "keys-unavailable" }, late.want("a"));
		assert.equal("connection refused", select(2, late.chain:status())[1].why);
	end);
end);

describe("Many addresses", function ()
	it("all have their turn, however often those before them are due", function ()
		local entries = {};
		for i = 1, 200 do
			entries[i] = { issuer = "i" .. i, jwks_url = ("https://keys%d.example/"):format(i), refresh_min = 1, refresh_max = 1 };
		end
		local world = keyworld.new(entries);
		world.always = function () return ok(set("a")); end;
		world.pass(8);
		local asked = {};
		for _, request in ipairs(world.requests) do asked[request.url] = (asked[request.url] or 0) + 1; end
		for _, entry in ipairs(entries) do assert.is_true((asked[entry.jwks_url] or 0) >= 2, entry.jwks_url); end
	end);

	it("that are one are joined and left in a time that grows as the entries' number does #growth", function ()
		assert.is_true(growth.is_linear(function (size)
			local entries = {};
			for i = 1, size do entries[i] = { issuer = "i" .. i }; end
			keyworld.new(entries).chain:close();
		end, function (size) return size // 60; end));
	end);

	it("that are due at once are asked one after the other, 64 in a second", function ()
		local entries = {};
		for i = 1, 100 do entries[i] = { issuer = "i" .. i, jwks_url = ("https://keys%d.example/"):format(i) }; end
		local world = keyworld.new(entries);
		world.always = down;
		world.chain:tick();
		assert.equal(64, #world.requests);
		world.pass(1);
		local asked = {};
		for _, request in ipairs(world.requests) do asked[request.url] = true; end
		for _, entry in ipairs(entries) do assert.is_true(asked[entry.jwks_url]); end
	end);
end);
