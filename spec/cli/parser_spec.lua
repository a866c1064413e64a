--- The command line: one parser, with a sub-command for each file of cli/command.

local command = require "spec.support.command";
local parser = require "meetauth.cli.parser";

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

describe("the sub-commands", function ()
	it("are the files of cli/command", function ()
		local pipe <close> = assert(io.popen("ls lua/meetauth/cli/command"));
		local found = {};
		for name in pipe:lines() do found[name:match("^(.*)%.lua$")] = true; end
		for name in pairs(parser.commands) do assert.is_true(found[name], name); end
		for name in pairs(found) do assert.is_table(parser.commands[name], name); end
	end);

	for name, sub in pairs(parser.commands) do
		it(name .. " says in one sentence what it is for, takes options and runs", function ()
			assert.truthy(sub.about:find("%.$"));
			assert.same({ "function", "function" }, { type(sub.options), type(sub.run) });
		end);
	end
end);

describe("what completes the words of the command", function ()
	for _, shell in ipairs({ "bash", "zsh", "fish" }) do
		it("knows every sub-command: " .. shell, function ()
			local text = parser.completion(shell);
			for name in pairs(parser.commands) do assert.truthy(text:find(name, 1, true), name); end
		end);
	end
end);
