-- The word that somebody meant.

local nearest = require "meetauth.util.nearest";

local words = { "recording", "livestreaming", "screen-sharing", "flip" };

describe("the nearest word", function ()
	local cases = { recording = "recording", Recording = "recording", recordings = "recording", ["screensharing"] = "screen-sharing",
		["live-streaming"] = "livestreaming", lip = "flip", [""] = "flip", ["\xff\0"] = "flip" };
	for given, word in pairs(cases) do
		it(("to %q is %s"):format(given, word), function () assert.equal(word, nearest(given, words)); end);
	end

	it("is the first of those that are as near", function () assert.equal("ab", nearest("a", { "ab", "ac" })); end);

	it("is none where there are no words", function () assert.is_nil(nearest("a", {})); end);

	it("is found in the same time for a word beyond all measure", function ()
		assert.equal("recording", nearest("recording" .. ("g"):rep(2 ^ 20), { "flip", "recording" }));
	end);
end);
