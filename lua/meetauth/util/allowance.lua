--- A limit for events that outsiders cause: a number at first, and then a number per second. Pure: the clock is an
-- argument.

local allowance = {};

---@param most integer   at one time
---@param now fun(): number  may be set back: that gives nothing
---@return fun(seconds: number): boolean may whether one may be now, where one more may be after so many seconds; it is then
--   booked for that time
function allowance.new(most, now)
	local left, since = most, now();
	return function (seconds)
		local moment = now();
		left, since = math.min(left + math.max(moment - since, 0) / seconds, most), moment;
		if left < 1 then return false; end
		left = left - 1;
		return true;
	end;
end

return allowance;
