-- What an entry confines its tokens to, as the operator writes it.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";

local function read(fields, more)
	local entry = { issuer = "portal", secret = secret_of("1") };
	for name, value in pairs(fields) do entry[name] = value; end
	if entry.dialect == "daily" then entry.issuer, entry.domain_id = nil, "acme"; end
	local given = { meetauth_issuers = { entry } };
	for name, value in pairs(more or {}) do given[name] = value; end
	return hostconfig.read(function (name) return given[name]; end, nil, "meet.example");
end

local rule = { claim = "roles", contains = "host" };
local guests = { allow_empty_token = true };

local taken = {
	{ "no bound", {}, {} };
	{ "rooms as one glob", { rooms = "lobby-*" }, { rooms = { "lobby-*" } } };
	{ "rooms as a list", { rooms = { "a", "[acme]b-?" } }, { rooms = { "a", "[acme]b-?" } } };
	{ "no rights at all", { may = {} }, { may = {} } };
	{ "one right", { may = "moderator" }, { may = { "moderator" } } };
	{ "rights", { may = { "recording", "lobby-bypass", "screen-sharing" } },
		{ may = { "recording", "lobby-bypass", "screen-sharing" } } };
	{ "a rule for moderators", { moderator = rule }, { moderator = rule } };
	{ "a tenant", { tenant = "acme" }, {} };
	{ "a tenant whose name begins as the host's", { tenant = "meet" }, {} };
	{ "an observer", { mode = "observe" }, { mode = "observe" } };
	{ "guests", { on_invalid = "guest" }, { on_invalid = "guest" }, guests };
	{ "Daily's rooms and rights", { dialect = "daily", rooms = "x", may = {} }, { rooms = { "x" }, may = {} } };
};

local refused = {
	{ "a right that is none", { may = { "moderator", "moderater" } },
		'meetauth_issuers[1].may: found "moderater", expected one of moderator, lobby-bypass, ' };
	{ "a right in another case", { may = "Moderator" }, 'meetauth_issuers[1].may: found "Moderator"' };
	{ "what takes a right away", { may = { "name-readonly" } }, 'meetauth_issuers[1].may: found "name-readonly"' };
	{ "all rights by a star", { may = "*" }, 'meetauth_issuers[1].may: found "*"' };
	{ "a right's number", { may = { 1 } }, "meetauth_issuers[1].may: found a list with 1 at 1, expected a list of strings" };
	{ "rights as a set", { may = { moderator = true } }, "meetauth_issuers[1].may: found a table with the name \"moderator\"" };
	{ "no rooms at all", { rooms = {} }, "meetauth_issuers[1].rooms: found an empty list" };
	{ "an empty room", { rooms = { "a", "" } }, "meetauth_issuers[1].rooms: found a list with \"\" at 2" };
	{ "a glob that is too long", { rooms = ("a"):rep(129) },
		"meetauth_issuers[1].rooms: found a string of 129 bytes, expected globs of at most 128 bytes" };
	{ "a rule that is none", { moderator = { claim = "roles" } },
		"meetauth_issuers[1].moderator: found a table of 0 items, expected { claim, contains } or { claim, values }" };
	{ "a rule in a Daily entry", { dialect = "daily", moderator = rule },
		"meetauth_issuers[1].moderator: found this field in a daily entry" };
	{ "another mode", { mode = "log" }, 'meetauth_issuers[1].mode: found "log", expected "enforce" or "observe"' };
	{ "another fate of bad tokens", { on_invalid = "ignore" },
		'meetauth_issuers[1].on_invalid: found "ignore", expected "refuse" or "guest"' };
	{ "the host itself as a tenant", { tenant = "meet.example" },
		'meetauth_issuers[1].tenant: found "meet.example", the host itself, expected a tenant' };
	{ "the host in another case as a tenant, in a Daily entry", { dialect = "daily", tenant = "Meet.Example" },
		'meetauth_issuers[1].tenant: found "Meet.Example", the host itself, expected a tenant' };
	{ "guests on a host that takes none", { on_invalid = "guest" },
		'meetauth_issuers[1].on_invalid: found "guest" on a host that accepts no guests, expected "guest" only with allow_empty_token' };
};

describe("an entry's bounds", function ()
	for _, case in ipairs(taken) do
		it("can be " .. case[1], function ()
			local host, problems = read(case[2], case[4]);
			assert.is_nil(problems);
			local entry = host.entries[1];
			for _, name in ipairs({ "rooms", "may", "moderator" }) do assert.same(case[3][name], entry[name]); end
			assert.equal(case[3].mode or "enforce", entry.mode);
			assert.equal(case[3].on_invalid or "refuse", entry.on_invalid);
		end);
	end

	for _, case in ipairs(refused) do
		it("cannot be " .. case[1], function ()
			local host, problems = read(case[2]);
			assert.is_nil(host);
			assert.equal(1, #problems, table.concat(problems, "; "));
			assert.equal(case[3], problems[1]:sub(1, #case[3]));
		end);
	end
end);
