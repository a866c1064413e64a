-- An ASAP key server: which names are looked up at it, how many, and what is remembered of them.

local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";

local ok, null = keyworld.ok, meetauth.null;

describe("An ASAP key server", function ()
	local pem = openssl.public("P-256");
	local function asap(fields)
		local entry = { jwks_url = null, asap_url = "https://keys.example/asap" };
		for name, value in pairs(fields or {}) do entry[name] = value; end
		return entry;
	end

	it("is asked for each kid at the address of its hash, once", function ()
		local world = keyworld.new({ asap() });
		world.pass(10);
		assert.equal(0, #world.requests);
		local told, again = world.want("abc"), world.want("abc");
		assert.equal(1, #world.requests);
		assert.equal("https://keys.example/asap/"
			.. "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.pem", world.requests[1].url);
		world.answer(ok(pem));
		assert.same({ "again" }, told);
		assert.same({ "again" }, again);
		assert.equal("abc", world.kids());
		assert.equal("abc", world.keys(1)[1].key:kid());
	end);

	it("is not asked for a token without a kid", function ()
		assert.is_nil(keyworld.new({ asap() }).want(nil));
	end);

	it("that has no such key is not asked again within refresh_min", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return { code = 404, headers = {} }; end;
		for _ = 1, 1000 do assert.same({ "unknown-key" }, world.want("abc")); end
		assert.equal(1, #world.requests);
		world.pass(60);
		assert.equal(1, #world.requests);
		world.always = function () return ok(pem); end;
		assert.same({ "again" }, world.want("abc"));
	end);

	it("is asked for twenty names in a second, however many come, and for the newest first", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return { code = 404, headers = {} }; end;
		local told = {};
		for i = 1, 1000 do told[i] = world.want("kid" .. i); end
		assert.equal(20, #world.requests);
		assert.same({ "keys-unavailable" }, told[100]); -- more have come since than may wait
		assert.same({}, told[1000]);
		world.pass(1);
		assert.equal(40, #world.requests);
		assert.same({ "unknown-key" }, told[1000]);
		world.pass(4);
		assert.same({ "unknown-key" }, told[937]);
		world.pass(60);
		assert.equal(84, #world.requests); -- the 64 that waited had their turn
		assert.same({ "unknown-key" }, world.want("kid1001"));
	end);

	it("has eight requests at once, and the next one as soon as one of them has ended", function ()
		local world = keyworld.new({ asap() });
		for i = 1, 10 do world.want("kid" .. i); end
		assert.equal(8, #world.requests);
		world.requests[3].done({ code = 404, headers = {} });
		assert.equal(9, #world.requests);
		local told = world.want("good");
		world.requests[1].done({ failure = "timeout" });
		assert.equal(10, #world.requests);
		world.requests[10].done(ok(pem));
		assert.same({ "again" }, told);
		assert.equal("good", world.kids());
	end);

	it("lets a good name in, after forty forged ones and after a restart", function ()
		local world = keyworld.new({ asap() });
		local function answer(request)
			local good = "https://keys.example/asap/770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c.pem"; -- good
			return request.url == good and ok(pem) or { code = 404, headers = {} };
		end
		world.always = answer;
		for i = 1, 40 do world.want("forged" .. i); end
		local told = world.want("good");
		world.pass(1);
		assert.same({ "again" }, told);
		local later = keyworld.new({ asap() }, { store = world.store });
		for i = 1, 40 do later.want("forged" .. i); end
		told = later.want("good");
		for _ = 1, #later.requests do later.answer({ code = 404, headers = {} }); end
		assert.same({ "again" }, told);
	end);

	it("tells whoever waits for a look that none comes, when they have given up", function ()
		local world = keyworld.new({ asap() });
		local told = {};
		for i = 1, 10 do told[i] = world.want("kid" .. i); end -- nobody answers
		world.pass(5);
		assert.same({ "keys-unavailable" }, told[9]);
		world.pass(1);
		assert.same({ "keys-unavailable" }, told[1]);
		told = world.want("late");
		world.chain:close();
		assert.is_not_nil(told[1]);
	end);

	local function names(world)
		local count = 0;
		for _ in pairs(world.chain.parts[1].servers[1].remotes) do count = count + 1; end
		return count;
	end

	it("that has 200 keys has 128 of them remembered: those that were asked for last", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return ok(pem); end;
		for minute = 1, 20 do
			for i = 1, 10 do world.want(("kid %d %d"):format(minute, i)); end
			world.pass(60);
		end
		assert.equal(128, names(world));
		assert.equal(128, #world.keys(1));
		for _, one in ipairs(world.keys(1)) do assert.is_true(tonumber(one.key:kid():match("^kid (%d+)")) >= 8); end
	end);

	it("keeps its keys however many names without one come, and those are forgotten", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return ok(pem); end;
		world.want("good");
		world.always = function () return { code = 404, headers = {} }; end;
		for minute = 1, 20 do
			for i = 1, 1000 do world.want(("kid %d %d"):format(minute, i)); end
			assert.is_true(names(world) <= 128);
			world.pass(60);
		end
		assert.equal("good", world.kids());
		world.pass(61);
		assert.equal(1, names(world));
	end);

	it("whose failure nobody asks about any more is no longer one that fails", function ()
		local world = keyworld.new({ asap() });
		world.always = function () return { failure = "timeout" }; end;
		world.want("x");
		assert.equal(1, #select(2, world.chain:status()));
		world.pass(61);
		assert.equal(0, #select(2, world.chain:status()));
	end);

	it("that withdraws a key ends it after key_grace; one that fails does not", function ()
		local world = keyworld.new({ asap({ refresh_max = 60, key_grace = 30 }) });
		world.always = function () return ok(pem); end;
		world.want("abc");
		world.always = function () return { code = 500, headers = {} }; end;
		world.pass(600);
		assert.equal("abc", world.kids());
		world.always = function () return { code = 404, headers = {} }; end;
		world.pass(961);
		assert.equal("", world.kids());
	end);

	it("that withdraws a key says so once, and leaves nothing of it in the store", function ()
		local world = keyworld.new({ asap({ refresh_max = 60, key_grace = 600 }) });
		world.always = function () return ok(pem); end;
		world.want("abc");
		assert.is_table(select(2, next(world.store)));
		world.always = function () return { code = 404, headers = {} }; end;
		world.pass(60);
		assert.equal("e1 changed", world.last_note());
		assert.is_nil(next(world.store));
		local other = keyworld.new({ asap() });
		other.always = world.always;
		other.want("abc");
		assert.equal("e1 unchanged", other.last_note());
	end);

	for _, case in ipairs({
		{ name = "HTML with 200", answer = ok("<html>"), why = "bad-key: it has no BEGIN line" };
		{ name = "nothing with 200", answer = ok(""), why = "bad-key: it has no BEGIN line" };
		{ name = "204", answer = { code = 204, headers = {} }, why = "status 204" };
		{ name = "a private key", answer = ok(openssl.private("P-256")), why = "not-public" };
		{ name = "a key of another type", answer = ok(openssl.public("rsa")), why = "key-type-mismatch" };
	}) do
		it("that gives " .. case.name .. " gives no key", function ()
			local world = keyworld.new({ asap() });
			world.always = function () return case.answer; end;
			assert.same({ "keys-unavailable" }, world.want("abc"));
			assert.equal("e1 failed " .. case.why, world.last_note());
			assert.equal("", world.kids());
		end);
	end

	it("need not answer after a restart: the key that it gave is looked up in the store", function ()
		local store = {};
		local world = keyworld.new({ asap() }, { store = store });
		world.always = function () return ok(pem); end;
		world.want("abc");
		local later = keyworld.new({ asap() }, { store = store });
		assert.same({ "again" }, later.want("abc"));
		assert.equal("abc", later.kids());
		assert.equal(0, #later.requests);
	end);
end);
