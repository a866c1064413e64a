local page = require "meetauth.rest.page";

local list = {};
for i = 1, 250 do list[i] = { id = "id-" .. i }; end

-- "1-100 of 100", or what is wrong
local function ids(query, of)
	local part, wrong = page.of(of or list, query, "thing");
	if not part then return wrong; end
	return part[1] and ("%s to %s, %d"):format(part[1].id:sub(4), part[#part].id:sub(4), #part) or "none";
end

describe("a page of a list", function ()
	for _, case in ipairs({
		{ "is the first hundred", {}, "1 to 100, 100" };
		{ "has as many as are asked for", { limit = "7" }, "1 to 7, 7" };
		{ "goes on after an id", { starting_after = "id-100" }, "101 to 200, 100" };
		{ "ends with the list", { starting_after = "id-200" }, "201 to 250, 50" };
		{ "is empty after the last", { starting_after = "id-250" }, "none" };
		{ "goes back before an id", { ending_before = "id-101", limit = "10" }, "91 to 100, 10" };
		{ "goes back to the first", { ending_before = "id-3" }, "1 to 2, 2" };
		{ "is empty before the first", { ending_before = "id-1" }, "none" };
		{ "is the last one from the oldest", { ending_before = "OLDEST", limit = "20" }, "231 to 250, 20" };
		{ "has no more than a hundred", { limit = "101" }, "limit should be 1 to 100" };
		{ "has one at least", { limit = "0" }, "limit should be 1 to 100" };
		{ "has a whole number of them", { limit = "1.5" }, "limit should be 1 to 100" };
		{ "begins after something that is there", { starting_after = "x" }, "starting_after should be the id of a thing" };
		{ "ends before something that is there", { ending_before = "oldest" }, "ending_before should be the id of a thing" };
		{ "has one cursor", { starting_after = "id-1", ending_before = "id-9" },
			"starting_after and ending_before cannot be used together" };
	}) do
		it(case[1], function () assert.equal(case[3], ids(case[2])); end);
	end

	it("is empty of an empty list", function ()
		assert.equal("none", ids({}, {}));
		assert.equal("none", ids({ ending_before = "OLDEST" }, {}));
	end);
end);
