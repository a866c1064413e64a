--- Which specs run for a fault, in which order, for each way to run them (runs.lua): first those that are most likely to
-- notice it, last what takes long.

local order = {};

local TREE = "build/mutate/tree";

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local function list_of(pattern)
	local list = {};
	local pipe <close> = assert(io.popen(("cd %s && ls %s"):format(TREE, pattern)));
	for path in pipe:lines() do list[#list + 1] = path; end
	return list;
end

local function count(text, word)
	return select(2, text:gsub("%f[%w_]" .. word .. "%f[^%w_]", ""));
end

-- The file's name without folders and endings: what its spec is called by.
local function noun_of(path)
	return path:match("([^/]+)$"):match("^[^.]+");
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
	local noun, folders = noun_of(path), path:match("meetauth/(.*)/[^/]*$") or "";
	local spec_noun = noun_of(spec):gsub("_spec$", "");
	if spec_noun == noun or spec_noun == folders:match("[^/]+$") then return 0; end
	local is_near = spec:match("^spec/([^/]+)/") == (folders:match("^[^/]+") or "");
	if count(text_of(spec), noun) > 0 and (is_near or slowness(text_of(spec)) < 2) then return 1; end
	return is_near and 2 or 3;
end

--- The unit specs, for a fault in the file at this path.
---@param path string
---@return string[]
function order.plain(path)
	return sorted(list_of("spec/*_spec.lua spec/*/*_spec.lua"), function (spec)
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
	return sorted(list_of("spec/prosody/*.test.mjs"), function (spec)
		return spec:find(noun, 1, true) and 0 or 1, spec:find(kind, 1, true) and 0 or 1, -count_live(spec, noun),
			-count_live(spec, module);
	end);
end

return order;
