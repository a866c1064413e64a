--- Checks of the console: whether more than this machine reaches its door.

local words = require "meetauth.cli.server.hosts".words;
local set_of = require "meetauth.util.list".set;

local LOOPBACK = set_of({ "127.0.0.1", "::1", "localhost" });

-- Where Prosody listens for plain HTTP beyond this machine: without the option, nowhere.
local function beyond(site)
	for _, name in ipairs({ "http_interfaces", "http_interface" }) do
		for _, at in ipairs(words(site:global(name))) do
			if not LOOPBACK[at] then return name, at; end
		end
	end
	return nil;
end

local function check_console(site, host, say)
	if not host.modules.console_meetauth then return; end
	local option, at = beyond(site);
	if option and site:global("trusted_proxies") == nil then
		local found = "the console is on, and %s has %s: everyone who reaches that port can try to open it, by plain HTTP";
		return say("warn", found:format(option, at),
			("write %s = { \"127.0.0.1\", \"::1\" } and let a proxy with https pass requests on. "
				.. "In a container, do not write this: publish the port only as 127.0.0.1:5280:5280. "
				.. "Remove console_meetauth from modules_enabled while nobody needs it"):format(option));
	end
	local names = host.read and host.read.meetauth_console_hosts or {};
	return say("ok", "the console answers under localhost" .. (names[1] and " and " .. table.concat(names, ", ") or ""));
end

---@type CheckRow[]
return {
	{ name = "console", of = "host", look = check_console };
};
