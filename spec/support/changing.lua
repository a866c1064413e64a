-- changing.lua - a table is written whose names a finaliser takes away, or gives more of. It runs at one of the writer's
-- allocations: at the first, at the second, until none is left. A separate process, whose collector has little to do
-- (spec/src/borrowed_spec.lua). Ends with 0 if everything that was written had been in the table. The second line is the
-- count of refused names.

local core = require "meetauth.core";
local with_finaliser = require "spec.support.finaliser";

-- A table of so many names, each a string that nobody else keeps; the value of the first is long enough to want room.
local function of_names(n)
	local all = {};
	for i = 1, n do
		all[("a name that nobody else keeps, of some length, number %02d"):format(i)] = i == 1 and ("x"):rep(3000) or i;
	end
	return all;
end

local change = {};

-- Gives what takes the place of the strings that were let go: it is of their length.
function change.shrink(all)
	local names = {};
	for name in pairs(all) do all[name] = nil; end
	for i = 1, 20 do names[i] = ("\xDB"):rep(55) .. ("%02d"):format(i); end
	return names;
end

function change.grow(all)
	for i = 1, 200 do all["more" .. i] = i; end
	return all;
end

local written, refused = 0, 0;

-- Whether the writer has that many allocations.
local function changes_at(which, n, how)
	local all = of_names(n);
	local kept;
	local ok, text = with_finaliser(function (time)
		if time ~= which then return; end
		kept = change[how](all);
	end, core.encode, all);
	if ok then
		for name in pairs(assert(core.decode(text))) do
			assert(name:find("^a name that nobody else keeps") or name:find("^more"), name);
		end
		written = written + 1;
	else
		assert(text:find("a table changed while it was written", 1, true), text);
		refused = refused + 1;
	end
	return kept ~= nil;
end

for _, n in ipairs({ 3, 16, 17, 40 }) do
	for how in pairs(change) do
		local which = 1;
		while changes_at(which, n, how) do which = which + 1; end
		assert(which > 2, "it allocates nothing");
	end
end
print(written);
print(refused);
