local config = require "meetauth.config";
local core = require "meetauth.core";
local daily = require "meetauth.dialect.daily";
local jitsi = require "meetauth.dialect.jitsi";
local readme = require "spec.support.readme";
local reasons = require "meetauth.reasons";

-- A local of the file that made function f: the README speaks of tables that nobody exports.
local function inside(f, name)
	for i = 1, math.huge do
		local found, value = debug.getupvalue(f, i);
		assert(found, "no upvalue " .. name);
		if found == name then return value; end
	end
end

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
	{ heading = "On the VirtualHost", fields = inside(config.read, "host_fields") };
	{ heading = "Fields of an entry in `meetauth_issuers`", dialect = 4,
		fields = inside(inside(config.read, "read_entry"), "entry_fields") };
	{ heading = "Jitsi's own options", fields = inside(inside(config.read, "jitsi_entry"), "jitsi_fields") };
};

describe("the README", function ()
	for _, case in ipairs(tables) do
		describe("under " .. case.heading, function ()
			local rows = by_name(readme.rows(case.heading));
			local known = {};
			for _, field in ipairs(case.fields) do
				known[field.name] = true;
				it("tells type and default of " .. field.name, function ()
					local row = assert(rows[field.name], "no row");
					assert.equal(type_in_words(field.kind), (row[2]:gsub("`", "")));
					if field.default ~= nil then assert.equal(default_in_words(field.default), (row[3]:gsub("`", ""))); end
					if case.dialect then assert.equal(dialects[field.dialect] or "both", row[case.dialect]); end
				end);
			end
			it("tells of nothing else", function ()
				for name in pairs(rows) do assert.is_true(known[name], name); end
			end);
		end);
	end

	it("lists the options of the MUC component", function ()
		local listed = {};
		for name in pairs(by_name(readme.rows("On the MUC component"))) do listed[name] = true; end
		assert.same(inside(config.read, "muc_options"), listed);
	end);

	it("lists the algorithms", function ()
		local text = table.concat(readme.lines("Fields of an entry in `meetauth_issuers`"), "\n");
		assert.equal(table.concat(core.algorithms(), ", "), text:match("\nAlgorithms: (.-)%."));
	end);

	describe("under Reasons", function ()
		local rows = readme.rows("Reasons");
		for i, reason in ipairs(reasons.list) do
			it("tells " .. reason.word .. " word by word", function ()
				assert.same({ "`" .. reason.word .. "`", reason.meaning, reason.cause }, rows[i]);
			end);
		end
		it("tells of nothing else", function () assert.equal(#reasons.list, #rows); end);
	end);

	it("names no reason that is none", function ()
		for _, row in ipairs(readme.rows("Limits")) do
			for _, word in ipairs(names(row[3])) do assert.is_table(reasons.by_word[word], word); end
		end
	end);

	it("lists Daily's claims with their types and fates", function ()
		local rows, known = by_name(readme.rows("Daily")), {};
		local several = { er = "string or list of strings", ij = "any" };
		for _, field in ipairs(daily.claims) do
			local row = assert(rows[field.claim], field.claim);
			assert.equal(several[field.claim] or field.type, row[2]);
			assert.equal(field.fate, row[3]);
			known[field.claim] = true;
		end
		for name in pairs(rows) do assert.is_true(known[name] or name == "jti", name); end
	end);

	it("lists Jitsi's claims", function ()
		local rows = by_name(readme.rows("Jitsi"));
		local function listed(prefix, list)
			for _, row in ipairs(list) do
				local name = prefix .. row[1];
				assert.is_true(rows[name] ~= nil or name == "context", name);
			end
		end
		listed("", inside(jitsi.grant, "top_rows"));
		listed("context.", inside(jitsi.grant, "context_rows"));
	end);

	it("lists the session fields", function ()
		local listed, written = {}, {};
		for name in pairs(by_name(readme.rows("Session fields"))) do listed[#listed + 1] = name; end
		local file <close> = assert(io.open("lua/mod_auth_meetauth/fields.lib.lua"));
		for name in file:read("a"):match("local names = (%b{})"):gmatch('"([^"]+)"') do written[#written + 1] = name; end
		table.sort(listed);
		table.sort(written);
		assert.same(written, listed);
	end);

	it("shows a Lua program that prints what it says", function ()
		local code = readme.code("A Lua program", "lua");
		local promised, printed = {}, {};
		for line in code:gmatch("%-%-> ([^\n]+)") do promised[#promised + 1] = line; end
		local function note(...)
			local words = table.pack(...);
			for i = 1, words.n do words[i] = tostring(words[i]); end
			printed[#printed + 1] = table.concat(words, "\t");
		end
		assert(load(code, "=README.md", "t", setmetatable({ print = note }, { __index = _G })))();
		assert.same(promised, printed);
		assert.is_true(#printed > 0);
	end);
end);
