--- meetauth check, run as people run it, on edits of a configuration in which all is well.

local command = require "spec.support.command";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");

local checked = { root = root };

--- The configuration in which all is well. ROOT is where the modules are, FOLDER where the other files are.
checked.good = [[
plugin_paths = { "ROOT/lua" }
modules_enabled = { "admin_shell", "bosh" }
gc = { mode = "generational" }
prosody_user = "no-such-user"

VirtualHost "meet.example"
	modules_enabled = { "muc_lobby_rooms", "persistent_lobby" }
	authentication = "meetauth"
	app_id = "legacy"
	app_secret = "legacy-secret-2-3-5-7-11-13-17-19-23-29-3"
	meetauth_foreign_hosts = { "guest.meet.example" }
	main_muc = "conference.meet.example"
	lobby_muc = "lobby.meet.example"
	breakout_rooms_muc = "breakout.meet.example"
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "portal-secret-2-3-5-7-11-13-17-19-23-29-3" };
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

---@class CheckedAt
---@field version string    of Prosody
---@field sources string    where it is unpacked
---@field is_there boolean
---@field folder string     of the configuration and its files, once they are prepared
local methods = {};
methods.__index = methods;

function methods:filled(text) return (text:gsub("ROOT", root):gsub("FOLDER", self.folder)); end

--- Put the files in place that configurations speak of.
function methods:prepare()
	local folder = command.folder();
	self.folder = folder;
	command.write(folder .. "/jicofo.conf", "jicofo { conference {\n\tenable-auto-owner = false\n} }\n");
	command.write(folder .. "/portal.secret", "files-secret-2-3-5-7-11-13-17-19-23-29");
	command.write(folder .. "/newline.secret", "files-secret-2-3-5-7-11-13-17-19-23-29\n");
	command.write(folder .. "/weak.secret", "short");
	command.must({ "keygen", "--alg", "ES256", "--kid", "k1", "--out-private", folder .. "/es.pem",
		"--out-jwk", folder .. "/es.jwk" });
	command.write(folder .. "/keys.json", command.must({ "jwks", folder .. "/es.jwk" }));
	command.shell(("mkdir -p %s/copy %s/torn %s/newer && cp -r lua/mod_auth_meetauth %s/copy && cp -r lua/mod_muc_meetauth %s/torn")
		:format(folder, folder, folder, folder, folder));
	os.remove(folder .. "/torn/mod_muc_meetauth/place.lib.lua");
	command.write(folder .. "/newer/mod_shell_meetauth.lua", 'local tomorrow = require "meetauth.tomorrow"');
end

--- Check a configuration of that text.
---@param text string
---@param args string[]?   further ones
---@param prosody string?  other sources
---@return Ran
function methods:check(text, args, prosody)
	command.write(self.folder .. "/prosody.cfg.lua", self:filled(text));
	return command.run({ "check", "--config", self.folder .. "/prosody.cfg.lua", "--prosody", prosody or self.sources,
		"--jicofo", self.folder .. "/jicofo.conf", table.unpack(args or {}) });
end

--- Whether a line begins with the first of these, and has all of the others.
---@param out string
---@param parts string[]
---@return boolean
function methods:has(out, parts)
	for line in out:gmatch("[^\n]+") do
		local fits = line:sub(1, #self:filled(parts[1])) == self:filled(parts[1]);
		for i = 2, #parts do fits = fits and line:find(self:filled(parts[i]), 1, true); end
		if fits then return true; end
	end
	return false;
end

--- Check an edit of the good configuration: that its line appears, and no secret.
---@param case { edit: string[], also: string[]?, line: string[], status: integer? }  edit: a pattern, and what comes in its place
function methods:finds(case)
	local text = checked.good;
	for _, edit in ipairs({ case.edit, case.also }) do
		assert(text:find(edit[1]), edit[1]);
		text = text:gsub(edit[1], edit[2]);
	end
	local ran = self:check(text);
	assert(self:has(ran.out, case.line), ran.out .. ran.err);
	assert(ran.status == (case.status or 1), ran.out);
	assert(not (ran.out .. ran.err):find("-secret-", 1, true), "a secret is shown");
end

--- Where to check: beside each Prosody that may be unpacked here.
---@return CheckedAt[]
function checked.places()
	local places = {};
	for i, version in ipairs({ "0.12", "13.0" }) do
		local sources = root .. "/build/prosody-" .. version;
		places[i] = setmetatable({ version = version, sources = sources,
			is_there = command.read(sources .. "/usr/lib/prosody/core/configmanager.lua") ~= nil }, methods);
	end
	return places;
end

return checked;
