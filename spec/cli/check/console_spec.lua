--- meetauth check on the console: whether more than the machine itself reaches its door.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

local ON = { '"persistent_lobby" }', '"persistent_lobby", "console_meetauth" }' };

local cases = {
	{ name = "a console for this machine alone", edit = ON, status = 0,
		line = { "ok    meet.example console: the console answers under localhost" } },
	{ name = "the names of a console", edit = ON, status = 0,
		also = { "lobby_muc", 'meetauth_console_hosts = { "c.example" } lobby_muc' },
		line = { "ok    meet.example console: the console answers under localhost and c.example" } },
	{ name = "a console that everybody reaches", edit = ON, also = { "gc = ", 'http_interfaces = { "*" } gc = ' },
		line = { "warn  meet.example console: the console is on, and http_interfaces has *",
			'-> write http_interfaces = { "127.0.0.1"',
			"In a container, do not write this: publish the port only as 127.0.0.1:5280:5280" } },
	{ name = "one of Prosody's other spelling", edit = ON, also = { "gc = ", 'http_interface = "0.0.0.0" gc = ' },
		line = { "warn  meet.example console: the console is on, and http_interface has 0.0.0.0" } },
	{ name = "a proxy before it", edit = ON, status = 0,
		also = { "gc = ", 'http_interfaces = { "*" } trusted_proxies = { "10.0.0.1" } gc = ' },
		line = { "ok    meet.example console: the console answers under localhost" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of the console, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
