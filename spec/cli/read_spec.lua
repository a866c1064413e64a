--- inspect, verify and explain: what they say of a token, and with which status they end.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local must, run = command.must, command.run;
local secret = ("s"):rep(32);
local key = meetauth.key({ alg = "HS256", secret = secret });
local now = os.time();
local folder, secret_file;

local function token(claims, header)
	return meetauth.sign(key, claims, header);
end

local function with_secret(name, args, input)
	return run({ name, "--secret-file", secret_file, table.unpack(args or {}) }, input);
end

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
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

describe("meetauth verify #command", function ()
	it("prints the claims of a good token and ends with 0", function ()
		local claims = { iss = "portal", exp = now + 600, context = { user = { name = "Ann" } } };
		local ran = with_secret("verify", { "--iss", "portal" }, token(claims));
		assert.equal(0, ran.status);
		assert.same(claims, core.decode(ran.out:match("^(.*)\n$")));
		assert.equal("", ran.err);
	end);

	local cases = {
		{ name = "has expired", claims = { exp = now - 60 }, reason = "expired" };
		{ name = "is by somebody else", text = token({ exp = now + 600 }):gsub("%.[^.]*$", "." .. ("A"):rep(43)),
			reason = "signature-mismatch" };
		{ name = "is for another audience", claims = { aud = "other" }, args = { "--aud", "jitsi", "--aud", "api" },
			reason = "audience-mismatch" };
		{ name = "is by another issuer", claims = { iss = "Portal" }, args = { "--iss", "portal" }, reason = "issuer-mismatch" };
		{ name = "is of another type", claims = {}, args = { "--typ", "at+jwt" }, reason = "type-mismatch" };
		{ name = "lacks a claim", claims = {}, args = { "--require", "exp" }, reason = "missing-claim" };
		{ name = "is too old", claims = { iat = now - 7200 }, args = { "--max-age", "1h" }, reason = "too-old" };
		{ name = "has another algorithm", claims = {}, args = { "--alg", "HS384", "--weak-secret" }, reason = "algorithm-mismatch" };
	};
	for _, case in ipairs(cases) do
		it("refuses with 1 what " .. case.name, function ()
			local ran = with_secret("verify", case.args, case.text or token(case.claims));
			assert.equal(1, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find("^meetauth: refused: " .. case.reason:gsub("%-", "%%-") .. ": "), ran.err);
		end);
	end

	it("lets clocks differ by --leeway", function ()
		assert.equal(0, with_secret("verify", { "--leeway", "1h" }, token({ exp = now - 60 })).status);
	end);

	it("writes JSON for both", function ()
		local good = with_secret("verify", { "--json" }, token({ iss = "a" }));
		assert.same({ valid = true, claims = { iss = "a" } }, core.decode((good.out:gsub("\n$", ""))));
		local bad = with_secret("verify", { "--json" }, token({ exp = 1 }));
		assert.same({ valid = false, reason = "expired" }, core.decode((bad.out:gsub("\n$", ""))));
		assert.equal("0 1", good.status .. " " .. bad.status);
	end);

	it("takes public keys, as PEM, as JWK and as a set", function ()
		local file = folder .. "/es.pem";
		must({ "keygen", "--alg", "ES256", "--kid", "k1", "--out-private", file, "--out-jwk", folder .. "/es.jwk" });
		local text = must({ "sign", "--key-file", file, "--kid", "k1", "--iss", "p", "--room", "x" });
		local set = command.write(folder .. "/set", must({ "jwks", folder .. "/es.jwk" }));
		local pem = command.write(folder .. "/es.pub", assert(meetauth.key({ jwk = command.read(folder .. "/es.jwk") }):pem()));
		for _, args in ipairs({ { "--key-file", folder .. "/es.jwk" }, { "--jwks-file", set }, { "--key-file", pem } }) do
			assert.equal(0, run({ "verify", table.unpack(args) }, text).status);
		end
		local ran = run({ "verify", "--key-file", file }, text);
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("not-public", 1, true));
	end);
end);

describe("meetauth explain #command", function ()
	it("shows all checks, also those behind the first that fails", function ()
		local ran = with_secret("explain", { "--iss", "portal", "--aud", "jitsi" }, token({ iss = "Portal", exp = now - 4000,
			aud = "jitsi" }));
		assert.equal(1, ran.status);
		assert.truthy(ran.out:find("\nexp\tFAIL\texpired\t", 1, true));
		assert.truthy(ran.out:find("  1 hour ago\texpected after ", 1, true));
		assert.truthy(ran.out:find('\niss\tFAIL\tissuer-mismatch\t"Portal"\texpected ["portal"]\n', 1, true));
		assert.truthy(ran.out:find('\naud\tok\t\t"jitsi"\texpected ["jitsi"]\n', 1, true));
		assert.truthy(ran.out:find("\nverdict: refused: expired: ", 1, true));
	end);

	it("ends with 0 for a good token", function ()
		local ran = with_secret("explain", {}, token({ exp = now + 600 }));
		assert.equal(0, ran.status);
		assert.truthy(ran.out:find("\nverdict: accepted\n", 1, true));
	end);

	it("writes JSON", function ()
		local ran = with_secret("explain", { "--json" }, token({ exp = now - 60 }));
		local read = core.decode((ran.out:gsub("\n$", "")));
		assert.equal(1, ran.status);
		assert.equal("expired", read.reason);
		assert.is_false(read.valid);
		local by_check = {};
		for _, row in ipairs(read.rows) do by_check[row.check] = row; end
		assert.equal("fail expired", by_check.exp.verdict .. " " .. by_check.exp.reason);
	end);

	describe("--redact", function ()
		local private = { iss = "https://sso.private.example", aud = { "secret-audience" }, sub = "tenant-of-mine", jti = "id-4711",
			["private-claim"] = "xyzzy", room = "merger-talks", exp = now - 4000, context = { user = { name = "Erika Muster" } } };
		local words = { "private", "secret", "tenant", "4711", "xyzzy", "merger", "Erika", "Muster", "sso", "mine-key",
			tostring(now - 4000) };

		for _, form in ipairs({ {}, { "--json" } }) do
			it("shows no value, neither the token's nor the caller's: " .. (form[1] or "table"), function ()
				local text = token(private, { kid = "mine-key", typ = "JWT" });
				local ran = with_secret("explain", { "--redact", "--iss", "https://sso.private.example/", "--aud", "secret-other",
					"--require", "private-claim", table.unpack(form) }, text);
				assert.equal(1, ran.status);
				for _, word in ipairs(words) do assert.is_nil(ran.out:find(word, 1, true), word .. "\n" .. ran.out); end
				for part in text:gmatch("[^.]+") do assert.is_nil(ran.out:find(part, 1, true)); end
				assert.truthy(ran.out:find("a string of 27 characters", 1, true));
				assert.truthy(ran.out:find("a number of 10 digits, 1 hour ago", 1, true));
				assert.truthy(ran.out:find("issuer-mismatch", 1, true));
			end);
		end

		it("has no quotes around shapes, which are no values", function ()
			local out = with_secret("explain", { "--redact", "--iss", "portal" }, token({ iss = "Portal", exp = now - 4000 })).out;
			assert.truthy(out:find("\niss\tFAIL\tissuer-mismatch\ta string of 6 characters\texpected ", 1, true), out);
			assert.truthy(out:find("\nexp\tFAIL\texpired\ta number of 10 digits, 1 hour ago", 1, true), out);
		end);

		it("has a fingerprint, the same for the same token whoever signs it", function ()
			local text = token({ exp = now });
			local first = with_secret("explain", { "--redact" }, text).out:match("^token (%x+), %d+ bytes\n");
			assert.equal(8, #first);
			assert.equal(first, with_secret("explain", { "--redact" }, (text:gsub("%.[^.]*$", ".AAAA"))).out:match("^token (%x+),"));
			assert.is_not.equal(first, with_secret("explain", { "--redact" }, token({ exp = now + 1 })).out:match("^token (%x+),"));
		end);
	end);
end);

describe("on a terminal #command", function ()
	local path;
	setup(function () path = command.write(folder .. "/token", token({ exp = now - 60, room = ("x"):rep(200) })); end);

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

	it("bulk signing draws a bar", function ()
		local rows = command.write(folder .. "/rows.csv", "room\n" .. ("standup\n"):rep(5000));
		local args = { "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", rows, "--out", folder .. "/out" };
		local out = command.on_terminal(args).out;
		assert.truthy(out:find("\r%[#+%.*%]  ?%d+%% 2048 signed"), out);
		assert.truthy(out:find("\r[" .. ("#"):rep(30) .. "] 100% 5000 signed\n", 1, true), out);
		assert.equal("", run(args).err);
	end);
end);
