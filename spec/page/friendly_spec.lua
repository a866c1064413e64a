-- What people say of a token in words of their own: options of sign, columns of a CSV file.

local friendly = require "meetauth.page.friendly";

local now = 1700000000;
local an_expiry = "a duration such as 90s, 15m, 1h or 7d, or -5m for an expired token";
local a_duration, a_moment = "a duration such as 90s, 15m, 1h or 7d", "seconds since 1970, or a time such as 2026-01-31T08:00Z";

local some_features = "names of features, with a hyphen before denied features. The nearest name is ";

-- { word, what is said, the field of the intent that it sets, what that becomes } or what was expected instead.
local cases = {
	{ "room", "standup", "room", "standup" }; { "tenant", "acme", "scope", "acme" }; { "group", "staff", "group", "staff" };
	{ "token-id", "t1", "token_id", "t1" };
	{ "user-id", "u1", "user", { id = "u1" } }; { "name", "Ann Müller", "user", { name = "Ann Müller" } };
	{ "email", "a@x.example", "user", { email = "a@x.example" } };
	{ "avatar", "https://x/a.png", "user", { avatar = "https://x/a.png" } };
	{ "moderator", "true", "owner", true }; { "moderator", "yes", "owner", true }; { "moderator", "1", "owner", true };
	{ "moderator", "false", "owner", false }; { "moderator", "no", "owner", false }; { "moderator", "0", "owner", false };
	{ "moderator", "TRUE", "owner", true }; { "moderator", "False", "owner", false };
	{ "moderator", "maybe", expected = "true or false" };
	{ "moderator", "", expected = "true or false" }; { "moderator", "on", expected = "true or false" };
	{ "moderator", "2", expected = "true or false" };
	{ "eject-at-expiry", "yes", "eject_at_expiry", true }; { "eject-at-expiry", "on", expected = "true or false" };
	{ "eject-after", "30m", "eject_after", 1800 }; { "eject-after", "90s", "eject_after", 90 };
	 { "eject-after", "soon", expected = a_duration };
	{ "expires-in", "15m", "expires", now + 900 }; { "expires-in", "1h", "expires", now + 3600 };
	{ "expires-in", "-5m", "expires", now - 300 }; { "expires-in", "-5m", "issued", now - 3900 };
	{ "expires-in", "0", "issued", now - 3600 }; { "expires-in", "1y", expected = an_expiry };
	{ "expires-in", "soon", expected = an_expiry }; { "expires-in", "--5m", expected = an_expiry };
	{ "expires-in", "-", expected = an_expiry };
	{ "not-before", "2024-02-29T08:00Z", "not_before", 1709193600 }; { "not-before", "1700000060", "not_before", 1700000060 };
	{ "not-before", "2026-02-01", "not_before", 1769904000 }; { "not-before", "soon", expected = a_moment };
	{ "not-before", "2026-13-01", expected = a_moment }; { "not-before", "tomorrow", expected = a_moment };
	{ "lobby", "bypass", "lobby", "bypass" }; { "lobby", "knock", "lobby", "knock" };
	{ "lobby", "on", expected = "bypass or knock" }; { "lobby", "pass", expected = "bypass or knock" };
	{ "lobby", "", expected = "bypass or knock" };
	{ "feature", "recording", "features", { recording = true } };
	{ "feature", "-screen-sharing", "features", { ["screen-sharing"] = false } };
	{ "feature", "recording  -livestreaming", "features", { recording = true, livestreaming = false } };
	{ "feature", "-name-readonly", "features", { ["name-readonly"] = false } };
	{ "feature", "recording -screensharing", expected = some_features .. "screen-sharing" };
	{ "feature", "Recording", expected = some_features .. "recording" };
	{ "feature", "--recording", expected = some_features .. "recording" };
	{ "feature", ("x"):rep(100), expected = some_features .. "branding" };
};
for _, row in ipairs(friendly.list) do
	cases[#cases + 1] = { row.name, "\xff", expected = "UTF-8" };
end

describe("meetauth.page.friendly", function ()
	for _, case in ipairs(cases) do
		it(("%s %s of %q"):format(case.expected and "refuses" or "takes", case[1], case[2]), function ()
			local intent = { user = {} };
			local problem = friendly.put(intent, friendly.by_name[case[1]], case[2], now);
			assert.equal(case.expected and ("%s: expected %s"):format(case[1], case.expected), problem or nil);
			if case[3] then assert.same(case[4], intent[case[3]]); end
		end);
	end

	it("says again what is said twice, and of features each", function ()
		local intent = { user = {} };
		for _, text in ipairs({ "recording -screen-sharing", "livestreaming", "-flip" }) do
			friendly.put(intent, friendly.by_name.feature, text, now);
		end
		for _, text in ipairs({ "one", "two" }) do friendly.put(intent, friendly.by_name.room, text, now); end
		assert.same({ recording = true, ["screen-sharing"] = false, livestreaming = true, flip = false }, intent.features);
		assert.equal("two", intent.room);
	end);

	it("has a token that expires later than said before issued now again", function ()
		local intent = friendly.new(now);
		friendly.put(intent, friendly.by_name["expires-in"], "-5m", now);
		friendly.put(intent, friendly.by_name["expires-in"], "5m", now);
		assert.same({ now, now + 300 }, { intent.issued, intent.expires });
	end);

	it("begins with nobody's rights and an hour", function ()
		assert.same({ user = {}, owner = false, issued = now, expires = now + 3600 }, friendly.new(now));
	end);

	it("opens every room for who says so, and for nobody who forgets one", function ()
		local every, none, one = { room = "*" }, {}, { room = "x" };
		assert.is_nil(friendly.finish(every));
		assert.is_nil(every.room);
		assert.equal("room: expected a name, or * for every room", friendly.finish(none));
		assert.is_nil(friendly.finish(one));
		assert.equal("x", one.room);
	end);

	it("explains every word in a sentence, and names none twice", function ()
		local seen = {};
		for _, row in ipairs(friendly.list) do
			assert.is_nil(seen[row.name], row.name);
			seen[row.name] = true;
			assert.truthy(row.about:find("%.$"), row.name);
		end
	end);
end);
