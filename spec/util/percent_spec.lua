local growth = require "spec.support.growth";
local percent = require "meetauth.util.percent";

describe("percent-encoding", function ()
	for text, expected in pairs({
		[""] = "", ["abc"] = "abc", ["%41%62%7a"] = "Abz", ["%4"] = "%4", ["%%41"] = "%A", ["%2541"] = "%41",
		["%c3%A4 b%25"] = "ä b%", ["%zz%"] = "%zz%",
	}) do
		it(("%q is %q"):format(text, expected), function () assert.equal(expected, percent.decode(text)); end);
	end

	it("of many % takes a time that grows as its length does #growth", function ()
		for _, piece in ipairs({ "%", "%4", "%41", "%%41" }) do
			assert.is_true(growth.is_linear(percent.decode, function (size) return piece:rep(size // #piece); end));
		end
	end);
end);
