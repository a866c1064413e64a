local growth = require "spec.support.growth";
local pattern = require "meetauth.room.pattern";

local lua_cases = {
	{ name = "a plain name", text = "room", yes = { "room" }, no = { "", "roo", "rooms", "aroom" } };
	{ name = "a plain name in upper case, for rooms are in lower case", text = "RooM", yes = { "room" }, no = { "ROOM" } };
	{ name = "any character", text = "a.c", yes = { "abc", "a.c", "a%c" }, no = { "ac", "abbc" } };
	{ name = "none or more", text = "ab*", yes = { "a", "ab", "abbb" }, no = { "", "b", "abc" } };
	{ name = "none or more, as few as it takes", text = "a.-z", yes = { "az", "abz", "azz" }, no = { "a", "azb" } };
	{ name = "one or more", text = "ab+", yes = { "ab", "abb" }, no = { "a" } };
	{ name = "none or one", text = "ab?c", yes = { "ac", "abc" }, no = { "abbc" } };
	{ name = "a class", text = "%a%d", yes = { "a1" }, no = { "1a", "aa" } };
	{ name = "a class's opposite, which is not lower-cased", text = "new%S+", yes = { "newroom" }, no = { "new", "new room" } };
	{ name = "an escaped sign", text = "a%.b%%", yes = { "a.b%" }, no = { "axb%", "a.b" } };
	{ name = "a set", text = "[abX]+", yes = { "abx", "x" }, no = { "", "c" } };
	{ name = "a set with a range in upper case", text = "[A-C]", yes = { "b" }, no = { "d", "-" } };
	{ name = "a set of all others", text = "[^ab]", yes = { "c", "]" }, no = { "a", "", "cc" } };
	{ name = "a set with a class", text = "[%w_]+", yes = { "a_1" }, no = { "a-1" } };
	{ name = "a set that begins with its end", text = "[]a]+", yes = { "]", "a]" }, no = { "[" } };
	{ name = "a set with an escaped end", text = "[%]x]", yes = { "]", "x" }, no = { "%" } };
	{ name = "anchors, which are there anyway", text = "^room$", yes = { "room" }, no = { "rooms" } };
	{ name = "anchors in other places, which are characters", text = "a^b$c", yes = { "a^b$c" }, no = { "abc" } };
	{ name = "captures, which change nothing", text = "new(room)", yes = { "newroom" }, no = { "room", "new" } };
	{ name = "captures in captures, and of positions", text = "((a)()b)", yes = { "ab" }, no = { "a" } };
	{ name = "a quantifier with nothing before it", text = "*a", yes = { "*a" }, no = { "a", "aa" } };
	{ name = "a quantifier behind another", text = "a**", yes = { "*", "a*", "aa*" }, no = { "a" } };
	{ name = "nothing", text = "", yes = { "" }, no = { "a" } };
	{ name = "bytes beyond ASCII", text = "\u{E4}+x", yes = { "\u{E4}x" }, no = { "x" } };
	{ name = "a NUL", text = "a\0b", yes = { "a\0b" }, no = { "ab" } };
};

local no_patterns = {
	{ name = "a set without end", text = "[abc" };
	{ name = "a set of nothing", text = "[]" };
	{ name = "a set of all but nothing", text = "[^]" };
	{ name = "an escape of nothing", text = "abc%" };
	{ name = "an escape of nothing in a set", text = "[a%" };
	{ name = "a capture without end", text = "(abc" };
	{ name = "an end of no capture", text = "abc)" };
	{ name = "an end before its capture", text = ")(" };
	{ name = "a balanced match", text = "%b()" };
	{ name = "a frontier", text = "%f[%w]a" };
	{ name = "a back-reference", text = "(a)%1" };
	{ name = "more than 128 bytes", text = ("a"):rep(129) };
};

local globs = {
	{ name = "a plain name", text = "Room", yes = { "room" }, no = { "rooms" } };
	{ name = "any number of characters", text = "team-*", yes = { "team-", "team-a", "team-*" }, no = { "team", "a-team-" } };
	{ name = "stars in several places", text = "*a*b*", yes = { "ab", "xaybz" }, no = { "ba" } };
	{ name = "one character", text = "a?c", yes = { "abc", "a?c" }, no = { "ac", "abbc" } };
	{ name = "signs that are something to Lua, as themselves", text = "a.b+[c]%d^$()-",
		yes = { "a.b+[c]%d^$()-" }, no = { "axb+[c]%d^$()-", "a.bbc1^$()-" } };
	{ name = "a star alone", text = "*", yes = { "", "anything" }, no = {} };
	{ name = "nothing", text = "", yes = { "" }, no = { "a" } };
};

local function check(compile, case)
	local items = assert(compile(case.text));
	for _, name in ipairs(case.yes) do assert.is_true(pattern.matches(items, name), ("%q"):format(name)); end
	for _, name in ipairs(case.no) do assert.is_false(pattern.matches(items, name), ("%q"):format(name)); end
end

describe("meetauth.room.pattern", function ()
	for _, case in ipairs(lua_cases) do
		it("knows of Lua's patterns " .. case.name, function () check(pattern.of_lua, case); end);
	end

	for _, case in ipairs(no_patterns) do
		it("takes as no pattern " .. case.name, function () assert.is_nil(pattern.of_lua(case.text)); end);
	end

	for _, case in ipairs(globs) do
		it("knows of globs " .. case.name, function () check(pattern.of_glob, case); end);
	end

	for _, case in ipairs(globs) do
		it("tells of globs in Lua's words " .. case.name, function ()
			local told = pattern.lua_of_glob(case.text);
			for _, name in ipairs(case.yes) do assert.equal(name, name:match(told)); end
			for _, name in ipairs(case.no) do assert.is_nil(name:match(told)); end
		end);
	end

	it("takes as no glob more than 128 bytes", function () assert.is_nil(pattern.of_glob(("*"):rep(129))); end);

	it("says of random patterns what Lua says", function ()
		local pieces = { "a", "b", ".", "%a", "%d", "[ab]", "[^a]", "[a-c1]", "%A", "-b", "%%" };
		local after = { "", "", "*", "+", "-", "?" };
		local letters = { "a", "b", "c", "1", "%", "-" };
		local function pick(list) return list[math.random(#list)]; end
		math.randomseed(20260824);
		local matched = 0;
		for _ = 1, 20000 do
			local text, name = {}, {};
			for i = 1, math.random(5) do text[i] = pick(pieces) .. pick(after); end
			for i = 1, math.random(0, 6) do name[i] = pick(letters); end
			text, name = table.concat(text), table.concat(name);
			local expected = name:find("^" .. text .. "$") ~= nil;
			assert.equal(expected, pattern.matches(assert(pattern.of_lua(text)), name), text .. " on " .. name);
			matched = matched + (expected and 1 or 0);
		end
		assert.is_true(matched > 1000);
	end);

	it("has as many quantifiers as it may have, outside of sets and escapes", function ()
		local function fits(text, most) return pattern.of_lua(text, { max_quantifiers = most }) ~= nil; end
		assert.is_true(fits("[a-z0-9%-]+%-%d+", 2));
		assert.is_false(fits("[a-z0-9%-]+%-%d+", 1));
		assert.is_true(fits("a%*b%+", 0));
		assert.is_false(fits("a?", 0));
		assert.is_true(pattern.of_lua("a*b*c*d*e*", {}) ~= nil);
	end);

	it("matches no name that is longer than it may be", function ()
		local items = pattern.of_lua("a*", { room_max_length = 3 });
		assert.is_true(pattern.matches(items, "aaa"));
		assert.is_false(pattern.matches(items, "aaaa"));
	end);

	it("takes random bytes for a pattern or for none, and never raises", function ()
		math.randomseed(7);
		local signs = { "[", "]", "^", "$", "%", "(", ")", "*", "+", "-", "?", ".", "a", "\0", "\255", "b", "f", "1" };
		for _ = 1, 20000 do
			local text = {};
			for i = 1, math.random(12) do text[i] = signs[math.random(#signs)]; end
			local items = pattern.of_lua(table.concat(text));
			if items then pattern.matches(items, "ab[]%1\255"); end
		end
	end);

	for _, case in ipairs({
		{ name = "stars", items = pattern.of_lua(("a*"):rep(60) .. "b") },
		{ name = "any characters", items = pattern.of_lua((".-"):rep(60) .. "b") },
		{ name = "globs", items = pattern.of_glob(("*a"):rep(64)) },
	}) do
		it(("takes a time that grows as the name does, with many %s #growth"):format(case.name), function ()
			assert.is_true(growth.is_linear(function (name) assert.is_false(pattern.matches(case.items, name)); end,
				function (size) return ("a"):rep(size // 60) .. "c"; end));
		end);
	end
end);
