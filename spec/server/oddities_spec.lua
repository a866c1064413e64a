local oddities = require "meetauth.server.oddities";

local function words_of(list)
	local all = {};
	for i, one in ipairs(list) do all[i] = one.words; end
	return all;
end

describe("meetauth.server.oddities", function ()
	it("says of each thing once that it is new, and counts it", function ()
		local kept = oddities.keeper({});
		assert.is_true(kept:note("meet.example", "portal", "no exp", 10));
		assert.is_false(kept:note("meet.example", "portal", "no exp", 20));
		assert.is_false(kept:note("meet.example", "portal", "no exp", 30));
		local one = { host = "meet.example", entry = "portal", words = "no exp", count = 3, first = 10, last = 30 };
		assert.same({ one }, kept:latest(20));
	end);

	it("keeps hosts, entries and words apart", function ()
		local kept = oddities.keeper({});
		assert.is_true(kept:note("a.example", "portal", "no exp", 1));
		assert.is_true(kept:note("b.example", "portal", "no exp", 1));
		assert.is_true(kept:note("a.example", "other", "no exp", 1));
		assert.is_true(kept:note("a.example", "portal", "no room", 1));
		assert.equal(4, #kept:latest(20));
	end);

	it("lists what was seen last first, as many as are wanted, and of whom", function ()
		local kept = oddities.keeper({});
		for i, words in ipairs({ "a", "b", "c" }) do kept:note(i == 2 and "other" or "host", "portal", words, i); end
		kept:note("host", "portal", "a", 9);
		assert.same({ "a", "c", "b" }, words_of(kept:latest(20)));
		assert.same({ "a", "c" }, words_of(kept:latest(2)));
		assert.same({ "b" }, words_of(kept:latest(2, function (one) return one.host == "other"; end)));
	end);

	it("shares a table, and finds there what another left", function ()
		local store = {};
		oddities.keeper(store):note("host", "portal", "a", 1);
		assert.is_false(oddities.keeper(store):note("host", "portal", "a", 2));
	end);

	it("lets the half go that was not seen for the longest time, where there is too much", function ()
		local kept, most = oddities.keeper({}), 10000;
		for i = 1, most do assert.is_true(kept:note("host", "entry" .. i, "a", i)); end
		assert.is_false(kept:note("host", "entry1", "a", most));
		assert.is_true(kept:note("host", "one more", "a", most));
		local list = kept:latest(2 * most);
		assert.equal(most // 2 + 1, #list);
		assert.equal("one more", list[1].entry);
		assert.equal("entry1", list[2].entry);
		assert.equal("entry" .. most, list[3].entry);
		for i = 1, most do kept:note("host", "again" .. i, "a", most + i); end
		assert.is_true(#kept:latest(3 * most) <= most);
	end);
end);
