--- meetauth check, run as people run it, on configurations of Prosody: what is right is "ok", what is wrong is named
-- with what to do about it.

local command = require "spec.support.command";
local core = require "meetauth.core";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");

local good = [[
plugin_paths = { "ROOT/lua" }
modules_enabled = { "admin_shell", "bosh" }
gc = { mode = "generational" }
prosody_user = "no-such-user"

VirtualHost "meet.example"
	modules_enabled = { "muc_lobby_rooms", "persistent_lobby" }
	authentication = "meetauth"
	app_id = "legacy"
	app_secret = "legacy-secret-legacy-secret-legacy-secret"
	meetauth_foreign_hosts = { "guest.meet.example" }
	main_muc = "conference.meet.example"
	lobby_muc = "lobby.meet.example"
	breakout_rooms_muc = "breakout.meet.example"
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "portal-secret-portal-secret-portal-secret" };
		{ id = "files", issuer = "files", secret_file = "portal.secret" };
		{ id = "keys", issuer = "keys", jwks_file = "keys.json", algorithms = "ES256" };
	}

VirtualHost "guest.meet.example"
	authentication = "anonymous"

VirtualHost "recorder.meet.example"
	authentication = "internal_hashed"

Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	meetauth_exempt = { "recorder.meet.example" }

Component "lobby.meet.example" "muc"
	restrict_room_creation = true
Component "breakout.meet.example" "muc"
	restrict_room_creation = true
Component "internal.auth.meet.example" "muc"
	restrict_room_creation = true
Component "focus.meet.example" "client_proxy"
]];

-- Edits of that configuration: { text, text in its place }. 'line': what is then said, its beginning and more of it;
-- 'status': 1 unless said.
local cases = {
	{ name = "no host with meetauth", edit = { '"meetauth"', '"internal_hashed"' },
		line = { "FAIL  hosts: no VirtualHost has authentication", "-> put it under the VirtualHost of your meetings" } },
	{ name = "a host that still has Jitsi's login", edit = { '"meetauth"', '"token"' },
		line = { "FAIL  hosts: no VirtualHost", '-> put it in place of "token" under meet.example' } },
	{ name = "modules that are not where Prosody looks", edit = { '"ROOT/lua"', '"ROOT/src"' },
		line = { "FAIL  modules: not where Prosody looks: mod_auth_meetauth, mod_muc_meetauth, mod_shell_meetauth", "-> add" } },
	{ name = "modules that are there twice", edit = { '"ROOT/lua"', '"ROOT/lua", "FOLDER/copy"' },
		line = { "warn  modules: mod_auth_meetauth is in ROOT/lua/mod_auth_meetauth, which counts, and in FOLDER/copy",
			"-> remove the older one" } },
	{ name = "a module that lacks a part of itself", edit = { '"ROOT/lua"', '"FOLDER/torn", "ROOT/lua"' },
		line = { "FAIL  modules: mod_muc_meetauth in FOLDER/torn/mod_muc_meetauth needs site.lib.lua", "-> install" } },
	{ name = "a module that is newer than the library", edit = { '"ROOT/lua"', '"FOLDER/newer", "ROOT/lua"' },
		line = { "FAIL  modules: mod_shell_meetauth in FOLDER/newer needs meetauth.tomorrow", "-> install" } },
	{ name = "no shell", edit = { '"admin_shell", ', "" }, status = 0,
		line = { "note  shell: ", '-> add "admin_shell"' } },
	{ name = "the default collector", edit = { "gc = [^\n]*", "" }, status = 0,
		line = { "note  collector: ", 'gc = { mode = "generational" }' } },
	{ name = "an option that is misspelt", edit = { "meetauth_foreign_hosts", "meetauth_foreign_host" },
		line = { "FAIL  meet.example options: meetauth_foreign_host: found an option of that name", "-> without this" } },
	{ name = "a field that is misspelt", edit = { 'issuer = "portal"', 'isuser = "portal"' },
		line = { "FAIL  meet.example options: meetauth_issuers[1].isuser: found" } },
	{ name = "a secret of Jitsi's that is short", edit = { "legacy%-secret%-legacy%-secret%-legacy%-secret", "eighteen-bytes-ok!" },
		line = { "warn  meet.example options: app_secret: found 18 bytes, shorter than the hash of HS256", "openssl rand" } },
	{ name = "guests, which are the operator's decision", edit = { "app_id", "allow_empty_token = true app_id" }, status = 0,
		line = { "note  meet.example options: allow_empty_token" } },
	{ name = "a weak secret that is accepted", edit = { '"portal%-secret[^"]*"', '"short", weak_secret = true' },
		line = { "warn  meet.example secrets: meetauth_issuers[1].secret has 5 bytes, fewer than the hash of HS256",
			"-> make a new one with openssl rand -hex 32" } },
	{ name = "a secret that ends in a newline", edit = { '(portal%-secret[^"]*)"', '%1\\n"' },
		line = { "warn  meet.example secrets: meetauth_issuers[1].secret begins or ends with white space", "-> take it away" } },
	{ name = "a weak secret in a file",
		edit = { 'secret_file = "portal.secret"', 'secret_file = "weak.secret", weak_secret = true' },
		line = { "warn  meet.example secrets: meetauth_issuers[2].secret_file[1] has 5 bytes", "-> make" } },
	{ name = "a file whose secret ends in a newline", edit = { '"portal.secret"', '"newline.secret"' },
		line = { "warn  meet.example files: meetauth_issuers[2].secret_file[1]: ", "ends in a newline, which was cut off" } },
	{ name = "a file that is not there", edit = { '"portal.secret"', '"none.secret"' },
		line = { "FAIL  meet.example files: meetauth_issuers[2].secret_file[1]: found ", "-> without this" } },
	{ name = "a tenant that is the domain", edit = { 'issuer = "portal"', 'issuer = "portal", tenant = "meet.example"' },
		line = { 'FAIL  meet.example options: meetauth_issuers[1].tenant: found "meet.example", the host itself' } },
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
		line = { "ok    meet.example ways: nobody logs in without a meeting token" } },
	{ name = "guests", edit = { "lobby_muc", "allow_empty_token = true lobby_muc" }, status = 0,
		line = { "ok    meet.example ways: nobody logs in without a meeting token, but for guests (allow_empty_token)" } },
	{ name = "a second provider beside ours", edit = { "lobby_muc", 'modules_enabled = { "auth_ldap" } lobby_muc' },
		line = { "warn  meet.example leftovers: auth_ldap is loaded, too", "-> delete it" } },
	{ name = "another login beside ours", edit = { "lobby_muc", 'modules_enabled = { "auth_token" } lobby_muc' },
		line = { "warn  meet.example leftovers: auth_token is loaded, too", "-> delete it" } },
	{ name = "a storage that forgets", edit = { "lobby_muc", 'storage = "memory" lobby_muc' },
		line = { 'warn  meet.example storage: storage "memory" forgets', '-> storage = { meetauth_revoked = "internal"' } },
	{ name = "a storage that forgets other things", status = 0,
		edit = { "lobby_muc", 'storage = { archive = "memory" } lobby_muc' },
		line = { 'ok    meet.example storage: revocations are kept in storage "internal"' } },
	{ name = "a database that may keep the server waiting",
		edit = { "lobby_muc", 'storage = "sql" sql = { driver = "PostgreSQL", database = "prosody" } lobby_muc' },
		line = { "warn  meet.example storage: the whole server waits for PostgreSQL", "connect_timeout=2" } },
	{ name = "single use that a failing storage ends", status = 0,
		edit = { "lobby_muc", 'meetauth_storage_down = "open" lobby_muc' },
		line = { 'note  meet.example storage: meetauth_storage_down = "open"' } },
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
	{ name = "modules that would keep something of bearers", edit = { '"bosh" }', '"bosh", "private", "pep", "ping" }' }, status = 0,
		line = { "note  meet.example accounts: bearers have no account, and what pep, private would keep of them is thrown away",
			'-> modules_disabled = { "pep", "private" } on this VirtualHost' } },
	{ name = "bearers that reach other servers", edit = { "lobby_muc", "allow_anonymous_s2s = true lobby_muc" }, status = 0,
		line = { "note  meet.example accounts: allow_anonymous_s2s lets bearers reach other servers", "-> delete it" } },
	{ name = "nothing that makes lobbies", edit = { '"muc_lobby_rooms", "persistent_lobby"', "" }, status = 0,
		line = { "note  meet.example lobbies: who has to wait in a room without a lobby is refused, not-enforceable",
			'-> on this VirtualHost: "muc_lobby_rooms" and "persistent_lobby" in modules_enabled; '
			.. 'or knock_without_lobby in the entries' } },
	{ name = "nothing that makes lobbies when they are asked for", edit = { '"muc_lobby_rooms", ', "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> on this VirtualHost: "muc_lobby_rooms" in modules_enabled;' } },
	{ name = "a lobby of rooms that are not said", edit = { "main_muc = [^\n]*", "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> on this VirtualHost: main_muc = "conference.meet.example";' } },
	{ name = "a lobby without a component", edit = { 'Component "lobby[^\n]*', "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> Component "lobby.meet.example" "muc";' } },
	{ name = "a lobby that has no name", edit = { "lobby_muc = [^\n]*", "" }, status = 0,
		line = { "note  meet.example lobbies: ", '-> on this VirtualHost: lobby_muc = "lobby.meet.example";' } },
	{ name = "an entry that has lobbies made, and nothing that makes them", edit = { '"muc_lobby_rooms", "persistent_lobby"', "" },
		also = { 'issuer = "portal"', '%0, knock_without_lobby = "create"' },
		line = { "warn  meet.example lobbies: portal: who has to wait in a room without a lobby is refused, not-enforceable",
			"-> on this VirtualHost" } },
	{ name = "an entry whose bearers all wait, and nothing that makes lobbies",
		edit = { '"muc_lobby_rooms", "persistent_lobby"', "" },
		also = { "{ id = .portal.[^}]*}", '{ id = "acme", dialect = "daily", domain_id = "d", secret = "'
			.. ("x"):rep(40) .. '", lobby = "knock" }' },
		line = { "warn  meet.example lobbies: acme: who has to wait", "-> on this VirtualHost" } },
	{ name = "nobody who has a lobby made", edit = { 'app_id = [^\n]*\n\tapp_secret = [^\n]*', "" }, status = 0,
		also = { 'meetauth_issuers = {.-\n\t}', 'meetauth_issuers = { { issuer = "p", secret = "'
			.. ("x"):rep(40) .. '", knock_without_lobby = "refuse" } }' },
		line = { "ok    meet.example lobbies: no entry has lobbies made" } },
	{ name = "guests of a host that is not named", edit = { "meetauth_foreign_hosts = [^\n]*", "" },
		line = { "warn  meet.example guests: guests of guest.meet.example enter no room", '{ "guest.meet.example" }' } },
};

local all_well = {
	"ok    core: version ", "ok    modules: mod_auth_meetauth in ROOT/lua/mod_auth_meetauth fits the library",
	"ok    modules: mod_muc_meetauth in ", "ok    modules: mod_shell_meetauth in ", "ok    hosts: checked: meet.example",
	"ok    shell: ", "ok    collector: generational", "ok    places: conference.meet.example guards the rooms of meet.example",
	"ok    jicofo: ", "ok    meet.example options: entries: portal (jitsi), files (jitsi), keys (jitsi), legacy (jitsi)",
	"ok    meet.example secrets: 3, as long as their hash", 'ok    meet.example domain: tokens say sub = "meet.example"',
	"ok    meet.example leftovers: ", "ok    meet.example ways: nobody logs in without a meeting token",
	'ok    meet.example storage: revocations are kept in storage "internal"',
	"ok    meet.example rooms: conference.meet.example loads muc_meetauth", "ok    meet.example replaced: none",
	"ok    meet.example promoters: no module", "ok    meet.example exempt: ",
	"ok    meet.example guests: guests of guest.meet.example",
	"ok    meet.example lobbies: one is made for who has to wait",
	"ok    meet.example components: nobody makes rooms by a token", "ok    meet.example accounts: no module is loaded",
	"ok    meet.example files: files: portal.secret has 1 key (HS256)",
	"ok    meet.example files: keys: keys.json has 1 key (k1 ES256)",
	"skip  meet.example clock: ", "skip  meet.example readers: there is no user no-such-user here",
};

local function specs(sources)
	local folder;

	local function filled(text) return (text:gsub("ROOT", root):gsub("FOLDER", folder)); end

	local function check(text, args, prosody)
		command.write(folder .. "/prosody.cfg.lua", filled(text));
		return command.run({ "check", "--config", folder .. "/prosody.cfg.lua", "--prosody", prosody or sources,
			"--jicofo", folder .. "/jicofo.conf", table.unpack(args or {}) });
	end

	-- A line that begins so and has all of that.
	local function has(out, parts)
		for line in out:gmatch("[^\n]+") do
			local fits = line:sub(1, #filled(parts[1])) == filled(parts[1]);
			for i = 2, #parts do fits = fits and line:find(filled(parts[i]), 1, true); end
			if fits then return true; end
		end
		return false;
	end

	setup(function ()
		folder = command.folder();
		command.write(folder .. "/jicofo.conf", "jicofo { conference {\n\tenable-auto-owner = false\n} }\n");
		command.write(folder .. "/portal.secret", "files-secret-files-secret-files-secret");
		command.write(folder .. "/newline.secret", "files-secret-files-secret-files-secret\n");
		command.write(folder .. "/weak.secret", "short");
		command.must({ "keygen", "--alg", "ES256", "--kid", "k1", "--out-private", folder .. "/es.pem",
			"--out-jwk", folder .. "/es.jwk" });
		command.write(folder .. "/keys.json", command.must({ "jwks", folder .. "/es.jwk" }));
		command.shell(("mkdir -p %s/copy %s/torn %s/newer && cp -r lua/mod_auth_meetauth %s/copy && cp -r lua/mod_muc_meetauth %s/torn")
			:format(folder, folder, folder, folder, folder));
		os.remove(folder .. "/torn/mod_muc_meetauth/site.lib.lua");
		command.write(folder .. "/newer/mod_shell_meetauth.lua", 'local tomorrow = require "meetauth.tomorrow"');
	end);
	teardown(command.clean);

	it("finds all well", function ()
		local ran = check(good);
		assert.equal(0, ran.status, ran.out .. ran.err);
		for _, beginning in ipairs(all_well) do assert.is_true(has(ran.out, { beginning }), beginning .. "\n" .. ran.out); end
		assert.is_nil(ran.out:find("\nFAIL") or ran.out:find("\nwarn") or ran.out:find("\nnote"), ran.out);
		assert.equal("", ran.err);
	end);

	for _, case in ipairs(cases) do
		it("finds " .. case.name, function ()
			local text = good;
			for _, edit in ipairs({ case.edit, case.also }) do
				assert.truthy(text:find(edit[1]), edit[1]);
				text = text:gsub(edit[1], edit[2]);
			end
			local ran = check(text);
			assert.is_true(has(ran.out, case.line), ran.out .. ran.err);
			assert.equal(case.status or 1, ran.status, ran.out);
			assert.is_nil((ran.out .. ran.err):find("-secret-", 1, true), "a secret is shown");
		end);
	end

	it("writes the same as JSON", function ()
		local ran = check((good:gsub('"muc_meetauth"', "")), { "--json" });
		assert.equal(1, ran.status);
		local report = core.decode((ran.out:gsub("\n$", "")));
		assert.is_false(report.ok);
		local failed = {};
		for _, finding in ipairs(report.checks) do
			if finding.verdict == "FAIL" then failed[#failed + 1] = finding; end
		end
		assert.equal(1, #failed);
		assert.same({ "rooms", "meet.example" }, { failed[1].check, failed[1].host });
		assert.truthy(failed[1].found and failed[1].todo);
		assert.is_true(core.decode((check(good, { "--json" }).out:gsub("\n$", ""))).ok);
	end);

	it("raises nothing, whatever type an option has", function ()
		local odd = { "7", "true", "{}", "{ 1, {}, true }", '"x"', "{ a = { b = 1 } }", '"\\0\\255"' };
		local server = { "gc", "sql", "storage", "admins", "main_muc", "muc_mapper_domain_base", "muc_mapper_domain",
			"muc_mapper_domain_prefix", "meetauth_exempt", "token_verification_allowlist", "unlimited_jids", "installer_plugin_path",
			"data_path", "client_https_ssl", "ssl", "default_storage" };
		local host = { "lobby_muc", "breakout_rooms_muc", "meetauth_foreign_hosts", "meetauth_issuers", "app_secret",
			"asap_accepted_issuers", "muc_room_locking", "wait_for_host_disable_auto_owners" };
		local function options(names, value)
			local lines = {};
			for i, name in ipairs(names) do lines[i] = name .. " = " .. value; end
			return table.concat(lines, "\n") .. "\n";
		end
		for _, value in ipairs(odd) do
			for _, ran in ipairs({ check(options(server, value) .. good),
				check((good:gsub("\n\n", "\n" .. options(host, value), 2)), { "--migrate" }),
				check((good:gsub("\n\n", "\n" .. options(host, value), 2))) }) do
				assert.is_nil(ran.err:find("traceback", 1, true), value .. "\n" .. ran.err);
			end
		end
	end);

	it("looks at one host", function ()
		local two = good .. 'VirtualHost "bad.example"\n\tauthentication = "meetauth"\n';
		assert.equal(1, check(two).status);
		assert.equal(0, check(two, { "--host", "meet.example" }).status);
		assert.is_true(has(check(two, { "--host", "bad.example" }).out,
			{ "FAIL  bad.example options: meetauth_issuers: found no issuer" }));
		assert.is_true(has(check(good, { "--host", "guest.meet.example" }).out, { "FAIL  hosts: guest.meet.example has" }));
		assert.equal(2, check(good, { "--host", "no.example" }).status);
	end);

	it("looks at a host that only observes", function ()
		local text = good:gsub('"meetauth"', '"token" modules_enabled = { "auth_meetauth" }'):gsub('"muc_meetauth"', "");
		local ran = check(text);
		assert.equal(0, ran.status, ran.out);
		assert.is_true(has(ran.out, { "note  meet.example rooms: meetauth looks on here" }));
	end);

	it("reads jicofo's own configuration", function ()
		local function with(text)
			command.write(folder .. "/other.conf", text);
			return check(good, { "--jicofo", folder .. "/other.conf" });
		end
		for _, text in ipairs({ "", "# enable-auto-owner = false", 'enable-auto-owner: "true"',
			"enable-auto-owner=false\nenable-auto-owner=true" }) do
			local ran = with(text);
			assert.equal(1, ran.status);
			assert.is_true(has(ran.out, { "warn  jicofo: jicofo makes an owner",
				"-> jicofo { conference { enable-auto-owner = false } }" }));
		end
		for _, text in ipairs({ 'jicofo.conference."enable-auto-owner": false', "enable-auto-owner=true\nenable-auto-owner = no" }) do
			assert.equal(0, with(text).status, text);
		end
		local ran = check(good, { "--jicofo", folder .. "/none.conf" });
		assert.equal(0, ran.status);
		assert.is_true(has(ran.out, { "skip  jicofo: " }));
	end);

	describe("in the Lua that Prosody runs", function ()
		-- A Prosody of which another line says what runs it.
		local function run_by(shebang)
			command.shell(("mkdir -p %s/tree/bin %s/tree/lib && ln -sfn %s/usr/lib/prosody %s/tree/lib/prosody"):format(folder, folder,
				sources, folder));
			command.write(folder .. "/tree/bin/prosody", "#!" .. shebang .. "\n");
			return check(good, {}, folder .. "/tree");
		end

		it("finds no core", function ()
			local ran = run_by("/usr/bin/env -i LUA_CPATH_5_4=/no/where/?.so lua5.4");
			assert.equal(1, ran.status);
			assert.is_true(has(ran.out, { "FAIL  core: Lua 5.4 of FOLDER/tree/bin/prosody does not load the core: module",
				"-> install" }), ran.out);
		end);

		it("finds no cjson", function ()
			local ran = run_by(("/usr/bin/env -i LUA_CPATH_5_4=%s/build/?.so lua5.4"):format(root));
			assert.is_true(has(ran.out, { "FAIL  core: ", "does not find cjson", "-> apt install lua-cjson" }), ran.out);
		end);

		it("finds a library of another version", function ()
			command.shell(("mkdir -p %s/old/meetauth"):format(folder));
			command.write(folder .. "/old/meetauth/init.lua", 'return { _VERSION = "0.0.9" }');
			local ran = run_by(("/usr/bin/env -i LUA_PATH_5_4=%s/old/?/init.lua LUA_CPATH_5_4=%s/build/?.so;; lua5.4"):format(folder,
				root));
			assert.is_true(has(ran.out, { "FAIL  core: version 0.0.9 for Prosody, version " .. core.version .. " of this command",
				"-> remove" }), ran.out);
		end);

		it("finds no library", function ()
			local ran = run_by(("/usr/bin/env -i LUA_PATH_5_4=/no/where/?.lua LUA_CPATH_5_4=%s/build/?.so;; lua5.4"):format(root));
			assert.is_true(has(ran.out, { "FAIL  core: ", "does not load the library" }), ran.out);
		end);

		it("finds that it does not start", function ()
			local ran = run_by("/no/such/lua");
			assert.is_true(has(ran.out, { "FAIL  core: FOLDER/tree/bin/prosody says that /no/such/lua runs it", "-> " }), ran.out);
		end);

		it("finds nothing out without Prosody's executable", function ()
			run_by("");
			os.remove(folder .. "/tree/bin/prosody");
			local ran = check(good, {}, folder .. "/tree");
			assert.equal(0, ran.status, ran.out);
			assert.is_true(has(ran.out, { "skip  core: which Lua Prosody runs is not known" }), ran.out);
		end);
	end);
end

for _, version in ipairs({ "0.12", "13.0" }) do
	local sources = root .. "/build/prosody-" .. version;
	local there = command.read(sources .. "/usr/lib/prosody/core/configmanager.lua") ~= nil;
	describe("check, with Prosody " .. version .. " #command", there and function () specs(sources); end or function ()
		pending("is run where Prosody " .. version .. " is unpacked in build/");
	end);
end
