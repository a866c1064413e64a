local lasthour = require "meetauth.server.lasthour";

local NOW = 1700000000;

local function all() return true; end

describe("meetauth.server.lasthour", function ()
	it("counts by reason, on the hosts that are wanted", function ()
		local store = {};
		lasthour.note(store, NOW, "a", "expired");
		lasthour.note(store, NOW + 1, "a", "expired");
		lasthour.note(store, NOW + 600, "a", "malformed");
		lasthour.note(store, NOW + 600, "b", "expired");
		assert.same({ expired = 3, malformed = 1 }, lasthour.counts(store, NOW + 600, all));
		assert.same({ expired = 2, malformed = 1 }, lasthour.counts(store, NOW + 600, function (host) return host == "a"; end));
	end);

	it("forgets what is an hour ago", function ()
		local store = {};
		lasthour.note(store, NOW, "a", "expired");
		assert.same({ expired = 1 }, lasthour.counts(store, NOW + 3500, all));
		assert.same({}, lasthour.counts(store, NOW + 3660, all));
		lasthour.note(store, NOW + 3600, "a", "malformed");
		assert.same({ malformed = 1 }, lasthour.counts(store, NOW + 3660, all));
	end);

	it("counts nothing of a time that is still to come, when the clock was set back", function ()
		local store = {};
		lasthour.note(store, NOW, "a", "expired");
		assert.same({}, lasthour.counts(store, NOW - 600, all));
	end);

	it("has sixty minutes at most, however long it counts", function ()
		local store = {};
		for i = 1, 500 do lasthour.note(store, NOW + 30 * i, "a", "expired"); end
		local slots = 0;
		for _ in pairs(store) do slots = slots + 1; end
		assert.equal(60, slots);
	end);
end);
