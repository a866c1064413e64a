-- checkup: what meetauth check says of the host. It asks key servers and waits for them. Therefore it runs as a separate
-- process beside this server, and writes to a file that is read at its end.

local time_monotonic = require "util.time".monotonic;

local core = require "meetauth.core";
local array = require "meetauth".array;
local smallfile = require "meetauth.util.smallfile";
local text = require "meetauth.util.text";

local checkup = {};

local PATIENCE = 120; -- seconds
local SIZE_MAX = 1048576; -- bytes

local began, last;

local function quoted(word) return "'" .. word:gsub("'", "'\\''") .. "'"; end

-- The command of the same PREFIX as the library, or the one that a shell finds.
local function command()
	local prefix = (package.searchpath("meetauth", package.path) or ""):match("^(.*)/share/lua/5%.4/meetauth/init%.lua$");
	local file = prefix and io.open(prefix .. "/bin/meetauth");
	if file then file:close(); end
	return file and prefix .. "/bin/meetauth" or "meetauth";
end

-- A file of this host's own: another host's console shows another one.
local function place()
	return ("%s/meetauth_console_%s.json"):format(prosody.paths.data, (module.host:gsub("[^%w.-]", "_")));
end

--- Begin to look, unless it is at it.
function checkup.begin()
	if began and time_monotonic() - began < PATIENCE then return; end
	began, last = time_monotonic(), nil;
	local out = quoted(place());
	os.remove(place());
	local line = "%s check --json --host %s --config %s --prosody %s >%s.part 2>/dev/null </dev/null; mv %s.part %s";
	os.execute(("(umask 077; " .. line .. ") &"):format(quoted(command()), quoted(module.host), quoted(prosody.config_file),
		quoted(prosody.paths.source or "/usr/lib/prosody"), out, out, out)); -- beside this server, which waits for nothing
end

local function findings_of(bytes)
	local said = core.decode(bytes);
	local list = {};
	for i, one in ipairs(type(said) == "table" and said.checks or {}) do
		list[i] = {
			check = one.check, host = one.host, verdict = one.verdict, found = text.visible(one.found),
			todo = one.todo and text.visible(one.todo),
		};
	end
	return { done = true, failed = list[1] == nil, checks = array(list) };
end

--- Its output, or that it still runs.
---@return { done: boolean, failed: boolean?, checks: table[]? }
function checkup.result()
	if last then return last; end
	local bytes = began and smallfile.read(place(), SIZE_MAX);
	if bytes then
		last, began = findings_of(bytes), nil;
		os.remove(place());
		return last;
	end
	if began and time_monotonic() - began >= PATIENCE then
		began = nil;
		last = findings_of("");
		return last;
	end
	return { done = false };
end

return checkup;
