local claimrule = require "meetauth.dialect.jitsi.claimrule";
local null = require "meetauth.core".null;

local roles = { claim = "realm_access.roles", contains = "moderator" };
local role = { claim = "role", values = { "teacher", "staff", true } };

local cases = {
	{ "a list that has it", roles, { realm_access = { roles = { "x", "moderator" } } }, true };
	{ "a list without it", roles, { realm_access = { roles = { "x" } } }, false };
	{ "an empty list", roles, { realm_access = { roles = {} } }, false };
	{ "another case", roles, { realm_access = { roles = { "Moderator" } } }, false };
	{ "a part of it", roles, { realm_access = { roles = { "moderators", "mod" } } }, false };
	{ "a string in the list's place", roles, { realm_access = { roles = "moderator" } }, false };
	{ "an object in the list's place", roles, { realm_access = { roles = { moderator = true, x = "moderator" } } }, false };
	{ "a list inside the list", roles, { realm_access = { roles = { { "moderator" } } } }, false };
	{ "null", roles, { realm_access = { roles = null } }, false };
	{ "null on the way", roles, { realm_access = null }, false };
	{ "a string on the way", roles, { realm_access = "roles" }, false };
	{ "a list on the way", roles, { realm_access = { { roles = { "moderator" } } } }, false };
	{ "nothing", roles, {}, false };
	{ "a claim with the dots in its name", roles, { ["realm_access.roles"] = { "moderator" } }, false };

	{ "one of the values", role, { role = "staff" }, true };
	{ "a boolean among them", role, { role = true }, true };
	{ "the boolean as text", role, { role = "true" }, false };
	{ "another value", role, { role = "student" }, false };
	{ "a value in another case", role, { role = "Staff" }, false };
	{ "a list in the value's place", role, { role = { "staff" } }, false };
	{ "a number", role, { role = 1 }, false };
	{ "null for a value", role, { role = null }, false };
	{ "no value", role, {}, false };

	{ "a path whose names have dots", { claim = { "https://meet.example.org/roles" }, contains = "host" },
		{ ["https://meet.example.org/roles"] = { "host" } }, true };
	{ "a long path", { claim = { "resource_access", "jitsi.web", "roles" }, contains = "host" },
		{ resource_access = { ["jitsi.web"] = { roles = { "host" } } } }, true };
	{ "a number in a path, which is a name", { claim = "roles.1", values = { "host" } }, { roles = { "host" } }, false };
	{ "dots alone", { claim = "..", values = { "host" } }, { [""] = { [""] = { [""] = "host" } } }, true };
};

local wrong = {
	"roles", {}, { claim = "roles" }, { contains = "x" }, { claim = "", contains = "x" }, { claim = {}, contains = "x" },
	{ claim = { "a", 1 }, contains = "x" }, { claim = { a = "b" }, contains = "x" }, { claim = "a", contains = "" },
	{ claim = "a", contains = { "x" } }, { claim = "a", contains = true }, { claim = "a", values = "x" },
	{ claim = "a", values = {} }, { claim = "a", values = { 1 } }, { claim = "a", values = { x = "y" } },
	{ claim = "a", values = { "x", nil, "y" } }, { claim = { "a", nil, "b" }, contains = "x" },
	{ claim = "a", values = { "x" }, contains = "x" }, { claim = "a", contains = "x", else_ = true }, { claim = 1, contains = "x" },
};

describe("meetauth.dialect.jitsi.claimrule", function ()
	for _, case in ipairs(cases) do
		it(("says %s to %s"):format(case[4] and "yes" or "no", case[1]), function ()
			assert.equal(case[2], claimrule.kind.read(case[2]));
			assert.equal(case[4], claimrule.holds(case[2], case[3]));
		end);
	end

	it("says itself in words, and what it finds", function ()
		local rule = { claim = { "realm.x", "roles" }, contains = "staff" };
		assert.equal("realm.x.roles contains staff", claimrule.words(rule));
		assert.equal("role is teaching or true", claimrule.words({ claim = "role", values = { "teaching", true } }));
		assert.same({ "a" }, claimrule.found(rule, { ["realm.x"] = { roles = { "a" } } }));
		assert.is_nil(claimrule.found(rule, { ["realm.x"] = "roles" }));
	end);

	it("knows what is no rule", function ()
		for i, rule in ipairs(wrong) do assert.is_nil(claimrule.kind.read(rule), i); end
		assert.is_nil(claimrule.kind.read(true));
	end);
end);
