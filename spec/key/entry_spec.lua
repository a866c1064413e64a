-- The keys of one entry: their order, the window in which they count, and what they have to do with a refusal.

local secret_of = require "spec.support.secret";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local refusals = require "meetauth.server.refusals";
local verifier = require "meetauth.token.verifier";

local ok, set, null = keyworld.ok, keyworld.set, meetauth.null;
local s1, s2 = secret_of("1"), secret_of("2");

local function token_by(by, claims, kid)
	local key = type(by) == "string" and meetauth.key { alg = "HS256", secret = by, weak = true } or by;
	return assert(meetauth.sign(key, claims or { iss = "portal", room = "x" }, kid and { kid = kid }));
end

local function about(world, by, reason, kid)
	local verify = verifier.of_entries(world.entries, 16384, world.chain.keys);
	return refusals.about(reason, verify:explain(token_by(by, nil, kid), world.time));
end

describe("The keys of an entry, behind a refusal,", function ()
	it("were never fetched", function ()
		local world = keyworld.new({ { id = "sso" } });
		assert.is_nil(world.chain:trouble(world.entries[1])); -- nobody has asked so far
		world.chain:tick();
		world.answer({ failure = "timeout" });
		assert.equal("the entry sso has got no keys yet: its source does not answer (timeout)",
			world.chain:trouble(world.entries[1]));
	end);

	it("were fetched a while ago, and their source is down", function ()
		local world = keyworld.new({ { id = "sso" }, { id = "other", issuer = "o", jwks_url = "https://other.example/" } });
		world.chain:tick();
		for _, request in ipairs({ table.unpack(world.requests) }) do request.done(keyworld.ok(keyworld.set("a"))); end
		assert.is_nil(world.chain:trouble(world.entries[1]));
		world.chain:refresh("sso");
		world.time = world.time + 2;
		world.answer({ code = 503, headers = {}, body = "" });
		world.time = world.time + 300;
		assert.equal("keys of the entry sso were last fetched 302 s ago: its source does not answer (status 503)",
			world.chain:trouble(world.entries[1]));
		assert.is_nil(world.chain:trouble(world.entries[2]));
	end);

	it("do not count now", function ()
		local world = keyworld.new({ { id = "sso", jwks_url = null, secret = secret_of("s"), algorithms = null,
			not_before = 1000010, not_after = 1000020 } });
		assert.equal("keys of the entry sso are not valid yet, because its not_before is in the future",
			world.chain:trouble(world.entries[1]));
		world.pass(10);
		assert.is_nil(world.chain:trouble(world.entries[1]));
		world.pass(10);
		assert.equal("keys of the entry sso are not valid any more, because its not_after has passed",
			world.chain:trouble(world.entries[1]));
	end);

	it("are those of the entry that the token chose, also where it has none", function ()
		local world = keyworld.new({ { id = "sso" } });
		local got = about(world, keyworld.key("a"), "unknown-key", "a");
		assert.same({ "sso", "jitsi", "ES256" }, { got.entry, got.dialect, got.alg });
		assert.is_nil(got.kid); -- nobody's but the token's
		assert.truthy(got.hint:find("^the provider's key set has no key with the token's kid%.")); -- not: every key has a kid
	end);

	it("all have a kid where that is said", function ()
		local world = keyworld.new({ { jwks_url = null, secret_file = "/s", kid = "k1", algorithms = { "HS256", "ES256" } } },
			{ files = { ["/s"] = secret_of("s") } });
		assert.equal("every key of the entry has a kid, but the token has another kid. Write kid = \"k1\" in its header",
			about(world, secret_of("s"), "unknown-key", "k2").hint);
	end);

	it("look like the issuer's where a file has another spelling of them, before and after it changes", function ()
		local world = keyworld.new({ { jwks_url = null, algorithms = null, secret_file = "/s" } },
			{ files = { ["/s"] = secret_of("s") } });
		local newline = "the issuer's secret ends with a newline, and the configured secret does not. "
			.. "Give the issuer the secret alone: printf %s \"$SECRET\", not echo";
		assert.equal(newline, about(world, secret_of("s") .. "\n", "signature-mismatch").hint);
		assert.is_nil(about(world, secret_of("u") .. "\n", "signature-mismatch").hint);
		world.write("/s", secret_of("u"));
		world.pass(1);
		assert.equal(newline, about(world, secret_of("u") .. "\n", "signature-mismatch").hint);
		assert.is_nil(about(world, secret_of("s") .. "\n", "signature-mismatch").hint);
	end);
end);

describe("An entry's window", function ()
	it("opens at not_before and closes at not_after", function ()
		local world = keyworld.new({ { jwks_url = null, secret = s1, kid = "k", algorithms = null,
			not_before = 1000010, not_after = 1000020 } });
		local function seen() return world.kids() .. " " .. world.chain:status()[1].state; end
		assert.equal(" not yet", seen());
		world.pass(9);
		assert.equal(" not yet", seen());
		world.pass(1);
		assert.equal("k current", seen());
		world.pass(9);
		assert.equal("k current", seen());
		world.pass(1);
		assert.equal(" over", seen());
		assert.equal(3, world.changes); -- the keys of the configuration count until the chain takes over
	end);

	it("that is closed has nobody wait for its keys", function ()
		local world = keyworld.new({ { not_after = 1000 } });
		assert.is_nil(world.want("a"));
	end);

	it("lets one entry follow on another with the same issuer, with an overlap", function ()
		local world = keyworld.new({
			{ jwks_url = null, secret = s1, algorithms = null, not_after = 1000020 },
			{ jwks_url = null, secret = s2, algorithms = null, not_before = 1000010 },
		});
		local function verdict(secret)
			local token = meetauth.sign(meetauth.key { alg = "HS256", secret = secret }, { iss = "portal" });
			local claims, reason = verifier.of_entries(world.entries, 4096, world.chain.keys)(token, world.time);
			return claims and "in" or reason;
		end
		assert.same({ "in", "signature-mismatch" }, { verdict(s1), verdict(s2) });
		world.pass(10);
		assert.same({ "in", "in" }, { verdict(s1), verdict(s2) });
		world.pass(10);
		assert.same({ "signature-mismatch", "in" }, { verdict(s1), verdict(s2) });
	end);
end);

describe("An entry of several sources", function ()
	local two = { keyworld.url, "https://two.example/jwks" };

	it("has a key that two of them give once", function ()
		local world = keyworld.new({ { jwks_url = two } });
		world.chain:tick();
		world.requests[1].done(ok(set("a", "b")));
		world.requests[2].done(ok(set("b", "c")));
		assert.equal("a b c", world.kids());
	end);

	it("has its files before its addresses, and last what was withdrawn", function ()
		local world = keyworld.new({ { jwks_file = "/set", refresh_max = 60 } }, { files = { ["/set"] = set("f") } });
		world.chain:tick();
		world.answer(ok(set("a", "b")));
		assert.equal("f a b", world.kids());
		world.pass(60);
		world.answer(ok(set("b")));
		assert.equal("f b a", world.kids());
	end);

	it("looks at all of them on an operator's word, files that look unchanged included", function ()
		local world = keyworld.new({ { jwks_file = "/set", jwks_url = two } }, { files = { ["/set"] = set("f") } });
		world.files["/set"].text = set("g");
		world.pass(5);
		assert.equal("f", world.kids());
		assert.equal(3, world.chain:refresh("e1"));
		assert.equal("g", world.kids());
		assert.equal(2, #world.requests);
	end);
end);
