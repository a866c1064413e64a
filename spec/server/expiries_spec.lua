local expiries = require "meetauth.server.expiries";

local now = 1700000000;

-- Sorted, for the order is anyone's.
local function due(all, at, count_max)
	local list = all:due(at, count_max or 100);
	table.sort(list);
	return table.concat(list, " ");
end

describe("what ends", function ()
	it("is told once it has ended, and once", function ()
		local all = expiries.new();
		all:add("a", now);
		all:add("b", now + 1);
		all:add("c", now + 5000);
		assert.equal("", due(all, now - 1));
		assert.equal("a", due(all, now));
		assert.equal("", due(all, now));
		assert.equal("b c", due(all, now + 6000));
		assert.same({}, all.spans);
	end);

	it("is told in portions, and nothing is left out", function ()
		local all, told = expiries.new(), {};
		for i = 1, 1000 do all:add("n" .. i, now + i % 50 * 60); end
		for _ = 1, 10 do
			local part = all:due(now + 3000, 100);
			assert.equal(100, #part);
			for _, name in ipairs(part) do
				assert.is_nil(told[name]);
				told[name] = true;
			end
		end
		assert.equal("", due(all, now + 3000));
	end);

	it("is told as often as it was noted", function ()
		local all = expiries.new();
		all:add("a", now);
		all:add("a", now + 10);
		assert.equal("a", due(all, now));
		assert.equal("a", due(all, now + 10));
	end);

	it("is not looked at while its span has not begun", function ()
		local all = expiries.new();
		for i = 1, 10000 do all:add("n" .. i, now + 100000); end
		local steps = 0;
		debug.sethook(function () steps = steps + 1; end, "", 1);
		all:due(now, 100);
		debug.sethook();
		assert.is_true(steps < 100, steps);
	end);
end);
