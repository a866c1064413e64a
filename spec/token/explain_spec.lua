local secret_of = require "spec.support.secret";
local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local meetauth = require "meetauth";
local new_grant = require "meetauth.access.grant".of;
local hostile = require "spec.support.hostile";
local reasons = require "meetauth.reasons".by_word;
local verifier = require "meetauth.token.verifier";

local now = 1700000000;
local key = meetauth.key({ alg = "HS256", secret = secret_of("k"), kid = "k1" });
local stranger = meetauth.key({ alg = "HS256", secret = secret_of("l") });
local verify = meetauth.verifier({
	keys = { key }, algorithms = { "HS256" }, issuer = "portal", audience = { "jitsi" }, leeway = 10, max_age = 3600,
	require = { "room" }, typ = { "JWT" }, check = function (claims) return claims.room ~= "y"; end,
});
local good = { iss = "portal", aud = "jitsi", exp = now + 60, iat = now, room = "x" };

-- The verdicts of a report, by check; with the reason where it failed.
local function verdicts(token, at)
	local found = {};
	for _, row in ipairs(verify:explain(token, at or now)) do
		assert.is_nil(found[row.check], row.check .. " comes twice");
		assert.equal(row.verdict == "fail", row.reason ~= nil);
		found[row.check] = row.reason or row.verdict;
	end
	return found;
end

local function with(fields)
	local claims = {};
	for name, value in pairs(good) do claims[name] = value; end
	for name, value in pairs(fields) do claims[name] = value; end
	return claims;
end

local all_ok = {
	form = "ok", header = "ok", key = "ok", signature = "ok", typ = "ok", payload = "ok", exp = "ok", nbf = "ok", iat = "ok",
	iss = "ok", aud = "ok", sub = "ok", jti = "ok", require = "ok", check = "ok",
};

local function but(fields)
	local t = {};
	for name, value in pairs(all_ok) do t[name] = value; end
	for name, value in pairs(fields) do t[name] = value; end
	return t;
end

describe("meetauth.token.explain", function ()
	local cases = {
		{ name = "a good token", token = meetauth.sign(key, good), report = all_ok };
		{ name = "one that expired", token = meetauth.sign(key, with({ exp = now - 10 })), report = but({ exp = "expired" }) };
		{ name = "all that is wrong at once", token = meetauth.sign(key, { exp = 1, nbf = now + 11, iat = 1, iss = "x", aud = "y" }),
			report = but({ exp = "expired", nbf = "not-yet-valid", iat = "too-old", iss = "issuer-mismatch", aud = "audience-mismatch",
				require = "missing-claim", check = "skipped" }) };
		{ name = "a wrong type", token = meetauth.sign(key, with({ exp = "x", sub = 1 })),
			report = but({ exp = "bad-claim", sub = "bad-claim", check = "skipped" }) };
		{ name = "what the caller's check says", token = meetauth.sign(key, with({ room = "y" })),
			report = but({ check = "check-failed" }) };
		{ name = "a list of audiences that is none", token = meetauth.sign(key, with({ aud = { 1 } })),
			report = but({ aud = "bad-claim", check = "skipped" }) };
		{ name = "an audience that is an object", token = meetauth.sign(key, with({ aud = { jitsi = true } })),
			report = but({ aud = "bad-claim", check = "skipped" }) };
		{ name = "a forged token, and what it says", token = meetauth.sign(stranger, with({ exp = 1 }), { kid = "k1" }),
			report = but({ signature = "signature-mismatch", exp = "expired", check = "skipped" }) };
		{ name = "another typ", token = meetauth.sign(key, good, { typ = "at+jwt" }), report = but({ typ = "type-mismatch" }) };
	};

	for _, case in ipairs(cases) do
		it("tells of " .. case.name, function ()
			assert.same(case.report, verdicts(case.token));
		end);
	end

	it("says what was expected and what was found", function ()
		local rows = {};
		for _, row in ipairs(verify:explain(meetauth.sign(key, with({ iss = "x" }), { typ = "at+jwt" }), now)) do
			rows[row.check] = { row.expected, row.found };
		end
		assert.same({ { "jwt" }, "at+jwt" }, rows.typ);
		assert.same({ { "portal" }, "x" }, rows.iss);
		assert.same({ { "jitsi" }, "jitsi" }, rows.aud);
		assert.equal(now + 60, rows.exp[2]);
	end);

	it("skips what cannot be looked at", function ()
		local found = verdicts("x");
		assert.equal("malformed", found.form);
		assert.equal("skipped", found.signature);
		found = verdicts(core.sign(key, '{"alg":"HS256","crit":["x"]}', "{}"));
		assert.equal("critical-extension", found.header);
		assert.equal("skipped", found.key);
		found = verdicts(meetauth.sign(key, good, { kid = "k2" }));
		assert.equal("unknown-key", found.key);
		assert.equal("skipped", found.signature);
	end);

	it("agrees with the verifier about hostile tokens, and never raises", function ()
		for bent in hostile.tokens(meetauth.sign(key, good), 3, 3000) do
			local claims, reason = verify(bent, now);
			local found, failed = verdicts(bent), false;
			for _, verdict in pairs(found) do
				if verdict ~= "ok" and verdict ~= "skipped" then
					failed = true;
					assert.truthy(reasons[verdict], verdict);
				end
			end
			assert.is_nil(claims);
			assert.is_true(failed, reason);
		end
	end);

	it("agrees with the verifier about signed nonsense", function ()
		local text = '{"iss":"portal","aud":["jitsi"],"exp":1700000060,"iat":1700000000,"room":"x"}';
		local accepted = 0;
		for bent in hostile.tokens(text, 4, 3000) do
			local token = core.sign(key, '{"alg":"HS256","typ":"JWT","kid":"k1"}', bent);
			local claims, reason = verify(token, now);
			local failed = false;
			for _, verdict in pairs(verdicts(token)) do failed = failed or reasons[verdict] ~= nil; end
			assert.equal(claims == nil, failed, bent .. " " .. tostring(reason));
			if claims then accepted = accepted + 1; end
		end
		assert.is_true(accepted > 10, "the mutations are too rough: " .. accepted);
	end);

	it("does not change what the verifier says next", function ()
		local token = meetauth.sign(key, good);
		verify:explain("x", now);
		assert.same(good, verify(token, now));
		verify:explain(meetauth.sign(stranger, good, { kid = "k1" }), now);
		assert.same(good, verify(token, now));
	end);
end);

describe("meetauth.token.explain for issuer entries", function ()
	local place = { base = "meet.example", nfkc = tostring, fold = string.lower };
	local secrets = { portal = secret_of("p", 40), acme = secret_of("a", 40) };
	local host = assert(hostconfig.read(function (name)
		return ({ meetauth_issuers = {
			{ id = "portal", issuer = "portal", audience = "jitsi", secret = secrets.portal };
			{ id = "acme", dialect = "daily", domain_id = "d", secret = secrets.acme };
		} })[name];
	end));
	local both = verifier.of_entries(host.entries, 4096, keyheld.of(host.entries));
	local of = {
		jitsi = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "standup", exp = now + 60 };
		daily = { d = "d", r = "standup", iat = now, exp = now + 60 };
	};
	local by = { jitsi = secrets.portal, daily = secrets.acme };

	local function signed(dialect, changes)
		local all = {};
		for name, value in pairs(of[dialect]) do all[name] = value; end
		for name, value in pairs(changes or {}) do all[name] = value; end
		return meetauth.sign(meetauth.key({ alg = "HS256", secret = by[dialect] }), all);
	end

	local function rows_by_check(token, node)
		local found = {};
		for _, row in ipairs((both:explain(token, now, node and { node = node }, place))) do found[row.check] = row; end
		return found;
	end

	it("says as what somebody may enter a room", function ()
		local rows = rows_by_check(signed("jitsi", { moderator = true }), "standup");
		assert.same({ "ok", "owner" }, { rows.join.verdict, rows.join.found.affiliation });
		rows = rows_by_check(signed("daily", { k = true }), "standup");
		assert.same({ "ok", "member", true }, { rows.join.verdict, rows.join.found.affiliation, rows.join.found.wants_lobby });
	end);

	it("says what an owner's token sets of the room, and no password", function ()
		local context = { room = { password = "open sesame", lobby = true } };
		local rows = rows_by_check(signed("jitsi", { moderator = true, context = context }), "standup");
		assert.same({ "lobby", "password" }, rows.join.found.settings);
		assert.is_nil(rows_by_check(signed("jitsi", { context = context }), "standup").join.found.settings);
	end);

	it("says what keeps somebody out, the name or the tenant, and both", function ()
		for _, dialect in ipairs({ "jitsi", "daily" }) do
			local rows = rows_by_check(signed(dialect), "retro");
			assert.same({ "room-mismatch", "ok", "room-mismatch" }, { rows.room.reason, rows.tenant.verdict, rows.join.reason });
			assert.same({ "standup", "retro" }, { rows.room.found, rows.room.expected });
			rows = rows_by_check(signed(dialect), "[acme]standup");
			assert.same({ "ok", "room-mismatch", "acme" }, { rows.room.verdict, rows.tenant.reason, rows.tenant.expected });
			rows = rows_by_check(signed(dialect), "[acme]retro");
			assert.same({ "room-mismatch", "room-mismatch" }, { rows.room.reason, rows.tenant.reason });
		end
	end);

	it("says of a token that finds no entry, no algorithm or no key what would have found one", function ()
		local function key_row(token) return rows_by_check(token).key; end
		local row = key_row(signed("jitsi", { iss = "Portal" }));
		assert.same({ "unknown-issuer", { iss = { "portal" }, d = { "d" } }, { alg = "HS256", iss = "Portal" } },
			{ row.reason, row.expected, row.found });
		row = key_row(signed("daily", { d = "D" }));
		assert.same({ "unknown-issuer", "D" }, { row.reason, row.found.d });
		row = key_row(meetauth.sign(meetauth.keygen { alg = "ES256" }, of.jitsi));
		assert.same({ "algorithm-mismatch", { alg = { "HS256" } }, { alg = "ES256" } }, { row.reason, row.expected, row.found });
		row = key_row(signed("jitsi"));
		assert.is_nil(row.expected);
	end);

	it("says which key was tried, and of which entry", function ()
		local rows = rows_by_check(meetauth.sign(meetauth.key({ alg = "HS256", secret = by.daily }), of.jitsi));
		assert.same({ "signature-mismatch", { alg = "HS256", entry = "portal" } }, { rows.signature.reason, rows.signature.expected });
		rows = rows_by_check(signed("daily"));
		assert.same({ alg = "HS256", entry = "acme" }, rows.signature.expected);
	end);

	it("names the keys that there are, and ten of many issuers", function ()
		local named = meetauth.key { alg = "HS256", secret = secret_of(1), kid = "k1" };
		local of_keys = meetauth.verifier { keys = { named }, algorithms = { "HS256" } };
		local row = of_keys:explain(meetauth.sign(named, {}, { kid = "other" }), now)[3];
		assert.same({ "unknown-key", { kid = { "k1" } } }, { row.reason, row.expected });
		local list = {};
		for i = 1, 12 do list[i] = { issuer = ("i%02d"):format(i), secret = secret_of(i) }; end
		local many = assert(hostconfig.read(function (name) return name == "meetauth_issuers" and list or nil; end));
		local of_many = verifier.of_entries(many.entries, 4096, keyheld.of(many.entries));
		local iss = of_many:explain(meetauth.sign(named, { iss = "x" }), now)[3].expected.iss;
		assert.same({ 11, "i01", "i10", "..." }, { #iss, iss[1], iss[10], iss[11] });
	end);

	it("says of a token that expired whether it would fit the room", function ()
		for _, dialect in ipairs({ "jitsi", "daily" }) do
			local rows = rows_by_check(signed(dialect, { exp = now - 60 }), "standup");
			assert.same({ "expired", "ok", "expired", "ok", "expired" },
				{ rows.exp.reason, rows.grant.verdict, rows.window.reason, rows.room.verdict, rows.join.reason });
		end
	end);

	it("skips the room where the claims give nothing", function ()
		local rows = rows_by_check(signed("daily", { r = "*" }), "standup");
		assert.same({ "bad-claim", "skipped" }, { rows.grant.reason, rows.join.verdict });
		assert.is_nil(rows.room);
	end);

	it("says nothing of rooms unless it is asked", function ()
		local rows = rows_by_check(signed("jitsi"));
		assert.equal("ok", rows.grant.verdict);
		assert.is_nil(rows.join);
	end);

	it("says what nobody enforces", function ()
		local notes = rows_by_check(signed("daily", { mjh = "https://x.example" }), "standup").grant.found;
		assert.same({ { claim = "mjh", fate = "ignored" } }, notes);
	end);

	it("agrees with verify, grant and policy about signed nonsense", function ()
		local accepted = 0;
		local texts = {
			jitsi = '{"iss":"portal","aud":"jitsi","sub":"meet.example","room":"standup","exp":1700000060,"context":{"user":{}}}';
			daily = '{"d":"d","r":"standup","iat":1700000000,"exp":1700000060,"o":true,"p":{"cs":"a"}}';
		};
		for dialect, text in pairs(texts) do
			local signer = core.key.new("HS256", "secret", by[dialect]);
			for bent in hostile.tokens(text, 6, 1500) do
				local token = core.sign(signer, '{"alg":"HS256"}', bent);
				local claims, _, entry = both(token, now);
				local given = claims and new_grant(claims, entry);
				local decision = given and meetauth.policy.enter(given, { node = "standup" }, place, now);
				local failed = false;
				for _, row in ipairs((both:explain(token, now, { node = "standup" }, place))) do
					failed = failed or row.verdict == "fail";
				end
				assert.equal(decision == nil, failed, bent);
				if decision then accepted = accepted + 1; end
			end
		end
		assert.is_true(accepted > 10, "the mutations are too rough: " .. accepted);
	end);
end);
