--- meetauth check on lobbies: whether a lobby is made if a person must wait in a room without one.

local secret_of = require "spec.support.secret";
local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "nothing that makes lobbies", edit = { '"muc_lobby_rooms", "persistent_lobby"', "" }, status = 0,
		line = { "note  meet.example lobbies: no module makes lobbies. A person who must wait, or who asks for a lobby by "
			.. "context.room.lobby, is refused (not-enforceable)",
			'-> on this VirtualHost, add "muc_lobby_rooms" and "persistent_lobby" to modules_enabled. '
			.. 'Or set knock_without_lobby in the entries' } },
	{ name = "nothing that makes lobbies when they are asked for", edit = { '"muc_lobby_rooms", ', "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> on this VirtualHost, add "muc_lobby_rooms" to modules_enabled.' } },
	{ name = "a lobby of rooms that are not said", edit = { "main_muc = [^\n]*", "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> on this VirtualHost, set main_muc = "conference.meet.example".' } },
	{ name = "a lobby without a component", edit = { 'Component "lobby[^\n]*', "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> add Component "lobby.meet.example" "muc".' } },
	{ name = "a lobby that has no name", edit = { "lobby_muc = [^\n]*", "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> on this VirtualHost, set lobby_muc = "lobby.meet.example".' } },
	{ name = "an entry that has lobbies made, and nothing that makes them", edit = { '"muc_lobby_rooms", "persistent_lobby"', "" },
		also = { 'issuer = "portal"', '%0, knock_without_lobby = "create"' },
		line = { "warn  meet.example lobbies: portal: no module makes lobbies. A person who must wait, or who asks for a lobby by "
			.. "context.room.lobby, is refused (not-enforceable)",
			"-> on this VirtualHost" } },
	{ name = "an entry whose bearers all wait, and nothing that makes lobbies",
		edit = { '"muc_lobby_rooms", "persistent_lobby"', "" },
		also = { "{ id = .portal.[^}]*}", '{ id = "acme", dialect = "daily", domain_id = "d", secret = "'
			.. secret_of("x", 40) .. '", lobby = "knock" }' },
		line = { "warn  meet.example lobbies: acme: no module makes lobbies", "-> on this VirtualHost" } },
	{ name = "nobody who has a lobby made", edit = { 'app_id = [^\n]*\n\tapp_secret = [^\n]*', "" }, status = 0,
		also = { 'meetauth_issuers = {.-\n\t}', 'meetauth_issuers = { { issuer = "p", secret = "'
			.. secret_of("x", 40) .. '", knock_without_lobby = "refuse" } }' },
		line = { "ok    meet.example lobbies: no entry needs a lobby" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of lobbies, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
