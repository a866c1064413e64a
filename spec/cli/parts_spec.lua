--- The small parts of the command: times, lines, CSV records, and what a terminal may be shown.

local csv = require "meetauth.cli.csv";
local friendly = require "meetauth.cli.friendly";
local lines = require "meetauth.cli.lines";
local redact = require "meetauth.cli.redact";
local terminal = require "meetauth.cli.terminal";
local times = require "meetauth.cli.times";
local meetauth = require "meetauth";

-- A file of that text that hands out so many bytes at most.
local function file_of(text, most)
	local at = 1;
	return { read = function (_, n)
		if at > #text then return nil; end
		local piece = text:sub(at, at + math.min(n, most or n) - 1);
		at = at + #piece;
		return piece;
	end };
end

local function all_lines(text, most)
	local list = {};
	for line in lines.of(file_of(text, most)) do list[#list + 1] = line; end
	return list;
end

local function all_records(text)
	local list = {};
	for fields, problem in csv.records(lines.of(file_of(text))) do list[#list + 1] = problem or fields; end
	return list;
end

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

describe("a yes or no", function ()
	local cases = { ["true"] = true, ["yes"] = true, ["1"] = true, ["false"] = false, ["no"] = false, ["0"] = false };
	for text, value in pairs(cases) do
		it(("%q is %s"):format(text, value), function ()
			local intent = friendly.new(0);
			assert.is_nil(friendly.put(intent, friendly.by_name.moderator, text, 0));
			assert.equal(value, intent.owner);
		end);
	end
	for _, text in ipairs({ "", "True", "on", "2" }) do
		it(("%q is none"):format(text), function ()
			local problem = friendly.put(friendly.new(0), friendly.by_name.moderator, text, 0);
			assert.equal("moderator: expected true or false", problem);
		end);
	end
end);

describe("what people say of a token", function ()
	local rows = {
		{ "lobby", "bypass", "lobby" }, { "lobby", "knock", "lobby" }, { "eject-after", "90s", "eject_after", 90 },
		{ "not-before", "2026-02-01", "not_before", 1769904000 }, { "expires-in", "1h", "expires", 3700 },
	};
	for _, row in ipairs(rows) do
		it(("is %s: %s"):format(row[1], row[2]), function ()
			local intent = friendly.new(100);
			assert.is_nil(friendly.put(intent, friendly.by_name[row[1]], row[2], 100));
			assert.equal(row[4] or row[2], intent[row[3]]);
		end);
	end

	for _, row in ipairs({ { "lobby", "pass" }, { "lobby", "" }, { "eject-after", "soon" }, { "not-before", "soon" },
		{ "expires-in", "soon" }, { "feature", "a_b" }, { "feature", "--recording" }, { "name", "\255" } }) do
		it(("is not %s: %q"):format(row[1], row[2]), function ()
			local problem = friendly.put(friendly.new(100), friendly.by_name[row[1]], row[2], 100);
			assert.equal(row[1] .. ": expected ", problem:sub(1, #row[1] + 11));
		end);
	end

	it("names features to allow and to deny", function ()
		local intent = friendly.new(100);
		friendly.put(intent, friendly.by_name.feature, "recording -screen-sharing", 100);
		friendly.put(intent, friendly.by_name.feature, "livestreaming", 100);
		assert.same({ recording = true, ["screen-sharing"] = false, livestreaming = true }, intent.features);
	end);
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

describe("lines", function ()
	it("are the same however their file comes in", function ()
		for most = 1, 9 do assert.same({ "one", "", "three\r", "last" }, all_lines("one\n\nthree\r\nlast", most)); end
		assert.same({ "one" }, all_lines("one\n"));
		assert.same({}, all_lines(""));
	end);
	it("that are too long are read past", function ()
		local next_line = lines.of(file_of(("x"):rep(1048577) .. "\n" .. ("y"):rep(1048576) .. "\n"));
		assert.same({ "", "longer than 1048576 bytes" }, { next_line() });
		assert.equal(1048576, #next_line());
		assert.is_nil(next_line());
	end);
end);

describe("CSV records", function ()
	local cases = {
		{ name = "have fields between commas", text = "a,b,c", records = { { "a", "b", "c" } } };
		{ name = "may have empty fields", text = ",,\na,,\n,,c", records = { { "", "", "" }, { "a", "", "" }, { "", "", "c" } } };
		{ name = "may quote what they have", text = '"a","b,c","d""e",""\n', records = { { "a", "b,c", 'd"e', "" } } };
		{ name = "may have line breaks in quotes", text = '"a\nb\r\nc",d\r\ne,f\r\n', records = { { "a\nb\r\nc", "d" },
			{ "e", "f" } } };
		{ name = "keep spaces", text = " a , b ", records = { { " a ", " b " } } };
		{ name = "have no text around quotes", text = '"a"b,c\nd,e"f\ng', records = { "text after a quoted field",
			"a quote inside a field that is not quoted", { "g" } } };
		{ name = "end where a quote does not", text = 'a\n"b\nc\n', records = { { "a" }, "a quote that is never closed" } };
		{ name = "are not empty lines", text = "\n\na\n\r\nb\n\n", records = { { "a" }, { "b" } } };
	};
	for _, case in ipairs(cases) do
		it(case.name, function () assert.same(case.records, all_records(case.text)); end);
	end

	it("come back from every text, and end", function ()
		local alphabet = { "a", ",", '"', "\n", "\r", "\0", "\xff" };
		for n = 0, 7 ^ 5 - 1, 3 do
			local text, rest = {}, n;
			for i = 1, 5 do
				text[i], rest = alphabet[rest % 7 + 1], rest // 7;
			end
			assert.is_true(#all_records(table.concat(text)) <= 5);
		end
	end);
end);

describe("what a terminal may be shown", function ()
	it("has nothing that it obeys", function ()
		assert.equal("a\\u001b[31mb", terminal.safe("a\27[31mb"));
		assert.equal("\\u202ex\\u009by", terminal.safe("\u{202e}x\u{9b}y"));
		assert.equal("a??b", terminal.safe("a\xff\nb"));
		assert.equal("Zoë 😀", terminal.safe("Zoë 😀"));
	end);
end);

describe("a shape", function ()
	local cases = {
		{ "text", "a string of 4 characters" }, { "Zoë", "a string of 3 characters" }, { 1700000000, "a number of 10 digits" },
		{ -5, "a number of 1 digit" }, { 0.5, "a number with a fraction" }, { true, "a boolean" }, { meetauth.null, "null" },
		{ { a = 1 }, "an object of 1 member" }, { {}, "an object of 0 members" },
		{ meetauth.array({ "a", 7 }), "a list of 2 items: a string of 1 character; a number of 1 digit" },
	};
	for _, case in ipairs(cases) do
		it("is " .. case[2], function () assert.equal(case[2], redact.shape(case[1])); end);
	end
end);
