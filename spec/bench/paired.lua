--- Two functions timed in turns, in slices of some milliseconds of CPU time: a busy neighbour slows both, so
-- each slice of the one is compared with the slices of the other before and after it.

local cpu = require "floor".cpu;

local paired = {};

local function slice(f, inputs, seconds)
	local n, i = #inputs, 0;
	collectgarbage();
	local start = cpu();
	local spent;
	repeat
		for _ = 1, 8 do
			i = i + 1;
			f(inputs[i % n + 1]);
		end
		spent = cpu() - start;
	until spent >= seconds;
	return spent / i;
end

local function quantile(list, q)
	return list[math.max(1, math.ceil(q * #list))];
end

---@class Ratio
---@field median number
---@field low number    a quarter of the ratios is below
---@field high number   a quarter is above
---@field ours number   seconds a call, the quickest slice
---@field theirs number

--- The ratio of 'ours' to 'theirs' over the same inputs.
---@param ours function
---@param theirs function
---@param inputs any[]
---@param options { slice: number, slices: integer }
---@return Ratio
function paired.ratio(ours, theirs, inputs, options)
	slice(ours, inputs, options.slice);
	local before = slice(theirs, inputs, options.slice);
	local ratios, quick, quick_other = {}, math.huge, before;
	for i = 1, options.slices do
		local mine = slice(ours, inputs, options.slice);
		local after = slice(theirs, inputs, options.slice);
		ratios[i] = 2 * mine / (before + after);
		quick, quick_other = math.min(quick, mine), math.min(quick_other, after);
		before = after;
	end
	table.sort(ratios);
	return {
		median = quantile(ratios, 0.5), low = quantile(ratios, 0.25), high = quantile(ratios, 0.75),
		ours = quick, theirs = quick_other,
	};
end

return paired;
