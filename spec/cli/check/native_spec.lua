--- meetauth check on what is installed: the core in the Lua that Prosody runs, and the modules where Prosody looks for them.

local checked = require "spec.support.checked";
local command = require "spec.support.command";
local core = require "meetauth.core";

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "modules that are not where Prosody looks", edit = { '"ROOT/lua"', '"ROOT/src"' },
		line = { "FAIL  modules: Prosody cannot find mod_auth_meetauth, mod_muc_meetauth, mod_shell_meetauth", "-> add" } },
	{ name = "modules that are there twice", edit = { '"ROOT/lua"', '"ROOT/lua", "FOLDER/copy"' },
		line = { "warn  modules: mod_auth_meetauth is in ROOT/lua/mod_auth_meetauth, which Prosody uses, and in FOLDER/copy",
			"-> remove the older version" } },
	{ name = "a module that lacks a part of itself", edit = { '"ROOT/lua"', '"FOLDER/torn", "ROOT/lua"' },
		line = { "FAIL  modules: mod_muc_meetauth in FOLDER/torn/mod_muc_meetauth needs place.lib.lua", "-> install" } },
	{ name = "a module that is newer than the library", edit = { '"ROOT/lua"', '"FOLDER/newer", "ROOT/lua"' },
		line = { "FAIL  modules: mod_shell_meetauth in FOLDER/newer needs meetauth.tomorrow", "-> install" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of what is installed, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end

		describe("in the Lua that Prosody runs", function ()
			-- A Prosody of which another line says what runs it.
			local function run_by(shebang)
				command.shell(("mkdir -p %s/tree/bin %s/tree/lib && ln -sfn %s/usr/lib/prosody %s/tree/lib/prosody")
					:format(at.folder, at.folder, at.sources, at.folder));
				command.write(at.folder .. "/tree/bin/prosody", "#!" .. shebang .. "\n");
				return at:check(checked.good, {}, at.folder .. "/tree");
			end

			it("finds no core", function ()
				local ran = run_by("/usr/bin/env -i LUA_CPATH_5_4=/no/where/?.so lua5.4");
				assert.equal(1, ran.status);
				assert.is_true(at:has(ran.out, { "FAIL  core: Lua 5.4 of FOLDER/tree/bin/prosody does not load the core: module",
					"-> install" }), ran.out);
			end);

			it("finds a library of another version", function ()
				command.shell(("mkdir -p %s/old/meetauth"):format(at.folder));
				command.write(at.folder .. "/old/meetauth/init.lua", 'return { _VERSION = "0.0.9" }');
				local ran = run_by(("/usr/bin/env -i LUA_PATH_5_4=%s/old/?/init.lua LUA_CPATH_5_4=%s/build/?.so;; lua5.4")
					:format(at.folder, checked.root));
				assert.is_true(at:has(ran.out, { "FAIL  core: version 0.0.9 for Prosody, version " .. core.version .. " of this command",
					"-> remove" }), ran.out);
			end);

			it("finds no library", function ()
				local ran = run_by(("/usr/bin/env -i LUA_PATH_5_4=/no/where/?.lua LUA_CPATH_5_4=%s/build/?.so;; lua5.4")
					:format(checked.root));
				assert.is_true(at:has(ran.out, { "FAIL  core: ", "does not load the library" }), ran.out);
			end);

			it("finds that it does not start", function ()
				local ran = run_by("/no/such/lua");
				assert.is_true(at:has(ran.out, { "FAIL  core: FOLDER/tree/bin/prosody says that /no/such/lua runs it", "-> " }), ran.out);
			end);

			it("finds nothing out without Prosody's executable", function ()
				run_by("");
				os.remove(at.folder .. "/tree/bin/prosody");
				local ran = at:check(checked.good, {}, at.folder .. "/tree");
				assert.equal(0, ran.status, ran.out);
				assert.is_true(at:has(ran.out, { "skip  core: cannot find out which Lua runs Prosody" }), ran.out);
			end);
		end);
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
