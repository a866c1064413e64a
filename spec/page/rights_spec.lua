local rights = require "meetauth.page.rights";

local NOW = 1700000000;

-- A member's grant for standup, with what the caller changes.
local function grant(of)
	local one = { room = "standup", owner = "silent", passes_lobby = false, at_expiry = "ignore", expires = NOW + 540 };
	for name, value in pairs(of or {}) do one[name] = value; end
	return one;
end

local function said(of, room, decision) return table.concat(rights.of(grant(of), room, decision, NOW), " "); end

local clock = os.date("%H:%M", NOW + 540);

describe("meetauth.page.rights", function ()
	it("says who may enter, as what and until when", function ()
		assert.same({
			("May enter standup as owner until %s (in 9 minutes)."):format(clock), "Does not wait in a lobby.",
			"May record, share the screen.",
		}, rights.of(grant({ owner = "granted", passes_lobby = true, features = { recording = true, ["screen-sharing"] = "true",
			transcription = false } }), "standup", { affiliation = "owner" }, NOW));
	end);

	local cases = {
		{ "a room of its own", {}, "Opens standup as member" };
		{ "any room", { room = "*" }, "Opens every room of its issuer" };
		{ "several rooms", { room = { "a", "b" } }, "Opens the rooms a, b as" };
		{ "a pattern", { room = "stand-*", room_pattern = {} }, "Opens the rooms whose name is like stand-* as" };
		{ "an admin", { admin = "admin" }, "as admin" };
		{ "no end", { expires = false }, ", without an end." };
		{ "a beginning", { not_before = NOW + 60 }, "from " .. os.date("%H:%M", NOW + 60) .. " until" };
		{ "another day", { expires = NOW + 90000 }, "until " .. os.date("%Y-%m-%d %H:%M", NOW + 90000) .. " (in 1 day)" };
		{ "what is no date", { expires = 1e300 }, "without an end" };
		{ "a lobby", { knocks = true }, "Waits in the lobby if the room has one." };
		{ "a lobby to stay in", { knocks = true, wants_lobby = true }, "Cannot enter a room without a lobby" };
		{ "a lobby to switch on", { knocks = true, wants_lobby = true, makes_lobby = true }, "switches it on" };
		{ "no lobby named", {}, "Waits if the room has a lobby." };
		{ "no features named", {}, "The role decides the features" };
		{ "no feature allowed", { features = { recording = false } }, "none of the features" };
		{ "a feature without a word", { features = { flip = true } }, "May use flip." };
		{ "what may be sent", { send = { a = true } }, "May send: a." };
		{ "nothing to send", { send = {} }, "May send nothing." };
		{ "one login", { single_use = true }, "Is valid for one login." };
		{ "the end of it", { at_expiry = "kick" }, "removed from the room when it expires" };
		{ "a room without its password", { passes_password = true }, "Does not need the password" };
		{ "a name that turns direction", { room = "a\u{202e}b" }, "Opens a\\u202eb as" };
	};
	for _, case in ipairs(cases) do
		it("has a sentence for " .. case[1], function ()
			assert.truthy(said(case[2]):find(case[3], 1, true), said(case[2]));
		end);
	end

	it("takes no name for a format", function ()
		assert.truthy(said({ room = "%s%d%" }):find("Opens %s%d% as", 1, true));
	end);
end);
