-- What Jitsi's own modules read of a grant.

local neighbours = require "meetauth.server.neighbours";

describe("context.user as Jitsi's modules read it", function ()
	local cases = {
		{ "nothing, where a token says nothing of its user", { owner = "silent" }, nil };
		{ "a moderator by another place of the token", { owner = "granted", user = { id = "u" } }, { id = "u", moderator = true } };
		{ "a moderator, where the token says nothing else of its user", { owner = "granted" }, { moderator = true } };
		{ "nobody who moderates, by another place",
			{ owner = "denied", user = { id = "u", moderator = "true", affiliation = "owner" } },
			{ id = "u", moderator = false, affiliation = "member" } };
		{ "the token's own word, where it says what the grant says", { owner = "granted", user = { moderator = "true" } },
			{ moderator = "true" } };
		{ "the token's own word, where the grant says nothing", { owner = "silent", user = { moderator = 7 } }, { moderator = 7 } };
		{ "nothing of what our rooms enforce", { owner = "silent", user = { id = "u", lobby = true, lobby_bypass = true,
			security_bypass = true, send = { "audio" } } }, { id = "u" } };
	};
	for _, case in ipairs(cases) do
		it("has " .. case[1], function () assert.same(case[3], neighbours.user(case[2], false)); end);
	end

	it("has what has to be enforced, where others do that", function ()
		local user = { id = "u", lobby = true };
		assert.same({ id = "u", lobby = true, moderator = false }, neighbours.user({ owner = "denied", user = user }, true));
	end);

	it("is a table of its own", function ()
		local grant = { owner = "granted", user = { id = "u" } };
		neighbours.user(grant, true).id = "other";
		assert.same({ id = "u" }, grant.user);
	end);
end);

describe("the room claim as Jitsi's modules read it", function ()
	local is_pattern = { {} };
	local cases = {
		{ "a name", { room = "Standup", room_context = { lobby = true } }, "Standup", { lobby = true } };
		{ "any room", { room = "*" }, "*", nil };
		{ "a pattern of Lua's", { room = "stand.*", room_pattern = is_pattern, check_domain = true, room_context = { regex = true } },
			"stand.*", { regex = true } };
		{ "a glob, as a pattern", { room = "Stand*-?", room_pattern = is_pattern, room_is_glob = true, check_domain = true,
			room_context = { glob = true, lobby = true } }, "^stand.*%-.$", { regex = true, lobby = true } };
		{ "any room, where domains and so patterns are not compared", { room = "stand*", room_pattern = is_pattern,
			room_is_glob = true, check_domain = false, room_context = { glob = true } }, "*", { glob = true } };
		{ "any room, where there are several", { room = { "standup", "retro" }, check_domain = true, room_context = { lobby = true } },
			"*", { lobby = true } };
		{ "the first of several, where rooms are theirs to guard", { room = { "standup", "retro" }, check_domain = true }, "standup",
			nil, enforce = true };
		{ "the first of several globs, where rooms are theirs to guard", { room = { "stand*", "retro" }, check_domain = true,
			room_pattern = { is_pattern, is_pattern }, room_is_glob = true, room_context = { glob = true } }, "^stand.*$",
			{ regex = true }, enforce = true };
	};
	for _, case in ipairs(cases) do
		it("is " .. case[1], function ()
			local room, context = neighbours.room(case[2], case.enforce == true);
			assert.equal(case[3], room);
			assert.same(case[4], context);
		end);
	end

	it("leaves the grant as it is", function ()
		local context = { glob = true };
		neighbours.room({ room = "a*", room_pattern = is_pattern, room_is_glob = true, check_domain = true, room_context = context });
		assert.same({ glob = true }, context);
	end);
end);
