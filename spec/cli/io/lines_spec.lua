-- The lines of a file in the memory of one block and one line.

local lines = require "meetauth.cli.io.lines";

-- A file of that text that hands out so many bytes at most.
local function file_of(text, most)
	local at = 1;
	return { read = function (_, n)
		if at > #text then return nil; end
		local piece = text:sub(at, at + math.min(n, most or n) - 1);
		at = at + #piece;
		return piece;
	end };
end

local function all_lines(text, most)
	local list = {};
	for line in lines.of(file_of(text, most)) do list[#list + 1] = line; end
	return list;
end

describe("lines", function ()
	it("are the same however their file comes in", function ()
		for most = 1, 9 do assert.same({ "one", "", "three\r", "last" }, all_lines("one\n\nthree\r\nlast", most)); end
		assert.same({ "one" }, all_lines("one\n"));
		assert.same({}, all_lines(""));
	end);
	it("that are too long are read past", function ()
		local next_line = lines.of(file_of(("x"):rep(1048577) .. "\n" .. ("y"):rep(1048576) .. "\n"));
		assert.same({ "", "longer than 1048576 bytes", false }, { next_line() });
		assert.equal(1048576, #next_line());
		assert.is_nil(next_line());
	end);
	it("that are too long tell whether they have a quotation mark, wherever it is", function ()
		local long = ("x"):rep(1048577);
		for _, line in ipairs({ '"' .. long, long .. '"', long .. '"' .. long }) do
			for _, most in ipairs({ 65536, 2000000 }) do
				local next_line = lines.of(file_of(line .. "\nnext\n", most));
				assert.same({ "", "longer than 1048576 bytes", true }, { next_line() });
				assert.equal("next", next_line());
			end
		end
	end);
end);
