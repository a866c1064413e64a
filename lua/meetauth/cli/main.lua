--- The meetauth command: its arguments in, its exit status out.
-- 0: valid, or done; 1: refused; 2: called wrongly, or something cannot be read; 3: whether it is valid cannot be told here.

local parser = require "meetauth.cli.parser";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local INTERRUPTED = 130; -- as shells have it

local HEADER_MIN = 16; -- characters

-- Whether an argument is a token, has one in it, or is the beginning of one: base64url of "{" and a quote or space.
local function has_token(argument)
	if argument:find("^ey[A-DI-L][%w_-]") or argument:find("[^%w_-]ey[A-DI-L][%w_-]+%.") then return true; end
	local header = argument:match("^(ew[k-r0-3][%w_-]*)%.[%w_-]*%.[%w_-]*$"); -- a line break or tab: rarer, and ewok.example.org
	return header ~= nil and #header >= HEADER_MIN;
end

-- Arguments are seen by everybody on the machine, and kept by shells.
local function refuse_tokens(args)
	for _, argument in ipairs(args) do
		if has_token(argument) then
			stop.usage("do not write a token as an argument, because other users can see it. Write it into a file, or to standard input");
		end
		if not utf8.len(argument) then stop.usage("an argument is not UTF-8"); end
	end
end

-- A word that begins with a hyphen and a digit is no option but a value: "--expires-in -5m" is "--expires-in=-5m".
local function joined(args)
	local words = {};
	for _, word in ipairs(args) do
		local last = words[#words];
		if word:find("^%-%d") and last and last:find("^%-%-[%l-]+$") then
			words[#words] = last .. "=" .. word;
		else
			words[#words + 1] = word;
		end
	end
	return words;
end

local function run(args)
	refuse_tokens(args);
	local root = parser.new();
	local ok, parsed = root:pparse(joined(args));
	if not ok then stop.usage("%s (see: meetauth --help)", parsed); end
	parser.commands[parsed.command].run(parsed, parsed.now or os.time());
	terminal.flush();
end

---@param args string[]
---@return integer status
return function (args)
	local ok, raised = xpcall(run, function (value)
		return stop.is(value) and value or debug.traceback(value, 2);
	end, args);
	if ok then return 0; end
	if not stop.is(raised) then
		if raised:find("interrupted!", 1, true) then return INTERRUPTED; end
		io.stderr:write("meetauth: ", raised, "\n");
		return 2;
	end
	io.stdout:flush(); -- before the words that follow it
	if raised.message then
		for line in raised.message:gmatch("[^\n]+") do terminal.say("%s", line); end
	end
	return raised.status;
end
