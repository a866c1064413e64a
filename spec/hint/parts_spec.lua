-- What several hints look for in claims that nobody may vouch for.

local core = require "meetauth.core";
local growth = require "spec.support.growth";
local parts = require "meetauth.hint.parts";

local null = core.null;

local names = {
	{ "portal", "Portal", true }; { "portal", "portal/", true }; { "portal/", "PORTAL", true }; { "portal", "portal//", true };
	{ "portal", "portal", false }; { "portal", "portals", false }; { "portal", "porta1", false }; { "portal", "/portal", false };
	{ "portal", "portal///", false }; { "portal", "", false }; { "", "/", true }; { "a b", "a  b", false };
};

local wrapped = {
	{ "payload", { payload = { iss = "a" } } }; { "claims", { claims = { room = "a" } } }; { "data", { data = { context = {} } } };
	{ "body", { body = { r = "x" } } }; { "token", { iss = "a", token = { iss = "b" } } }; { nil, { payload = { own = 1 } } };
	{ nil, { payload = "iss" } }; { nil, { payload = { iss = null } } }; { nil, { other = { iss = "a" } } }; { nil, {} };
};

describe("meetauth.hint.parts", function ()
	for _, case in ipairs(names) do
		it(("finds %q and %q %s"):format(case[1], case[2], case[3] and "close" or "apart"), function ()
			assert.equal(case[3], parts.is_close(case[1], case[2]));
			assert.equal(case[3], parts.is_close(case[2], case[1]));
		end);
	end

	it("finds the word that a value is close to, of any value", function ()
		local set = { Portal = true, other = true };
		assert.equal("Portal", parts.closest("portal", set));
		for _, value in ipairs({ "Portal", "third", "", 7, true, null, {} }) do assert.is_nil(parts.closest(value, set)); end
		assert.is_nil(parts.closest("portal", nil));
	end);

	it("says how long ago a token expired, where its exp is a moment", function ()
		local now = 1700000000;
		local spans = { [0] = "0 seconds", [1] = "1 second", [119.5] = "1 minute", [7200] = "2 hours", [86400 * 400] = "400 days" };
		for off, words in pairs(spans) do
			assert.equal(words, parts.since(now - off, now));
			assert.equal(parts.EXPIRED:format(words), parts.expired(now - off, now));
		end
		for _, exp in ipairs({ 3600, 0, -1, -1e300 }) do assert.same({}, { parts.since(exp, now), parts.expired(exp, now) }); end
	end);

	for i, case in ipairs(wrapped) do
		it(("finds claims %s (%d)"):format(case[1] and "inside " .. case[1] or "in no object of their own", i), function ()
			assert.equal(case[1], parts.wrapper(case[2]));
		end);
	end

	it("takes null for nothing, and whatever is no table for an empty one", function ()
		for _, value in ipairs({ "", 0, false, {} }) do assert.is_true(parts.given(value)); end
		assert.same({ false, false }, { parts.given(nil), parts.given(null) });
		local object = {};
		assert.equal(object, parts.object(object));
		for _, value in ipairs({ "x", 1, true, null }) do assert.same({}, parts.object(value)); end
		assert.same({}, parts.object(nil));
	end);

	it("names what there is to choose from, and three of many", function ()
		assert.is_nil(parts.any_of({}));
		assert.equal("\"a\"", parts.any_of({ "a" }));
		assert.equal("\"a\" or \"b\"", parts.any_of({ "a", "b" }));
		assert.equal("\"a\", \"b\" or \"c\"", parts.any_of({ "a", "b", "c" }));
		assert.equal("\"a\", \"b\", \"c\" or another", parts.any_of({ "a", "b", "c", "d", "e" }));
	end);

	for text, plain in pairs({ ["\"a b\""] = "a b", ["'a' "] = "a", ["a"] = "a", [" \t"] = "", [""] = "", ["a\"b"] = "a\"b" }) do
		it(("takes %q out of %q"):format(plain, text), function () assert.equal(plain, parts.plain(text)); end);
	end

	it("takes quotes off in a time that grows as their number does #growth", function ()
		for _, odd in ipairs({ "\"", " ", "\"a" }) do
			assert.is_true(growth.is_linear(parts.plain, function (size) return odd:rep(size) .. "x" .. odd:rep(size); end));
		end
	end);

	it("knows which algorithms are those of shared secrets", function ()
		for _, alg in ipairs(core.algorithms()) do assert.equal(alg:sub(1, 2) == "HS", parts.is_secret_alg(alg)); end
	end);
end);
