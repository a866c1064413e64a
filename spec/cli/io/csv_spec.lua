-- Records of a CSV file, one at a time.

local csv = require "meetauth.cli.io.csv";
local lines = require "meetauth.cli.io.lines";

-- The records of a text, each as its fields or as what is wrong with it.
local function all_records(text)
	local rest, list = text, {};
	local function read()
		local block = rest;
		rest = nil;
		return block;
	end
	for fields, problem in csv.records(lines.of({ read = read })) do list[#list + 1] = problem or fields; end
	return list;
end

describe("CSV records", function ()
	local cases = {
		{ name = "have fields between commas", text = "a,b,c", records = { { "a", "b", "c" } } };
		{ name = "may have empty fields", text = ",,\na,,\n,,c", records = { { "", "", "" }, { "a", "", "" }, { "", "", "c" } } };
		{ name = "may quote what they have", text = '"a","b,c","d""e",""\n', records = { { "a", "b,c", 'd"e', "" } } };
		{ name = "may have line breaks in quotes", text = '"a\nb\r\nc",d\r\ne,f\r\n', records = { { "a\nb\r\nc", "d" },
			{ "e", "f" } } };
		{ name = "have no blanks around fields but in quotes", text = ' a b\t, c \n "d, " ,\t" e"\t\r\n', records = { { "a b", "c" },
			{ "d, ", " e" } } };
		{ name = "have semicolons between fields where the first line has no comma", text = 'a;b\n"c;d";e,f\n"g\nh";\n',
			records = { { "a", "b" }, { "c;d", "e,f" }, { "g\nh", "" } } };
		{ name = "have commas between fields where the first line has one", text = "a,b;c\nd;e,f\n", records = { { "a", "b;c" },
			{ "d;e", "f" } } };
		{ name = "begin behind a byte order mark, before quotes, too", text = '\xEF\xBB\xBF"a";b\n\xEF\xBB\xBFc;d',
			records = { { "a", "b" }, { "\xEF\xBB\xBFc", "d" } } };
		{ name = "have no text around quotes", text = '"a"b,c\nd,e"f\ng', records = { "text follows a quoted field",
			"a quote is inside a field without quotes", { "g" } } };
		{ name = "end where a quote does not", text = 'a\n"b\nc\n', records = { { "a" }, "a quote is not closed" } };
		{ name = "are not empty lines", text = "\n\na\n\r\nb\n \t\n\n", records = { { "a" }, { "b" } } };
	};
	for _, case in ipairs(cases) do
		it(case.name, function () assert.same(case.records, all_records(case.text)); end);
	end

	it("come back from every text, and end", function ()
		local alphabet = { "a", ",", '"', "\n", "\r", "\0", "\xff", " ", ";" };
		for n = 0, 9 ^ 5 - 1, 7 do
			local text, rest = {}, n;
			for i = 1, 5 do
				text[i], rest = alphabet[rest % 9 + 1], rest // 9;
			end
			assert.is_true(#all_records(table.concat(text)) <= 5);
		end
	end);

	it("that could not be read are told, and the next one follows", function ()
		local given = { { "a,b" }, { "", "longer than 7 bytes" }, { "c,d" } };
		local list, at = {}, 0;
		for fields, problem in csv.records(function ()
			at = at + 1;
			return table.unpack(given[at] or {});
		end) do list[#list + 1] = problem or fields; end
		assert.same({ { "a", "b" }, "longer than 7 bytes", { "c", "d" } }, list);
	end);

	it("end where nobody knows whether a quote is open: in or behind a line that was too long", function ()
		for _, given in ipairs({
			{ { '"a' }, { "", "too long", false }, { 'b",c' } };
			{ { '"a' }, { "", "too long", true }, { 'b",c' } };
			{ { "", "too long", true }, { "b,c" } };
		}) do
			local list, at = {}, 0;
			for _, problem in csv.records(function ()
				at = at + 1;
				return table.unpack(given[at] or {});
			end) do list[#list + 1] = problem or "a record"; end
			assert.same({ "too long, with a quote before it or in it. The rows after it are not read" }, list);
		end
	end);

	it("have no quote open for more than a mebibyte", function ()
		local read = 0;
		local next_record = csv.records(function ()
			read = read + 1;
			return read == 1 and '"a' or ("x"):rep(65536);
		end);
		assert.same({ {}, "a quote is not closed" }, { next_record() });
		assert.is_nil(next_record());
		assert.is_true(read < 20);
	end);
end);
