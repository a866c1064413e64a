--- Which specs run for a fault, in which order, and what they say. The first ones are those that are most likely to notice.

local specs = {};

local TREE = "build/mutate/tree";
local UNIT_SECONDS, LIVE_SECONDS = 900, 300; -- until a run that stands still is ended, on a busy machine, too
local MEGABYTES = 4096;                      -- of memory for each process, and of a file
local CPU_SECONDS = { plain = 30, sanitized = 150 };

local environment = "env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MEETAUTH_PROSODY ";

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

--- The unit specs, for a fault in the file at this path: its own, those that name it, the quick ones, the others.
---@param path string
---@return string[]
function specs.unit(path)
	local noun, folder = noun_of(path), path:match("meetauth/(.-)/?[^/]*$") or "";
	return sorted(list_of("spec/*_spec.lua spec/*/*_spec.lua"), function (spec)
		local text = text_of(spec);
		local is_own = noun_of(spec) == noun .. "_spec";
		local is_near = folder ~= "" and spec:find("spec/" .. folder:match("^[^/]+") .. "/", 1, true) ~= nil;
		local names = count(text, noun) > 0;
		return is_own and 0 or names and (is_near or folder == "") and slowness(text) < 2 and 1 or 2, slowness(text),
			is_near and 0 or 1, names and 0 or 1;
	end);
end

--- The live specs, for a fault in a file of a Prosody module: those that are called by what it is about, then those
-- that speak of it most.
---@param path string
---@return string[]
function specs.live(path)
	local noun = noun_of(path):gsub("^mod_", "");
	return sorted(list_of("spec/prosody/*.test.mjs"), function (spec)
		return spec:find(noun, 1, true) and 0 or 1, -count(text_of(spec):lower(), noun);
	end);
end

---@class Outcome
---@field noticed boolean
---@field spec string?  that noticed, or ran when the run was ended
---@field test string?  its name; nil: it was ended, or broke down

-- Run a line of shell in the tree; what it says goes through 'heard', line by line.
local function run(seconds, line, heard)
	local limited = ("prlimit --core=0 --fsize=%d timeout -k 5 %d "):format(MEGABYTES << 20, seconds);
	local pipe = assert(io.popen(("cd %s && exec %s%s 2>../stderr"):format(TREE, limited, line)));
	for said in pipe:lines() do heard(said); end
	return pipe:close() == true;
end

-- The specs in this order until the first one fails.
local function busted(list, variables, options)
	local outcome = {};
	local line = environment .. variables .. " busted --no-keep-going -o spec/mutate/output.lua " .. options .. " " ..
		table.concat(list, " ");
	local good = run(UNIT_SECONDS, line, function (said)
		local what, name = said:match("^mutate: (%a+) (.*)$");
		if what == "file" then outcome.spec = name:match("spec/.*$"); end
		if what == "fails" then outcome.test = outcome.test or name; end
	end);
	outcome.noticed = not good;
	return outcome;
end

---@type table<string, fun(list: string[]): Outcome>
specs.run = {
	plain = function (list)
		local variables = ("MUTATE_SECONDS=%d prlimit --data=%d"):format(CPU_SECONDS.plain, MEGABYTES << 20);
		return busted(list, variables, "--exclude-tags=growth");
	end;
	growth = function (list) -- these tell times, so a fault that anything else notices is not left to them
		local variables = ("MUTATE_SECONDS=%d prlimit --data=%d"):format(CPU_SECONDS.plain, MEGABYTES << 20);
		return busted(list, variables, "--tags=growth");
	end;
	sanitized = function (list) -- as make asan runs them
		local preload = '"$($CC -print-file-name=libasan.so) $($CC -print-file-name=libubsan.so)"';
		return busted(list, ("MUTATE_SECONDS=%d MEETAUTH_BUILD=build/asan LD_PRELOAD=%s"):format(CPU_SECONDS.sanitized, preload) ..
			(" ASAN_OPTIONS=detect_leaks=1:hard_rss_limit_mb=%d"):format(MEGABYTES), "--exclude-tags=command,growth");
	end;
	live = function (list)
		for _, spec in ipairs(list) do
			local test;
			local line = environment .. "MEETAUTH_PROSODY=0.12 node --test --test-reporter=tap " .. spec;
			local good = run(LIVE_SECONDS, line, function (said)
				test = test or said:match("^%s+not ok %d+ %- (.*)$");
			end);
			if not good then return { noticed = true, spec = spec, test = test }; end
		end
		return { noticed = false };
	end;
};

return specs;
