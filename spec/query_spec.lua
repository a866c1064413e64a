-- The query of an address (meetauth/query.lua), and percent-encoding.

local percent = require "meetauth.percent";
local parse = require "meetauth.query".parse;

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

	local SIZE = 60000;
	local function seconds(text)
		local started = os.clock();
		for _ = 1, 5 do parse(text); end
		return os.clock() - started;
	end

	-- beside as many bytes of parameters; util.http's formdecode takes some thousand times as long for the first
	for name, text in pairs({
		["letters and no ="] = "x=1&" .. ("a"):rep(SIZE),
		["="] = ("="):rep(SIZE),
		["&"] = ("&"):rep(SIZE),
		["one value"] = "a=" .. ("b"):rep(SIZE),
		["names that never end"] = ("a&"):rep(SIZE // 2),
		["%"] = "a=" .. ("%"):rep(SIZE),
		["+"] = "a=" .. ("+"):rep(SIZE),
	}) do
		it("of 60 KB of " .. name .. " costs no more than one of many parameters", function ()
			local usual = seconds(("a=%41&"):rep(SIZE // 6));
			assert.is_true(seconds(text) < 3 * usual);
		end);
	end
end);

describe("percent-encoding", function ()
	for text, expected in pairs({
		[""] = "", ["abc"] = "abc", ["%41%62%7a"] = "Abz", ["%4"] = "%4", ["%%41"] = "%A", ["%2541"] = "%41", ["%c3%A4 b%25"] = "ä b%", ["%zz%"] = "%zz%",
	}) do
		it(("%q is %q"):format(text, expected), function () assert.equal(expected, percent.decode(text)); end);
	end
end);
