--- meetauth check on rooms: who guards them, and who gets in without a token.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- The login of a host without rooms.
local own = 'authentication = "meetauth" app_id = "g" app_secret = "guests-secret-2-3-5-7-11-13-17-19-23-29"';

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "rooms without their half", edit = { '"muc_meetauth"', '"muc_mam"' },
		line = { "FAIL  meet.example rooms: conference.meet.example does not load muc_meetauth, so nobody can log in",
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
		line = { "FAIL  places: conference.other.example: there is no VirtualHost other.example for its rooms",
			"-> set muc_mapper_domain_base" } },
	{ name = "rooms of a host with another login", edit = { "muc_room_locking", 'muc_mapper_domain_base = "guest.meet.example" %0' },
		line = { 'FAIL  places: conference.meet.example: authentication of guest.meet.example is not "meetauth"', "-> set auth" } },
	{ name = "rooms that stay shut", edit = { "muc_room_locking = false", "" },
		line = { "warn  meet.example rooms: conference.meet.example locks a new room", "-> set muc_room_locking = false" } },
	{ name = "the half for rooms in the lobby", edit = { '"lobby.meet.example" "muc"', '%0 modules_enabled = { "muc_meetauth" }' },
		line = { "warn  places: lobby.meet.example: people who wait in the lobby need no token", "-> delete" } },
	{ name = "breakout rooms without their main rooms",
		edit = { '"breakout.meet.example" "muc"', '%0 modules_enabled = { "muc_meetauth" } muc_room_locking = false' },
		line = { "warn  places: breakout.meet.example: tokens do not name breakout rooms",
			'-> set main_muc = "conference.meet.example" on that component' } },
	{ name = "a recorder without a token", edit = { "meetauth_exempt = [^\n]*", "" },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "recorder.meet.example"',
			'-> set meetauth_exempt = { "recorder.meet.example" } on that component' } },
	{ name = "a gateway without a token", edit = { "meetauth_exempt", 'unlimited_jids = { "jigasi@auth.meet.example" } %0' },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "jigasi@auth.meet.example"', "-> set meetauth_exempt" } },
	{ name = "a gateway that two options name, once", edit = { "meetauth_exempt",
		'unlimited_jids = { "jigasi@auth.meet.example" } muc_password_whitelist = { "jigasi@auth.meet.example" } %0' },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "jigasi@auth.meet.example", which',
			'-> set meetauth_exempt = { "jigasi@auth.meet.example" } on' } },
	{ name = "a recorder on Jitsi's own list", edit = { "meetauth_exempt", "token_verification_allowlist" }, status = 0,
		line = { "ok    meet.example exempt: conference.meet.example lets recorder.meet.example in" } },
	{ name = "those who need no token behind a hole", edit = { "meetauth_exempt = {", 'meetauth_exempt = { "a.example", nil, ' },
		line = { "FAIL  meet.example exempt: conference.meet.example: meetauth_exempt: found a list with an empty place at 2",
			"-> correct this, because only admins can join" } },
	{ name = "a host for dial-in with tokens of another issuer, which is nobody's to exempt", status = 0,
		edit = { 'VirtualHost "guest', 'VirtualHost "jigasi.meet.example" authentication = "token" app_id = "jitsi" %0' },
		line = { "ok    meet.example exempt: conference.meet.example lets recorder.meet.example in without a token" } },
	{ name = "such a host that is exempt all the same",
		edit = { 'VirtualHost "guest', 'VirtualHost "jigasi.meet.example" authentication = "token" app_id = "jitsi" %0' },
		also = { "meetauth_exempt = {", '%0 "jigasi.meet.example",' },
		line = { "FAIL  meet.example exempt: conference.meet.example lets everybody from jigasi.meet.example in",
			'-> delete "jigasi.meet.example" from meetauth_exempt and token_verification_allowlist' } },
	{ name = "guests who are exempt", edit = { "meetauth_exempt = {", '%0 "guest.meet.example",' },
		line = { "FAIL  meet.example exempt: conference.meet.example lets everybody from guest.meet.example in" } },
	{ name = "its own bearers, who are exempt", edit = { "meetauth_exempt = {", '%0 "meet.example",' },
		line = { "FAIL  meet.example exempt: conference.meet.example lets everybody from meet.example in" } },
	{ name = "a recorder's host where everybody makes an account, which is nobody's to exempt",
		edit = { "meetauth_exempt = [^\n]*", "" }, also = { '"internal_hashed"', '%0 allow_registration = true' }, status = 0,
		line = { "ok    meet.example rooms: " } },
	{ name = "a recorder's host where nobody needs an account, which is nobody's to exempt",
		edit = { "meetauth_exempt = [^\n]*", "" }, also = { '"internal_hashed"', '"jitsi-anonymous"' }, status = 0,
		line = { "ok    meet.example rooms: " } },
	{ name = "a gateway of a host with tokens, which is nobody's to exempt", status = 0,
		edit = { "meetauth_exempt", 'unlimited_jids = { "jigasi@guest.meet.example" } %0' },
		line = { "ok    meet.example exempt: conference.meet.example lets recorder.meet.example in without a token" } },
	{ name = "a visitors' node that refuses who is in the main room", edit = { '"muc_meetauth"', '%0, "fmuc"' },
		also = { "^", 'main_domain = "main.example" ' },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "main.example"',
			'-> set meetauth_exempt = { "main.example" } on that component' } },
	{ name = "rooms that refuse what visitors say on their nodes", edit = { '"muc_lobby_rooms"', '%0, "visitors"' },
		also = { "^", 's2sout_override = { ["conference.v0.meet.jitsi"] = "tcp://a", ["v0.meet.jitsi"] = "tcp://a" } ' },
		line = { 'warn  meet.example exempt: conference.meet.example refuses "conference.v0.meet.jitsi", which' } },
	{ name = "a host for guests with meetauth of its own", status = 0,
		edit = { 'authentication = "anonymous"', own },
		line = { "ok    guest.meet.example rooms: its people enter the rooms of meet.example" } },
	{ name = "whose tokens its people have", status = 0, edit = { 'authentication = "anonymous"', own },
		line = { 'ok    guest.meet.example domain: tokens must have sub = "meet.example", or "*"' } },
	{ name = "such a host that is not named",
		edit = { 'authentication = "anonymous"', own },
		also = { "meetauth_foreign_hosts = [^\n]*", "" },
		line = { "warn  guest.meet.example rooms: its people cannot enter the rooms of meet.example",
			'-> set meetauth_foreign_hosts = { "guest.meet.example" } under VirtualHost "meet.example"' } },
	{ name = "a host without rooms of another name",
		edit = { 'guest.meet.example"\n\tauthentication = "anonymous"',
			'visit.example" ' .. own },
		line = { "FAIL  visit.example rooms: there is no MUC component conference.visit.example",
			'-> set muc_mapper_domain',
			'rooms of meet.example, set meetauth_foreign_hosts = { "visit.example" } under VirtualHost "meet.' } },
	{ name = "such a host once that is followed", status = 0,
		edit = { 'guest.meet.example"\n\tauthentication = "anonymous"',
			'visit.example" ' .. own },
		also = { 'foreign_hosts = { "guest.meet.example"', 'foreign_hosts = { "visit.example"' },
		line = { "ok    visit.example rooms: its people enter the rooms of meet.example" } },
	{ name = "guests of a host that is not named", edit = { "meetauth_foreign_hosts = [^\n]*", "" },
		line = { "warn  meet.example guests: guests from guest.meet.example cannot enter", '{ "guest.meet.example" }' } },
};

for _, at in ipairs(checked.places()) do
	describe("check of rooms, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end

		it("has no word on lobbies of a host without rooms", function ()
			local out = at:check((checked.good:gsub('authentication = "anonymous"', own))).out;
			assert.is_nil(out:find(" guest.meet.example lobbies: ", 1, true));
		end);
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
