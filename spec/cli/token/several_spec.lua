-- The tokens of one call, and the status that they come to together.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local secret = ("s"):rep(32);
local key = meetauth.key({ alg = "HS256", secret = secret });
local good, other = meetauth.sign(key, { iss = "a" }), meetauth.sign(key, { iss = "b" });
local expired = meetauth.sign(key, { exp = 1 });
local secret_file;

setup(function () secret_file = command.write(command.folder() .. "/secret", secret); end);
teardown(command.clean);

local function run(name, text, ...)
	return command.run({ name, "--secret-file", secret_file, ... }, text);
end

local function lines_of(text)
	local list = {};
	for line in text:gmatch("([^\n]*)\n") do list[#list + 1] = line; end
	return list;
end

describe("several tokens, one a line #command", function ()
	it("get a verdict each, in order", function ()
		local ran = run("verify", good .. "\n" .. expired .. "\r\n\n  " .. other .. " \nno token\n");
		assert.equal(1, ran.status);
		assert.same({ '{"iss":"a"}', "", '{"iss":"b"}', "" }, lines_of(ran.out));
		local said = lines_of(ran.err);
		assert.equal(2, #said);
		assert.truthy(said[1]:find("meetauth: token 2: refused: expired: ", 1, true));
		assert.truthy(said[2]:find("meetauth: token 4: refused: malformed: ", 1, true));
	end);

	it("end with 0 where all are good", function ()
		local ran = run("verify", good .. "\n" .. other);
		assert.same({ 0, '{"iss":"a"}\n{"iss":"b"}\n', "" }, { ran.status, ran.out, ran.err });
	end);

	it("are a line of JSON each", function ()
		for name, extra in pairs({ verify = "claims", explain = "rows" }) do
			local ran = run(name, good .. "\n" .. expired .. "\n" .. other, "--json");
			assert.same({ 1, "" }, { ran.status, ran.err });
			local verdicts = {};
			for i, line in ipairs(lines_of(ran.out)) do
				local read = assert(core.decode(line));
				verdicts[i] = ("%s %s"):format(read.valid, read.reason);
				assert.is_true(read[extra] ~= nil or not read.valid);
			end
			assert.same({ "true nil", "false expired", "true nil" }, verdicts);
		end
	end);

	it("are explained under their numbers", function ()
		local ran = run("explain", good .. "\n" .. expired);
		assert.equal(1, ran.status);
		assert.truthy(ran.out:find("^token 1\nform\tok\t.-\nverdict: accepted\ntoken 2\nform\tok\t.-\nverdict: refused: expired: "),
			ran.out);
	end);

	it("are only those of which two are whole: one token may stand on several lines", function ()
		for _, text in ipairs({ good:sub(1, 20) .. "\n" .. good:sub(21), good .. "\nand a word\n", "\n" .. good .. "\n\n" }) do
			assert.is_nil(run("verify", text).err:find("token %d"));
		end
		assert.equal(0, run("verify", "\n" .. good .. "\n\n").status);
	end);

	it("are no more than a mebibyte", function ()
		local ran = run("verify", (good .. "\n" .. other .. "\n"):rep(1048576 // #good // 2 + 2));
		assert.same({ 2, "", "meetauth: the tokens have more than 1048576 bytes. Give fewer tokens at a time\n" },
			{ ran.status, ran.out, ran.err });
	end);

	it("end at once with what is wrong with the call", function ()
		local ran = command.run({ "verify", "--config", "/no/such" }, good .. "\n" .. good);
		assert.equal(2, ran.status);
	end);
end);
