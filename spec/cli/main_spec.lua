--- What the command takes and what it does not.

local command = require "spec.support.command";
local parser = require "meetauth.cli.parser";

local token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwb3J0YWwifQ.c2lnbmF0dXJl";

describe("a token as an argument #command", function ()
	teardown(command.clean);

	local ways = {
		["of verify"] = { "verify", "--secret-file", "s", token };
		["of inspect"] = { "inspect", token };
		["in an option"] = { "explain", "--secret-file=" .. token };
		["without a sub-command"] = { token };
		["with a space in front"] = { "inspect", " " .. token };
		["in a link"] = { "inspect", "https://meet.example/standup?jwt=" .. token };
		["cut off"] = { "inspect", token:sub(1, 30) };
		["with a line break in its header"] = { "inspect", "ewogICJhbGciOiAiSFMyNTYiCn0.eyJpc3MiOiJwb3J0YWwifQ.c2lnbmF0dXJl" };
		["with a space in its header"] = { "inspect", "eyAiYWxnIjogIkhTMjU2IiB9.eyJpc3MiOiJwb3J0YWwifQ.c2lnbmF0dXJl" };
	};
	for name, args in pairs(ways) do
		it(name .. " is refused and not shown again", function ()
			local ran = command.run(args);
			assert.equal(2, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find("a token is no argument", 1, true));
			for part in args[#args]:gmatch("[%w_-]+") do
				assert.is_nil(#part > 9 and ran.err:find(part, 1, true) or nil);
			end
		end);
	end

	it("is not a host or a file whose name begins in the same way", function ()
		for _, name in ipairs({ "eyes.example.org", "ewok.example.org", "keys.pem", "./eye.txt" }) do
			assert.is_nil(command.run({ "inspect", name }).err:find("a token is no argument", 1, true), name);
		end
	end);
end);

describe("arguments that do not fit #command", function ()
	teardown(command.clean);

	local cases = {
		{ args = {}, says = "a command is required" };
		{ args = { "sing" }, says = "unknown command 'sing'" };
		{ args = { "verify", "--secret=hunter2" }, says = "unknown option '--secret'", never = "hunter2" };
		{ args = { "verify" }, says = "expected a key" };
		{ args = { "verify", "--key-file", "k", "--secret-file", "s" }, says = "--secret-file and --key-file: give one of them" };
		{ args = { "inspect", "\xff\xfe" }, says = "an argument is not UTF-8" };
		{ args = { "verify", "--secret-file", "-", "-" }, input = ("s"):rep(32),
			says = "standard input cannot be both the secret and the token" };
		{ args = { "verify", "--secret-file", "-", "--leeway", "soon" }, input = ("s"):rep(32),
			says = "--leeway: expected a duration" };
		{ args = { "verify", "--secret-file", "-", "--room", "x" }, input = ("s"):rep(32), says = "with --host only" };
		{ args = { "inspect", "/no/such/file" }, says = "cannot read /no/such/file: No such file or directory" };
		{ args = { "inspect", "/" }, says = "cannot read /: Is a directory" };
		{ args = { "inspect" }, says = "no token in standard input" };
		{ args = { "verify", "--key-file", "-" }, input = "no key", says = "-: bad-key" };
		{ args = { "verify", "--jwks-file", "-" }, input = "{}", says = "-: bad-set" };
		{ args = { "verify", "--host", "h", "--secret-file", "s" }, says = "--host and --secret-file: give one of them" };
		{ args = { "verify", "--host", "h", "--iss", "i" }, says = "--iss: the entries of --host have their own" };
	};
	for _, case in ipairs(cases) do
		it("end with status 2: " .. table.concat(case.args, " "):gsub("[^ -~]", "?"), function ()
			local ran = command.run(case.args, case.input);
			assert.equal(2, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find(case.says, 1, true), ran.err);
			assert.is_nil(case.never and ran.err:find(case.never, 1, true));
			assert.is_nil(ran.err:find("traceback", 1, true));
		end);
	end
end);

describe("the argument parser #command", function ()
	it("is the command's alone: nothing else needs it, or the command", function ()
		local pipe <close> = assert(io.popen("grep -rlE '\"(argparse|meetauth\\.cli)' lua"));
		local found = 0;
		for path in pipe:lines() do
			assert.truthy(path:find("^lua/meetauth/cli/"), path);
			found = found + 1;
		end
		assert.is_true(found > 0);
	end);
end);

describe("help #command", function ()
	teardown(command.clean);

	it("tells the version", function ()
		assert.equal("meetauth " .. require "meetauth"._VERSION .. "\n", command.must({ "--version" }));
	end);

	it("names every sub-command", function ()
		local text = command.must({ "--help" });
		for name in pairs(parser.commands) do assert.truthy(text:find("\n   " .. name .. " ", 1, true), name); end
	end);

	for name, sub in pairs(parser.commands) do
		it("of " .. name .. " says what it is for", function ()
			assert.truthy(command.must({ name, "--help" }):gsub("%s+", " "):find(sub.about, 1, true));
		end);
	end
end);
