--- Every page is in plain English: no sentence over 25 words outside tables and code, none of the phrases that
-- spec/support/plain.lua lists.

local plain = require "spec.support.plain";

local paths = {};
local pipe <close> = assert(io.popen("find README.md CHANGELOG.md doc examples -name '*.md' | sort"));
for path in pipe:lines() do paths[#paths + 1] = path; end

local function read(path)
	local file <close> = assert(io.open(path));
	return file:read("a");
end

describe("the pages", function ()
	it("were found", function () assert.is_true(#paths > 30); end);

	for _, path in ipairs(paths) do
		it("are plain: " .. path, function ()
			local faults = plain.page_faults(read(path));
			assert.equal("", table.concat(faults, "\n"));
		end);
	end
end);
