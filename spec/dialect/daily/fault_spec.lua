-- What is wrong with a Daily token's claims: there is a fault whenever they give no grant, and it names a claim.

local core = require "meetauth.core";
local dailyread = require "meetauth.dialect.daily.read";
local fault = require "meetauth.dialect.daily.fault";
local hostile = require "spec.support.hostile";

local entry = { domain_id = "d", room = "required", user_prefix = "" };
local either = { domain_id = "d", room = "tenant", user_prefix = "", claim_names = "either", strict = true };

local function with(changes)
	local all = { d = "d", r = "standup" };
	for name, value in pairs(changes) do all[name] = value; end
	return all;
end

local cases = {
	{ "none, in good claims", with({}), nil };
	{ "a star in r", with({ r = "*" }), "r" }; { "r as null", with({ r = core.null }), "r" };
	{ "no r", { d = "d" }, "r" }; { "another domain", { d = "e", r = "x" }, "d" };
	{ "o as text", with({ o = "true" }), "o" };
	{ "a permission that is none", with({ p = { hp = 7 } }), "p.hp" };
	{ "a rule that is none", with({ p = { cr = { b = 7 } } }), "p.cr" };
	{ "a mode that is none", with({ er = 7 }), "er" }; { "who is not seen", with({ p = { hp = false } }), "p.hp" };
	{ "none, in an owner's permissions", with({ o = true, p = { hp = false } }), nil };
	{ "two spellings that disagree", with({ o = true, is_owner = false }), "claim_names", either };
	{ "two spellings in p that disagree", with({ p = { hp = true, hasPresence = false } }), "p", either };
	{ "a long name's value", with({ is_owner = "x" }), "is_owner", either };
	{ "what nobody knows, where that counts", with({ mine = 1 }), "strict", either };
	{ "a rule that no server keeps, where that counts", with({ p = { cr = { u = { x = false } } } }), "p.cr", either };
};

describe("meetauth.dialect.daily.fault", function ()
	for _, case in ipairs(cases) do
		it("finds " .. case[1], function ()
			local found = fault.of(case[2], case[4] or entry);
			assert.equal(case[3], found and found.claim);
			assert.is_true(found == nil or #found.expected > 0);
		end);
	end

	it("finds one in all claims that give no grant, and changes none", function ()
		local refused = 0;
		local text = core.encode(with({ o = false, ud = "u", er = "cloud", eje = 60, is_owner = false, k = true,
			p = { hp = true, cs = "v,a", ca = false, cr = { u = { x = { v = true } } } } }));
		for bent in hostile.tokens(text, 22, 1500) do
			local claims = core.decode(bent);
			for _, of in ipairs(type(claims) == "table" and { entry, either } or {}) do
				local found = fault.of(claims, of);
				assert.same(core.decode(bent), claims);
				if not dailyread.grant(core.decode(bent), of) then
					refused = refused + 1;
					assert.is_string(found.claim);
					assert.is_string(found.expected);
				end
			end
		end
		assert.is_true(refused > 10, refused);
	end);
end);
