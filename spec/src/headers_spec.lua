-- src/*.h: each header can be read alone, so that whoever includes it need not know what it needs.

local function lines(command)
	local pipe <close> = assert(io.popen(command));
	local found = {};
	for line in pipe:lines() do found[#found + 1] = line; end
	return found;
end

describe("a header of the core", function ()
	local flags = table.concat(lines("pkg-config --cflags lua5.4 libcrypto"), " ");
	local headers = lines("ls src/*.h");

	it("is one of some", function () assert.is_true(#headers > 20); end);

	for _, header in ipairs(headers) do
		it(("stands alone: %s #command"):format(header), function ()
			local said = lines(("cc -std=c11 -Wall -Wextra -Werror -fsyntax-only %s -x c %s 2>&1 || echo failed"):format(flags, header));
			assert.same({}, said);
		end);
	end
end);
