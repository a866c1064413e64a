--- Whether work on an outsider's text takes a time that grows as the text does. It is compared with a text that is sixteen
-- times as short, in one run. Work that grows as the square takes 256 times as long.

local growth = {};

local LONG, TIMES = 60000, 16; -- bytes: enough for a square to be seen from far away
local ROUNDS = 7;
local NOISE = 0.00002; -- seconds: less than that is nothing else

-- Of the processor, at best; without the collector's share, which comes when it comes.
local function seconds(run, text)
	local best = math.huge;
	for _ = 1, ROUNDS do
		collectgarbage("stop");
		local started = os.clock();
		run(text);
		best = math.min(best, os.clock() - started);
		collectgarbage("restart");
	end
	return best;
end

local function grows_below(power, run, make)
	local short, long = seconds(run, make(LONG // TIMES)), seconds(run, make(LONG));
	return long / math.max(short, NOISE) < TIMES ^ power;
end

--- Whether the time grows more as the length does than as its square.
---@param run fun(text: any)
---@param make fun(size: integer): any
---@return boolean
function growth.is_linear(run, make) return grows_below(1.5, run, make); end

--- Whether the time is more the same than as the length is.
---@param run fun(text: any)
---@param make fun(size: integer): any
---@return boolean
function growth.is_constant(run, make) return grows_below(0.5, run, make); end

return growth;
