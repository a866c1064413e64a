-- The closed list of reasons against what C, Lua and the page of security say.

local reasons = require "meetauth.reasons";

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local function files(command)
	local found = {};
	local pipe <close> = assert(io.popen(command));
	for path in pipe:lines() do found[#found + 1] = path; end
	assert(found[1], command);
	return found;
end

-- Source without its comments, so that a word in one does not count.
local c_source, lua_source = {}, {};
for i, path in ipairs(files("ls src/*.c")) do
	c_source[i] = read(path):gsub("/%*.-%*/", ""):gsub("//[^\n]*", "");
end
for _, path in ipairs(files("find lua -name '*.lua' ! -name reasons.lua")) do
	lua_source[#lua_source + 1] = read(path):gsub("%-%-[^\n]*", "");
end
c_source, lua_source = table.concat(c_source, "\n"), table.concat(lua_source, "\n");

-- What is returned as a reason: literals behind these, to the end of the statement.
local c_forms = { "%[ST_[%u_]+%] = ([^,;]*)[,;]" }; -- status.c has them all
local lua_forms = { "return ([^;]*);", "reason = ([^;]*);" };

-- Kebab-case literals in those places that are no reasons: conditions of XMPP, names of members, and words of HTML.
local no_reasons = {
	["not-allowed"] = true, ["bad-request"] = true, ["resource-constraint"] = true, ["color-scheme"] = true,
};

local returned = {};
local function collect(source, forms)
	for _, form in ipairs(forms) do
		for statement in source:gmatch(form) do
			for word in statement:gmatch("\"(%l+%-[%l%-]*%l)\"") do
				if not statement:find("[\"" .. word .. "\"] =", 1, true) and not no_reasons[word] then returned[word] = true; end
			end
		end
	end
	for word in source:gmatch("fail, \"(%l+)\"") do returned[word] = true; end
	for word in source:gmatch("return nil, \"(%l+)\"") do returned[word] = true; end
	for word in source:gmatch("%[ST_[%u_]+%] = \"(%l+)\"") do returned[word] = word ~= "ok" or nil; end
end
collect(c_source, c_forms);
collect(lua_source, lua_forms);

local children = { -- of http://jitsi.org/jitmeet
	["authentication-required"] = true, ["room-mismatch"] = true, ["room-name-does-not-match"] = true, ["invalid-regex"] = true,
	["invalid-room-address"] = true, ["server-missing-config"] = true, ["room-does-not-exist"] = true,
};

describe("the list of reasons", function ()
	local count = 0;
	for word in pairs(returned) do
		count = count + 1;
		it(("has %s, which is returned"):format(word), function ()
			assert.truthy(reasons.by_word[word]);
		end);
	end

	it("was held against what is returned", function ()
		assert.is_true(count > 30, "the patterns find too little: " .. count);
		for _, word in ipairs({ "malformed", "bad-json", "weak-secret", "check-failed", "token-required", "room-mismatch" }) do
			assert.is_true(returned[word], word);
		end
	end);

	for _, reason in ipairs(reasons.list) do
		it(("has %s, which something returns"):format(reason.word), function ()
			local literal = "\"" .. reason.word .. "\"";
			assert.is_true(c_source:find(literal, 1, true) ~= nil or lua_source:find(literal, 1, true) ~= nil);
		end);

		it(("says of %s what it means and what leads to it"):format(reason.word), function ()
			assert.truthy(reason.word:find("^%l[%l-]*%l$"));
			assert.is_true(#reason.meaning > 0 and #reason.cause > 0);
			assert.equal(reason, reasons.by_word[reason.word]);
			assert.is_true(reason.child == nil or children[reason.child] == true, reason.child);
			for name in pairs(reason) do
				local known = { word = true, meaning = true, cause = true, causes = true, sentence = true, child = true };
				assert.is_true(known[name], name);
			end
		end);

		-- it stands before ": word", and Jitsi's client takes it out of XML with a pattern
		it(("has for %s a plain sentence for whoever is refused"):format(reason.word), function ()
			assert.truthy(reason.sentence:find("^%u[%a ,:;.]+%a$"), reason.sentence);
		end);
	end

	it("offers a login only where one helps", function ()
		local offers = {};
		for _, reason in ipairs(reasons.list) do
			if reason.child == "authentication-required" then offers[#offers + 1] = reason.word; end
		end
		assert.same({ "token-required", "expired", "not-yet-valid" }, offers);
	end);

	it("tells a dialect's own causes, where it has them", function ()
		local row = reasons.by_word["bad-claim"];
		assert.equal(row.causes.jitsi, reasons.cause("bad-claim", "jitsi"));
		assert.is_nil(reasons.cause("bad-claim", "jitsi"):find("pattern in r;", 1, true)); -- that is Daily's
		assert.equal(row.causes.daily, reasons.cause("bad-claim", "daily"));
		assert.equal(row.cause, reasons.cause("bad-claim"));
		assert.equal(reasons.by_word.expired.cause, reasons.cause("expired", "jitsi"));
		assert.is_nil(reasons.cause("no-reason", "jitsi"));
	end);

	it("has each word once", function ()
		local seen = {};
		for _, reason in ipairs(reasons.list) do
			assert.is_nil(seen[reason.word], reason.word);
			seen[reason.word] = true;
		end
		for word in pairs(reasons.by_word) do assert.is_true(seen[word], word); end
	end);
end);

describe("doc/security.md", function ()
	local text = read("doc/security.md");

	it("names no reason that is none", function ()
		for row in text:match("\n## Checks\n(.-)\n## "):gmatch("\n|[^\n]*| ([^|\n]+) |") do
			for word in row:gmatch("`([%l-]+)`") do assert.is_table(reasons.by_word[word], word); end
		end
		for word in text:gmatch("%(`(%l+%-%l[%l-]*)`") do assert.is_table(reasons.by_word[word], word); end
	end);

	it("names every reason that somebody with a token can be given", function ()
		local table_text = text:match("\n## Checks\n(.-)\n## ");
		for _, reason in ipairs(reasons.list) do
			if reason.word == "unknown-algorithm" then break; end -- from here on: words about keys, for the operator
			assert.truthy(table_text:find("`" .. reason.word .. "`", 1, true), reason.word);
		end
	end);
end);
