local secret_of = require "spec.support.secret";
local keyheld = require "meetauth.key.held";
local core = require "meetauth.core";
local hostconfig = require "meetauth.config.host";
local grant = require "meetauth.access.grant";
local growth = require "spec.support.growth";
local keyfiles = require "meetauth.key.files";
local openssl = require "spec.support.openssl";
local verifier = require "meetauth.token.verifier";

local s1, s2, s3 = secret_of("1"), secret_of("2"), secret_of("3");

local function read(given, names)
	return hostconfig.read(function (name) return given[name]; end, names);
end

local absent = core.null;

local function set(entry, fields)
	for name, value in pairs(fields or {}) do entry[name] = value; end
	for name, value in pairs(fields or {}) do
		if value == absent then entry[name] = nil; end
	end
	return entry;
end

local function jitsi(fields)
	local entry = { issuer = "portal", secret = s1 };
	return set(entry, fields);
end

local function daily(fields)
	local entry = { dialect = "daily", domain_id = "acme", secret = s2 };
	return set(entry, fields);
end

-- Options that don't load: the problems, each by what it must contain; 'more': other problems follow from it.
local refused = {
	{ name = "nothing at all", set = {}, "meetauth_issuers: found no issuer" };
	{ name = "an empty list", set = { meetauth_issuers = {} }, "meetauth_issuers: found no issuer" };
	{ name = "no list", set = { meetauth_issuers = "portal" }, 'meetauth_issuers: found "portal", expected a list of tables' };
	{ name = "an entry without the list around it", set = { meetauth_issuers = jitsi() }, "meetauth_issuers: found a table" };

	{ name = "a Jitsi entry without issuer", set = { meetauth_issuers = { jitsi({ issuer = absent }) } },
		"meetauth_issuers[1].issuer: found nil" };
	{ name = "an empty issuer", more = true,
		set = { meetauth_issuers = { jitsi({ issuer = "" }) } }, 'meetauth_issuers[1].issuer: found ""' };
	{ name = "an empty list of issuers", more = true, set = { meetauth_issuers = { jitsi({ issuer = {} }) } },
		"meetauth_issuers[1].issuer: found an empty list" };
	{ name = "a Daily entry without domain_id", set = { meetauth_issuers = { daily({ domain_id = absent }) } },
		"meetauth_issuers[1].domain_id: found nil" };
	{ name = "a dialect that is none", set = { meetauth_issuers = { jitsi({ dialect = "zoom" }) } },
		'meetauth_issuers[1].dialect: found "zoom", expected "jitsi" or "daily"' };
	{ name = "single use that is no boolean", set = { meetauth_issuers = { jitsi({ single_use = "jti" }) } },
		'meetauth_issuers[1].single_use: found "jti", expected true or false' };
	{ name = "an answer that is none for storage that fails",
		set = { meetauth_issuers = { jitsi() }, meetauth_storage_down = "ask" },
		'meetauth_storage_down: found "ask", expected "closed" or "open"' };
	{ name = "claims that say no text", set = { meetauth_issuers = { jitsi({ claims = { azp = true } }) } },
		"meetauth_issuers[1].claims: found a table of 0 items, expected a table of claims with string values" };
	{ name = "claims that are none", set = { meetauth_issuers = { jitsi({ claims = {} }) } }, "meetauth_issuers[1].claims: found" };
	{ name = "claims as a list", set = { meetauth_issuers = { jitsi({ claims = { "azp" } }) } },
		"meetauth_issuers[1].claims: found" };
	{ name = "an audience twice", set = { meetauth_issuers = { jitsi({ audience = "a", claims = { aud = "b", iss = "c" } }) } },
		"meetauth_issuers[1].claims: found aud, expected this rule in the field audience",
		"meetauth_issuers[1].claims: found iss, expected this rule in the field issuer" };
	{ name = "a rule of who may come in that is none", set = { meetauth_issuers = { jitsi({ admit = { claim = "groups" } }) } },
		"meetauth_issuers[1].admit: found a table" };
	{ name = "who may come in beside strict", set = { meetauth_issuers = { daily({ strict = true,
		admit = { claim = "groups", contains = "staff" }, claims = { azp = "meet" } }) } },
		"meetauth_issuers[1].claims: found it together with strict = true", "meetauth_issuers[1].admit: found it together with strict "
			.. "= true" };
	{ name = "a field that is none", set = { meetauth_issuers = { jitsi({ audiance = "x" }) } },
		"meetauth_issuers[1].audiance: found a field with this name" };
	{ name = "a field without a name", set = { meetauth_issuers = { jitsi({ "x" }) } },
		"meetauth_issuers[1].1: found a field with this name" };
	{ name = "Daily's field in a Jitsi entry", set = { meetauth_issuers = { jitsi({ domain_id = "acme" }) } },
		"meetauth_issuers[1].domain_id: found this field in a jitsi entry" };
	{ name = "Jitsi's field in a Daily entry", set = { meetauth_issuers = { daily({ issuer = "portal" }) } },
		"meetauth_issuers[1].issuer: found this field in a daily entry" };
	{ name = "an audience in a Daily entry", set = { meetauth_issuers = { daily({ audience = "x" }) } },
		"meetauth_issuers[1].audience: found this field in a daily entry" };
	{ name = "the second entry's problem", set = { meetauth_issuers = { jitsi(), daily({ room = "any" }) } },
		'meetauth_issuers[2].room: found "any", expected "required" or "tenant"' };
	{ name = "every problem, not the first", set = { meetauth_leeway = -1, allow_empty_token = "yes",
		meetauth_issuers = { jitsi({ max_age = "1h", require = { 1 } }) } },
		"meetauth_leeway: found -1", 'allow_empty_token: found "yes"',
		"meetauth_issuers[1].require", 'meetauth_issuers[1].max_age: found "1h"' };

	{ name = "entries by name", set = { meetauth_issuers = { portal = jitsi(), daily = daily() } },
		'meetauth_issuers: found a table with the name "daily", expected a list of tables' };
	{ name = "an entry by name beside others", set = { meetauth_issuers = { jitsi(), daily = daily() } },
		'meetauth_issuers: found a table with the name "daily", expected a list of tables' };
	{ name = "an entry behind a hole", set = { meetauth_issuers = { jitsi(), nil, daily() } },
		"meetauth_issuers: found a list with an empty place at 2, expected a list of tables" };

	{ name = "one secret in two entries", set = { meetauth_issuers = { jitsi(), daily({ secret = s1 }) } },
		'found one secret in the entries "portal" and "acme"' };
	{ name = "one secret in two lists",
		set = { meetauth_issuers = { jitsi({ secret = { s3, s1 } }), daily({ secret = { s2, s1 } }) } },
		'found one secret in the entries "portal" and "acme"' };
	{ name = "Jitsi's app_secret in another entry",
		set = { app_id = "app", app_secret = s1, meetauth_issuers = { daily({ secret = s1 }) } },
		'found one secret in the entries "acme" and "app"' };
	{ name = "one id in two entries", set = { meetauth_issuers = { jitsi({ id = "x" }), daily({ id = "x" }) } },
		'found the id "x" twice' };

	{ name = "app_id alone", set = { app_id = "app" }, "app_secret: found nil, expected both" };
	{ name = "app_secret alone", set = { app_secret = s1 }, "app_id: found nil, expected both" };
	{ name = "an app_secret under 16 bytes", set = { app_id = "app", app_secret = secret_of("k", 15) },
		"found a string of 15 bytes (weak-secret)" };
	{ name = "an empty app_secret", more = true, set = { app_id = "app", app_secret = "" }, "app_secret: found" };
	{ name = "an empty app_secret, even where weak ones may be", more = true,
		set = { app_id = "app", app_secret = "", meetauth_weak_secrets = true }, "app_secret: found" };
	{ name = "a PEM public key as app_secret under HS256",
		set = function () return { app_id = "app", app_secret = openssl.public("rsa") }; end, "(not-secret)" };
	{ name = "a secret as app_secret under RS256", set = { app_id = "app", app_secret = s1, signature_algorithm = "RS256" },
		"(bad-key: it has no BEGIN line), expected a key for RS256" };
	{ name = "a signature_algorithm that is none", set = { app_id = "app", app_secret = s1, signature_algorithm = "none" },
		'found "none", expected one of HS256' };
	{ name = "a key server over plain http", set = { app_id = "app", asap_key_server = "http://keys.example/" },
		'asap_key_server: found "http://keys.example/", expected an https address' };
	{ name = "a key URL that is none", set = { app_id = "app", cache_keys_url = "keys.example/jwks" },
		'cache_keys_url: found "keys.example/jwks", expected an https address' };
	{ name = "a key server for nobody", set = { cache_keys_url = "https://keys.example/" },
		"app_id: found nil, expected app_id or asap_accepted_issuers" };
	{ name = "a shared secret's algorithm beside a key server",
		set = { app_id = "app", cache_keys_url = "https://keys.example/", signature_algorithm = "HS256" },
		'signature_algorithm: found "HS256", expected an algorithm of public keys' };
	{ name = "a leeway that is no number", set = { meetauth_leeway = "10", meetauth_issuers = { jitsi() } },
		'meetauth_leeway: found "10"' };
	{ name = "a token cap under 256 bytes", set = { meetauth_max_token = 255, meetauth_issuers = { jitsi() } },
		"meetauth_max_token: found 255" };
	{ name = "a token cap over a mebibyte", set = { meetauth_max_token = 1048577, meetauth_issuers = { jitsi() } },
		"meetauth_max_token: found 1048577" };
	{ name = "an enforcement that is none", set = { meetauth_enforcement = "off", meetauth_issuers = { jitsi() } },
		'meetauth_enforcement: found "off", expected "required" or "elsewhere"' };
	{ name = "an option that is none", set = { meetauth_issuers = { jitsi() } }, names = { "meetauth_leway" },
		"meetauth_leway: found an option with this name" };
};

local secret_texts = { ("topsecret"):rep(5), "topsecret", { "topsecret", 7 }, { "" , "topsecret" }, 8153476209 };

describe("meetauth.config.host", function ()
	for _, case in ipairs(refused) do
		it("refuses " .. case.name, function ()
			local host, problems = read(type(case.set) == "function" and case.set() or case.set, case.names);
			assert.is_nil(host);
			for i, expected in ipairs(case) do
				assert.truthy(problems[i] and problems[i]:find(expected, 1, true), problems[i]);
			end
			assert.is_true(#problems == #case or case.more and #problems > #case, table.concat(problems, "\n"));
		end);
	end

	it("has defaults for everything else", function ()
		local host = assert(read({ meetauth_issuers = { jitsi() } }));
		assert.equal(16384, host.meetauth_max_token);
		assert.equal("required", host.meetauth_enforcement);
		assert.same({}, host.meetauth_foreign_hosts);
		assert.is_false(host.allow_empty_token);
		assert.same({}, host.warnings);
		local entry = host.entries[1];
		assert.equal(1, #host.entries);
		assert.equal("jitsi", entry.dialect);
		assert.equal("portal", entry.id);
		assert.equal("required", entry.room);
		assert.is_true(entry.domain_verification);
		assert.equal("HS256", entry.inline[1].key:alg());
		assert.is_nil(entry.inline[1].key:kid());
		assert.same({ jwt = true, [""] = true }, entry.typ);
		assert.same({ leeway = 10, issuer = { portal = true }, require = {} }, entry.asked);
	end);

	it("asks Daily tokens for exp and iat", function ()
		local entry = assert(read({ meetauth_issuers = { daily() } })).entries[1];
		assert.same({ leeway = 10, require = { "exp", "iat" } }, entry.asked);
		assert.equal("acme", entry.id);
		assert.equal("", entry.user_prefix);
	end);

	it("takes what an entry says", function ()
		local host = assert(read({ meetauth_leeway = 60, meetauth_max_token = 4096, meetauth_enforcement = "elsewhere",
			meetauth_foreign_hosts = { "guest.example" }, allow_empty_token = true,
			meetauth_issuers = { jitsi({ id = "mine", kid = "k1", issuer = { "a", "b" }, audience = "aud", leeway = 0, typ = "at+jwt",
				require = { "exp" }, max_age = 3600, room = "tenant", tenant = "Acme", domain_verification = false }), daily() } }));
		assert.equal("elsewhere", host.meetauth_enforcement);
		assert.same({ "guest.example" }, host.meetauth_foreign_hosts);
		assert.is_true(host.allow_empty_token);
		assert.equal(4096, host.meetauth_max_token);
		local entry = host.entries[1];
		assert.equal("mine", entry.id);
		assert.equal("k1", entry.inline[1].key:kid());
		assert.equal("Acme", entry.tenant);
		assert.equal("tenant", entry.room);
		assert.is_false(entry.domain_verification);
		assert.same({ ["at+jwt"] = true, [""] = true }, entry.typ);
		assert.same({ leeway = 0, issuer = { a = true, b = true }, audience = { aud = true }, require = { "exp" }, max_age = 3600 },
			entry.asked);
		assert.equal(60, host.entries[2].asked.leeway);
	end);

	it("takes any issuer for *", function ()
		local entry = assert(read({ meetauth_issuers = { jitsi({ issuer = "*" }) } })).entries[1];
		assert.is_nil(entry.issuer);
		assert.is_nil(entry.asked.issuer);
	end);

	it("keeps no secret but in keys", function ()
		local host = assert(read({ app_id = "app", app_secret = s3, meetauth_issuers = { jitsi(), daily() } }));
		local function search(value, seen)
			assert.is_true(value ~= s1 and value ~= s2 and value ~= s3);
			if type(value) ~= "table" or seen[value] then return; end
			seen[value] = true;
			for name, member in pairs(value) do
				search(name, seen);
				search(member, seen);
			end
		end
		search(host, {});
	end);

	it("shows no secret in a problem", function ()
		for _, secret in ipairs(secret_texts) do
			for _, given in ipairs({
				{ app_id = "app", app_secret = secret, signature_algorithm = "RS256" },
				{ meetauth_issuers = { jitsi({ secret = secret, algorithms = "RS256" }) } },
				{ meetauth_issuers = { jitsi({ secret = secret, algorithms = "HS512" }), daily({ secret = secret }) } },
				{ meetauth_issuers = { jitsi({ secret = absent, public_key = secret, algorithms = "RS256" }) } },
				{ meetauth_issuers = { jitsi({ sekret = secret }) } },
			}) do
				local host, problems = read(given);
				assert.is_nil(host);
				local text = table.concat(problems, "\n");
				assert.is_nil(text:find("topsecret", 1, true), text);
				assert.is_nil(text:find("8153476209", 1, true), text);
			end
		end
	end);

	it("does not change the operator's tables", function ()
		local entry = jitsi({ algorithms = { "HS256" } });
		assert(read({ meetauth_issuers = { entry } }));
		assert.same(jitsi({ algorithms = { "HS256" } }), entry);
	end);

	it("does not mind options of others and of the MUC half", function ()
		assert(read({ meetauth_issuers = { jitsi() } },
			{ "meetauth_issuers", "meetauth_exempt", "app_id", "modules_enabled", "meetauthx", "x_meetauth_y" }));
	end);

	it("keeps user ids of two entries apart", function ()
		local host = assert(read({ meetauth_issuers = { daily(), daily({ domain_id = "b", secret = s1, id = "bee" }),
			daily({ domain_id = "c", secret = s3, user_prefix = "mine:" }) } }));
		assert.equal("daily:acme:", host.entries[1].user_prefix);
		assert.equal("daily:bee:", host.entries[2].user_prefix);
		assert.equal("mine:", host.entries[3].user_prefix);
	end);

	it("gives way to ids that were written, wherever they stand", function ()
		local function ids(given)
			local found = {};
			for i, entry in ipairs(assert(read(given)).entries) do found[i] = entry.id; end
			return found;
		end
		assert.same({ "portal-2", "portal" }, ids({ meetauth_issuers = { jitsi(), jitsi({ id = "portal", secret = s2 }) } }));
		assert.same({ "portal-3", "portal-2", "portal" }, ids({ meetauth_issuers = { jitsi(), jitsi({ id = "portal-2", secret = s2 }),
			jitsi({ id = "portal", secret = s3 }) } }));
		assert.same({ "myapp-2", "myapp" },
			ids({ app_id = "myapp", app_secret = s3, meetauth_issuers = { jitsi({ issuer = "myapp" }) } }));
		assert.same({ "myapp", "myapp-2" },
			ids({ app_id = "myapp", app_secret = s3, meetauth_issuers = { jitsi({ id = "myapp", issuer = "myapp" }) } }));
	end);

	it("makes ids where there are none, each only once", function ()
		local function ids(...)
			local found = {};
			for i, entry in ipairs(assert(read({ meetauth_issuers = { ... } })).entries) do
				assert.is_nil(found[entry.id], entry.id .. " comes twice");
				found[entry.id] = i;
			end
			return found;
		end
		assert.same({ portal = 1, acme = 2 }, ids(jitsi(), daily()));
		assert.same({ portal = 1, ["portal-2"] = 2, ["portal-3"] = 3 },
			ids(jitsi(), jitsi({ secret = s2 }), jitsi({ secret = s3 })));
		assert.equal(1, ids(jitsi({ issuer = "*" })).any);
		ids(jitsi({ id = "portal-3" }), jitsi({ secret = s2 }), jitsi({ secret = s3 }));
	end);
end);

describe("meetauth.config.host on Jitsi's own options", function ()
	it("makes an entry of app_id and app_secret", function ()
		local host = assert(read({ app_id = "app", app_secret = s1 }));
		assert.same({}, host.warnings);
		local entry = host.entries[1];
		assert.equal("app", entry.id);
		assert.equal("jitsi", entry.dialect);
		assert.equal("required", entry.room);
		assert.is_true(entry.domain_verification);
		assert.same({ leeway = 10, issuer = { app = true }, require = {} }, entry.asked);
		assert.equal("HS256", entry.inline[1].key:alg());
	end);

	it("reads the others, too", function ()
		local entry = assert(read({ app_id = "app", app_secret = secret_of("k", 64), signature_algorithm = "HS512",
			asap_accepted_issuers = { "a", "b" }, asap_accepted_audiences = "aud", asap_require_room_claim = false,
			enable_domain_verification = false })).entries[1];
		assert.equal("HS512", entry.inline[1].key:alg());
		assert.equal("tenant", entry.room);
		assert.is_false(entry.domain_verification);
		assert.same({ leeway = 10, issuer = { a = true, b = true }, audience = { aud = true }, require = {} }, entry.asked);
	end);

	it("takes any issuer and any audience for *", function ()
		local entry = assert(read({ app_id = "app", app_secret = s1,
			asap_accepted_issuers = { "*" }, asap_accepted_audiences = { "*" } })).entries[1];
		assert.same({ leeway = 10, require = {} }, entry.asked);
	end);

	it("takes a PEM public key in app_secret, as Jitsi does, under RS256", function ()
		local entry = assert(read({ app_id = "app", app_secret = openssl.public("rsa"), signature_algorithm = "RS256" })).entries[1];
		assert.equal("RS256", entry.inline[1].key:alg());
		assert.is_false(entry.inline[1].key:can_sign());
	end);

	it("stands beside issuers", function ()
		local host = assert(read({ app_id = "app", app_secret = s1, meetauth_issuers = { daily() } }));
		assert.equal(2, #host.entries);
		assert.equal("acme", host.entries[1].id);
		assert.equal("app", host.entries[2].id);
		assert.equal("daily:acme:", host.entries[1].user_prefix);
	end);

	local secrets = {
		{ bytes = 15, loads = false }, { bytes = 16, loads = true, warns = true }, { bytes = 19, loads = true, warns = true },
		{ bytes = 31, loads = true, warns = true }, { bytes = 32, loads = true, warns = false },
		{ bytes = 1, weak = true, loads = true, warns = true }, { bytes = 15, weak = true, loads = true, warns = true },
		{ bytes = 32, weak = true, loads = true, warns = false },
		{ bytes = 63, alg = "HS512", loads = true, warns = true }, { bytes = 64, alg = "HS512", loads = true, warns = false },
	};
	for _, case in ipairs(secrets) do
		it(("%s an app_secret of %d bytes%s%s%s"):format(case.loads and "takes" or "refuses", case.bytes,
			case.alg and " under " .. case.alg or "", case.weak and " where weak ones may be" or "",
			case.warns and ", with a warning" or ""), function ()
			local host, problems = read({ app_id = "app", app_secret = secret_of("k", case.bytes), signature_algorithm = case.alg,
				meetauth_weak_secrets = case.weak });
			assert.equal(case.loads, host ~= nil);
			assert.equal(case.loads, problems == nil);
			if case.loads then
				assert.equal(case.warns and 1 or 0, #host.warnings);
				assert.is_nil(table.concat(host.warnings):find("kk", 1, true));
				if case.warns then
					assert.truthy(host.warnings[1]:find(("found %d byte"):format(case.bytes), 1, true), host.warnings[1]);
				end
			end
		end);
	end
end);

describe("an entry for single use", function ()
	for _, case in ipairs({
		{ entry = jitsi({ single_use = true }), required = { "exp" } };
		{ entry = jitsi({ single_use = true, require = { "jti" } }), required = { "jti", "exp" } };
		{ entry = jitsi({ require = {} }), required = {} };
		{ entry = daily({ single_use = true, require = {} }), required = { "exp" } };
	}) do
		it("requires " .. (table.concat(case.required, ", "):gsub("^$", "nothing where it is none")), function ()
			local given = case.entry.require and #case.entry.require;
			assert.same(case.required, read({ meetauth_issuers = { case.entry } }).entries[1].asked.require);
			assert.equal(given, case.entry.require and #case.entry.require); -- the operator's table stays as it was
		end);
	end
end);

describe("a configured host", function ()
	local now = 1700000000;
	local host, verify;
	setup(function ()
		host = assert(read({ app_id = "app", app_secret = s3, meetauth_issuers = { jitsi(), daily() } }));
		verify = verifier.of_entries(host.entries, host.meetauth_max_token, keyheld.of(host.entries));
	end);

	local function sign(secret, payload)
		return core.sign(core.key.new("HS256", "secret", secret), '{"alg":"HS256","typ":"JWT"}', payload);
	end

	local tokens = {
		{ name = "a portal's token", secret = s1, payload = '{"iss":"portal","sub":"meet.example","room":"x"}', entry = "portal" };
		{ name = "an app's token", secret = s3, payload = '{"iss":"app","sub":"meet.example","room":"x"}', entry = "app" };
		{ name = "a Daily token", secret = s2, payload = '{"d":"acme","r":"x","exp":1800000000,"iat":1}', entry = "acme" };
		{ name = "a token that expired within the leeway", secret = s1,
			payload = '{"iss":"portal","sub":"meet.example","room":"x","exp":1699999991}', entry = "portal" };
		{ name = "one that expired before it", secret = s1, payload = '{"iss":"portal","exp":1699999990}', reason = "expired" };
		{ name = "the app's token by the portal", secret = s1, payload = '{"iss":"app"}', reason = "signature-mismatch" };
		{ name = "a Daily token without exp", secret = s2, payload = '{"d":"acme","r":"x","iat":1}', reason = "missing-claim" };
		{ name = "a Jitsi token with Daily's key", secret = s2, payload = '{"iss":"portal"}', reason = "signature-mismatch" };
	};

	for _, case in ipairs(tokens) do
		it(("%s %s"):format(case.entry and "takes" or "refuses", case.name), function ()
			local claims, reason, entry = verify(sign(case.secret, case.payload), now);
			assert.equal(case.reason, reason);
			assert.equal(case.entry, entry and entry.id);
			if case.entry then assert.equal(case.entry, assert(grant.of(claims, entry)).entry); end
		end);
	end
end);

describe("what is wrong with a configuration", function ()
	it("is told in one order, whatever order Lua's tables have", function ()
		local entry = { issuer = "portal", secret = s1, zz = 1, aa = 2, mm = 3, ["7"] = 4 };
		local options = { meetauth_issuers = { entry }, meetauth_http_keys = { z = "short", a = "brief", m = "curt" } };
		local _, problems = hostconfig.read(function (name) return options[name]; end, { "meetauth_zz", "meetauth_aa", "meetauth_zz" });
		local names = {};
		for i, problem in ipairs(problems) do
			names[i] = problem:match("^[^:]*: found a key of %d bytes") or problem:match("^[^:]*");
		end
		assert.same({
			"meetauth_aa", "meetauth_zz",
			"meetauth_issuers[1].7", "meetauth_issuers[1].aa", "meetauth_issuers[1].mm", "meetauth_issuers[1].zz",
			"meetauth_http_keys", "meetauth_http_keys: found a key of 5 bytes", "meetauth_http_keys",
			"meetauth_http_keys: found a key of 4 bytes", "meetauth_http_keys", "meetauth_http_keys: found a key of 5 bytes",
		}, names);
	end);
end);

describe("the entries of many tenants", function ()

	local kinds = {
		{ "of both dialects", function (i)
			if i % 2 == 0 then return { id = "t" .. i, dialect = "daily", domain_id = "d" .. i, secret = secret_of(i) }; end
			return { id = "t" .. i, issuer = "portal-" .. i, secret = secret_of(i) };
		end };
		{ "of one issuer, without an id", function (i) return { issuer = "portal", kid = "k" .. i, secret = secret_of(i) }; end };
		{ "beside one for any issuer", function (i) return { issuer = i == 1 and "*" or "portal-" .. i, secret = secret_of(i) }; end };
		{ "of one Daily domain", function (i)
			return { dialect = "daily", domain_id = "acme", kid = "k" .. i, secret = secret_of(i), user_prefix = ("u"):rep(1 + i % 8) };
		end };
		{ "with files", function (i) return { id = "t" .. i, issuer = "portal-" .. i, secret_file = secret_of(i) }; end };
	};
	for _, kind in ipairs(kinds) do
		it(("%s are read in a time that grows as their number does #growth"):format(kind[1]), function ()
			local function ready(entries)
				local site = assert(hostconfig.read(function (name) return name == "meetauth_issuers" and entries or nil; end));
				local documents = assert(keyfiles.load(site.entries, function (path) return path; end));
				verifier.of_entries(site.entries, site.meetauth_max_token, keyheld.of(site.entries, documents));
			end
			assert.is_true(growth.is_linear(ready, function (size)
				local list = {};
				for i = 1, size // 60 do list[i] = kind[2](i); end
				return list;
			end));
		end);
	end
end);

describe("rooms that are made by REST", function ()
	local function host_of(fields, options)
		options = options or {};
		options.meetauth_issuers = {
			{ id = "acme", dialect = "daily", domain_id = "a", secret = s1 };
			{ id = "beta", dialect = "daily", domain_id = "b", secret = s2, rooms_required = fields.rooms_required };
		};
		options.meetauth_http_keys = fields.keys;
		return hostconfig.read(function (name) return options[name]; end);
	end
	local function with_rooms(host)
		local ids = {};
		for i, entry in ipairs(host.entries) do ids[i] = entry.has_rooms or false; end
		return ids;
	end

	it("are those of entries with an API key, or that need them", function ()
		assert.same({ false, false }, with_rooms(host_of({})));
		assert.same({ true, false }, with_rooms(host_of({ keys = { acme = ("k"):rep(32) } })));
		assert.same({ false, true }, with_rooms(host_of({ rooms_required = true })));
	end);

	it("give the same grants as long as nobody may make any, or still may", function ()
		local without, with = host_of({}), host_of({ keys = { acme = ("k"):rep(32) } });
		assert.is_false(hostconfig.reads_alike(without.entries[1], with.entries[1]));
		assert.is_true(hostconfig.reads_alike(without.entries[2], with.entries[2]));
	end);

	it("are opened at an address with ROOM in it", function ()
		assert.equal("https://HOST/ROOM", host_of({}).meetauth_http_room_url);
		for _, url in ipairs({ "https://x.example/meet/ROOM?a=1", "http://HOST:8080/#ROOM" }) do
			assert.equal(url, host_of({}, { meetauth_http_room_url = url }).meetauth_http_room_url);
		end
		for _, url in ipairs({ "https://x.example/", "x.example/ROOM", "https://x.example/ ROOM", "javascript:ROOM", "", 7, true }) do
			local host, problems = host_of({}, { meetauth_http_room_url = url });
			assert.is_nil(host);
			assert.truthy(problems[1]:find("^meetauth_http_room_url: found .*, expected an http%(s%) address with ROOM in it$"));
		end
	end);
end);
