local list = require "meetauth.util.list";

local cases = {
	{ name = "has nothing of nothing", list = {}, set = {} };
	{ name = "has each value once", list = { "a", "b", "a" }, set = { a = true, b = true } };
	{ name = "tells types apart", list = { 1, "1", true }, set = { [1] = true, ["1"] = true, [true] = true } };
	{ name = "has no names of members", list = { "a", name = "b" }, set = { a = true } };
};

describe("a list as a set", function ()
	for _, case in ipairs(cases) do
		it(case.name, function () assert.same(case.set, list.set(case.list)); end);
	end

	it("is another table", function ()
		local values = { "a" };
		list.set(values).b = true;
		assert.same({ "a" }, values);
	end);
end);

describe("the names in a table", function ()
	local given = { b = 1, a = true, c = {} };

	it("are sorted", function () assert.same({ "a", "b", "c" }, list.names(given)); end);

	it("are those that are wanted", function ()
		assert.same({ "b", "c" }, list.names(given, function (name) return name ~= "a"; end));
	end);

	it("are none of nothing", function ()
		assert.same({}, list.names({}));
		assert.same({}, list.names(nil));
	end);
end);
