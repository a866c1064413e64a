--- meetauth check on the ways in: whether anybody logs in to the host whose meeting token nobody looks at.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "FAST, which asks for no token again", edit = { '"bosh"', '"bosh", "sasl2", "sasl2_fast"' },
		line = { "FAIL  meet.example ways: sasl2_fast ", "-> delete sasl2_fast from modules_enabled" } },
	{ name = "FAST on the host alone", edit = { "lobby_muc", 'modules_enabled = { "sasl2_fast" } lobby_muc' },
		line = { "FAIL  meet.example ways: sasl2_fast " } },
	{ name = "logins by certificates", edit = { "lobby_muc", 'modules_enabled = { "client_certs" } lobby_muc' },
		line = { "FAIL  meet.example ways: client_certs ", "-> delete client_certs" } },
	{ name = "Prosody's old word for anonymous logins", edit = { "lobby_muc", "anonymous_login = true lobby_muc" },
		line = { "FAIL  meet.example ways: anonymous_login ", "-> delete anonymous_login" } },
	{ name = "the same for all hosts", edit = { "gc = ", "anonymous_login = true gc = " },
		line = { "FAIL  meet.example ways: anonymous_login " } },
	{ name = "a login in one step, which asks ours", edit = { '"bosh"', '"bosh", "sasl2", "sasl2_bind2", "sasl2_sm"' }, status = 0,
		line = { "ok    meet.example ways: nobody can log in without a meeting token" } },
	{ name = "guests", edit = { "lobby_muc", "allow_empty_token = true lobby_muc" }, status = 0,
		line = { "ok    meet.example ways: nobody can log in without a meeting token, except guests (allow_empty_token)" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of the ways in, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
