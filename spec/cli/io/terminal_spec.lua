-- What the command writes: for people where one looks, plainly elsewhere.

local command = require "spec.support.command";
local meetauth = require "meetauth";
local terminal = require "meetauth.cli.io.terminal";

local must = command.must;
local secret = ("s"):rep(32);
local now = os.time();
local folder, secret_file;

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
teardown(command.clean);

describe("what a terminal may be shown", function ()
	it("has nothing that it obeys", function ()
		assert.equal("a\\u001b[31mb", terminal.safe("a\27[31mb"));
		assert.equal("\\u202ex\\u009by", terminal.safe("\u{202e}x\u{9b}y"));
		assert.equal("a??b", terminal.safe("a\xff\nb"));
		assert.equal("Zoë 😀", terminal.safe("Zoë 😀"));
	end);

	it("is a value as JSON that has nothing of that either, and a slash as it is", function ()
		assert.equal('{"a":"https://x/\\u001b"}', terminal.json({ a = "https://x/\27" }));
		assert.equal('["\\u202e",null,1.5]', terminal.json({ "\u{202e}", meetauth.null, 1.5 }));
		assert.equal("[]", terminal.json(meetauth.array({})));
	end);
end);

describe("elsewhere #command", function ()
	local path;
	setup(function ()
		path = command.write(folder .. "/shown", meetauth.sign(meetauth.key({ alg = "HS256", secret = secret }), { room = "x" }));
	end);

	it("cells are parted by tabs, in no colour, whatever the environment asks", function ()
		for _, env in ipairs({ {}, { NO_COLOR = "1" }, { TERM = "xterm-256color" } }) do
			local ran = command.run({ "explain", "--secret-file", secret_file, path }, nil, env);
			assert.truthy(ran.out:find("\nsignature\tok\t", 1, true), ran.out);
			assert.is_nil(ran.out:find("\27", 1, true));
		end
	end);

	it("what people shall know goes to standard error, after the command's name", function ()
		local ran = command.run({ "sign", "--secret-file", secret_file, "--claims", "-" }, "{}");
		assert.equal("meetauth: no exp: this token never expires\n", ran.err);
		assert.truthy(ran.out:find("^ey%S+\n$"));
	end);
end);

describe("on a terminal #command", function ()
	local path;
	setup(function () path = command.write(folder .. "/token",
		meetauth.sign(meetauth.key({ alg = "HS256", secret = secret }), { exp = now - 60, room = ("x"):rep(200) })); end);

	local function explained(env)
		return command.on_terminal({ "explain", "--secret-file", secret_file, path }, env).out;
	end

	it("an explanation is a table in colours", function ()
		assert.truthy(explained():find("\nexp        \27[31mFAIL\27[0m  expired  ", 1, true), explained());
		assert.truthy(explained():find("\nsignature  \27[32mok\27[0m  ", 1, true));
	end);

	it("NO_COLOR leaves the table", function ()
		local out = explained({ NO_COLOR = "1" });
		assert.is_nil(out:find("\27", 1, true));
		assert.truthy(out:find("\nexp        FAIL  expired  ", 1, true), out);
		assert.truthy(explained({ NO_COLOR = "" }):find("\27", 1, true));
	end);

	it("long values are cut, which elsewhere they are not", function ()
		local shown = command.on_terminal({ "inspect", path }, { NO_COLOR = "1" }).out;
		assert.truthy(shown:find('\n  room  "x+%.%.%.\n'));
		assert.truthy(must({ "inspect", path }):find(("x"):rep(200), 1, true));
	end);
end);

describe("a reader that goes away #command", function ()
	it("ends the command quietly", function ()
		local rows = command.write(folder .. "/rows.csv", "room\n" .. ("standup\n"):rep(20000));
		local line = command.line({ "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", rows });
		for _, ignored in ipairs({ "", "trap '' PIPE; " }) do -- whether or not the caller has left SIGPIPE as it was
			local ran = command.shell(ignored .. line .. " | head -1");
			assert.equal(0, ran.status);
			assert.equal("", ran.err);
			assert.is_table(meetauth.peek(ran.out:match("^(%S+)\n$")));
		end
	end);
end);

describe("a reader that goes away before all is said #command", function ()
	it("makes a status that is not 0", function ()
		local rows = command.write(folder .. "/rows.csv", "room\n" .. ("standup\n"):rep(20000));
		local line = command.line({ "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", rows });
		for _, ignored in ipairs({ "", "trap '' PIPE; " }) do
			local ran = command.shell(("%s{ %s; echo $? >%s/status; } | head -1 >/dev/null; cat %s/status"):format(ignored, line, folder,
				folder));
			assert.equal("141\n", ran.out);
		end
	end);
end);

describe("a disk that is full #command", function ()
	it("is told, with status 2", function ()
		local rows = command.write(folder .. "/rows.csv", "room\n" .. ("standup\n"):rep(2000));
		for _, args in ipairs({ { "--bulk", rows }, { "--room", "x" } }) do
			local line = command.line({ "sign", "--secret-file", secret_file, "--iss", "p", table.unpack(args) });
			local ran = command.shell(line .. " >/dev/full");
			assert.equal(2, ran.status);
			assert.equal("meetauth: cannot write: No space left on device\n", ran.err);
		end
	end);
end);
