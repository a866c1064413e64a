-- A wall clock that is set, with both clocks by hand.

local clockstep = require "meetauth.server.clockstep";

local wall, steady;

local function pass(seconds) wall, steady = wall + seconds, steady + seconds; end
local function set(seconds) wall = wall + seconds; end
local function read_wall() return wall; end
local function read_steady() return steady; end

describe("meetauth.server.clockstep", function ()
	before_each(function () wall, steady = 1700000000.25, 12.5; end);

	it("tells of each step once, ahead and back", function ()
		local stepped = clockstep.new(read_wall, read_steady);
		assert.equal(0, stepped());
		pass(3600);
		assert.equal(0, stepped());
		set(86400);
		pass(5);
		assert.equal(86400, stepped());
		assert.equal(0, stepped());
		set(-90000);
		assert.equal(-90000, stepped());
		assert.equal(0, stepped());
	end);

	it("takes what clocks are kept right by for no step until it has become one", function ()
		local stepped = clockstep.new(read_wall, read_steady);
		set(0.5);
		assert.equal(0, stepped());
		set(0.75);
		assert.equal(1.25, stepped());
	end);

	it("tells a moment by the clock as it stands now", function ()
		set(7200);
		local joined = steady;
		pass(10);
		assert.equal(wall - 10, clockstep.told(joined, read_wall, read_steady));
		set(-3600);
		assert.equal(wall - 10, clockstep.told(joined, read_wall, read_steady));
		pass(0.5);
		assert.equal(wall - 10.5, clockstep.told(joined, read_wall, read_steady));
	end);

	it("doubts a step of one second, and none that is less", function ()
		local settled = clockstep.settled(read_wall, read_steady, 600);
		set(0.75);
		assert.is_true(settled());
		set(0.25);
		assert.is_false(settled());
	end);

	it("is settled but for a while after a step ahead", function ()
		local settled = clockstep.settled(read_wall, read_steady, 600);
		assert.is_true(settled());
		set(-3600);
		assert.is_true(settled());
		set(3600);
		assert.is_false(settled());
		pass(599);
		assert.is_false(settled());
		set(-3600); -- put right: what was doubted stays so
		assert.is_false(settled());
		pass(1);
		assert.is_true(settled());
	end);
end);
