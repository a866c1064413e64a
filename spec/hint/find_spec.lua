-- Which hint stands beside a row of an explanation, if any, and what of it may be told to whom.

local growth = require "spec.support.growth";
local hints = require "meetauth.hint.find";
local hostile = require "spec.support.hostile";
local world = require "spec.support.hintworld";

local hosts, now, secrets, place = world.hosts, world.now, world.secrets, world.place;
local good = world.of_jitsi();

describe("a hint", function ()
	it("is not given where all is well", function ()
		for _, row in ipairs(world.rows_of({ "", good })) do
			assert.equal("ok", row.verdict, row.check);
			assert.is_nil(row.hint);
		end
		for _, row in ipairs(world.rows_of({ "", world.of_daily(), host = "daily" })) do
			assert.equal("ok", row.verdict, row.check);
			assert.is_nil(row.hint);
		end
	end);

	it("is one of a list that has all, each under the check of a row", function ()
		local checks, known = {}, { form = true, claims = true, admit = true }; -- rows of entries that ask for it
		for _, row in ipairs(world.rows_of({ "", good })) do known[row.check] = true; end
		for _, part in ipairs({ "form", "origin", "signature", "claims", "grant", "features", "room" }) do
			for _, hint in ipairs(require("meetauth.hint." .. part)) do checks[#checks + 1] = hint.check; end
		end
		for i, hint in ipairs(hints.list) do
			assert.equal(checks[i], hint.check);
			assert.is_true(known[hint.check], hint.check);
		end
		assert.equal(#checks, #hints.list);
	end);

	it("ends with what to write", function ()
		for _, hint in ipairs(hints.list) do
			assert.is_true(hint.says == "%s" or world.instruction(hint.says) ~= nil, hint.says);
		end
		for _, text in ipairs({ "there is no iss", "there is no iss: write one", "iss. Is missing", "Write. it" }) do
			assert.is_nil(world.instruction(text));
		end
	end);

	it("is the first of those that hold", function ()
		local twice = world.of_jitsi({ iss = "none", payload = { iss = "portal" } }); -- too deep, and no iss
		for _, row in ipairs(world.rows_of({ "", twice })) do
			if row.check == "key" then assert.truthy(row.hint:find("^the claims are one level too deep, in payload%.")); end
		end
	end);

	for _, odd in ipairs({ "/", " ", "[" }) do
		for _, claim in ipairs({ "iss", "aud", "room", "sub", "exp" }) do
			it(("is looked for in a time that grows as %s of many %q does #growth"):format(claim, odd), function ()
				local function make(size) return world.of_jitsi({ [claim] = odd:rep(size) .. "x" }); end
				assert.is_true(growth.is_linear(function (token) world.rows_of({ "", token }); end, make));
				assert.is_true(growth.is_linear(function (token) world.rows_of({ "", token, host = "plain" }); end, make));
			end);
		end

		it(("is looked for in a time that grows as a token among many %q does #growth"):format(odd), function ()
			local function make(size) return odd:rep(size) .. "x" .. good .. odd:rep(size) .. "x"; end
			assert.is_true(growth.is_linear(function (token) world.rows_of({ "", token }); end, make));
		end);
	end

	it("is looked for in hostile tokens without raising", function ()
		for _, host in pairs(hosts) do
			for _, token in ipairs({ 1, {}, true, "", "..", ". .", "\0" }) do
				assert.equal("malformed", host:explain(token, now)[1].reason);
			end
			assert.equal("malformed", host:explain(nil, now)[1].reason);
		end
		local count = 0;
		for _, claims in ipairs({
			'{"iss":"portal","sub":null,"room":null,"context":null,"exp":1800000000,"moderator":null,"iat":1700000000}',
			'{"iss":["portal"],"context":{"user":null,"features":[],"room":1},"room":[],"exp":"1","user":{}}',
			'{"d":"acme-domain","r":"x","p":[],"o":null,"iat":1700000000,"exp":1800000000,"is_owner":{}}',
		}) do
			for bent in hostile.tokens(claims, 5, 600) do
				for _, secret in ipairs({ secrets.portal, secrets.acme }) do
					local token = world.signed(secret, bent);
					for _, host in pairs(hosts) do
						for _, row in ipairs(host:explain(token, now, { node = "[x]y" }, place)) do assert.is_string(row.verdict); end
						count = count + 1;
					end
				end
			end
		end
		for bent in hostile.tokens(good, 7, 600) do
			for _, host in pairs(hosts) do host:explain(bent, now, { node = "" }, place); end
		end
		assert.is_true(count > 1000);
	end);
end);

describe("a hint for those who may not know the configuration", function ()
	local cases = {
		{ "iss differs only in case or by a slash at its end. Write iss = \"portal\"",
			"iss differs only in case or by a slash at its end. Write iss = \"…\"" };
		{ "d differs only in case. Write d = \"acme (1)\"", "d differs only in case. Write d = \"…\"" };
		{ "the token has no iss. Write iss = \"a\", \"b\" or another", "the token has no iss. Write iss = …" };
		{ "the token names this entry, but is signed with the key of the entry portal. Write the iss or d of that entry, or sign with "
			.. "this entry's key", "the token names this entry, but is signed with the key of the entry …. Write the iss or d of that "
			.. "entry, or sign with this entry's key" };
		{ "the token lacks these claims: exp, jti. Write each claim into the token", "the token lacks these claims: …. Write each "
			.. "claim into the token" };
		{ "the token is not signed, because its alg is none. Sign it with alg = \"HS256\"",
			"the token is not signed, because its alg is none. Sign it with alg = …" };
		{ "the issuer's secret ends with a newline", "the issuer's secret ends with a newline" };
		{ "of another kind", "of another kind" };
	};
	for _, case in ipairs(cases) do
		it(("is %q"):format(case[2]), function () assert.equal(case[2], hints.without_names(case[1])); end);
	end
end);
