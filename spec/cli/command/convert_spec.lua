--- meetauth convert: what is verified before it is signed anew, and how losses are told.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local run = command.run;
local folder, old, new;
local now = os.time();

local function token(claims, secret)
	return meetauth.sign(meetauth.key({ alg = "HS256", secret = secret }), claims);
end

describe("meetauth convert #command", function ()
	setup(function ()
		folder = command.folder();
		old, new = command.write(folder .. "/old", ("o"):rep(32)), command.write(folder .. "/new", ("n"):rep(32));
	end);
	teardown(command.clean);

	local function daily(claims)
		local all = { d = "acme-id", r = "standup", u = "Ann", iat = now, exp = now + 600 };
		for name, value in pairs(claims or {}) do all[name] = value; end
		return token(all, ("o"):rep(32));
	end

	local function convert(args, text)
		return run({ "convert", "--from", "daily", "--to", "jitsi", "--iss", "portal", table.unpack(args) }, text);
	end

	it("signs anew what was verified, with a token that verify accepts", function ()
		local ran = convert({ "--secret-file", old, "--sign-secret-file", new, "--room", "retro" }, daily({ eje = 60 }));
		assert.equal(0, ran.status);
		assert.equal("meetauth: lost: eject_after (Jitsi's tokens cannot limit the time in the room)\n", ran.err);
		local good = run({ "verify", "--secret-file", new, "--iss", "portal" }, ran.out);
		assert.equal(0, good.status);
		local claims = core.decode((good.out:gsub("\n$", "")));
		assert.equal("retro", claims.room);
		assert.equal(now + 600, claims.exp);
		assert.equal("Ann", claims.context.user.name);
	end);

	it("signs nothing that nobody vouches for", function ()
		for _, case in ipairs({
			{ args = { "--sign-secret-file", new }, text = daily(), status = 2, says = "expected a key to verify the token with" };
			{ args = { "--sign-secret-file", new, "--secret-file", new }, text = daily(), status = 1,
				says = "refused: signature-mismatch" };
			{ args = { "--sign-secret-file", new, "--secret-file", old }, text = daily({ exp = now - 60 }), status = 1,
				says = "refused: expired" };
		}) do
			local ran = convert(case.args, case.text);
			assert.equal(case.status, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find(case.says, 1, true), ran.err);
		end
	end);

	it("writes the claims of what it does not sign, and says that they are not verified", function ()
		local ran = convert({}, daily());
		assert.equal(0, ran.status);
		assert.equal("portal", core.decode((ran.out:gsub("\n$", ""))).iss);
		assert.truthy(ran.err:find("NOT VERIFIED", 1, true));
		assert.equal("", convert({ "--secret-file", old }, daily()).err);
	end);

	it("names the new issuer's domain in place of the old one", function ()
		local text = token({ iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "x", exp = now + 600 }, ("o"):rep(32));
		local ran = run({ "convert", "--from", "jaas", "--to", "jitsi", "--iss", "portal", "--sub", "meet.example",
			"--secret-file", old }, text);
		assert.equal(0, ran.status);
		assert.equal("meet.example", core.decode((ran.out:gsub("\n$", ""))).sub);
		assert.truthy(ran.err:find("lost: sub", 1, true));
	end);

	it("writes JSON with claims, token and losses", function ()
		local ran = convert({ "--secret-file", old, "--sign-secret-file", new, "--json" }, daily({ ao = true }));
		local read = core.decode((ran.out:gsub("\n$", "")));
		assert.equal("standup", read.claims.room);
		assert.same({ { name = "ao", why = "has no equivalent" } }, read.losses);
		assert.equal(0, run({ "verify", "--secret-file", new }, read.token).status);
		assert.equal("", ran.err);
	end);

	local refusals = {
		{ name = "a dialect into itself", args = { "--to", "daily" }, says = "--to: the token already has this dialect" };
		{ name = "an unknown dialect", args = { "--from", "zoom" }, says = "must be" };
		{ name = "an entry without a server", args = { "--sign-with", "portal" }, says = "--sign-with: expected --host" };
	};
	for _, case in ipairs(refusals) do
		it("refuses " .. case.name, function ()
			local ran = convert(case.args, daily());
			assert.equal(2, ran.status);
			assert.truthy(ran.err:find(case.says, 1, true), ran.err);
		end);
	end

	it("needs to be told the dialect, which no token may choose", function ()
		local ran = run({ "convert", "--to", "jitsi", "--iss", "portal" }, daily());
		assert.equal(2, ran.status);
		assert.truthy(ran.err:find("--from: expected the token's dialect", 1, true));
		ran = run({ "convert", "--from", "jitsi", "--to", "jitsi", "--iss", "portal" }, daily());
		assert.truthy(ran.err:find("--to: the token already has this dialect", 1, true));
	end);

	it("refuses what is no token with status 1", function ()
		local ran = convert({}, "no token");
		assert.equal(1, ran.status);
		assert.truthy(ran.err:find("refused: malformed", 1, true));
	end);
end);
