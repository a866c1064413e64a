local core = require "meetauth.core";
local meetauth = require "meetauth";
local hostile = require "spec.support.hostile";
local reasons = require "meetauth.reasons".by_word;

local now = 1700000000;
local key = meetauth.key({ alg = "HS256", secret = ("k"):rep(32), kid = "k1" });
local stranger = meetauth.key({ alg = "HS256", secret = ("l"):rep(32) });
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

describe("meetauth.explain", function ()
	local cases = {
		{ name = "a good token", token = meetauth.sign(key, good), report = all_ok };
		{ name = "one that expired", token = meetauth.sign(key, with({ exp = now - 10 })), report = but({ exp = "expired" }) };
		{ name = "all that is wrong at once", token = meetauth.sign(key, { exp = 1, nbf = now + 11, iat = 1, iss = "x", aud = "y" }),
			report = but({ exp = "expired", nbf = "not-yet-valid", iat = "too-old", iss = "issuer-mismatch", aud = "audience-mismatch",
				require = "missing-claim" }) };
		{ name = "a wrong type", token = meetauth.sign(key, with({ exp = "x", sub = 1 })),
			report = but({ exp = "bad-claim", sub = "bad-claim", check = "skipped" }) };
		{ name = "what the caller's check says", token = meetauth.sign(key, with({ room = "y" })),
			report = but({ check = "check-failed" }) };
		{ name = "a list of audiences that is none", token = meetauth.sign(key, with({ aud = { 1 } })),
			report = but({ aud = "bad-claim" }) };
		{ name = "a forged token, and what it says", token = meetauth.sign(stranger, with({ exp = 1 }), { kid = "k1" }),
			report = but({ signature = "signature-mismatch", exp = "expired", check = "skipped" }) };
		{ name = "another typ", token = meetauth.sign(key, good, { typ = "at+jwt" }), report = but({ typ = "type-mismatch" }) };
	};

	for _, case in ipairs(cases) do
		it("tells of " .. case.name, function ()
			assert.same(case.report, verdicts(case.token));
		end);
	end

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
