local secret_of = require "spec.support.secret";
local held = require "spec.support.held";
local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local keyring = require "meetauth.key.ring";
local keyworld = require "spec.support.keyworld";
local meetauth = require "meetauth";
local verifier = require "meetauth.token.verifier";

local null = meetauth.null;

local count = 0;
local function binding(alg, kid, entry)
	count = count + 1;
	local key = assert(core.key.new(alg, "secret", ("%032d"):format(count), kid, true));
	return { key = key, entry = entry or {} };
end

describe("meetauth.key.ring.fitting", function ()
	local a, b = binding("HS256", "a"), binding("HS256", "b");
	local any, any2 = binding("HS256"), binding("HS256");
	local other = binding("HS512", "a");

	local cases = {
		{ name = "gives the key with the kid", bindings = { a, b }, head = { alg = "HS256", kid = "b" }, found = { b } };
		{ name = "gives every key where the token has no kid", bindings = { a, b }, head = { alg = "HS256" }, found = { a, b } };
		{ name = "refuses a kid that no key has", bindings = { a, b }, head = { alg = "HS256", kid = "c" }, reason = "unknown-key" };
		{ name = "compares kid byte for byte", bindings = { a }, head = { alg = "HS256", kid = "A" }, reason = "unknown-key" };
		{ name = "gives a key without a kid for any", bindings = { any }, head = { alg = "HS256", kid = "c" }, found = { any } };
		{ name = "gives a key without a kid for none", bindings = { any }, head = { alg = "HS256" }, found = { any } };
		{ name = "gives the key with the kid first, then those without",
			bindings = { any, a, any2, b }, head = { alg = "HS256", kid = "a" }, found = { a, any, any2 } };
		{ name = "gives only those without a kid for an unknown one",
			bindings = { a, any }, head = { alg = "HS256", kid = "c" }, found = { any } };
		{ name = "gives keys of the algorithm only", bindings = { a, other }, head = { alg = "HS512", kid = "a" }, found = { other } };
		{ name = "gives keys of the algorithm only, without a kid",
			bindings = { a, other, any }, head = { alg = "HS256" }, found = { a, any } };
		{ name = "refuses an algorithm that no key has", bindings = { a }, head = { alg = "HS384" }, reason = "algorithm-mismatch" };
		{ name = "refuses none", bindings = { a, any }, head = { alg = "none" }, reason = "algorithm-mismatch" };
		{ name = "refuses an algorithm in another case", bindings = { a }, head = { alg = "hs256" }, reason = "algorithm-mismatch" };
		{ name = "tells the algorithm before the kid", bindings = { a },
			head = { alg = "HS384", kid = "c" }, reason = "algorithm-mismatch" };
		{ name = "has nothing in an empty ring", bindings = {}, head = { alg = "HS256" }, reason = "algorithm-mismatch" };
	};

	for _, case in ipairs(cases) do
		it(case.name, function ()
			local found, reason = keyring.fitting(keyring.ring(case.bindings), case.head);
			assert.equal(case.reason, reason);
			assert.equal(case.found and #case.found, found and #found);
			for i, expected in ipairs(case.found or {}) do assert.equal(expected, found[i]); end
		end);
	end

	it("gives eight keys at most", function ()
		local many = {};
		for i = 1, 12 do many[i] = binding("HS256", i > 6 and "k" or nil); end
		local ring = keyring.ring(many);
		assert.equal(8, #keyring.fitting(ring, { alg = "HS256" }));
		local named = keyring.fitting(ring, { alg = "HS256", kid = "k" });
		assert.equal(8, #named);
		for i = 1, 6 do assert.equal("k", named[i].key:kid()); end
	end);
end);

describe("meetauth.key.ring.router", function ()
	local function entry(fields)
		local key = binding("HS256").key;
		fields.keys, fields.algorithms = { key }, { "HS256", "HS384" };
		return fields;
	end
	local portal = entry({ dialect = "jitsi", issuer = { "portal", "portal2" } });
	local school = entry({ dialect = "jitsi", issuer = { "school" } });
	local anybody = entry({ dialect = "jitsi" });
	local acme = entry({ dialect = "daily", domain_id = "acme" });
	local acme2 = entry({ dialect = "daily", domain_id = "acme" });
	local umbrella = entry({ dialect = "daily", domain_id = "umbrella" });

	local hosts = {
		jitsi = { portal, school };
		daily = { acme, umbrella, acme2 };
		mixed = { portal, acme, school };
		open = { portal, anybody };
		open_mixed = { anybody, acme };
	};

	local cases = {
		{ "jitsi", '{"iss":"portal"}', portal };
		{ "jitsi", '{"iss":"portal2"}', portal };
		{ "jitsi", '{"iss":"school"}', school };
		{ "jitsi", '{"iss":"other"}', reason = "unknown-issuer" };
		{ "jitsi", '{"iss":"Portal"}', reason = "unknown-issuer" };
		{ "jitsi", '{"iss":["portal"]}', reason = "unknown-issuer" };
		{ "jitsi", '{"iss":null}', reason = "unknown-issuer" };
		{ "jitsi", "{}", reason = "unknown-issuer" };
		{ "jitsi", '{"iss":"portal","d":"acme","r":"x"}', portal }; -- Daily's letters mean nothing here
		{ "jitsi", '{"d":"acme"}', reason = "unknown-issuer" };

		{ "daily", '{"d":"acme","r":"x"}', acme, acme2 };
		{ "daily", '{"d":"umbrella"}', umbrella };
		{ "daily", '{"d":"Acme"}', reason = "unknown-issuer" };
		{ "daily", '{"d":1}', reason = "unknown-issuer" };
		{ "daily", '{"d":null}', reason = "unknown-issuer" };
		{ "daily", '{"r":"x"}', reason = "unknown-issuer" };
		{ "daily", '{"iss":"acme"}', reason = "unknown-issuer" };
		{ "daily", "{}", reason = "unknown-issuer" };
		{ "daily", '{"d":"acme","room":"x"}', reason = "ambiguous-claims" };
		{ "daily", '{"d":"acme","context":{}}', reason = "ambiguous-claims" };
		{ "daily", '{"d":"acme","iss":"portal"}', reason = "ambiguous-claims" };
		{ "daily", '{"d":"acme","aud":"x"}', reason = "ambiguous-claims" };
		{ "daily", '{"d":"acme","sub":"x"}', reason = "ambiguous-claims" };

		{ "mixed", '{"iss":"portal","room":"x"}', portal };
		{ "mixed", '{"iss":"school"}', school };
		{ "mixed", '{"d":"acme","r":"x"}', acme };
		{ "mixed", '{"iss":"portal","d":"acme"}', reason = "ambiguous-claims" };
		{ "mixed", '{"iss":"portal","d":"nobody"}', reason = "ambiguous-claims" };
		{ "mixed", '{"iss":"portal","r":"x"}', reason = "ambiguous-claims" };
		{ "mixed", '{"iss":"portal","d":null}', reason = "ambiguous-claims" };
		{ "mixed", '{"iss":null,"d":"acme"}', reason = "ambiguous-claims" };
		{ "mixed", '{"d":"acme","r":"x","room":"x"}', reason = "ambiguous-claims" };
		{ "mixed", '{"d":"portal"}', reason = "unknown-issuer" };
		{ "mixed", '{"iss":"acme"}', reason = "unknown-issuer" };

		{ "open", '{"iss":"portal"}', portal, anybody };
		{ "open", '{"iss":"stranger"}', anybody };
		{ "open", "{}", reason = "unknown-issuer" }; -- "*" is any issuer, not none
		{ "open_mixed", '{"d":"acme"}', acme };
		{ "open_mixed", '{"d":"nobody"}', reason = "unknown-issuer" };
		{ "open_mixed", '{"iss":"stranger"}', anybody };
		{ "open_mixed", '{"iss":"stranger","r":"x"}', reason = "ambiguous-claims" };

		{ "mixed", "[]", reason = "bad-json" };
		{ "mixed", '{"iss":"portal"', reason = "bad-json" };
		{ "mixed", '{"iss":"portal","iss":"school"}', reason = "duplicate-member" };
		{ "mixed", '{"d":"acme","d":"acme"}', reason = "duplicate-member" };
	};

	for _, case in ipairs(cases) do
		it(("on a host %s, given %s"):format(case[1], case[2]), function ()
			local reader = core.token.new(1000);
			assert(reader:open(core.sign(portal.keys[1], "{}", case[2])));
			local ring, reason = keyring.router(hosts[case[1]], held(hosts[case[1]]))(reader);
			assert.equal(case.reason, reason);
			if case.reason then
				assert.is_nil(ring);
			else
				local found = keyring.fitting(ring, { alg = "HS256" });
				assert.equal(#case - 2, #found);
				for i = 3, #case do
					assert.equal(case[i], found[i - 2].entry);
					assert.equal(case[i].keys[1], found[i - 2].key);
					assert.equal(case[i], ring[i - 2]);
				end
			end
		end);
	end

	local empty = { dialect = "jitsi", issuer = { "portal" }, algorithms = { "RS256" }, keys = {} };
	local function refusal(entries, alg)
		local reader = core.token.new(1000);
		assert(reader:open(core.sign(portal.keys[1], "{}", '{"iss":"portal"}')));
		return select(2, keyring.fitting(keyring.router(entries, held(entries))(reader), { alg = alg, kid = "k" }));
	end

	it("knows an entry that has no key yet: its algorithms are not wrong", function ()
		assert.equal("unknown-key", refusal({ empty }, "RS256"));
		assert.equal("algorithm-mismatch", refusal({ empty }, "ES256"));
	end);

	it("tells an algorithm that one of several entries would take from one that none does", function ()
		assert.equal("unknown-key", refusal({ portal, empty }, "RS256"));
		assert.equal("algorithm-mismatch", refusal({ portal, empty }, "PS256"));
	end);

	it("says malformed where the payload is no base64url", function ()
		local reader = core.token.new(100);
		assert(reader:open("e30.e30=.AA"));
		assert.same({ nil, "malformed" }, { keyring.router(hosts.mixed, held(hosts.mixed))(reader) });
	end);
end);

local function read(entries)
	return hostconfig.read(function (name) return ({ meetauth_issuers = entries })[name]; end);
end

local function secrets(first, last)
	local list = {};
	for i = first, last do list[#list + 1] = secret_of(i); end
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
	return ("meetauth_issuers: found more than 8 keys for HS256 %s that a token of %q can match, expected at most 8")
		:format(sort, name);
end

local refused = {
	{ "nine secrets in one entry", { daily({ secret = secrets(1, 9) }) }, "without a kid", "acme" };
	{ "five secrets in each of two entries of one domain",
		{ daily({ secret = secrets(1, 5) }), daily({ id = "new", secret = secrets(6, 10) }) }, "without a kid", "acme" };
	{ "two entries that share an issuer",
		{ jitsi({ issuer = { "a", "b" }, secret = secrets(1, 6) }), jitsi({ issuer = "b", secret = secrets(7, 9) }) },
		"without a kid", "b" };
	{ "an issuer beside an entry for any",
		{ jitsi({ secret = secrets(1, 6) }), jitsi({ issuer = "*", secret = secrets(7, 9) }) }, "without a kid", "portal" };
	{ "nine secrets for any issuer", { jitsi({ issuer = "*", secret = secrets(1, 9) }) }, "without a kid", "*" };
	{ "nine secrets that share a kid", { jitsi({ kid = "k", secret = secrets(1, 9) }) }, "of one kid", "portal" };
};

local fine = {
	{ "eight without a kid beside one with it",
		{ jitsi({ secret = secrets(1, 8) }), jitsi({ kid = "k", secret = secrets(9, 9) }) } };
	{ "eight secrets", { daily({ secret = secrets(1, 8) }) } };
	{ "eight secrets in each of two domains",
		{ daily({ secret = secrets(1, 8) }), daily({ domain_id = "b", secret = secrets(9, 16) }) } };
	{ "a domain and an issuer of the same name",
		{ daily({ secret = secrets(1, 8) }), jitsi({ issuer = "acme", secret = secrets(9, 16) }) } };
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
			for i, secret in ipairs(secrets(1, 9)) do files["/" .. i] = secret; end
			return keyworld.new({ { jwks_url = null, algorithms = null, secret = fields.secret, secret_file = fields.paths } },
				{ files = files });
		end
		local world = world_of({ paths = { "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9" } });
		assert.same({ said("without a kid", "portal") .. " keys, because no more keys are tried" }, world.problems);
		world = world_of({ paths = { "/1", "/2" }, secret = secrets(3, 4) });
		assert.is_nil(world.problems);
		assert.same({}, world.told);
	end);

	it("are told where an address or a changed file brings them, and the first ones count", function ()
		local keys = {};
		for i = 1, 9 do keys[i] = assert(meetauth.keygen { alg = "ES256" }); end
		local nine = assert(meetauth.jwks_of(keys));
		local line = "warn: " .. said("without a kid", "portal"):gsub("HS256", "ES256") .. " keys, because no more keys are tried";
		for _, fields in ipairs({ {}, { jwks_url = null, jwks_file = "/set" } }) do
			local world = keyworld.new({ fields }, { files = { ["/set"] = keyworld.set("a") } });
			world.chain:tick();
			if fields.jwks_file then world.write("/set", nine); else world.answer(keyworld.ok(nine)); end
			world.pass(2);
			assert.same({ line }, world.told);
		end
	end);

	it("do not occur: every key that loads is tried", function ()
		local host = assert(read({ daily({ secret = secrets(1, 8) }) }));
		local verify = verifier.of_entries(host.entries, 16384, keyheld.of(host.entries));
		for _, secret in ipairs(secrets(1, 8)) do
			local token = core.sign(core.key.new("HS256", "secret", secret), '{"alg":"HS256"}',
				'{"d":"acme","r":"x","iat":1,"exp":1800000000}');
			assert.is_table((verify(token, 1700000000)));
		end
	end);
end);
