--- Which specs run for a fault, in which order, for each way to run them (runs.lua): first those that are most likely to
-- notice it, last what takes long.

local order = {};

local TREE = "build/mutate/tree";

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local function list_of(places)
	local list = {};
	local pipe <close> = assert(io.popen(("cd %s && find %s -not -path '*/node_modules/*'"):format(TREE, places)));
	for path in pipe:lines() do list[#list + 1] = path; end
	return list;
end

local function count(text, word)
	return select(2, text:gsub("%f[%w_]" .. word .. "%f[^%w_]", ""));
end

-- The file's name without folders and endings: what live specs and those of the core call it.
local function noun_of(path)
	return path:match("([^/]+)$"):match("^[^.]+");
end

-- Where the spec of a source stands: at the same place below spec/.
local function own_of(path)
	return ("spec/%s_spec.lua"):format((path:gsub("^lua/meetauth/", ""):gsub("%.%a+$", "")));
end

-- What specs have in their text that name a source.
local function named(text, path)
	local module = path:match("^lua/(.*)%.lua$");
	if not module then return count(text, noun_of(path)) > 0; end
	return text:find(("%q"):format((module:gsub("/", "."))), 1, true) ~= nil;
end

local texts = {};
local function text_of(path)
	texts[path] = texts[path] or read(TREE .. "/" .. path);
	return texts[path];
end

-- Sort by the first of these numbers that differ, the smallest first; then by name.
local function sorted(paths, numbers)
	local by_path = {};
	for _, path in ipairs(paths) do by_path[path] = { numbers(path) }; end
	table.sort(paths, function (a, b)
		for i, number in ipairs(by_path[a]) do
			if number ~= by_path[b][i] then return number < by_path[b][i]; end
		end
		return a < b;
	end);
	return paths;
end

-- Specs that start many processes take longest.
local function slowness(text)
	if text:find("#command", 1, true) then return 2; end
	return text:find("spec.support.openssl", 1, true) and 1 or 0;
end

-- How far a unit spec is from a fault in the file at this path: its own and that of its folder; those that name it; those
-- beside them; the others.
local function distance(spec, path)
	if spec == own_of(path) then return 0; end
	local folders = path:match("meetauth/(.*)/[^/]*$");
	if folders and spec:match("^spec/(.*)/[^/]*$") == folders then return 1; end
	local is_near = spec:match("^spec/([^/]+)/") == (folders or ""):match("^[^/]*");
	local text = text_of(spec);
	if named(text, path) and (is_near or slowness(text) < 2) then return 1; end
	return is_near and 2 or 3;
end

--- The unit specs, for a fault in the file at this path.
---@param path string
---@return string[]
function order.plain(path)
	return sorted(list_of("spec -name '*_spec.lua'"), function (spec)
		return distance(spec, path), slowness(text_of(spec));
	end);
end

order.sanitized, order.growth = order.plain, order.plain;

function order.alloc() return { "spec/alloc" }; end

-- How often a live spec names something, also in what it imports.
local function count_live(spec, noun)
	local times = count(text_of(spec):lower(), noun);
	for name in text_of(spec):gmatch('from "%./support/([%w_]+%.mjs)"') do
		times = times + count(text_of("spec/prosody/support/" .. name):lower(), noun);
	end
	return times;
end

--- The live specs, for a fault in a file of a Prosody module: those that are called by what it is about, then those
-- that speak of it most.
---@param path string
---@return string[]
function order.live(path)
	local noun = noun_of(path):gsub("^mod_", "");
	local module, kind = path:match("mod_((%l+)[%w_]*)/");
	return sorted(list_of("spec/prosody -name '*.test.mjs'"), function (spec)
		return spec:find(noun, 1, true) and 0 or 1, spec:find(kind, 1, true) and 0 or 1, -count_live(spec, noun),
			-count_live(spec, module);
	end);
end

return order;
