local pattern = require "meetauth.room.pattern";
local policy = require "meetauth.access.policy";

local now, base = 1700000000, "meet.example";
local place = { base = base, nfkc = function (s) return s; end, fold = string.lower };

local function jitsi(fields)
	local grant = {
		dialect = "jitsi", domain = base, check_domain = true, room = "standup", owner = "silent", passes_lobby = false,
	};
	for name, value in pairs(fields) do grant[name] = value; end
	if fields.domain == false then grant.domain = nil; end
	return grant;
end

local function daily(fields)
	local grant = { dialect = "daily", check_domain = false, room = "standup", owner = "denied", passes_lobby = true };
	for name, value in pairs(fields) do grant[name] = value; end
	return grant;
end

-- Who opens which room: a room's name as Prosody prepares it.
local doors = {
	{ "a Jitsi grant", jitsi({}), opens = { "standup" },
		not_ = { "standup2", "stand", "", "[acme]standup", "[meet.example]standup" } };
	{ "a room in another case", jitsi({ room = "StandUp" }), opens = { "standup" }, not_ = { "standup2" } };
	{ "sub in another case", jitsi({ domain = "Meet.Example" }), opens = { "standup" },
		not_ = { "[acme]standup", "[meet.example]standup" } };
	{ "any room of the domain", jitsi({ room = "*" }), opens = { "standup", "x" }, not_ = { "[acme]x", "[meet.example]x" } };
	{ "several rooms", jitsi({ room = { "standup", "Retro" } }), opens = { "standup", "retro" },
		not_ = { "standup2", "x", "[acme]standup", "" } };
	{ "several rooms of a tenant", jitsi({ domain = "acme", room = { "standup", "retro" } }),
		opens = { "[acme]standup", "[acme]retro" }, not_ = { "standup", "[other]retro", "[acme]x" } };
	{ "several rooms, one of them another tenant's", jitsi({ domain = "acme", room = { "standup", "[other]standup" } }),
		opens = { "[acme]standup" }, not_ = { "[other]standup", "standup", "[acme]other" } };
	{ "several rooms of an entry's tenant, one of them another's", jitsi({ tenant = "acme", domain = "*",
		room = { "standup", "[other]standup" } }), opens = { "[acme]standup" }, not_ = { "[other]standup", "standup" } };
	{ "several rooms without a check of the domain, one of them another tenant's", jitsi({ domain = "acme", check_domain = false,
		room = { "standup", "[other]retro", "[acme]own" } }), opens = { "standup", "[acme]standup", "[acme]own" },
		not_ = { "[other]retro", "[other]standup", "retro" } };
	{ "several patterns", jitsi({ room = { "stand*", "retro-?" },
		room_pattern = { pattern.of_glob("stand*"), pattern.of_glob("retro-?") } }),
		opens = { "standup", "retro-1" }, not_ = { "retro-12", "x" } };
	{ "a room that is a pattern", jitsi({ room = "stand.*" }), opens = { "stand.*" }, not_ = { "standup" } };
	{ "a room that is a glob", jitsi({ room = "stand*" }), opens = { "stand*" }, not_ = { "standup" } };
	{ "a room that is empty", jitsi({ room = "" }), opens = {}, not_ = { "standup", "", "[acme]" } };
	{ "another domain", jitsi({ domain = "other.example" }), opens = {}, not_ = { "standup", "[acme]standup" } };
	{ "no domain", jitsi({ domain = false }), opens = {}, not_ = { "standup", "[acme]standup" } };
	{ "the beginning of the domain", jitsi({ domain = "meet" }), opens = { "[meet]standup" }, not_ = { "standup" } };
	{ "a tenant as sub", jitsi({ domain = "acme" }), opens = { "[acme]standup" },
		not_ = { "standup", "[other]standup", "[acme]other", "[acme2]standup" } };
	{ "a tenant as sub in another case", jitsi({ domain = "ACME" }), opens = { "[acme]standup" }, not_ = { "standup" } };
	{ "any room of a tenant", jitsi({ domain = "acme", room = "*" }), opens = { "[acme]standup", "[acme]x" },
		not_ = { "x", "[other]x" } };
	{ "sub = *", jitsi({ domain = "*" }), opens = { "standup", "[acme]standup", "[other]standup" },
		not_ = { "x", "[acme]x" } };
	{ "sub = * and room = *", jitsi({ domain = "*", room = "*" }), opens = { "x", "[acme]x" }, not_ = { "" } };
	{ "a tenant in the room claim", jitsi({ room = "[acme]standup" }), opens = {}, not_ = { "[acme]standup", "standup" } };
	{ "a tenant in the room claim, with sub = *", jitsi({ room = "[acme]standup", domain = "*" }), opens = {},
		not_ = { "[acme]standup", "standup" } };

	{ "no domain check", jitsi({ check_domain = false }), opens = { "standup", "[acme]standup" },
		not_ = { "x", "[acme]x" } };
	{ "no domain check, another domain", jitsi({ check_domain = false, domain = "other.example" }), opens = { "standup" },
		not_ = { "x", "[acme]standup" } };
	{ "no domain check, a tenant", jitsi({ check_domain = false, domain = "acme" }),
		opens = { "standup", "[acme]standup" },
		not_ = { "[other]standup" } };
	{ "no domain check, no sub", jitsi({ check_domain = false, domain = false }), opens = { "standup", "[acme]standup" },
		not_ = { "x" } };
	{ "no domain check, sub = *", jitsi({ check_domain = false, domain = "*" }), opens = { "standup", "[acme]standup" },
		not_ = { "x" } };

	{ "an entry's tenant", jitsi({ tenant = "acme" }), opens = { "[acme]standup" },
		not_ = { "standup", "[other]standup", "[acme]x" } };
	{ "an entry's tenant in another case", jitsi({ tenant = "Acme" }), opens = { "[acme]standup" }, not_ = { "standup" } };
	{ "an entry's tenant against sub", jitsi({ tenant = "acme", domain = "other" }), opens = { "[acme]standup" },
		not_ = { "[other]standup", "standup" } };
	{ "an entry's tenant against sub = * and room = *", jitsi({ tenant = "acme", domain = "*", room = "*" }),
		opens = { "[acme]x" }, not_ = { "x", "[other]x", "[acme2]x" } };

	{ "a Daily grant", daily({}), opens = { "standup" }, not_ = { "x", "[acme]standup" } };
	{ "a Daily grant for any room", daily({ room = "*" }), opens = { "standup", "x" }, not_ = { "[acme]x" } };
	{ "a Daily grant of a tenant", daily({ tenant = "acme" }), opens = { "[acme]standup" },
		not_ = { "standup", "[other]standup", "[acme]x" } };
	{ "a Daily grant of a tenant for any room", daily({ tenant = "acme", room = "*" }), opens = { "[acme]x" },
		not_ = { "x", "[b]x" } };
};

local odd_nodes = { "[acme]", "[]standup", "[acme", "acme]standup", "[acme]]standup", "[[acme]standup", "x[acme]standup" };

local windows = {
	{ name = "is open without times", grant = {} };
	{ name = "is open before it expires", grant = { expires = now + 1 } };
	{ name = "is closed when it expires", grant = { expires = now }, reason = "expired" };
	{ name = "is closed a fraction after that", grant = { expires = now - 0.5 }, reason = "expired" };
	{ name = "is open when it begins", grant = { not_before = now } };
	{ name = "is closed before it begins", grant = { not_before = now + 0.5 }, reason = "not-yet-valid" };
	{ name = "is expired rather than not yet valid", grant = { expires = now, not_before = now + 1 }, reason = "expired" };
};

local ranks = {
	{ owner = "granted", affiliation = "owner" };
	{ owner = "denied", affiliation = "member" };
	{ owner = "silent", affiliation = "member" };
};

local function enter(grant, node)
	return policy.enter(grant, { node = node }, place, now);
end

describe("meetauth.access.policy.enter", function ()
	for _, door in ipairs(doors) do
		for _, node in ipairs(door.opens) do
			it(("lets %s into %s"):format(door[1], node), function ()
				assert.truthy(enter(door[2], node));
			end);
		end
		for _, node in ipairs(door.not_) do
			it(("keeps %s out of %s"):format(door[1], node == "" and "no room" or node), function ()
				local expected = node == "" and "invalid-room-address" or "room-mismatch";
				assert.same({ nil, expected }, { enter(door[2], node) });
			end);
		end
	end

	for _, node in ipairs(odd_nodes) do
		it(("opens %s to nobody who names a room"):format(node), function ()
			for _, grant in ipairs({
				jitsi({}), jitsi({ domain = "acme" }), jitsi({ tenant = "acme" }), daily({ tenant = "acme" }), daily({}),
			}) do
				assert.same({ nil, "room-mismatch" }, { enter(grant, node) });
			end
		end);
	end

	it("knows no room without a name", function ()
		assert.same({ nil, "invalid-room-address" }, { enter(jitsi({ room = "*" }), nil) });
		assert.same({ nil, "invalid-room-address" }, { enter(daily({ room = "*" }), "") });
	end);

	for _, case in ipairs(ranks) do
		for _, passes in ipairs({ true, false }) do
			it(("makes %s an %s, lobby %s"):format(case.owner, case.affiliation, passes and "passed" or "not passed"), function ()
				assert.same({ affiliation = case.affiliation, passes_lobby = passes, passes_password = false, wants_lobby = false,
					makes_lobby = false, tenant_mismatch = false },
					enter(jitsi({ owner = case.owner, passes_lobby = passes }), "standup"));
			end);
		end
	end

	for _, case in ipairs(windows) do
		it(case.name, function ()
			local grant = jitsi(case.grant);
			assert.equal(case.reason, policy.closed(grant, now));
			local decision, reason = enter(grant, "standup");
			assert.equal(case.reason, reason);
			assert.equal(case.reason == nil, decision ~= nil);
		end);
	end

	-- After the token's end: who comes back to where the connection was when it dropped.
	for _, case in ipairs({
		{ "in the room that the connection was in", room = "standup", way = "ignore" };
		{ "in the room that the connection was in, and warned", room = "standup", way = "warn" };
		{ "not where the end puts everybody out", room = "standup", way = "kick", reason = "expired" };
		{ "not in another room", room = "attic", way = "ignore", reason = "expired" };
		{ "not for longer", room = "standup", way = "ignore", until_ = now, reason = "expired" };
		{ "not where the token is not good yet", room = "standup", way = "ignore", not_before = now + 1, expires = now + 2,
			reason = "not-yet-valid" };
		{ "not where the claims name another room", room = "x", way = "ignore", was_in = "x", reason = "room-mismatch" };
		{ "not where the token ejects", room = "standup", way = "ignore", eject_at = now, reason = "expired" };
	}) do
		it("lets who comes back in: " .. case[1], function ()
			local grant = jitsi({ expires = case.expires or now - 1, not_before = case.not_before, at_expiry = case.way,
				eject_at = case.eject_at, returns = { rooms = { [case.was_in or "standup"] = true }, until_ = case.until_ or now + 1 } });
			assert.equal(case.reason, (select(2, enter(grant, case.room))));
		end);
	end

	it("says of a grant that comes back that it has expired", function ()
		local grant = jitsi({ expires = now, returns = { rooms = { standup = true }, until_ = now + 1 } });
		assert.equal("expired", policy.closed(grant, now));
	end);

	it("tells the window before the room", function ()
		assert.same({ nil, "expired" }, { enter(jitsi({ expires = now }), "x") });
		assert.same({ nil, "expired" }, { enter(jitsi({ expires = now }), nil) });
	end);
end);

-- Whoever wants to enter, as the server knows them.
local good = jitsi({});
local visitors = {
	{ "a bearer", { grant = good }, decision = true };
	{ "a bearer of another room", { grant = jitsi({ room = "other" }) }, reason = "room-mismatch" };
	{ "a bearer who is a stranger here", { grant = good, is_foreign = true }, reason = "foreign-session" };
	{ "a stranger without a grant", { is_foreign = true }, reason = "token-required" };
	{ "a stranger who is a guest elsewhere", { is_foreign = true, is_guest = true }, reason = "token-required" };
	{ "a bearer whose token is taken back", { grant = good, is_revoked = true }, reason = "revoked" };
	{ "a bearer who is banned", { grant = good, is_banned = true }, reason = "banned" };
	{ "a bearer who was kicked", { grant = good, is_kicked = true }, reason = "kicked" };
	{ "a bearer who was kicked and banned", { grant = good, is_kicked = true, is_banned = true }, reason = "banned" };
	{ "a bearer who is there on another device", { grant = good, is_elsewhere = true }, reason = "other-device" };
	{ "a bearer who is banned, and there on another device", { grant = good, is_banned = true, is_elsewhere = true },
		reason = "banned" };
	{ "a bearer of another room who is there on another device", { grant = jitsi({ room = "other" }), is_elsewhere = true },
		reason = "room-mismatch" };
	{ "a bearer who is banned, and whose token is taken back", { grant = good, is_revoked = true, is_banned = true },
		reason = "revoked" };
	{ "a bearer of another room who is banned from this one", { grant = jitsi({ room = "other" }), is_banned = true },
		reason = "banned" };
	{ "nobody that is known", {}, reason = "token-required" };
	{ "a guest", { is_guest = true }, decision = true };
	{ "a guest of a closed room", { is_guest = true }, room = { node = "standup", closed = true }, reason = "token-required" };
	{ "a guest of a room without a name", { is_guest = true }, room = { node = "" }, decision = true };
};

describe("the decision about", function ()
	for _, case in ipairs(visitors) do
		it(("%s is %s"):format(case[1], case.reason or "yes"), function ()
			local decision, reason = policy.decide(case[2], case.room or { node = "standup" }, place, now);
			assert.equal(case.reason, reason);
			assert.equal(case.decision or false, decision ~= nil);
		end);
	end

	it("who sets a room: its owner by the token, and nobody else", function ()
		local settings = { password = "x" };
		local function decided(fields)
			return assert(policy.enter(jitsi({ settings = settings, owner = fields.owner }), { node = "standup" }, place, now)).settings;
		end
		assert.equal(settings, decided({ owner = "granted" }));
		assert.is_nil(decided({ owner = "denied" }));
		assert.is_nil(decided({ owner = "silent" }));
	end);

	it("a guest sets nothing", function ()
		assert.same({}, policy.decide({ is_guest = true }, { node = "standup" }, place, now));
	end);
end);
