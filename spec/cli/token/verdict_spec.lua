--- What a judgement comes to: words, JSON and status.

local null = require "meetauth.core".null;
local reasons = require "meetauth.reasons";
local stop = require "meetauth.cli.io.stop";
local verdict = require "meetauth.cli.token.verdict";

describe("meetauth.cli.token.verdict", function ()
	it("has a sentence for each reason", function ()
		for _, reason in ipairs(reasons.list) do
			local words = ("%s: %s (usual cause: %s)"):format(reason.word, reason.meaning, reason.cause);
			assert.equal(words, verdict.sentence(reason.word));
		end
	end);

	it("has the usual cause of the entry's dialect", function ()
		for dialect, cause in pairs(reasons.by_word["bad-claim"].causes) do
			assert.truthy(verdict.sentence("bad-claim", { dialect = dialect }):find(cause, 1, true));
			local _, raised = pcall(verdict.refuse, "bad-claim", false, { dialect = dialect });
			assert.truthy(raised.message:find(cause, 1, true));
		end
	end);

	it("is true, false, or null where it cannot be told", function ()
		assert.equal(true, verdict.is_valid({}, nil));
		assert.equal(false, verdict.is_valid(nil, "expired"));
		assert.equal(null, verdict.is_valid(nil, "keys-unavailable"));
	end);

	local ends = { { "expired", 1, "refused: expired: " }, { "keys-unavailable", 3, "cannot tell: keys-unavailable: " } };
	for _, case in ipairs(ends) do
		it(("ends the command with status %d for %s"):format(case[2], case[1]), function ()
			local _, raised = pcall(verdict.refuse, case[1]);
			assert.is_true(stop.is(raised));
			assert.same({ case[2], case[3] }, { raised.status, raised.message:sub(1, #case[3]) });
			_, raised = pcall(verdict.refuse, case[1], true);
			assert.same({ case[2] }, { raised.status, raised.message });
		end);
	end
end);
