-- Hints beside what a token gives.

local list = require "meetauth.hint.grant";
local world = require "spec.support.hintworld";

local of_jitsi, of_daily = world.of_jitsi, world.of_daily;

local function of_strict(claims)
	claims.d, claims.r, claims.iat, claims.exp = "strict", "standup", world.now, world.now + 60;
	return world.signed(("x"):rep(40), claims);
end

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "claims in a payload beside iss",
		of_jitsi({ room = "none", payload = { room = "LEAK", context = {} } }), "grant", "too deep, in payload" };
	{ "no room", of_jitsi({ room = "none" }), "grant", "Write the room's name into it: room = \"standup\"" };
	{ "no sub", of_jitsi({ sub = "none" }), "grant", "no sub, and domain_verification needs it. Write sub = \"meet.jitsi\"" };
	{ "a long name in the place of r", of_daily({ r = "none", room_name = "LEAK" }),
		"grant", "Daily's long claim names", host = "daily" };
	{ "no r", of_daily({ r = "none" }), "grant", "no r", host = "daily" };
	{ "context as text", of_jitsi({ context = '{"user":"LEAK"}' }), "grant", "context must be an object" };
	{ "user as text", of_jitsi({ context = { user = "LEAK" } }), "grant",
		"context.user must be an object. Write \"user\": { … }" };
	{ "room as a number", of_jitsi({ room = 1 }), "grant",
		"room must be a string, or a list of 1 to 64 strings. Write \"room\": " };
	{ "rooms that are no names", of_jitsi({ room = { "LEAK", 1 } }), "grant",
		"room must be a string, or a list of 1 to 64 strings" };
	{ "a room's password as a number", of_jitsi({ context = { room = { password = 77 } } }), "grant",
		"context.room.password must be a string of at most 256 bytes, without control characters. Write \"password\": \"" };
	{ "a room's lobby as a word", of_jitsi({ context = { room = { lobby = "LEAK" } } }), "grant",
		"context.room.lobby must be true or false. Write \"lobby\": true" };
	{ "a limit that is none", of_jitsi({ context = { room = { max_occupants = 0 } } }), "grant",
		"context.room.max_occupants must be a whole number, at least 1. Write \"max_occupants\": 20" };
	{ "a duration of half a second", of_jitsi({ context = { room = { duration = 0.5 } } }), "grant",
		"context.room.duration must be a whole number of seconds, at least 1. Write \"duration\": 3600" };
	{ "what may be sent in other words", of_jitsi({ context = { user = { send = { "LEAK" } } } }), "grant",
		"context.user.send must be a list of audio, video and screen. Write \"send\": [ \"audio\", \"video\" ]" };
	{ "a user's id as a fraction", of_jitsi({ context = { user = { id = 1.5 } } }), "grant",
		"context.user.id must be a string or a whole number. Write \"id\": \"u1\"" };
	{ "user_id as a list", of_jitsi({ user_id = { "LEAK" } }), "grant",
		"user_id must be a string or a whole number" };
	{ "ud as a fraction", of_daily({ ud = 1.5 }), "grant", "Write \"ud\": \"u1\"",
		host = "daily" };
	{ "o as text beside ud as a number", of_daily({ o = "LEAK", ud = 77 }), "grant", "o must be true or false", host = "daily" };
	{ "o as text", of_daily({ o = "LEAK" }), "grant", "Write \"o\": true", host = "daily" };
	{ "a star in r", of_daily({ r = "*" }), "grant", "without * and patterns", host = "daily" };
	{ "a pattern that is none", of_jitsi({ room = "LEAK[", context = { room = { regex = true } } }), "grant",
		"room is a Lua pattern, but it is not" };
	{ "a pattern where patterns are refused", of_jitsi({ room = "LEAK", context = { room = { regex = true } } }), "grant",
		"token_regex_enabled = false refuses patterns", host = "patternless" };
	{ "a glob that is too long", of_jitsi({ room = ("LEAK"):rep(40), context = { room = { glob = true } } }), "grant",
		"room is too long" };
	{ "a user's id of Daily's", of_jitsi({ context = { user = { id = "daily:LEAK" } } }), "grant", "begins with daily:" };
	{ "a permission that is none", of_daily({ p = { cs = 7 } }), "grant", "p has an invalid part", host = "daily" };
	{ "a mode that is none", of_daily({ er = { 7 } }), "grant", "er names no recording mode", host = "daily" };
	{ "somebody whom nobody sees", of_daily({ p = { hp = false } }), "grant", "Set hidden = \"visible\"", host = "daily" };
	{ "a word that nobody knows, where that counts", of_strict({ LEAK = 1 }), "grant", "set strict = false", host = "daily" };
	{ "a rule that no server keeps, where that counts", of_strict({ p = { cr = { u = { LEAK = false } } } }), "grant",
		"Delete p.cr",
		host = "daily" };
	{ "context in context", of_jitsi({ context = { context = { user = {} } } }), "grant", "inside another context" };
	{ "user outside of context", of_jitsi({ user = { name = "LEAK" } }), "grant", "outside of context" };
	{ "moderator as a word", of_jitsi({ context = { user = { moderator = "LEAK" } } }), "grant", "neither true nor false" };
	{ "moderator as a number", of_jitsi({ moderator = 1 }), "grant", "neither true nor false" };
	{ "moderator in the wrong place", of_jitsi({ context = { moderator = true } }), "grant", "moderator is in the wrong place, so "
		.. "it is ignored" };
	{ "moderator among the features",
		of_jitsi({ context = { features = { moderator = true } } }), "grant", "moderator is in the wrong place, so it is ignored" };
	{ "long names beside short ones", of_daily({ is_owner = true }), "grant", "Daily's long claim names", host = "daily" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside what a token gives", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);
end);
