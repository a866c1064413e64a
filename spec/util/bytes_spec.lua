local bytes = require "meetauth.util.bytes";
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
