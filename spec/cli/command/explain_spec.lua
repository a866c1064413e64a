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

	describe("--html", function ()
		local written = 0;

		-- Explain into a file of its own: the command, and the page.
		local function page_of(args, input)
			written = written + 1;
			local path = ("%s/page-%d.html"):format(folder, written);
			local ran = explain({ "--html", path, table.unpack(args) }, input);
			local file = io.open(path);
			local text = file and file:read("a");
			if file then file:close(); end
			return ran, text, path;
		end

		it("writes a page without a value of the token, and says on the terminal what it says without it", function ()
			local given = token({ iss = "Portal-of-nobody", exp = now - 4000, name = "Ann of the specs" });
			local ran, page = page_of({ "--iss", "portal-of-us" }, given);
			assert.equal(1, ran.status);
			assert.truthy(ran.out:find("\nverdict: refused: expired: ", 1, true));
			assert.truthy(page:find("The server refuses it", 1, true));
			assert.truthy(page:find("a string of 16 characters", 1, true));
			local values = { "Portal-of-nobody", "Ann of the specs", "portal-of-us", given, given:match("[^.]+$"), tostring(now - 4000) };
			for _, word in ipairs(values) do
				assert.is_nil(page:find(word, 1, true), word);
			end
		end);

		it("shows the values where somebody asks for them, and nothing of the signature", function ()
			local given = token({ iss = "Portal", exp = now + 4000, name = "<b>Ann</b>" });
			local ran, page = page_of({ "--iss", "portal", "--values" }, given);
			assert.equal(1, ran.status);
			assert.truthy(page:find("&lt;b&gt;Ann&lt;/b&gt;", 1, true));
			assert.is_nil(page:find("<b>", 1, true));
			assert.is_nil(page:find(given:match("[^.]+$"), 1, true));
		end);

		it("is readable by its owner alone, and takes nothing from elsewhere", function ()
			local _, page, path = page_of({}, token({}));
			local pipe <close> = io.popen("stat -c %a " .. path);
			assert.equal("600", pipe:read("l"));
			assert.is_nil(page:find("<script", 1, true));
			assert.is_nil(page:find("://", 1, true));
		end);

		it("writes the page alone to standard output", function ()
			local ran = explain({ "--html", "-" }, token({}));
			assert.equal(0, ran.status);
			assert.truthy(ran.out:find("^<!DOCTYPE html>"));
		end);

		it("wants one token, and --values wants a page", function ()
			assert.equal(2, (page_of({}, token({ a = 1 }) .. "\n" .. token({ a = 2 }))).status);
			assert.equal(2, explain({ "--values" }, token({})).status);
		end);
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

