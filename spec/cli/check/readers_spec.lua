--- meetauth check on who can read key files, with real files, owners and modes, which takes root: Prosody's user, here
-- "daemon", has to; of secrets not everybody may.

local command = require "spec.support.command";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");
local prosody = "/build/prosody-0.12";

local ids <close> = assert(io.popen("id -u && id -gn daemon && getent group games && setpriv --version"));
local is_possible = ids:read("l") == "0" and ids:read("a"):find("^daemon\ngames:.*setpriv") ~= nil;

-- 'secret': the file of the entry "files"; 'options': for all hosts; 'shell': run in the folder. 'line': the beginning of
-- one that is said, and more of it; 'status': 1 unless said.
local cases = {
	{ name = "files that only the group of Prosody's user can read", secret = "own.secret", status = 0,
		line = { "ok    meet.example readers: daemon can read 2 key files" } },
	{ name = "root's own secret", secret = "own.secret", shell = "chown 0:0 own.secret && chmod 600 own.secret",
		line = { "FAIL  meet.example readers: files: daemon cannot read own.secret, so the module does not load",
			" -> run chgrp daemon FOLDER/own.secret && chmod 640 FOLDER/own.secret" } },
	{ name = "the other files all the same", secret = "own.secret", shell = "chown 0:0 own.secret && chmod 600 own.secret",
		line = { "ok    meet.example readers: daemon can read 1 key file" } },
	{ name = "root's own public keys", secret = "own.secret", shell = "chmod 600 keys.json",
		line = { "FAIL  meet.example readers: keys: daemon cannot read keys.json, so", "FOLDER/keys.json" } },
	{ name = "an owner who may not, though all others may", secret = "own.secret",
		shell = "chown daemon own.secret && chmod 044 own.secret",
		line = { "FAIL  meet.example readers: files: daemon cannot read own.secret" } },
	{ name = "a secret of the user's own", secret = "own.secret", shell = "chown daemon:0 own.secret && chmod 400 own.secret",
		status = 0, line = { "ok    meet.example readers: daemon can read 2 key files" } },
	{ name = "a folder that is shut", secret = "shut/other.secret",
		line = { "FAIL  meet.example readers: files: daemon cannot read shut/other.secret, so the module "
			.. "does not load. The folder FOLDER/shut is",
			" -> move the file. Or, if only Prosody uses the folder, run chgrp daemon FOLDER/shut && chmod g+x FOLDER/shut" } },
	{ name = "a link into a folder that is shut", secret = "link.secret", shell = "ln -s shut/other.secret link.secret",
		line = { "FAIL  meet.example readers: files: daemon cannot read link.secret" } },
	{ name = "a name with what a shell would obey", secret = "a' $(touch pwned).secret",
		shell = [[mv own.secret "a' \$(touch pwned).secret" && chmod 600 *.secret]],
		line = { "FAIL  meet.example readers: files: daemon cannot read a' $(touch pwned).secret, so",
			[[ -> run chgrp daemon 'FOLDER/a'\'' $(touch pwned).secret' && ]] } },
	{ name = "a secret that everybody can read", secret = "own.secret", shell = "chmod 644 own.secret",
		line = { "warn  meet.example readers: files: everybody on this machine can read own.secret",
			" -> run chgrp daemon FOLDER/own.secret && chmod 640 FOLDER/own.secret" } },
	{ name = "no fault in public keys that everybody can read", secret = "own.secret", shell = "chmod 644 keys.json",
		status = 0, line = { "ok    meet.example readers: daemon can read 2 key files" } },
	{ name = "no fault in an open file in a folder that is not", secret = "in/open.secret", status = 0,
		line = { "ok    meet.example readers: daemon can read 2 key files" } },
	{ name = "another group", secret = "own.secret", options = 'prosody_group = "games"',
		shell = "chgrp games own.secret keys.json", status = 0,
		line = { "ok    meet.example readers: daemon can read 2 key files" } },
	{ name = "a group that is not the user's", secret = "own.secret", shell = "chgrp games own.secret",
		line = { "FAIL  meet.example readers: files: daemon cannot read own.secret", " -> run chgrp daemon FOLDER/own.secret" } },
	{ name = "a group that there is not", secret = "own.secret", options = 'prosody_group = "no-such-group"', status = 0,
		line = { "skip  meet.example readers: cannot find out which files daemon can read: setpriv: " } },
	{ name = "nothing of a file that is not there", secret = "none.secret",
		line = { "ok    meet.example readers: daemon can read 1 key file" } },
	{ name = "a user who is not there", user = "no-such-user", secret = "own.secret", status = 0,
		line = { "skip  meet.example readers: this machine has no user no-such-user, and Prosody would read the key files as this user",
			" -> " } },
	{ name = "a user who is none", user = "x; touch pwned", secret = "own.secret", status = 0,
		line = { "skip  meet.example readers: this machine has no user x; touch pwned" } },
	{ name = "a user and a group of other types", secret = "own.secret", options = "prosody_user = {} prosody_group = false",
		status = 0, line = { "skip  meet.example readers: this machine has no user table: " } },
};

-- Files are of root and daemon's group, with mode 640.
local prepare = [[
	umask 022 && rm -rf * && chmod 755 . && mkdir in shut
	printf files-secret-2-3-5-7-11-13-17-19-23-29 >own.secret && cp own.secret in/open.secret && cp own.secret shut/other.secret
	cp ../keys.json .
	chgrp -R daemon . && chmod 640 own.secret keys.json && chmod 750 in && chmod 700 shut
]];

local config = [[
plugin_paths = { "ROOT/lua" }
prosody_user = "USER"
OPTIONS
VirtualHost "meet.example"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "files", issuer = "files", secret_file = "SECRET" };
		{ id = "keys", issuer = "keys", jwks_file = "keys.json", algorithms = "ES256" };
	}
Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
]];

local function specs()
	local folder;

	local function filled(text) return (text:gsub("FOLDER", folder .. "/files")); end

	-- What runs the command on this case's configuration, its files being ready. 'tree': where our files are, if not here.
	local function ready(case, tree)
		tree = tree or root;
		local shell = ("mkdir -p %s/files && cd %s/files && { %s } && { %s; }"):format(folder, folder, prepare, case.shell or ":");
		local made = command.shell(shell);
		assert.equal(0, made.status, made.err);
		local set = { ROOT = tree, USER = case.user or "daemon", OPTIONS = case.options or "", SECRET = case.secret };
		command.write(folder .. "/files/prosody.cfg.lua", (config:gsub("%u%u+", set)));
		return { "check", "--config", filled("FOLDER/prosody.cfg.lua"), "--prosody", tree .. prosody, "--jicofo", "/no/where" };
	end

	local function has(out, parts)
		for line in out:gmatch("[^\n]+") do
			local fits = line:sub(1, #filled(parts[1])) == filled(parts[1]);
			if fits and line:find(filled(parts[2] or ""), 1, true) then return true; end
		end
		return false;
	end

	setup(function ()
		folder = command.folder();
		command.must({ "keygen", "--alg", "ES256", "--kid", "k1", "--out-private", folder .. "/es.pem",
			"--out-jwk", folder .. "/es.jwk" });
		command.write(folder .. "/keys.json", command.must({ "jwks", folder .. "/es.jwk" }));
	end);
	teardown(command.clean);

	for _, case in ipairs(cases) do
		it("finds " .. case.name, function ()
			local ran = command.run(ready(case));
			assert.is_true(has(ran.out, case.line), ran.out .. ran.err);
			assert.equal(case.status or 1, ran.status, ran.out);
			assert.is_nil(command.read(filled("FOLDER/pwned")));
			assert.equal("", ran.err);
		end);
	end

	it("finds the folder of a configuration that is named from where one is", function ()
		local args = ready({ secret = "own.secret", shell = "chmod 700 ." });
		args[3] = "prosody.cfg.lua";
		local ran = command.shell(("cd %s/files && %s"):format(folder, command.line(args)));
		assert.is_true(has(ran.out, { "FAIL  meet.example readers: files: daemon cannot read own.secret, so the module does not load."
			.. " The folder FOLDER is closed", " -> move the file. Or, " }), ran.out .. ran.err);
	end);

	it("does not guess where it is not root", function ()
		local tree = folder .. "/tree"; -- for daemon, who may not be let into the folder of the specs
		local made = command.shell(("mkdir -p %s/build && cp -R lua %s && cp -R build/meetauth %s %s/build && chmod -R a+rX %s")
			:format(tree, tree, root .. prosody, tree, folder));
		assert.equal(0, made.status, made.err);
		local args = ready({ secret = "own.secret" }, tree);
		local ran = command.shell("setpriv --reuid=daemon --regid=daemon --clear-groups " .. command.line(args, {}, tree));
		assert.is_true(has(ran.out, { "skip  meet.example readers: only root can find out which files daemon can read",
			" -> run this command as root" }), ran.out .. ran.err);
		assert.equal(0, ran.status, ran.out);
	end);

	it("does not guess where it cannot ask", function ()
		command.shell(("mkdir -p %s/bin && cd %s/bin && ln -s $(command -v id) $(command -v lua5.4) ."):format(folder, folder));
		local ran = command.run(ready({ secret = "own.secret" }), nil, { PATH = folder .. "/bin" });
		assert.is_true(has(ran.out, { "skip  meet.example readers: cannot find out which files daemon can read: ", "setpriv" }),
			ran.out .. ran.err);
	end);
end

describe("check of who reads key files #command", is_possible and specs or function ()
	pending("is run as root, where there are daemon, games and setpriv");
end);
