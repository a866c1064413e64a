--- The README: short enough to be read, and true in what it names.

local reasons = require "meetauth.reasons";
local sections = require "spec.support.sections";

local readme = sections.of("README.md");

describe("the README", function ()
	it("has 130 lines and 9000 characters at most", function ()
		local file <close> = assert(io.open(readme.path));
		local text = file:read("a");
		assert.is_true(select(2, text:gsub("\n", "")) <= 130);
		assert.is_true(utf8.len(text) <= 9000);
	end);

	it("shows the way from the link to the room with reasons alone, each gate with one", function ()
		local gates, words = 0, 0;
		for line in (readme:code("The way from a link to the room", "text") .. "\n"):gmatch("([^\n]*)\n") do
			local gate, list = line:match("^%s+%[ (%S+)%s+%]%s*(.*)$");
			if gate then gates = gates + 1; end
			for word in (list or ""):gmatch("[%l-]+") do
				assert.is_table(reasons.by_word[word], word);
				words = words + 1;
			end
		end
		assert.is_true(gates >= 6 and words >= 20, words);
	end);

	it("shows a Lua program that prints what it says", function ()
		local code = readme:code("A Lua program", "lua");
		local promised, printed = {}, {};
		for line in code:gmatch("%-%-> ([^\n]+)") do promised[#promised + 1] = line; end
		local function note(...)
			local words = table.pack(...);
			for i = 1, words.n do words[i] = tostring(words[i]); end
			printed[#printed + 1] = table.concat(words, "\t");
		end
		assert(load(code, "=README.md", "t", setmetatable({ print = note }, { __index = _G })))();
		assert.same(promised, printed);
		assert.is_true(#printed > 0);
	end);
end);
