local core = require "meetauth.core";
local kinds = require "meetauth.rest.kinds";

local function list(...) return setmetatable({ ... }, core.array_mt); end

describe("kinds of values at the REST interface", function ()
	for _, case in ipairs({
		{ "whole seconds", kinds.seconds, 60.0, 60 };
		{ "no fraction of a second", kinds.seconds, 60.5, nil };
		{ "a time that is rounded down", kinds.time(math.floor), 1700000000.9, 1700000000 };
		{ "a time that is rounded up", kinds.time(math.ceil), 1700000000.1, 1700000001 };
		{ "no milliseconds", kinds.time(math.floor), 1700000000000, nil };
		{ "no text for a time", kinds.time(math.floor), "1700000000", nil };
		{ "a mode of recording", kinds.recording, "cloud", "cloud" };
		{ "no mode that is none", kinds.recording, "tape", nil };
		{ "a list", kinds.list, list("a"), list("a") };
		{ "no object for a list", kinds.list, { a = 1 }, nil };
		{ "permissions as the claim p", kinds.permissions, { canAdmin = list("participants") }, { ca = "p" } };
	}) do
		it("read " .. case[1], function () assert.same(case[4], (case[2].read(case[3]))); end);
	end

	it("say which member does not fit, and what would", function ()
		local function wrong(name, kind, value) return select(2, kinds.read({ name = name, kind = kind }, value)); end
		assert.equal("geo should be a string", wrong("geo", kinds.string, 7));
		assert.equal("exp was 'soon' but should be a number of seconds since the unix epoch",
			wrong("exp", kinds.time(math.floor), "soon"));
		assert.equal("unknown parameter 'permissions.canFly'", wrong("permissions", kinds.permissions, { canFly = true }));
		assert.equal("permissions should be an object", wrong("permissions", kinds.permissions, true));
	end);

	it("show of a caller's own words what fits a line", function ()
		assert.equal(("x"):rep(64), kinds.shown(("x"):rep(5000)));
		assert.equal("unknown parameter 'ab'", kinds.stranger({ ["a\r\nb\u{202e}"] = 1, c = 1 }, { c = true }));
		assert.same({ "null", "an object" }, { kinds.shown(core.null), kinds.shown({}) });
	end);

	it("tell when exp has passed", function ()
		assert.is_nil(kinds.passed(nil, nil, 100));
		assert.is_nil(kinds.passed(101, 101, 100));
		assert.equal("exp was '100', which is in the past rather than in the future", kinds.passed(100, 100, 100));
	end);
end);
