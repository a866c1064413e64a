-- One address with keys, with a clock and answers by hand: what a misbehaving key server can bring about.

local keyworld = require "spec.support.keyworld";

local ok, set = keyworld.ok, keyworld.set;

-- A world that has the keys "a b" since just now.
local function started(entry, given)
	local world = keyworld.new({ entry or {} }, given);
	world.chain:tick();
	world.answer(ok(set("a", "b")));
	return world;
end

local function page(body, code)
	return { code = code or 200, headers = { ["content-type"] = "text/html" }, body = body };
end

-- Answers at the second look, and what comes of them; the keys "a b" that were there before stay.
local misbehaviours = {
	{ name = "a refused connection", answer = { failure = "connection refused" }, note = "failed connection refused" };
	{ name = "no answer in time", answer = { failure = "timeout" }, note = "failed timeout" };
	{ name = "more than is read", answer = { failure = "too much" }, note = "failed too much" };
	{ name = "a body over the limit", answer = ok((" "):rep(262145)), note = "failed too much" };
	{ name = "HTML with 200", answer = page("<html>Sign in</html>"), note = "failed bad-json" };
	{ name = "an empty body with 200", answer = ok(""), note = "failed bad-json" };
	{ name = "204", answer = page("", 204), note = "failed status 204" };
	{ name = "404", answer = page("", 404), note = "failed status 404" };
	{ name = "410", answer = page("", 410), note = "failed status 410" };
	{ name = "429", answer = page("", 429), note = "failed status 429" };
	{ name = "500", answer = page("{}", 500), note = "failed status 500" };
	{ name = "500 with a good set", answer = { code = 500, headers = {}, body = set("c") }, note = "failed status 500" };
	{ name = "206, a part", answer = { code = 206, headers = {}, body = set("c") }, note = "failed status 206" };
	{ name = "304 that nobody asked for", answer = page("", 304), note = "failed status 304" };
	{ name = "a redirect to another host", note = "failed redirect elsewhere",
		answer = { code = 302, headers = { location = "https://evil.example/jwks" } } };
	{ name = "a redirect to plain http", note = "failed redirect elsewhere",
		answer = { code = 301, headers = { location = "http://keys.example/jwks" } } };
	{ name = "a redirect without an address", answer = { code = 307, headers = {} }, note = "failed redirect elsewhere" };
	{ name = "JSON that is a list", answer = ok("[]"), note = "failed bad-set" };
	{ name = "JSON that is a number", answer = ok("1"), note = "failed bad-set" };
	{ name = "JSON null", answer = ok("null"), note = "failed bad-set" };
	{ name = "an empty object", answer = ok("{}"), note = "failed bad-set" };
	{ name = "an object of other things", answer = ok('{"error":{"code":1}}'), note = "failed bad-set" };
	{ name = "keys that are no list", answer = ok('{"keys":{}}'), note = "failed bad-set" };
	{ name = "a set cut off", answer = ok(set("a", "b", "c"):sub(1, -10)), note = "failed bad-json" };
	{ name = "text after the set", answer = ok(set("c") .. "x"), note = "failed bad-json" };
	{ name = "a member twice", answer = ok('{"keys":[],"keys":[]}'), note = "failed duplicate-member" };
	{ name = "two keys with one kid", note = "failed duplicate-kid",
		answer = ok((set("a", "b"):gsub('"kid":"b"', '"kid":"a"'))) };
	{ name = "a hundred and one keys", note = "failed oversized-set",
		answer = ok('{"keys":[' .. ("{},"):rep(100) .. "{}]}") };
	{ name = "secrets among public keys", note = "failed mixed-keys",
		answer = ok((set("c"):gsub("%]}$", ',{"kty":"oct","k":"AAAA"}]}'))) };

	{ name = "the same set", answer = ok(set("a", "b")), note = "unchanged" };
	{ name = "a new key", answer = ok(set("a", "b", "c")), note = "changed", kids = "a b c" };
	{ name = "a key without a kid", answer = ok(set("a", "b", "-")), note = "changed", kids = "a b -" };
	{ name = "unusable keys among good ones", note = "changed", kids = "a c b",
		answer = ok((set("a", "c"):gsub('"keys":%[', '"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"w"},'
			.. '{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"short"},{"kty":"OKP","crv":"X25519","x":"AA"},'
			.. '{"use":"enc","kty":"EC","kid":"e"},7,null,{"kty":7},'))) };
	{ name = "a wrong content type", note = "changed", kids = "a b c",
		answer = { code = 200, headers = { ["content-type"] = "image/png" }, body = set("a", "b", "c") } };
	{ name = "no key any more, by name", answer = ok('{"keys":[]}'), note = "changed" }; -- in the grace
	{ name = "a set of the largest size", answer = ok(set("c") .. (" "):rep(262144 - #set("c"))), note = "changed", kids = "c a b" };
	{ name = "another key in the place of both", answer = ok(set("c")), note = "changed", kids = "c a b" };
};

describe("A key server that answers", function ()
	for _, case in ipairs(misbehaviours) do
		it(("%s leaves the keys %s"):format(case.name, case.kids or "a b"), function ()
			local world = started({ refresh_max = 60 });
			world.pass(60);
			assert.equal(2, #world.requests);
			world.answer(case.answer);
			assert.equal("e1 " .. case.note, world.last_note());
			assert.equal(case.kids or "a b", world.kids());
			world.pass(30); -- nothing is asked within refresh_min, whatever came
			assert.equal(2, #world.requests);
		end);
	end
end);

describe("A look at a key server", function ()
	it("is made once at the start, and not in vain again before its time", function ()
		local world = started();
		assert.equal("a b", world.kids());
		world.pass(21599);
		assert.equal(1, #world.requests);
		world.pass(1);
		assert.equal(2, #world.requests);
	end);

	it("is due when the server says, between floor and ceiling", function ()
		local rows = { { "max-age=300", 300 }, { "max-age=0", 60 }, { "max-age=-7", 60 }, { "max-age=1" .. ("0"):rep(30), 21600 } };
		for _, row in ipairs(rows) do
			local world = keyworld.new({ {} });
			world.chain:tick();
			world.answer(ok(set("a"), { ["cache-control"] = row[1] }));
			world.pass(row[2] - 1);
			assert.equal(1, #world.requests, row[1]);
			world.pass(1);
			assert.equal(2, #world.requests, row[1]);
		end
	end);

	it("says what it has, and takes 304 for the same again", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer(ok(set("a"), { etag = '"v1"', ["cache-control"] = "max-age=60" }));
		assert.is_nil(world.requests[1].etag);
		world.pass(60);
		assert.equal('"v1"', world.requests[2].etag);
		world.answer({ code = 304, headers = { ["cache-control"] = "max-age=120" } });
		assert.equal("e1 unchanged", world.last_note());
		world.pass(119);
		assert.equal(2, #world.requests);
		world.pass(1);
		assert.equal('"v1"', world.requests[3].etag);
	end);

	it("follows redirects within the host, three of them, in one stretch of time", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		for i = 1, 3 do
			world.time = world.time + 1;
			world.answer({ code = 302, headers = { location = "/hop" .. i } });
			assert.equal("https://keys.example/hop" .. i, world.requests[i + 1].url);
			assert.equal(4 - i, world.requests[i + 1].seconds);
		end
		world.answer(ok(set("a")));
		assert.equal("a", world.kids());
	end);

	it("gives a redirect loop up", function ()
		local world = keyworld.new({ {} });
		world.always = function () return { code = 302, headers = { location = "/again" } }; end;
		world.chain:tick();
		assert.equal("e1 failed too many redirects", world.last_note());
		assert.equal(4, #world.requests);
	end);

	it("sends what it has to the address that gave it, not to another one", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.answer({ code = 302, headers = { location = "/new" } });
		world.answer(ok(set("a"), { etag = '"v1"' }));
		world.pass(21600);
		assert.is_nil(world.requests[3].etag);
		world.answer({ code = 302, headers = { location = "/new" } });
		assert.equal('"v1"', world.requests[4].etag);
	end);

	it("that gets no answer at all ends by itself; a late answer changes nothing", function ()
		local world = keyworld.new({ {} });
		world.chain:tick();
		world.pass(6);
		assert.equal("e1 failed timeout", world.last_note());
		world.answer(ok(set("a")));
		assert.equal("", world.kids());
	end);

	it("that fails is made again after a pause that grows, at most sixteen floors", function ()
		local world = keyworld.new({ {} });
		world.always = function () return { failure = "connection refused" }; end;
		local times, before = {}, nil;
		world.chain:tick();
		for _ = 1, 4000 do
			local count = #world.requests;
			world.pass(1);
			if #world.requests > count then
				times[#times + 1] = before and world.time - before or 0;
				before = world.time;
			end
		end
		assert.same({ 0, 120, 240, 480, 960, 960, 960 }, times);
	end);

	it("survives a clock that is set back", function ()
		local world = started();
		world.time = world.time - 1000000;
		world.chain:tick();
		assert.equal(2, #world.requests);
		assert.equal("a b", world.kids());
	end);

	it("gives no look more time because a clock is set back", function ()
		local world = started({ refresh_max = 60 });
		world.pass(60);
		world.time = world.time - 3600;
		world.answer({ code = 302, headers = { location = "https://keys.example/other" } });
		assert.equal(3, #world.requests);
		assert.equal(4, world.requests[3].seconds);
	end);
end);

describe("A clock that is set back", function ()
	it("gives a key that the source has withdrawn no more time than its grace", function ()
		local world = started({ refresh_max = 60, key_grace = 60 });
		world.pass(60);
		world.answer(ok(set("b")));
		assert.equal("b a", world.kids());
		world.time = world.time - 1000000;
		world.pass(61);
		assert.equal("b", world.kids());
	end);

	it("gives keys that nobody vouches for no more time than max_stale", function ()
		local world = started({ refresh_max = 60, max_stale = 600 });
		world.always = function () return { failure = "connection refused" }; end;
		world.time = world.time - 1000000;
		world.pass(602);
		assert.equal("", world.kids());
	end);
end);

describe("The last good set", function ()
	local function down(world)
		world.always = function () return { failure = "connection refused" }; end;
	end

	it("counts until max_stale after the source last vouched for it", function ()
		local world = started({ refresh_max = 600, max_stale = 3600 });
		down(world);
		world.pass(3600);
		assert.equal("a b", world.kids());
		world.pass(1);
		assert.equal("", world.kids());
	end);

	it("counts again as soon as the source answers", function ()
		local world = started({ refresh_max = 60, max_stale = 60 });
		down(world);
		world.pass(70);
		assert.equal("", world.kids());
		world.always = function () return ok(set("a", "b")); end;
		world.pass(61);
		assert.equal("a b", world.kids());
	end);

	it("counts after a restart, as old as it is, and is not asked for before its time", function ()
		local store = {};
		local world = started({}, { store = store });
		world.pass(100);
		local later = keyworld.new({ {} }, { store = store });
		assert.equal("a b", later.kids());
		later.time = world.time;
		later.chain:tick();
		assert.equal(0, #later.requests);
		local row = later.chain:status()[1];
		assert.equal(100, row.age);
	end);

	it("is stored without a private key that the source publishes, whose public half does not count then either", function ()
		local store = {};
		local world = started({ refresh_max = 60 }, { store = store });
		local private = '{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"published","kid":"p"}';
		local answer = ok((set("a", "b"):gsub('"keys":%[', '"keys":[' .. private .. ",")));
		for _, note in ipairs({ "changed", "unchanged" }) do
			world.pass(60);
			world.answer(answer);
			assert.equal("e1 " .. note, world.last_note());
		end
		assert.is_nil(store[keyworld.url].text:find("published", 1, true));
		assert.equal("a b", keyworld.new({ {} }, { store = store }).kids());
	end);

	it("does not count after a restart when it is too old, or no set any more", function ()
		local store = {};
		started({}, { store = store });
		store[keyworld.url].confirmed = 1000000 - 86401;
		assert.equal("", keyworld.new({ {} }, { store = store }).kids());
		for _, record in ipairs({ { text = "x", confirmed = 1000000 }, { text = set("a") }, { confirmed = 1 }, "x",
			{ text = set("a"), confirmed = "x" }, { text = 7, confirmed = 1000000 } }) do
			assert.equal("", keyworld.new({ {} }, { store = { [keyworld.url] = record } }).kids());
		end
		local young = { text = set("a"), confirmed = 2000000 };
		assert.equal("a", keyworld.new({ {} }, { store = { [keyworld.url] = young } }).kids());
	end);

	it("flapping changes no key and asks no more often", function ()
		local world = started({ refresh_max = 60 });
		local before = world.changes;
		for i = 1, 60 do
			world.always = function () return i % 2 == 0 and ok(set("a", "b")) or { failure = "timeout" }; end;
			world.pass(60);
			assert.equal("a b", world.kids());
		end
		assert.equal(before, world.changes);
		assert.is_true(#world.requests <= 61);
	end);
end);

describe("A key that its source withdraws", function ()
	local function withdrawn(entry)
		entry.refresh_max = 60;
		local world = started(entry);
		world.always = function () return ok(set("b")); end;
		world.pass(60);
		return world;
	end

	it("stops after key_grace, and is tried last until then", function ()
		local world = withdrawn({ key_grace = 300 });
		assert.equal("b a", world.kids());
		world.pass(299);
		assert.equal("b a", world.kids());
		world.pass(1);
		assert.equal("b", world.kids());
	end);

	it("stops after 90 minutes unless told otherwise", function ()
		local world = withdrawn({});
		world.pass(5399);
		assert.equal("b a", world.kids());
		world.pass(1);
		assert.equal("b", world.kids());
	end);

	it("stops at once where key_grace is 0", function ()
		assert.equal("b", withdrawn({ key_grace = 0 }).kids());
	end);

	it("is there again where the source says so", function ()
		local world = withdrawn({ key_grace = 100 });
		world.always = function () return ok(set("b", "a")); end;
		world.pass(60);
		world.pass(300);
		assert.equal("b a", world.kids());
	end);

	it("and comes back under another key keeps its name: the new key is tried first", function ()
		local world = started({ refresh_max = 60 });
		local other = set("other"):gsub('"kid":"other"', '"kid":"a"');
		world.always = function () return ok(other); end;
		world.pass(60);
		assert.equal("a a b", world.kids());
		assert.not_equal(world.keys(1)[1].key:thumbprint(), world.keys(1)[2].key:thumbprint());
	end);
end);
