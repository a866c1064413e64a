--- Whether what is done with an outsider's text takes a time that grows as the text does: beside a text four times as
-- short, in the same run. Where it grows as the square, it is sixteen times as much.

local growth = {};

local LONG = 60000; -- bytes: enough for a square to be seen from far away
local ROUNDS = 5;

local function seconds(run, text)
	local best = math.huge;
	for _ = 1, ROUNDS do
		local started = os.clock();
		run(text);
		best = math.min(best, os.clock() - started);
	end
	return best;
end

--- How many times as long the longer text takes.
---@param run fun(text: string)
---@param make fun(size: integer): string
---@return number
function growth.of(run, make)
	local short, long = seconds(run, make(LONG // 4)), seconds(run, make(LONG));
	return long / math.max(short, 0.00002); -- less than that is nothing but noise
end

growth.LINEAR = 9; -- between 4 and 16

return growth;
