-- What a grant of a Jitsi token opens, and who may be promoted.

local pattern = require "meetauth.room.pattern";
local policy = require "meetauth.access.policy";

local function same(s) return s; end
local place = { base = "meet.example", nfkc = same, fold = string.lower };
local NOW = 1000;

local function grant(fields)
	local g = { dialect = "jitsi", room = "tr", domain = "meet.example",
		check_domain = true, owner = "silent", passes_lobby = false };
	for name, value in pairs(fields) do g[name] = value; end
	if fields.domain == false then g.domain = nil; end
	return g;
end

local cases = {
	{ name = "opens its room", grant = {}, node = "tr" };
	{ name = "opens its room by sub in other letters", grant = { domain = "MEET.example" }, node = "tr" };
	{ name = "refuses another room", grant = {}, node = "other", reason = "room-mismatch" };
	{ name = "refuses another domain", grant = { domain = "other.example" }, node = "tr", reason = "room-mismatch" };
	{ name = "refuses a tenant's room to the domain", grant = {}, node = "[acme]tr", reason = "room-mismatch" };
	{ name = "opens a tenant's room to the tenant", grant = { domain = "ACME" }, node = "[acme]tr" };
	{ name = "refuses the tenant a plain room", grant = { domain = "acme" }, node = "tr", reason = "room-mismatch" };
	{ name = "opens both to any sub", grant = { domain = "*" }, node = "[acme]tr" };
	{ name = "refuses a room claim that names a tenant", grant = { room = "[acme]tr", domain = "*" },
		node = "[acme]tr", reason = "room-mismatch" };
	{ name = "refuses where there is no sub to check", grant = { domain = false }, node = "tr", reason = "room-mismatch" };
	{ name = "opens any room", grant = { room = "*" }, node = "whatever" };
	{ name = "matches a pattern", grant = { room_pattern = pattern.of_lua("t.") }, node = "tx" };
	{ name = "matches a pattern on the name decoded", grant = { room_pattern = pattern.of_glob("\u{E4}*") }, node = "%c3%a4x" };
	{ name = "refuses what a pattern does not match", grant = { room_pattern = pattern.of_lua("t.") },
		node = "tr2", reason = "room-mismatch" };
	{ name = "keeps a pattern within its tenant", grant = { room_pattern = pattern.of_lua("t."), domain = "acme" },
		node = "tr", reason = "room-mismatch" };

	{ name = "unchecked: opens its room to any sub", grant = { check_domain = false, domain = "public.example" }, node = "tr" };
	{ name = "unchecked: opens it without a sub", grant = { check_domain = false, domain = false }, node = "[acme]tr" };
	{ name = "unchecked: opens a tenant's room to the domain", grant = { check_domain = false }, node = "[acme]tr" };
	{ name = "unchecked: never opens another tenant's", grant = { check_domain = false, domain = "zeta" },
		node = "[acme]tr", reason = "room-mismatch" };
	{ name = "unchecked: opens a room named with its tenant", grant = { check_domain = false, room = "[ACME]tr", domain = "acme" },
		node = "[acme]tr" };
	{ name = "unchecked: not to another tenant", grant = { check_domain = false, room = "[acme]tr", domain = "zeta" },
		node = "[acme]tr", reason = "room-mismatch" };

	{ name = "confined: opens the entry's tenant's room", grant = { tenant = "acme" }, node = "[acme]tr" };
	{ name = "confined: no plain room", grant = { tenant = "acme", domain = "*" }, node = "tr", reason = "room-mismatch" };
	{ name = "confined: no other tenant's room", grant = { tenant = "acme", domain = "zeta" },
		node = "[zeta]tr", reason = "room-mismatch" };

	{ name = "refuses an address without a room", grant = { room = "*" }, node = "", reason = "invalid-room-address" };
	{ name = "refuses no address at all", grant = { room = "*" }, reason = "invalid-room-address" };
	{ name = "refuses once it has expired", grant = { expires = NOW }, node = "tr", reason = "expired" };
	{ name = "opens until then", grant = { expires = NOW + 1 }, node = "tr" };
	{ name = "refuses before its time", grant = { not_before = NOW + 1 }, node = "tr", reason = "not-yet-valid" };
};

local tenants = { -- claimed tenant, prefix of the client's address, closed room, check_domain: flag, reason
	{ "Acme", "acme", false, true, false };
	{ "Acme", "zeta", false, true, true };
	{ "Acme", nil, false, true, true };
	{ "Acme", "zeta", true, true, nil, "room-mismatch" };
	{ "Acme", "zeta", true, false, false };
	{ nil, "zeta", true, true, false };
};

describe("meetauth.access.policy, Jitsi's rules", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local decision, reason = policy.enter(grant(case.grant), { node = case.node }, place, NOW);
			assert.equal(case.reason, reason);
			assert.equal(case.reason == nil, decision ~= nil);
		end);
	end

	for i, row in ipairs(tenants) do
		it("looks at the token's tenant beside that of the address, row " .. i, function ()
			local g = grant({ claimed_tenant = row[1], check_domain = row[4] });
			local decision, reason = policy.enter(g, { node = "tr", prefix = row[2], closed = row[3] }, place, NOW);
			assert.equal(row[6], reason);
			assert.equal(row[5], decision and decision.tenant_mismatch);
		end);
	end

	it("makes owners of those to whom it is granted, members of all others", function ()
		for owner, affiliation in pairs({ granted = "owner", denied = "member", silent = "member" }) do
			assert.equal(affiliation, policy.enter(grant({ owner = owner }), { node = "tr" }, place, NOW).affiliation);
		end
	end);

	it("lets nobody but a human promote whom a token denies it", function ()
		assert.is_false(policy.may_promote(grant({ owner = "denied" }), "owner", false));
		assert.is_true(policy.may_promote(grant({ owner = "denied" }), "owner", true));
		assert.is_true(policy.may_promote(grant({ owner = "silent" }), "owner", false));
		assert.is_true(policy.may_promote(grant({ owner = "granted" }), "owner", false));
	end);
end);
