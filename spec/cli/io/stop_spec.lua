local ended = require "spec.support.ended";
local stop = require "meetauth.cli.io.stop";

local ends = {
	{ "a wrong call", stop.usage, { "--%s: expected %d", "leeway", 7 }, 2, "--leeway: expected 7" };
	{ "a refusal", stop.refused, { "refused: %s", "expired" }, 1, "refused: expired" };
	{ "a refusal of which everything has been said", stop.refused, {}, 1, nil };
};

describe("meetauth.cli.io.stop", function ()
	for _, case in ipairs(ends) do
		it(("ends %s with status %d"):format(case[1], case[4]), function ()
			assert.same({ case[4], case[5] }, { ended(case[2], table.unpack(case[3])) });
		end);
	end

	it("is told from whatever else is raised", function ()
		for _, value in ipairs({ "expired", 2, { status = 2, message = "x" }, true }) do assert.is_false(stop.is(value)); end
		assert.is_false(stop.is(nil));
	end);

	it("reads as its message, wherever it is shown", function ()
		assert.equal("no key", tostring(select(2, pcall(stop.usage, "no key"))));
		assert.equal("", tostring(select(2, pcall(stop.refused))));
	end);
end);
