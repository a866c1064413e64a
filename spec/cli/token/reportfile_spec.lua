--- The page of explain's report, as the command writes it: spec/cli/command/explain_spec.lua has what is in it.

local command = require "spec.support.command";
local pasted = require "meetauth.page.pasted";
local reportfile = require "meetauth.cli.token.reportfile";

teardown(command.clean);

local function page_of(with_values)
	local path = ("%s/page-%s.html"):format(command.folder(), tostring(with_values));
	local judged = {
		given = pasted.of("a.b.c"), subject = {}, reason = "expired",
		rows = { { check = "iss", verdict = "fail", reason = "issuer-mismatch", found = "Portal", expected = "portal" } },
	};
	reportfile.write(path, judged, 1700000000, with_values);
	local file <close> = assert(io.open(path));
	return file:read("a");
end

describe("meetauth.cli.token.reportfile #command", function ()
	it("describes values", function ()
		local page = page_of(false);
		assert.is_nil(page:find("Portal", 1, true));
		assert.truthy(page:find("a string of 6 characters", 1, true));
	end);

	it("shows them where they are asked for", function ()
		assert.truthy(page_of(true):find("Portal", 1, true));
	end);
end);
