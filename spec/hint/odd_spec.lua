-- What looks wrong in a token that is good.

local hostile = require "spec.support.hostile";
local new_grant = require "meetauth.access.grant".of;
local odd = require "meetauth.hint.odd";
local world = require "spec.support.hintworld";

local now = world.now;

-- What is odd in a token that an entry lets in.
local function words_of(token, host)
	local claims, reason, entry = world.hosts[host or "jitsi"](token, now);
	assert(claims, reason);
	return odd.words(claims, assert(new_grant(claims, entry)), entry);
end

local function of_user(user) return world.of_jitsi({ context = { user = user } }); end

-- { what it is, the token, the host, what is said of it, in Lua patterns }
local cases = {
	{ "nothing in a good token", world.of_jitsi({ context = { user = { moderator = "true" }, features = { flip = true } } }) };
	{ "nothing in a good Daily token", world.of_daily({ o = true, u = "Ann", ss = true }), "daily" };
	{ "exp in milliseconds", world.of_jitsi({ exp = now * 1000 }), nil, "^exp looks like milliseconds" };
	{ "exp in milliseconds, at Daily", world.of_daily({ exp = now * 1000 }), "daily", "^exp looks like milliseconds" };
	{ "iat in milliseconds", world.of_jitsi({ iat = now * 1000 }, "tenant"), nil, "^iat looks like milliseconds" };
	{ "no exp", world.of_jitsi({ exp = "none" }), nil, "^the token has no exp" };
	{ "moderator as Python writes it", of_user({ moderator = "True" }), nil, "^moderator is neither true nor false" };
	{ "moderator as a number", world.of_jitsi({ moderator = 1 }), nil, "^moderator is neither true nor false" };
	{ "moderator beside the user", world.of_jitsi({ context = { moderator = true } }), nil, "^moderator is in the wrong place, so "
		.. "it is ignored" };
	{ "a feature that nobody knows", world.of_jitsi({ context = { features = { LEAK = true } } }), nil,
		"^context.features has an unknown" };
	{ "a feature that is a number", world.of_jitsi({ context = { features = { flip = 1 } } }), nil, "^a value in context.features" };
	{ "a claim of Daily's that does nothing", world.of_daily({ mjh = "LEAK" }), "daily", "^mjh is ignored$" };
	{ "a claim of Daily's that does not apply", world.of_daily({ sr = true }), "daily", "^sr is ignored: the user cannot record" };
	{ "claims that nobody knows", world.of_daily({ LEAK = 1, LEAK2 = 2 }), "daily", "unknown names or words, which are ignored$" };
	{ "several things", world.of_jitsi({ exp = "none", moderator = 1 }), nil, "^the token has no exp", "^moderator is neither" };
};

describe("what looks wrong in a token that is let in", function ()
	for _, case in ipairs(cases) do
		it("is " .. case[1], function ()
			local found, expected = words_of(case[2], case[3]) or {}, { table.unpack(case, 4) };
			assert.equal(#expected, #found, table.concat(found, "; "));
			for i, words in ipairs(found) do
				assert.matches(expected[i], words);
				assert.is_nil(words:find("LEAK"));
			end
		end);
	end

	it("is looked for with the hints of its dialect, and with those of both", function ()
		for _, dialect in ipairs({ "jitsi", "daily" }) do
			local of = {};
			for _, hint in ipairs(odd.lists[dialect]) do of[hint.dialect or "both"] = true; end
			assert.same({ both = true, [dialect] = true }, of);
		end
	end);

	it("is said in the words that stand beside the rows", function ()
		local token = world.of_jitsi({ exp = now * 1000 });
		for _, row in ipairs(world.rows_of({ "", token })) do
			if row.check == "exp" then assert.same({ row.hint }, words_of(token)); end
		end
	end);

	it("is looked for in any claims without raising, and says nothing of theirs", function ()
		local count = 0;
		for _, one in ipairs({ { world.of_jitsi({ context = { user = { moderator = 1 }, features = { LEAK = 1 } } }), "jitsi" },
			{ world.of_daily({ LEAK = 1, p = { LEAK = 1 } }), "daily" } }) do
			local host = world.hosts[one[2]];
			local entry, reader = select(3, host(one[1], now)), host.reader;
			for bent in hostile.tokens(one[1], 3, 2000) do
				local claims = reader:open(bent) and reader:unverified();
				local grant = claims and new_grant(claims, entry);
				for _, words in ipairs(grant and odd.words(claims, grant, entry) or {}) do
					count = count + 1;
					assert.is_nil(words:find("LEAK"));
				end
			end
		end
		assert.is_true(count > 100);
	end);

	it("costs no memory where nothing does", function ()
		local claims, _, entry = world.hosts.jitsi(world.of_jitsi({ context = { user = { id = "u1" } } }), now);
		local grant = new_grant(claims, entry);
		odd.words(claims, grant, entry);
		collectgarbage("stop");
		local before = collectgarbage("count");
		for _ = 1, 1000 do odd.words(claims, grant, entry); end
		local grown = collectgarbage("count") - before;
		collectgarbage("restart");
		assert.is_true(grown < 1, grown .. " KiB");
	end);
end);
