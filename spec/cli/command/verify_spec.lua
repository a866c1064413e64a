--- meetauth verify: whether a token is good, by keys in files.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";


local secret = ("s"):rep(32);
local key = meetauth.key({ alg = "HS256", secret = secret });
local now = os.time();
local secret_file;

local function token(claims) return meetauth.sign(key, claims); end

local function verify(args, input)
	return command.run({ "verify", "--secret-file", secret_file, table.unpack(args or {}) }, input);
end

setup(function () secret_file = command.write(command.folder() .. "/secret", secret); end);
teardown(command.clean);

describe("meetauth verify #command", function ()
	it("prints the claims of a good token and ends with 0", function ()
		local claims = { iss = "portal", exp = now + 600, context = { user = { name = "Ann" } } };
		local ran = verify({ "--iss", "portal" }, token(claims));
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
			local ran = verify(case.args, case.text or token(case.claims));
			assert.equal(1, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find("^meetauth: refused: " .. case.reason:gsub("%-", "%%-") .. ": "), ran.err);
		end);
	end

	it("lets clocks differ by --leeway", function ()
		assert.equal(0, verify({ "--leeway", "1h" }, token({ exp = now - 60 })).status);
	end);

	it("writes JSON for both", function ()
		local good = verify({ "--json" }, token({ iss = "a" }));
		assert.same({ valid = true, claims = { iss = "a" } }, core.decode((good.out:gsub("\n$", ""))));
		local bad = verify({ "--json" }, token({ exp = 1 }));
		assert.same({ valid = false, reason = "expired" }, core.decode((bad.out:gsub("\n$", ""))));
		assert.equal("0 1", good.status .. " " .. bad.status);
	end);
end);
