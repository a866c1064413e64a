local audit = require "meetauth.server.audit";
local core = require "meetauth.core";

local NOW = 1700000000.25;

local function line(decision) return audit.line(decision, NOW); end

-- The value as a reader of JSON has it.
local function read_back(text)
	return assert(core.decode(text));
end

describe("meetauth.server.audit", function ()
	it("writes the members in one order, and only those that there are", function ()
		assert.equal('{"time":"2023-11-14T22:13:20.250Z","event":"login_refused","host":"meet.example",' ..
			'"reason":"expired","ref":"abc234"}',
			line({ ref = "abc234", reason = "expired", host = "meet.example", event = "login_refused" }));
	end);

	it("leaves out whatever has no place in the line", function ()
		assert.equal('{"time":"2023-11-14T22:13:20.250Z","event":"removed"}',
			line({ event = "removed", hint = "x", alg = "HS256", user = { id = 1 }, jti = core.null, kid = function () end }));
	end);

	local hostile = {
		"a\nb", "a\r\nb", "\0\1\31\127", '","event":"login_accepted', '"}\n{"a":"', "\\", "</script>",
		"\u{2028}\u{2029}\u{85}", "\u{202E}evil", "\u{FEFF}", "\u{1F600}", "\u{10FFFF}", "\u{E9}\u{4E2D}", "%s%n%d%%",
	};
	for _, value in ipairs(hostile) do
		local shown = value:gsub("[^ -~]", function (byte) return ("\\x%02X"):format(byte:byte()); end);
		it("keeps " .. shown .. " in one line of printable ASCII that reads as it was", function ()
			local text = line({ event = "join_accepted", room = value, user = value, jti = value });
			assert.is_nil(text:find("[^ -~]"));
			local read = read_back(text);
			assert.same({ value, value, value, "join_accepted" }, { read.room, read.user, read.jti, read.event });
		end);
	end

	it("marks bytes that are no UTF-8", function ()
		assert.equal("a??b", read_back(line({ event = "removed", user = "a\xFF\xC0b" })).user);
	end);

	it("writes ids that are numbers as numbers", function ()
		assert.equal(7, read_back(line({ event = "removed", user = 7 })).user);
	end);

	it("tells who bears a grant, and of nobody without one", function ()
		assert.same({ "ada", "t1" }, { audit.bearer({ user = { id = "ada" }, token_id = "t1" }) });
		assert.same({}, { audit.bearer({}) });
		assert.same({}, { audit.bearer(nil) });
	end);
end);
