local dailyclaims = require "meetauth.dialect.daily.claims";
local dailypermissions = require "meetauth.dialect.daily.permissions";
local login = require "spec.support.dailylogin";
local page = require "spec.support.page";
local reasons = require "meetauth.reasons";

local path = "examples/daily/README.md";
local claims = "doc/daily.md";

describe("the page of Daily's claims", function ()
	it("lists every claim, its long name and its fate, in order", function ()
		local expected, found = {}, {};
		for i, field in ipairs(dailyclaims.list) do
			expected[i] = { "`" .. field.claim .. "`", field.long and "`" .. field.long .. "`" or "–", field.fate };
		end
		for i, row in ipairs(page.rows(claims, "claim")) do found[i] = { row[1], row[2], row[4] }; end
		assert.same(expected, found);
	end);

	it("lists every part of p and its fate, in order", function ()
		local expected, found = {}, {};
		for i, part in ipairs(dailypermissions.list) do expected[i] = { "`" .. part.part .. "`", part.fate }; end
		for i, row in ipairs(page.rows(claims, "part of `p`")) do found[i] = { row[1], row[2] }; end
		assert.same(expected, found);
	end);

	it("has no words of fate but the three", function ()
		for _, head in ipairs({ "claim", "part of `p`" }) do
			for _, row in ipairs(page.rows(claims, head)) do
				local fate = head == "claim" and row[4] or row[2];
				assert.is_truthy(fate == "enforced" or fate == "published" or fate == "ignored", fate);
			end
		end
	end);

end);

describe("the guide for Daily", function ()
	for _, row in ipairs(page.rows(path, "in the token")) do
		local members = page.quoted(row[1])[1];
		it("says what {" .. members .. "} gives", function ()
			for column, strict in pairs({ [2] = false, [3] = true }) do
				local grant, reason = login(members, { strict = strict });
				assert.equal(row[column], grant and "accepted" or "`" .. reason .. "`");
				if grant and row[4]:find("noted", 1, true) then
					assert.is_truthy(grant.notes[1]);
				elseif grant and not members:find("mjh", 1, true) then
					assert.same({}, grant.notes);
				end
			end
		end);
	end

	it("says what spellings that disagree give", function ()
		local grant, reason = login('"u":"Ann","user_name":"Ben"', { claim_names = "either" });
		assert.same({ nil, "ambiguous-claims" }, { grant, reason });
		assert.equal("Ann", login('"u":"A\\u202enn"').nick);
	end);

	it("names no reason that is none", function ()
		local kept = { ["registration-required"] = true }; -- XMPP's own
		for _, row in ipairs(page.rows(path, "Daily's `error.type`")) do
			for _, word in ipairs(page.quoted(row[2])) do
				if word:find("^%l+%-[%l-]+$") and not kept[word] then assert.is_table(reasons.by_word[word], word); end
			end
		end
	end);
end);
