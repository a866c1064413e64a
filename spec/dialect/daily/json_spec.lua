-- Shapes of JSON values in Daily tokens, as they were read and as a program makes them.

local core = require "meetauth.core";
local shapes = require "meetauth.dialect.daily.json";

-- A value as JSON; whether it is an object, whether it is a list of strings.
local read = {
	{ "{}", true, false }; { '{"a":1}', true, false }; { "[]", false, true }; { '["a","b"]', false, true };
	{ '["a",1]', false, false }; { "[null]", false, false }; { '[["a"]]', false, false }; { '{"1":"a"}', true, false };
	{ '"a"', false, false }; { "1", false, false }; { "true", false, false }; { "null", false, false };
};

-- The same of what a program made.
local made = {
	{ "an empty table", {}, true, false }; { "a table of members", { a = "b" }, true, false };
	{ "a table of items", { "a" }, false, true }; { "items and members", { "a", b = "c" }, false, false };
	{ "items with a hole", { "a", nil, "c" }, false, false }; { "nothing", nil, false, false };
};

local pairs_of_values = {
	{ "1", "1", true }; { "1", "2", false }; { "1", '"1"', false }; { "null", "null", true }; { "null", "false", false };
	{ '{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}', true }; { '{"a":1}', '{"a":1,"b":2}', false }; { '{"a":1,"b":2}', '{"a":1}', false };
	{ "[1,2]", "[2,1]", false }; { "[1]", "[1,1]", false }; { '{"a":{"b":null}}', '{"a":{"b":null}}', true };
	{ '{"a":{"b":null}}', '{"a":{}}', false }; { "{}", "1", false };
};

describe("meetauth.dialect.daily.json", function ()
	for _, case in ipairs(read) do
		it(("takes %s for %s"):format(case[1], case[2] and "an object" or case[3] and "a list of words" or "neither"), function ()
			local value = core.decode(case[1]);
			assert.equal(case[2], shapes.is_object(value));
			assert.equal(case[3] and value or nil, shapes.list(value));
		end);
	end

	for _, case in ipairs(made) do
		it(("takes %s for %s"):format(case[1], case[3] and "an object" or case[4] and "a list of words" or "neither"), function ()
			assert.equal(case[3], shapes.is_object(case[2]));
			assert.equal(case[4] and case[2] or nil, shapes.list(case[2]));
		end);
	end

	for _, case in ipairs(pairs_of_values) do
		it(("finds that %s and %s %s"):format(case[1], case[2], case[3] and "say the same" or "differ"), function ()
			assert.equal(case[3], shapes.same(core.decode(case[1]), core.decode(case[2])));
			assert.equal(case[3], shapes.same(core.decode(case[2]), core.decode(case[1])));
		end);
	end
end);
