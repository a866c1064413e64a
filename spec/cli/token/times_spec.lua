-- Times as people type and read them.

local times = require "meetauth.cli.token.times";

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
	local cases = { ["1700000000"] = 1700000000, ["1970-01-01"] = 0, ["2000-02-29"] = 951782400, ["2024-02-29T08:00Z"] = 1709193600,
		["2026-12-31T23:59:59Z"] = 1798761599, ["2100-03-01"] = 4107542400, ["9999-12-31T23:59:59Z"] = 253402300799 };
	for text, at in pairs(cases) do
		it(text .. " is " .. at, function () assert.equal(at, times.moment(text)); end);
	end
	it("is what date(1) says, over a century of days", function ()
		for day = 0, 36525, 97 do
			local text = os.date("!%Y-%m-%dT%H:%M:%SZ", day * 86400 + 3661);
			assert.equal(day * 86400 + 3661, times.moment(text));
		end
	end);
	for _, text in ipairs({ "", "tomorrow", "2026-13-01", "2026-00-10", "2026-01-32", "1969-12-31", "2026-01-01T24:00Z",
		"2026-01-01T08:00", "2026-01-01T08:00+01:00", "1700000000000" }) do
		it(("%q is none"):format(text), function () assert.is_nil(times.moment(text)); end);
	end
end);

describe("a distance in time", function ()
	local cases = { [0] = "now", [1] = "in 1 second", [59] = "in 59 seconds", [60] = "in 1 minute", [7199] = "in 1 hour",
		[-7200] = "2 hours ago", [-86400 * 400] = "400 days ago" };
	for distance, words in pairs(cases) do
		it("of " .. distance .. " is " .. words, function () assert.equal(words, times.relative(1000000 + distance, 1000000)); end);
	end
	it("has no date where it is none", function ()
		for _, at in ipairs({ -1, 1e300, 0 / 0, 1 / 0, 253402300800 }) do assert.is_nil(times.localtime(at)); end
	end);
end);
