--- meetauth sign, one token at a time.

local command = require "spec.support.command";
local meetauth = require "meetauth";

local must, run = command.must, command.run;
local secret = ("s"):rep(32);

local folder, secret_file;

local function sign(args)
	return must({ "sign", "--secret-file", secret_file, table.unpack(args) }):match("^(.*)\n$");
end

local function claims_of(token)
	local verify = meetauth.verifier({ keys = { meetauth.key({ alg = "HS256", secret = secret }) }, algorithms = { "HS256" } });
	return assert(verify(token, os.time()));
end

describe("meetauth sign #command", function ()
	setup(function ()
		folder = command.folder();
		secret_file = command.write(folder .. "/secret", secret);
	end);
	teardown(command.clean);

	local now = os.time();
	local jitsi = { "--iss", "portal", "--room", "standup" };
	local daily = { "--dialect", "daily", "--domain-id", "acme-id", "--room", "standup" };

	-- what friendly options make, without the times that every token has
	local cases = {
		{ name = "says that the bearer is no moderator unless told", base = jitsi, args = {},
			claims = { iss = "portal", room = "standup", context = { user = { moderator = false } } } };
		{ name = "says who the bearer is", base = jitsi, args = { "--name", "Ann Müller", "--user-id", "u1", "--email", "a@x.example",
				"--avatar", "https://x.example/a.png", "--group", "staff", "--moderator" },
			claims = { iss = "portal", room = "standup", context = { group = "staff", user = { name = "Ann Müller", id = "u1",
				email = "a@x.example", avatar = "https://x.example/a.png", moderator = true } } } };
		{ name = "says audience, domain and the token's id", base = jitsi,
			args = { "--aud", "jitsi", "--sub", "meet.example", "--token-id", "t1" },
			claims = { iss = "portal", aud = "jitsi", sub = "meet.example", jti = "t1", room = "standup",
				context = { user = { moderator = false } } } };
		{ name = "takes a tenant before the domain", base = jitsi, args = { "--sub", "meet.example", "--tenant", "acme" },
			claims = { iss = "portal", sub = "acme", room = "standup", context = { user = { moderator = false } } } };
		{ name = "allows and denies features", base = jitsi, args = { "--feature", "recording", "--feature=-livestreaming" },
			claims = { iss = "portal", room = "standup", context = { user = { moderator = false },
				features = { recording = true, livestreaming = false } } } };
		{ name = "lets the bearer pass the lobby", base = jitsi, args = { "--lobby", "bypass" },
			claims = { iss = "portal", room = "standup", context = { user = { moderator = false, lobby_bypass = true } } } };
		{ name = "opens every room where told so", base = { "--iss", "portal" }, args = { "--room", "*" },
			claims = { iss = "portal", room = "*", context = { user = { moderator = false } } } };
		{ name = "speaks Daily", base = daily, args = { "--name", "Ann", "--user-id", "u1", "--moderator", "--lobby", "knock",
				"--eject-at-expiry", "--eject-after", "30m" },
			claims = { d = "acme-id", r = "standup", u = "Ann", ud = "u1", o = true, k = true, ejt = true, eje = 1800 } };
		{ name = "speaks Daily of features", base = daily, args = { "--feature", "recording", "--feature", "livestreaming",
				"--feature=-screen-sharing" },
			claims = { d = "acme-id", r = "standup", er = "cloud", ss = false, p = { ca = "s" } } };
		{ name = "opens every room of a Daily domain where told so", base = { "--dialect", "daily", "--domain-id", "acme-id" },
			args = { "--room", "*" }, claims = { d = "acme-id" } };
	};
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local args = table.move(case.args, 1, #case.args, #case.base + 1, { table.unpack(case.base) });
			local claims = claims_of(sign(args));
			assert.is_true(claims.iat >= now and claims.iat <= os.time());
			assert.equal(3600, claims.exp - claims.iat);
			claims.exp, claims.iat = nil, nil;
			assert.same(case.claims, claims);
		end);
	end

	it("counts times from now, or takes them as they are", function ()
		local claims = claims_of(sign({ "--iss", "portal", "--room", "x", "--expires-in", "15m", "--not-before",
			"2024-02-29T08:00Z" }));
		assert.equal(900, claims.exp - claims.iat);
		assert.equal(1709193600, claims.nbf);
		assert.equal(1709193600, claims_of(sign({ "--iss", "portal", "--room", "x", "--not-before", "1709193600" })).nbf);
	end);

	it("signs as at another moment", function ()
		local token = sign({ "--now", "2024-02-29T08:00Z", "--iss", "portal", "--room", "x", "--expires-in", "10m" });
		local verify = meetauth.verifier({ keys = { meetauth.key({ alg = "HS256", secret = secret }) }, algorithms = { "HS256" } });
		local claims = assert(verify(token, 1709193600));
		assert.same({ 1709193600, 1709194200 }, { claims.iat, claims.exp });
	end);

	it("signs a token that has expired, for tests, in either spelling", function ()
		for _, args in ipairs({ { "--expires-in", "-5m" }, { "--expires-in=-5m" } }) do
			local ran = run({ "sign", "--secret-file", secret_file, "--iss", "p", "--room", "x", "--now", "1700000000",
				table.unpack(args) });
			assert.same({ 0, "" }, { ran.status, ran.err });
			local _, claims = meetauth.peek(ran.out:match("%S+"));
			assert.same({ 1700000000 - 3900, 1700000000 - 300 }, { claims.iat, claims.exp });
			local judged = run({ "verify", "--secret-file", secret_file, "--now", "1700000000" }, ran.out);
			assert.truthy(judged.err:find("refused: expired: ", 1, true), judged.err);
			assert.equal(0, run({ "verify", "--secret-file", secret_file, "--now", "1699999600" }, ran.out).status);
		end
	end);

	it("adds claims of any kind, at any depth, to what the options say", function ()
		local claims = claims_of(sign({ "--iss", "portal", "--room", "x", "--name", "Ann", "--feature", "recording",
			"--claim", "context.features.new-one=true", "--claim", "context.user.team=7", "--claim", 'aud=["a","b"]',
			"--claim", "nick=Ann Müller", "--claim", 'zip="01234"', "--claim", "empty=" }));
		assert.same({ recording = true, ["new-one"] = true }, claims.context.features);
		assert.same({ name = "Ann", moderator = false, team = 7 }, claims.context.user);
		assert.same({ { "a", "b" }, "Ann Müller", "01234", "" }, { claims.aud, claims.nick, claims.zip, claims.empty });
		claims = claims_of(sign({ "--dialect", "daily", "--domain-id", "d", "--room", "x", "--claim", "ao=true",
			"--claim", "p.hp=false" }));
		assert.same({ true, { hp = false } }, { claims.ao, claims.p });
	end);

	it("signs claims as they are, from a file or standard input", function ()
		local claims = { iss = "portal", exp = now + 600, deep = { 1, 2.5, "three", true }, big = 9007199254740993 };
		local text = '{"iss":"portal","exp":' .. now + 600 .. ',"deep":[1,2.5,"three",true],"big":9007199254740993}';
		assert.same(claims, claims_of(sign({ "--claims", command.write(folder .. "/claims", text) })));
		local ran = run({ "sign", "--secret-file", secret_file, "--claims", "-" }, text);
		assert.same(claims, claims_of(ran.out:match("%S+")));
		assert.equal("", ran.err);
	end);

	it("says when claims are good for ever", function ()
		local ran = run({ "sign", "--secret-file", secret_file, "--claims", "-" }, "{}");
		assert.equal(0, ran.status);
		assert.truthy(ran.err:find("no exp: this token never expires", 1, true));
	end);

	local refusals = {
		{ name = "a token without a room", args = { "--iss", "p" }, says = "--room: expected a name, or * for every room" };
		{ name = "an empty room, as of a variable that is not set", args = { "--iss", "p", "--room", "" },
			says = "--room: expected a value that is not empty" };
		{ name = "a Jitsi token without an issuer", args = { "--room", "x" }, says = "expected the issuer (--iss)" };
		{ name = "a Daily token without a domain", args = { "--dialect", "daily", "--room", "x" }, says = "(--domain-id)" };
		{ name = "a JaaS token without an application", args = { "--dialect", "jaas", "--room", "x", "--kid", "k" },
			says = "(--app-id)" };
		{ name = "a room that Daily cannot name", args = { "--dialect", "daily", "--domain-id", "d", "--room", "Stand Up" },
			says = "a name at Daily has 1 to 128 letters" };
		{ name = "a right that Daily has only together with another", args = { "--dialect", "daily", "--domain-id", "d", "--room", "x",
			"--feature", "recording" }, says = "context.features.recording: left out" };
		{ name = "a restriction that Jitsi's tokens have no word for", args = { "--iss", "p", "--room", "x", "--eject-after", "60s" },
			says = "eject_after: Jitsi's tokens cannot limit the time in the room" };
		{ name = "a member that Daily's tokens have no word for", args = { "--dialect", "daily", "--domain-id", "d", "--room", "x",
			"--email", "a@x.example" }, says = "context.user.email" };
		{ name = "a duration that is none", args = { "--iss", "p", "--room", "x", "--expires-in", "1y" },
			says = "--expires-in: expected a duration" };
		{ name = "a time that is none", args = { "--iss", "p", "--room", "x", "--not-before", "2026-13-01" },
			says = "--not-before: expected seconds" };
		{ name = "a day that no month has", args = { "--iss", "p", "--room", "x", "--not-before", "2026-02-31" },
			says = "--not-before: expected seconds" };
		{ name = "a time of three digits", args = { "--iss", "p", "--room", "x", "--not-before", "2026-02-01T08:005Z" },
			says = "--not-before: expected seconds" };
		{ name = "a link to every room", args = { "--iss", "p", "--room", "*", "--url", "https://x" }, says = "a link needs one room" };
		{ name = "claims that are no object", args = { "--claims", "-" }, input = "[]", says = "-: expected an object of claims" };
		{ name = "claims that are no JSON", args = { "--claims", "-" }, input = "{", says = "-: bad-json" };
		{ name = "claims beside friendly options", args = { "--claims", "-", "--room", "x" }, input = "{}",
			says = "the file has all claims" };
		{ name = "an algorithm that is none", args = { "--iss", "p", "--room", "x", "--alg", "none" },
			says = "'--alg' must be one of 'HS256', " };
		{ name = "a feature that nobody knows, with the nearest", args = { "--iss", "p", "--room", "x", "--feature", "screenshare" },
			says = "The nearest name is screen-sharing" };
		{ name = "a claim without a name", args = { "--iss", "p", "--room", "x", "--claim", "=1" },
			says = "--claim: expected name=value" };
		{ name = "a claim that an option sets", args = { "--iss", "p", "--room", "x", "--name", "Ann", "--claim",
			"context.user.name=Joe" }, says = "--claim context.user.name: another option sets this claim" };
		{ name = "a claim that every token has", args = { "--iss", "p", "--room", "x", "--claim", "exp=1" },
			says = "--claim exp: another option sets this claim. Use that option, or give all claims by --claims" };
		{ name = "a claim beside all claims", args = { "--claims", "-", "--claim", "a=1" }, input = "{}",
			says = "the file has all claims" };
		{ name = "a claim beside lines of JSON", args = { "--bulk", "-", "--format", "jsonl", "--claim", "a=1" }, input = "{}",
			says = "--claim: the lines of JSON have all claims. Remove --claim" };
		{ name = "a time that is none, for all", args = { "--iss", "p", "--room", "x", "--now", "soon" },
			says = "--now: expected seconds since 1970" };
	};
	for _, case in ipairs(refusals) do
		it("refuses " .. case.name, function ()
			local ran = run({ "sign", "--secret-file", secret_file, table.unpack(case.args) }, case.input);
			assert.equal(2, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find(case.says, 1, true), ran.err);
		end);
	end
end);
