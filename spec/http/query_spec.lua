-- The query of an address (meetauth/http/query.lua).

local parse = require "meetauth.http.query".parse;
local growth = require "spec.support.growth";

-- { query, name, value, ... }; those of util.http's formdecode, but for a query without any "=", which it gives as text
local cases = {
	{ nil }, { "" }, { "&" }, { "&&&" }, { "token" }, { "%3d" },
	{ "token=a.b.c", "token", "a.b.c" },
	{ "room=Standup&prefix=acme&token=x", "room", "Standup", "prefix", "acme", "token", "x" },
	{ "token=a&token=b", "token", "a", "token", "b" },
	{ "token", },
	{ "flag&token=a&flag", "token", "a" },
	{ "token=", "token", "" },
	{ "=a", "", "a" },
	{ "=", "", "" },
	{ "token=a=b==", "token", "a=b==" },
	{ "&&token=a&&", "token", "a" },
	{ "a+b=c+d", "a b", "c d" },
	{ "%74oken=%61%2E%2e", "token", "a.." },
	{ "token=%2B+%26%3d", "token", "+ &=" },
	{ "token=%", "token", "%" }, { "token=%4", "token", "%4" }, { "token=%zz%41", "token", "%zzA" },
	{ "token=%00%ff", "token", "\0\xff" },
	{ "token=a\0b&\xff=\xfe", "token", "a\0b", "\xff", "\xfe" },
	{ "token=a?b#c", "token", "a?b#c" },
};

describe("a query", function ()
	for _, case in ipairs(cases) do
		it(("%q is %d parameters"):format(tostring(case[1]), #case // 2), function ()
			local expected = {};
			for i = 2, #case, 2 do expected[#expected + 1] = { name = case[i], value = case[i + 1] }; end
			assert.same(expected, parse(case[1]));
		end);
	end

	it("of more parameters than anybody has is none, for each of them costs memory", function ()
		assert.equal(100, #parse(("a=b&"):rep(100) .. "c&"));
		assert.same({}, parse(("a=b&"):rep(101)));
		assert.same({}, parse(("=&"):rep(10000)));
	end);

	for name, make in pairs({
		["letters and no ="] = function (size) return "x=1&" .. ("a"):rep(size); end,
		["="] = function (size) return ("="):rep(size); end,
		["&"] = function (size) return ("&"):rep(size); end,
		["one value"] = function (size) return "a=" .. ("b"):rep(size); end,
		["parameters"] = function (size) return ("a=b&"):rep(size // 4); end,
		["names without values"] = function (size) return ("a&"):rep(size // 2); end,
		["%"] = function (size) return "a=" .. ("%"):rep(size); end,
		["+"] = function (size) return "a=" .. ("+"):rep(size); end,
	}) do
		it("of many " .. name .. " takes a time that grows as its length does #growth", function ()
			assert.is_true(growth.is_linear(parse, make));
		end);
	end
end);
