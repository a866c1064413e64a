--- The Prosody configuration, read by Prosody's own configmanager, of each version that is unpacked here.

local secret_of = require "spec.support.secret";
local command = require "spec.support.command";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");

local entry = 'meetauth_issuers = { { issuer = "lone", secret = %s } }\n';
local secret = secret_of("x");

local function specs(sources)
	local folder;

	setup(function ()
		folder = command.folder();
		command.write(folder .. "/lone-secret", secret);
		os.execute("mkdir " .. folder .. "/hosts");
	end);
	teardown(command.clean);

	-- Sign by a configuration of that text, for the host "lone.example" unless another one is named.
	local function sign(text, env, host)
		local path = command.write(folder .. "/prosody.cfg.lua", text);
		local args = { "sign", "--config", path, "--prosody", sources, "--host", host or "lone.example", "--room", "x" };
		return command.run(args, "", env);
	end

	local function host_of(value) return 'VirtualHost "lone.example"\n' .. entry:format(value); end

	local cases = {
		{ name = "options of the host", text = host_of(("%q"):format(secret)) };
		{ name = "options that stand at the top for all hosts",
			text = entry:format(("%q"):format(secret)) .. 'VirtualHost "lone.example"' };
		{ name = "what it includes", text = 'Include "hosts/*.cfg.lua"', file = host_of(("%q"):format(secret)) };
		{ name = "what the environment has", text = host_of("ENV_LONE"), env = { LONE = secret } };
		{ name = "what Lua makes of it", text = ("local s = %q .. %q\n"):format(secret:sub(1, 9), secret:sub(10)) .. host_of("s") };
	};
	for _, case in ipairs(cases) do
		it("is read as the server reads it: " .. case.name, function ()
			if case.file then command.write(folder .. "/hosts/lone.cfg.lua", case.file); end
			local ran = sign(case.text, case.env);
			assert.equal(0, ran.status, ran.err);
		end);
	end

	it("has what it includes beside it, also where it is named from its own folder", function ()
		command.write(folder .. "/hosts/lone.cfg.lua", host_of(("%q"):format(secret)));
		command.write(folder .. "/prosody.cfg.lua", 'Include "hosts/*.cfg.lua"');
		local args = { "sign", "--config", "prosody.cfg.lua", "--prosody", sources, "--host", "lone.example", "--room", "x" };
		assert.equal(0, command.shell(("cd %s && %s"):format(folder, command.line(args))).status);
	end);

	it("is found with Prosody's sources in any folder above them", function ()
		for _, told in ipairs({ sources, sources .. "/usr/lib/prosody" }) do
			local path = command.write(folder .. "/prosody.cfg.lua", host_of(("%q"):format(secret)));
			local args = { "sign", "--config", path, "--prosody", told, "--host", "lone.example", "--room", "x" };
			assert.equal(0, command.run(args).status);
			table.remove(args, 5);
			table.remove(args, 4);
			assert.equal(0, command.run(args, "", { MEETAUTH_PROSODY = told }).status);
		end
	end);

	it("has credentials from where systemd puts them, in 13", function ()
		local text = host_of('Credential "lone-secret"');
		if not sources:find("13") then return assert.equal(2, sign(text).status); end
		assert.equal(0, sign(text, { CREDENTIALS_DIRECTORY = folder }).status);
		local ran = sign(text);
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("meetauth_issuers[1]", 1, true), ran.err);
	end);

	it("ends the command where the host or the file is not there, or is none", function ()
		local ran = sign(host_of(("%q"):format(secret)), nil, "other.example");
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find('has no host "other.example"', 1, true));
		ran = command.run({ "verify", "--prosody", sources, "--config", "/no/such.cfg.lua", "--host", "h" }, "x");
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("cannot read the configuration: /no/such.cfg.lua: No such file or directory", 1, true));
		ran = command.run({ "verify", "--prosody", sources, "--config", command.write(folder .. "/x.cfg.lua", "VirtualHost (("),
			"--host", "h" }, "x");
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("x.cfg.lua", 1, true));
	end);
end

for _, version in ipairs({ "0.12", "13.0" }) do
	local sources = root .. "/build/prosody-" .. version;
	local there = command.read(sources .. "/usr/lib/prosody/core/configmanager.lua") ~= nil;
	describe("a configuration of Prosody " .. version .. " #command",
		there and function () specs(sources); end or function ()
		pending("is read where Prosody " .. version .. " is unpacked in build/");
	end);
end

describe("Prosody #command", function ()
	teardown(command.clean);

	local function verify(env, args)
		return command.run({ "verify", "--config", "/no/such.cfg.lua", "--host", "h", table.unpack(args or {}) }, "x", env);
	end

	it("is where prosodyctl says", function ()
		local folder = command.folder();
		command.shell(("mkdir -p %s/bin %s/lib/core"):format(folder, folder));
		command.write(folder .. "/bin/prosodyctl", "#!/bin/sh\nCFG_SOURCEDIR='" .. folder .. "/lib';\n");
		command.write(folder .. "/lib/core/configmanager.lua", "error('found it', 0)");
		assert.truthy(verify({ PATH = folder .. "/bin:" .. os.getenv("PATH") }).err:find("found it", 1, true));
		assert.truthy(verify({ MEETAUTH_PROSODY = folder .. "/lib" }).err:find("found it", 1, true));
	end);

	it("that is not there is asked for", function ()
		local ran = verify({}, { "--prosody", "/no/such" });
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("--prosody: /no/such has no core/configmanager.lua", 1, true));
	end);
end);
