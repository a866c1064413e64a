--- Plain English, counted: sentences that are too long, and phrases that a reader in a second language stumbles over.
-- Used for the pages (spec/doc/plain_spec.lua), and for any text that the project shows to people.

local plain = {};

plain.max_words = 25;

-- A sign for code, which is always one word.
local CODE = "Xcode";

--- Phrases, and what to say instead. 'phrase' is a Lua pattern for text in lower case without code spans; it is looked for
-- at word boundaries. "^" is the beginning of a sentence, "$" its end without the full stop.
---@type { phrase: string, say: string }[]
plain.phrases = {
	-- words that stand for a noun
	{ phrase = "the same[.,;:)]", say = "name the thing" };
	{ phrase = "the same$", say = "name the thing" };
	{ phrase = "the same for", say = "name the thing" };
	{ phrase = "the same by", say = "name the thing" };
	{ phrase = "the same of", say = "name the thing" };
	{ phrase = "does the same", say = "say what it does" };
	{ phrase = "says? the same", say = "say what it says" };
	{ phrase = "if so", say = "repeat the condition" };
	{ phrase = "so run", say = "therefore run" };
	{ phrase = "do so", say = "repeat the verb" };
	{ phrase = "does so", say = "repeat the verb" };
	{ phrase = "is so", say = "repeat the statement" };
	{ phrase = "what is there", say = "name what exists" };
	{ phrase = "is there[.,;:)]", say = "exists" };
	{ phrase = "is there$", say = "exists" };
	{ phrase = "are there[.,;:)]", say = "exist" };
	{ phrase = "are there$", say = "exist" };
	{ phrase = "not there", say = "missing, or: does not exist" };
	{ phrase = "those of", say = "repeat the noun" };
	{ phrase = "those that", say = "repeat the noun" };
	{ phrase = "those who", say = "people who" };
	{ phrase = "that of", say = "repeat the noun" };
	{ phrase = "none of those", say = "repeat the noun" };
	{ phrase = "one of those", say = "repeat the noun" };
	{ phrase = "the former", say = "repeat the noun" };
	{ phrase = "the latter", say = "repeat the noun" };
	-- relative clauses without a noun
	{ phrase = "^who .*[^?]$", say = "a person who, or: the users who" };
	{ phrase = "^whose.*[^?]$", say = "a person whose, or: a token whose" };
	{ phrase = "^what .*[^?]$", say = "name the thing" };
	{ phrase = "whoever", say = "a person who, or: everyone who" };
	{ phrase = "whomever", say = "everyone whom" };
	{ phrase = "whatever", say = "name the things, or: every" };
	{ phrase = "whichever", say = "name the thing" };
	{ phrase = "what of", say = "the parts of … that" };
	-- verbs that mean another thing in the first place
	{ phrase = "stands? in", say = "is in, or: is listed in" };
	{ phrase = "stands? under", say = "is listed under" };
	{ phrase = "stands? there", say = "is in (name the place)" };
	{ phrase = "stands? behind", say = "follows" };
	{ phrase = "stands? before", say = "precedes" };
	{ phrase = "stands? beside", say = "is next to" };
	{ phrase = "as it stands", say = "unchanged" };
	{ phrase = "as they stand", say = "unchanged" };
	{ phrase = "still counts?", say = "is still valid" };
	{ phrase = "no longer counts?", say = "is no longer valid" };
	{ phrase = "counts? as", say = "is treated as" };
	{ phrase = "does not count", say = "is not valid, or: is not counted" };
	{ phrase = "do not count", say = "are not valid, or: are not counted" };
	{ phrase = "goes by", say = "uses" };
	{ phrase = "goes before", say = "precedes" };
	{ phrase = "goes? for", say = "applies to, or: is valid for" };
	{ phrase = "is over", say = "has ended, or: has expired" };
	{ phrase = "looked at", say = "checked, or: read" };
	{ phrase = "looks? at", say = "checks, or: reads" };
	{ phrase = "takes? up", say = "loads, or: applies" };
	{ phrase = "taken up", say = "loaded, or: applied" };
	{ phrase = "mended", say = "corrected, or: repaired" };
	{ phrase = "is due", say = "is expected" };
	{ phrase = "kept back", say = "withheld" };
	{ phrase = "keeps back", say = "withholds" };
	{ phrase = "gives? way", say = "say what is used instead" };
	{ phrase = "in motion", say = "name the change" };
	{ phrase = "come of", say = "the result of" };
	{ phrase = "came of", say = "the result of" };
	{ phrase = "comes of", say = "the result of" };
	{ phrase = "becomes of", say = "happens to" };
	{ phrase = "became of", say = "happened to" };
	{ phrase = "shall", say = "must, or: should" };
	{ phrase = "may not", say = "must not, or: cannot" };
	{ phrase = "needs? not", say = "does not need to" };
	{ phrase = "is to be", say = "must be" };
	{ phrase = "are to be", say = "must be" };
	{ phrase = "ought", say = "should" };
	-- words with a plainer one
	{ phrase = "but for", say = "except" };
	{ phrase = "save for", say = "except" };
	{ phrase = "besides", say = "also, or: in addition" };
	{ phrase = "for good[.,;:)]", say = "permanently" };
	{ phrase = "for good$", say = "permanently" };
	{ phrase = "for want of", say = "because … is missing" };
	{ phrase = "at load", say = "when the module loads" };
	{ phrase = "of its own[.,;:)]", say = "its own (before the noun)" };
	{ phrase = "of its own$", say = "its own (before the noun)" };
	{ phrase = "of their own[.,;:)]", say = "their own (before the noun)" };
	{ phrase = "of their own$", say = "their own (before the noun)" };
	{ phrase = "of your own[.,;:)]", say = "your own (before the noun)" };
	{ phrase = "of your own$", say = "your own (before the noun)" };
	{ phrase = "by itself", say = "automatically" };
	{ phrase = "by themselves", say = "automatically" };
	{ phrase = "at once", say = "immediately, or: at one time" };
	{ phrase = "as to", say = "about" };
	{ phrase = "lest", say = "so that … not" };
	{ phrase = "thereby", say = "by this" };
	{ phrase = "therein", say = "in it" };
	{ phrase = "thereof", say = "of it" };
	{ phrase = "hence", say = "therefore" };
	{ phrase = "thus", say = "therefore" };
	{ phrase = "vice versa", say = "say both directions" };
	{ phrase = "e%.g%.", say = "for example" };
	{ phrase = "i%.e%.", say = "that is" };
	{ phrase = "none of them a", say = "no … in it" };
	{ phrase = "has to be", say = "must be" };
	{ phrase = "have to be", say = "must be" };
	{ phrase = "nobody knows", say = "unknown" };
	{ phrase = "is still to come", say = "is in the future" };
	{ phrase = "stands", say = "is" };
	{ phrase = "anew", say = "again" };
	{ phrase = "no more$", say = "no longer, or: not any more" };
	{ phrase = "but those", say = "except" };
};

-- Full stops that end no sentence.
local abbreviations = { "e.g.", "i.e.", "etc.", "vs.", "No.", "St.", "cf." };

-- Markdown's signs out of a text: what is left is what people read, with a word for each code span.
local function unmarked(text)
	text = text:gsub("``.-``", CODE):gsub("`[^`]*`", CODE);
	text = text:gsub("!?%[(.-)%]%b()", "%1"):gsub("<https?://[^>]*>", CODE):gsub("https?://[^%s)]+", CODE);
	return (text:gsub("%*+", ""):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""));
end

--- The sentences of a text, without Markdown's signs. A sentence ends with ".", "!" or "?" before a space or the text's end.
---@param text string  a paragraph, a heading, a list item, or a text that a program shows
---@return string[]
function plain.sentences(text)
	text = unmarked(text);
	for _, word in ipairs(abbreviations) do
		local kept = word:gsub("%.", "\1");
		text = text:gsub("%f[%w]" .. word:gsub("%.", "%%."), (kept:gsub("%%", "%%%%")));
	end
	local list = {};
	for sentence in (text .. "\0"):gsub("([.!?][\"')]*) ", "%1\0"):gmatch("([^%z]+)%z") do
		sentence = sentence:gsub("\1", ".");
		if sentence:find("%w") then list[#list + 1] = sentence; end
	end
	return list;
end

--- How many words a sentence has. A code span is one word; a dash or another sign alone is none.
---@param sentence string  as plain.sentences returns it
---@return integer
function plain.words(sentence)
	local n = 0;
	for word in sentence:gmatch("%S+") do
		if word:find("[%w\x80-\xff]") and not word:find("^[–—→…·]+$") then n = n + 1; end
	end
	return n;
end

-- A phrase as a pattern that begins and ends at the border of a word.
local function bounded(phrase)
	local from = phrase:find("^%^") and "" or "%f[%w]";
	local to = phrase:find("%w%??$") and "%f[^%w]" or "";
	return from .. phrase .. to;
end

--- The phrases of the list that are in a text, each with what to say instead.
---@param text string
---@param is_fragment boolean?  no sentence, such as a cell: then it may begin with "what" or "who"
---@return string[]  each is the phrase, the word to use, and the sentence
function plain.phrases_in(text, is_fragment)
	local found = {};
	for _, sentence in ipairs(plain.sentences(text)) do
		local lower = sentence:lower():gsub("[.!]+[\"')]*$", "");
		for _, row in ipairs(plain.phrases) do
			local from, to = lower:find(bounded(row.phrase));
			if from and not (is_fragment and row.phrase:find("^%^wh")) then
				found[#found + 1] = ("%s: say %s: %s"):format(lower:sub(from, math.min(to, from + 30)), row.say, sentence);
			end
		end
	end
	return found;
end

--- Everything in a text that is not plain: sentences over 25 words, and phrases of the list.
---@param text string
---@return string[]  a line for each; empty where the text is plain
function plain.faults(text)
	local found = plain.phrases_in(text);
	for _, sentence in ipairs(plain.sentences(text)) do
		local words = plain.words(sentence);
		if words > plain.max_words then found[#found + 1] = ("%d words: %s"):format(words, sentence); end
	end
	return found;
end

---@class Passage
---@field line integer   where it begins
---@field kind "prose"|"cell"  a cell of a table, or anything else that people read
---@field text string

--- The texts of a page in Markdown for readers: headings, paragraphs, list items and cells; no code, no front matter, no
-- comments.
---@param markdown string
---@return Passage[]
function plain.passages(markdown)
	local list = {};
	local current, fence; ---@type Passage?, string?
	local front = markdown:find("^%-%-%-\n") ~= nil;
	local function close() current = nil; end
	local function add(line, text, kind)
		current = { line = line, kind = kind or "prose", text = text };
		list[#list + 1] = current;
	end
	local n = 0;
	for line in (markdown:gsub("<!%-%-.-%-%->", "") .. "\n"):gmatch("([^\n]*)\n") do
		n = n + 1;
		if front then
			front = n == 1 or line ~= "---";
		elseif fence then
			if line:match("^%s*(```+)%s*$") == fence then fence = nil; end
		elseif line:find("^%s*```") then
			fence = line:match("^%s*(```+)");
			close();
		elseif line:find("^%s*|") then
			close();
			for cell in line:gsub("^%s*|", ""):gmatch("(.-)%s*%f[|]|") do
				if cell:find("%w") then add(n, cell, "cell"); close(); end
			end
		elseif line:find("^%s*$") then
			close();
		elseif line:find("^#+ ") then
			add(n, (line:gsub("^#+ ", "")));
			close();
		elseif line:find("^%s*[-*] ") or line:find("^%s*%d+%. ") then
			add(n, (line:gsub("^%s*[-*] ", ""):gsub("^%s*%d+%. ", "")));
		elseif current then
			current.text = current.text .. " " .. line;
		else
			add(n, line);
		end
	end
	return list;
end

--- Everything in a page that is not plain. Cells of tables are held to the phrases alone, since many are no sentences.
---@param markdown string
---@param is_generated (fun(passage: Passage): boolean)?  cells that are held where they are written
---@return string[]  a line for each, with the number of the page's line before it
function plain.page_faults(markdown, is_generated)
	local found = {};
	for _, passage in ipairs(plain.passages(markdown)) do
		if not (is_generated and is_generated(passage)) then
			local faults = passage.kind == "cell" and plain.phrases_in(passage.text, true) or plain.faults(passage.text);
			for _, fault in ipairs(faults) do found[#found + 1] = passage.line .. ": " .. fault; end
		end
	end
	return found;
end

return plain;
