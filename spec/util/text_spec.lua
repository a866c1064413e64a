local null = require "meetauth.core".null;
local text = require "meetauth.util.text";

local cases = {
	{ name = "leaves plain text", from = "Joe Doe", to = "Joe Doe" };
	{ name = "leaves nothing", from = "", to = "" };
	{ name = "leaves every printable character",
		from = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", to = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" };
	{ name = "leaves other scripts", from = "Jöe 日本 עברית 👍", to = "Jöe 日本 עברית 👍" };
	{ name = "leaves joiners, which emoji and scripts need", from = "a\u{200D}b\u{200C}c", to = "a\u{200D}b\u{200C}c" };
	{ name = "takes NUL out", from = "a\0b", to = "ab" };
	{ name = "takes line breaks and tabs out", from = "a\r\nb\tc", to = "abc" };
	{ name = "takes escape sequences apart", from = "\27[31mred", to = "[31mred" };
	{ name = "takes DEL and C1 controls out", from = "a\u{7F}\u{80}\u{9F}b", to = "ab" };
	{ name = "leaves the first character after them", from = "\u{A0}", to = "\u{A0}" };
	{ name = "takes line separators out", from = "a\u{2028}b\u{2029}c", to = "abc" };
	{ name = "takes marks of direction out", from = "\u{61C}\u{200E}\u{200F}a\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}", to = "a" };
	{ name = "takes isolates out", from = "\u{2066}\u{2067}\u{2068}\u{2069}a", to = "a" };
	{ name = "takes byte order marks out", from = "\u{FEFF}a", to = "a" };
	{ name = "takes out what XML cannot carry", from = "a\u{FFFE}\u{FFFF}b\1\8\v\f", to = "ab" };
	{ name = "leaves the replacement character", from = "\u{FFFD}", to = "\u{FFFD}" };
	{ name = "leaves nothing of nothing but that", from = "\u{202E}\0", to = "" };
	{ name = "cuts to a number of characters", from = "abcdef", max = 3, to = "abc" };
	{ name = "counts characters, not bytes", from = "äöüß", max = 3, to = "äöü" };
	{ name = "counts what is kept", from = "\0\0\0abc", max = 3, to = "abc" };
	{ name = "leaves what is just long enough", from = "abc", max = 3, to = "abc" };
	{ name = "leaves what is just long enough, in other scripts", from = "äöü", max = 3, to = "äöü" };
	{ name = "cuts to nothing", from = "abc", max = 0, to = "" };
};

describe("meetauth.util.text.clean", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			assert.equal(case.to, text.clean(case.from, case.max));
		end);
	end
end);

describe("meetauth.util.text.clean_all", function ()
	it("cleans strings at every depth, and leaves other values", function ()
		local t = { name = "J\0oe", n = 1.5, yes = true, no = false, deep = { { "a\nb" }, x = { y = "\u{202E}z" } } };
		assert.same({ name = "Joe", n = 1.5, yes = true, no = false, deep = { { "ab" }, x = { y = "z" } } },
			text.clean_all(t, null));
	end);

	it("takes nulls out", function ()
		assert.same({ a = { b = {} }, d = "x" }, text.clean_all({ a = { b = { c = null } }, d = "x", e = null }, null));
	end);

	it("leaves no holes in a list", function ()
		assert.same({ 1, "b", { 2 } }, text.clean_all({ null, 1, null, "b", null, { null, 2, null } }, null));
		assert.same({}, text.clean_all({ null, null }, null));
	end);

	it("changes the table that it was given", function ()
		local t = { a = null };
		assert.equal(t, text.clean_all(t, null));
		assert.is_nil(next(t));
	end);
end);

describe("a text without the newline at its end", function ()
	for given, expected in pairs({ ["a\n"] = "a", ["a\r\n"] = "a", ["a\n\n"] = "a\n", ["a\r"] = "a\r", ["\n"] = "",
		[""] = "", ["a\nb"] = "a\nb", ["a \n"] = "a " }) do
		it(("%q is %q"):format(given, expected), function () assert.equal(expected, text.chomped(given)); end);
	end
end);
