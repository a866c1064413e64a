-- The fields that only a Daily entry has, as the operator writes them.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";
local fields_of_daily = require "meetauth.dialect.daily.fields";

local s1, s2 = secret_of("1"), secret_of("2");

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

local default_features = {
	["outbound-call"] = false, ["sip-outbound-call"] = false, ["create-polls"] = true, ["send-groupchat"] = true,
	["send-private-message"] = true, ["file-upload"] = false, ["live-translation"] = false, ["flip"] = false,
	["name-readonly"] = false,
};

local function with_features(changed)
	local features = {};
	for name, value in pairs(default_features) do features[name] = value; end
	for name, value in pairs(changed) do features[name] = value; end
	return features;
end

-- Each field of the table in doc/options.md that means something to Daily: its default, values that are
-- taken (and what they become, where that is something else), and values that are not.
local fields = {
	{ "claim_names", default = "short", good = { "short", "either" }, bad = { "long", "", true, 1, {} },
		says = '"short" or "either"' };
	{ "strict", default = false, good = { true, false }, bad = { "true", 1, 0, {} }, says = "true or false" };
	{ "lobby", default = "bypass", good = { "bypass", "knock", "claim", "owners" }, bad = { "on", "", true, {} },
		says = '"bypass" or "knock" or "claim" or "owners"', shared = true };
	{ "knock_without_lobby", default = "create", good = { "create", "refuse", "ignore" }, bad = { "wait", "", true, 1, {} },
		says = '"create" or "refuse" or "ignore"', shared = true };
	{ "hidden", default = "refuse", good = { "refuse", "visible" }, bad = { "visitor", "", false, {} },
		says = '"refuse" or "visible"' };
	{ "admin_affiliation", default = "admin", good = { "admin", "owner" }, bad = { "member", "moderator", "", true, {} },
		says = '"admin" or "owner"' };
	{ "features", default = default_features, good = {
		{}, { ["flip"] = true }, { ["create-polls"] = false, ["outbound-call"] = true } },
		becomes = { default_features, with_features({ ["flip"] = true }),
			with_features({ ["create-polls"] = false, ["outbound-call"] = true }) },
		bad = { "flip", true, { "flip" }, { flip = "true" }, { flip = 1 }, { recording = true },
			{ ["screen-sharing"] = false }, { Flip = true } },
		says = "a table of features with the values true or false" };
	{ "recording", default = {}, good = { {}, "cloud", { "cloud", "local" }, { "raw-tracks", "cloud-audio-only" } },
		becomes = { {}, { "cloud" }, { "cloud", "local" }, { "raw-tracks", "cloud-audio-only" } },
		bad = { true, 1, "", "vhs", { "cloud", "vhs" }, { 1 }, { cloud = true }, { [2] = "cloud" } },
		says = "a list of recording modes" };
	{ "redirect_hosts", default = {}, good = { {}, "a.example", { "a.example", "*.b.example" } },
		becomes = { {}, { "a.example" }, { "a.example", "*.b.example" } },
		bad = { true, "*", "https://a.example", "a.example/x", "a.example:443", "*a.example", "a.*.example",
			{ "" }, { 1 }, { "a.example", true } },
		says = "a list of host names" };
	{ "lock_name", default = false, good = { true, false }, bad = { "true", 1, {} }, says = "true or false" };
	{ "rooms_required", default = false, good = { true, false }, bad = { "true", 1, {} }, says = "true or false" };
	{ "unique_users", default = false, good = { true, false, "newest", "first" }, becomes = { "newest", false, "newest", "first" },
		bad = { "true", "last", 1, {} }, says = 'true, false, "newest" or "first"', shared = true };
	{ "user_prefix", default = "", good = { "mine:" }, bad = { "", 1, true, {} }, says = "a string" };
	{ "domain_id", default = "acme", good = { "b" }, bad = { "", 1, true, {} }, says = "a string", more = true };
	{ "tenant", default = nil, good = { "acme" }, bad = { "", 1, true, {} }, says = "a string", shared = true };
	{ "room", default = "required", good = { "required", "tenant" }, bad = { "any", true, "" },
		says = '"required" or "tenant"', shared = true };
	{ "max_age", default = nil, good = { 0, 3600 }, bad = { -1, "60", true, {}, 0 / 0, math.huge },
		says = "seconds", shared = true };
	{ "leeway", default = nil, good = { 0, 10 }, bad = { -1, "10", true, {}, math.huge }, says = "seconds", shared = true };
	{ "weak_secret", default = false, good = { true, false }, bad = { "true", 1 }, says = "true or false", shared = true };
};

describe("a Daily entry's field", function ()
	for _, field in ipairs(fields) do
		local name = field[1];

		it(name .. " has its default", function ()
			assert.same(field.default, assert(read({ daily() })).entries[1][name]);
		end);

		for i, value in ipairs(field.good) do
			it(("%s takes value %d"):format(name, i), function ()
				local host, problems = read({ daily({ [name] = value }) });
				assert.is_nil(problems);
				local becomes = value;
				if field.becomes then becomes = field.becomes[i]; end
				assert.same(becomes, host.entries[1][name]);
			end);
		end

		for i, value in ipairs(field.bad) do
			it(("%s refuses value %d and says so"):format(name, i), function ()
				local host, problems = read({ jitsi(), daily({ [name] = value }) });
				assert.is_nil(host);
				assert.is_true(field.more or #problems == 1);
				local start = ("meetauth_issuers[2].%s: found "):format(name);
				assert.equal(start, problems[1]:sub(1, #start));
				assert.is_truthy(problems[1]:find(field.says, 1, true), problems[1]);
			end);
		end

		if not field.shared then
			it(name .. " belongs to Daily's entries only", function ()
				local host, problems = read({ jitsi({ [name] = field.good[1] }) });
				assert.is_nil(host);
				local told = "meetauth_issuers[1].%s: found this field in a jitsi entry, expected this field only in daily entries";
				assert.same({ told:format(name) }, problems);
			end);
		end
	end

	it("require is exp and iat unless the entry says otherwise", function ()
		assert.same({ "exp", "iat" }, read({ daily() }).entries[1].asked.require);
		assert.same({}, read({ daily({ require = {} }) }).entries[1].asked.require);
		assert.same({ "ud" }, read({ daily({ require = "ud" }) }).entries[1].asked.require);
	end);

	it("algorithms are HS256 unless the entry says otherwise", function ()
		local entry = read({ daily() }).entries[1];
		assert.same({ "HS256" }, entry.algorithms);
		assert.equal("HS256", entry.inline[1].key:alg());
	end);

	it("features is the operator's table no longer", function ()
		local given = { flip = true };
		local host = read({ daily({ features = given }), daily({ domain_id = "b", secret = s2 }) });
		assert.is_false(host.entries[2].features.flip);
		assert.is_true(host.entries[1].features.flip);
		assert.same({ flip = true }, given);
	end);

	it("is in the table above, whichever it is", function ()
		local here = {};
		for _, field in ipairs(fields) do here[field[1]] = true; end
		for _, field in ipairs(fields_of_daily.list) do
			assert.is_true(here[field.name], field.name);
			assert.equal("daily", field.dialect);
		end
	end);
end);
