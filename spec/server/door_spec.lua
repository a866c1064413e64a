local door = require "meetauth.server.door";

-- A door with a clock and a source of chance that the spec moves on.
local function world()
	local at, made = 1000, 0;
	local asked = {};
	local one = door.new({
		now = function () return at; end;
		random = function (count)
			made = made + 1;
			asked[#asked + 1] = count;
			return string.char(made % 256):rep(count);
		end;
		equals = function (a, b)
			assert.equal(32, #a);
			assert.equal(32, #b);
			return a == b;
		end;
	});
	return one, function (seconds) at = at + seconds; end, asked;
end

describe("meetauth.server.door", function ()
	it("opens once by a code", function ()
		local one = world();
		local code = one:code();
		local id = one:enter(code);
		assert.is_string(id);
		assert.is_table(one:session(id));
		assert.is_nil(one:enter(code));
	end);

	it("takes 256 bits of chance for each code and session", function ()
		local one, _, asked = world();
		one:enter(one:code());
		assert.same({ 32, 32 }, asked);
	end);

	it("keeps neither a code nor an id", function ()
		local one = world();
		local code = one:code();
		local id = one:enter(one:code());
		for _, list in ipairs({ one.codes, one.sessions }) do
			for _, pass in ipairs(list) do
				assert.not_equal(code, pass.digest);
				assert.not_equal(id, pass.digest);
			end
		end
	end);

	it("opens for ten minutes and no longer", function ()
		local one, pass = world();
		local early, late = one:code(), one:code();
		pass(599);
		assert.is_string(one:enter(early));
		pass(1);
		assert.is_nil(one:enter(late));
	end);

	it("ends a session after an hour", function ()
		local one, pass = world();
		local id = one:enter(one:code());
		pass(3599);
		assert.is_table(one:session(id));
		pass(1);
		assert.is_nil(one:session(id));
	end);

	it("ends a session that is left, and no other", function ()
		local one = world();
		local left, other = one:enter(one:code()), one:enter(one:code());
		one:leave(left);
		assert.is_nil(one:session(left));
		assert.is_table(one:session(other));
	end);

	it("takes no session's id for a code, and no code for an id", function ()
		local one = world();
		local code = one:code();
		local id = one:enter(one:code());
		assert.is_nil(one:enter(id));
		assert.is_nil(one:session(code));
	end);

	it("opens for nothing else", function ()
		local one = world();
		local code = one:code();
		for _, guess in ipairs({ "", code:sub(1, -2), code .. "0", code:upper() .. " ", ("0"):rep(64), 7, {}, true }) do
			assert.is_nil(one:enter(guess));
		end
		assert.is_nil(one:enter(nil));
		assert.is_string(one:enter(code));
	end);

	it("has eight sessions at most, and the oldest makes room", function ()
		local one, ids = world(), {};
		for i = 1, 9 do ids[i] = one:enter(one:code()); end
		assert.is_nil(one:session(ids[1]));
		for i = 2, 9 do assert.is_table(one:session(ids[i])); end
	end);

	it("has eight codes at most, and the oldest makes room", function ()
		local one, codes = world(), {};
		for i = 1, 9 do codes[i] = one:code(); end
		assert.is_nil(one:enter(codes[1]));
		assert.is_string(one:enter(codes[2]));
	end);

	it("compares with every one that there is, wherever the right one stands", function ()
		local compared = 0;
		local made = 0;
		local one = door.new({
			now = function () return 0; end;
			random = function (count) made = made + 1; return string.char(made):rep(count); end;
			equals = function (a, b) compared = compared + 1; return a == b; end;
		});
		local first = one:enter(one:code());
		for _ = 1, 4 do one:enter(one:code()); end
		compared = 0;
		one:session(first);
		assert.equal(5, compared);
	end);
end);
