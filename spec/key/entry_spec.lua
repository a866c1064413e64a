-- What the keys of an entry have to do with a refusal: told from sources that fail, windows, and secrets in files.

local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local refusals = require "meetauth.server.refusals";
local verifier = require "meetauth.token.verifier";

local null = meetauth.null;

local function token(by, claims, kid)
	local key = type(by) == "string" and meetauth.key { alg = "HS256", secret = by, weak = true } or by;
	return assert(meetauth.sign(key, claims or { iss = "portal", room = "x" }, kid and { kid = kid }));
end

local function about(world, by, reason, kid)
	local verify = verifier.of_entries(world.entries, 16384);
	return refusals.about(reason, verify:explain(token(by, nil, kid), world.time));
end

describe("The keys of an entry, behind a refusal,", function ()
	it("were never fetched", function ()
		local world = keyworld.new({ { id = "sso" } });
		assert.is_nil(world.chain:trouble(world.entries[1])); -- nobody has asked so far
		world.chain:tick();
		world.answer({ failure = "timeout" });
		assert.equal("no keys of the entry sso have come so far: its source does not answer (timeout)",
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
		local world = keyworld.new({ { id = "sso", jwks_url = null, secret = ("s"):rep(32), algorithms = null,
			not_before = 1000010, not_after = 1000020 } });
		assert.equal("keys of the entry sso do not count now: its not_before is to come", world.chain:trouble(world.entries[1]));
		world.pass(10);
		assert.is_nil(world.chain:trouble(world.entries[1]));
		world.pass(10);
		assert.equal("keys of the entry sso do not count now: its not_after is over", world.chain:trouble(world.entries[1]));
	end);

	it("are those of the entry that the token chose, also where it has none", function ()
		local world = keyworld.new({ { id = "sso" } });
		local got = about(world, keyworld.key("a"), "unknown-key", "a");
		assert.same({ "sso", "jitsi", "ES256" }, { got.entry, got.dialect, got.alg });
		assert.is_nil(got.kid); -- nobody's but the token's
		assert.is_nil(got.hint); -- not: every key of the entry has a kid
	end);

	it("all have a kid where that is said", function ()
		local world = keyworld.new({ { jwks_url = null, secret_file = "/s", kid = "k1", algorithms = { "HS256", "ES256" } } },
			{ files = { ["/s"] = ("s"):rep(32) } });
		assert.equal("every key of the entry has a kid, and the token's is another",
			about(world, ("s"):rep(32), "unknown-key", "k2").hint);
	end);

	it("look like the issuer's where a file has another spelling of them, before and after it changes", function ()
		local world = keyworld.new({ { jwks_url = null, algorithms = null, secret_file = "/s" } },
			{ files = { ["/s"] = ("s"):rep(32) } });
		local newline = "the issuer's secret ends with a newline, which the configured one does not";
		assert.equal(newline, about(world, ("s"):rep(32) .. "\n", "signature-mismatch").hint);
		assert.is_nil(about(world, ("u"):rep(32) .. "\n", "signature-mismatch").hint);
		world.write("/s", ("u"):rep(32));
		world.pass(1);
		assert.equal(newline, about(world, ("u"):rep(32) .. "\n", "signature-mismatch").hint);
		assert.is_nil(about(world, ("s"):rep(32) .. "\n", "signature-mismatch").hint);
	end);
end);
