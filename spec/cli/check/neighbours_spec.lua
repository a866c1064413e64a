--- meetauth check on Jitsi's modules beside muc_meetauth: who else makes owners, lets people past a lobby, lacks an option or
-- knows no login named "meetauth".

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- A configuration all of whose entries are in meetauth_issuers.
local NO_APP_ID = { 'app_id = "legacy"\n[^\n]*', "" };

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "a module that is replaced", edit = { '"muc_meetauth"', '%0, "token_verification"' },
		line = { "warn  meet.example replaced: token_verification "
			.. "on conference.meet.example also decides about tokens", "-> delete it" } },
	{ name = "everybody an owner", edit = { '"muc_meetauth"', '%0, "muc_allowners"' },
		line = { "warn  meet.example promoters: muc_allowners on conference.meet.example makes everybody an owner", "-> delete it" } },
	{ name = "token holders owners, whatever stands on the host", edit = { '"muc_meetauth"', '%0, "muc_wait_for_host"' },
		also = { "lobby_muc", "wait_for_host_disable_auto_owners = true lobby_muc" },
		line = { "warn  meet.example promoters: muc_wait_for_host on conference.meet.example makes everybody with a token an owner",
			"-> set wait_for_host_disable_auto_owners = true on that component, not on the VirtualHost" } },
	{ name = "hosts waited for, and nobody promoted", edit = { '"muc_meetauth"', '%0, "muc_wait_for_host"' }, status = 0,
		also = { "muc_room_locking", "wait_for_host_disable_auto_owners = true muc_room_locking" },
		line = { "ok    meet.example promoters: no module makes people owners" } },
	{ name = "a new owner for the last one", edit = { '"muc_meetauth"', '%0, "lobby_autostart_on_owner"' },
		line = { "warn  meet.example promoters: lobby_autostart_on_owner on conference.meet.example makes one of the remaining people",
			"-> delete it" } },
	{ name = "the first moderator past the lobby", edit = { '"muc_meetauth"', '%0, "token_lobby_bypass_for_initiator"' },
		line = { "warn  meet.example promoters: token_lobby_bypass_for_initiator on", "-> delete it" } },
	{ name = "what Matrix rooms make of people", edit = { '"muc_meetauth"', '%0, "matrix_affiliation"' },
		line = { "warn  meet.example replaced: matrix_affiliation on conference.meet.example also decides about tokens" } },
	{ name = "nobody past the lobby", edit = { '"muc_meetauth"', '%0, "muc_hide_all"' }, status = 0,
		line = { "ok    meet.example passers: no module lets people past a lobby" } },
	{ name = "whoever has said who they are past the lobby", edit = { '"muc_meetauth"', '%0, "secure_domain_lobby_bypass"' },
		line = { "warn  meet.example passers: secure_domain_lobby_bypass on conference.meet.example lets everybody", "-> delete it" } },
	{ name = "the lobby gone once somebody is in", edit = { '"muc_meetauth"', '%0, "lobby_deactivate"' },
		line = { "warn  meet.example passers: lobby_deactivate on conference.meet.example removes the lobby", "-> delete it" } },
	{ name = "a room's settings by any token", edit = { '"muc_meetauth"', '%0, "token_security_ondemand"' },
		line = { "warn  meet.example replaced: token_security_ondemand "
			.. "on conference.meet.example also decides about tokens", "-> delete it" } },
	{ name = "everybody in the lobby", edit = { '"muc_meetauth"', '%0, "lobby_autostart"' }, status = 0,
		line = { "note  meet.example needs: lobby_autostart on conference.meet.example puts everybody into the lobby",
			"-> write context.user.lobby_bypass into moderators' tokens" } },
	{ name = "an entry whose bearers pass a lobby that is always there", edit = { '"muc_meetauth"', '%0, "lobby_autostart"' },
		also = { 'issuer = "portal"', '%0, lobby = "bypass"' }, status = 0,
		line = { "ok    meet.example needs: no module lacks an option" } },
	{ name = "proofs of presence with a key that everybody knows", edit = { '"muc_lobby_rooms"', '%0, "access_token"' },
		line = { "FAIL  meet.example needs: access_token on meet.example signs with a key from its source code",
			"-> set access_token_key = " } },
	{ name = "proofs of presence with another key", edit = { '"muc_lobby_rooms"', '%0, "access_token"' }, status = 0,
		also = { "lobby_muc", 'access_token_key_file = "key" lobby_muc' }, line = { "ok    meet.example needs: " } },
	{ name = "dial-out that nobody filters", edit = { '"muc_lobby_rooms"', '%0, "filter_iq_rayo"' }, also = NO_APP_ID,
		line = { "FAIL  meet.example needs: filter_iq_rayo on meet.example does nothing without app_id", "-> delete it",
			'app_id = "system"' } },
	{ name = "dial-out that is filtered", edit = { '"muc_lobby_rooms"', '%0, "filter_iq_rayo"' }, status = 0,
		line = { "ok    meet.example needs: " } },
	{ name = "dial-out that is filtered, once that is followed", edit = { '"muc_lobby_rooms"', '%0, "filter_iq_rayo"' }, status = 0,
		also = { '"legacy"', '"system"' }, line = { "ok    meet.example needs: " } },
	{ name = "who is in which room, for everybody", edit = { '"muc_lobby_rooms"', '%0, "muc_size"' }, also = NO_APP_ID,
		line = { "FAIL  meet.example needs: muc_size on meet.example tells everybody who asks", "-> set app_id = ",
			"enable_roomsize_token_verification = true" } },
	{ name = "the same by its operator's will", edit = { '"muc_lobby_rooms"', '%0, "muc_size"' }, status = 0,
		also = { NO_APP_ID[1], "enable_roomsize_token_verification = false" }, line = { "ok    meet.example needs: " } },
	{ name = "passwords that nobody may ask for", edit = { '"muc_lobby_rooms"', '%0, "muc_password_check"' }, also = NO_APP_ID,
		line = { "FAIL  meet.example needs: muc_password_check on meet.example does", "-> move it to its own VirtualHost" } },
	{ name = "meetings that are never ended", edit = { '"admin_shell"', '%0, "muc_end_meeting"' }, also = NO_APP_ID,
		line = { "FAIL  meet.example needs: muc_end_meeting on meet.example does nothing without app_id",
			'-> set app_id = "system"' } },
	{ name = "meetings that are never ended, where the system's tokens have a key server", also = NO_APP_ID,
		edit = { '"bosh" }', '"bosh", "muc_end_meeting" } prosody_password_public_key_repo_url = "https://keys.example/system"' },
		line = { "FAIL  meet.example needs: muc_end_meeting on meet.example does nothing without app_id",
			'-> set app_id = "system" (the iss of its tokens) and asap_key_server = "https://keys.example/system" (as in '
				.. "prosody_password_public_key_repo_url) on the VirtualHost" } },
	{ name = "messages of the system under either name", edit = { '"muc_lobby_rooms"', '%0, "system_chat_message"' },
		also = NO_APP_ID, line = { "FAIL  meet.example needs: system_chat_message on meet.example does nothing" } },
	{ name = "nicks that muc_meetauth alone holds to", edit = { '"muc_meetauth"', '%0, "muc_resource_validate"' }, status = 0,
		also = { "muc_room_locking", "anonymous_strict = true %0" },
		line = { "note  nicks: conference.meet.example: muc_resource_validate knows no login named meetauth",
			'-> set anonymous_auth_methods = { "anonymous", "jitsi-anonymous", "token", "meetauth" } on that component',
			"PROSODY_MUC_RESOURCE_VALIDATE_ANON_METHODS=anonymous,jitsi-anonymous,token,meetauth" } },
	{ name = "nicks that both hold to", edit = { '"muc_meetauth"', '%0, "muc_resource_validate"' }, status = 0,
		also = { "muc_room_locking", 'anonymous_strict = true anonymous_auth_methods = { "token", "meetauth" } %0' },
		line = { "ok    nicks: conference.meet.example limits users with tokens" } },
	{ name = "nicks that nobody holds to", edit = { '"breakout.meet.example" "muc"',
		'%0 modules_enabled = { "muc_resource_validate" } anonymous_strict = true' },
		line = { "warn  nicks: breakout.meet.example: users with tokens can take any nick", "-> set anonymous_auth_methods = " } },
};

for _, at in ipairs(checked.places()) do
	describe("check of neighbours, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end

		it("says nothing of nicks where nobody is strict", function ()
			local text = checked.good:gsub('"muc_meetauth"', '%0, "muc_resource_validate"');
			assert.is_nil(at:check(text).out:find(" nicks: ", 1, true));
		end);

		it("reads jicofo's own configuration", function ()
			local function with(text)
				command.write(at.folder .. "/other.conf", text);
				return at:check(checked.good, { "--jicofo", at.folder .. "/other.conf" });
			end
			for _, text in ipairs({ "", "# enable-auto-owner = false", 'enable-auto-owner: "true"',
				"enable-auto-owner=false\nenable-auto-owner=true" }) do
				local ran = with(text);
				assert.equal(1, ran.status);
				assert.is_true(at:has(ran.out, { "warn  jicofo: jicofo makes the first person an owner",
					"-> set jicofo { conference { enable-auto-owner = false } }" }));
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
