-- Whom the user ids of an entry belong to: no two entries can speak of the same user.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";

local s1, s2, s3 = secret_of("1"), secret_of("2"), secret_of("3");

local function read(entries, more)
	local given = { meetauth_issuers = entries };
	for name, value in pairs(more or {}) do given[name] = value; end
	return hostconfig.read(function (name) return given[name]; end);
end

local function daily(fields)
	local entry = { dialect = "daily", domain_id = "acme", secret = s1 };
	for name, value in pairs(fields or {}) do entry[name] = value; end
	return entry;
end

local function jitsi(fields)
	local entry = { issuer = "portal", secret = s2 };
	for name, value in pairs(fields or {}) do entry[name] = value; end
	return entry;
end

describe("Daily's users", function ()
	it("have a prefix beside other entries, and none alone", function ()
		assert.equal("", read({ daily() }).entries[1].user_prefix);
		assert.equal("daily:acme:", read({ daily(), jitsi() }).entries[1].user_prefix);
		assert.equal("daily:x:", read({ daily({ id = "x" }), jitsi() }).entries[1].user_prefix);
		assert.equal("daily:acme:", read({ daily() }, { app_id = "app", app_secret = s2 }).entries[1].user_prefix);
	end);

	local pairs_of_entries = {
		{ "the same prefix", { user_prefix = "u:" }, { domain_id = "b", secret = s2, user_prefix = "u:" } };
		{ "a prefix that begins with another", { user_prefix = "u:" }, { domain_id = "b", secret = s2, user_prefix = "u:b:" } };
		{ "an id that begins with another's and a colon", { id = "a" }, { id = "a:b", domain_id = "b", secret = s2 } };
	};
	for _, case in ipairs(pairs_of_entries) do
		it("of two domains never share " .. case[1], function ()
			for _, entries in ipairs({ { daily(case[2]), daily(case[3]) }, { daily(case[3]), daily(case[2]), jitsi({ secret = s3 }) } }) do
				local host, problems = read(entries);
				assert.is_nil(host);
				assert.equal(1, #problems);
				assert.is_truthy(problems[1]:find("meetauth_issuers: found the user_prefix", 1, true), problems[1]);
			end
		end);
	end

	it("of two domains never share a prefix, whatever stands between them in the alphabet", function ()
		local _, problems = read({ daily({ id = "1", user_prefix = "u:" }), daily({ id = "2", secret = s2, user_prefix = "u:a:" }),
			daily({ id = "3", secret = secret_of("4"), user_prefix = "u:a:b:" }),
			daily({ id = "4", domain_id = "b", secret = s3, user_prefix = "u:b" }) });
		assert.same({ "meetauth_issuers: found the user_prefix \"u:\" in \"1\" and \"u:b\" in \"4\", "
			.. "expected prefixes that do not begin with each other" }, problems);
	end);

	it("of one domain may share a prefix", function ()
		assert(read({ daily({ user_prefix = "u:" }), daily({ id = "new", secret = s2, user_prefix = "u:" }) }));
	end);
end);
