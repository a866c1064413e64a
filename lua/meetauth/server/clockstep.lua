--- How far the wall clock was set, seen from a clock that never is. Timers count the seconds that pass, tokens name moments
-- of the wall clock. When that clock is set, the seconds to these moments must be counted again. Pure: both clocks are
-- handed in.

local clockstep = {};

local STEP_MIN = 1; -- seconds: less is how clocks are kept right

---@param wall fun(): number    seconds since the epoch
---@param steady fun(): number  seconds that have passed since any moment
---@return fun(): number stepped  seconds by which the wall clock was set since the last call; below 0: back
function clockstep.new(wall, steady)
	local distance = wall() - steady();
	return function ()
		local by = wall() - steady() - distance;
		if math.abs(by) < STEP_MIN then return 0; end
		distance = distance + by;
		return by;
	end;
end

--- A moment that was noted by the steady clock, as the wall clock tells it now. The passed time is right, even if the wall
-- clock was set before or after that moment.
---@param moment number  by the steady clock
---@param wall fun(): number
---@param steady fun(): number
---@return number seconds since the epoch
function clockstep.told(moment, wall, steady)
	return moment + (wall() - steady());
end

--- Whether to believe that a moment has passed permanently: not while the wall clock has just been set ahead, perhaps
-- wrongly.
---@param wall fun(): number
---@param steady fun(): number
---@param doubt number  seconds without a step ahead
---@return fun(): boolean settled
function clockstep.settled(wall, steady, doubt)
	local stepped, believed_from = clockstep.new(wall, steady), steady();
	return function ()
		if stepped() > 0 then believed_from = steady() + doubt; end
		return steady() >= believed_from;
	end;
end

return clockstep;
