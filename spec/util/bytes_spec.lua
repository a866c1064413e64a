local bytes = require "meetauth.util.bytes";
local core = require "meetauth.core";
local growth = require "spec.support.growth";

local cases = {
	{ "", "" }; { "abc", "616263" }; { "\0\1\127\128\255", "00017f80ff" }; { "\n%s", "0a2573" };
};

describe("hexadecimal text", function ()
	for _, case in ipairs(cases) do
		it(("writes %q as %q"):format(case[1], case[2]), function () assert.equal(case[2], bytes.hex(case[1])); end);
	end

	it("writes every byte as two digits, from which it comes back", function ()
		for byte = 0, 255 do
			local text = bytes.hex(string.char(byte));
			assert.matches("^[0-9a-f][0-9a-f]$", text);
			assert.equal(byte, tonumber(text, 16));
		end
	end);
end);

describe("percent-encoding", function ()
	for text, expected in pairs({
		[""] = "", ["abc"] = "abc", ["%41%62%7a"] = "Abz", ["%4"] = "%4", ["%%41"] = "%A", ["%2541"] = "%41",
		["%c3%A4 b%25"] = "ä b%", ["%zz%"] = "%zz%",
	}) do
		it(("%q is %q"):format(text, expected), function () assert.equal(expected, bytes.unescape(text)); end);
	end

	for text, expected in pairs({ [""] = "", ["a-b_c.d~e"] = "a-b_c.d~e", ["stand up/%"] = "stand%20up%2F%25",
		["ä\0"] = "%C3%A4%00" }) do
		it(("of %q is %q, and comes back"):format(text, expected), function ()
			assert.equal(expected, bytes.escape(text));
			assert.equal(text, bytes.unescape(expected));
		end);
	end

	it("keeps what it is told to", function () assert.equal("[a]%2F", bytes.escape("[a]/", "%[%]")); end);

	it("of many % takes a time that grows as its length does #growth", function ()
		for _, piece in ipairs({ "%", "%4", "%41", "%%41" }) do
			assert.is_true(growth.is_linear(bytes.unescape, function (size) return piece:rep(size // #piece); end));
		end
	end);
end);

describe("base64url", function ()
	it("is taken off all bytes", function ()
		for length = 0, 40 do
			local data = {};
			for i = 1, length do data[i] = string.char((i * 89 + length * 7) % 256); end
			local text = table.concat(data);
			assert.equal(text, bytes.from_base64url(core.base64url(text)));
		end
	end);

	for text, expected in pairs({ [""] = "", A = "", ["QQ"] = "A", ["QUI"] = "AB", ["QUJD"] = "ABC", ["QUJD!QUJD"] = "ABC",
		["Q=UJ"] = "", ["-_8"] = "\xFB\xFF", ["QUJDR"] = "ABC" }) do
		it(("of %q is read as far as it is some"):format(text), function () assert.equal(expected, bytes.from_base64url(text)); end);
	end

	it("takes a time that grows as its length does #growth", function ()
		assert.is_true(growth.is_linear(bytes.from_base64url, function (size) return ("QUJD"):rep(size); end));
	end);
end);
