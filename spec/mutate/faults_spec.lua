-- Which faults make mutate plants (spec/mutate/faults.lua).

local alike = require "spec.mutate.alike";
local faults = require "spec.mutate.faults";

-- Every fault of a text, as the line that it leaves.
local function lines(source, language)
	local list = {};
	for _, fault in ipairs(faults.of(source, language)) do list[#list + 1] = select(2, faults.lines(source, fault)); end
	return list;
end

local cases = {
	{
		name = "are, in Lua, other comparisons and their negation", language = "lua", source = "local small = n <= max;",
		lines = { "local small = n < max;", "local small = n > max;" };
	};
	{
		name = "are, in C, other comparisons and their negation", language = "c", source = "small = n <= max;",
		lines = { "small = n < max;", "small = n > max;" };
	};
	{ name = "are no <const>", language = "lua", source = "local file <const>, pipe <close> = a, b;", lines = {} };
	{
		name = "are conditions the other way round", language = "lua", source = "while found do step(); end",
		lines = { "while not (found) do step(); end" };
	};
	{
		name = "are conditions of several lines", language = "c", source = "\tif (a ||\n\t\tf(b))\n\t\tc = d;",
		lines = { "if (!(a || f(b)))", "if (a &&" };
	};
	{
		name = "are no conditions that another fault turns round", language = "lua", source = "if a == b then c(); end",
		lines = { "if a ~= b then c(); end" };
	};
	{
		name = "are a lost not", language = "lua", source = "local lost = not found;",
		lines = { "local lost = found;" };
	};
	{ name = "are a lost !", language = "c", source = "bad = !found;", lines = { "bad = found;" } };
	{
		name = "are early returns that are gone", language = "lua",
		source = "local function f(a)\n\tif a then return b; end\n\treturn c;\nend",
		lines = { "if not (a) then return b; end", "if a then end" };
	};
	{
		name = "are early returns that are gone, in C", language = "c",
		source = "int f(void) {\n\tif (a)\n\t\treturn b;\n\treturn c;\n}",
		lines = { "if (!(a))", ";" };
	};
	{
		name = "are other numbers", language = "lua", source = "local list = { 0, 7, 0x10, 1.5 };",
		lines = {
			"local list = { 1, 7, 0x10, 1.5 };", "local list = { 0, 8, 0x10, 1.5 };", "local list = { 0, 6, 0x10, 1.5 };",
			"local list = { 0, 7, 0x11, 1.5 };", "local list = { 0, 7, 0xF, 1.5 };",
		};
	};
	{
		name = "are no first place of a text that counts from 0", language = "lua", source = 'f(a:sub(1, -1), a:find("b", 1, true));',
		lines = {
			'f(a:sub(2, -1), a:find("b", 1, true));', 'f(a:sub(1, -2), a:find("b", 1, true));', 'f(a:sub(1, -0), a:find("b", 1, true));',
			'f(a:sub(1, -1), a:find("b", 2, true));', 'f(a:sub(1, -1), a:find("b", 1, false));',
		};
	};
	{
		name = "are other numbers and characters in C", language = "c", source = "x = c == 'a' ? 8u : '\\n';",
		lines = {
			"x = c != 'a' ? 8u : '\\n';", "x = c == 'b' ? 8u : '\\n';", "x = c == 'a' ? 9u : '\\n';", "x = c == 'a' ? 7u : '\\n';",
		};
	};
	{ name = "are no other yes", language = "c", source = "return 1;", lines = { "return 0;" } };
	{ name = "are another number of results", language = "c", source = "int f(lua_State *L) {\n\treturn 1;\n}",
		lines = { "return 2;", "return 0;" } };
	{
		name = "are sums, not signs", language = "c", source = "x = a - -b + *p;",
		lines = { "x = a + -b + *p;", "x = a - -b - *p;" };
	};
	{
		name = "are words for programs", language = "lua", source = 'if kind == "ec" then f("a text"); return nil, "bad-key"; end',
		lines = {
			'if kind ~= "ec" then f("a text"); return nil, "bad-key"; end',
			'if kind == "ecx" then f("a text"); return nil, "bad-key"; end',
			'if kind == "ec" then f("a text"); end',
			'if kind == "ec" then f("a text"); return nil, "bad-keyx"; end',
		};
	};
	{
		name = "are in no comment and in no string", language = "lua",
		source = '#!/usr/bin/lua 1\n-- 1 < 2\n--[[ 1 <\n 2 ]] f("1 < \\" 2", \'true\', [==[ 1\n ]] 2]==]);',
		lines = {};
	};
	{
		name = "are in no comment and in no string of C", language = "c",
		source = '/* 1 <\n 2 */ f("1 < \\" 2", \'"\'); // 1 < 2',
		lines = { "2 */ f(\"1 < \\\" 2\", '#'); // 1 < 2" };
	};
	{ name = "are on no line that loads something", language = "lua", source = 'local x = require "x".new(1);', lines = {} };
	{
		name = "are on no line for C's preprocessor but in what a name stands for", language = "c",
		source = "#include <a.h>\n#if A > 1\n#define MAX 8\n#endif",
		lines = { "#define MAX 9", "#define MAX 7" };
	};
	{ name = "are in no declaration", language = "c", source = "char name[32];\nstatic int *p;", lines = {} };
};

describe("the faults of make mutate", function ()
	for _, case in ipairs(cases) do
		it(case.name, function () assert.same(case.lines, lines(case.source, case.language)); end);
	end

	it("know their line", function ()
		local fault = faults.of("-- one\n\n--[[ three\nfour ]]\nlocal a = true;", "lua")[1];
		assert.equal(5, fault.line);
	end);

	it("are planted where they stand, and nowhere else", function ()
		local source = "if (a < b)\n\tc = a < b;\n";
		local list = faults.of(source, "c");
		assert.equal("if (a <= b)\n\tc = a < b;\n", faults.plant(source, list[2]));
	end);
end);

describe("the faults that nobody can notice", function ()
	it("have a reason", function ()
		for _, row in ipairs(alike) do
			assert.truthy(row.file and row.before and row.after, row.file);
			assert.truthy(row.why and row.why:find("%w+ %w+"), row.before);
		end
	end);
end);
