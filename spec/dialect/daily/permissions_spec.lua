local core = require "meetauth.core";
local permissions = require "meetauth.dialect.daily.permissions";
local growth = require "spec.support.growth";

local all = { v = true, a = true, sv = true, sa = true, cv = true, ca = true };
local tasks = { p = true, s = true, t = true };

local function read(text, either)
	local unknown = {};
	local found, reason = permissions.read(core.decode(text), either == true, unknown);
	return found, reason, unknown;
end

local function set(...)
	local made = {};
	for _, word in ipairs({ ... }) do made[word] = true; end
	return made;
end

-- The words of cs and ca: what they come to, and what of them nobody knows.
local lists = {
	{ "cs", "true", all }; { "cs", "false", {} }; { "cs", '""', {} }; { "cs", "[]", {} }; { "cs", '","', {} };
	{ "cs", '"v"', set("v") }; { "cs", '"v,a,sv,sa,cv,ca"', all }; { "cs", '"v,v"', set("v") };
	{ "cs", '" v , a "', set("v", "a") }; { "cs", '"v,,a,"', set("v", "a") };
	{ "cs", '["v","a"]', set("v", "a") }; { "cs", '["video","audio"]', set("v", "a") };
	{ "cs", '["screenVideo","screenAudio","customVideo","customAudio"]', set("sv", "sa", "cv", "ca") };
	{ "cs", '"video,screenVideo"', set("v", "sv") }; { "cs", '"ca"', set("ca") }; -- customAudio here
	{ "cs", '"V"', {}, "p.cs:V" }; { "cs", '"x"', {}, "p.cs:x" }; { "cs", '"v,x,a"', set("v", "a"), "p.cs:x" };
	{ "cs", '"*"', {}, "p.cs:*" }; { "cs", '"true"', {}, "p.cs:true" }; { "cs", '"p"', {}, "p.cs:p" };
	{ "cs", '["v,a"]', {}, "p.cs:v,a" }; { "cs", '" "', {}, "p.cs:" };
	{ "ca", "true", tasks }; { "ca", "false", {} }; { "ca", '""', {} }; { "ca", "[]", {} };
	{ "ca", '"p,s,t"', tasks }; { "ca", '"p"', set("p") }; { "ca", '"s,t"', set("s", "t") };
	{ "ca", '["participants"]', set("p") }; { "ca", '["participants","streaming","transcription"]', tasks };
	{ "ca", '"participants,t"', set("p", "t") };
	{ "ca", '"boss"', {}, "p.ca:boss" }; { "ca", '"p,boss"', set("p"), "p.ca:boss" }; { "ca", '"v"', {}, "p.ca:v" };
	{ "ca", '"' .. ("x"):rep(5000) .. '"', {}, "p.ca:" .. ("x"):rep(5000) };
};

local wrong = {
	"{}", '{"v":true}', "1", "0", "[1]", "[true]", '["v",1]', "[null]", '[["v"]]', '["v",null]',
};

local receive = {
	{ '{"b":true}' }; { '{"b":false}', restricts = true }; { "{}" }; { '{"b":null}' }; { '{"u":{}}' };
	{ '{"b":{"v":true,"a":true,"sv":true,"sa":true,"cv":{"*":true},"ca":{"*":true}}}' };
	{ '{"b":{"v":true,"a":false,"sv":true,"sa":true,"cv":{"*":true},"ca":{"*":true}}}', restricts = true };
	{ '{"b":{"v":true,"a":true,"sv":true,"sa":true,"cv":{"*":true,"slides":false},"ca":{"*":true}}}', restricts = true };
	{ '{"b":{"video":true,"audio":true,"screenVideo":true,"screenAudio":true,"customVideo":{"*":true},"customAudio":{"*":true}}}' };
	{ '{"u":{"joe":true,"*":{"v":true}}}' }; { '{"u":{"joe":{"v":false}}}', restricts = true };
	{ '{"u":{"joe":{"cv":{"slides":true}}}}' }; { '{"p":{"*":false}}', restricts = true };
	{ '{"b":true,"u":{"*":false}}', restricts = true };
	-- a base names all six, and its custom ones name "*"
	{ '{"b":{"v":true}}', reason = "bad-claim" };
	{ '{"b":{"v":true,"a":true,"sv":true,"sa":true,"cv":{"x":true},"ca":{"*":true}}}', reason = "bad-claim" };
	{ '{"b":{"v":true,"video":true,"a":true,"sv":true,"sa":true,"cv":{"*":true}}}', reason = "bad-claim" };
	{ '{"b":{"v":true,"a":true,"sv":true,"sa":true,"cv":true,"ca":true}}', reason = "bad-claim" };
	{ '{"b":{"v":1,"a":true,"sv":true,"sa":true,"cv":{"*":true},"ca":{"*":true}}}', reason = "bad-claim" };
	{ '{"b":"v"}', reason = "bad-claim" }; { '{"b":[]}', reason = "bad-claim" }; { '{"b":1}', reason = "bad-claim" };
	{ '{"u":true}', reason = "bad-claim" }; { '{"u":[]}', reason = "bad-claim" }; { '{"u":["joe"]}', reason = "bad-claim" };
	{ '{"u":{"joe":{}}}', reason = "bad-claim" }; { '{"u":{"joe":{"x":true}}}', reason = "bad-claim" };
	{ '{"u":{"joe":"v"}}', reason = "bad-claim" }; { '{"u":{"joe":null}}', reason = "bad-claim" };
	{ '{"p":{"joe":{"v":"true"}}}', reason = "bad-claim" }; { '{"p":{"joe":{"cv":{"x":1}}}}', reason = "bad-claim" };
	{ "true", reason = "bad-claim" }; { "false", reason = "bad-claim" }; { "[]", reason = "bad-claim" };
	{ '"v"', reason = "bad-claim" };
	{ "1", reason = "bad-claim" };
};

local receive_long = '{"cr":{"base":false,"byUserId":{"joe":true},"byParticipantId":{"*":true}}}';

describe("meetauth.dialect.daily.permissions", function ()
	it("takes white space off words, however much there is #growth", function ()
		local function spaces(size) return (" "):rep(size); end
		assert.same(set("v", "a"), read('{"cs":"' .. spaces(9) .. "v" .. spaces(9) .. ",a," .. spaces(9) .. '"}').send);
		local function in_a_word(size) return '{"cs":"v' .. spaces(size) .. 'a"}'; end
		assert.is_true(growth.is_linear(read, in_a_word));
	end);

	it("lets an ordinary participant be seen, send everything, administer nothing", function ()
		local default = { present = true, send = all, admin = {} };
		assert.same(default, permissions.default());
		assert.same(default, (read("{}")));
		assert.same(default, (read('{"hp":null,"cs":null,"cr":null,"ca":null}')));
	end);

	for _, case in ipairs(lists) do
		it(("reads %s of %s"):format(case[1], #case[2] > 60 and "a long word" or case[2]), function ()
			local found, reason, unknown = read(('{"%s":%s}'):format(case[1], case[2]));
			assert.is_nil(reason);
			assert.same(case[3], case[1] == "cs" and found.send or found.admin);
			assert.same({ case[4] }, unknown);
		end);
	end

	for _, name in ipairs({ "cs", "ca" }) do
		for _, value in ipairs(wrong) do
			it(("refuses %s of %s"):format(name, value), function ()
				assert.same({ nil, "bad-claim", {} }, { read(('{"%s":%s}'):format(name, value)) });
			end);
		end
	end

	for _, value in ipairs({ "1", "0", '"false"', "{}", "[]", "[false]" }) do
		it("refuses hp of " .. value, function ()
			assert.same({ nil, "bad-claim" }, { permissions.read(core.decode(('{"hp":%s}'):format(value)), false, {}) });
		end);
	end

	it("reads hp", function ()
		assert.is_false(read('{"hp":false}').present);
		assert.is_true(read('{"hp":true}').present);
	end);

	for _, case in ipairs(receive) do
		local verb = case.reason and "refuses" or case.restricts and "keeps" or "needs not keep";
		it(verb .. " receive rules " .. case[1], function ()
			local found, reason = read(('{"cr":%s}'):format(case[1]));
			assert.equal(case.reason, reason);
			assert.equal(case.restricts or false, found ~= nil and found.receive ~= nil);
		end);
	end

	it("keeps rules as they came", function ()
		assert.same({ b = false, u = { joe = { v = true } } }, read('{"cr":{"b":false,"u":{"joe":{"v":true}}}}').receive);
	end);

	it("notes members that nobody knows, in order", function ()
		local found, _, unknown = read('{"zz":1,"aa":[],"cr":{"q":1},"cs":"v,yy"}');
		assert.same(set("v"), found.send);
		assert.same({ "p.aa", "p.cr.q", "p.cs:yy", "p.zz" }, unknown);
	end);

	it("reads long names of members where they are asked for, and only there", function ()
		local text = '{"hasPresence":false,"canSend":"v","canAdmin":true}';
		local found, _, unknown = read(text, true);
		assert.same({ present = false, send = set("v"), admin = tasks }, found);
		assert.same({}, unknown);
		found, _, unknown = read(text);
		assert.same(permissions.default(), found);
		assert.same({ "p.canAdmin", "p.canSend", "p.hasPresence" }, unknown);
		assert.same({ b = false, u = { joe = true }, p = { ["*"] = true } }, read(receive_long, true).receive);
		found, _, unknown = read(receive_long);
		assert.is_nil(found.receive);
		assert.same({ "p.cr.base", "p.cr.byParticipantId", "p.cr.byUserId" }, unknown);
	end);

	it("refuses two spellings that disagree, whichever comes first", function ()
		for _, text in ipairs({ '{"hp":true,"hasPresence":false}', '{"canAdmin":"s","ca":"p"}', '{"cs":"v","canSend":["v"]}',
			'{"cr":{"b":true,"base":false}}', '{"canReceive":{},"cr":{"b":true}}' }) do
			assert.same({ nil, "ambiguous-claims" }, { permissions.read(core.decode(text), true, {}) });
		end
		assert.is_table(read('{"hp":true,"hasPresence":true,"ca":["p"],"canAdmin":["p"]}', true));
		assert.is_table(read('{"hp":true,"hasPresence":null}', true));
	end);
end);

describe("several permissions objects", function ()
	for _, case in ipairs({
		{ "are none where nobody says anything", nil, nil, nil, nil };
		{ "are the room's where the token says nothing", { cs = "a" }, nil, nil, { cs = "a" } };
		{ "are the token's before the room's, member by member", { cs = "a", ca = true }, { cs = "v" }, nil, { cs = "v", ca = true } };
		{ "are what was said last before all", { cs = "a" }, { cs = "v" }, { cs = false, ca = "p" }, { cs = false, ca = "p" } };
		{ "have of cr each part by itself in what was said last", nil, { cr = { b = true, u = { ann = false } } },
			{ cr = { b = false } }, { cr = { b = false, u = { ann = false } } } };
		{ "have of cr the whole in a token's", { cr = { b = false } }, { cr = { u = { ann = false } } }, nil,
			{ cr = { u = { ann = false } } } };
		{ "pass nulls over", { cs = "a" }, { cs = core.null }, nil, { cs = "a" } };
	}) do
		it(case[1], function () assert.same(case[5], permissions.merged(case[2], case[3], case[4], false)); end);
	end

	it("have long names where they count", function ()
		assert.same({ cs = "v" }, permissions.merged({ cs = "a" }, { canSend = "v" }, nil, true));
		assert.same({ cs = "a", canSend = "v" }, permissions.merged({ cs = "a" }, { canSend = "v" }, nil, false));
	end);
end);
