-- All sources of a host together: logins that wait, and what an operator sees of its keys.

local secret_of = require "spec.support.secret";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local openssl = require "spec.support.openssl";

local ok, set, null = keyworld.ok, keyworld.set, meetauth.null;
local s1, s2 = secret_of("1"), secret_of("2");

describe("A login with an unknown kid", function ()
	it("brings about one look for all that wait, and all are told", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer(ok(set("a")));
		world.pass(60);
		local told = {};
		for i = 1, 1000 do told[i] = world.want("new"); end
		assert.equal(2, #world.requests);
		world.answer(ok(set("a", "new")));
		for i = 1, 1000 do assert.same({ "again" }, told[i]); end
	end);

	it("is unknown-key where the source has no such key, and asks three times at once, then once in refresh_min", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer(ok(set("a")));
		for _ = 1, 3 do
			local told = world.want("new");
			assert.same({}, told);
			world.answer(ok(set("a")));
			assert.same({ "unknown-key" }, told);
		end
		for i = 1, 1000 do assert.same({ "unknown-key" }, world.want("new" .. i)); end
		assert.equal(4, #world.requests);
		world.pass(60);
		local told = world.want("new");
		assert.same({}, told);
		world.answer(ok(set("a")));
		assert.same({ "unknown-key" }, told);
		for i = 1, 1000 do assert.same({ "unknown-key" }, world.want("new" .. i)); end
		assert.equal(5, #world.requests);
	end);

	it("is found where the source was asked a moment ago, and has a new key since", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer(ok(set("a")));
		local told = world.want("new");
		world.answer(ok(set("a", "new")));
		assert.same({ "again" }, told);
	end);

	it("is found where the source was down when the server started", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer({ failure = "connection refused" });
		local told = world.want("new");
		world.answer(ok(set("new")));
		assert.same({ "again" }, told);
	end);

	it("is keys-unavailable where the source does not answer, and asks no more for a while", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		local told = world.want("new");
		world.answer({ failure = "timeout" });
		assert.same({ "keys-unavailable" }, told);
		for i = 1, 1000 do
			told = world.want("new" .. i);
			if not told[1] then world.answer({ failure = "timeout" }); end
			assert.same({ "keys-unavailable" }, told);
		end
		assert.equal(4, #world.requests);
	end);

	it("joins the look that is under way", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		local told = world.want("a");
		world.answer(ok(set("a")));
		assert.same({ "again" }, told);
		assert.equal(1, #world.requests);
	end);

	it("waits for nothing where the entry has no address", function ()
		local world = keyworld.new({ { jwks_url = null, secret = s1, algorithms = "HS256" } });
		assert.is_nil(world.want("new", "HS256"));
	end);

	it("waits for the first of two sources that has the key, or for both", function ()
		local world = keyworld.new({ { jwks_url = { keyworld.url, "https://two.example/jwks" } } });
		world.chain:tick();
		local told, other = world.want("b"), world.want("c");
		world.requests[2].done(ok(set("b")));
		assert.same({ "again" }, told);
		assert.same({}, other);
		world.requests[1].done({ failure = "timeout" });
		assert.same({ "again" }, told);
		assert.same({ "keys-unavailable" }, other);
	end);

	it("is told keys-unavailable when the keys are given up, and later ones have nothing to wait for", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		local told = world.want("a");
		world.chain:close();
		assert.same({ "keys-unavailable" }, told);
		world.answer(ok(set("a")));
		assert.equal("", world.kids());
		assert.is_nil(world.want("a"));
	end);
end);

describe("A login whose signature fits no key of that name", function ()
	local function renamed(kid, name) return (set(kid):gsub('"kid":"' .. kid .. '"', '"kid":"' .. name .. '"')); end

	local function world_of(entry, given)
		local world = keyworld.new({ entry or {} }, given);
		world.chain:tick();
		if world.requests[1] then world.answer(ok(set("a"))); end
		return world;
	end

	it("is worth another try where the source has put another key under that name", function ()
		local world = world_of();
		local told = world.want("a");
		assert.same({}, told);
		world.answer(ok(renamed("b", "a")));
		assert.same({ "again" }, told);
		assert.equal("a a", world.kids());
		assert.equal(keyworld.key("b"):thumbprint(), world.keys(1)[1].key:thumbprint());
	end);

	it("is so after a restart, too, when the source would not be asked for hours", function ()
		local store = {};
		world_of({}, { store = store });
		local later = keyworld.new({ {} }, { store = store });
		later.pass(10);
		assert.equal(0, #later.requests);
		local told = later.want("a");
		later.answer(ok(renamed("b", "a")));
		assert.same({ "again" }, told);
	end);

	it("is refused as before where the source says nothing new, or nothing", function ()
		for _, answer in ipairs({ ok(set("a")), ok(set("a", "c")), { failure = "timeout" } }) do
			local world = world_of();
			local told = world.want("a");
			world.answer(answer);
			assert.same({ "unknown-key" }, told); -- not keys-unavailable: there is a key of that name
		end
	end);

	it("asks within what unknown names may ask", function ()
		local world = world_of();
		for _ = 1, 10 do
			for _, kid in ipairs({ "a", "new" }) do
				local told = world.want(kid);
				if not told[1] then world.answer(ok(set("a"))); end
			end
		end
		assert.equal(4, #world.requests);
	end);

	it("asks nobody where the key stands in the configuration, and only the source that gave it", function ()
		local world = keyworld.new({ { public_key = openssl.public("P-256"), kid = "a", jwks_url = null } });
		assert.is_nil(world.want("a"));
		local two = keyworld.new({ { jwks_url = { "https://one.example/", "https://two.example/" } } });
		two.chain:tick();
		two.requests[1].done(ok(set("a")));
		two.requests[2].done(ok(set("b")));
		two.want("b");
		assert.equal(3, #two.requests);
		assert.equal("https://two.example/", two.requests[3].url);
	end);

	it("asks an ASAP server for that name again", function ()
		local world = keyworld.new({ { jwks_url = null, asap_url = "https://keys.example/asap" } });
		world.always = function () return ok(keyworld.key("a"):pem()); end;
		world.want("abc");
		world.pass(60);
		world.always = function () return ok(keyworld.key("b"):pem()); end;
		assert.same({ "again" }, world.want("abc"));
		assert.equal(2, #world.keys(1));
	end);

	it("is worth another try where a key without a name has come, for a token with a name or without", function ()
		for _, kid in ipairs({ "x", false }) do
			local world = world_of();
			world.pass(60);
			local told = world.want(kid or nil);
			world.answer(ok(set("a", "-")));
			assert.same({ "again" }, told);
		end
	end);
end);

describe("The keys' rows", function ()
	it("tell source, age, uses and state of each, by a name that betrays nothing", function ()
		local world = keyworld.new({ { secret = s1, algorithms = { "HS256", "ES256" }, refresh_max = 60 } });
		world.chain:tick();
		world.answer(ok(set("a", "-")));
		world.pass(7);
		world.chain:used(world.keys(1)[2].key);
		world.pass(3);
		local print = keyworld.key("-"):thumbprint():sub(1, 8);
		assert.same({
			{ entry = "e1", kid = "meetauth_issuers[1].secret[1]", alg = "HS256", source = "secret", uses = 0, state = "current" },
			{ entry = "e1", kid = "a", alg = "ES256", source = "jwks_url", at = keyworld.url, age = 10,
				uses = 1, last_used = 1000007, state = "current", next_look = 50 },
			{ entry = "e1", kid = print, alg = "ES256", source = "jwks_url", at = keyworld.url, age = 10,
				uses = 0, state = "current", next_look = 50 },
		}, (world.chain:status()));
	end);

	it("are called other ones by what the time asks for only where they are", function ()
		local asap = { jwks_url = null, asap_url = "https://keys.example/asap", refresh_max = 60, key_grace = 5 };
		local file = { jwks_url = null, secret_file = "/a", algorithms = null };
		local world = keyworld.new({ { refresh_max = 60, key_grace = 5 }, asap, file }, { files = { ["/a"] = s1 } });
		world.always = function (request)
			return ok(request.url:find("asap", 1, true) and openssl.public("P-256") or set("a"));
		end;
		assert.is_false(world.chain:tick());
		world.want("abc");
		local function moves(seconds)
			local list = {};
			for second = 1, seconds do
				world.time = world.time + 1;
				if world.chain:tick() then list[#list + 1] = second; end
			end
			return list;
		end
		assert.same({}, moves(59));
		assert.same({}, moves(59)); -- looks that find the same
		world.always = function (request) return request.url:find("asap", 1, true) and { code = 404, headers = {} } or ok(set()); end;
		assert.same({ 7 }, moves(59)); -- 5 seconds after they were withdrawn
		world.write("/a", s2);
		assert.same({ 1 }, moves(20));
	end);

	it("tell what does not answer", function ()
		local world = keyworld.new({ { refresh_max = 60 } });
		world.chain:tick();
		world.answer(ok(set("a")));
		world.pass(60);
		world.answer({ failure = "timeout" });
		local rows, failing = world.chain:status();
		assert.equal("last good", rows[1].state);
		local failed = { entry = "e1", source = "jwks_url", at = keyworld.url };
		failed.why, failed.answers = "timeout", false;
		assert.same({ failed }, failing);
		world.pass(60);
		world.answer(ok("<html>"));
		failed.why, failed.answers = "bad-json", true;
		assert.same({ failed }, select(2, world.chain:status()));
		world.pass(60);
		world.answer(ok(set("b")));
		rows, failing = world.chain:status();
		assert.same({ "b current", "a withdrawn" }, { rows[1].kid .. " " .. rows[1].state, rows[2].kid .. " " .. rows[2].state });
		assert.same({}, failing);
	end);

	it("keep their counters when the set changes around a key, and in the next configuration", function ()
		local uses = {};
		local world = keyworld.new({ { refresh_max = 60 } }, { uses = uses });
		world.always = function () return ok(set("a", "b")); end;
		world.chain:tick();
		local key = world.keys(1)[1].key;
		world.chain:used(key);
		world.always = function () return ok(set("c", "a")); end;
		world.pass(60);
		assert.equal(key, world.keys(1)[2].key); -- the same object, with what it remembers
		world.chain:used(key);
		local later = keyworld.new({ {} }, { uses = uses, store = world.store });
		assert.equal(2, later.chain:status()[2].uses);
	end);

	it("forget the counters of keys that are no more", function ()
		local uses = {};
		local world = keyworld.new({ { refresh_max = 60, key_grace = 0 } }, { uses = uses });
		world.always = function () return ok(set("a", "b")); end;
		world.chain:tick();
		world.always = function () return ok(set("c")); end;
		world.pass(60);
		local count = 0;
		for _ in pairs(uses) do count = count + 1; end
		assert.equal(1, count);
	end);

	it("are looked at anew on an operator's word, one entry's or all", function ()
		local world = keyworld.new({ {}, { jwks_url = "https://two.example/" } });
		assert.equal(1, world.chain:refresh("e2"));
		assert.equal("https://two.example/", world.requests[1].url);
		assert.equal(2, world.chain:refresh());
		assert.equal(2, #world.requests); -- e2's look is still under way
		assert.equal(0, world.chain:refresh("nobody"));
	end);
end);
