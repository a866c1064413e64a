--- Fails every allocation of every path in turn, once alone and once with all that follow, and looks at what
--- comes back: an error value, never a yes to what is bad, nothing lost, and the path works again afterwards.
-- Run by alloc.c, whose functions and step (look at every step-th allocation) it is given.

local attempt, live, step = ...;

package.path = "lua/?.lua;lua/?/init.lua;./?.lua";

local by_word = require "meetauth.reasons".by_word;
local paths = require "spec.alloc.paths";
local is_same = require "spec.alloc.same";

local POINTS_MAX = 20000; -- allocations of one path
local LOADING = 400;      -- allocations: no call on a prepared key makes as many; what makes more keeps nothing
local ENOUGH = math.maxinteger;

local only = os.getenv("ALLOC_PATH"); -- a part of a path's name
local problems, points = {}, 0; -- problems: a list, and by what they say

-- What is wrong at many points of one path in the same way is one problem.
local function problem(path, n, mode, what)
	local text = ("%s: %s (%s)"):format(path.name, what, mode);
	local known = problems[text];
	if not known then
		known = { text = text, first = n, count = 0 };
		problems[text], problems[#problems + 1] = known, known;
	end
	known.last, known.count = n, known.count + 1;
end

-- Memory in use when everything that can be collected is; more than 'expected' only if it stays so, as Lua
-- gives its call records back by halves.
local function settled(expected)
	for _ = 1, 8 do
		collectgarbage();
		local blocks = live();
		if blocks <= expected then return blocks; end
	end
	return live();
end

-- What is wrong with the outcome of a path while memory was short; nil where nothing is. 'usual' is what it
-- gives where there is enough. A no to what is good is OpenSSL's failure; what is bad may be called by any word.
local function wrong(path, usual, ok, result, reason)
	if not ok then
		return type(result) ~= "string" and "raised no text"
			or not (result:find("not enough memory", 1, true) or result:find("stack overflow", 1, true)) and "raised: " .. result
			or nil;
	end
	if result then
		return not path.good and "accepted what is bad" or not (path.is_sound or is_same)(result, usual) and "another result"
			or nil;
	end
	if not by_word[reason] then return "no word of the list: " .. tostring(reason); end
	return path.good and reason ~= "engine-failure" and reason ~= path.swallowed and "blamed what is good: " .. reason or nil;
end

local function check_without_faults(path, n, mode)
	local _, ok, result, reason = attempt(path.run, ENOUGH, false);
	if not ok then
		problem(path, n, mode, "then raised: " .. tostring(result));
	elseif not result == path.good then
		problem(path, n, mode, "then answered " .. tostring(result) .. ", " .. tostring(reason));
	end
end

-- Let the n-th allocation fail, and look at what comes back and whether all is well afterwards. How many failed.
local function fail_at(path, n, mode, usual)
	local failed, ok, result, reason = attempt(path.run, n, mode == "and all after");
	local what = failed > 0 and wrong(path, usual, ok, result, reason);
	if what then problem(path, n, mode, what); end
	if n < LOADING or n % 50 == 0 then check_without_faults(path, n, mode); end
	return failed;
end

local function drive(path, mode)
	-- OpenSSL may blind an RSA key wrongly after a failure within a signature, until it does so anew at the 32nd.
	for _ = 1, 33 do check_without_faults(path, 0, "warming up"); end
	local usual = path.run();
	if path.good then assert((path.is_sound or is_same)(path.run(), usual), path.name); end
	local before = 0;
	for n = 1, 8 do -- what Lua keeps of a failure, it keeps once
		fail_at(path, n, mode, usual);
		before = math.max(before, settled(before));
	end
	for n = 1, POINTS_MAX, step do
		if fail_at(path, n, mode, usual) == 0 then return; end
		points = points + 1;
		local after = settled(before);
		if after > before then
			problem(path, n, mode, ("%d blocks more than before"):format(after - before));
			before = settled(0); -- the problem is told in blocks, too
		end
	end
	problem(path, POINTS_MAX, mode, "more allocations than are looked at");
end

for _, path in ipairs(paths) do
	if not only or path.name:find(only, 1, true) then
		for _, mode in ipairs({ "alone", "and all after" }) do drive(path, mode); end
	end
end

print(("%d points of failure in %d paths"):format(points, #paths));
for _, known in ipairs(problems) do
	print(("%s: %d times, allocations %d to %d"):format(known.text, known.count, known.first, known.last));
end
if problems[1] then error(("%d problems"):format(#problems), 0); end
