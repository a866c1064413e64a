-- Hints beside the features that a token names.

local list = require "meetauth.hint.features";
local world = require "spec.support.hintworld";

local of_jitsi, of_daily = world.of_jitsi, world.of_daily;

local function features(named) return of_jitsi({ context = { features = named } }); end

-- { what people trip over, the token, the check beside which the hint stands, what it says }
local cases = {
	{ "a feature as a number", features({ recording = 1 }), "grant", "neither true nor false" };
	{ "a feature in another case", features({ recording = "True" }), "grant", "neither true nor false" };
	{ "features as a list", features({ "recording" }), "grant", "neither true nor false" };
	{ "a feature that nobody knows", features({ recording = true, LEAK = false }), "grant", "unknown feature" };
};

local seen = {};

local function hint_beside_grant(case)
	for _, row in ipairs(world.rows_of(case)) do
		if row.check == "grant" then return row.hint; end
	end
	return nil;
end

describe("a hint", function ()
	for _, case in ipairs(cases) do
		it("is given for " .. case[1], function () world.look(case, list, seen); end);
	end

	it("was given for each that there is beside features", function ()
		for _, hint in ipairs(list) do assert.is_true(seen[hint], hint.check .. ": " .. hint.says); end
	end);

	it("is not given for features that are as they should be", function ()
		local good = { recording = true, livestreaming = "true", flip = false, ["screen-sharing"] = "false", ["name-readonly"] = true };
		assert.is_nil(hint_beside_grant({ "", features(good) }));
		assert.is_nil(hint_beside_grant({ "", of_daily({ context = { features = { LEAK = 1 } } }), host = "daily" }));
	end);

	it("leaves a moderator among the features to another", function ()
		assert.matches("in the wrong place", hint_beside_grant({ "", features({ moderator = true }) }), 1, true);
	end);
end);
