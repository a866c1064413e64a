--- meetauth check on the next upgrade of Jitsi's Debian packages: what it says of it is so. The edits of their scripts are
-- made here as those of December 2023 make them.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

-- jitsi-meet-tokens, on its upgrade.
local function upgraded(text)
	local lines, is_known = {}, false;
	for line in text:gmatch("[^\n]*") do
		is_known = is_known or line:find('^%s*authentication%s*=%s*"token" %-%- do not delete me') ~= nil;
		line = line:gsub("%-%-plugin_paths", "plugin_paths");
		line = line:gsub('authentication = "jitsi%-anonymous" %-%- do not delete me', 'authentication = "token" -- do not delete me');
		line = line:gsub(' %-%-app_id="example_app_id"', ' app_id="old"');
		line = line:gsub(' %-%-app_secret="example_app_secret"', ' app_secret="old"');
		if line:find('^%s*%-%-%s*"token_verification"') then line = line:gsub("%-%-%s*", "", 1); end
		lines[#lines + 1] = line;
	end
	return is_known and text or table.concat(lines, "\n");
end

-- Edits of a host's file, and what is said of its upgrade.
local cases = {
	{ name = "nothing in a file without lines of the template's", file = "",
		line = { "ok    meet.example upgrades: an upgrade of" } },
	{ name = "a module that is commented out", file = '\t\t-- "token_verification";',
		line = { "note  meet.example upgrades: ", "token_verification is loaded again", "-> delete these lines" } },
	{ name = "options of the template's", file = '    --app_id="example_app_id"\n    --app_secret="example_app_secret"',
		line = { "note  meet.example upgrades: ", "app_id of debconf is used again; app_secret of debconf" } },
	{ name = "guests", file = 'authentication = "jitsi-anonymous" -- do not delete me',
		line = { "note  meet.example upgrades: ", 'guests log in with "token"' } },
	{ name = "paths that are commented out", file = '--plugin_paths = { "a" }',
		line = { "note  meet.example upgrades: ", "plugin_paths is set again" } },
	{ name = "nothing in a file that has the packages' own line in a comment",
		file = '\t-- "token_verification";\n    --app_id="example_app_id"\n--[[\n\tauthentication = "token" -- do not delete me\n]]',
		line = { "ok    meet.example upgrades: an upgrade of" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of upgrades, with Prosody " .. at.version .. " #command", at.is_there and function ()
		local file;
		setup(function ()
			at:prepare();
			command.shell("mkdir -p " .. at.folder .. "/conf.avail");
			file = at.folder .. "/conf.avail/meet.example.cfg.lua";
		end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function ()
				command.write(file, case.file);
				local ran = at:check(checked.good);
				assert.equal(0, ran.status);
				assert(at:has(ran.out, case.line), ran.out);
				assert.equal(case.line[1]:find("^note") ~= nil, upgraded(case.file) ~= case.file);
			end);
		end

		it("finds rooms that bearers will open no longer", function ()
			command.write(file, 'Component "conference.meet.example" "muc"\n');
			local line = { "note  meet.example upgrades: an upgrade of jitsi-meet-prosody adds restrict_room_creation = true",
				"-> write restrict_room_creation = false in the line below Component" };
			assert.is_true(at:has(at:check(checked.good).out, line));
			assert.is_false(at:has(at:check((checked.good:gsub("muc_room_locking", "restrict_room_creation = false %0"))).out, line));
		end);

		it("says nothing where there is no such file", function ()
			os.remove(file);
			assert.is_nil(at:check(checked.good).out:find(" upgrades: ", 1, true));
		end);

		it("keeps such an upgrade from what --migrate writes", function ()
			local text = checked.good:gsub('"meetauth"', '"token"');
			local migrated = at:check(text, { "--migrate" }).out;
			local ours = migrated .. '\t-- "token_verification";\n';
			assert.equal(ours, upgraded(ours));
		end);
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
