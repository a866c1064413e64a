local words = require "meetauth.page.words";

describe("meetauth.page.words", function ()
	it("has words, and tables of words, and nothing else", function ()
		local function look(at, path)
			for name, value in pairs(at) do
				assert.is_string(name, path);
				if type(value) == "table" then look(value, path .. "." .. name); else assert.is_string(value, path .. "." .. name); end
			end
		end
		look(words, "words");
	end);

	it("has no empty word", function ()
		local function look(at)
			for _, value in pairs(at) do
				if type(value) == "table" then look(value); else assert.not_equal("", value); end
			end
		end
		look(words);
	end);
end);
