local config = require "meetauth.config.host";
local core = require "meetauth.core";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local verifier = require "meetauth.token.verifier";

local null = meetauth.null;

local function read(entries)
	return config.read(function (name) return ({ meetauth_issuers = entries })[name]; end);
end

local function secrets(first, last)
	local list = {};
	for i = first, last do list[#list + 1] = ("%02d"):format(i):rep(16); end
	return list;
end

local function daily(fields)
	local entry = { dialect = "daily", domain_id = "acme" };
	for name, value in pairs(fields) do entry[name] = value; end
	return entry;
end

local function jitsi(fields)
	local entry = { issuer = "portal" };
	for name, value in pairs(fields) do entry[name] = value; end
	return entry;
end

local function said(sort, name)
	return ("meetauth_issuers: found more than 4 keys for HS256 %s that a token of %q may mean, expected at most 4")
		:format(sort, name);
end

local refused = {
	{ "five secrets in one entry", { daily({ secret = secrets(1, 5) }) }, "without a kid", "acme" };
	{ "three secrets in each of two entries of one domain",
		{ daily({ secret = secrets(1, 3) }), daily({ id = "new", secret = secrets(4, 6) }) }, "without a kid", "acme" };
	{ "two entries that share an issuer",
		{ jitsi({ issuer = { "a", "b" }, secret = secrets(1, 3) }), jitsi({ issuer = "b", secret = secrets(4, 5) }) },
		"without a kid", "b" };
	{ "an issuer beside an entry for any",
		{ jitsi({ secret = secrets(1, 3) }), jitsi({ issuer = "*", secret = secrets(4, 5) }) }, "without a kid", "portal" };
	{ "five secrets for any issuer", { jitsi({ issuer = "*", secret = secrets(1, 5) }) }, "without a kid", "*" };
	{ "five secrets that share a kid", { jitsi({ kid = "k", secret = secrets(1, 5) }) }, "of one kid", "portal" };
};

local fine = {
	{ "four without a kid beside one with it",
		{ jitsi({ secret = secrets(1, 4) }), jitsi({ kid = "k", secret = secrets(5, 5) }) } };
	{ "four secrets", { daily({ secret = secrets(1, 4) }) } };
	{ "four secrets in each of two domains",
		{ daily({ secret = secrets(1, 4) }), daily({ domain_id = "b", secret = secrets(5, 8) }) } };
	{ "a domain and an issuer of the same name",
		{ daily({ secret = secrets(1, 4) }), jitsi({ issuer = "acme", secret = secrets(5, 8) }) } };
	{ "two secrets for each of two algorithms", {
		jitsi({ algorithms = { "HS256", "HS384" }, secret = secrets(1, 2), weak_secret = true }),
		jitsi({ id = "b", algorithms = { "HS384" }, secret = secrets(3, 4), weak_secret = true }) } };
};

describe("more keys for one token than are tried", function ()
	for _, case in ipairs(refused) do
		it("are refused at load: " .. case[1], function ()
			local host, problems = read(case[2]);
			assert.is_nil(host);
			assert.equal(1, #problems);
			assert.equal(1, (problems[1]:find(said(case[3], case[4]), 1, true)), problems[1]);
			assert.is_nil(problems[1]:find("0505", 1, true)); -- no secret is told
		end);
	end

	for _, case in ipairs(fine) do
		it("are not: " .. case[1], function ()
			local host, problems = read(case[2]);
			assert.is_nil(problems);
			assert.is_table(host);
		end);
	end

	it("are refused at load where they stand in files, too", function ()
		local function world_of(fields)
			local files = {};
			for i, secret in ipairs(secrets(1, 5)) do files["/" .. i] = secret; end
			return keyworld.new({ { jwks_url = null, algorithms = null, secret = fields.secret, secret_file = fields.paths } },
				{ files = files });
		end
		local world = world_of({ paths = { "/1", "/2", "/3", "/4", "/5" } });
		assert.same({ said("without a kid", "portal") .. ": no other is ever tried" }, world.problems);
		world = world_of({ paths = { "/1", "/2" }, secret = secrets(3, 4) });
		assert.is_nil(world.problems);
		assert.same({}, world.told);
	end);

	it("are told where an address or a changed file brings them, and the first ones count", function ()
		local keys = {};
		for i = 1, 5 do keys[i] = assert(meetauth.keygen { alg = "ES256" }); end
		local five = assert(meetauth.jwks_of(keys));
		local line = "warn: " .. said("without a kid", "portal"):gsub("HS256", "ES256") .. ": no other is ever tried";
		for _, fields in ipairs({ {}, { jwks_url = null, jwks_file = "/set" } }) do
			local world = keyworld.new({ fields }, { files = { ["/set"] = keyworld.set("a") } });
			world.chain:tick();
			if fields.jwks_file then world.write("/set", five); else world.answer(keyworld.ok(five)); end
			world.pass(2);
			assert.same({ line }, world.told);
		end
	end);

	it("do not occur: every key that loads is tried", function ()
		local host = assert(read({ daily({ secret = secrets(1, 4) }) }));
		local verify = verifier.of_entries(host.entries, 16384);
		for _, secret in ipairs(secrets(1, 4)) do
			local token = core.sign(core.key.new("HS256", "secret", secret), '{"alg":"HS256"}',
				'{"d":"acme","r":"x","iat":1,"exp":1800000000}');
			assert.is_table((verify(token, 1700000000)));
		end
	end);
end);
