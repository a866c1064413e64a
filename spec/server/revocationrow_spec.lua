local new_revocation = require "meetauth.server.revocation".of;
local revocationrow = require "meetauth.server.revocationrow";

local now = 1700000000;
local entries = { { id = "portal", asked = { leeway = 10.0 } } };

local function revocation(kind, value, options)
	return new_revocation(kind, value, options or {}, entries, 0, now);
end

-- Whether each member is what it was.
local function is_as(one, other)
	assert.same(one, other);
	for name, value in pairs(one) do assert.equal(type(value), type(other[name])); end
end

describe("a row of a revocation", function ()
	local all = {
		revocation("user", "u1", { issued_before = now, expires = now + 5 });
		revocation("jti", "with 7 spaces\n\0and - more", { entry = "an entry - 5" });
		revocation("jti", "5", { entry = "5" });
		revocation("entry", "portal", { issued_before = now - 0.5 });
		revocation("sub", "-");
		revocation("jti", ("x"):rep(1024), { entry = ("é"):rep(512) });
	};
	all[1].by = "rest";

	it("is text, and is read as it was", function ()
		for _, one in ipairs(all) do
			local row = revocationrow.of(one);
			assert.is_string(row);
			is_as(one, revocationrow.read(one.id, row));
			assert.equal(now, revocationrow.since(row));
			assert.equal(row, revocationrow.kept(one.id, row));
		end
	end);

	it("is made of what earlier versions have kept", function ()
		for _, one in ipairs(all) do assert.equal(revocationrow.of(one), revocationrow.kept(one.id, one)); end
	end);

	it("says whose tokens alone it hits", function ()
		local owners = { false, "an entry - 5", "5", "portal", false, ("é"):rep(512) };
		for i, one in ipairs(all) do assert.equal(owners[i], revocationrow.owner(revocationrow.of(one))); end
	end);

	it("is none, or damaged, where a part is missing or is none", function ()
		local one = all[1];
		local row = revocationrow.of(one);
		for i = 1, #row - #one.value do assert.is_nil((revocationrow.head(row:sub(i + 1)))); end
		for _, text in ipairs({ "", "text", "jti x - - - - v", "jti 1 nan - - - v", "jti 1 - inf - - v", "jti 1 - - - 2 v",
			"jti 1 - - - 1e0 v", "jti 0 - - - - v", "jti - - - - - v", "kid 1 - - - - v", "jti 1 -  - - v" }) do
			assert.is_nil((revocationrow.head(text)), text);
		end
		for _, kept in ipairs({ {}, true, false, 7, { id = "f", kind = "kid", value = "v", since = 1 },
			{ id = "f", kind = "jti", since = 1 }, { id = "g", kind = "jti", value = "v", since = 1 } }) do
			assert.is_nil(revocationrow.kept("f", kept));
		end
		assert.is_nil(revocationrow.kept(7, row));
	end);
end);
