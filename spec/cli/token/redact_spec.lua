-- An explanation that may be shown in public.

local command = require "spec.support.command";
local meetauth = require "meetauth";
local redact = require "meetauth.cli.token.redact";

local secret = ("s"):rep(32);
local key = meetauth.key({ alg = "HS256", secret = secret });
local now = os.time();
local secret_file;

local function token(claims, header)
	return meetauth.sign(key, claims, header);
end

local function explain(args, input)
	return command.run({ "explain", "--secret-file", secret_file, table.unpack(args) }, input);
end

setup(function () secret_file = command.write(command.folder() .. "/secret", secret); end);
teardown(command.clean);

describe("a shape", function ()
	local cases = {
		{ "text", "a string of 4 characters" }, { "Zoë", "a string of 3 characters" }, { 1700000000, "a number of 10 digits" },
		{ -5, "a number of 1 digit" }, { 0.5, "a number with a fraction" }, { true, "a boolean" }, { meetauth.null, "null" },
		{ { a = 1 }, "an object of 1 member" }, { {}, "an object of 0 members" },
		{ meetauth.array({ "a", 7 }), "a list of 2 items: a string of 1 character; a number of 1 digit" },
	};
	for _, case in ipairs(cases) do
		it("is " .. case[2], function () assert.equal(case[2], redact.shape(case[1])); end);
	end
end);

describe("a row of explain, redacted,", function ()
	it("shows neither kid nor entry of the key that was tried", function ()
		local row = redact.rows({ { check = "signature", verdict = "ok",
			expected = { alg = "HS256", kid = "mine-key", entry = "private-tenant" } } }, now)[1];
		assert.same({ alg = "HS256", kid = "a string of 8 characters", entry = "a string of 14 characters" }, row.expected);
	end);
end);

describe("explain --redact #command", function ()
	local private = { iss = "https://sso.private.example", aud = { "secret-audience" }, sub = "tenant-of-mine", jti = "id-4711",
		["private-claim"] = "xyzzy", room = "merger-talks", exp = now - 4000, context = { user = { name = "Erika Muster" } } };
	local words = { "private", "secret", "tenant", "id-4711", "xyzzy", "merger", "Erika", "Muster", "sso", "mine-key",
		tostring(now - 4000) };

	for _, form in ipairs({ {}, { "--json" } }) do
		it("shows no value, neither the token's nor the caller's: " .. (form[1] or "table"), function ()
			local text = token(private, { kid = "mine-key", typ = "JWT" });
			local ran = explain({ "--redact", "--iss", "https://sso.private.example/", "--aud", "secret-other",
				"--require", "private-claim", table.unpack(form) }, text);
			assert.equal(1, ran.status);
			for _, word in ipairs(words) do assert.is_nil(ran.out:find(word, 1, true), word .. "\n" .. ran.out); end
			for part in text:gmatch("[^.]+") do assert.is_nil(ran.out:find(part, 1, true)); end
			assert.truthy(ran.out:find("a string of 27 characters", 1, true));
			assert.truthy(ran.out:find("a number of 10 digits, 1 hour ago", 1, true));
			assert.truthy(ran.out:find("issuer-mismatch", 1, true));
		end);
	end

	it("has a fingerprint, the same for the same token whoever signs it", function ()
		local text = token({ exp = now });
		local first = explain({ "--redact" }, text).out:match("^token (%x+), %d+ bytes\n");
		assert.equal(8, #first);
		assert.equal(first, explain({ "--redact" }, (text:gsub("%.[^.]*$", ".AAAA"))).out:match("^token (%x+),"));
		assert.is_not.equal(first, explain({ "--redact" }, token({ exp = now + 1 })).out:match("^token (%x+),"));
	end);
end);

describe("rows without their values", function ()
	local function shown(row)
		row.verdict = "ok";
		return redact.rows({ row }, 1000)[1];
	end

	local cases = {
		{ "names of algorithms and types, which anybody knows",
			{ check = "header", found = { alg = "HS256", typ = "JWT", kid = "mine" } }, "found",
			{ alg = "HS256", typ = "JWT", kid = "a string of 4 characters" } };
		{ "a typ of one's own as a shape", { check = "typ", found = "mine+jwt" }, "found", "a string of 8 characters" };
		{ "how long ago a time was, and not when", { check = "exp", found = 400 }, "found", "a number of 3 digits, 10 minutes ago" };
		{ "no time that was expected", { check = "exp", found = 400, expected = "after 1000" }, "expected", nil };
		{ "what every token has to have", { check = "form", expected = "three parts" }, "expected", "three parts" };
		{ "what was expected as a shape", { check = "iss", expected = meetauth.array({ "portal" }) }, "expected",
			"a list of 1 item: a string of 6 characters" };
		{ "claims that everybody knows by name, and no others", { check = "grant", found = {
				{ claim = "mjh", fate = "ignored" }, { claim = "mine", fate = "ignored: unknown" } } },
			"found", { { claim = "mjh", fate = "ignored" }, { claim = "a string of 4 characters", fate = "ignored: unknown" } } };
		{ "a hint without the names in it", { check = "iss", hint = "the token has no iss. Write iss = \"portal\"" }, "hint",
			"the token has no iss. Write iss = …" };
		{ "that the token has nothing", { check = "iss", found = "nothing" }, "found", "nothing" };
		{ "what was pasted, in words", { check = "pasted", found = "in quotes" }, "found", "in quotes" };
		{ "the shape of a token without form", { check = "form", found = "2 parts" }, "found", "2 parts" };
		{ "words of what cannot be read", { check = "key", found = "not a strict JSON object" }, "found", "not a strict JSON object" };
		{ "the names of claims of both dialects", { check = "key", found = { "d", "iss" } }, "found", { "d", "iss" } };
		{ "what a claim has to be", { check = "grant", expected = { room = "a string" } }, "expected", { room = "a string" } };
		{ "no value of a claim", { check = "grant", found = { room = "merger" } }, "found", { room = "a string of 6 characters" } };
		{ "no domain's id", { check = "grant", expected = { d = "mine" } }, "expected", { d = "a string of 4 characters" } };
		{ "no entry's names", { check = "key", expected = { iss = { "portal" } } }, "expected", "an object of 1 member" };
	};
	for _, case in ipairs(cases) do
		it("have " .. case[1], function () assert.same(case[4], shown(case[2])[case[3]]); end);
	end

	it("keep check, verdict and reason", function ()
		assert.same({ { check = "aud", verdict = "fail", reason = "audience-mismatch" } },
			redact.rows({ { check = "aud", verdict = "fail", reason = "audience-mismatch" } }, 0));
	end);
end);
