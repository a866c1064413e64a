-- Without Prosody there is no Unicode: a few characters stand for it here, the rest is live (jitsi-rooms.test.mjs).

local roomname = require "meetauth.room.name";

local lower = { ["Ä"] = "ä", ["Σ"] = "σ", ["ς"] = "σ", ["В"] = "в" };
local unicode = {
	nfkc = function (s) if not s:find("\u{5D0}") then return (s:gsub("A\u{308}", "Ä"):gsub("\u{FF21}", "A")); end end;
	fold = function (s) return lower[s] or s:lower(); end;
};

local splits = {
	{ node = "room", name = "room" };
	{ node = "[acme]room", tenant = "acme", name = "room" };
	{ node = "[acme]", name = "[acme]" };
	{ node = "[]room", name = "[]room" };
	{ node = "[a][b]c", tenant = "a", name = "[b]c" };
	{ node = "x[acme]room", name = "x[acme]room" };
	{ node = "[acme", name = "[acme" };
	{ node = "[a]b]c", tenant = "a", name = "b]c" };
	{ node = "%5bacme%5droom", name = "%5bacme%5droom" };
	{ node = "", name = "" };
};

local same = {
	{ "room", "room" }, { "Room", "room" }, { "a%20b", "a%20b" }, { "A%20B", "a%20b" }, { "a b", "a%20b" },
	{ "Ä", "%c3%a4" }, { "ä", "%c3%a4" }, { "%C3%84", "%c3%a4" }, { "%c3%a4", "%c3%a4" }, { "A\u{308}", "%c3%a4" },
	{ "ΣΣ", "%cf%83%cf%82" }, { "В", "%d0%b2" }, { "\u{FF21}", "a" }, { "\u{5D0}1", "%d7%901" }, { "100%", "100%25" },
	{ "", "" },
};

local different = {
	{ "room", "rooms" }, { "rooms", "room" }, { "room", "Room" }, { "room", "" }, { "", "room" },
	{ "Ä", "a" }, { "a", "%c3%a4" }, { "ä", "%c3%b6" }, { "ab", "%61" }, { "a", "%61%62" },
	{ "a", "%41" }, -- not a name that the client makes, and not the same room
	{ "\255", "%ff" }, { "\255", "\254" }, { "ä", "%c3" }, { "%c3", "%c3%a4" }, { "%zz", "zz" }, { "a%", "a" },
};

describe("meetauth.room.name", function ()
	for _, case in ipairs(splits) do
		it(("splits %q"):format(case.node), function ()
			local tenant, name = roomname.split(case.node);
			assert.equal(case.tenant, tenant);
			assert.equal(case.name, name);
		end);
	end

	for _, pair in ipairs(same) do
		it(("takes %q for %q"):format(pair[1], pair[2]), function ()
			assert.is_true(roomname.same(pair[1], pair[2], unicode));
		end);
	end

	for _, pair in ipairs(different) do
		it(("does not take %q for %q"):format(pair[1], pair[2]), function ()
			assert.is_false(roomname.same(pair[1], pair[2], unicode));
		end);
	end

	it("copes with a Unicode that knows no answer", function ()
		local none = { nfkc = function () return nil; end, fold = function () return nil; end };
		assert.is_true(roomname.same("ä", "%c3%a4", none));
		assert.is_false(roomname.same("Ä", "%c3%a4", none));
	end);
end);
