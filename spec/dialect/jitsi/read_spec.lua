local core = require "meetauth.core";
local jitsiread = require "meetauth.dialect.jitsi.read";

local null = core.null;

local function grant(text, entry)
	local claims = assert(core.decode(text));
	return jitsiread.grant(claims, entry or { room = "required", domain_verification = true });
end

-- Members of context.user and moderator at the top; what they say together.
local owners = {
	{ owner = "silent" };
	{ user = '"moderator":true', owner = "granted" };
	{ user = '"moderator":"true"', owner = "granted" };
	{ user = '"moderator":false', owner = "denied" };
	{ user = '"moderator":"false"', owner = "denied" };
	{ user = '"moderator":"True"', owner = "silent" };
	{ user = '"moderator":1', owner = "silent" };
	{ user = '"moderator":"1"', owner = "silent" };
	{ user = '"moderator":null', owner = "silent" };
	{ user = '"moderator":{}', owner = "silent" };
	{ user = '"moderator":[true]', owner = "silent" };
	{ user = '"affiliation":"owner"', owner = "granted" };
	{ user = '"affiliation":"moderator"', owner = "granted" };
	{ user = '"affiliation":"teacher"', owner = "granted" };
	{ user = '"affiliation":"member"', owner = "denied" };
	{ user = '"affiliation":"Owner"', owner = "denied" };
	{ user = '"affiliation":""', owner = "denied" };
	{ user = '"affiliation":true', owner = "silent" };
	{ user = '"affiliation":null', owner = "silent" };
	{ user = '"moderator":true,"affiliation":"member"', owner = "denied" };
	{ user = '"moderator":false,"affiliation":"owner"', owner = "denied" };
	{ user = '"moderator":true,"affiliation":"owner"', owner = "granted" };
	{ top = "true", owner = "granted" };
	{ top = '"true"', owner = "granted" };
	{ top = "false", owner = "denied" };
	{ top = "1", owner = "silent" };
	{ top = "null", owner = "silent" };
	{ top = "true", user = '"moderator":false', owner = "denied" };
	{ top = "false", user = '"moderator":true', owner = "denied" };
	{ top = "true", user = '"affiliation":"member"', owner = "denied" };
	{ top = "true", user = '"moderator":true', owner = "granted" };
	{ top = "true", user = '"name":"Joe"', owner = "granted" };
};

local claims = {
	{ name = "carries what a token says", text = [[{"iss":"portal","sub":"Meet.Example","room":"Stand-Up","context":{
		"user":{"id":"u1","name":"Joe","email":"joe@example","avatar":"https://a/b.png","x":1.5},
		"group":"g","tenant":"acme","features":{"recording":true},"room":{"regex":false}}}]],
		grant = { issuer = "portal", domain = "Meet.Example", check_domain = true, room = "Stand-Up",
			user = { id = "u1", name = "Joe", email = "joe@example", avatar = "https://a/b.png", x = 1.5 },
			group = "g", claimed_tenant = "acme", features = { recording = true }, room_context = { regex = false },
			owner = "silent", passes_lobby = false } };
	{ name = "needs no context", text = '{"iss":"portal","sub":"meet.example","room":"x"}',
		grant = { issuer = "portal", domain = "meet.example", check_domain = true, room = "x", owner = "silent",
			passes_lobby = false } };
	{ name = "opens any room for *", text = '{"iss":"p","sub":"*","room":"*"}',
		grant = { issuer = "p", domain = "*", check_domain = true, room = "*", owner = "silent", passes_lobby = false } };
	{ name = "asks for a room", text = '{"iss":"p","sub":"s"}', reason = "missing-claim" };
	{ name = "takes a room that is null for absent", text = '{"iss":"p","sub":"s","room":null}', reason = "missing-claim" };
	{ name = "opens all rooms of the domain without one, where none is asked", text = '{"iss":"p","sub":"s"}',
		entry = { room = "tenant", domain_verification = true },
		grant = { issuer = "p", domain = "s", check_domain = true, room = "*", owner = "silent", passes_lobby = false } };
	{ name = "asks for sub", text = '{"iss":"p","room":"x"}', reason = "missing-claim" };
	{ name = "needs no sub where it is not compared", text = '{"iss":"p","room":"x"}',
		entry = { room = "required", domain_verification = false },
		grant = { issuer = "p", check_domain = false, room = "x", owner = "silent", passes_lobby = false } };
	{ name = "asks for sub without a room, too", text = '{"iss":"p"}',
		entry = { room = "tenant", domain_verification = true }, reason = "missing-claim" };

	{ name = "refuses a number as room", text = '{"iss":"p","sub":"s","room":1}', reason = "bad-claim" };
	{ name = "takes several rooms", text = '{"iss":"p","sub":"s","room":["standup","Retro"]}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = { "standup", "Retro" }, owner = "silent",
			passes_lobby = false } };
	{ name = "takes a list of one room for that room", text = '{"iss":"p","sub":"s","room":["x"]}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false } };
	{ name = "takes any room among several for any room", text = '{"iss":"p","sub":"s","room":["x","*"]}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "*", owner = "silent", passes_lobby = false } };
	{ name = "refuses an empty list as room", text = '{"iss":"p","sub":"s","room":[]}', reason = "bad-claim" };
	{ name = "refuses an empty list as room, where none is asked", text = '{"iss":"p","sub":"s","room":[]}',
		entry = { room = "tenant", domain_verification = true }, reason = "bad-claim" };
	{ name = "refuses a list with a number as room", text = '{"iss":"p","sub":"s","room":["x",1]}', reason = "bad-claim" };
	{ name = "refuses a list with a null as room", text = '{"iss":"p","sub":"s","room":["x",null]}', reason = "bad-claim" };
	{ name = "refuses a list in a list as room", text = '{"iss":"p","sub":"s","room":[["x"]]}', reason = "bad-claim" };
	{ name = "refuses an object as room", text = '{"iss":"p","sub":"s","room":{"x":"y"}}', reason = "bad-claim" };
	{ name = "carries what it says of a room", text = '{"iss":"p","sub":"s","room":"x","context":{"room":{"lobby":true,"own":1}}}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false,
			settings = { lobby = true }, room_context = { lobby = true, own = 1 } } };
	{ name = "refuses a room's password that is a number",
		text = '{"iss":"p","sub":"s","room":"x","context":{"room":{"password":7}}}', reason = "bad-claim" };
	{ name = "carries what its bearer may send", text = '{"iss":"p","sub":"s","room":"x","context":{"user":{"send":["screen"]}}}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false,
			send = { sv = true, sa = true }, user = { send = { "screen" } } } };
	{ name = "refuses another word for what may be sent",
		text = '{"iss":"p","sub":"s","room":"x","context":{"user":{"send":["desktop"]}}}', reason = "bad-claim" };
	{ name = "refuses a word where a list of what may be sent is due",
		text = '{"iss":"p","sub":"s","room":"x","context":{"user":{"send":"audio"}}}', reason = "bad-claim" };
	{ name = "refuses one broken pattern among several",
		text = '{"iss":"p","sub":"s","room":["x","[y"],"context":{"room":{"regex":true}}}', reason = "bad-claim" };
	{ name = "refuses true as room", text = '{"iss":"p","sub":"s","room":true}', reason = "bad-claim" };
	{ name = "refuses a string as context", text = '{"iss":"p","sub":"s","room":"x","context":"{}"}', reason = "bad-claim" };
	{ name = "refuses a number as context", text = '{"iss":"p","sub":"s","room":"x","context":1}', reason = "bad-claim" };
	{ name = "refuses a string as user",
			text = '{"iss":"p","sub":"s","room":"x","context":{"user":"Joe"}}', reason = "bad-claim" };
	{ name = "refuses a list as group", text = '{"iss":"p","sub":"s","room":"x","context":{"group":[]}}', reason = "bad-claim" };
	{ name = "refuses a string as features",
		text = '{"iss":"p","sub":"s","room":"x","context":{"features":"recording"}}', reason = "bad-claim" };
	{ name = "refuses a string as room context",
			text = '{"iss":"p","sub":"s","room":"x","context":{"room":"y"}}', reason = "bad-claim" };
	{ name = "refuses a number as tenant",
			text = '{"iss":"p","sub":"s","room":"x","context":{"tenant":1}}', reason = "bad-claim" };
	{ name = "refuses a fraction as user_id", text = '{"iss":"p","sub":"s","room":"x","user_id":1.5}', reason = "bad-claim" };
	{ name = "tells a bad claim before a missing one", text = '{"iss":"p","context":1}', reason = "bad-claim" };

	{ name = "takes null for absent everywhere",
		text = [[{"iss":"p","sub":"s","room":"x","user_id":null,
			"context":{"user":null,"group":null,"features":null,"room":null,"tenant":null}}]],
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false } };
	{ name = "takes a context of null for absent (a crash in Jitsi)", text = '{"iss":"p","sub":"s","room":"x","context":null}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false } };
	{ name = "takes user_id where there is no context (Firebase)", text = '{"iss":"p","sub":"s","room":"x","user_id":"u\\u00001"}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", user = { id = "u1" }, owner = "silent",
			passes_lobby = false } };
	{ name = "does not take user_id beside a context", text = '{"iss":"p","sub":"s","room":"x","user_id":"u1","context":{}}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false } };
	{ name = "cleans what people will see",
		text = [[{"iss":"p","sub":"s","room":"x","context":{"group":"g\u0007",
			"user":{"name":"J\u202eoe\n","bad":null,"deep":{"a":"b\u0000"}}}}]],
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false,
			user = { name = "Joe", deep = { a = "b" } }, group = "g" } };
	{ name = "keeps features that are boolean or say so",
		text = [[{"iss":"p","sub":"s","room":"x","context":{"features":{
			"a":true,"b":false,"c":"true","d":"false","e":1,"f":"yes","g":null,"h":{},"i":["true"]}}}]],
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false,
			features = { a = true, b = false, c = "true", d = "false" } } };
	{ name = "keeps an empty feature table, which denies all",
		text = '{"iss":"p","sub":"s","room":"x","context":{"features":{}}}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent",
			passes_lobby = false, features = {} } };
	{ name = "ignores what it does not know", text = '{"iss":"p","sub":"s","room":"x","admin":true,"d":"acme","o":true,"r":"y"}',
		grant = { issuer = "p", domain = "s", check_domain = true, room = "x", owner = "silent", passes_lobby = false } };
};

local bypasses = { ["true"] = true, ["false"] = false, ['"true"'] = false, ["1"] = false, ["null"] = false, ["{}"] = false };

describe("meetauth.dialect.jitsi.read", function ()
	for _, case in ipairs(claims) do
		it(case.name, function ()
			local found, reason = grant(case.text, case.entry);
			if case.grant then -- what none of these tokens ask for
				case.grant.passes_password, case.grant.wants_lobby, case.grant.makes_lobby = false, false, false;
			end
			assert.same(case.grant, found);
			assert.equal(case.reason, reason);
		end);
	end

	for _, case in ipairs(owners) do
		it(("is %s about being owner, given moderator: %s at the top and %s of the user"):format(case.owner,
			case.top or "nothing", case.user or "nothing"), function ()
			local text = ('{"iss":"p","sub":"s","room":"x"%s%s}'):format(case.top and ',"moderator":' .. case.top or "",
				case.user and ',"context":{"user":{' .. case.user .. "}}" or "");
			assert.equal(case.owner, grant(text).owner);
		end);
	end

	for value, passes in pairs(bypasses) do
		it(("%s the lobby on lobby_bypass: %s"):format(passes and "passes" or "does not pass", value), function ()
			local text = ('{"iss":"p","sub":"s","room":"x","context":{"user":{"lobby_bypass":%s}}}'):format(value);
			assert.equal(passes, grant(text).passes_lobby);
		end);
	end

	it("keeps the entry's word on one place a user, where there is a user", function ()
		local entry = { room = "required", domain_verification = true, unique_users = "first" };
		assert.equal("first", grant('{"iss":"p","sub":"s","room":"x","context":{"user":{"id":"u1"}}}', entry).unique);
		assert.equal("first", grant('{"iss":"p","sub":"s","room":"x","user_id":7}', entry).unique);
		assert.is_nil(grant('{"iss":"p","sub":"s","room":"x","context":{"user":{"name":"Joe"}}}', entry).unique);
		assert.is_nil(grant('{"iss":"p","sub":"s","room":"x","context":{"user":{"id":"u1"}}}').unique);
	end);

	it("takes 64 rooms, and no more", function ()
		local function token(count)
			local names = {};
			for i = 1, count do names[i] = ('"r%d"'):format(i); end
			return ('{"iss":"p","sub":"s","room":[%s]}'):format(table.concat(names, ","));
		end
		assert.equal(64, #grant(token(64)).room);
		assert.same({ nil, "bad-claim" }, { grant(token(65)) });
	end);

	for _, case in ipairs({
		{ "owners", '"moderator":true', true }; { "owners", '"moderator":true,"lobby_bypass":false', true };
		{ "owners", '"lobby_bypass":true', false }; { "owners", '"moderator":"yes"', false };
		{ "claim", '"moderator":true', false }; { "knock", '"moderator":true', false }; { "bypass", '"moderator":false', true };
	}) do
		local does = case[3] and "passes" or "does not pass";
		it(("%s the lobby of an entry with lobby = %q: %s"):format(does, case[1], case[2]), function ()
			local text = ('{"iss":"p","sub":"s","room":"x","context":{"user":{%s}}}'):format(case[2]);
			local entry = { room = "required", domain_verification = true, lobby = case[1] };
			local found = assert(jitsiread.grant(core.decode(text), entry));
			assert.equal(case[3], found.passes_lobby);
		end);
	end

	it("leaves no null behind", function ()
		local found = grant('{"iss":"p","sub":"s","room":"x","context":{"user":{"a":null,"b":{"c":null}},"room":{"d":null}}}');
		for _, value in pairs(found.user) do assert.not_equal(null, value); end
		assert.same({ b = {} }, found.user);
		assert.same({}, found.room_context);
	end);

	it("says nothing of a token in which iss is Daily's", function ()
		local found, reason = jitsiread.grant({ iss = "daily:acme", sub = "s", room = "x" },
			{ room = "required", domain_verification = true });
		assert.is_nil(found); -- grant.lua: "daily:<d>" is what no iss can equal
		assert.equal("bad-claim", reason);
	end);
end);
