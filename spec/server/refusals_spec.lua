local core = require "meetauth.core";
local refusals = require "meetauth.server.refusals";

-- Bytes that are another each time, and the same in each run.
local function counted()
	local n = 0;
	return function (count)
		n = n + 1;
		return ((">I" .. count):pack(n * 7919 % 2 ^ 30 // 1 | 0));
	end;
end

local function keeper(store)
	return refusals.keeper(store or {}, counted());
end

local serial = 0;
local function fresh() -- a token that nobody has brought before
	serial = serial + 1;
	return "token" .. serial;
end

-- A refusal, of a token that a key has signed.
local function refused(kept, more)
	more = more or {};
	local refusal = { stage = more.stage or "login", host = more.host or "meet.example", reason = more.reason or "expired",
		entry = more.entry, hint = more.hint };
	return kept:add(refusal, more.at or 1, more.token or fresh(), more.room);
end

local function refs(list)
	local all = {};
	for i, one in ipairs(list) do all[i] = one.ref; end
	return all;
end

describe("meetauth.server.refusals", function ()
	it("finds a refusal by its reference, in any case", function ()
		local kept = keeper();
		local ref = refused(kept, { reason = "expired" }).ref;
		refused(kept, { reason = "revoked" });
		assert.equal("expired", kept:find(ref).reason);
		assert.equal("expired", kept:find(ref:upper()).reason);
		for _, copied in ipairs({ "expired (%s)", "(%s)", " %s\n", "\"%s\"", "This link is for another room: room-mismatch (%s)",
			"room-mismatch (%s).", "\u{201c}expired (%s)\u{201d}" }) do
			assert.equal("expired", kept:find(copied:format(ref)).reason, copied);
		end
		for _, other in ipairs({ "", "zzzzzz", "%s", ref .. "a", "......", ("a"):rep(10000) }) do assert.is_nil(kept:find(other)); end
	end);

	it("makes references of six letters and digits that nobody misreads", function ()
		for byte = 0, 255 do
			local ref = refused(refusals.keeper({}, function (count) return string.char(byte):rep(count); end)).ref;
			assert.equal(6, #ref);
			assert.is_nil(ref:find("[^a-z2-9]"));
			assert.is_nil(ref:find("[lo]"));
		end
	end);

	it("makes all its letters equally often", function ()
		local counts = {};
		for byte = 0, 255 do
			local kept = refusals.keeper({}, function (count) return string.char(byte):rep(count); end);
			local letter = refused(kept).ref:sub(1, 1);
			counts[letter] = (counts[letter] or 0) + 1;
		end
		local letters = 0;
		for _, count in pairs(counts) do
			letters = letters + 1;
			assert.equal(8, count);
		end
		assert.equal(32, letters);
	end);

	it("has one record of a token that is refused again, with how often, the first and the last time", function ()
		local kept = keeper();
		local ref = refused(kept, { token = "t", at = 10 }).ref;
		refused(kept, { at = 15 });
		assert.equal(ref, refused(kept, { token = "t", at = 20 }).ref);
		assert.equal(ref, refused(kept, { token = "t", at = 30 }).ref);
		local one = kept:find(ref);
		assert.same({ 3, 10, 30 }, { one.count, one.first, one.last });
		assert.equal(2, #kept:latest(9));
		assert.equal(ref, kept:latest(1)[1].ref); -- the newest
	end);

	it("has records of their own for another reason, stage, host, token and room", function ()
		local kept = keeper();
		local base = { token = "t", stage = "join", room = "a@conference.meet.example" };
		local seen = { [refused(kept, base).ref] = true };
		for name, value in pairs({ reason = "revoked", stage = "login", host = "other.example", token = "u", room = "b@x" }) do
			local other = { token = base.token, stage = base.stage, room = base.room };
			other[name] = value;
			local ref = refused(kept, other).ref;
			assert.is_nil(seen[ref], name);
			seen[ref] = true;
		end
		assert.equal(6, #kept:latest(9));
	end);

	it("has one record of all who bring no token", function ()
		local kept = keeper();
		local refusal = { stage = "login", host = "meet.example", reason = "token-required" };
		local ref = kept:add(refusal, 1, nil).ref;
		assert.equal(ref, kept:add(refusal, 2, nil).ref);
	end);

	it("tells whether it knows a refusal, and counts that one, too", function ()
		local kept = keeper();
		local refusal = { stage = "login", host = "meet.example", reason = "expired" };
		assert.is_nil(kept:again(refusal, 1, "t"));
		local ref = kept:add({ stage = "login", host = "meet.example", reason = "expired", hint = "late" }, 1, "t").ref;
		local one = kept:again(refusal, 5, "t");
		assert.same({ ref, 2, 5, "late" }, { one.ref, one.count, one.last, one.hint });
		assert.is_nil(kept:again(refusal, 5, "u"));
		assert.is_nil(kept:again({ stage = "login", host = "meet.example", reason = "revoked" }, 5, "t"));
	end);

	it("says the newest hint of a refusal that was explained again", function ()
		local kept = keeper();
		refused(kept, { token = "t", reason = "keys-unavailable", hint = "for 5 s" });
		assert.equal("for 9 s", refused(kept, { token = "t", reason = "keys-unavailable", hint = "for 9 s" }).hint);
	end);

	it("holds no token", function ()
		local store = {};
		local kept = keeper(store);
		refused(kept, { token = "secret-token", room = "r@x" });
		local function look(value)
			if type(value) == "table" then
				for name, member in pairs(value) do
					look(name);
					look(member);
				end
			end
			assert.is_nil(tostring(value):find("secret-token", 1, true));
		end
		look(store);
	end);

	it("keeps the last thousand, newest first", function ()
		local store = {};
		local kept = keeper(store);
		for i = 1, 2500 do refused(kept, { at = i }); end
		local all = kept:latest(5000);
		assert.equal(1000, #all);
		for i, refusal in ipairs(all) do assert.equal(2501 - i, refusal.last); end
		assert.same({ 2500, 2499 }, { kept:latest(2)[1].last, kept:latest(2)[2].last });
		for name, part in pairs(store) do
			local held = 0;
			for _ in pairs(type(part) == "table" and part or {}) do held = held + 1; end
			assert.is_true(held <= 1000, name);
		end
	end);

	it("keeps who is refused again and again, and lets go who has not been for the longest time", function ()
		local kept = keeper();
		local phone, old = refused(kept, { token = "phone" }).ref, refused(kept, { token = "old" }).ref;
		for i = 1, 5000 do
			refused(kept);
			if i % 500 == 0 then assert.equal(phone, refused(kept, { token = "phone" }).ref); end
		end
		assert.equal(11, kept:find(phone).count);
		assert.is_nil(kept:find(old));
	end);

	it("gives up nobody's refusal for a flood of tokens that no key has signed", function ()
		local kept = keeper();
		local people = {};
		for i = 1, 400 do people[i] = refused(kept).ref; end
		for i, reason in ipairs({ "malformed", "signature-mismatch", "unknown-issuer", "unknown-key" }) do
			for _ = 1, 1000 do refused(kept, { reason = reason, at = i }); end
		end
		for _, ref in ipairs(people) do assert.is_table(kept:find(ref)); end
		assert.equal(1000, #kept:latest(5000));
	end);

	it("gives up no other refusal for those of one token in many rooms", function ()
		local kept = keeper();
		local others = {};
		for i = 1, 900 do others[i] = refused(kept).ref; end
		for i = 1, 3000 do refused(kept, { token = "one", stage = "join", reason = "room-mismatch", room = i .. "@x" }); end
		for _, ref in ipairs(others) do assert.is_table(kept:find(ref)); end
		local first = refused(kept, { token = "two", stage = "join", reason = "room-mismatch", room = "1@x" });
		assert.equal(1, first.count); -- another token's are its own
	end);

	it("shares what it keeps with every other keeper of the same table", function ()
		local store = {};
		local one, other = keeper(store), keeper(store);
		local first = refused(one, { token = "t" }).ref;
		local second = refused(other).ref;
		assert.same({ second, first }, refs(one:latest(9)));
		assert.equal(first, refused(other, { token = "t" }).ref);
	end);

	it("shows those that are wanted", function ()
		local kept = keeper();
		for i = 1, 10 do refused(kept, { at = i, host = i % 2 == 0 and "even" or "odd" }); end
		local found = kept:latest(2, function (refusal) return refusal.host == "odd"; end);
		assert.same({ 9, 7 }, { found[1].last, found[2].last });
		assert.same({}, keeper():latest(5));
	end);

	it("says the reason and the reference to whoever is refused", function ()
		assert.equal("This link has expired: expired (abc234)", refusals.text("expired", "abc234"));
		assert.equal("No: refused-by-module (abc234)", refusals.text("refused-by-module", "abc234", "No"));
		assert.equal("This link was cancelled: revoked", refusals.words("revoked"));
	end);

	it("keeps check, expectation and hint of the first row that says the reason, and of no other", function ()
		local rows = {
			{ check = "exp", verdict = "ok", hint = "later", expected = "x" },
			{ check = "nbf", verdict = "fail", reason = "not-yet-valid", hint = "early", expected = "not after 7", found = "LEAK" },
			{ check = "key", verdict = "fail", reason = "unknown-issuer", hint = "near", expected = { iss = { "portal" } },
				found = "LEAK" },
		};
		assert.same({ check = "nbf", hint = "early", expected = "not after 7" }, refusals.of_row("not-yet-valid", rows));
		assert.same({ check = "key", hint = "near", expected = '{"iss":["portal"]}' }, refusals.of_row("unknown-issuer", rows));
		assert.same({}, refusals.of_row("banned", rows));
	end);

	it("says how long ago a token expired as it is when it is asked", function ()
		local at = 1700000000;
		local function about(hint, exp, signed)
			return refusals.about("expired", { { reason = "expired", hint = hint } },
				{ signed = signed, claims = { exp = exp }, now = at });
		end
		local words = "the token expired %s ago. Sign a new token, for example with exp = now + 3600";
		local one = about(words:format("1 minute"), at - 60, true);
		assert.same({ ended = at - 60 }, one);
		assert.equal(words:format("1 minute"), refusals.hint_now(one, at));
		assert.equal(words:format("2 hours"), refusals.hint_now(one, at + 7200));
		one = about("it never was valid", at - 60, true);
		assert.equal("it never was valid", refusals.hint_now(one, at + 7200));
		assert.same({ hint = "x" }, about("x", at - 60, nil));
		assert.is_nil(refusals.hint_now({}, at));
	end);

	it("keeps of a room's rows what the configuration expects, and not what the room is", function ()
		local function kept(check, expected) -- by a host meet.example
			local rows = { { check = check, verdict = "fail", reason = "room-mismatch", expected = expected } };
			return refusals.of_row("room-mismatch", rows, "meet.example").expected;
		end
		assert.equal("meet.example", kept("tenant", "meet.example"));
		assert.equal('["stand*"]', kept("rooms", { "stand*" }));
		for _, check in ipairs({ "tenant", "room", "guests", "address", "join" }) do assert.is_nil(kept(check, "secret-room")); end
	end);

	it("knows of a token its iss, d, kid and alg, and else only what the operator has configured", function ()
		local known = { key = { kid = function () return "k1"; end } };
		local function about(head, claims)
			return refusals.about("x", {}, { head = head, claims = claims, candidates = { known },
				entry = { id = "e", dialect = "jitsi" } });
		end
		assert.same({ entry = "e", dialect = "jitsi", alg = "HS256", kid = "k1", found = 'alg = "HS256", kid = "k1"' },
			about({ alg = "HS256", kid = "k1", typ = "LEAK" }));
		assert.same({ entry = "e", dialect = "jitsi", found = 'alg = "odd", kid = "k2", iss = "Portal", d = "D"' },
			about({ alg = "odd", kid = "k2" }, { iss = "Portal", d = "D", sub = "LEAK", room = "LEAK", context = { user = "LEAK" } }));
		assert.same({}, refusals.about("x", {}, {}));
		assert.equal('iss = "https://sso.example/realms/meet"', about({}, { iss = "https://sso.example/realms/meet" }).found);
	end);

	it("keeps short and printable what a token calls itself, whatever that is", function ()
		for _, odd in ipairs({ ("x"):rep(100000), "\27[31m", "\u{202e}" .. ("\u{10FFFF}"):rep(1000),
			"\0\n\r", ("\255"):rep(500), 7, true,
			{}, core.null }) do
			local found = refusals.about("x", {}, { head = { alg = odd, kid = odd }, claims = { iss = odd, d = odd } }).found or "";
			assert.is_true(#found <= 4 * (4 * 64 + 20), #found);
			assert.is_nil(found:find("%c"));
			assert.is_nil(found:find("\u{202e}", 1, true));
			assert.is_number(utf8.len(found));
		end
		local row = { check = "key", reason = "x", expected = { iss = { ("y"):rep(5000) } } };
		assert.equal(200, #refusals.of_row("x", { row }).expected);
	end);
end);
