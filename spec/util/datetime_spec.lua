local datetime = require "meetauth.util.datetime";

-- Seconds by GNU date: date -ud <text> +%s
local cases = {
	{ "1970-01-01", 0 };
	{ "2026-02-01", 1769904000 };
	{ "2026-02-01T08:30Z", 1769934600 };
	{ "2026-02-01T08:30:15Z", 1769934615 };
	{ "2024-02-29", 1709164800 };
	{ "2000-03-01", 951868800 };
	{ "2100-03-01", 4107542400 };
	{ "9999-12-31T23:59:59Z", 253402300799 };
	{ "2000-02-29", 951782400 };
	{ "2024-02-29T08:00Z", 1709193600 };
	{ 1769904000, 1769904000 };
	{ 0, 0 };
	{ 1.5, 1.5 };
	{ "2026-02-30" }; { "2025-02-29" }; { "2100-02-29" }; { "2026-13-01" }; { "2026-00-01" }; { "2026-01-00" };
	{ "1969-12-31" }; { "2026-1-1" }; { "2026-02-01T08:30" }; { "2026-02-01T08:30:15+01:00" }; { "2026-02-01T24:00Z" };
	{ "2026-02-01T08:60Z" }; { "2026-02-01T08:30:60Z" }; { "2026-02-01 08:30" }; { "2026-02-01x" };
	{ "2026-02-01T08:005Z" }; { "2026-02-01T8:00Z" }; { "2026-02-31" }; { "tomorrow" }; { "" };
	{ "1769904000" }; { -1 }; { 1 / 0 }; { 0 / 0 }; { true }; { {} };
};

describe("meetauth.util.datetime", function ()
	for _, case in ipairs(cases) do
		it(("reads %s as %s"):format(type(case[1]) == "string" and ("%q"):format(case[1]) or tostring(case[1]),
			case[2] or "no moment"), function ()
			assert.equal(case[2], datetime.read(case[1]));
		end);
	end
end);

local spans = {
	{ 0, 0, "second" }; { 0.9, 0, "second" }; { 1, 1, "second" }; { 59, 59, "second" }; { 60, 1, "minute" }; { 3599, 59, "minute" };
	{ 3600, 1, "hour" }; { 86399, 23, "hour" }; { 86400, 1, "day" }; { 864000.5, 10, "day" };
};

describe("a span of time", function ()
	for _, case in ipairs(spans) do
		it(("of %s s is %d %s"):format(case[1], case[2], case[3]), function ()
			local count, unit = datetime.span(case[1]);
			assert.same({ case[2], case[3] }, { math.tointeger(count), unit });
		end);
	end

	it("reads every day of a century as date(1) does, as a whole number", function ()
		for day = 0, 36525, 97 do
			local at = datetime.read(os.date("!%Y-%m-%dT%H:%M:%SZ", day * 86400 + 3661));
			assert.equal(day * 86400 + 3661, at);
			assert.equal("integer", math.type(at));
		end
	end);
end);
