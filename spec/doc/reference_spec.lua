--- The pages of options, claims and modules against the code that reads them.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local dailyread = require "meetauth.dialect.daily.read";
local jitsiread = require "meetauth.dialect.jitsi.read";
local jitsi = require "meetauth.config.jitsi";
local lfs = require "lfs";
local reasons = require "meetauth.reasons";
local inside = require "spec.support.inside";
local sections = require "spec.support.sections";

local options = sections.of("doc/options.md");
local access = sections.of("doc/access.md");

-- "`a`, `b`" as { "a", "b" }
local function names(cell)
	local list = {};
	for name in cell:gmatch("`([^`]+)`") do list[#list + 1] = name; end
	return list;
end

local function by_name(rows)
	local map = {};
	for _, row in ipairs(rows) do
		for _, name in ipairs(names(row[1])) do
			assert(not map[name], name .. " comes twice");
			map[name] = row;
		end
	end
	return map;
end

local kinds = {
	string = "string", strings = "string or list of strings", names = "list of strings",
	boolean = "boolean", seconds = "seconds", list = "list of entries",
};

local function type_in_words(kind)
	if kinds[kind] then return kinds[kind]; end
	return kind.expected:match("^a whole number from (.*)$") or kind.expected:gsub(" or ", ", ");
end

local function default_in_words(value)
	if type(value) == "table" and next(value) == nil then return "{}"; end
	if type(value) == "table" and #value == 0 then -- a set of flags: those that are set
		local set = {};
		for name, flag in pairs(value) do
			if flag then set[#set + 1] = name; end
		end
		table.sort(set);
		return table.concat(set, ", ");
	end
	if type(value) == "table" then return "{ \"" .. table.concat(value, "\", \"") .. "\" }"; end
	return type(value) == "string" and ("%q"):format(value) or tostring(value);
end

local dialects = { jitsi = "Jitsi", daily = "Daily" };

local tables = {
	{ page = options, heading = "On the VirtualHost", fields = inside(hostconfig.read, "host_fields") };
	{ page = options, heading = "Fields of an entry in `meetauth_issuers`", dialect = 4,
		fields = inside(inside(hostconfig.read, "read_entry"), "entry_fields").list };
	{ page = options, heading = "Jitsi's own options", fields = inside(jitsi.read, "fields") };
};

for _, case in ipairs(tables) do
	describe(case.page.path .. " under " .. case.heading, function ()
		local rows = by_name(case.page:rows(case.heading));
		local known = {};
		for _, field in ipairs(case.fields) do
			known[field.name] = true;
			it("tells type and default of " .. field.name, function ()
				local row = assert(rows[field.name], "no row");
				local told = row[2]:gsub("`", "");
				assert.is_true(told == type_in_words(field.kind) or told == field.kind.expected, told);
				if field.default ~= nil then assert.equal(default_in_words(field.default), (row[3]:gsub("`", ""))); end
				if case.dialect then assert.equal(dialects[field.dialect] or "both", row[case.dialect]); end
			end);
		end
		it("tells of nothing else", function ()
			for name in pairs(rows) do assert.is_true(known[name], name); end
		end);
	end);
end

describe("the pages of the Prosody modules", function ()
	local modules = {};
	for folder in lfs.dir("lua") do
		if folder:find("^mod_") then modules[#modules + 1] = folder; end
	end
	table.sort(modules);
	assert(modules[1]);

	for _, name in ipairs(modules) do
		local path = "doc/prosody/" .. name .. ".md";
		it("have the community's form: " .. name, function ()
			local file <close> = assert(io.open(path));
			local text = file:read("a");
			assert.truthy(text:find("^%-%-%-\nlabels:\n%- Stage%-%u%l+\n.-summary: [^\n]+\n%-%-%-\n\n# Introduction\n"));
			local found = sections.of(path);
			assert.truthy(found:code("Configuration", "lua"));
			local works = {};
			for _, row in ipairs(found:rows("Compatibility")) do works[row[1]] = row[#row]:match("^works") ~= nil; end
			assert.same({ ["0.12"] = true, ["13.0"] = true }, works);
		end);
	end

	it("show claims that say who moderates, each of which an entry takes", function ()
		local shown = 0;
		for line in (access:code("Choose the moderators", "lua") .. "\n"):gmatch("([^\n]+)\n") do
			local entry = { issuer = "portal", secret = secret_of("s") };
			load(line, "=access.md", "t", entry)();
			assert.is_table(entry.moderator);
			local get = { meetauth_issuers = { entry } };
			assert.same({ nil, n = 1 }, table.pack((select(2, hostconfig.read(function (name) return get[name]; end)))));
			shown = shown + 1;
		end
		assert.equal(3, shown);
	end);

	it("show rules of who may come in, each of which an entry takes", function ()
		local shown = 0;
		for line in (access:code("Let in only some users", "lua") .. "\n"):gmatch("([^\n]+)\n") do
			local entry = { issuer = "portal", secret = secret_of("s") };
			load(line, "=access.md", "t", entry)();
			assert.is_truthy(entry.claims or entry.admit);
			local get = { meetauth_issuers = { entry } };
			assert.same({ nil, n = 1 }, table.pack((select(2, hostconfig.read(function (name) return get[name]; end)))));
			shown = shown + 1;
		end
		assert.equal(4, shown);
	end);

	it("list every option that the code of the MUC half reads", function ()
		local file <close> = assert(io.open(options.path));
		local text = file:read("a");
		local pipe <close> = assert(io.popen("cat lua/mod_muc_meetauth/*.lua"));
		local count = 0;
		local function is_listed(name)
			count = count + 1;
			assert.truthy(text:find("| `" .. name .. "` |", 1, true), name);
		end
		for name in pipe:read("a"):gmatch('[^)]:get_option[_%l]*%("([%l_]+)"') do is_listed(name); end
		for _, field in ipairs(inside(require "meetauth.config.exempt".read, "fields")) do is_listed(field.name); end
		assert.is_true(count >= 4);
	end);
end);

describe("the pages of reference", function ()
	it("list the options of the MUC component", function ()
		local listed = {};
		for name in pairs(by_name(options:rows("On the MUC component"))) do listed[name] = true; end
		assert.same(inside(hostconfig.read, "muc_options"), listed);
	end);

	it("list the algorithms", function ()
		local text = table.concat(options:lines("Fields of an entry in `meetauth_issuers`"), "\n");
		assert.equal(table.concat(core.algorithms(), ", "), text:match("\nAlgorithms: (.-)%."));
	end);

	it("name no reason that is none", function ()
		for _, row in ipairs(sections.of("doc/limits.md"):rows("Of the server")) do
			for _, word in ipairs(names(row[3]:gsub("`meetauth_%w+`", ""))) do assert.is_table(reasons.by_word[word], word); end
		end
	end);

	it("list Daily's claims with their types and fates", function ()
		local rows, known = by_name(sections.of("doc/daily.md"):rows("Claims")), {};
		local several = { er = "string or list of strings", ij = "any", ud = "string or integer" };
		for _, field in ipairs(dailyread.claims) do
			local row = assert(rows[field.claim], field.claim);
			assert.equal(several[field.claim] or field.type, row[3]);
			assert.equal(field.fate, row[4]);
			known[field.claim] = true;
		end
		for name in pairs(rows) do assert.is_true(known[name], name); end
	end);

	it("list Jitsi's claims", function ()
		local rows = by_name(sections.of("doc/claims.md"):rows("Jitsi"));
		local function listed(prefix, kinds_of)
			for member in pairs(kinds_of) do
				local name = prefix .. member;
				assert.is_true(rows[name] ~= nil or name == "context", name);
			end
		end
		listed("", jitsiread.claim_kinds);
		listed("context.", jitsiread.context_kinds);
	end);

	it("list the session fields", function ()
		local listed, written = {}, {};
		for name in pairs(by_name(sections.of("doc/modules.md"):rows("Session fields"))) do listed[#listed + 1] = name; end
		local file <close> = assert(io.open("lua/mod_auth_meetauth/fields.lib.lua"));
		for name in file:read("a"):match("local names = (%b{})"):gmatch('"([^"]+)"') do written[#written + 1] = name; end
		table.sort(listed);
		table.sort(written);
		assert.same(written, listed);
	end);
end);
