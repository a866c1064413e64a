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

describe("meetauth.server.refusals", function ()
	it("finds a refusal by its reference, in any case", function ()
		local kept = keeper();
		local ref = kept:add({ time = 1, reason = "expired" });
		kept:add({ time = 2, reason = "malformed" });
		assert.same({ ref = ref, time = 1, reason = "expired" }, kept:find(ref));
		assert.equal("expired", kept:find(ref:upper()).reason);
		for _, other in ipairs({ "", "zzzzzz", "%s", ref .. "a", "......", ("a"):rep(10000) }) do assert.is_nil(kept:find(other)); end
	end);

	it("makes references of six letters and digits that nobody misreads", function ()
		for byte = 0, 255 do
			local kept = refusals.keeper({}, function (count) return string.char(byte):rep(count); end);
			local ref = kept:add({});
			assert.equal(6, #ref);
			assert.is_nil(ref:find("[^a-z2-9]"));
			assert.is_nil(ref:find("[lo]"));
		end
	end);

	it("makes all its letters equally often", function ()
		local counts = {};
		for byte = 0, 255 do
			local kept = refusals.keeper({}, function (count) return string.char(byte):rep(count); end);
			local letter = kept:add({}):sub(1, 1);
			counts[letter] = (counts[letter] or 0) + 1;
		end
		local letters = 0;
		for _, count in pairs(counts) do
			letters = letters + 1;
			assert.equal(8, count);
		end
		assert.equal(32, letters);
	end);

	it("keeps the last thousand, newest first", function ()
		local store = {};
		local kept = keeper(store);
		for i = 1, 2500 do kept:add({ time = i }); end
		local all = kept:latest(5000);
		assert.equal(1000, #all);
		for i, refusal in ipairs(all) do assert.equal(2501 - i, refusal.time); end
		assert.same({ 2500, 2499 }, { kept:latest(2)[1].time, kept:latest(2)[2].time });
		local held = 0;
		for _ in pairs(store) do held = held + 1; end
		assert.equal(1001, held);
	end);

	it("shares what it keeps with every other keeper of the same table", function ()
		local store = {};
		local one, other = keeper(store), keeper(store);
		one:add({ time = 1 });
		other:add({ time = 2 });
		assert.same({ 2, 1 }, { one:latest(9)[1].time, one:latest(9)[2].time });
	end);

	it("shows those that are wanted", function ()
		local kept = keeper();
		for i = 1, 10 do kept:add({ time = i, host = i % 2 == 0 and "even" or "odd" }); end
		local found = kept:latest(2, function (refusal) return refusal.host == "odd"; end);
		assert.same({ 9, 7 }, { found[1].time, found[2].time });
		assert.same({}, keeper():latest(5));
	end);

	it("says the reason and the reference to whoever is refused", function ()
		assert.equal("expired (abc234)", refusals.text("expired", "abc234"));
	end);

	it("tells the hint of the first row that says the reason, and of no other", function ()
		local rows = {
			{ check = "exp", verdict = "ok", hint = "later" },
				{ check = "nbf", verdict = "fail", reason = "not-yet-valid", hint = "early" },
			{ check = "iss", verdict = "fail", reason = "issuer-mismatch", hint = "near" },
		};
		assert.equal("early", refusals.hint("not-yet-valid", rows));
		assert.equal("near", refusals.hint("issuer-mismatch", rows));
		assert.is_nil(refusals.hint("banned", rows));
	end);

	it("knows of a token only what the operator has configured", function ()
		local known = { key = { kid = function () return "k1"; end } };
		local function about(head)
			return refusals.about("x", {}, { head = head, candidates = { known }, entry = { id = "e", dialect = "jitsi" } });
		end
		assert.same({ entry = "e", dialect = "jitsi", alg = "HS256", kid = "k1" }, about({ alg = "HS256", kid = "k1" }));
		assert.same({ entry = "e", dialect = "jitsi" }, about({ alg = "LEAK", kid = "LEAK" }));
		assert.same({}, refusals.about("x", {}, {}));
	end);
end);
