-- Rows of cells as lines.

local columns = require "meetauth.util.columns";

local cases = {
	{ "of one cell each", { { "a" }, { "bc" } }, { "a", "bc" } };
	{ "as wide as their widest cells", { { "a", "b", "c" }, { "long", "x", "y" } }, { "a     b  c", "long  x  y" } };
	{ "by characters, not bytes", { { "äöü", "x" }, { "abcd", "y" } }, { "äöü   x", "abcd  y" } };
	{ "of bytes that are no characters", { { "\255\255", "x" }, { "abc", "y" } }, { "\255\255   x", "abc  y" } };
	{ "of unlike lengths", { { "a" }, { "long", "x" } }, { "a", "long  x" } };
	{ "without white space at their ends", { { "a", "" }, { "b ", "  " } }, { "a", "b" } };
	{ "of none", {}, {} };
};

describe("columns", function ()
	for _, case in ipairs(cases) do
		it(case[1], function () assert.same(case[3], columns.lines(case[2])); end);
	end

	it("are as wide as what is dressed was", function ()
		local function dress(cell, row, column) return row == 2 and column == 1 and "<" .. cell .. ">" or cell; end
		assert.same({ "ab  c", "<a>   d" }, columns.lines({ { "ab", "c" }, { "a", "d" } }, dress));
	end);
end);
