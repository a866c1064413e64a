-- src/key.c, src/selector.c, src/token.c, src/jsonwrite.c: what a caller lends may change or go while the core works with
-- it, by a metamethod or by a finaliser, which may run at each allocation. The sanitizers see what goes wrong; here it is
-- seen by its result.

local core = require "meetauth.core";
local meetauth = require "meetauth";
local base64 = require "spec.support.base64";
local openssl = require "spec.support.openssl";
local with_finaliser = require "spec.support.finaliser";

local secret, long = ("k"):rep(32), ("x"):rep(3000);
local kinds = { RS256 = "rsa", ES256 = "P-256", EdDSA = "Ed25519" };

-- Takes the place of strings that were let go.
local function churn(length)
	collectgarbage();
	local fill = {};
	for i = 1, 20 do fill[i] = ("\xDB"):rep(length - 2) .. ("%02d"):format(i); end
	return fill;
end

-- A table that makes its strings anew each time.
local function proxy(members)
	return setmetatable({}, { __index = function (_, name)
		local value = members[name];
		local fresh = value and table.concat({ value:sub(1, 1), value:sub(2) });
		churn(value and #value + 2 or 50);
		return fresh;
	end });
end

describe("what is borrowed", function ()
	for alg, kind in pairs(kinds) do
		it(("as a JWK of %s may be made anew each time that it is asked for"):format(alg), function ()
			local private = assert(meetauth.key({ alg = alg, private = openssl.private(kind) }));
			local key = assert(meetauth.key({ jwk = proxy(private:jwk()) }));
			assert.same(private:jwk(), key:jwk());
		end);
	end

	it("as a secret's JWK may be, too", function ()
		local members = { kty = "oct", alg = "HS256", k = base64.url(("long secret "):rep(40)) };
		local key = assert(meetauth.key({ jwk = proxy(members) }));
		assert.equal(core.sign(meetauth.key({ jwk = members }), "{}", "{}"), core.sign(key, "{}", "{}"));
	end);

	it("as rows of a selector may change when it is made", function ()
		local key = core.key.new("HS256", "secret", secret);
		local function value(i) return ("value of some length, so that nobody else keeps it: %d"):format(i); end
		local rows = { { "a name of some length, so that nobody else keeps it", value(1), value(2) } };
		local name = table.concat({ rows[1][1]:sub(1, 5), rows[1][1]:sub(6) });
		local selector = core.selector(rows);
		rows[1][1], rows[1][2], rows[1][3], rows[2] = "other", "other", nil, { "further" };
		churn(#value(1));
		local reader = core.token.new(1000);
		assert(reader:open(core.sign(key, "{}", ('{"%s":"%s"}'):format(name, value(2)))));
		assert.same({ 2, n = 1 }, table.pack(reader:scan(selector)));
	end);

	it("as rows of a selector may grow and shrink while it is made", function ()
		local key, reader = core.key.new("HS256", "secret", secret), core.token.new(1000);
		assert(reader:open(core.sign(key, "{}", '{"a":"2"}')));
		local grown = 0;
		local row = { "a", "1", "2" };
		local made, selector = with_finaliser(function ()
			for i = 1, 100 do row[#row + 1] = "more" .. i; end
			grown = grown + 1;
		end, core.selector, { row });
		assert.is_true(made and grown > 0);
		assert.equal(2, (reader:scan(selector)));
		row = { "a", "1", "2" };
		made, selector = with_finaliser(function () row[3] = nil; end, core.selector, { row });
		local found = made and reader:scan(selector);
		assert.is_true(not made or found == 2 or found == 0);
	end);

	for _, use in ipairs({
		{ name = "signs", run = function (key) return core.sign(key, "{}", long); end };
		{ name = "is bound anew", run = function (key) return key:bind("ES256"); end };
		{ name = "is exported", run = function (key) return key:members(); end };
	}) do
		it(("as a key that %s may be closed in between"):format(use.name), function ()
			local pem, which = openssl.private("P-256"), 0;
			local came;
			repeat -- at the first allocation, at the second, until there are no more
				local key = assert(core.key.new("ES256", "private", pem));
				which, came = which + 1, false;
				local ok, result = with_finaliser(function (time)
					if time ~= which then return; end
					came = true;
					getmetatable(key).__close(key);
				end, use.run, key);
				assert.is_true(ok or result:find("closed key", 1, true) ~= nil, result);
			until not came;
			assert.is_true(which > 2);
		end);
	end

	-- The claims that a verification gives while a finaliser lets the same verifier look at a forgery, and what the
	-- finaliser is given.
	local function verify_twice(within)
		local key = meetauth.key({ alg = "HS256", secret = secret });
		local verify = meetauth.verifier({ keys = { key }, algorithms = { "HS256" } });
		local forgery = meetauth.sign(meetauth.key({ alg = "HS256", secret = ("f"):rep(32) }),
			{ sub = "mallory", list = { "of", "many", "strings", "here" } });
		local token = meetauth.sign(key, { sub = "alice", list = { "some", "strings", "of ", "mine" } });
		local ran, raised = 0, nil;
		assert(verify(token, 0)); -- the header is known from here on
		local outer = table.pack(with_finaliser(function ()
			local ok, result = pcall(within, verify, forgery);
			ran = ran + 1;
			if ok then assert.is_false(result); else raised = result; end
		end, verify, token, 0));
		if outer[1] then assert.same({ sub = "alice", list = { "some", "strings", "of ", "mine" } }, outer[2]); end
		assert.is_true(ran > 0);
		return outer, raised;
	end

	local function look_at(verify, forgery)
		verify:explain(forgery, 0); -- reads the payload, whoever signed it
		return verify(forgery, 0) or false;
	end

	it("as a reader by a verification is not lent to a finaliser, which would change what it reads", function ()
		local outer, raised = verify_twice(look_at);
		assert.is_true(outer[1]);
		assert.truthy(raised:find("the reader is in use", 1, true));
	end);

	it("as a reader is seen to be used by a finaliser's coroutine", function ()
		local outer = verify_twice(function (verify, forgery)
			return coroutine.wrap(look_at)(verify, forgery);
		end);
		assert.is_false(outer[1]);
		assert.truthy(outer[2]:find("the reader was used", 1, true));
	end);

	it("as a table to be written may lose its names, or gain some", function ()
		local run <close> = assert(io.popen(("LUA_PATH='%s' LUA_CPATH='%s' lua5.4 spec/support/changing.lua 2>&1")
			:format(package.path, package.cpath)));
		local written, refused = run:read("n", "n");
		local rest = run:read("a");
		assert.is_true(run:close(), rest);
		assert.is_true(written > 0 and refused > 0);
	end);
end);
