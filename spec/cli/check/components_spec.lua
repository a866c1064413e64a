--- meetauth check on MUC components beside the guarded ones: who makes rooms there, and owns them.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "a lobby whose rooms anybody may make", edit = { '("lobby.meet.example" "muc"\n)[^\n]*', "%1" },
		line = { "warn  meet.example components: lobby.meet.example: any bearer of a token enters it, and owns the rooms that they",
			'-> restrict_room_creation = true on Component "lobby.meet.example"' } },
	{ name = "breakout rooms that anybody may make", edit = { '("breakout.meet.example" "muc"\n)[^\n]*', "%1" },
		line = { "warn  meet.example components: breakout.meet.example: any bearer",
			'-> restrict_room_creation = true on Component "breakout.meet.example", with Jicofo in admins; '
			.. 'or there "muc_meetauth" in modules_enabled and main_muc = "conference.meet.example"' } },
	{ name = "rooms of the bridges that anybody may make", edit = { '("internal.auth.meet.example" "muc"\n)[^\n]*', "%1" },
		line = { "warn  meet.example components: internal.auth.meet.example: any bearer",
			'-> restrict_room_creation = true on Component "internal.auth.meet.example", with who makes its rooms in admins; '
			.. 'or there "muc_meetauth" in modules_enabled' } },
	{ name = "rooms that users of the domain may make", edit = { '("breakout.meet.example" "muc"\n[^\n]*)true', '%1"local"' },
		line = { "warn  meet.example components: breakout.meet.example: any bearer" } },
	{ name = "rooms of another domain that anybody may make", edit = { "$", 'Component "chat.elsewhere.example" "muc"\n' },
		line = { "warn  components: chat.elsewhere.example: any bearer", '-> restrict_room_creation = true on Component "chat.e' } },
	{ name = "rooms that others cannot enter", edit = { '("internal.auth.meet.example" "muc"\n)[^\n]*',
		'%1 modules_enabled = { "muc_filter_access" } muc_filter_whitelist = "auth.meet.example"' }, status = 0,
		line = { "ok    meet.example components: nobody makes rooms by a token but those that are guarded" } },
	{ name = "rooms that others can enter after all", edit = { '("internal.auth.meet.example" "muc"\n)[^\n]*',
		'%1 modules_enabled = { "muc_filter_access" } muc_filter_whitelist = { "auth.meet.example", "meet.example" }' },
		line = { "warn  meet.example components: internal.auth.meet.example: any bearer" } },
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
