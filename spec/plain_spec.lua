--- Every text that the code shows to people, and every comment, is plain English: no long sentence, and none of the phrases
-- in spec/support/plain.lua. If a new text fails here, write short sentences with a subject and a verb.

local comments = require "spec.support.comments";
local literals = require "spec.support.literals";
local parser = require "meetauth.cli.parser";
local plain = require "spec.support.plain";

local WORDS_MIN = 3; -- what has fewer is a name, a word of a protocol or a part of a pattern

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local function files(command)
	local list = {};
	local pipe <close> = assert(io.popen(command));
	for path in pipe:lines() do list[#list + 1] = path; end
	return list;
end

local function is_text(text) return select(2, text:gsub("%f[%w%%]%S+", "")) >= WORDS_MIN; end

local function prefixed(list, prefix, faults)
	for _, fault in ipairs(faults) do list[#list + 1] = prefix .. ": " .. fault; end
end

-- The faults of all texts in the files, and how many texts there are.
local function looked_through(paths, texts_of)
	local found, count = {}, 0;
	for _, path in ipairs(paths) do
		for _, one in ipairs(texts_of(read(path), path)) do
			if is_text(one.text) then
				count = count + 1;
				prefixed(found, ("%s:%d"):format(path, one.line), plain.faults(one.text));
			end
		end
	end
	return found, count;
end

local function literals_of(source, path) return literals.of(source, path:find("%.lua$") and "lua" or "c"); end

local function comments_of(source) return comments.of(source, "lua"); end

-- The faults of a comment. A label, which begins with a small letter or a digit, is no sentence: it is held to the phrases.
local function faults_of_comment(text)
	local found = {};
	for _, sentence in ipairs(plain.sentences(text)) do
		local is_label = sentence:find("^[%l%d]") ~= nil;
		for _, fault in ipairs(is_label and plain.phrases_in(sentence, true) or plain.faults(sentence)) do
			found[#found + 1] = fault;
		end
	end
	return found;
end

local languages = { lua = "lua", c = "c", h = "c", js = "js", mjs = "js", sh = "sh", Makefile = "make", meetauth = "lua" };

-- The faults of all comments in the files, and how many comments there are.
local function comments_looked_through(paths)
	local found, count = {}, 0;
	for _, path in ipairs(paths) do
		for _, one in ipairs(comments.of(read(path), languages[path:match("[^./]+$")])) do
			count = count + 1;
			prefixed(found, ("%s:%d"):format(path, one.line), faults_of_comment(one.text));
		end
	end
	return found, count;
end

-- Paragraphs of the manual page, without its requests.
local function paragraphs_of(page)
	local list, n, open, is_code = {}, 0, nil, false;
	for line in page:gmatch("([^\n]*)\n") do
		n = n + 1;
		local request, rest = line:match("^%.(%a+)%s*(.*)$");
		is_code = request == "nf" or is_code and request ~= "fi";
		if request == "B" or request == "I" or request == "BR" or request == "IR" then
			line = "`" .. rest .. "`";
		elseif line:sub(1, 1) == "." or is_code then
			line, open = nil, nil;
		end
		if line and open then
			open.text = open.text .. " " .. line;
		elseif line then
			open = { line = n, text = line };
			list[#list + 1] = open;
		end
	end
	for _, one in ipairs(list) do one.text = one.text:gsub("\\(.)", "%1"); end
	return list;
end

describe("plain English", function ()
	it("is in every text of the library, the command and the modules", function ()
		local found, count = looked_through(files("find lua -name '*.lua' | sort"), literals_of);
		assert.is_true(count > 1000, "the scan finds too little: " .. count);
		assert.equal("", table.concat(found, "\n"));
	end);

	it("is in every text of the core", function ()
		local found, count = looked_through(files("ls src/*.c"), literals_of);
		assert.is_true(count > 10, "the scan finds too little: " .. count);
		assert.equal("", table.concat(found, "\n"));
	end);

	it("is in what each command says of itself and of its options", function ()
		local found = {};
		for _, sub in ipairs(parser.new()._commands) do
			prefixed(found, sub._name, plain.faults(sub._description));
			for _, element in ipairs({ sub._options, sub._arguments }) do
				for _, one in ipairs(element) do prefixed(found, sub._name, plain.faults(one._description or "")); end
			end
		end
		assert.equal("", table.concat(found, "\n"));
	end);

	it("is in the manual page", function ()
		local found, count = looked_through({ "doc/meetauth.1" }, paragraphs_of);
		assert.is_true(count > 50, "too few paragraphs: " .. count);
		assert.equal("", table.concat(found, "\n"));
	end);

	it("is in the alerts", function ()
		local found, count = looked_through({ "examples/monitoring/meetauth.rules.yml" }, function (rules)
			local list = {};
			for line, text in (rules:gsub("{{.-}}", "x")):gmatch("()[ ]+%l+: \"([^\"\n]+)\"") do
				list[#list + 1] = { line = select(2, rules:sub(1, line):gsub("\n", "")) + 1, text = text };
			end
			return list;
		end);
		assert.is_true(count > 10, "too few texts: " .. count);
		assert.equal("", table.concat(found, "\n"));
	end);

	it("is in the comments of the configurations in examples/", function ()
		local found, count = looked_through(files("find examples -name '*.cfg.lua' | sort"), comments_of);
		assert.is_true(count > 30, "too few comments: " .. count);
		assert.equal("", table.concat(found, "\n"));
	end);

	for _, place in ipairs({
		{ name = "the library, the command and the modules", least = 2000,
			files = "find lua -name '*.lua' -o -name '*.js' -o -path lua/meetauth/cli/meetauth | sort" },
		{ name = "the core", least = 200, files = "ls src/*.[ch]" },
		{ name = "the specs' support", least = 300,
			files = "find spec/support -name node_modules -prune -o "
				.. "'(' -name '*.lua' -o -name '*.mjs' -o -name '*.sh' ')' -print | sort" },
		{ name = "the Makefile", least = 10, files = "ls Makefile" },
	}) do
		it("is in the comments of " .. place.name, function ()
			local found, count = comments_looked_through(files(place.files));
			assert.is_true(count > place.least, "the scan finds too little: " .. count);
			assert.equal("", table.concat(found, "\n"));
		end);
	end

	it("is missed in a comment with a long sentence or a phrase, but a label may begin with a relative clause", function ()
		local long = ("word "):rep(26);
		assert.same({}, faults_of_comment("what a label says. A sentence."));
		assert.same({}, faults_of_comment(long));
		assert.equal(1, #faults_of_comment("W" .. long));
		assert.equal(1, #faults_of_comment("What a field says."));
		assert.equal(1, #faults_of_comment("a label for whoever reads"));
	end);
end);

describe("the comments of a source file", function ()
	local function texts_of(source, language)
		local texts = {};
		for i, one in ipairs(comments.of(source, language)) do texts[i] = one.line .. " " .. one.text; end
		return texts;
	end

	it("are found in Lua by paragraphs, without code, and with what annotations say", function ()
		assert.same({ "1 First line, second.", "4 what it is", "5 behind", "6 its name goes on" }, texts_of(
			"--- First line,\n-- second.\n--     local code = 1;\n---@type string  what it is\nlocal a = \"-- no\"; -- behind\n"
			.. "---@param name string  its name\n--   goes on\n-- luacheck: ignore\nf(a) -- f(a) -> b\n", "lua"));
	end);

	it("are found in C, in blocks and behind code", function ()
		assert.same({ "2 First line, second.", "5 behind", "6 One, two." }, texts_of(
			"/*\n** First line,\n** second.\n*/\nint a; /* behind */\n/* One,\n   two. */\nint b;\n", "c"));
	end);

	it("are found in scripts and in a Makefile", function ()
		assert.same({ "2 One.", "3 two" }, texts_of("#!/bin/sh\n# One.\nx=${y# z} # two\n", "sh"));
		assert.same({ "1 One.", "2 two" }, texts_of("# One.\nall: # two\n", "make"));
		assert.same({ "1 One.", "2 two" }, texts_of("// One.\na(\"// no\"); // two\n", "js"));
	end);
end);

describe("the literals of a source file", function ()
	it("are found in Lua, joined where they are joined, and none in a comment", function ()
		local source = "-- \"no\"\nlocal a = 'it''s' .. \"\\\"b\\\" \"\n\t.. \"c\"; --[[ \"no\" ]]\nf([[d\ne]], \"f\", 7 - 2, t[1])";
		local list = literals.of(source, "lua");
		local texts = {};
		for i, one in ipairs(list) do texts[i] = one.line .. " " .. one.text; end
		assert.same({ "2 it", "2 s\"b\" c", "4 d\ne", "5 f" }, texts);
	end);

	it("are found in C, joined where they are adjacent, and none in a comment", function ()
		local source = "/* \"no\" */ x('\"', \"a \" // \"no\"\n); y(\"b \"\n\t\"c\", a / b);";
		local texts = {};
		for i, one in ipairs(literals.of(source, "c")) do texts[i] = one.line .. " " .. one.text; end
		assert.same({ "1 a ", "2 b c" }, texts);
	end);
end);
