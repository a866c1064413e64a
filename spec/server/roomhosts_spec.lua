-- Which rooms belong to which host.

local roomhosts = require "meetauth.server.roomhosts";

local function options(given) return function (name) return given[name]; end; end

describe("the rooms of a host", function ()
	local cases = {
		{ {}, "conference.meet.example" };
		{ { muc_mapper_domain_prefix = "muc" }, "muc.meet.example" };
		{ { muc_mapper_domain = "rooms.example" }, "rooms.example" };
		{ { muc_mapper_domain = "rooms.example", muc_mapper_domain_prefix = "muc" }, "rooms.example" };
		{ { muc_mapper_domain = {}, muc_mapper_domain_prefix = true }, "conference.meet.example" };
	};
	for i, case in ipairs(cases) do
		it(("are at %s (%d)"):format(case[2], i), function ()
			assert.equal(case[2], roomhosts.main_of(options(case[1]), "meet.example"));
		end);
	end
end);

describe("the host of a component's rooms", function ()
	local cases = {
		{ {}, "conference.meet.example", "meet.example" };
		{ {}, "conference", nil };
		{ { muc_mapper_domain_base = "Other.Example" }, "conference.meet.example", "other.example" };
		{ { muc_mapper_domain_base = 7 }, "conference.meet.example", "meet.example" };
	};
	for _, case in ipairs(cases) do
		it(("%s is %s"):format(case[2], tostring(case[3])), function ()
			assert.equal(case[3], roomhosts.base_of(options(case[1]), case[2], string.lower));
		end);
	end
end);

describe("the tenant in the name of a component", function ()
	local cases = {
		{ "conference.acme.meet.example", "conference.meet.example", "meet.example", "acme" };
		{ "conference.a.b.meet.example", "conference.meet.example", "meet.example", "a.b" };
		{ "muc.acme.meet.example", "muc.meet.example", "meet.example", "acme" };
		{ "conference.meet.example", "conference.meet.example", "meet.example", nil };
		{ "conference..meet.example", "conference.meet.example", "meet.example", nil };
		{ "breakout.acme.meet.example", "conference.meet.example", "meet.example", nil };
		{ "conference.acme.other.example", "conference.meet.example", "meet.example", nil };
		{ "conference.acme.meet.example", "rooms.example", "meet.example", nil };
	};
	for _, case in ipairs(cases) do
		it(("%s is %s, where rooms are at %s"):format(case[1], tostring(case[4]), case[2]), function ()
			assert.equal(case[4], roomhosts.tenant_of(case[1], case[2], case[3]));
		end);
	end
end);
