-- Times as people type and read them.

local times = require "meetauth.util.times";

describe("a duration", function ()
	local cases = { ["0"] = 0, ["90"] = 90, ["90s"] = 90, ["15m"] = 900, ["1h"] = 3600, ["7d"] = 604800, ["2w"] = 1209600,
		["9999999999w"] = 9999999999 * 604800 };
	for text, seconds in pairs(cases) do
		it(text .. " is " .. seconds .. " seconds", function () assert.equal(seconds, times.duration(text)); end);
	end
	for _, text in ipairs({ "", "h", "1y", "-1", "1.5h", "1 h", "1hh", "0x10",
		"99999999999" }) do
		it(("%q is none"):format(text), function () assert.is_nil(times.duration(text)); end);
	end
end);

describe("a moment", function ()
	local cases = { ["1700000000"] = 1700000000, ["0"] = 0, ["2024-02-29T08:00Z"] = 1709193600, ["2026-02-01"] = 1769904000 };
	for text, seconds in pairs(cases) do
		it(text .. " is " .. seconds, function () assert.equal(seconds, times.moment(text)); end);
	end
	for _, text in ipairs({ "", "now", "-1", "1.5", "2026-13-01", "9999999999999" }) do
		it(("%q is none"):format(text), function () assert.is_nil(times.moment(text)); end);
	end
end);

describe("a distance in time", function ()
	local cases = { [0] = "now", [1] = "in 1 second", [59] = "in 59 seconds", [60] = "in 1 minute", [7199] = "in 1 hour",
		[-7200] = "2 hours ago", [-86400 * 400] = "400 days ago" };
	for distance, words in pairs(cases) do
		it("of " .. distance .. " is " .. words, function () assert.equal(words, times.relative(1000000 + distance, 1000000)); end);
	end
	it("stands in a text with its date behind it, and nothing else does", function ()
		local date = times.localtime(1767225590);
		assert.equal(("after 1767225590 (%s)"):format(date), times.dated("after 1767225590"));
		assert.equal(("since 1767225590 (%s), and not after 1767225590 (%s)"):format(date, date),
			times.dated("since 1767225590, and not after 1767225590"));
		for _, text in ipairs({ "", "a number", "after 7", "a1767225590", "1767225590b", "after 99999999999999999999" }) do
			assert.equal(text, times.dated(text));
		end
	end);

	it("has no date where it is none", function ()
		for _, at in ipairs({ -1, 1e300, 0 / 0, 1 / 0, 253402300800 }) do assert.is_nil(times.localtime(at)); end
	end);
end);
