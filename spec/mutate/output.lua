--- busted's output for mutate.lua: the spec file that runs, and the first test that fails. Each file may use so much of
-- the processor and no more: a fault may loop for ever.

local SECONDS = tonumber(os.getenv("MUTATE_SECONDS")) or 30; -- 0: no limit, which leaves os.clock its small steps

local function own_pid()
	local file <close> = assert(io.open("/proc/self/stat"));
	return file:read("n");
end

local function say(...)
	io.write("\nmutate: ", table.concat({ ... }, " "), "\n");
	io.flush();
end

return function ()
	local busted = require "busted";
	local handler = require "busted.outputHandlers.base"();
	local pid = own_pid();

	local function limit()
		if SECONDS == 0 then return; end
		os.execute(("env -u LD_PRELOAD prlimit --pid %d --cpu=%d:"):format(pid, math.ceil(os.clock()) + SECONDS));
	end

	busted.subscribe({ "file", "start" }, function (file)
		limit();
		say("file", file.name);
		return nil, true;
	end);

	local function fails(element, _, message)
		say("fails", handler.getFullName(element));
		io.stderr:write(tostring(message), "\n");
		return nil, true;
	end

	busted.subscribe({ "failure" }, fails);
	busted.subscribe({ "error" }, fails);
	return handler;
end
