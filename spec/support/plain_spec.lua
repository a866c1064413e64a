--- The count of a text's faults, and the texts that it lets pass.

local plain = require "spec.support.plain";

local function words(n) return ("word "):rep(n - 1) .. "last."; end

describe("a sentence", function ()
	for text, expected in pairs({
		["One. Two! Three? Four"] = { "One.", "Two!", "Three?", "Four" };
		["Prosody 0.12 runs. So does 13.0."] = { "Prosody 0.12 runs.", "So does 13.0." };
		["See RFC 7515 4.1.11, at Daily.co."] = { "See RFC 7515 4.1.11, at Daily.co." };
		["Names, vs. words, etc. are one."] = { "Names, vs. words, etc. are one." };
		["Write `a. b. c`. Then [go on](x.md)."] = { "Write Xcode.", "Then go on." };
		["It says \"no.\" It (rarely.) ends"] = { "It says \"no.\"", "It (rarely.)", "ends" };
		["It is **bold**: and *not*."] = { "It is bold: and not." };
		["See <https://a.example/b. c> or https://a.example/b?c."] = { "See Xcode or Xcode" };
		[" \n"] = {};
	}) do
		it("ends where people stop: " .. text, function () assert.same(expected, plain.sentences(text)); end);
	end

	it("has a word for each code span, and none for a sign", function ()
		assert.equal(6, plain.words(plain.sentences("Run `prosodyctl shell meetauth` – or → ask `me` first.")[1]));
	end);

	it("may have 25 words and no more", function ()
		assert.same({}, plain.faults(words(25)));
		assert.same({}, plain.faults(words(25) .. " " .. words(25)));
		assert.matches("^26 words: word", plain.faults(words(26))[1]);
	end);
end);

describe("a phrase", function ()
	for _, text in ipairs({
		"Whoever comes in is counted.", "It does the same.", "Do the same, then stop.", "Whose token is over by it is out.",
		"What a meeting token gives", "Keys in motion", "If so, restart.", "It stands in its grant.", "They stand in the log.",
		"The room is not there.", "It is kept back.", "All is well, but for one.", "It counts as absent.", "You may not enter.",
		"Who has it enters.", "It is looked at only then.", "See what is there.", "It has a page of its own.",
	}) do
		it("is found: " .. text, function () assert.is_truthy(plain.phrases_in(text)[1]); end);
	end

	for _, text in ipairs({
		"The same key signs both.", "It is the same as before.", "What happens next?", "The word `whoever` is code.",
		"Write `shall`, as the form says.", "The counter counts assets.", "Tell people who wait.", "A guest who has it enters.",
		"It revokes tokens of its own entry.",
		"The northern room.", "There are three rooms.", "It is a marshall's room.", "It is therefore listed in the log.",
	}) do
		it("is not seen where there is none: " .. text, function () assert.same({}, plain.phrases_in(text)); end);
	end

	it("comes with what to say instead", function ()
		assert.equal("besides: say also, or: in addition: It reads besides.", plain.faults("It reads besides.")[1]);
	end);

	it("has something to say instead, each", function ()
		for _, row in ipairs(plain.phrases) do assert.is_true(#row.phrase > 0 and #row.say > 0, row.phrase); end
	end);
end);

describe("a page", function ()
	local text = table.concat({
		"---", "summary: whoever", "---", "", "# A heading", "A paragraph", "of two lines.", "", "- an item", "  goes on",
		"- another", "1. a number", "", "```lua", "-- whoever", "```", "", "| head | |", "| --- | --- |", "| a cell | `code` |", "",
		"<!-- whoever -->", "The end.",
	}, "\n");

	it("is read without its code, front matter and comments", function ()
		local found = {};
		for i, passage in ipairs(plain.passages(text)) do found[i] = { passage.line, passage.kind, passage.text }; end
		assert.same({
			{ 5, "prose", "A heading" }, { 6, "prose", "A paragraph of two lines." }, { 9, "prose", "an item   goes on" },
			{ 11, "prose", "another" }, { 12, "prose", "a number" }, { 18, "cell", " head" }, { 20, "cell", " a cell" },
			{ 20, "cell", " `code`" }, { 23, "prose", "The end." },
		}, found);
	end);

	it("has faults with the line they are in", function ()
		assert.same({ "3: besides: say also, or: in addition: It is besides." }, plain.page_faults("One.\n\nIt is besides.\n"));
	end);

	it("holds cells to the phrases, not to the length", function ()
		assert.same({}, plain.page_faults("| " .. words(40) .. " |\n"));
		assert.is_truthy(plain.page_faults("| whoever |\n")[1]);
		assert.same({}, plain.page_faults("| who may sign tokens |\n"));
		assert.same({}, plain.page_faults("| whoever |\n", function (passage) return passage.kind == "cell"; end));
	end);
end);
