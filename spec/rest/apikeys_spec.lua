local secret_of = require "spec.support.secret";
local apikeys = require "meetauth.rest.apikeys";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local keyworld = require "spec.support.keyworld";
local null = require "meetauth".null;

local k1, k2 = secret_of("a"), secret_of("b", 64);

local acme = { id = "acme", dialect = "daily", domain_id = "acme", secret = secret_of("1") };
local beta = { id = "beta", dialect = "daily", domain_id = "beta", secret = { secret_of("2"), secret_of("3") } };
local portal = { id = "portal", issuer = "portal", secret = secret_of("4") };
local public = [[
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
]]; -- RFC 8037 A.2
local verifies_only = { id = "eddsa", dialect = "daily", domain_id = "eddsa", public_key = public, algorithms = "EdDSA" };

local function read(keys)
	local given = { meetauth_issuers = { acme, beta, portal, verifies_only }, meetauth_http_keys = keys };
	return hostconfig.read(function (name) return given[name]; end);
end

describe("meetauth_http_keys", function ()
	it("is off unless it is set", function ()
		for _, keys in ipairs({ false, {} }) do
			assert.same({}, assert(read(keys or nil)).api_keys);
		end
	end);

	it("finds the entry whose API key it is", function ()
		local host = assert(read({ acme = k1, beta = { k2, k1 .. "x" } }));
		assert.equal("acme", apikeys.owner(host.api_keys, k1).id);
		assert.equal("beta", apikeys.owner(host.api_keys, k2).id);
		assert.equal("beta", apikeys.owner(host.api_keys, k1 .. "x").id);
		for _, other in ipairs({ "", k1:sub(2), k1 .. "y", k1:upper(), core.sha256(k1) }) do
			assert.is_nil(apikeys.owner(host.api_keys, other));
		end
	end);

	it("takes the key that the entry's tokens are signed with, as at Daily", function ()
		assert.equal("acme", apikeys.owner(assert(read({ acme = acme.secret })).api_keys, acme.secret).id);
	end);

	it("is of an entry with its secret in a file, which is read later", function ()
		local filed = { id = "filed", dialect = "daily", domain_id = "filed", secret_file = "/etc/prosody/filed" };
		local given = { meetauth_issuers = { filed }, meetauth_http_keys = { filed = k1 } };
		local host = assert(hostconfig.read(function (name) return given[name]; end));
		assert.equal("filed", apikeys.owner(host.api_keys, k1).id);
	end);

	it("is no secret in a file of another entry", function ()
		local function problems_of(owner)
			local world = keyworld.new({
				{ id = "filed", dialect = "daily", domain_id = "f", issuer = null, algorithms = null, jwks_url = null, secret_file = "/f" },
				{ id = "acme", dialect = "daily", domain_id = "a", issuer = null, algorithms = null, jwks_url = null, secret = k1 },
			}, { files = { ["/f"] = k2 }, options = { meetauth_http_keys = { [owner] = k2 } } });
			local _, told = hostconfig.load_files(world.host, function (path) return world.files[path].text; end);
			return told, world;
		end
		assert.same({}, problems_of("filed"));
		assert.same({ "meetauth_http_keys: found another entry's secret, expected a key that only the entry's back end knows" },
			problems_of("acme"));
		local _, world = problems_of("filed");
		local problem = "meetauth_http_keys: found another entry's secret, expected a key that only the entry's back end knows";
		assert.equal(problem, hostconfig.refuse_keys(world.host, world.entries[2], world.documents[world.entries[1].sources[1]].found));
		assert.is_nil(hostconfig.refuse_keys(world.host, world.entries[1], world.documents[world.entries[1].sources[1]].found));
	end);

	it("keeps no key", function ()
		local host = assert(read({ acme = k1 }));
		assert.is_nil(host.meetauth_http_keys);
		for digest in pairs(host.api_keys) do assert.equal(core.sha256(k1), digest); end
	end);

	describe("stops the load, and names no key,", function ()
		local found = "meetauth_http_keys: found ";
		local a_table = "expected a table of API keys by entry id";
		for _, case in ipairs({
			{ "where it is no table", k1, "a string of 32 bytes, " .. a_table };
			{ "where it is a list", { k1 }, "a table, " .. a_table };
			{ "where a key is no string", { acme = 7 }, "a table, " .. a_table };
			{ "where a list holds no string", { acme = { k1, 7 } }, "a list with a number at 2, " .. a_table };
			{ "where a list is empty", { acme = {} }, "an empty list, " .. a_table };
			{ "where a list has names", { acme = { k1, key = k2 } }, "a table with names, " .. a_table };
			{ "where a list has a hole", { acme = { k1, nil, k2 } }, "a list with an empty place at 2, " .. a_table };
			{ "where a key is short", { acme = ("a"):rep(31) }, "a key of 31 bytes, expected keys of at least 32 bytes" };
			{ "where a key is empty", { acme = "" }, "a key of 0 bytes, expected keys of at least 32 bytes" };
			{ "where a key cannot stand in a header", { acme = k1 .. "\n" },
				"a key with spaces or non-ASCII characters, expected keys of visible ASCII characters" };
			{ "where two entries have one key", { acme = k1, beta = k1 }, "one key twice, expected a different key in each place" };
			{ "where a list has one twice", { acme = { k1, k1 } }, "one key twice, expected a different key in each place" };
			{ "where a key is another entry's secret", { acme = beta.secret[2] },
				"another entry's secret, expected a key that only the entry's back end knows" };
			{ "where no entry has the id", { other = k1 }, "an id that no entry has, expected ids of Daily entries" };
			{ "where key and id are the wrong way round", { [k1] = k2 }, "an id that no entry has, expected ids of Daily entries" };
			{ "where the entry is Jitsi's", { portal = k1 }, "the id of a Jitsi entry, expected ids of Daily entries" };
			{ "where the entry cannot sign", { eddsa = k1 },
				"an entry without a secret, expected Daily entries with a secret, to sign" };
		}) do
			it(case[1], function ()
				local host, problems = read(case[2]);
				assert.is_nil(host);
				assert.same({ found .. case[3] }, problems);
			end);
		end
	end);
end);

describe("the key that signs", function ()
	it("is the entry's first one that can", function ()
		local host = assert(read({ beta = k1 }));
		assert.equal(host.entries[2].inline[1].key, apikeys.signing_key(host.entries[2].inline));
		assert.is_nil(apikeys.signing_key(host.entries[4].inline));
	end);
end);
