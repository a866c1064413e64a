local hex = require "meetauth.util.hex";

local cases = {
	{ "", "" }; { "abc", "616263" }; { "\0\1\127\128\255", "00017f80ff" }; { "\n%s", "0a2573" };
};

describe("meetauth.util.hex", function ()
	for _, case in ipairs(cases) do
		it(("writes %q as %q"):format(case[1], case[2]), function () assert.equal(case[2], hex(case[1])); end);
	end

	it("writes every byte as two digits, from which it comes back", function ()
		for byte = 0, 255 do
			local text = hex(string.char(byte));
			assert.matches("^[0-9a-f][0-9a-f]$", text);
			assert.equal(byte, tonumber(text, 16));
		end
	end);
end);
