--- make mutate: small faults, one at a time, in a copy of the sources; which of them does no spec notice?
-- mutate.lua COUNT SEED [live]. A seed gives the same faults as long as their lines are the same.

local alike = require "spec.mutate.alike";
local faults = require "spec.mutate.faults";
local order = require "spec.mutate.order";
local runs = require "spec.mutate.runs";
local tree = require "spec.mutate.tree";

local count, seed = math.tointeger(arg[1]), math.tointeger(arg[2]);
local is_live = arg[3] == "live";
if not count or not seed then
	io.stderr:write("usage: make mutate COUNT=50 SEED=1 [LIVE=1]\n");
	os.exit(2);
end

local places = is_live and "lua/mod_* -name '*.lua'" or "src lua/meetauth -name '*.c' -o -name '*.lua'";

-- All faults there are, each with its file and its lines.
local function all_faults()
	local list = {};
	for _, path in ipairs(tree.sources(places)) do
		local source = tree.read(path);
		for _, fault in ipairs(faults.of(source, path:find("%.c$") and "c" or "lua")) do
			local before, after = faults.lines(source, fault);
			list[#list + 1] = { path = path, fault = fault, before = before, after = after };
		end
	end
	return list;
end

local function name_of(place)
	return table.concat({ place.path, place.before, place.after }, "\0");
end

-- 64 bits of a text (FNV-1a, and Murmur's last step).
local function hash_of(text)
	local hash = 0xCBF29CE484222325;
	for i = 1, #text do hash = (hash ~ text:byte(i)) * 0x100000001B3; end
	hash = (hash ~ hash >> 33) * 0xFF51AFD7ED558CCD;
	hash = (hash ~ hash >> 33) * 0xC4CEB9FE1A85EC53;
	return hash ~ hash >> 33;
end

-- In an order that the seed gives to each by itself, so that a change of the sources elsewhere leaves it as it is.
local function shuffled(list)
	local times = {}; -- the same line may stand in a file more than once
	for _, place in ipairs(list) do
		local name = name_of(place);
		times[name] = (times[name] or 0) + 1;
		place.rank = hash_of(("%d %d %s"):format(seed, times[name], name));
	end
	table.sort(list, function (a, b) return a.rank < b.rank; end);
	return list;
end

-- Which rows of the list fit, by name; and those that do not, of files that are looked at.
local function listed_among(list)
	local rows, there = {}, {};
	for _, place in ipairs(list) do there[name_of(place)] = true; end
	for _, row in ipairs(alike) do
		local name = name_of({ path = row.file, before = row.before, after = row.after });
		if there[name] then rows[name] = row; end
	end
	local stale = {};
	for _, row in ipairs(alike) do
		if not rows[name_of({ path = row.file, before = row.before, after = row.after })]
			and (row.file:find("^lua/mod_") ~= nil) == is_live then
			stale[#stale + 1] = row;
		end
	end
	return rows, stale;
end

local function say(...)
	io.write(string.format(...), "\n");
	io.flush();
end

local function at(place)
	return ("%s:%d: %s"):format(place.path, place.fault.line, place.fault.what);
end

local sound = {};   -- whether a spec passes without a fault, by the way it is run and its path
local unsound = {}; -- the names of those that do not

-- A spec that fails without the fault, too, has noticed nothing.
local function is_sound(outcome, how)
	if not outcome.spec then error("the specs do not run; see build/mutate/stderr", 0); end
	local name = how .. " " .. outcome.spec;
	if sound[name] == nil then
		sound[name] = not runs[how]({ outcome.spec }).noticed;
		if not sound[name] then unsound[#unsound + 1] = name; end
	end
	return sound[name];
end

local ways = { c = { "plain", "sanitized", "alloc", "growth" }, lua = { "plain", "growth" }, live = { "live" } };

-- What a way runs, in order, but for what fails by itself.
local function list_for(place, how)
	local list = {};
	for _, spec in ipairs(order[how](place.path)) do
		if sound[how .. " " .. spec] ~= false then list[#list + 1] = spec; end
	end
	return list;
end

local tells_times = { growth = true, live = true }; -- what fails there once may have failed by itself

local function from_behind(list, spec)
	local rest, is_behind = {}, false;
	for _, other in ipairs(list) do
		if is_behind then rest[#rest + 1] = other; end
		is_behind = is_behind or other == spec;
	end
	return rest;
end

-- Run the specs of a list until one notices, and keeps to it where a busy machine might have been the reason.
local function run(list, how)
	while list[1] do
		local outcome = runs[how](list);
		if not outcome.noticed then return nil; end
		if not tells_times[how] or runs[how]({ outcome.spec }).noticed then return outcome; end
		list = from_behind(list, outcome.spec);
	end
	return nil;
end

-- Run the specs, one way after the other, until one notices the fault that is planted.
local function try(place)
	for _, how in ipairs(is_live and ways.live or place.path:find("%.c$") and ways.c or ways.lua) do
		if how == "sanitized" then assert(tree.build("sanitized"), "does not compile for the sanitizers"); end
		local outcome = run(list_for(place, how), how);
		if outcome then return outcome, how; end
	end
end

-- Plant, try and take out. compiles: false where it is no fault.
local function judge(place)
	local outcome, how;
	repeat
		local undo, compiles = tree.plant(place.path, place.fault);
		if compiles then outcome, how = try(place); end
		undo();
		if not compiles then return false; end
	until not outcome or is_sound(outcome, how);
	return true, outcome, how;
end

local function report(place, outcome, how, seconds)
	if not outcome then
		say("NOT NOTICED  %s  (%d s)\n  before: %s\n  after:  %s", at(place), seconds, place.before, place.after);
	else
		say("noticed      %s  by %s%s: %s  (%d s)", at(place), outcome.spec, how == "sanitized" and ", under the sanitizers" or "",
			outcome.test or "ended or broken down", seconds);
	end
end

tree.make();
local candidates = all_faults();
local listed, stale = listed_among(candidates);
local survivors, noticed, sanitized, left_out, broken = {}, 0, 0, 0, 0;

for _, place in ipairs(shuffled(candidates)) do
	if noticed + #survivors == count then break; end
	local row = listed[name_of(place)];
	if row then
		left_out = left_out + 1;
		say("listed       %s  (%s)", at(place), row.why);
	else
		local started = os.time();
		local compiles, outcome, how = judge(place);
		if not compiles then
			broken = broken + 1;
		else
			report(place, outcome, how, os.time() - started);
			if outcome then noticed = noticed + 1; else survivors[#survivors + 1] = place; end
			if how == "sanitized" then sanitized = sanitized + 1; end
		end
	end
end

say("\nseed %d: %d faults, %d noticed (%d of them only under the sanitizers), %d not noticed; %d listed, %d did not compile",
	seed, noticed + #survivors, noticed, sanitized, #survivors, left_out, broken);
for _, place in ipairs(survivors) do say("not noticed: %s\n  %s\n  %s", at(place), place.before, place.after); end
for _, row in ipairs(stale) do
	say("stale row of spec/mutate/alike.lua: %s\n  %s\n  %s", row.file, row.before, row.after);
end
for _, name in ipairs(unsound) do say("fails without a fault, and was left out: %s", name); end
os.exit(#survivors == 0 and #stale == 0 and #unsound == 0);
