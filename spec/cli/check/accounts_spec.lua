--- meetauth check on accounts, which bearers do not have: what would keep something of them, and what lets them out.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "modules that would keep something of bearers", edit = { '"bosh" }', '"bosh", "private", "pep", "ping" }' }, status = 0,
		line = { "note  meet.example accounts: users with tokens have no account, and the data that pep, private would store is "
			.. "deleted",
			'-> set modules_disabled = { "pep", "private" } on this VirtualHost' } },
	{ name = "bearers that reach other servers", edit = { "lobby_muc", "allow_anonymous_s2s = true lobby_muc" }, status = 0,
		line = { "note  meet.example accounts: allow_anonymous_s2s lets users with tokens reach other servers", "-> delete it" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of accounts, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
