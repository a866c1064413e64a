--- meetauth check on what entries say of people: who of a provider's users may come in, and what is kept in the rooms.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

local PROVIDER = "http://127.0.0.1:1/realms/meet"; -- nobody answers there; what an entry says is looked at all the same

local function provider(more)
	return { '{ id = "keys"', ('{ oidc_url = "%s", insecure_url = true%s };\n\t\t%%0'):format(PROVIDER, more) };
end

local function portal(fields) return { 'issuer = "portal"', "%0, " .. fields }; end

local unguarded = { 'modules_enabled = { "muc_meetauth" }', "" };
local elsewhere = { '(main_muc = .*)modules_enabled = { "muc_meetauth" }', 'meetauth_enforcement = "elsewhere"\n\t%1' };
local url = { "main_muc = ", 'meetauth_http_room_url = "https://app.example/ROOM"\n\t%0' };

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "a provider whose tokens for other services come in", edit = provider(""),
		line = { ("warn  meet.example admission: %s lets in every user of %s, also with a token for another service"):format(PROVIDER,
			PROVIDER), "-> audience = the client id" } },
	{ name = "an audience", edit = provider(', audience = "meet"'),
		line = { "ok    meet.example admission: no entry takes a provider's tokens for other services" } },
	{ name = "a claim in place of an audience", edit = provider(', claims = { azp = "meet" }'),
		line = { "ok    meet.example admission: no entry takes a provider's tokens for other services" } },
	{ name = "a group in place of an audience", edit = provider(', admit = { claim = "groups", contains = "staff" }'),
		line = { "ok    meet.example admission: no entry takes a provider's tokens for other services" } },
	{ name = "nothing of people in the entries", edit = { "main_muc", "%0" }, status = 0,
		line = { "ok    meet.example people: no entry sets unique_users, kick_bans or invites" } },
	{ name = "one place for a user, and kicks that last", edit = portal('unique_users = "first", kick_bans = 600'), status = 0,
		line = { 'ok    meet.example people: portal (unique_users = "first", kick_bans = 600)' } },
	{ name = "true, which is the newest", edit = portal("unique_users = true"), status = 0,
		line = { 'ok    meet.example people: portal (unique_users = "newest")' } },
	{ name = "one place that nobody keeps", edit = portal('unique_users = "first"'), also = unguarded,
		line = { 'warn  meet.example people: portal (unique_users = "first"): nobody keeps this',
			'-> "muc_meetauth" in modules_enabled of that component' } },
	{ name = "rooms that are left to others", edit = portal("kick_bans = 60"), also = elsewhere,
		line = { "warn  meet.example people: portal (kick_bans = 60): nobody keeps this" } },
	{ name = "invitations, and where their links lead", edit = portal("invites = {}"), status = 0,
		line = { "note  meet.example invitations: portal: links open https://HOST/ROOM", "-> meetauth_http_room_url" } },
	{ name = "an address for invitations", edit = portal("invites = {}"), also = url, status = 0,
		line = { "ok    meet.example invitations: portal: links open https://app.example/ROOM" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of people, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
