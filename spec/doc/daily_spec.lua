-- Nothing of a Daily token is dropped silently: each claim, and each word of p, is enforced, or told to the client and
-- noted, or noted as ignored. doc/daily.md says which, and where in the grant: this checks that against the code.

local dailyclaims = require "meetauth.dialect.daily.claims";
local dailypermissions = require "meetauth.dialect.daily.permissions";
local login = require "spec.support.dailylogin";
local page = require "spec.support.page";
local reasons = require "meetauth.reasons";

-- For each claim and each part of p: two tokens that differ in it alone, as members beside d, r, iat and exp; where
-- the second one is refused, the reason. 'entry': what the operator has to say for it to mean something.
local cases = {
	d = { '"d":"acme"', '"d":"umbrella"', reason = "unknown-issuer" };
	r = { '"r":"x"', '"r":"y"' };
	iat = { '"iat":1', '"iat":null', reason = "bad-claim" };
	exp = { '"exp":1700000600', '"exp":1700000700' };
	nbf = { '"nbf":1', '"nbf":2' };
	ud = { '"ud":"u1"', '"ud":"u2"' };
	u = { '"u":"Ann"', '"u":"Ben"' };
	o = { '"o":false', '"o":true' };
	k = { '"k":false', '"k":true' };
	ejt = { '"ejt":false', '"ejt":true' };
	eje = { '"eje":1', '"eje":2' };
	ss = { '"ss":true', '"ss":false' };
	er = { '"o":true', '"o":true,"er":"cloud"' };
	sr = { '"o":true,"er":"cloud"', '"o":true,"er":"cloud","sr":true' };
	sro = { '"sro":{"fps":1}', '"sro":{"fps":2}' };
	ast = { '"o":true', '"o":true,"ast":true' };
	ao = { '"ao":true', '"ao":false' };
	vo = { '"vo":true', '"vo":false' };
	erui = { '"erui":true', '"erui":false' };
	uil = { '"uil":"de"', '"uil":"en"' };
	ctoe = { '"ctoe":true', '"ctoe":false' };
	rome = { '"rome":"https://a.example/"', '"rome":"https://a.example/b"', entry = { redirect_hosts = { "a.example" } } };
	ij = { '"ij":true', '"ij":false' };
	mjh = { '"mjh":"https://a.example/"', '"mjh":"https://b.example/"' };
	otcd = { '"otcd":"a"', '"otcd":"b"' };
	p = { '"p":{"ca":false}', '"p":{"ca":"p"}' };
	hp = { '"p":{"hp":true}', '"p":{"hp":false}', reason = "not-enforceable" };
	["cs:v"] = { '"p":{"cs":"v,a,sv,sa,cv,ca"}', '"p":{"cs":"a,sv,sa,cv,ca"}' };
	["cs:a"] = { '"p":{"cs":"v,a,sv,sa,cv,ca"}', '"p":{"cs":"v,sv,sa,cv,ca"}' };
	["cs:sv"] = { '"p":{"cs":"v,a,sv,sa,cv,ca"}', '"p":{"cs":"v,a,sa,cv,ca"}' };
	["cs:sa"] = { '"p":{"cs":"v,a,sv,sa,cv,ca"}', '"p":{"cs":"v,a,sv,cv,ca"}' };
	["cs:cv"] = { '"p":{"cs":"v,a,sv,sa,cv,ca"}', '"p":{"cs":"v,a,sv,sa,ca"}' };
	["cs:ca"] = { '"p":{"cs":"v,a,sv,sa,cv,ca"}', '"p":{"cs":"v,a,sv,sa,cv"}' };
	cr = { '"p":{"cr":{"b":true}}', '"p":{"cr":{"b":false}}' };
	["ca:p"] = { '"p":{"ca":""}', '"p":{"ca":"p"}' };
	["ca:s"] = { '"er":"cloud","p":{"ca":""}', '"er":"cloud","p":{"ca":"s"}' };
	["ca:t"] = { '"p":{"ca":""}', '"p":{"ca":"t"}' };
};

-- What there is to say of it: every claim, and every part of p.
local subjects = {};
for _, field in ipairs(dailyclaims.list) do
	subjects[#subjects + 1] = { name = field.claim, fate = field.fate, note = field.claim };
end
for _, part in ipairs(dailypermissions.list) do
	subjects[#subjects + 1] = { name = part.part, fate = part.fate, note = "p." .. part.part };
end

-- The documented rows: name -> fate, fields of the grant.
local documented = {};
for head, fate_at in pairs({ claim = 4, ["part of `p`"] = 2 }) do
	for _, row in ipairs(page.rows("doc/daily.md", head)) do
		documented[page.quoted(row[1])[1]] = { fate = row[fate_at] };
	end
end
local effects = page.rows("doc/daily.md", "claim or part");
for i, row in ipairs(effects) do
	local name = page.quoted(row[1])[1];
	local one = assert(documented[name], name);
	one.name, one.fields = name, page.quoted(row[2]);
	table.sort(one.fields);
	documented[i] = one;
end

local nested = { user = true, features = true, advisory = true };

-- The fields of a grant, those of its tables one by one.
local function flat(grant)
	local all = {};
	for name, value in pairs(grant) do
		if nested[name] then
			for inner, member in pairs(value) do all[name .. "." .. inner] = member; end
		elseif name ~= "notes" and name ~= "origins" then -- these tell about the others
			all[name] = value;
		end
	end
	return all;
end

local function same(a, b)
	return a == b or type(a) == "table" and type(b) == "table" and pcall(assert.same, a, b);
end

local function differing(one, other)
	local a, b, found = flat(one), flat(other), {};
	local function compare(from, to)
		for name, value in pairs(from) do
			if not same(value, to[name]) then found[name] = true; end
		end
	end
	compare(a, b);
	compare(b, a);
	local list = {};
	for name in pairs(found) do list[#list + 1] = name; end
	table.sort(list);
	return list;
end

local function note_of(grant, claim)
	for _, note in ipairs(grant.notes) do
		if note.claim == claim then return note.fate; end
	end
	return nil;
end

-- What only a client acts on; what a module of the server acts on is everything else.
local function is_told(field) return field:find("^advisory%.") ~= nil; end

describe("of a Daily token", function ()
	it("everything has its case, its row in doc/daily.md, and nothing else has", function ()
		local expected, found = {}, {};
		for i, subject in ipairs(subjects) do
			expected[i] = { subject.name, subject.fate };
			assert.is_table(cases[subject.name], subject.name);
		end
		for i, row in ipairs(documented) do found[i] = { row.name, row.fate }; end
		assert.same(expected, found);
		local n = 0;
		for _ in pairs(cases) do n = n + 1; end
		assert.equal(#subjects, n);
	end);

	for _, subject in ipairs(subjects) do
		local name, case = subject.name, cases[subject.name];

		it(("%s is %s, and is found where doc/daily.md says"):format(name, subject.fate), function ()
			local one = assert(login(case[1], case.entry));
			local other, reason = login(case[2], case.entry);
			assert.equal(case.reason, reason);
			assert.same(documented[name].fields, other and differing(one, other) or {});
		end);
	end

	for _, subject in ipairs(subjects) do
		local name, case = subject.name, cases[subject.name];
		local is_open = subject.fate ~= "enforced";

		it(("%s is %s"):format(name, is_open and "noted" or "acted on by the server"), function ()
			local other = login(case[2], case.entry);
			if is_open then
				local note = assert(note_of(other, subject.note), "no note");
				assert.equal(1, (note:find(subject.fate, 1, true)));
			else
				assert.is_nil(other and note_of(other, subject.note));
				local acted = case.reason ~= nil;
				for _, field in ipairs(documented[name].fields) do acted = acted or not is_told(field); end
				assert.is_true(acted);
			end
			if subject.fate == "ignored" then assert.same({}, documented[name].fields); end
			if subject.fate == "published" then assert.is_truthy(documented[name].fields[1]); end
		end);
	end

	-- Where something that is enforced cannot be, in this token or at this entry: that is noted, too.
	local exceptions = {
		{ "sr", '"o":true,"sr":true', "ignored: the user cannot record in the mode cloud" };
		{ "ast", '"ast":true', "ignored: only an owner can start it" };
		{ "ejt", '"ejt":true', "ignored: the token has no exp", { require = { "iat" } }, without = "exp" };
		{ "exp", '"exp":1700000600000', "enforced: as seconds, but the value is probably not in seconds" };
		{ "er", '"er":"local"', "published: the client records in the browser" };
		{ "rome", '"rome":"https://evil.example/"', "ignored: its host is not in redirect_hosts" };
		{ "k", '"k":true', "ignored: the room has no lobby", { knock_without_lobby = "ignore" } };
		{ "p", '"o":true,"p":{"cs":false}', "ignored: owners can do everything" };
		{ "p.hp", '"p":{"hp":false}', "ignored: the user enters visibly", { hidden = "visible" } };
		{ "xyz", '"xyz":1', "ignored: unknown" };
		{ "er:vhs", '"er":"vhs"', "ignored: unknown" };
		{ "p.xyz", '"p":{"xyz":1}', "ignored: unknown" };
		{ "p.cs:xyz", '"p":{"cs":"xyz"}', "ignored: unknown" };
		{ "p.ca:xyz", '"p":{"ca":"xyz"}', "ignored: unknown" };
		{ "p.cr.xyz", '"p":{"cr":{"xyz":1}}', "ignored: unknown" };
	};
	for _, case in ipairs(exceptions) do
		it(("{%s} has a note on %s"):format(case[2], case[1]), function ()
			assert.equal(case[3], note_of(assert(login(case[2], case[4], case.without)), case[1]));
		end);
	end
end);

describe("doc/daily.md", function ()
	local options = { strict = true, max_age = true, redirect_hosts = true };

	it("names modules that there are", function ()
		for _, row in ipairs(effects) do
			for _, name in ipairs(page.quoted(row[3])) do
				local file = io.open("lua/mod_muc_meetauth/" .. name .. ".lib.lua") or io.open("lua/meetauth/" .. name .. ".lua");
				if file then file:close(); end
				assert.is_true(file ~= nil or options[name] or reasons.by_word[name] ~= nil, name);
			end
		end
	end);
end);
