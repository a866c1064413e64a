--- The meetauth command: its arguments in, its exit status out.

local command = require "spec.support.command";

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
			assert.truthy(ran.err:find("do not write a token as an argument", 1, true));
			for part in args[#args]:gmatch("[%w_-]+") do
				assert.is_nil(#part > 9 and ran.err:find(part, 1, true) or nil);
			end
		end);
	end

	it("is not a host or a file whose name begins in the same way", function ()
		for _, name in ipairs({ "eyes.example.org", "ewok.example.org", "keys.pem", "./eye.txt" }) do
			assert.is_nil(command.run({ "inspect", name }).err:find("do not write a token as an argument", 1, true), name);
		end
	end);
end);

describe("arguments that do not fit #command", function ()
	teardown(command.clean);

	for _, case in ipairs({
		{ args = {}, says = "a command is required" };
		{ args = { "sing" }, says = "unknown command 'sing'" };
		{ args = { "verify", "--secret=hunter2" }, says = "unknown option '--secret'", never = "hunter2" };
		{ args = { "inspect", "\xff\xfe" }, says = "an argument is not UTF-8" };
	}) do
		it("end with status 2: " .. table.concat(case.args, " "):gsub("[^ -~]", "?"), function () command.is_refused(case); end);
	end
end);

describe("a value below zero #command", function ()
	teardown(command.clean);

	it("is no option", function ()
		local secret = command.write(command.folder() .. "/secret", ("s"):rep(32));
		local signed = command.must({ "sign", "--secret-file", secret, "--iss", "p", "--room", "x", "--expires-in", "-1h" });
		assert.truthy(command.run({ "verify", "--secret-file", secret }, signed).err:find("refused: expired", 1, true));
	end);

	for _, case in ipairs({
		{ args = { "verify", "--json", "-1" }, says = "option '--json' does not take arguments" };
		{ args = { "verify", "-1" }, says = "unknown option '-1'" };
	}) do
		it("stays one elsewhere: " .. table.concat(case.args, " "), function () command.is_refused(case); end);
	end
end);

describe("the exit status #command", function ()
	teardown(command.clean);

	local expired = "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.";
	for status, case in pairs({
		[0] = { args = { "inspect" }, input = expired .. "AAAA" };
		[1] = { args = { "inspect" }, input = "no token" };
		[2] = { args = { "inspect", "/no/such/file" } };
	}) do
		it("is " .. status .. " as the page says", function () assert.equal(status, command.run(case.args, case.input).status); end);
	end

	it("is 2 with a trace where the command itself has a fault, and nothing of it is taken for a refusal", function ()
		local program = [[require "meetauth.cli.parser".commands.inspect.run = function () error("a fault") end
			os.exit(require "meetauth.cli.main" { "inspect" })]];
		local line = command.line({}):gsub("'[^']*/cli/meetauth'$", command.write(command.folder() .. "/run.lua", program));
		local ran = command.shell(line);
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("a fault", 1, true) and ran.err:find("stack traceback", 1, true), ran.err);
	end);

	it("comes with every line of a message under the command's name", function ()
		local program = [[require "meetauth.cli.parser".commands.inspect.run = function ()
				require "meetauth.cli.io.stop".refused("%s", "one\n\ntwo")
			end
			os.exit(require "meetauth.cli.main" { "inspect" })]];
		local line = command.line({}):gsub("'[^']*/cli/meetauth'$", command.write(command.folder() .. "/run.lua", program));
		local ran = command.shell(line);
		assert.same({ 1, "meetauth: one\nmeetauth: two\n" }, { ran.status, ran.err });
	end);
end);

describe("what is written twice #command", function ()
	local folder, secret, jitsi, daily, rows;

	setup(function ()
		folder = command.folder();
		local function write(name, text) return command.write(folder .. "/" .. name, text); end
		secret = write("secret", ("s"):rep(32));
		jitsi = write("jitsi.json", '{"iss":"Portal","aud":["a","b"],"sub":"acme","room":"r","exp":4102444800,"nbf":1,'
			.. '"zeta":{"b":1,"a":2,"c":[{"y":1,"x":2}]},'
			.. '"context":{"user":{"name":"Ann","id":"1","email":"a@x.example","moderator":true},'
			.. '"group":"g","features":{"recording":true,"livestreaming":false,"transcription":true}}}');
		daily = write("daily.json", '{"d":"x","r":"r","exp":4102444800,"iat":1,"o":true,"p":{"zz":1,"yy":2,"xx":3,'
			.. '"ca":"p"},"one":1,"two":2}');
		rows = write("rows.jsonl", '{"exp":4102444800,"iss":"a","sub":"b","aud":"c","room":"d"}\n');
	end);
	teardown(command.clean);

	-- The one text of eight runs; what they say of the time of day is left out.
	local function text_of(args, input)
		local line, texts = command.line(args), {};
		for run = 1, 8 do
			local ran = command.shell(line, input);
			texts[run] = (ran.out .. ran.err):gsub("%f[%d]1%d%d%d%d%d%d%d%d%d%f[%D]", "NOW"):gsub("NOW %b()", "NOW");
			assert.equal(texts[1], texts[run]);
		end
		assert.is_true(#texts[1] > 0);
		return texts[1];
	end

	it("is the same: tokens of claims", function ()
		for _, path in ipairs({ jitsi, daily }) do
			assert.is_truthy(text_of({ "sign", "--secret-file", secret, "--claims", path }):find("^ey"));
		end
		text_of({ "sign", "--secret-file", secret, "--bulk", rows });
	end);

	it("is the same: what is said of a token", function ()
		for _, path in ipairs({ jitsi, daily }) do
			local signed = command.must({ "sign", "--secret-file", secret, "--claims", path });
			for _, args in ipairs({ { "inspect" }, { "inspect", "--json" }, { "verify", "--secret-file", secret },
				{ "explain", "--secret-file", secret },
				{ "explain", "--secret-file", secret, "--json", "--iss", "portal", "--iss", "portaL" },
				{ "explain", "--secret-file", secret, "--redact", "--json" } }) do
				text_of(args, signed);
			end
		end
	end);

	it("is the same: a token of another dialect, and what is lost", function ()
		local signed = command.must({ "sign", "--secret-file", secret, "--claims", jitsi });
		text_of({ "convert", "--from", "jitsi", "--to", "daily", "--domain-id", "d", "--json" }, signed);
		signed = command.must({ "sign", "--secret-file", secret, "--claims", daily });
		text_of({ "convert", "--from", "daily", "--to", "jitsi", "--iss", "p", "--json" }, signed);
	end);
end);
