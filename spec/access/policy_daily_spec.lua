local policy = require "meetauth.access.policy";

local now = 1700000000;
local place = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower };

local function daily(fields)
	local grant = { dialect = "daily", check_domain = false, room = "standup", owner = "denied", passes_lobby = true };
	for name, value in pairs(fields or {}) do grant[name] = value; end
	return grant;
end

local function enter(fields, at)
	return policy.enter(daily(fields), { node = "standup" }, place, at or now);
end

describe("meetauth.access.policy.deadline", function ()
	local cases = {
		{ {} };
		{ { expires = now + 5 } }; -- exp alone lets stay
		{ { eject_after = 60 }, now + 60, "time-limit" };
		{ { eject_at = now + 60 }, now + 60, "expired" };
		{ { eject_at = now + 60, eject_after = 30 }, now + 30, "time-limit" };
		{ { eject_at = now + 60, eject_after = 90 }, now + 60, "expired" };
		{ { eject_at = now + 60, eject_after = 60 }, now + 60, "expired" };
		{ { eject_at = now - 60, eject_after = 60 }, now - 60, "expired" };
		{ { eject_at = now + 0.5 }, now + 0.5, "expired" };
		{ { eject_after = 2147483647 }, now + 2147483647, "time-limit" };
	};
	for i, case in ipairs(cases) do
		it(("gives %s (%d)"):format(case[3] or "none", i), function ()
			assert.same({ case[2], case[3] }, { policy.deadline(daily(case[1]), now) });
		end);
	end

	it("counts from joining, with fractions", function ()
		assert.equal(now + 1.75, (policy.deadline(daily({ eject_after = 1 }), now + 0.75)));
	end);

	it("knows no owner", function ()
		assert.equal(now + 1, (policy.deadline(daily({ owner = "granted", eject_after = 1 }), now)));
	end);
end);

describe("meetauth.access.policy.enter on a Daily grant", function ()
	it("is over with the ejection, whatever the leeway", function ()
		assert.is_table(enter({ eject_at = now + 1, expires = now + 11 }));
		assert.same({ nil, "expired" }, { enter({ eject_at = now, expires = now + 10 }) });
		assert.same({ nil, "expired" }, { enter({ eject_at = now - 0.1, expires = now + 10 }) });
		assert.is_table(enter({ expires = now + 10 }));
	end);

	local ranks = {
		{ {}, "member" }; { { admin = "admin" }, "admin" }; { { admin = "owner" }, "owner" }; { { owner = "granted" }, "owner" };
		{ { owner = "granted", admin = "admin" }, "owner" };
	};
	for i, case in ipairs(ranks) do
		it(("makes the bearer %s (%d)"):format(case[2], i), function ()
			assert.equal(case[2], enter(case[1]).affiliation);
		end);
	end

	it("tells who waits at a lobby, and who makes one", function ()
		local function words(fields)
			local decision = enter(fields);
			return { decision.passes_lobby, decision.waits == true, decision.wants_lobby, decision.makes_lobby };
		end
		local knocks = { passes_lobby = false, knocks = true };
		assert.same({ true, false, false, false }, words());
		assert.same({ false, true, false, false }, words(knocks));
		knocks.wants_lobby = true;
		assert.same({ false, true, true, false }, words(knocks));
		knocks.makes_lobby = true;
		assert.same({ false, true, true, true }, words(knocks));
	end);
end);

describe("meetauth.access.policy.may_promote", function ()
	local cases = {
		-- grant, to what, by a human: may it be?
		{ {}, "owner", false, false }; { {}, "admin", false, false }; { {}, "member", false, true }; { {}, "none", false, true };
		{ { admin = "admin" }, "owner", false, false }; { { admin = "admin" }, "admin", false, true };
		{ { admin = "owner" }, "owner", false, true };
		{ { owner = "granted" }, "owner", false, true }; { { owner = "silent" }, "owner", false, true };
		{ {}, "owner", true, true }; { {}, "admin", true, true };
	};
	for _, case in ipairs(cases) do
		local grant = daily(case[1]);
		it(("%s: %s with %s/%s by a %s"):format(case[4] and "yes" or "no", case[2], grant.owner, grant.admin or "none",
			case[3] and "human" or "module"), function ()
			assert.equal(case[4], policy.may_promote(grant, case[2], case[3]));
		end);
	end
end);
