-- src/json.c and src/jsontable.c: strict JSON into Lua values.

local core = require "meetauth.core";

local decode, null = core.decode, core.null;

-- RFC 8259 13, both examples
local image = [[
{
  "Image": {
      "Width":  800,
      "Height": 600,
      "Title":  "View from 15th Floor",
      "Thumbnail": {
          "Url":    "http://www.example.com/image/481989943",
          "Height": 125,
          "Width":  100
      },
      "Animated" : false,
      "IDs": [116, 943, 234, 38793]
    }
}
]];
local places = [[
[
  {
     "precision": "zip",
     "Latitude":  37.7668,
     "Longitude": -122.3959,
     "City":      "SAN FRANCISCO"
  },
  { "precision": "zip", "Latitude": 37.371991, "Longitude": -122.026020, "City": "SUNNYVALE" }
]
]];

local read = {
	{ "an object (RFC 8259 13)", image, { Image = {
		Width = 800, Height = 600, Title = "View from 15th Floor", Animated = false, IDs = { 116, 943, 234, 38793 },
		Thumbnail = { Url = "http://www.example.com/image/481989943", Height = 125, Width = 100 },
	} } };
	{ "an array (RFC 8259 13)", places, {
		{ precision = "zip", Latitude = 37.7668, Longitude = -122.3959, City = "SAN FRANCISCO" },
		{ precision = "zip", Latitude = 37.371991, Longitude = -122.026020, City = "SUNNYVALE" },
	} };
	{ "a lone string (RFC 8259 13)", '"Hello world!"', "Hello world!" };
	{ "a lone number (RFC 8259 13)", "42", 42 };
	{ "a lone literal (RFC 8259 13)", "true", true };
	{ "false", "false", false };
	{ "null as light userdata", "null", null };
	{ "null as a member", '{"a":null}', { a = null } };
	{ "null in an array", "[null,1]", { null, 1 } };
	{ "the empty object", "{}", {} };
	{ "the empty array", "[]", {} };
	{ "the four sorts of white space", " \t\r\n{ \t\r\n\"a\" \t\r\n: \t\r\n1 \t\r\n} \t\r\n", { a = 1 } };
	{ "an empty name", '{"":1}', { [""] = 1 } };
	{ "a name with a NUL, apart from the one without", '{"a\\u0000":1,"a":2}', { ["a\0"] = 1, a = 2 } };
	{ "names whose difference is in the middle", '{"abxcd":1,"abycd":2}', { abxcd = 1, abycd = 2 } };
	{ "names apart by case", '{"exp":1,"Exp":2}', { exp = 1, Exp = 2 } };
	{ "one name in objects inside each other", '{"a":{"a":{"a":1}}}', { a = { a = { a = 1 } } } };
	{ "one name in objects beside each other", '[{"a":1},{"a":2}]', { { a = 1 }, { a = 2 } } };
	{ "the eight short escapes", [["\"\\\/\b\f\n\r\t"]], "\"\\/\b\f\n\r\t" };
	{ "escapes in either case", [["\u00e9\u00E9"]], "éé" };
	{ "an escaped NUL", [["a\u0000b"]], "a\0b" };
	{ "the escaped ends of each UTF-8 length", [["\u007f\u0080\u07ff\u0800\uffff"]], "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}" };
	{ "a surrogate pair (RFC 8259 7, the G clef)", [["\uD834\uDD1E"]], "\u{1D11E}" };
	{ "the first surrogate pair", [["\ud800\udc00"]], "\u{10000}" };
	{ "the last surrogate pair", [["\udbff\udfff"]], "\u{10FFFF}" };
	{ "UTF-8 of every length", '"\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}"',
		"\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}" };
	{ "text around escapes", [["a\nb\tc"]], "a\nb\tc" };
	{ "names with escapes", [[{"\u0061":1}]], { a = 1 } };
};

local numbers = {
	{ "0", 0 };
	{ "-0", 0 };
	{ "7", 7 };
	{ "-12", -12 };
	{ "9007199254740993", 9007199254740993 }; -- 2^53 + 1: no double has it
	{ "9223372036854775807", math.maxinteger };
	{ "-9223372036854775808", math.mininteger };
	{ "9223372036854775808", 2.0 ^ 63 };
	{ "-9223372036854775809", -2.0 ^ 63 };
	{ "18446744073709551616", 2.0 ^ 64 }; -- does not wrap
	{ "1.0", 1.0 };
	{ "0.5", 0.5 };
	{ "-0.0", -0.0 };
	{ "1e0", 1.0 };
	{ "1E+2", 100.0 };
	{ "1e-2", 0.01 };
	{ "0e0", 0.0 };
	{ "1700000000.25", 1700000000.25 };
	{ "1.7976931348623157e308", 1.7976931348623157e308 };
	{ "5e-324", 5e-324 };
	{ "1e-999", 0.0 };
	{ "0." .. ("0"):rep(61) .. "1", 1e-62 }; -- 64 characters
	{ "1" .. ("0"):rep(63), 1e63 };
};

local refused = {
	{ "nothing", "" };
	{ "nothing but white space", " \n" };
	{ "a second value", "{}{}" };
	{ "text after the value", "{} x" };
	{ "a NUL after the value", "{}\0" };
	{ "a NUL and more after the value", '{"a":1}\0,"b":2}' };
	{ "a byte order mark", "\u{FEFF}{}" };
	{ "a no-break space", "\u{A0}{}" };
	{ "a vertical tab", "\v{}" };
	{ "a form feed", "\f{}" };
	{ "a comment", "{}//" };
	{ "a comment inside", '{/**/"a":1}' };
	{ "an object that does not end", '{"a":1' };
	{ "an array that does not end", "[1" };
	{ "an object after its comma", '{"a":1,' };
	{ "an array after its comma", "[1," };
	{ "the end before the beginning", "}" };
	{ "crossed ends", '[{"a":1]}' };
	{ "an array ended as an object", "[1}" };
	{ "an object ended as an array", '{"a":1]' };
	{ "a trailing comma in an object", '{"a":1,}' };
	{ "a trailing comma in an array", "[1,]" };
	{ "a lone comma", "[,]" };
	{ "a leading comma", "[,1]" };
	{ "two commas", "[1,,2]" };
	{ "a missing comma", "[1 2]" };
	{ "a missing comma between members", '{"a":1 "b":2}' };
	{ "a missing colon", '{"a" 1}' };
	{ "two colons", '{"a"::1}' };
	{ "a comma for a colon", '{"a",1}' };
	{ "a missing value", '{"a":}' };
	{ "a name without a value", '{"a"}' };
	{ "a colon in an array", '["a":1]' };
	{ "a name without quotes", "{a:1}" };
	{ "a name in single quotes", "{'a':1}" };
	{ "a number as a name", "{1:1}" };
	{ "null as a name", "{null:1}" };
	{ "a string in single quotes", "'a'" };
	{ "a string that does not end", '"a' };
	{ "a string that ends with its escape", '"a\\' };
	{ "a string whose end is escaped", [["a\"]] };
	{ "an escape that is none", [["\a"]] };
	{ "an escaped single quote", [["\'"]] };
	{ "an escaped zero", [["\0"]] };
	{ "an escape in hexadecimal", [["\x41"]] };
	{ "an escape in upper case", [["\U0041"]] };
	{ "an escape of three digits", [["\u004"]] };
	{ "an escape cut off", [["\u00]] };
	{ "an escape with a letter over f", [["\u004g"]] };
	{ "an escape with a sign", [["\u+041"]] };
	{ "an escape with a space", [["\u 041"]] };
	{ "a lone high surrogate", [["\ud800"]] };
	{ "a lone high surrogate before text", [["\ud800abcdef"]] };
	{ "a lone high surrogate before another escape", [["\ud800\n12345"]] };
	{ "a lone low surrogate", [["\udc00"]] };
	{ "two high surrogates", [["\ud800\ud800"]] };
	{ "surrogates in the wrong order", [["\udc00\ud800"]] };
	{ "a pair cut off", [["\ud800\udc0]] };
	{ "a continuation byte by itself", '"\x80"' };
	{ "UTF-8 cut off by the quote", '"\xC3"' };
	{ "UTF-8 cut off by the end", '"\xE2\x82' };
	{ "an overlong slash in two bytes", '"\xC0\xAF"' };
	{ "an overlong NUL", '"\xC0\x80"' };
	{ "an overlong form that C1 begins", '"\xC1\xBF"' };
	{ "an overlong form in three bytes", '"\xE0\x9F\xBF"' };
	{ "an overlong form in four bytes", '"\xF0\x8F\xBF\xBF"' };
	{ "a surrogate in UTF-8", '"\xED\xA0\x80"' };
	{ "the last surrogate in UTF-8", '"\xED\xBF\xBF"' };
	{ "what is above U+10FFFF", '"\xF4\x90\x80\x80"' };
	{ "a lead byte of five", '"\xF8\x88\x80\x80\x80"' };
	{ "the byte FF", '"\xFF"' };
	{ "Latin-1", '"\xE9t\xE9"' };
	{ "bad UTF-8 in a name", '{"\xFF":1}' };
	{ "UTF-16", "{\0}\0" };
	{ "True", "True" };
	{ "a literal cut off", "tru" };
	{ "a literal with more to it", "nullx" };
	{ "NaN", "NaN" };
	{ "nan", "[nan]" };
	{ "Infinity", "Infinity" };
	{ "minus Infinity", "-Infinity" };
	{ "a number too large for a double", "1e400" };
	{ "one too small", "-1e400" };
	{ "one of many digits and an exponent", "1" .. ("0"):rep(50) .. "e300" };
	{ "a plus", "+1" };
	{ "a minus alone", "-" };
	{ "two minuses", "--1" };
	{ "a minus and a space", "- 1" };
	{ "a leading zero", "01" };
	{ "a leading zero after the minus", "-01" };
	{ "two zeros", "00" };
	{ "nothing after the point", "1." };
	{ "nothing between the point and the exponent", "1.e5" };
	{ "nothing before the point", ".5" };
	{ "nothing but minus before the point", "-.5" };
	{ "a comma as the point", "1,5" };
	{ "an exponent without digits", "1e" };
	{ "an exponent with only a sign", "1e+" };
	{ "two exponents", "1e1e1" };
	{ "a fractional exponent", "1e1.5" };
	{ "hexadecimal", "0x10" };
	{ "a digit group", "1_000" };
	{ "digits that are not ASCII", "[\u{FF11}]" };
	{ "a number of 65 characters", "1" .. ("0"):rep(64) };
	{ "a fraction of 65 characters", "0." .. ("0"):rep(62) .. "1" };
};

local duplicates = {
	{ "a name", '{"a":1,"a":1}' };
	{ "a name far apart", '{"a":1,"b":2,"c":3,"d":4,"e":5,"a":6}' };
	{ "a name after unescaping", [[{"a":1,"\u0061":2}]] };
	{ "a name escaped both times", [[{"\u0061":1,"\u0061":2}]] };
	{ "the empty name", '{"":1,"":2}' };
	{ "a name whose value is null", '{"a":null,"a":1}' };
	{ "a name whose second value is null", '{"a":1,"a":null}' };
	{ "a name whose value is false", '{"a":false,"a":true}' };
	{ "a name further inside", '[{"x":{"a":1,"a":2}}]' };
	{ "one of three", '{"a":1,"a":2,"a":3}' };
};

describe("the strict JSON reader", function ()
	for _, case in ipairs(read) do
		it("reads " .. case[1], function ()
			assert.same(case[3], decode(case[2]));
		end);
	end

	for _, case in ipairs(numbers) do
		it(("reads %s as a%s"):format(case[1], math.type(case[2]) == "integer" and "n integer" or " float"), function ()
			local value = decode(case[1]);
			assert.equal(case[2], value);
			assert.equal(math.type(case[2]), math.type(value));
		end);
	end

	for _, case in ipairs(refused) do
		it("refuses " .. case[1], function ()
			assert.same({ nil, "bad-json" }, { decode(case[2]) });
		end);
		it(("refuses %s as a member"):format(case[1]), function ()
			assert.same({ nil, "bad-json" }, { decode('{"a":' .. case[2] .. "}") });
		end);
	end

	for _, case in ipairs(duplicates) do
		it(("refuses %s that comes twice"):format(case[1]), function ()
			assert.same({ nil, "duplicate-member" }, { decode(case[2]) });
		end);
	end

	it("finds each pair of equal names among many", function ()
		local members = {};
		for i = 1, 40 do members[i] = ('"name%d":%d'):format(i, i); end
		assert.equal(40, decode("{" .. table.concat(members, ",") .. "}").name40);
		for i = 2, 40 do
			local with = table.concat(members, ",") .. (',"name%d":0'):format(i);
			assert.same({ nil, "duplicate-member" }, { decode("{" .. with .. "}") });
		end
	end);

	it("refuses every raw control character in a string", function ()
		for byte = 0, 0x1F do
			assert.same({ nil, "bad-json" }, { decode('"a' .. string.char(byte) .. 'b"') });
		end
		assert.equal(" ", decode('" "'));
		assert.equal("\x7F", decode('"\x7F"'));
	end);

	it("sees each byte that is no character by itself wherever it stands, and takes all others", function ()
		for length = 1, 24 do -- characters are looked at in eights, and then one by one
			for at = 1, length do
				for byte = 0, 255 do
					local text = ("x"):rep(at - 1) .. string.char(byte) .. ("y"):rep(length - at);
					local is_plain = byte >= 0x20 and byte < 0x80 and byte ~= 0x22 and byte ~= 0x5C;
					assert(decode('"' .. text .. '"') == (is_plain and text or nil), byte);
				end
			end
		end
	end);

	it("tells an empty array from an empty object", function ()
		assert.equal(core.array_mt, getmetatable(decode("[]")));
		assert.equal(core.array_mt, getmetatable(decode("[[1]]")[1]));
		assert.is_nil(getmetatable(decode("{}")));
	end);

	for _, form in ipairs({
		{ name = "arrays", open = "[", close = "]" },
		{ name = "objects", open = '{"a":', close = "}", inner = "1" },
		{ name = "both in turn", open = '[{"a":', close = "}]", inner = "1", each = 2 },
	}) do
		it("reads 32 containers inside each other, not 33: " .. form.name, function ()
			local n = 32 // (form.each or 1);
			local inner = form.inner or "";
			assert.is_table(decode(form.open:rep(n) .. inner .. form.close:rep(n)));
			local deeper = "[" .. form.open:rep(n) .. inner .. form.close:rep(n) .. "]";
			assert.same({ nil, "bad-json" }, { decode(deeper) });
		end);
	end

	it("counts depth, not containers", function ()
		assert.equal(1000, #decode("[" .. ("[],"):rep(999) .. "{}]"));
	end);

	it("refuses deep texts at once", function ()
		assert.same({ nil, "bad-json" }, { decode(("["):rep(1000000)) });
		assert.same({ nil, "bad-json" }, { decode(('{"a":'):rep(100000)) });
	end);

	it("refuses more values than Lua has room for, without a raise", function ()
		assert.same({ nil, "bad-json" }, { decode("[" .. ("1,"):rep(1100000) .. "1]") });
	end);

	it("refuses every text that is cut off", function ()
		local text = [[{"a":[1,-2.5e3,"x\u00e9\ud834\udd1e\n",{"b":true,"c":null}],"é":false}]];
		assert.is_table(decode(text));
		for n = 0, #text - 1 do
			assert.same({ nil, "bad-json" }, { decode(text:sub(1, n)) });
		end
	end);

	it("keeps the text as it is, so that it can be read again", function ()
		local text = [[{"a":"\u0062"}]];
		assert.same({ a = "b" }, decode(text));
		assert.same({ a = "b" }, decode(text));
		assert.equal([[{"a":"\u0062"}]], text);
	end);

	it("leaves Lua's stack as it was after a failure", function ()
		assert.equal(2, select("#", decode('[1,2,[3,{"a":[NaN')));
		assert.equal(2, select("#", decode('{"x":[1,2,3],"x":1}')));
	end);
end);
