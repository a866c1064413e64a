--- meetauth explain: every check of a token, also those behind the first that fails.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local secret = ("s"):rep(32);
local key = meetauth.key({ alg = "HS256", secret = secret });
local now = os.time();
local folder, secret_file;

local function token(claims) return meetauth.sign(key, claims); end

local function explain(args, input)
	return command.run({ "explain", "--secret-file", secret_file, table.unpack(args) }, input);
end

setup(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
teardown(command.clean);

describe("meetauth explain #command", function ()
	it("shows all checks, also those behind the first that fails", function ()
		local ran = explain({ "--iss", "portal", "--aud", "jitsi" }, token({ iss = "Portal", exp = now - 4000,
			aud = "jitsi" }));
		assert.equal(1, ran.status);
		assert.truthy(ran.out:find("\nexp\tFAIL\texpired\t", 1, true));
		assert.truthy(ran.out:find("  1 hour ago\texpected after ", 1, true));
		assert.truthy(ran.out:find('\niss\tFAIL\tissuer-mismatch\t"Portal"\texpected ["portal"]\n', 1, true));
		assert.truthy(ran.out:find('\naud\tok\t\t"jitsi"\texpected ["jitsi"]\n', 1, true));
		assert.truthy(ran.out:find("\nverdict: refused: expired: ", 1, true));
	end);

	it("has, with --redact, no quotes around shapes, which are no values", function ()
		local out = explain({ "--redact", "--iss", "portal" }, token({ iss = "Portal", exp = now - 4000 })).out;
		assert.truthy(out:find("\niss\tFAIL\tissuer-mismatch\ta string of 6 characters\texpected ", 1, true), out);
		assert.truthy(out:find("\nexp\tFAIL\texpired\ta number of 10 digits, 1 hour ago", 1, true), out);
	end);

	it("ends with 0 for a good token", function ()
		local ran = explain({}, token({ exp = now + 600 }));
		assert.equal(0, ran.status);
		assert.truthy(ran.out:find("\nverdict: accepted\n", 1, true));
	end);

	it("writes JSON", function ()
		local ran = explain({ "--json" }, token({ exp = now - 60 }));
		local read = core.decode((ran.out:gsub("\n$", "")));
		assert.equal(1, ran.status);
		assert.equal("expired", read.reason);
		assert.is_false(read.valid);
		local by_check = {};
		for _, row in ipairs(read.rows) do by_check[row.check] = row; end
		assert.equal("fail expired", by_check.exp.verdict .. " " .. by_check.exp.reason);
	end);
end);

