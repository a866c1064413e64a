--- The ways to run specs for a fault, each until the first one fails. All of them end, whatever the fault does.

local runs = {};

local TREE = "build/mutate/tree";
local UNIT_SECONDS, GROWTH_SECONDS, LIVE_SECONDS = 1800, 300, 300; -- until a run that stands still is ended
local MEGABYTES = 4096;                       -- of memory for each process, and of a file
local CPU_SECONDS = { plain = 30, sanitized = 150, growth = 0 }; -- of the process that runs the specs, for each file

local environment = "env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MEETAUTH_PROSODY ";

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

local function busted(seconds, list, variables, options)
	local outcome = {};
	local line = environment .. variables .. " busted --no-keep-going -o spec/mutate/output.lua " .. options .. " " ..
		table.concat(list, " ");
	local good = run(seconds, line, function (said)
		local what, name = said:match("^mutate: (%a+) (.*)$");
		if what == "file" then outcome.spec = name:match("spec/.*$"); end
		if what == "fails" then outcome.test = outcome.test or name; end
	end);
	outcome.noticed = not good;
	return outcome;
end

local function plain(seconds, list, cpu, options)
	return busted(seconds, list, ("MUTATE_SECONDS=%d prlimit --data=%d"):format(cpu, MEGABYTES << 20), options);
end

--- The unit specs, but not those that tell times.
---@param list string[]  in this order
---@return Outcome
function runs.plain(list) return plain(UNIT_SECONDS, list, CPU_SECONDS.plain, "--exclude-tags=growth"); end

--- Those that tell times: what anything else notices is not left to them.
function runs.growth(list) return plain(GROWTH_SECONDS, list, CPU_SECONDS.growth, "--tags=growth"); end

--- The unit specs as make asan runs them.
function runs.sanitized(list)
	local preload = '"$($CC -print-file-name=libasan.so) $($CC -print-file-name=libubsan.so)"';
	return busted(UNIT_SECONDS, list,
		("MUTATE_SECONDS=%d MEETAUTH_BUILD=build/asan LD_PRELOAD=%s"):format(CPU_SECONDS.sanitized, preload) ..
		(" ASAN_OPTIONS=detect_leaks=1:hard_rss_limit_mb=%d"):format(MEGABYTES), "--exclude-tags=command,growth");
end

--- What the core does where memory is short, as make alloc without the sanitizers; it runs as a whole.
function runs.alloc()
	local outcome = { spec = "spec/alloc" };
	local made = "make -s -f spec/alloc/Makefile build/alloc/alloc";
	local line = ("%s sh -c '%s && build/alloc/alloc lua && build/alloc/alloc openssl'"):format(environment, made);
	outcome.noticed = not run(UNIT_SECONDS, line, function (said)
		outcome.test = outcome.test or said:match("^.*: %d+ times.*$");
	end);
	return outcome;
end

--- The live specs on Prosody 0.12.
function runs.live(list)
	for _, spec in ipairs(list) do
		local test;
		local line = environment .. "MEETAUTH_PROSODY=0.12 node --test --test-reporter=tap " .. spec;
		local good = run(LIVE_SECONDS, line, function (said)
			test = test or said:match("^%s+not ok %d+ %- (.*)$");
		end);
		if not good then return { noticed = true, spec = spec, test = test }; end
	end
	return { noticed = false };
end

return runs;
