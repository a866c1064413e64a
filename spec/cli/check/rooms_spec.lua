--- meetauth check on rooms: who guards them, who else makes owners in them, and who gets in without a token.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "rooms without their half", edit = { '"muc_meetauth"', '"muc_mam"' },
		line = { "FAIL  meet.example rooms: conference.meet.example does not load muc_meetauth: nobody logs in",
			'-> add "muc_meetauth" to modules_enabled of Component "conference.meet.example"' } },
	{ name = "rooms that are left to others", status = 0, edit = { '"muc_meetauth"', '"muc_mam"' },
		also = { "lobby_muc", 'meetauth_enforcement = "elsewhere" lobby_muc' },
		line = { "note  meet.example rooms: conference.meet.example does not load muc_meetauth" } },
	{ name = "the half for rooms on the host", edit = { "lobby_muc", 'modules_enabled = { "muc_meetauth" } lobby_muc' },
		line = { "FAIL  meet.example rooms: muc_meetauth is loaded on the VirtualHost", "-> move it" } },
	{ name = "a main component of another name", status = 0, edit = { "conference%.meet", "muc.meet" },
		also = { "lobby_muc", 'muc_mapper_domain_prefix = "muc" lobby_muc' },
		line = { "ok    meet.example rooms: muc.meet.example loads muc_meetauth" } },
	{ name = "rooms below another domain", edit = { '"conference.meet.example"', '"conference.other.example"' },
		line = { "FAIL  places: conference.other.example: the rooms' host other.example is none", "-> muc_mapper_domain_base" } },
	{ name = "rooms of a host with another login", edit = { "muc_room_locking", 'muc_mapper_domain_base = "guest.meet.example" %0' },
		line = { 'FAIL  places: conference.meet.example: authentication of guest.meet.example is not "meetauth"', "-> auth" } },
	{ name = "rooms that stay shut", edit = { "muc_room_locking = false", "" },
		line = { "warn  meet.example rooms: conference.meet.example keeps a new room shut", "-> muc_room_locking = false" } },
	{ name = "the half for rooms in the lobby", edit = { '"lobby.meet.example" "muc"', '%0 modules_enabled = { "muc_meetauth" }' },
		line = { "warn  places: lobby.meet.example: who waits in the lobby needs no token", "-> delete" } },
	{ name = "breakout rooms without their main rooms",
		edit = { '"breakout.meet.example" "muc"', '%0 modules_enabled = { "muc_meetauth" } muc_room_locking = false' },
		line = { "warn  places: breakout.meet.example: no token names a breakout room",
			'-> main_muc = "conference.meet.example" on that component' } },
	{ name = "a module that is replaced", edit = { '"muc_meetauth"', '%0, "token_verification"' },
		line = { "warn  meet.example replaced: token_verification on conference.meet.example decides, too", "-> delete it" } },
	{ name = "everybody an owner", edit = { '"muc_meetauth"', '%0, "muc_allowners"' },
		line = { "warn  meet.example promoters: muc_allowners on conference.meet.example makes owners of everybody", "-> delete it" } },
	{ name = "token holders owners, whatever stands on the host", edit = { '"muc_meetauth"', '%0, "muc_wait_for_host"' },
		also = { "lobby_muc", "wait_for_host_disable_auto_owners = true lobby_muc" },
		line = { "warn  meet.example promoters: muc_wait_for_host on conference.meet.example makes owners of everybody with a token",
			"-> wait_for_host_disable_auto_owners = true on that component, not on the VirtualHost" } },
	{ name = "hosts waited for, and nobody promoted", edit = { '"muc_meetauth"', '%0, "muc_wait_for_host"' }, status = 0,
		also = { "muc_room_locking", "wait_for_host_disable_auto_owners = true muc_room_locking" },
		line = { "ok    meet.example promoters: no module makes owners" } },
	{ name = "a recorder without a token", edit = { "meetauth_exempt = [^\n]*", "" },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "recorder.meet.example"',
			'-> meetauth_exempt = { "recorder.meet.example" } on that component' } },
	{ name = "a gateway without a token", edit = { "meetauth_exempt", 'unlimited_jids = { "jigasi@auth.meet.example" } %0' },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "jigasi@auth.meet.example"', "-> meetauth_exempt" } },
	{ name = "a gateway that two options name, once", edit = { "meetauth_exempt",
		'unlimited_jids = { "jigasi@auth.meet.example" } muc_password_whitelist = { "jigasi@auth.meet.example" } %0' },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "jigasi@auth.meet.example", who',
			'-> meetauth_exempt = { "jigasi@auth.meet.example" } on' } },
	{ name = "a recorder on Jitsi's own list", edit = { "meetauth_exempt", "token_verification_allowlist" }, status = 0,
		line = { "ok    meet.example exempt: conference.meet.example lets recorder.meet.example in" } },
	{ name = "those who need no token behind a hole", edit = { "meetauth_exempt = {", 'meetauth_exempt = { "a.example", nil, ' },
		line = { "FAIL  meet.example exempt: conference.meet.example: meetauth_exempt: found a list with nothing at 2",
			"-> all joins but those of admins are refused" } },
	{ name = "guests of a host that is not named", edit = { "meetauth_foreign_hosts = [^\n]*", "" },
		line = { "warn  meet.example guests: guests of guest.meet.example enter no room", '{ "guest.meet.example" }' } },
};

for _, at in ipairs(checked.places()) do
	describe("check of rooms, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end

		it("reads jicofo's own configuration", function ()
			local function with(text)
				command.write(at.folder .. "/other.conf", text);
				return at:check(checked.good, { "--jicofo", at.folder .. "/other.conf" });
			end
			for _, text in ipairs({ "", "# enable-auto-owner = false", 'enable-auto-owner: "true"',
				"enable-auto-owner=false\nenable-auto-owner=true" }) do
				local ran = with(text);
				assert.equal(1, ran.status);
				assert.is_true(at:has(ran.out, { "warn  jicofo: jicofo makes an owner",
					"-> jicofo { conference { enable-auto-owner = false } }" }));
			end
			for _, text in ipairs({ 'jicofo.conference."enable-auto-owner": false', "enable-auto-owner=true\nenable-auto-owner = no" }) do
				assert.equal(0, with(text).status, text);
			end
			local ran = at:check(checked.good, { "--jicofo", at.folder .. "/none.conf" });
			assert.equal(0, ran.status);
			assert.is_true(at:has(ran.out, { "skip  jicofo: " }));
		end);
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
