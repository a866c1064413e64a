-- What the first rows of an explanation say of a token that cannot be read; planted one by one in explain_rows_spec.lua.

local growth = require "spec.support.growth";
local meetauth = require "meetauth";
local told = require "meetauth.token.told";


describe("meetauth.token.told", function ()
	for token, shape in pairs({ [""] = "nothing", ["a"] = "1 part", ["a.b"] = "2 parts", ["a.b.c.d"] = "4 parts",
		["a b"] = "1 part, with other characters", ["."] = "2 parts", ["\0.\255"] = "2 parts, with other characters" }) do
		it(("tells the shape of %q"):format(token), function ()
			assert.same({ "three parts of base64url", shape }, { told.form(token, "malformed", 100) });
		end);
	end

	it("tells how long a token is and may be", function ()
		assert.same({ "at most 100 bytes", "101 bytes" }, { told.form(("x"):rep(101), "too-large", 100) });
	end);

	it("tells how many bytes a signature has", function ()
		assert.equal("a signature of 32 bytes, made with another key", told.signature("a.b." .. ("x"):rep(43), "signature-mismatch"));
		assert.equal("a signature of 0 bytes, made with another key", told.signature("a.b.", "signature-mismatch"));
		assert.equal("bytes that are not base64url", told.signature("a.b.+", "malformed"));
	end);

	it("tells in words what a payload is", function ()
		for _, reason in ipairs({ "malformed", "bad-json", "duplicate-member" }) do assert.is_string(told.payload(reason)); end
	end);

	it("expects something of every choice that failed, also where there is nothing to choose from", function ()
		local subject = { entries = {}, candidates = {}, head = { alg = "HS256" }, claims = {} };
		for _, reason in ipairs({ "unknown-issuer", "algorithm-mismatch", "unknown-key", "ambiguous-claims", "bad-json" }) do
			local expected, found = told.key(subject, reason, {});
			assert.not_nil(expected, reason);
			assert.not_nil(found, reason);
		end
		assert.same({ nil, { alg = "HS256" } }, { told.key(subject, nil, {}) });
	end);

	it("names ten of many keys", function ()
		local bindings = {};
		for i = 1, 12 do
			bindings[i] = { key = meetauth.key { alg = "HS256", secret = ("s"):rep(40) .. i, kid = ("k%02d"):format(i) } };
		end
		local expected = told.key({ candidates = bindings, head = { alg = "HS256" } }, "unknown-key", {});
		assert.same({ 11, "k10", "..." }, { #expected.kid, expected.kid[10], expected.kid[11] });
	end);

	it("takes a time that grows as the token does #growth", function ()
		for _, odd in ipairs({ ".", "a", "a." }) do
			local function make(size) return odd:rep(size); end
			assert.is_true(growth.is_linear(function (token) told.form(token, "malformed", 1); end, make));
			assert.is_true(growth.is_linear(function (token) told.signature("a.b." .. token, "signature-mismatch"); end, make));
		end
	end);
end);
