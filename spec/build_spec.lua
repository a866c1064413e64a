--- What make does: a warning of a newer compiler stops whoever changes the core, and nobody who builds it.

-- The lines that compile, of all that a target would run.
local function compiling(target)
	local pipe <close> = assert(io.popen("env -u MAKEFLAGS -u MAKELEVEL make -n -B " .. target .. " 2>&1"));
	local lines = {};
	for line in pipe:lines() do
		if line:find(" -c -o ", 1, true) then lines[#lines + 1] = line; end
	end
	assert(lines[1], target .. " compiles nothing");
	return lines;
end

describe("make #command", function ()
	for target, stops in pairs({ [""] = false, all = false, install = false, lint = true, asan = true }) do
		it(("%s %s by a warning"):format(target, stops and "is stopped" or "is not stopped"), function ()
			for _, line in ipairs(compiling(target)) do
				assert.equal(stops, line:find(" -Werror ", 1, true) ~= nil, line);
				assert.truthy(line:find(" -Wall ", 1, true), line);
			end
		end);
	end
end);
