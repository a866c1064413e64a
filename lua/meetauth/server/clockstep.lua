--- How far the wall clock was set, seen from a clock that never is. Timers count the seconds that pass, tokens name
-- moments of the wall clock: where that is set, what was counted from one to the other has to be counted anew.
-- Pure: both clocks are handed in.

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

--- A moment that was noted by the steady clock, as the wall clock tells it now: whenever that was set, before the
-- moment or since, the time that has passed is right.
---@param moment number  by the steady clock
---@param wall fun(): number
---@param steady fun(): number
---@return number seconds since the epoch
function clockstep.told(moment, wall, steady)
	return moment + (wall() - steady());
end

--- Whether to believe that a moment is over for good: not while the wall clock has just been set ahead, perhaps wrongly.
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
