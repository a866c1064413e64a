--- Rooms that a back end has made by REST: what they say to bearers of its entry, and to guests.

local policy = require "meetauth.access.policy";

local now = 1700000000;
local place = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower };

local function grant(fields)
	local one = { dialect = "daily", entry = "acme", check_domain = false, room = "standup", owner = "denied", passes_lobby = true };
	for name, value in pairs(fields or {}) do one[name] = value; end
	return one;
end

local function room(made, people)
	return { node = "standup", made = made and { acme = made }, people = people };
end

local function reason_of(visitor, facts)
	local decision, reason = policy.decide(visitor, facts, place, now);
	return decision and "in" or reason;
end

describe("a room that was made", function ()
	for _, case in ipairs({
		{ "says nothing", {}, bearer = "in", guest = "in" };
		{ "is private", { private = true }, bearer = "in", guest = "token-required" };
		{ "is private, and one may knock", { private = true, knocks = true }, bearer = "in", guest = "in" };
		{ "is not open yet", { nbf = now + 1 }, bearer = "not-yet-valid", guest = "not-yet-valid" };
		{ "is just open", { nbf = now, exp = now + 1 }, bearer = "in", guest = "in" };
		{ "has expired", { exp = now }, bearer = "expired", guest = "expired" };
		{ "is full", { max = 2 }, 2, bearer = "room-full", guest = "room-full" };
		{ "has one more seat", { max = 2 }, 1, bearer = "in", guest = "in" };
		{ "is full for who is in already", { max = 2 }, nil, bearer = "in", guest = "in" };
		{ "has expired, is private and full", { private = true, exp = now, max = 1 }, 1, bearer = "expired", guest = "expired" };
	}) do
		it(case[1], function ()
			assert.equal(case.bearer, reason_of({ grant = grant() }, room(case[2], case[3])));
			assert.equal(case.guest, reason_of({ is_guest = true }, room(case[2], case[3])));
		end);
	end

	it("is nothing to bearers of other entries", function ()
		assert.equal("in", reason_of({ grant = grant({ entry = "beta" }) }, room({ exp = now, max = 1 }, 5)));
	end);

	it("has guests wait who may knock, wherever there is a lobby or can be one", function ()
		local decision = policy.decide({ is_guest = true }, room({ private = true, knocks = true }), place, now);
		assert.same({ wants_lobby = true, makes_lobby = true, waits = true }, decision);
	end);

	it("is closed to guests as the strictest of those say who have made it", function ()
		local facts = { node = "standup", made = { acme = {}, beta = { private = true } } };
		assert.equal("token-required", reason_of({ is_guest = true }, facts));
		assert.equal("in", reason_of({ grant = grant() }, facts));
	end);

	it("comes after what the token itself says", function ()
		local made = room({ exp = now });
		assert.equal("room-mismatch", reason_of({ grant = grant({ room = "attic" }) }, made));
		assert.equal("banned", reason_of({ grant = grant(), is_banned = true }, made));
	end);
end);

describe("an entry that needs its rooms to be made", function ()
	it("opens those, and no other", function ()
		local asks = grant({ needs_room = true });
		assert.equal("unknown-room", reason_of({ grant = asks }, room()));
		assert.equal("unknown-room", reason_of({ grant = asks }, { node = "standup", made = { beta = {} } }));
		assert.equal("in", reason_of({ grant = asks }, room({})));
		assert.equal("in", reason_of({ grant = grant() }, room()));
	end);
end);

describe("rooms that could not be read yet", function ()
	it("are open to nobody", function ()
		local facts = { node = "standup", is_unread = true };
		assert.equal("storage-unavailable", reason_of({ grant = grant() }, facts));
		assert.equal("storage-unavailable", reason_of({ is_guest = true }, facts));
		assert.equal("token-required", reason_of({ is_foreign = true }, facts));
	end);
end);

describe("what is explained of a room", function ()
	local function checks(one, facts)
		local words = {};
		for _, row in ipairs(policy.explain(one, facts, place, now)) do
			if row.check == "made" then words[#words + 1] = row.reason or row.verdict; end
		end
		return words;
	end

	it("has a row for its rules where there are some", function ()
		assert.same({}, checks(grant(), room()));
		assert.same({ "ok" }, checks(grant(), room({})));
		assert.same({ "expired" }, checks(grant(), room({ exp = now })));
		assert.same({ "unknown-room" }, checks(grant({ needs_room = true }), room()));
	end);
end);

describe("the deadline in a room that was made", function ()
	for _, case in ipairs({
		{ "is the room's where the token says nothing", {}, { eject_at = now + 60 }, now + 60, "expired" };
		{ "is the earlier one of the room's two", {}, { eject_at = now + 60, eject_after = 30 }, now + 30, "time-limit" };
		{ "is the token's where it has one", { eject_after = 9, sets_ejection = true }, { eject_at = now + 6 }, now + 9, "time-limit" };
		{ "is none where the token says so", { sets_ejection = true }, { eject_at = now + 60 } };
		{ "is none where nobody sets one", {}, { exp = now + 60 } };
		{ "is the entry's where that is earlier", { eject_after = 9 }, { eject_after = 30 }, now + 9, "time-limit" };
		{ "is the room's where the entry's is later", { eject_after = 30 }, { eject_at = now + 9 }, now + 9, "expired" };
		{ "is the entry's where the room sets none", { eject_after = 30 }, { exp = now + 60 }, now + 30, "time-limit" };
	}) do
		it(case[1], function () assert.same({ case[4], case[5] }, { policy.deadline(grant(case[2]), now, case[3]) }); end);
	end
end);
