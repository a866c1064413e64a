-- Hints beside what a token gives.

local list = require "meetauth.hint.grant";
local world = require "spec.support.hintworld";

local of_jitsi, of_daily = world.of_jitsi, world.of_daily;

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "claims in a payload beside iss",
		of_jitsi({ room = "none", payload = { room = "LEAK", context = {} } }), "grant", "too deep, in payload" };
	{ "no room", of_jitsi({ room = "none" }), "grant", "no room" };
	{ "no sub", of_jitsi({ sub = "none" }), "grant", "no sub" };
	{ "a long name in the place of r", of_daily({ r = "none", room_name = "LEAK" }), "grant", "long Daily names", host = "daily" };
	{ "no r", of_daily({ r = "none" }), "grant", "no r", host = "daily" };
	{ "context as text", of_jitsi({ context = '{"user":"LEAK"}' }), "grant", "context has another type" };
	{ "user as text", of_jitsi({ context = { user = "LEAK" } }), "grant", "context.user has another type" };
	{ "room as a number", of_jitsi({ room = 1 }), "grant", "room has another type" };
	{ "a room's password as a number", of_jitsi({ context = { room = { password = 77 } } }), "grant",
		"context.room.password has another type: it has to be a JSON string of at most 256 bytes" };
	{ "what may be sent in other words", of_jitsi({ context = { user = { send = { "LEAK" } } } }), "grant",
		"context.user.send has another type: it has to be a JSON list of audio, video and screen" };
	{ "rooms that are no names", of_jitsi({ room = { "LEAK", 1 } }), "grant",
		"room has another type: it has to be a JSON string, or a list of 1 to 64 strings" };
	{ "a user's id as a fraction", of_jitsi({ context = { user = { id = 1.5 } } }), "grant",
		"context.user.id has another type: it has to be a JSON string or integer" };
	{ "user_id as a list", of_jitsi({ user_id = { "LEAK" } }), "grant",
		"user_id has another type: it has to be a JSON string or integer" };
	{ "ud as a fraction", of_daily({ ud = 1.5 }), "grant", "ud has another type: it has to be a JSON string or integer",
		host = "daily" };
	{ "o as text beside ud as a number", of_daily({ o = "LEAK", ud = 77 }), "grant", "o has another type", host = "daily" };
	{ "o as text", of_daily({ o = "LEAK" }), "grant", "o has another type: it has to be a JSON boolean", host = "daily" };
	{ "a star in r", of_daily({ r = "*" }), "grant", "no * and no pattern", host = "daily" };
	{ "context in context", of_jitsi({ context = { context = { user = {} } } }), "grant", "inside context" };
	{ "user outside of context", of_jitsi({ user = { name = "LEAK" } }), "grant", "outside of context" };
	{ "moderator as a word", of_jitsi({ context = { user = { moderator = "LEAK" } } }), "grant", "neither true nor false" };
	{ "moderator as a number", of_jitsi({ moderator = 1 }), "grant", "neither true nor false" };
	{ "moderator in the wrong place", of_jitsi({ context = { moderator = true } }), "grant", "belongs into context.user" };
	{ "moderator among the features",
		of_jitsi({ context = { features = { moderator = true } } }), "grant", "belongs into context.user" };
	{ "long names beside short ones", of_daily({ is_owner = true }), "grant", "long Daily names", host = "daily" };
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
