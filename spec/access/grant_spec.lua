local grant = require "meetauth.access.grant";
local meetauth = require "meetauth";

local jitsi = { id = "portal", dialect = "jitsi", room = "required", domain_verification = true, asked = { leeway = 10 } };
local daily = { id = "acme", dialect = "daily", domain_id = "d1", room = "required", user_prefix = "", asked = { leeway = 5 },
	tenant = "Acme" };

local function of_jitsi(fields)
	local claims = { iss = "portal", sub = "meet.example", room = "x" };
	for name, value in pairs(fields or {}) do claims[name] = value; end
	return grant.of(claims, jitsi);
end

describe("meetauth.access.grant", function ()
	it("reads claims in the entry's dialect, whatever the claims say", function ()
		assert.equal("jitsi", of_jitsi({ d = "d1", r = "y", dialect = "daily" }).dialect);
		local given = grant.of({ d = "d1", r = "y", iss = "portal", room = "x" }, daily);
		assert.equal("daily", given.dialect);
		assert.equal("y", given.room);
	end);

	it("names the entry and its tenant", function ()
		local given = of_jitsi({ tenant = "evil", entry = "evil" });
		assert.equal("portal", given.entry);
		assert.is_nil(given.tenant);
		assert.equal("Acme", grant.of({ d = "d1", r = "x" }, daily).tenant);
	end);

	it("counts the leeway into its window", function ()
		local given = of_jitsi({ nbf = 1000, exp = 2000 });
		assert.equal(990, given.not_before);
		assert.equal(2010, given.expires);
		given = grant.of({ d = "d1", r = "x", exp = 2000.5 }, daily);
		assert.is_nil(given.not_before);
		assert.equal(2005.5, given.expires);
	end);

	it("has no window without exp and nbf", function ()
		local given = of_jitsi();
		assert.is_nil(given.not_before);
		assert.is_nil(given.expires);
	end);

	it("keeps jti", function ()
		assert.equal("id-1", of_jitsi({ jti = "id-1" }).token_id);
		assert.is_nil(of_jitsi().token_id);
	end);

	it("keeps iat, and whether the entry's tokens are for single use", function ()
		assert.equal(1500, of_jitsi({ iat = 1500 }).issued);
		assert.is_nil(of_jitsi().issued);
		assert.is_nil(of_jitsi().single_use);
		local once = setmetatable({ single_use = true }, { __index = daily });
		assert.is_true(grant.of({ d = "d1", r = "x", iat = 1 }, once).single_use);
	end);

	local function under(base, fields, claims)
		local all = base == daily and { d = "d1", r = "x", iat = 1 } or { iss = "p", sub = "s", room = "x" };
		for name, value in pairs(claims) do all[name] = value; end
		return assert(grant.of(all, setmetatable(fields, { __index = base })));
	end

	it("ends a stay by the entry's eject_after, or by the token's, whichever comes first", function ()
		assert.equal(60, under(jitsi, { eject_after = 60 }, {}).eject_after);
		assert.equal(60, under(daily, { eject_after = 60 }, {}).eject_after);
		assert.equal(30, under(daily, { eject_after = 60 }, { eje = 30 }).eject_after);
		assert.equal(60, under(daily, { eject_after = 60 }, { eje = 90 }).eject_after);
	end);

	it("keeps how long a kick lasts, where it does", function ()
		for _, base in ipairs({ jitsi, daily }) do
			assert.equal(60, under(base, { kick_bans = 60 }, {}).kick_bans);
			assert.is_nil(under(base, { kick_bans = 0 }, {}).kick_bans);
			assert.is_nil(under(base, {}, {}).kick_bans);
		end
	end);

	it("lets nobody but owners send more than the entry's may_send", function ()
		local audio = { a = true, ca = true };
		local entry = { may_send = { "audio" } };
		assert.same(audio, under(jitsi, entry, {}).send);
		assert.same(audio, under(daily, entry, {}).send);
		assert.same(audio, under(jitsi, entry, { context = { user = { send = { "video", "audio" } } } }).send);
		assert.same({}, under(jitsi, entry, { context = { user = { send = { "video" } } } }).send);
		assert.same({ a = true }, under(daily, entry, { p = { cs = "a,v" } }).send);
		assert.is_nil(under(jitsi, entry, { moderator = true, context = { user = { send = { "video" } } } }).send);
		assert.is_nil(under(daily, entry, { o = true }).send);
		assert.same(audio, under(jitsi, { may_send = { "audio" }, may = { "recording" } }, { moderator = true }).send);
		assert.equal("the entry", under(jitsi, entry, {}).origins.send);
	end);

	it("says what may be sent to the client, and in the feature of the screen", function ()
		local features = { ["screen-sharing"] = true };
		local given = under(jitsi, {}, { context = { features = features, user = { send = { "audio" } } } });
		assert.equal("a,ca", given.advisory.send);
		assert.is_false(given.features["screen-sharing"]);
		assert.is_true(given.pushes_permissions);
		assert.equal("context.user.send", given.origins.send);
		given = under(daily, { may_send = { "audio" } }, {});
		assert.same({ "a,ca", false }, { given.advisory.send, given.features["screen-sharing"] });
		given = under(jitsi, {}, { context = { user = { send = { "audio", "video", "screen" } } } });
		assert.is_nil(given.advisory);
	end);

	it("hands on the dialect's reason", function ()
		assert.same({ nil, "bad-claim" }, { of_jitsi({ context = "x" }) });
		assert.same({ nil, "missing-claim" }, { grant.of({ d = "d1" }, daily) });
		assert.same({ nil, "unknown-issuer" }, { grant.of({ d = "d2", r = "x" }, daily) });
	end);

	it("gives both dialects the same fields", function ()
		local known = {};
		for line in io.lines("lua/meetauth/access/grant.lua") do
			local name = line:match("^%-%-%-@field ([%w_]+)");
			if name then known[name] = true; end
		end
		for _, given in ipairs({
			of_jitsi({ exp = 1, nbf = 1, jti = "x", moderator = true, context = { group = "g", user = {}, features = {}, room = {},
				tenant = "t" } }),
			grant.of({ d = "d1", r = "x", exp = 1, nbf = 1, jti = "x", u = "Joe", ud = "u1", o = true, k = true, ejt = true, eje = 1,
				ao = true, mjh = "x" }, daily),
		}) do
			for name in pairs(given) do assert.is_true(known[name], name .. " is not in grant.lua's record"); end
			assert.equal("granted", given.owner);
		end
	end);
end);

describe("meetauth.grant at a time", function ()
	local acme = { id = "acme", dialect = "daily", domain_id = "d1", leeway = 5, tenant = "Acme" };

	local function given_at(now, fields)
		local claims = { d = "d1", r = "x", nbf = 1000, exp = 2000 };
		for name, value in pairs(fields or {}) do claims[name] = value; end
		local given, reason = meetauth.grant(claims, acme, now);
		return reason or given.room;
	end

	local cases = {
		{ 994, "not-yet-valid" }; { 995, "x" }; { 1500, "x" }; { 2004.9, "x" }; { 2005, "expired" };
		{ 1500, "bad-claim", { o = 1 } }; { 9999, "bad-claim", { o = 1 } };
	};
	for _, case in ipairs(cases) do
		it(("is %s at %s"):format(case[2], case[1]), function ()
			assert.equal(case[2], given_at(case[1], case[3]));
		end);
	end

	it("is asked for no time where none is handed in, or where the token has none", function ()
		assert.equal("x", given_at(nil));
		assert.equal("x", (meetauth.grant({ d = "d1", r = "x" }, acme, 1e15)).room);
	end);
end);

describe("a grant within a room that was made by REST", function ()
	local function given(claims, fields)
		local entry = setmetatable(fields or {}, { __index = daily });
		entry.has_rooms = true;
		local all = { d = "d1", r = "x" };
		for name, value in pairs(claims or {}) do all[name] = value; end
		return assert(grant.of(all, entry));
	end
	local function says(one)
		return { one.admin, one.send and one.send.v == true, one.features["recording"], one.features["screen-sharing"] };
	end

	it("is known to say something only where rooms may say something, too", function ()
		assert.is_nil(grant.of({ d = "d1", r = "x" }, daily).said);
		assert.is_table(given().said);
		assert.is_true(given({ ejt = false }).sets_ejection);
		assert.is_nil(given().sets_ejection);
		assert.is_true(given(nil, { rooms_required = true }).needs_room);
	end);

	it("has the room's word where the token has none, member by member", function ()
		local defaults = { p = { ca = "p,s", cs = "a" }, er = "cloud", ss = false };
		assert.same({ "admin", false, true, false }, says(grant.within(given(), defaults)));
		assert.same({ nil, false, false, false }, says(grant.within(given({ p = { ca = false } }), defaults)));
		assert.same({ "admin", true, true, true }, says(grant.within(given({ p = { cs = true }, ss = true }), defaults)));
		assert.same({ "admin", false, false, false }, says(grant.within(given({ er = "local" }), defaults)));
	end);

	it("is another record, and the token's own one stays as it is", function ()
		local own = given();
		local before = says(own);
		grant.within(own, { p = { ca = true, cs = false } });
		assert.same(before, says(own));
		assert.same({ "admin", false, false, false }, says(grant.within(own, { p = { ca = true, cs = false } })));
		assert.same(before, says(grant.within(own, nil)));
	end);

	it("has what was said to its bearer since before the token's word", function ()
		local own = given({ p = { ca = true, cs = true } });
		assert.same({ nil, true, false, true }, says(grant.within(own, nil, { ca = false })));
		assert.same({ "admin", false, false, false }, says(grant.within(own, { p = { ca = false } }, { cs = false })));
	end);

	it("leaves an owner everything", function ()
		local boss = grant.within(given({ o = true }), { p = { ca = false, cs = false } }, { cs = false });
		assert.same({ "granted", nil, true }, { boss.owner, boss.send, boss.features["screen-sharing"] });
	end);

	it("is never over the entry's bound", function ()
		local own = given(nil, { may = { "screen-sharing" } });
		assert.same({ nil, true, false, true }, says(grant.within(own, { p = { ca = true }, er = "cloud" })));
	end);

	it("sends no more than the entry says, whatever the room or somebody since has said", function ()
		local own = given(nil, { may_send = { "audio" } });
		assert.same({ a = true, ca = true }, grant.within(own, { p = { cs = true } }).send);
		assert.same({ a = true, ca = true }, grant.within(own, nil, { cs = "v,a,ca" }).send);
		assert.same({}, grant.within(own, { p = { cs = "v" } }).send);
		assert.is_nil(grant.within(given({ o = true }, { may_send = { "audio" } }), { p = { cs = "v" } }).send);
	end);

	it("reads long names where the entry does", function ()
		local own = given({ p = { canSend = { "video" } } }, { claim_names = "either" });
		assert.same({ "admin", true, false, false }, says(grant.within(own, { p = { cs = "a", ca = "p" } })));
	end);
end);
