local cells = require "meetauth.page.cells";

local NOW = 1700000000;

describe("meetauth.page.cells", function ()
	it("shows a time in words, and how far it is", function ()
		local found = cells.found({ check = "exp", found = NOW - 120 }, NOW);
		assert.truthy(found:find("2 minutes ago", 1, true), found);
		assert.equal(found, cells.moment("exp", NOW - 120, NOW));
	end);

	it("shows a token's value as JSON, and our words as they are", function ()
		assert.equal('"portal"', cells.found({ check = "iss", found = "portal" }, NOW));
		local ours = "one of 32 bytes, by another key";
		assert.equal(ours, cells.found({ check = "signature", found = ours }, NOW));
		assert.equal("nothing", cells.found({ check = "iss", found = "nothing" }, NOW));
		assert.equal("", cells.found({ check = "iss" }, NOW));
		assert.equal('"https://a/b"', cells.json("https://a/b"));
	end);

	it("shows an expected moment with its date, and other numbers as they are", function ()
		local date = require "meetauth.util.times".localtime(NOW);
		assert.equal(("after %d (%s)"):format(NOW, date), cells.expected({ check = "exp", expected = "after " .. NOW }));
		assert.equal(("not after %d (%s)"):format(NOW, date), cells.expected({ check = "window", expected = "not after " .. NOW }));
		assert.equal("" .. NOW, cells.expected({ check = "kid", expected = "" .. NOW }));
	end);

	it("shows nothing that turns direction or draws", function ()
		assert.equal('"\\u202ea\\u001b"', cells.json("\u{202e}a\27"));
		assert.equal("a\\u202eb", cells.expected({ expected = "a\u{202e}b" }));
	end);

	it("parts a hint from what to write", function ()
		local row = { hint = 'iss differs only in case. Write iss = "portal"' };
		assert.same({ "iss differs only in case", 'Write iss = "portal"' }, { cells.hint(row) });
		assert.same({ "by the key of the entry zeta" }, { cells.hint({ hint = "by the key of the entry zeta" }) });
		assert.same({}, { cells.hint({}) });
	end);

	it("calls neither key nor signature wrong where no key could be had", function ()
		local rows = {
			{ check = "key", verdict = "fail", reason = "unknown-key", hint = "h" };
			{ check = "exp", verdict = "fail", reason = "expired" };
		};
		cells.mark_unsure(rows, "keys-unavailable");
		assert.same({ check = "key", verdict = "skipped", reason = "keys-unavailable" }, rows[1]);
		assert.equal("fail", rows[2].verdict);
	end);
end);
