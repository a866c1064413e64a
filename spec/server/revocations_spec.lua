local new_revocation = require "meetauth.server.revocation".of;
local revocations = require "meetauth.server.revocations";
local row_of = require "meetauth.server.revocationrow".of;

local now = 1700000000;
local entries = {
	{ id = "portal", asked = { leeway = 10.0 } };
	{ id = "aging", asked = { leeway = 10.0, max_age = 3600 } };
};

local function revocation(kind, value, options, of, grace)
	return new_revocation(kind, value, options or {}, of or entries, grace or 0, now);
end

local function set_of(...)
	local set = revocations.new();
	for _, one in ipairs({ ... }) do set:add(one); end
	return set;
end

local grant = { entry = "portal", token_id = "t1", domain = "meet.example", user = { id = "u1" }, issued = now - 60 };
local function but(changes)
	local other = setmetatable({}, { __index = grant });
	for name, value in pairs(changes) do other[name] = value; end
	return other;
end

describe("a revocation", function ()
	local cases = {
		{ "by jti", { "jti", "t1" }, grant, true };
		{ "by jti, another token", { "jti", "t2" }, grant, false };
		{ "by jti, a token without one", { "jti", "t1" }, but({ token_id = false }), false };
		{ "by jti of one entry", { "jti", "t1", { entry = "portal" } }, grant, true };
		{ "by jti of another entry", { "jti", "t1", { entry = "aging" } }, grant, false };
		{ "by subject", { "sub", "meet.example" }, grant, true };
		{ "by subject, another one", { "sub", "acme" }, grant, false };
		{ "by user id", { "user", "u1" }, grant, true };
		{ "by user id, another user", { "user", "u2" }, grant, false };
		{ "by user id, nobody in particular", { "user", "u1" }, but({ user = false }), false };
		{ "by jti of who invited its bearer", { "jti", "t0" }, but({ invited_by = { entry = "portal", token_id = "t0" } }), true };
		{ "by user of who invited its bearer", { "user", "u0" },
			but({ invited_by = { entry = "portal", user = { id = "u0" } } }), true };
		{ "by jti of who invited somebody else", { "jti", "t9" }, but({ invited_by = { entry = "portal", token_id = "t0" } }), false };
		{ "by entry", { "entry", "portal" }, grant, true };
		{ "by entry, another one", { "entry", "aging" }, grant, false };
		{ "by an entry that is not configured any more", { "entry", "gone" }, but({ entry = "gone" }), true };
		{ "by user within such an entry", { "user", "u1", { entry = "gone" } }, but({ entry = "gone" }), true };
		{ "by user within such an entry, of another one", { "user", "u1", { entry = "gone" } }, grant, false };
		{ "by entry, issued before", { "entry", "portal", { issued_before = now - 59 } }, grant, true };
		{ "by entry, issued in that moment", { "entry", "portal", { issued_before = now - 60 } }, grant, false };
		{ "by entry, issued who knows when", { "entry", "portal", { issued_before = now - 60 } }, but({ issued = false }), true };
		{ "by user id, issued before", { "user", "u1", { issued_before = now } }, grant, true };
		{ "by user id, issued since", { "user", "u1", { issued_before = now } }, but({ issued = now }), false };
	};
	for _, case in ipairs(cases) do
		local name, wish, asked, hit = table.unpack(case);
		it((hit and "hits " or "misses ") .. name, function ()
			assert.equal(hit, set_of(assert(revocation(table.unpack(wish)))):hit(asked) ~= nil);
		end);
	end

	it("does not keep another one of the same value from hitting", function ()
		local set = set_of(revocation("user", "u1", { issued_before = 1 }), revocation("user", "u1", { entry = "portal" }));
		assert.equal("portal", set:hit(grant).entry);
		assert.is_nil(set:hit(but({ entry = "aging" })));
	end);

	it("of the same again takes the first one's place", function ()
		local set = set_of(revocation("user", "u1", { issued_before = 1 }), revocation("user", "u1"));
		assert.equal(1, set.count);
		assert.is_table(set:hit(grant));
		assert.is_nil(set:list()[1].issued_before);
	end);
end);

describe("a set of revocations", function ()
	it("has none under what is no id", function ()
		local set = set_of(revocation("jti", "t1"));
		for _, id in ipairs({ false, 77, {}, "", "0", ("0"):rep(16) }) do
			assert.is_nil(set:get(id or nil));
			assert.is_nil(set:bucket_of(id or nil));
			set:remove(id or nil);
		end
		assert.equal(1, set.count);
	end);

	it("asks nothing of a grant while it is empty", function ()
		local silent = setmetatable({}, { __index = function () error("asked"); end });
		assert.is_nil(revocations.new():hit(silent));
		local set = set_of(revocation("jti", "t1"));
		set:remove(set:list()[1].id);
		assert.is_nil(set:hit(silent));
		assert.has_error(function () set_of(revocation("jti", "t1")):hit(silent); end);
	end);

	it("takes no longer for many", function ()
		local set = revocations.new();
		for i = 1, 10000 do set:add(revocation("jti", "t" .. i)); end
		local steps = 0;
		debug.sethook(function () steps = steps + 1; end, "", 1);
		local hit = set:hit(grant);
		debug.sethook();
		assert.equal("t1", hit.value);
		assert.is_true(steps < 400, steps);
	end);

	it("forgets what is removed, and only that", function ()
		local one, other = revocation("jti", "t1"), revocation("jti", "t1", { entry = "portal" });
		local set = set_of(one, other);
		set:remove(one.id);
		set:remove("no such id");
		assert.equal(1, set.count);
		assert.equal(other.id, set:hit(grant).id);
		set:remove(other.id);
		assert.is_nil(set:hit(grant));
		assert.equal(0, set.count);
	end);

	it("is listed, the newest first", function ()
		local old = revocation("jti", "t1");
		local new = new_revocation("jti", "t2", {}, entries, 0, now + 5);
		assert.same({ new, old }, set_of(old, new):list());
	end);

	it("is listed by the entry whose tokens are hit, the newest first, whatever has happened since it was listed", function ()
		local set = revocations.new();
		local function values(entry)
			local list = {};
			for i, one in ipairs(set:ids(entry)) do list[i] = set:get(one.id).value; end
			return table.concat(list, " ");
		end
		local function add(value, entry, since, kind)
			local one = new_revocation(kind or "jti", value, { entry = entry }, entries, 0, since);
			set:add(one);
			return one;
		end
		local a = add("a", "portal", now);
		add("b", "aging", now + 1);
		add("c", "portal", now + 1);
		add("portal", nil, now + 3, "entry");
		add("d", nil, now + 2);
		assert.equal("portal c a", values("portal"));
		assert.equal("b", values("aging"));
		assert.equal(5, #set:ids());
		add("e", "portal", now + 4);
		assert.equal("e portal c a", values("portal"));
		add("f", "portal", now + 2);
		assert.equal("e portal f c a", values("portal"));
		set:remove(a.id);
		assert.equal("e portal f c", values("portal"));
		add("c", "portal", now + 9);
		assert.equal("c e portal f", values("portal"));
		add("c", "portal", now + 9);
		set:remove(add("e", "portal", now + 4).id);
		add("e", "portal", now + 4);
		assert.equal("c e portal f", values("portal"));
		for i = 1, 1100 do add("later" .. i, "aging", now + 100 + i); end
		assert.equal(1106, #set:ids());
		add("early", "portal", now - 100);
		assert.equal("c e portal f early", values("portal"));
		assert.equal(1107, #set:ids());
		assert.equal("early", set:list()[1107].value);
		assert.equal("later1100 later1099", set:list(2)[1].value .. " " .. set:list(2)[2].value);
		assert.equal(1107, #set:list());
	end);

	it("counts what an entry's key has made", function ()
		local set = revocations.new();
		local one = revocation("jti", "t1", { entry = "portal" });
		one.by = "rest";
		set:add(one);
		set:add(one);
		set:add(revocation("jti", "t2", { entry = "portal" }));
		assert.equal(1, set:count_of("portal"));
		set:remove(one.id);
		assert.equal(0, set:count_of("portal"));
	end);

	it("tells what has ended once, and once more where that is asked for", function ()
		local set = revocations.new();
		local one = revocation("jti", "t1", { expires = now + 5 }); -- and the leeway
		set:add(one);
		set:add(revocation("jti", "t2"));
		assert.same({}, set:due(now + 14, 10));
		assert.same({ one.id }, set:due(now + 15, 10));
		assert.same({}, set:due(now + 15, 10));
		set:again(one.id, now + 20);
		assert.same({ one.id }, set:due(now + 20, 10));
		set:add(one);
		set:add(revocation("jti", "t1", { expires = now + 5000 })); -- in its place
		assert.same({}, set:due(now + 20, 10));
	end);
end);

describe("revocations in storage", function ()
	it("come into the set as rows, and as earlier versions have kept them", function ()
		local one = revocation("user", "u1", { issued_before = now, expires = now + 5 });
		local set = revocations.new();
		local news, gone, damaged = set:replace(revocations.bucket(one.id), { [one.id] = row_of(one) });
		assert.same({ { one.id }, {}, {} }, { news, gone, damaged });
		assert.same(one, set:get(one.id));
		assert.equal(1, set.count);
		set = revocations.new();
		set:replace("", { [one.id] = one });
		assert.same(one, set:get(one.id));
		assert.equal("", set:bucket_of(one.id));
		assert.same({}, (set:replace("", { [one.id] = one }))); -- no news
	end);

	it("of an earlier version have a newer one before them", function ()
		local set = revocations.new();
		local old, new = revocation("user", "u1", { issued_before = 1 }), revocation("user", "u1");
		set:add(new);
		set:replace("", { [old.id] = old });
		assert.is_nil(set:get(new.id).issued_before);
		assert.equal(1, set.count);
		set = revocations.new();
		set:replace("", { [old.id] = old });
		set:replace(revocations.bucket(new.id), { [new.id] = row_of(new) });
		assert.is_nil(set:get(new.id).issued_before);
		assert.equal(1, set.count);
	end);

	it("are damaged, or none at all, and nobody else's business", function ()
		local one = revocation("user", "u1", { issued_before = now, expires = now + 5 });
		local set = revocations.new();
		local news, gone, damaged = set:replace(revocations.bucket(one.id), { [one.id] = row_of(one), [7] = row_of(one), a = {},
			b = "text", c = true, d = false, e = "", f = { id = "f", kind = "kid", value = "v", since = 1 } });
		assert.same({ 1, 0, 7 }, { #news, #gone, #damaged });
		assert.equal(1, set.count);
	end);

	it("hit nothing under an id that is not their own", function ()
		local one, other = revocation("jti", "t1"), revocation("jti", "t2");
		local set = revocations.new();
		set:replace(revocations.bucket(one.id), { [one.id] = row_of(other) });
		assert.equal(1, set.count);
		assert.is_nil(set:hit(grant));
	end);

	it("are news where they were not there, or not as they are now; what has gone stays until it is removed", function ()
		local set = revocations.new();
		local one, other = revocation("user", "u1", { issued_before = 1 }), revocation("user", "u1", { issued_before = 2 });
		local bucket = revocations.bucket(one.id);
		assert.equal(1, #set:replace(bucket, { [one.id] = row_of(one) }));
		assert.equal(0, #set:replace(bucket, { [one.id] = row_of(one) }));
		assert.same({ one.id }, (set:replace(bucket, { [one.id] = row_of(other) })));
		assert.equal(2, set:get(one.id).issued_before);
		local news, gone = set:replace(bucket, {});
		assert.same({ {}, { one.id } }, { news, gone });
		assert.is_table(set:get(one.id));
		set:remove(one.id);
		assert.same({ 0, nil }, { set.count, set:get(one.id) });
	end);
end);
