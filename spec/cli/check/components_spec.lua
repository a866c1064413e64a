--- meetauth check on MUC components beside the guarded ones: who makes rooms there, and owns them.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "a lobby whose rooms anybody may make", edit = { '("lobby.meet.example" "muc"\n)[^\n]*', "%1" },
		line = { "warn  meet.example components: lobby.meet.example: every user with a token can enter it, and owns the rooms",
			'-> set restrict_room_creation = true on Component "lobby.meet.example"' } },
	{ name = "breakout rooms that anybody may make", edit = { '("breakout.meet.example" "muc"\n)[^\n]*', "%1" },
		line = { "warn  meet.example components: breakout.meet.example: every user with a token",
			'-> set restrict_room_creation = true on Component "breakout.meet.example", and add Jicofo to its admins. '
			.. 'Or add "muc_meetauth" to its modules_enabled and set main_muc = "conference.meet.example"' } },
	{ name = "rooms of the bridges that anybody may make", edit = { '("internal.auth.meet.example" "muc"\n)[^\n]*', "%1" },
		line = { "warn  meet.example components: internal.auth.meet.example: every user with a token",
			'-> set restrict_room_creation = true on Component "internal.auth.meet.example", and add the users that make '
			.. 'its rooms to its admins. ' .. 'Or add "muc_meetauth" to its modules_enabled' } },
	{ name = "rooms that users of the domain may make", edit = { '("breakout.meet.example" "muc"\n[^\n]*)true', '%1"local"' },
		line = { "warn  meet.example components: breakout.meet.example: every user with a token" } },
	{ name = "rooms of another domain that anybody may make", edit = { "$", 'Component "chat.elsewhere.example" "muc"\n' },
		line = { "warn  components: chat.elsewhere.example: every user with a token",
			'-> set restrict_room_creation = true on Component "chat.e' } },
	{ name = "rooms that others cannot enter", edit = { '("internal.auth.meet.example" "muc"\n)[^\n]*',
		'%1 modules_enabled = { "muc_filter_access" } muc_filter_whitelist = "auth.meet.example"' }, status = 0,
		line = { "ok    meet.example components: users with tokens can make rooms only on guarded components" } },
	{ name = "rooms that others can enter after all", edit = { '("internal.auth.meet.example" "muc"\n)[^\n]*',
		'%1 modules_enabled = { "muc_filter_access" } muc_filter_whitelist = { "auth.meet.example", "meet.example" }' },
		line = { "warn  meet.example components: internal.auth.meet.example: every user with a token" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of components, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
