--- What a judgement comes to: JSON and status.

local by_word = require "meetauth.reasons".by_word;
local null = require "meetauth.core".null;
local stop = require "meetauth.cli.io.stop";
local verdict = require "meetauth.cli.token.verdict";

describe("meetauth.cli.token.verdict", function ()
	it("ends the command with the usual cause of the entry's dialect", function ()
		for dialect, cause in pairs(by_word["bad-claim"].causes) do
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
