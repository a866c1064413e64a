local revocation = require "meetauth.server.revocation";

local now = 1700000000;
local entries = {
	{ id = "portal", asked = { leeway = 10.0 } };
	{ id = "aging", asked = { leeway = 10.0, max_age = 3600 } };
};

local function new(kind, value, options, of, grace)
	return revocation.of(kind, value, options or {}, of or entries, grace or 0, now);
end

describe("a revocation", function ()
	it("is told apart from every other by its id", function ()
		local ids = {};
		for _, one in ipairs({ new("jti", "a"), new("user", "a"), new("sub", "a"),
			new("jti", "a", { entry = "portal" }), new("entry", "portal"), new("jti", "portal") }) do
			assert.is_nil(ids[one.id]);
			assert.truthy(one.id:find("^%x+$") and #one.id == 16);
			ids[one.id] = true;
		end
	end);
end);

describe("a revocation ends", function ()
	local aging = { entries[2] };
	local cases = {
		{ "never, where nobody knows how long a token counts", { "jti", "t1" }, nil };
		{ "when the named token has expired, and its leeway is over", { "jti", "t1", { expires = now + 500 } }, now + 510 };
		{ "not before a grace is over", { "jti", "t1", { expires = now + 500 }, entries, 30 }, now + 540 };
		{ "when a token issued now is too old", { "jti", "t1", {}, aging }, now + 10 + 3600 + 10 };
		{ "at the expiry, where that comes first", { "jti", "t1", { expires = now + 500 }, aging }, now + 510 };
		{ "at the age, where that comes first", { "jti", "t1", { expires = now + 5000 }, aging }, now + 3620 };
		{ "when the last is too old that was issued before", { "entry", "aging", { issued_before = now } }, now + 3610 };
		{ "never, where new tokens are hit as well", { "entry", "aging" }, nil };
		{ "never, where one of the entries gives no age", { "user", "u", { issued_before = now } }, nil };
		{ "never, where the entry is not configured any more", { "entry", "gone", { issued_before = now } }, nil };
		{ "never, where it is confined to such an entry", { "jti", "t1", { entry = "gone", expires = now + 500 } }, nil };
		{ "by the entry that it is confined to", { "user", "u", { issued_before = now, entry = "aging" } }, now + 3610 };
	};
	for _, case in ipairs(cases) do
		local name, wish, ends = table.unpack(case, 1, 3);
		it(name, function ()
			local one = assert(new(table.unpack(wish)));
			assert.equal(ends, one.ends);
			assert.equal(ends ~= nil, revocation.is_over(one, ends or math.huge));
			assert.is_false(revocation.is_over(one, (ends or now) - 1));
		end);
	end
end);

describe("a wish to revoke", function ()
	local cases = {
		{ "of an unknown kind", { "kid", "k" }, "^kind: expected jti, sub, user or entry$" };
		{ "of nothing", { "jti", "" }, "^value: expected 1 to 1024 bytes" };
		{ "of a value that is no text", { "jti", 5 }, "^value: " };
		{ "of a value that is no UTF-8", { "jti", "\xff" }, "^value: " };
		{ "of a value that is too long", { "jti", ("x"):rep(1025) }, "^value: " };
		{ "within an entry that is no text", { "jti", "t", { entry = 7 } }, "^entry: expected 1 to 1024 bytes" };
		{ "within an entry without a name", { "jti", "t", { entry = "" } }, "^entry: expected 1 to 1024 bytes" };
		{ "of an entry within an entry", { "entry", "portal", { entry = "portal" } }, "^entry: expected no entry option" };
		{ "with a misspelt option", { "jti", "t", { expire = 1 } }, '^options: found "expire"' };
		{ "with a time that is text", { "jti", "t", { expires = "soon" } }, "^expires: expected seconds" };
		{ "with a time that is none", { "jti", "t", { issued_before = 0 / 0 } }, "^issued_before: expected seconds" };
	};
	for _, case in ipairs(cases) do
		it(case[1] .. " comes to nothing", function ()
			local one, problem = new(table.unpack(case[2]));
			assert.is_nil(one);
			assert.matches(case[3], problem);
		end);
	end
end);
