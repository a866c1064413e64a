-- How often something may happen, with a clock by hand.

local allowance = require "meetauth.util.allowance";

local time;

-- How many of ten may be now.
local function of_ten(may)
	local count = 0;
	for _ = 1, 10 do count = count + (may(60) and 1 or 0); end
	return count;
end

describe("meetauth.util.allowance", function ()
	local may;

	before_each(function ()
		time = 1000;
		may = allowance.new(3, function () return time; end);
	end);

	it("gives so many at once, and no more", function ()
		assert.equal(3, of_ten(may));
		time = time + 59;
		assert.equal(0, of_ten(may));
	end);

	it("gives one more for each stretch of time, also where it was asked in between", function ()
		of_ten(may);
		for _ = 1, 3 do
			time = time + 30;
			assert.equal(0, of_ten(may));
			time = time + 30;
			assert.equal(1, of_ten(may));
		end
		time = time + 120;
		assert.equal(2, of_ten(may));
	end);

	it("saves no more than that up", function ()
		of_ten(may);
		time = time + 100000;
		assert.equal(3, of_ten(may));
	end);

	it("gives nothing for a clock that was set back, and goes on from there", function ()
		of_ten(may);
		time = time - 500;
		assert.equal(0, of_ten(may));
		time = time + 60;
		assert.equal(1, of_ten(may));
	end);
end);
