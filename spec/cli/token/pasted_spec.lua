-- What the command makes of what people paste.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";
local pasted = require "meetauth.cli.token.pasted";

local secret = ("s"):rep(32);
local token = meetauth.sign(meetauth.key({ alg = "HS256", secret = secret }), { iss = "portal" });
local secret_file;

local function read(text) return pasted.read(command.write(command.folder() .. "/token", text)); end
local function json(ran) return core.decode((ran.out:gsub("\n$", ""))); end

setup(function () secret_file = command.write(command.folder() .. "/secret", secret); end);
teardown(command.clean);

describe("meetauth.cli.token.pasted", function ()
	it("takes a token as it is, and the newline at a file's end for the editor's", function ()
		assert.same({ token = token }, read(token));
		assert.same({ token = token }, read(token .. "\n"));
	end);

	it("says what was taken off, and why the server refuses the bytes as they came", function ()
		local of = read('"Bearer ' .. token .. '"\n');
		assert.same({ token, { "quotes", "bearer" }, "malformed" }, { of.token, of.names, of.reason });
		assert.equal("the token is in quotes or other marks; the word Bearer is in front of the token", of.says);
		assert.equal("unsupported", read(token .. token).reason);
	end);
end);

describe("what is pasted #command", function ()
	it("is told by verify and inspect, on standard error, and judged", function ()
		local link = "https://meet.example/standup?jwt=" .. token;
		for _, args in ipairs({ { "verify", "--secret-file", secret_file }, { "inspect" } }) do
			local ran = command.run(args, link);
			assert.equal(0, ran.status);
			assert.truthy(ran.err:find("^meetauth: a whole link is in the token's place%. The command read the token alone, but the "
				.. "server refuses the text as you gave it: malformed%. Write only"), ran.err);
			assert.equal("", command.run(args, token).err:gsub("meetauth: reading.-\n", ""));
		end
	end);

	it("is named in JSON", function ()
		for _, args in ipairs({ { "verify", "--secret-file", secret_file, "--json" }, { "inspect", "--json" },
			{ "explain", "--secret-file", secret_file, "--json" } }) do
			assert.same({ "quotes" }, json(command.run(args, "'" .. token .. "'")).unwrapped);
			assert.is_nil(json(command.run(args, token)).unwrapped);
		end
	end);

	it("is converted", function ()
		local ran = command.run({ "convert", "--from", "jitsi", "--to", "daily", "--domain-id", "d" }, '"' .. token .. '"');
		assert.equal(0, ran.status, ran.err);
		assert.truthy(ran.err:find("the token is in quotes", 1, true));
	end);

	it("shows nothing of the token where values are left out", function ()
		local ran = command.run({ "explain", "--secret-file", secret_file, "--redact" }, '{"token":"' .. token .. '"}');
		local row = "\npasted\tFAIL\tmalformed\tthe token is inside a JSON object\texpected the token alone\n";
		assert.truthy(ran.out:find(row, 1, true), ran.out);
		for part in token:gmatch("[^.]+") do assert.is_nil(ran.out:find(part, 1, true)); end
	end);

	it("ends with 2 where there is nothing", function ()
		for _, text in ipairs({ "", "\n", " \t\n" }) do
			command.is_refused({ args = { "inspect" }, input = text, says = "no token in standard input" });
		end
	end);
end);
