-- Jitsi's claims of strange shapes: what they give, or why they are refused.

local jitsiread = require "meetauth.dialect.jitsi.read";
local null = require "meetauth.core".null;

local function read(claims, entry)
	local all = { iss = "portal", room = "Standup", sub = "meet.example" };
	for name, value in pairs(claims) do all[name] = value; end
	for name, value in pairs(all) do
		if value == "absent" then all[name] = nil; end
	end
	return jitsiread.grant(all, entry or { room = "required", domain_verification = true, on_expiry = "ignore" });
end

local refused = {
	{ name = "no room", claims = { room = "absent" }, reason = "missing-claim" };
	{ name = "a null room", claims = { room = null }, reason = "missing-claim" };
	{ name = "no sub", claims = { sub = "absent" }, reason = "missing-claim" };
	{ name = "a room that is a number", claims = { room = 7 }, reason = "bad-claim" };
	{ name = "a context that is a text", claims = { context = "x" }, reason = "bad-claim" };
	{ name = "a user that is a text", claims = { context = { user = "x" } }, reason = "bad-claim" };
	{ name = "features that are true", claims = { context = { features = true } }, reason = "bad-claim" };
	{ name = "a group that is a table", claims = { context = { group = {} } }, reason = "bad-claim" };
	{ name = "a tenant that is a number", claims = { context = { tenant = 1 } }, reason = "bad-claim" };
	{ name = "a room context that is a text", claims = { context = { room = "x" } }, reason = "bad-claim" };
	{ name = "a user_id that is a table", claims = { user_id = {} }, reason = "bad-claim" };
	{ name = "a pattern that is none", claims = { room = "(", context = { room = { regex = true } } }, reason = "bad-claim" };
	{ name = "a glob that is too long", reason = "bad-claim",
		claims = { room = ("*"):rep(129), context = { room = { glob = "true" } } } };
};

local owners = {
	{ "silent", {} }, { "silent", { moderator = "True" } }, { "silent", { moderator = 1 } }, { "silent", { moderator = null } },
	{ "granted", { moderator = true } }, { "granted", { moderator = "true" } },
	{ "denied", { moderator = false } }, { "denied", { moderator = "false" } },
	{ "granted", { context = { user = { moderator = "true" } } } },
	{ "denied", { context = { user = { moderator = "false" } } } },
	{ "granted", { context = { user = { affiliation = "teacher" } } } },
	{ "denied", { context = { user = { affiliation = "student" } } } },
	{ "silent", { context = { user = { affiliation = {} } } } },
	{ "denied", { moderator = true, context = { user = { moderator = false } } } },
	{ "denied", { moderator = false, context = { user = { moderator = true } } } },
	{ "denied", { context = { user = { moderator = true, affiliation = "member" } } } },
};

describe("meetauth.dialect.jitsi.read", function ()
	for _, case in ipairs(refused) do
		it("refuses " .. case.name, function ()
			local grant, reason = read(case.claims);
			assert.is_nil(grant);
			assert.equal(case.reason, reason);
		end);
	end

	for i, case in ipairs(owners) do
		it(("says %s of moderators, row %d"):format(case[1], i), function ()
			assert.equal(case[1], read(case[2]).owner);
		end);
	end

	it("takes null for absent everywhere", function ()
		local grant = read({ context = { user = null, group = null, features = null, room = null, tenant = null }, user_id = null });
		assert.same({ "Standup", "meet.example" }, { grant.room, grant.domain });
		for _, name in ipairs({ "user", "group", "features", "room_context", "claimed_tenant" }) do assert.is_nil(grant[name]); end
		assert.is_nil(read({ context = null }).user);
	end);

	it("keeps of features what a reader of features understands", function ()
		local features = { a = true, b = "true", c = false, d = "false", e = 1, f = null, g = "yes", h = {} };
		assert.same({ a = true, b = "true", c = false, d = "false" }, read({ context = { features = features } }).features);
		assert.same({}, read({ context = { features = {} } }).features);
		assert.is_nil(read({ context = {} }).features);
	end);

	it("cleans what people will read", function ()
		local grant = read({ context = { user = { name = "A\0nn\u{202E}" }, group = "g\n", tenant = "t\u{2066}" } });
		assert.same({ "Ann", "g", "t" }, { grant.user.name, grant.group, grant.claimed_tenant });
	end);

	it("reads what community plugins read of lobbies and passwords, as booleans only", function ()
		local function doors(user, entry)
			local grant = read({ context = { user = user } }, entry);
			return { grant.passes_lobby, grant.passes_password, grant.wants_lobby, grant.makes_lobby, grant.knocks };
		end
		assert.same({ true, false, false, false }, doors({ lobby_bypass = true }));
		assert.same({ true, true, false, false }, doors({ security_bypass = true }));
		assert.same({ false, false, true, true, true }, doors({ lobby = true }));
		assert.same({ false, false, true, true, true }, doors({ lobby = true }, { knock_without_lobby = "create" }));
		assert.same({ false, false, true, false, true }, doors({ lobby = true }, { knock_without_lobby = "refuse" }));
		assert.same({ false, false, false, false, true }, doors({ lobby = true }, { knock_without_lobby = "ignore" }));
		assert.same({ false, false, false, false }, doors({ lobby_bypass = "true", security_bypass = 1, lobby = "true" }));
		assert.same({ false, false, false, false }, doors(nil, { knock_without_lobby = "create" }));
	end);

	it("reads a pattern only where context.room says that it is one", function ()
		local function has(room_context, room)
			return read({ room = room or "a.*", context = { room = room_context } }).room_pattern ~= nil;
		end
		assert.is_true(has({ regex = true }));
		assert.is_true(has({ regex = "true" }));
		assert.is_true(has({ glob = true }));
		assert.is_false(has({ regex = false }));
		assert.is_false(has({ regex = "yes", glob = 1 }));
		assert.is_false(has({}));
		assert.is_false(has({ regex = true }, "*"));
	end);

	it("refuses patterns where token_regex_enabled is false, and no globs", function ()
		local function outcome(room_context)
			local grant, reason = read({ room = "a.*", context = { room = room_context } }, { regex = { enabled = false } });
			return reason or grant.room_pattern ~= nil;
		end
		assert.equal("bad-claim", outcome({ regex = true }));
		assert.equal("bad-claim", outcome({ regex = "true", glob = true }));
		assert.is_true(outcome({ glob = true }));
		assert.is_false(outcome({}));
	end);

	it("goes without room and sub where the entry asks for neither", function ()
		local grant = read({ room = "absent", sub = "absent" }, { room = "tenant", domain_verification = false });
		assert.equal("*", grant.room);
		assert.is_nil(grant.domain);
	end);
end);
