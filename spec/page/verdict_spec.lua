local reasons = require "meetauth.reasons";
local verdict = require "meetauth.page.verdict";

describe("meetauth.page.verdict", function ()
	it("has a sentence for each reason", function ()
		for _, reason in ipairs(reasons.list) do
			local words = ("%s: %s (usual cause: %s)"):format(reason.word, reason.meaning, reason.cause);
			assert.equal(words, verdict.sentence(reason.word));
		end
	end);

	it("has the usual cause of the entry's dialect", function ()
		for dialect, cause in pairs(reasons.by_word["bad-claim"].causes) do
			assert.truthy(verdict.sentence("bad-claim", { dialect = dialect }):find(cause, 1, true));
		end
	end);

	it("has one word for what comes of it", function ()
		assert.equal("accepted", verdict.word(nil));
		assert.equal("refused", verdict.word("expired"));
		assert.equal("cannot tell", verdict.word("keys-unavailable"));
	end);
end);
