-- Where an entry's keys come from: its fields, as the operator writes them.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";
local null = require "meetauth.core".null;
local openssl = require "spec.support.openssl";
local schema = require "meetauth.util.schema";
local sources = require "meetauth.key.sources";

local s1, s3 = secret_of("1"), secret_of("3");
local absent = null;

local function read(given) return hostconfig.read(function (name) return given[name]; end); end

local function jitsi(fields)
	local entry = { issuer = "portal", secret = s1 };
	for name, value in pairs(fields or {}) do entry[name] = value ~= absent and value or nil; end
	return entry;
end

-- Options that don't load: the problem, by what it must contain; 'more': other problems follow from it.
local refused = {
	{ name = "an entry without a key", set = { meetauth_issuers = { jitsi({ secret = absent }) } },
		"meetauth_issuers[1]: found no key" };
	{ name = "a short secret", set = { meetauth_issuers = { jitsi({ secret = secret_of("k", 31) }) } },
		"meetauth_issuers[1].secret[1]: found a string of 31 bytes (weak-secret), expected a key for HS256" };
	{ name = "a secret short for its algorithm", set = { meetauth_issuers = { jitsi({ algorithms = "HS512" }) } },
		"meetauth_issuers[1].secret[1]: found a string of 32 bytes (weak-secret), expected a key for HS512" };
	{ name = "the second of two secrets", set = { meetauth_issuers = { jitsi({ secret = { s1, "short" } }) } },
		"meetauth_issuers[1].secret[2]: found a string of 5 bytes (weak-secret)" };
	{ name = "an empty secret, even where weak ones may be", more = true,
		set = { meetauth_issuers = { jitsi({ secret = "", weak_secret = true }) } }, "meetauth_issuers[1].secret: found " };
	{ name = "a PEM public key as a secret",
		set = function () return { meetauth_issuers = { jitsi({ secret = openssl.public("rsa") }) } }; end,
		"(not-secret), expected a key for HS256" };
	{ name = "a public key without algorithms",
		set = function () return { meetauth_issuers = { jitsi({ secret = absent, public_key = openssl.public("rsa") }) } }; end,
		"meetauth_issuers[1].algorithms: found nil" };
	{ name = "a public key of another type", set = function ()
		return { meetauth_issuers = { jitsi({ secret = absent, public_key = openssl.public("P-256"), algorithms = "RS256" }) } };
	end, "meetauth_issuers[1].public_key[1]: found a string of 178 bytes (key-type-mismatch), expected a key for RS256" };
	{ name = "a private key as a public one", set = function ()
		return { meetauth_issuers = { jitsi({ secret = absent, public_key = openssl.private("rsa"), algorithms = "RS256" }) } };
	end, "(not-public), expected a key for RS256" };
	{ name = "RSA of 1024 bits", set = function ()
		return { meetauth_issuers = { jitsi({ secret = absent, public_key = openssl.public("rsa-1024"), algorithms = "RS256" }) } };
	end, "(weak-key), expected a key for RS256" };
	{ name = "a public key under HS256", set = function ()
		return { meetauth_issuers = { jitsi({ secret = absent, public_key = openssl.public("rsa"), algorithms = "HS256" }) } };
	end, "meetauth_issuers[1].public_key[1]" };
	{ name = "none", set = { meetauth_issuers = { jitsi({ algorithms = { "HS256", "none" } }) } },
		'meetauth_issuers[1].algorithms: found "none", expected one of HS256' };
	{ name = "an algorithm that no key serves", set = { meetauth_issuers = { jitsi({ algorithms = { "HS256", "RS256" } }) } },
		'meetauth_issuers[1].algorithms: found "RS256", expected only algorithms for which the entry has a key' };
	{ name = "a JWK set without algorithms", set = { meetauth_issuers = { jitsi({ jwks_url = "https://keys.example/" }) } },
		"meetauth_issuers[1].algorithms: found nil, expected a list of algorithms for jwks_url" };
	{ name = "an address with a password in it",
		set = { meetauth_issuers = { jitsi({ asap_url = "https://me:pw@keys.example/" }) } },
		"meetauth_issuers[1].asap_url[1]: found " };
	{ name = "plain http", set = { meetauth_issuers = { jitsi({ asap_url = { "https://keys.example", "http://keys.example" } }) } },
		'meetauth_issuers[1].asap_url[2]: found "http://keys.example", expected an https address' };
	{ name = "no pause between looks at a key server", set = { meetauth_issuers = { jitsi({ refresh_min = 0 }) } },
		"meetauth_issuers[1].refresh_min: found 0, expected a whole number from 1 to 604800" };
	{ name = "a ceiling below the floor", set = { meetauth_issuers = { jitsi({ refresh_max = 30 }) } },
		"meetauth_issuers[1].refresh_max: found 30, expected at least refresh_min (60)" };
	{ name = "keys that are stale before they are looked at again", set = { meetauth_issuers = { jitsi({ max_stale = 3600 }) } },
		"meetauth_issuers[1].max_stale: found 3600, expected at least refresh_max (21600)" };
	{ name = "a date that is none", set = { meetauth_issuers = { jitsi({ not_after = "2026-02-30" }) } },
		'meetauth_issuers[1].not_after: found "2026-02-30", expected a date such as "2026-02-01" or seconds since the epoch' };
	{ name = "a window that ends before it begins",
		set = { meetauth_issuers = { jitsi({ not_before = "2026-02-02", not_after = "2026-02-01T12:00Z" }) } },
		"meetauth_issuers[1].not_after: found a time that is not after not_before" };
};

describe("meetauth.key.sources", function ()
	for _, case in ipairs(refused) do
		it("refuses " .. case.name, function ()
			local host, problems = read(type(case.set) == "function" and case.set() or case.set);
			assert.is_nil(host);
			assert.truthy(problems[1]:find(case[1], 1, true), problems[1]);
			assert.is_true(#problems == 1 or case.more and #problems > 1, table.concat(problems, "\n"));
		end);
	end

	it("takes several keys and algorithms, each key under those that it fits", function ()
		local entry = assert(read({ meetauth_issuers = { jitsi({ secret = { s1, s3 }, public_key = openssl.public("rsa"),
			algorithms = { "HS256", "RS256", "PS256" } }) } })).entries[1];
		local algs = {};
		for i, one in ipairs(entry.inline) do algs[i] = one.key:alg(); end
		assert.same({ "HS256", "HS256", "RS256", "PS256" }, algs);
	end);

	it("takes a short secret where the entry says so", function ()
		assert(read({ meetauth_issuers = { jitsi({ secret = "short", weak_secret = true }) } }));
	end);

	-- What an entry becomes that says this of its keys: its algorithms, and where further keys are.
	local function became(fields)
		local found, entry = schema.problems(), {};
		for _, field in ipairs(sources.fields) do
			entry[field.name] = schema.read(found, field, fields[field.name], field.name);
		end
		entry.algorithms = fields.algorithms;
		sources.read(found, entry, function (field, i) return i and ("%s[%d]"):format(field, i) or field; end);
		assert.same({}, found.list);
		return entry;
	end

	local kinds = {
		{ field = "secret_file", algorithms = { "HS256" } }; { field = "asap_url", algorithms = { "RS256" } };
		{ field = "cache_keys_url", algorithms = { "RS256" } }; { field = "public_key_file" }; { field = "jwks_file" };
		{ field = "jwks_url" };
	};
	for _, kind in ipairs(kinds) do
		it(("describes each %s, and reads and fetches nothing"):format(kind.field), function ()
			local places = { "https://keys.example/a", "https://keys.example/b" };
			local entry = became({ [kind.field] = places, algorithms = not kind.algorithms and { "ES256" } or nil });
			assert.same({}, entry.inline);
			assert.same(kind.algorithms or { "ES256" }, entry.algorithms);
			assert.same({ { kind = kind.field, at = places[1], label = kind.field .. "[1]" },
				{ kind = kind.field, at = places[2], label = kind.field .. "[2]" } }, entry.sources);
		end);
	end

	it("has the algorithms of all sources that stand for some, each once", function ()
		assert.same({ "HS256", "RS256" },
			became({ secret = s1, secret_file = "a", asap_url = "https://a.example/", cache_keys_url = "https://b.example/" }).algorithms);
	end);

	it("keeps the keys of the configuration in their order", function ()
		local entry = became({ secret = { s1, s3 }, public_key = openssl.public("rsa"), algorithms = { "HS256", "RS256" } });
		local algs = {};
		for i, one in ipairs(entry.inline) do algs[i] = one.key:alg() .. " " .. one.source.label; end
		assert.same({ "HS256 secret[1]", "HS256 secret[2]", "RS256 public_key[1]" }, algs);
	end);

	local windows = {
		{ {} }; { { not_before = 10 } }; { { not_before = 11 }, "not yet", "yet, because its not_before is in the future" };
		{ { not_after = 11 } }; { { not_after = 10 }, "over", "any more, because its not_after has passed" }; { { not_before = 10, not_after = 11 } };
	};
	for i, case in ipairs(windows) do
		it(("says of a window at second 10 that it is %s (%d)"):format(case[2] or "open", i), function ()
			case[1].id = "sso";
			local why, line = sources.closed(case[1], 10);
			assert.equal(case[2], why);
			assert.equal(case[3] and "keys of the entry sso are not valid " .. case[3], line);
		end);
	end

	it("has defaults for an entry that is made from other options, and leaves what that one says", function ()
		local entry = { refresh_min = 7 };
		sources.defaults(entry);
		assert.same({ refresh_min = 7, refresh_max = 21600, max_stale = 86400, key_grace = 5400, insecure_url = false }, entry);
	end);
end);
