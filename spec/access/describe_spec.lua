local new_grant = require "meetauth.access.grant".of;
local null = require "meetauth.core".null;
local accessdescribe = require "meetauth.access.describe";

local jitsi = { id = "portal", dialect = "jitsi", room = "required", domain_verification = false, asked = { leeway = 0.0 } };
local daily = { id = "acme", dialect = "daily", domain_id = "d1", room = "required", user_prefix = "", asked = { leeway = 0.0 } };

local function with(base, more)
	local all = {};
	for name, value in pairs(base) do all[name] = value; end
	for name, value in pairs(more or {}) do all[name] = value; end
	return all;
end

-- "value, by origin" of each right.
local function of(entry, claims, affiliation)
	local base = entry.dialect == "jitsi" and { iss = "portal", room = "r" } or { d = "d1", r = "r" };
	local found = {};
	for _, row in ipairs(accessdescribe.of(assert(new_grant(with(base, claims), entry)), affiliation)) do
		found[row.right] = row.value .. ", by " .. row.origin;
	end
	return found;
end

local cases = {
	{ "a Jitsi token that says nothing", jitsi, {}, "member", "affiliation", "member, by no claim about moderators" };
	{ "moderator on top", jitsi, { moderator = true }, "owner", "affiliation", "owner, by moderator" };
	{ "moderator in the user", jitsi, { context = { user = { moderator = "true" } } }, "owner", "affiliation",
		"owner, by context.user.moderator" };
	{ "an affiliation", jitsi, { context = { user = { affiliation = "teacher" } } }, "owner", "affiliation",
		"owner, by context.user.affiliation" };
	{ "the place that said no", jitsi, { moderator = true, context = { user = { moderator = false } } }, "member", "affiliation",
		"member, by context.user.moderator" };
	{ "somebody who was promoted", jitsi, { moderator = false }, "owner", "affiliation", "owner, by the room, not the token" };
	{ "a lobby bypass", jitsi, { context = { user = { lobby_bypass = true } } }, "member", "lobby",
		"enters, by context.user.lobby_bypass" };
	{ "a lobby bypass of the entry", with(jitsi, { lobby = "bypass" }), {}, "member", "lobby", "enters, by the entry" };
	{ "a lobby on demand", jitsi, { context = { user = { lobby = true } } }, "member", "lobby",
		"waits, and a lobby is made, by context.user.lobby" };
	{ "who needs no password", jitsi, { context = { user = { security_bypass = true } } }, "member", "password",
		"needs none, by context.user.security_bypass" };
	{ "features", jitsi, { context = { features = { recording = "true", flip = false, livestreaming = true } } }, "member",
		"features",
		"livestreaming recording, by context.features" };
	{ "features, all denied", jitsi, { context = { features = { flip = false } } }, "member", "features",
		"none, by context.features" };
	{ "a lobby that is not made", with(jitsi, { knock_without_lobby = "refuse" }), { context = { user = { lobby = true } } },
		"member", "lobby", "waits, and cannot enter a room without a lobby, by context.user.lobby" };
	{ "a lobby that may not be there", with(jitsi, { knock_without_lobby = "ignore" }), { context = { user = { lobby = true } } },
		"member", "lobby", "waits, by context.user.lobby" };
	{ "nulls", jitsi, { context = null }, "member", "lobby", "waits if the room has a lobby, by the entry" };
	{ "a null user", jitsi, { context = { user = null } }, "member", "affiliation", "member, by no claim about moderators" };
	{ "a Daily owner", daily, { o = true }, "owner", "affiliation", "owner, by o" };
	{ "a Daily participant", daily, {}, "member", "affiliation", "member, by o" };
	{ "a Daily admin", daily, { p = { ca = true } }, "admin", "affiliation", "admin, by p.ca" };
	{ "a Daily bearer who knocks", daily, { k = true }, "member", "lobby", "waits, and a lobby is made, by k" };
	{ "a Daily bearer who does not", daily, {}, "member", "lobby", "enters, by the entry" };
	{ "what an owner's token sets, and no password", jitsi,
		{ moderator = true, context = { room = { password = "x", lobby = true } } },
		"owner", "sets", "lobby password, by context.room" };
	{ "nothing that a member's token sets", jitsi, { context = { room = { lobby = true } } }, "member", "sets", nil };
	{ "one place for a user", with(jitsi, { unique_users = "first" }), { context = { user = { id = "u1" } } }, "member", "devices",
		"one: the first, by the entry" };
	{ "what may be sent", daily, { p = { cs = "a,sa" } }, "member", "send", "a sa, by p.cs" };
};

describe("meetauth.access.describe", function ()
	for _, case in ipairs(cases) do
		it("tells what says so: " .. case[1], function ()
			assert.equal(case[6], of(case[2], case[3], case[4])[case[5]]);
		end);
	end
end);
