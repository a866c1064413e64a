--- Fails every allocation of every path in turn, once alone and once with all that follow, and looks at what
--- comes back: an error value, never a yes to what is bad, nothing lost, and the path works again afterwards.
-- attempt and live are alloc.c's.

package.path = "lua/?.lua;lua/?/init.lua;./?.lua";

local by_word = require "meetauth.reasons".by_word;
local paths = require "spec.alloc.paths";

local POINTS_MAX = 20000; -- allocations of one path
local ENOUGH = math.maxinteger;

local only = os.getenv("ALLOC_PATH");
local problems, points = {}, 0;

local function problem(path, n, mode, what)
	problems[#problems + 1] = ("%s, allocation %d (%s): %s"):format(path.name, n, mode, what);
end

-- Memory in use when everything that can be collected is. Lua gives its call records back by halves.
local function settled()
	for _ = 1, 8 do collectgarbage(); end
	return live();
end

-- What is wrong with the outcome of a path while memory was short; nil where nothing is.
local function wrong(path, ok, result, reason)
	if not ok then
		return type(result) ~= "string" and "raised no text"
			or not (result:find("not enough memory", 1, true) or result:find("stack overflow", 1, true)) and "raised: " .. result
			or nil;
	end
	if result then return not path.good and "accepted what is bad" or nil; end
	return not by_word[reason] and "no word of the list: " .. tostring(reason) or nil;
end

local function check_without_faults(path, n, mode)
	local _, ok, result, reason = attempt(path.run, ENOUGH, false);
	if not ok then
		problem(path, n, mode, "then raised: " .. tostring(result));
	elseif not result == path.good then
		problem(path, n, mode, "then answered " .. tostring(result) .. ", " .. tostring(reason));
	end
end

local function drive(path, mode)
	for _ = 1, 3 do check_without_faults(path, 0, "warming up"); end
	local before = settled();
	for n = 1, POINTS_MAX do
		local failed, ok, result, reason = attempt(path.run, n, mode == "and all after");
		local what = failed > 0 and wrong(path, ok, result, reason);
		if what then problem(path, n, mode, what); end
		result, reason = nil, nil; -- luacheck: ignore 311 (so that they can be collected)
		if failed == 0 then return; end
		points = points + 1;
		check_without_faults(path, n, mode);
		local after = settled();
		if after > before then
			problem(path, n, mode, ("%d blocks more than before"):format(after - before));
			before = after;
		end
	end
	problem(path, POINTS_MAX, mode, "more allocations than are looked at");
end

for _, path in ipairs(paths) do
	if not only or path.name:find(only, 1, true) then
		for _, mode in ipairs({ "alone", "and all after" }) do drive(path, mode); end
	end
end

print(("%d points of failure in %d paths, %d problems"):format(points, #paths, #problems));
if problems[1] then error(table.concat(problems, "\n", 1, math.min(#problems, 200)), 0); end
