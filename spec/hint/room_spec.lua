-- Hints beside where a token leads.

local list = require "meetauth.hint.room";
local world = require "spec.support.hintworld";

local of_jitsi = world.of_jitsi;

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "a whole address in room", of_jitsi({ room = "https://LEAK/standup" }), "room", "is an address", node = "standup" };
	{ "a glob that nobody was told of", of_jitsi({ room = "stand*" }), "room", "looks like a pattern", node = "standup" };
	{ "a glob that nobody was told of, among several rooms", of_jitsi({ room = { "retro", "stand*" } }), "room",
		"looks like a pattern", node = "standup" };
	{ "a tenant in room", of_jitsi({ room = "[LEAK]standup" }), "room", "room has the tenant in it", node = "standup" };
	{ "a link to another room", of_jitsi({ room = "LEAK" }), "room", "the token is for another room. Write", node = "standup" };
	{ "the public domain in sub",
		of_jitsi({ sub = "LEAK.example.org" }), "tenant", "Write sub = \"meet.jitsi\"", node = "standup" };
	{ "the app id in sub", of_jitsi({ sub = "portal" }), "tenant", "sub is the app id, but must be the server's own domain. "
		.. "Write sub = \"meet.jitsi\"", node = "standup" };
	{ "the domain in sub, and a tenant's room", of_jitsi(), "tenant", "this room belongs to a tenant", node = "[acme]standup" };
	{ "a tenant in sub, and a plain room", of_jitsi({ sub = "LEAK" }), "tenant",
		"this room belongs to no tenant. Write sub = \"meet.jitsi\"", node = "standup" };
	{ "a plain room for a tenant's entry", of_jitsi({ sub = "none" }, "tenant"), "tenant", "of its tenant only", node = "standup" };
	{ "a room that the entry does not open", of_jitsi({ room = "LEAK" }, "teams", ("e"):rep(40)), "rooms",
		"does not list this room. Add its name", node = "standup" };
};

local seen = {};

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside where a token leads", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);
end);
