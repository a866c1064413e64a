-- How far a long job is, on one line of a terminal.

local command = require "spec.support.command";

local folder, secret_file;

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", ("s"):rep(32));
end);
teardown(command.clean);

-- What a terminal shows of a line of shell.
local function shown(line)
	local script = command.write(folder .. "/script", line);
	return (command.shell("script -qec 'sh " .. script .. "' /dev/null").out:gsub("\r\n", "\n"));
end

describe("on a terminal #command", function ()
	it("bulk signing draws a bar", function ()
		local rows = command.write(folder .. "/rows.csv", "room\n" .. ("standup\n"):rep(5000));
		local args = { "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", rows, "--out", folder .. "/out" };
		local out = command.on_terminal(args).out;
		assert.truthy(out:find("\r%[#+%.*%]  ?%d+%% 2048 signed"), out);
		assert.truthy(out:find("\r[" .. ("#"):rep(30) .. "] 100% 5000 signed\n", 1, true), out);
		assert.equal("", command.run(args).err);
	end);

	it("a pipe, of which nobody knows the length, has a number and no bar", function ()
		local rows = command.write(folder .. "/piped.csv", "room\n" .. ("standup\n"):rep(3000));
		local args = { "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", "-", "--format", "csv",
			"--out", folder .. "/out" };
		local out = shown(("cat %s | %s"):format(rows, command.line(args)));
		assert.truthy(out:find("\r2048 signed\r3000 signed\n$"), out);
	end);

	it("a message has a line of its own", function ()
		local rows = command.write(folder .. "/bad.csv", "room,moderator\nstandup,what\nretro,no\n");
		local args = { "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", rows, "--out", folder .. "/out" };
		local out = command.on_terminal(args).out;
		assert.truthy(out:find("\r\27[Kmeetauth: row 2: moderator: expected true or false\n", 1, true), out);
		assert.truthy(out:find("100% 2 signed\nmeetauth: 1 signed, 1 not signed\n", 1, true), out);
	end);
end);
