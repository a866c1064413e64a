local held = require "spec.support.held";
local meetauth = require "meetauth";
local core = require "meetauth.core";
local hints = require "meetauth.hint.find";
local lfs = require "lfs";
local page = require "spec.support.page";
local reasons = require "meetauth.reasons";
local verifier = require "meetauth.token.verifier";

local pages = {};
for file in lfs.dir("doc") do
	if file:find("%.md$") then pages[#pages + 1] = "doc/" .. file; end
end
table.sort(pages);

local function read(path)
	local file <close> = assert(io.open(path));
	return file:read("a");
end

-- Pages that also name features, events, modes and packages, which are written as reasons are.
local with_other_words = {
	["doc/access.md"] = true, ["doc/daily.md"] = true, ["doc/modules.md"] = true, ["doc/options.md"] = true, ["doc/rest.md"] = true,
	["doc/sessions.md"] = true, ["doc/install.md"] = true,
};

-- Every entry of every page by its name, and every name in backticks anywhere but on those pages.
local entries, named = {}, {};
for _, path in ipairs(pages) do
	for _, entry in ipairs(page.entries(path)) do
		assert(not entries[entry.name], entry.name .. " has two entries");
		entries[entry.name] = entry;
	end
	for _, line in ipairs(page.lines(path)) do
		for _, word in ipairs((line.code or with_other_words[path]) and {} or page.quoted(line.text)) do named[word] = true; end
	end
end

local function set_of(list)
	local set = {};
	for _, word in ipairs(list) do set[word] = true; end
	return set;
end

-- Those words of the list of reasons that stand in a text.
local function reasons_in(text)
	local set = {};
	for word in text:gmatch("[%a-]+") do
		if reasons.by_word[word] then set[word] = true; end
	end
	return set;
end

-- The names of a class's fields, from its annotation.
local function fields_of(path, class)
	local set, inside = {}, false;
	for line in io.lines(path) do
		local name = line:match("^%-%-%-@field ([%w_]+)");
		if not name then inside = line:match("^%-%-%-@class ([%w_.]+)") == class; end
		if inside and name then set[name] = true; end
	end
	assert(next(set), class);
	return set;
end

-- The names in the first column of a page's tables with that head.
local function column(path, head)
	local list = {};
	for _, row in ipairs(page.rows(path, head)) do
		for _, name in ipairs(page.quoted(row[1])) do list[#list + 1] = name; end
	end
	return set_of(list);
end

describe("the examples", function ()
	for _, path in ipairs(pages) do
		it("of " .. path .. " print what they say", function ()
			local program, promised = page.program(path);
			assert.same(promised, page.run(program, path));
		end);
	end

	it("of README.md print what they say", function ()
		local program, promised = page.program("README.md", function (text)
			return text:find('require "meetauth"', 1, true) ~= nil;
		end);
		assert.is_truthy(next(promised));
		assert.same(promised, page.run(program, "README.md"));
	end);
end);

describe("an entry", function ()
	for name, entry in pairs(entries) do
		it("for " .. name .. " has the one form", function ()
			assert.same({ "Call", "Arguments", "Returns", "On error", "Source", "Example" }, entry.parts);
			assert.equal(name, entry.text.Call:match("`([%w_.:]+)"));
			assert.is_truthy(entry.text.Example:find("\n```lua\n.*%-%-> ") or name == "meetauth.verifier");
		end);
	end

	for name in pairs(meetauth) do
		if name ~= "policy" then
			it("is there for meetauth." .. name, function () assert.is_table(entries["meetauth." .. name]); end);
		end
	end
	for name in pairs(meetauth.policy) do
		it("is there for meetauth.policy." .. name, function () assert.is_table(entries["meetauth.policy." .. name]); end);
	end

	it("stands in the index", function ()
		local listed = column("doc/meetauth.md", "call");
		for name in pairs(entries) do assert.is_true(listed[name], name); end
		for name in pairs(listed) do assert.is_table(entries[name], name); end
	end);

	-- the function whose annotation lists the same reasons
	local annotated = {
		["meetauth.key"] = { "lua/meetauth/init.lua", "function meetauth.key(" };
		["meetauth.keygen"] = { "lua/meetauth/init.lua", "function meetauth.keygen(" };
		["meetauth.sign"] = { "lua/meetauth/init.lua", "function meetauth.sign(" };
		["meetauth.jws"] = { "lua/meetauth/init.lua", "function meetauth.jws(" };
		["meetauth.peek"] = { "lua/meetauth/init.lua", "function meetauth.peek(" };
		["meetauth.jwks"] = { "lua/meetauth/key/jwk.lua", "function jwk.set(" };
		["meetauth.jwks_of"] = { "lua/meetauth/key/jwk.lua", "function jwk.write_set(" };
		["meetauth.grant"] = { "lua/meetauth/init.lua", "function meetauth.grant(" };
		["meetauth.policy.enter"] = { "lua/meetauth/access/policy.lua", "function policy.enter(" };
		["meetauth.policy.closed"] = { "lua/meetauth/access/policy.lua", "function policy.closed(" };
		["verify:payload"] = { "lua/meetauth/token/verifier.lua", "function methods:payload(" };
		["key:jwk"] = { "lua/meetauth/key/jwk.lua", "function core.key:jwk(" };
		["key:thumbprint"] = { "lua/meetauth/key/jwk.lua", "function core.key:thumbprint(" };
		["key:bind"] = { "doc/types/meetauth/core.lua", "function key:bind(" };
		["key:pem"] = { "doc/types/meetauth/core.lua", "function key:pem(" };
		["verify"] = { "lua/meetauth/token/verifier.lua", "function methods:__call(", but = {
			"unknown-issuer", "ambiguous-claims", "claim-mismatch", "not-admitted" } };
	};

	for name, at in pairs(annotated) do
		it("for " .. name .. " has the reasons of its annotation", function ()
			local comment = page.comment_above(at[1], at[2]);
			local listed = reasons_in(assert(comment:match("reason[: ]%s*(.*)$", (comment:find("%-%-%-@return")))));
			for _, word in ipairs(at.but or {}) do listed[word] = nil; end -- verifiers of issuer entries only
			assert.same(listed, reasons_in(entries[name].text["On error"]));
			assert.is_truthy(next(listed));
		end);
	end
end);

describe("the pages", function ()
	it("name every method of a key", function ()
		for name in pairs(core.key) do
			assert.is_true(named["key:" .. name] or named["core.key." .. name], name);
		end
	end);

	it("name every method of a verifier", function ()
		local key = meetauth.keygen { alg = "HS256" };
		local verify = meetauth.verifier { keys = { key }, algorithms = { "HS256" } };
		for name in pairs(getmetatable(verify)) do
			assert.is_true(name:find("^__") ~= nil or named["verify:" .. name], name);
		end
	end);

	it("name every function of the core", function ()
		for name, value in pairs(core) do
			assert.is_true(type(value) ~= "function" or named["core." .. name], name);
		end
		for name in pairs(core.token) do
			assert.is_true(named["token:" .. name] or named["core.token." .. name], name);
		end
	end);

	it("name every file of the core", function ()
		for file in lfs.dir("src") do
			local name = file:match("^(.*)%.c$");
			assert.is_true(not name or named[name], file);
		end
	end);

	it("name no reason that is none", function ()
		local other = { ["not-allowed"] = true }; -- a condition of XMPP
		for _, reason in ipairs(reasons.list) do other[reason.child or ""] = true; end -- elements for Jitsi's client
		for name, entry in pairs(entries) do
			for _, word in ipairs(page.quoted(entry.text["On error"])) do
				if word:find("^%l+%-[%l-]+$") then assert.is_table(reasons.by_word[word], name .. ": " .. word); end
			end
		end
		for word in pairs(named) do
			if word:find("^%l+%-[%l-]+$") and not other[word] then assert.is_table(reasons.by_word[word], word); end
		end
	end);

	it("list the reasons word by word", function ()
		local expected = {};
		for i, reason in ipairs(reasons.list) do
			local child = reason.child and "`" .. reason.child .. "`" or "";
			expected[i] = { "`" .. reason.word .. "`", reason.meaning, reason.cause, reason.sentence, child };
		end
		assert.same(expected, page.rows("doc/reasons.md", "reason"));
	end);

	it("list the fields of a key, the options of a verifier and the fields of a row", function ()
		local key, keygen = fields_of("lua/meetauth/init.lua", "KeySpec"), fields_of("lua/meetauth/init.lua", "KeygenSpec");
		for name in pairs(keygen) do key[name] = true; end
		assert.same(key, column("doc/key.md", "field"));
		assert.same(fields_of("lua/meetauth/init.lua", "VerifierOptions"), column("doc/verifier.md", "field"));
		assert.same(fields_of("lua/meetauth/token/explain.lua", "Row"), column("doc/explain.md", "field"));
	end);

	it("list the fields of a grant", function ()
		assert.same(fields_of("lua/meetauth/access/grant.lua", "Grant"), column("doc/grant.md", "field"));
	end);

	it("list the rows of an explanation in their order", function ()
		local key = meetauth.keygen { alg = "HS256" };
		local verify = meetauth.verifier { keys = { key }, algorithms = { "HS256" }, require = { "iss" }, check = function () end };
		local checks, listed = {}, {};
		for i, row in ipairs(verify:explain(meetauth.sign(key, {}), 0)) do checks[i] = row.check; end
		for _, row in ipairs(page.rows("doc/explain.md", "check")) do
			for _, name in ipairs(page.quoted(row[1])) do listed[#listed + 1] = name; end
		end
		assert.same(checks, listed);
	end);

	it("list the rows of an explanation for a room in their order", function ()
		local key = meetauth.keygen({ alg = "HS256" });
		local entry = { id = "e", dialect = "daily", domain_id = "d", room = "required", user_prefix = "", keys = { key },
			asked = { leeway = 0.0 } };
		local place = { base = "meet.example", nfkc = tostring, fold = string.lower };
		local verify = verifier.of_entries({ entry }, 4096, held({ entry }));
		local checks, listed, behind = {}, {}, false;
		for _, row in ipairs(verify:explain(meetauth.sign(key, { d = "d", r = "x" }), 0, { node = "x" }, place)) do
			behind = behind or row.check == "grant";
			if behind then checks[#checks + 1] = row.check; end
		end
		for i, row in ipairs(page.rows("doc/explain.md", "further check")) do listed[i] = page.quoted(row[1])[1]; end
		assert.same(checks, listed);
	end);

	it("list the hints word by word", function ()
		local expected = {};
		for i, hint in ipairs(hints.list) do
			expected[i] = { "`" .. hint.check .. "`", hint.reason and "`" .. hint.reason .. "`" or "", (hint.says:gsub("%%s", "…")) };
		end
		assert.same(expected, page.rows("doc/explain.md", "beside"));
	end);

	for _, path in ipairs({
		"doc/reasons.md", "doc/shell.md", "doc/monitoring.md", "doc/revocation.md", "doc/prosody/mod_shell_meetauth.md",
	}) do
		it("show the shell's commands for a configuration elsewhere, and in Docker: " .. path, function ()
			local in_docker = "docker compose exec prosody prosodyctl %-%-config /run/prosody/config/prosody%.cfg%.lua shell meetauth %l+";
			local text = read(path);
			assert.matches(in_docker, text);
			text = text:gsub(in_docker, "");
			assert.matches("prosodyctl %-%-config [%w./]+ shell meetauth %l+", text);
			assert.matches("prosodyctl shell meetauth %l+", text);
		end);
	end

	it("list the shell's commands and their arguments", function ()
		local expected, listed = {}, {};
		for name, args in read("lua/mod_shell_meetauth/commands.lib.lua"):gmatch('{ name = "(%l+)", args = words%((.-)%)') do
			expected[#expected + 1] = { name, (args:gsub('"', "")) };
		end
		for i, row in ipairs(page.rows("doc/shell.md", "command")) do listed[i] = { page.quoted(row[1])[1], row[2] }; end
		assert.is_truthy(expected[1]);
		assert.same(expected, listed);
	end);

	it("list the algorithms", function ()
		local text = read("doc/meetauth.md"):match("\nAlgorithms: ([^\n(]+) %(");
		assert.equal(table.concat(core.algorithms(), ", "), text);
	end);

	it("tell the limits that stand in the code", function ()
		for _, row in ipairs(page.rows("doc/limits.md", "what")) do
			local constant, path = row[3]:match("^`([%w_]+)` in `([%w_./]+)`$");
			local source = "\n" .. read(assert(path, row[3]));
			local value = source:match("\n#define " .. constant .. " ([^\n/]+)") or source:match("\nlocal " .. constant .. " = ([^;]+);");
			assert.equal(math.tointeger(row[2]:match("%d+")), load("return " .. assert(value, constant))(), constant);
		end
	end);
end);

describe("doc/types/meetauth/core.lua", function ()
	local types = dofile("doc/types/meetauth/core.lua");

	-- C functions only: key/jwk.lua adds two methods to keys
	local function exported(table_)
		local set = {};
		for name, value in pairs(table_) do
			if type(value) == "function" and debug.getinfo(value, "S").what == "C" then set[name] = true; end
		end
		return set;
	end

	local function annotated(table_)
		local set = {};
		for name, value in pairs(table_) do
			if type(value) == "function" then set[name] = true; end
		end
		return set;
	end

	for _, case in ipairs({
		{ name = "the core", types = types, core = core };
		{ name = "keys", types = types.key, core = core.key };
		{ name = "readers", types = types.token, core = core.token };
	}) do
		it("has the functions of " .. case.name, function ()
			assert.same(exported(case.core), annotated(case.types));
		end);
	end

	it("has the other members of the core", function ()
		local others = {};
		for name, value in pairs(core) do
			if type(value) ~= "function" then others[name] = true; end
		end
		assert.same(others, fields_of("doc/types/meetauth/core.lua", "meetauth.core"));
	end);

	it("names no reason that is none", function ()
		for line in read("doc/types/meetauth/core.lua"):gmatch("@return string%? reason%s+([^\n;]+)") do
			for word in line:gmatch("%l+%-[%l-]+") do assert.is_table(reasons.by_word[word], word); end
		end
	end);
end);
