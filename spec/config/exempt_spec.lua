local exempt = require "meetauth.config.exempt";

local function read(given)
	return exempt.read(function (name) return given[name]; end);
end

describe("meetauth.config.exempt", function ()
	it("is nobody unless somebody is named", function ()
		assert.same({ {}, {} }, { read({}) });
		assert.same({ {}, {} }, { read({ meetauth_exempt = {} }) });
	end);

	it("is who stands in either option", function ()
		assert.same({ { a = true, b = true, ["c@d"] = true }, {} },
			{ read({ meetauth_exempt = "a", token_verification_allowlist = { "b", "c@d" } }) });
	end);

	for name, given in pairs({
		["with a hole"] = { { "a", nil, "b" }, "found a list with an empty place at 2" };
		["with names"] = { { ["a@b"] = true }, 'found a table with the name "a@b"' };
		["of numbers"] = { { 7 }, "found a list with 7 at 1" };
		["that is none"] = { true, "found true" };
	}) do
		it("drops nothing of a list " .. name .. " without a word", function ()
			for _, option in ipairs({ "meetauth_exempt", "token_verification_allowlist" }) do
				local _, problems = read({ [option] = given[1] });
				assert.same({ ("%s: %s, expected a list of strings"):format(option, given[2]) }, problems);
			end
		end);
	end
end);
