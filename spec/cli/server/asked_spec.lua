-- What the running server keeps of key addresses.

local asked = require "meetauth.cli.server.asked";
local command = require "spec.support.command";
local sha256 = require "meetauth.key.url".sha256;

local at = "https://sso.example/certs?secret=LEAK";

-- A store whose prosodyctl is this script, and what it was called with.
local function store(script)
	local root = command.folder();
	assert(os.execute(("mkdir -p %s/bin %s/lib/prosody"):format(root, root)));
	local path = command.write(root .. "/bin/prosodyctl", ("#!/bin/sh\necho \"$@\" >> %s/calls\n%s\n"):format(root, script));
	assert(os.execute("chmod +x " .. path));
	local function calls() return command.read(root .. "/calls") or ""; end
	return asked.store({ config = root .. "/it's.cfg.lua" }, { sources = root .. "/lib/prosody" }, "meet.example"), calls, root;
end

describe("the running server's keys", function ()
	teardown(command.clean);

	it("are the line of JSON among what its shell prints", function ()
		local kept, calls, root = store("echo 'Prosody was unable to find lua-unbound'\n"
			.. "echo '{\"confirmed\":7,\"text\":\"{}\"}'\necho 'OK: kept'");
		assert.same({ confirmed = 7, text = "{}" }, kept.get(at));
		assert.equal(("--config %s/it's.cfg.lua shell meetauth kept %s meet.example\n"):format(root, sha256(at)), calls());
		assert.is_nil(calls():find("LEAK", 1, true));
	end);

	local vain = {
		["prosodyctl fails"] = "exit 1",
		["it prints a record and fails"] = [[echo '{"confirmed":7,"text":"{}"}'; exit 1]],
		["it prints something else"] = "echo '{\"text\":7}'; echo '{'; echo '[]'; echo nothing",
		["it prints nothing"] = "true",
	};
	for name, script in pairs(vain) do
		it("are none, and are not asked for again, where " .. name, function ()
			local kept, calls = store(script);
			assert.is_nil(kept.get(at));
			assert.is_nil(kept.get(at));
			assert.equal(1, select(2, calls():gsub("\n", "")));
		end);
	end

	it("are none where there is no prosodyctl", function ()
		assert.is_nil(asked.store({ config = "none" }, { sources = "/nowhere/lib/prosody" }, "meet.example").get(at));
	end);
end);
