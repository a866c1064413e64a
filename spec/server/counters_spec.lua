-- A family that keeps what it was asked for.
local function family()
	local asked = {};
	return { asked = asked, with_labels = function (_, ...)
		local metric = { labels = { ... }, n = select("#", ...), value = 0 };
		asked[#asked + 1] = metric;
		return metric;
	end };
end

local counters = require "meetauth.server.counters";

describe("meetauth.server.counters", function ()
	it("looks up each set of labels once", function ()
		local of_family = family();
		local metric = counters.of(of_family);
		local first = metric("jitsi", "portal", "expired");
		assert.equal(first, metric("jitsi", "portal", "expired"));
		assert.not_equal(first, metric("jitsi", "portal", "malformed"));
		assert.not_equal(first, metric("jitsi", "school", "expired"));
		assert.equal(3, #of_family.asked);
		assert.same({ "jitsi", "portal", "expired" }, first.labels);
	end);

	it("gives a family of two labels two", function ()
		local of_family = family();
		local metric = counters.of(of_family);
		assert.equal(metric("daily", "acme"), metric("daily", "acme"));
		assert.same({ 2, 1 }, { of_family.asked[1].n, #of_family.asked });
	end);

	it("tells an entry from one of its name that has another dialect", function ()
		local metric = counters.of(family());
		assert.same({ "jitsi", "one" }, metric("jitsi", "one").labels);
		assert.same({ "daily", "one" }, metric("daily", "one").labels);
	end);
end);
