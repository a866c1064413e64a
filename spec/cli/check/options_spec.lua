--- meetauth check on options: whether each host's can be used, what is weak in them, and what of Jitsi's is left over.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "no host with meetauth", edit = { '"meetauth"', '"internal_hashed"' },
		line = { "FAIL  hosts: no VirtualHost has authentication", "-> write it under the VirtualHost of your meetings" } },
	{ name = "a host that still has Jitsi's login", edit = { '"meetauth"', '"token"' },
		line = { "FAIL  hosts: no VirtualHost", '-> write it instead of "token" under VirtualHost meet.example' } },
	{ name = "of two hosts with Jitsi's login the one with rooms", edit = { '"meetauth"', '"token"' },
		also = { 'VirtualHost "guest', 'VirtualHost "jigasi.meet.jitsi" authentication = "token" app_id = "jitsi" %0' },
		line = { "FAIL  hosts: no VirtualHost", '-> write it instead of "token" under VirtualHost meet.example' } },
	{ name = "no shell", edit = { '"admin_shell", ', "" }, status = 0,
		line = { "note  shell: ", '-> add "admin_shell"' } },
	{ name = "a shell that one host names, for all", edit = { '"admin_shell", ', "" }, status = 0,
		also = { "app_id", 'modules_enabled = { "admin_shell" } app_id' }, line = { "ok    shell: admin_shell is loaded" } },
	{ name = "the default collector", edit = { "gc = [^\n]*", "" }, status = 0,
		line = { "note  collector: ", 'gc = { mode = "generational" }' } },
	{ name = "an option that is misspelt", edit = { "meetauth_foreign_hosts", "meetauth_foreign_host" },
		line = { "FAIL  meet.example options: meetauth_foreign_host: found an option with this name", "-> correct this" } },
	{ name = "entries by name", edit = { '{ id = "portal"', "portal = %0" },
		line = { 'FAIL  meet.example options: meetauth_issuers: found a table with the name "portal", expected a list' } },
	{ name = "an entry behind a hole", edit = { '{ id = "files"', "nil; %0" },
		line = { "FAIL  meet.example options: meetauth_issuers: found a list with an empty place at 2" } },
	{ name = "an API key behind a hole", edit = { "app_id", 'meetauth_http_keys = { portal = { "a", nil, "b" } } app_id' },
		line = { "FAIL  meet.example options: meetauth_http_keys: found a list with an empty place at 2" } },
	{ name = "a field that is misspelt", edit = { 'issuer = "portal"', 'isuser = "portal"' },
		line = { "FAIL  meet.example options: meetauth_issuers[1].isuser: found" } },
	{ name = "a secret of Jitsi's that is short", edit = { "legacy%-secret[%w-]*", "eighteen-bytes-ok!" },
		line = { "warn  meet.example options: app_secret: found 18 bytes, shorter than the hash of HS256", "openssl rand" } },
	{ name = "guests, which are the operator's decision", edit = { "app_id", "allow_empty_token = true app_id" }, status = 0,
		line = { "note  meet.example options: allow_empty_token" } },
	{ name = "a weak secret that is accepted", edit = { '"portal%-secret[^"]*"', '"short", weak_secret = true' },
		line = { "warn  meet.example secrets: meetauth_issuers[1].secret has 5 bytes, fewer than the hash of HS256",
			"-> make a new secret with openssl rand -hex 32" } },
	{ name = "the secret of an example that is accepted",
		edit = { '"portal%-secret[^"]*"', '"a-string-secret-at-least-256-bits-long", weak_secret = true' },
		line = { "warn  meet.example secrets: meetauth_issuers[1].secret is weak: it is from an example", "-> make a new secret" } },
	{ name = "a secret that ends in a newline", edit = { '(portal%-secret[^"]*)"', '%1\\n"' },
		line = { "warn  meet.example secrets: meetauth_issuers[1].secret begins or ends with white space",
			"-> delete the white space" } },
	{ name = "a weak secret in a file",
		edit = { 'secret_file = "portal.secret"', 'secret_file = "weak.secret", weak_secret = true' },
		line = { "warn  meet.example secrets: meetauth_issuers[2].secret_file[1] has 5 bytes", "-> make" } },
	{ name = "a tenant that is the domain", edit = { 'issuer = "portal"', 'issuer = "portal", tenant = "meet.example"' },
		line = { 'FAIL  meet.example options: meetauth_issuers[1].tenant: found "meet.example", the host itself' } },
	{ name = "a second provider beside ours", edit = { "lobby_muc", 'modules_enabled = { "auth_ldap" } lobby_muc' },
		line = { "warn  meet.example leftovers: auth_ldap is also loaded", "-> delete it" } },
	{ name = "another login beside ours", edit = { "lobby_muc", 'modules_enabled = { "auth_token" } lobby_muc' },
		line = { "warn  meet.example leftovers: auth_token is also loaded", "-> delete it" } },
	{ name = "a storage that forgets", edit = { "lobby_muc", 'storage = "memory" lobby_muc' },
		line = { 'warn  meet.example storage: storage "memory" loses', '-> set storage = { meetauth_revoked = "internal"' } },
	{ name = "a storage that forgets other things", status = 0,
		edit = { "lobby_muc", 'storage = { archive = "memory" } lobby_muc' },
		line = { 'ok    meet.example storage: revocations are kept in storage "internal"' } },
	{ name = "a database that may keep the server waiting",
		edit = { "lobby_muc", 'storage = "sql" sql = { driver = "PostgreSQL", database = "prosody" } lobby_muc' },
		line = { "warn  meet.example storage: the whole server waits if PostgreSQL", "connect_timeout=2" } },
	{ name = "single use that a failing storage ends", status = 0,
		edit = { "lobby_muc", 'meetauth_storage_down = "open" lobby_muc' },
		line = { 'note  meet.example storage: meetauth_storage_down = "open"' } },
};

for _, at in ipairs(checked.places()) do
	describe("check of options, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
