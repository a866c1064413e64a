--- meetauth inspect: what a token says, whoever signed it.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local must, run = command.must, command.run;
local key = meetauth.key({ alg = "HS256", secret = ("s"):rep(32) });
local now = os.time();

local function token(claims, header)
	return meetauth.sign(key, claims, header);
end

teardown(command.clean);

describe("meetauth inspect #command", function ()
	it("says in capitals that nobody has verified it, and shows times in both forms", function ()
		local out = must({ "inspect" }, token({ iss = "portal", exp = 1700000000, nbf = now + 7200, room = "standup" }));
		assert.truthy(out:find("^NOT VERIFIED: "));
		assert.truthy(out:find('\n  exp\t1700000000\t2023%-11%-14 22:13:20 %+0000\t%d+ days ago\n'));
		assert.truthy(out:find("\n  nbf\t%d+\t%d+%-%d+%-%d+ %d+:%d+:%d+ %+0000\tin %d hours?\n"));
		assert.truthy(out:find('\n  room\t"standup"\n', 1, true));
		assert.truthy(out:find('\n  alg\t"HS256"\n', 1, true));
	end);

	it("shows local time", function ()
		local ran = run({ "inspect" }, token({ exp = 1700000000 }), { TZ = "Asia/Kolkata" });
		assert.truthy(ran.out:find("2023-11-15 03:43:20 +0530", 1, true) or not command.read("/usr/share/zoneinfo/Asia/Kolkata"));
	end);

	it("writes JSON that says so, too", function ()
		local read = core.decode(must({ "inspect", "--json" }, token({ iss = "portal" })));
		assert.same({ verified = false, header = { alg = "HS256", typ = "JWT" }, claims = { iss = "portal" } }, read);
	end);

	it("shows no character that a terminal obeys", function ()
		local hostile = "\27[31mred\u{9b}31m\u{202e}txet\7\127";
		for _, args in ipairs({ { "inspect" }, { "inspect", "--json" } }) do
			local out = must(args, token({ [hostile] = hostile }));
			for _, char in ipairs({ "\27", "\u{9b}", "\u{202e}", "\7", "\127" }) do assert.is_nil(out:find(char, 1, true)); end
		end
		assert.same({ [hostile] = hostile }, core.decode(must({ "inspect", "--json" }, token({ [hostile] = hostile }))).claims);
	end);

	it("takes times that are none for what they are", function ()
		local out = must({ "inspect" }, token({ exp = 1e300, nbf = -1, iat = "soon" }));
		assert.truthy(out:find('\n  iat\t"soon"\n', 1, true));
		assert.truthy(out:find("\n  nbf\t-1\n", 1, true));
		assert.truthy(must({ "inspect" }, token({ exp = 1700000000000 })):find("\n  exp\t1700000000000\n", 1, true));
	end);

	it("ends with status 1 where it is no token", function ()
		for text, reason in pairs({ ["no token"] = "malformed", ["e30.e30.e30"] = "", [("x"):rep(1048577)] = "too-large" }) do
			local ran = run({ "inspect" }, text);
			assert.equal(reason == "" and 0 or 1, ran.status);
			assert.truthy(ran.err:find(reason, 1, true));
			assert.is_nil(ran.err:find(text, 1, true));
		end
	end);
end);
