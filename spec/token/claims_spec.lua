local core = require "meetauth.core";
local claims = require "meetauth.token.claims";

local now = 1700000000;
local key = core.key.new("HS256", "secret", ("k"):rep(32));

-- The reason to refuse a payload's text, its types included; nil where there is none.
local function refused(text, asked)
	local reader = core.token.new(4096);
	assert(reader:open(core.sign(key, "{}", text)));
	local all, reason = reader:claims(key);
	if not all then return reason; end
	local test = claims.test({ asked = {
		leeway = (asked.leeway or 0) + 0.0, max_age = asked.max_age, require = asked.require, check = asked.check,
		claims = asked.claims, admit = asked.admit,
		issuer = claims.set(asked.issuer), audience = claims.set(asked.audience),
	} });
	return test(all, asked.now or now, {});
end

local cases = {
	{ name = "asks nothing that was not asked for", text = "{}" };

	{ name = "lets pass what expires in a second", text = '{"exp":1700000001}' };
	{ name = "refuses what expires now (RFC 7519 4.1.4)", text = '{"exp":1700000000}', reason = "expired" };
	{ name = "refuses what expired a fraction ago", text = '{"exp":1699999999.99}', reason = "expired" };
	{ name = "lets pass what expires in a fraction", text = '{"exp":1700000000.01}' };
	{ name = "compares an exponent", text = '{"exp":1.7e9}', reason = "expired" };
	{ name = "gives an expired token its leeway", text = '{"exp":1699999991}', leeway = 10 };
	{ name = "gives it no second more", text = '{"exp":1699999990}', leeway = 10, reason = "expired" };
	{ name = "knows fractional clocks", text = '{"exp":1700000000}', now = 1699999999.9 };
	{ name = "knows fractional clocks that passed", text = '{"exp":1700000000}', now = 1700000000.1, reason = "expired" };
	{ name = "refuses an exp of 0", text = '{"exp":0}', reason = "expired" };
	{ name = "refuses a negative exp", text = '{"exp":-1}', reason = "expired" };
	{ name = "refuses the smallest exp", text = '{"exp":-9223372036854775808}', leeway = 10, reason = "expired" };
	{ name = "does not wrap at the largest exp", text = '{"exp":9223372036854775807}', leeway = 10 };
	{ name = "takes an exp beyond integers", text = '{"exp":1e300}' };

	{ name = "lets pass what is valid from now", text = '{"nbf":1700000000}' };
	{ name = "refuses what is valid in a second (RFC 7519 4.1.5)", text = '{"nbf":1700000001}', reason = "not-yet-valid" };
	{ name = "gives an early token its leeway", text = '{"nbf":1700000010}', leeway = 10 };
	{ name = "gives an early token no second more", text = '{"nbf":1700000011}', leeway = 10, reason = "not-yet-valid" };
	{ name = "takes an nbf of 0", text = '{"nbf":0}' };
	{ name = "does not wrap at the smallest nbf", text = '{"nbf":-9223372036854775808}', leeway = 10 };
	{ name = "refuses the largest nbf", text = '{"nbf":9223372036854775807}', leeway = 10, reason = "not-yet-valid" };

	{ name = "lets iat be in the future unless an age is asked", text = '{"iat":1800000000}' };
	{ name = "lets pass an age that is just allowed", text = '{"iat":1699996400}', max_age = 3600 };
	{ name = "refuses an age over that", text = '{"iat":1699996399}', max_age = 3600, reason = "too-old" };
	{ name = "adds the leeway to the age", text = '{"iat":1699996390}', max_age = 3600, leeway = 10 };
	{ name = "adds no second more to the age", text = '{"iat":1699996389}', max_age = 3600, leeway = 10, reason = "too-old" };
	{ name = "refuses an iat to come, where an age is asked", text = '{"iat":1700000001}', max_age = 3600, reason = "too-old" };
	{ name = "gives an iat to come its leeway", text = '{"iat":1700000010}', max_age = 3600, leeway = 10 };
	{ name = "refuses an iat beyond the leeway",
		text = '{"iat":1700000011}', max_age = 3600, leeway = 10, reason = "too-old" };
	{ name = "asks for iat where an age is asked", text = "{}", max_age = 3600, reason = "missing-claim" };
	{ name = "refuses the largest iat", text = '{"iat":9223372036854775807}', max_age = 3600, leeway = 10, reason = "too-old" };
	{ name = "refuses the smallest iat", text = '{"iat":-9223372036854775808}', max_age = 3600, leeway = 10, reason = "too-old" };
	{ name = "takes an age of 0", text = '{"iat":1700000000}', max_age = 0 };

	{ name = "takes any iss where none is asked", text = '{"iss":"anybody"}' };
	{ name = "takes the asked iss", text = '{"iss":"portal"}', issuer = "portal" };
	{ name = "takes one of the asked iss", text = '{"iss":"portal"}', issuer = { "other", "portal" } };
	{ name = "refuses another iss", text = '{"iss":"other"}', issuer = "portal", reason = "issuer-mismatch" };
	{ name = "refuses iss in another case", text = '{"iss":"Portal"}', issuer = "portal", reason = "issuer-mismatch" };
	{ name = "refuses iss with a slash more",
		text = '{"iss":"https://a/"}', issuer = "https://a", reason = "issuer-mismatch" };
	{ name = "refuses iss with a NUL more", text = [[{"iss":"portal\u0000"}]], issuer = "portal", reason = "issuer-mismatch" };
	{ name = "takes iss after unescaping", text = [[{"iss":"p\u006frtal"}]], issuer = "portal" };
	{ name = "asks for iss where one is asked", text = "{}", issuer = "portal", reason = "issuer-mismatch" };
	{ name = "takes any iss for *", text = '{"iss":"anybody"}', issuer = { "portal", "*" } };
	{ name = "does not take * in a token for any", text = '{"iss":"*"}', issuer = "portal", reason = "issuer-mismatch" };
	{ name = "refuses every iss for an empty list", text = '{"iss":"portal"}', issuer = {}, reason = "issuer-mismatch" };

	{ name = "takes any aud where none is asked", text = '{"aud":"anybody"}' };
	{ name = "takes the asked aud", text = '{"aud":"jitsi"}', audience = "jitsi" };
	{ name = "takes a list that has the asked aud", text = '{"aud":["other","jitsi"]}', audience = "jitsi" };
	{ name = "takes a list that has one of the asked aud", text = '{"aud":["other","b"]}', audience = { "a", "b" } };
	{ name = "refuses another aud", text = '{"aud":"other"}', audience = "jitsi", reason = "audience-mismatch" };
	{ name = "refuses a list without the asked aud", text = '{"aud":["other"]}', audience = "jitsi", reason = "audience-mismatch" };
	{ name = "refuses the empty list (CVE-2020-26160)", text = '{"aud":[]}', audience = "jitsi", reason = "audience-mismatch" };
	{ name = "refuses the empty string", text = '{"aud":""}', audience = "jitsi", reason = "audience-mismatch" };
	{ name = "asks for aud where one is asked", text = "{}", audience = "jitsi", reason = "audience-mismatch" };
	{ name = "does not take * in a token for any aud", text = '{"aud":["*"]}', audience = "jitsi", reason = "audience-mismatch" };
	{ name = "refuses a list that is nested", text = '{"aud":[["jitsi"]]}', audience = "jitsi", reason = "bad-claim" };
	{ name = "refuses a list with a number beside the asked aud", text = '{"aud":["jitsi",1]}',
		audience = "jitsi", reason = "bad-claim" };
	{ name = "refuses a list with null, whatever is asked", text = '{"aud":[null]}', reason = "bad-claim" };
	{ name = "refuses a list with false behind its first", text = '{"aud":["a",false,"b"]}', reason = "bad-claim" };

	{ name = "finds what is required", text = '{"room":"r","exp":1800000000}', require = { "room", "exp" } };
	{ name = "misses what is required", text = '{"room":"r"}', require = { "room", "exp" }, reason = "missing-claim" };
	{ name = "takes false for present", text = '{"moderator":false}', require = { "moderator" } };
	{ name = "takes null for absent", text = '{"room":null}', require = { "room" }, reason = "missing-claim" };
	{ name = "requires nothing with an empty list", text = "{}", require = {} };

	{ name = "takes a claim that says what is asked", text = '{"azp":"meet"}', claims = { azp = "meet" } };
	{ name = "refuses a claim that says another thing", text = '{"azp":"shop"}', claims = { azp = "meet" },
		reason = "claim-mismatch" };
	{ name = "refuses a claim in another case", text = '{"azp":"Meet"}', claims = { azp = "meet" }, reason = "claim-mismatch" };
	{ name = "refuses a claim with a NUL more", text = [[{"azp":"meet\u0000"}]], claims = { azp = "meet" },
		reason = "claim-mismatch" };
	{ name = "refuses a list with what is asked", text = '{"azp":["meet"]}', claims = { azp = "meet" }, reason = "claim-mismatch" };
	{ name = "refuses a number for its digits", text = '{"azp":7}', claims = { azp = "7" }, reason = "claim-mismatch" };
	{ name = "misses a claim that is asked", text = '{"aud":"meet"}', claims = { azp = "meet" }, reason = "missing-claim" };
	{ name = "takes null for absent, too, where a claim is asked", text = '{"azp":null}', claims = { azp = "meet" },
		reason = "missing-claim" };
	{ name = "misses one of two before it tells of the other", text = '{"azp":"shop"}',
		claims = { azp = "meet", token_use = "access" },
		reason = "missing-claim" };
	{ name = "takes a dot for a part of the name", text = '{"a":{"b":"c"}}', claims = { ["a.b"] = "c" },
		reason = "missing-claim" };

	{ name = "admits who has it in a list", text = '{"groups":["all","staff"]}', admit = { claim = "groups", contains = "staff" } };
	{ name = "admits nobody who has it in another list", text = '{"groups":["all"],"roles":["staff"]}',
		admit = { claim = "groups", contains = "staff" }, reason = "not-admitted" };
	{ name = "admits nobody by a text that is no list", text = '{"groups":"staff"}',
		admit = { claim = "groups", contains = "staff" },
		reason = "not-admitted" };
	{ name = "admits nobody by an object with such a member", text = '{"groups":{"staff":true}}',
		admit = { claim = "groups", contains = "staff" }, reason = "not-admitted" };
	{ name = "admits nobody without the claim", text = "{}", admit = { claim = "realm_access.roles", contains = "staff" },
		reason = "not-admitted" };
	{ name = "admits by a claim inside another", text = '{"realm_access":{"roles":["staff"]}}',
		admit = { claim = "realm_access.roles", contains = "staff" } };
	{ name = "admits by one of some values", text = '{"role":"it"}', admit = { claim = "role", values = { "teaching", "it" } } };
	{ name = "admits nobody by a null", text = '{"role":null}',
		admit = { claim = "role", values = { false } }, reason = "not-admitted" };

	{ name = "asks the caller's own check", text = '{"a":1}', check = function (c) return c.a == 1; end };
	{ name = "says check-failed where it says no more", text = "{}", check = function () return nil; end, reason = "check-failed" };
	{ name = "says check-failed for false", text = "{}", check = function () return false; end, reason = "check-failed" };
	{ name = "hands on the caller's own word", text = "{}", check = function () return nil, "banned"; end, reason = "banned" };
	{ name = "does not mind a word beside a yes", text = "{}", check = function () return true, "banned"; end };
};

-- RFC 7519 4.1: the registered claims and what none of them may be.
local wrong_types = {
	exp = { '"1800000000"', "null", "true", "[1800000000]", "{}" };
	nbf = { '"0"', "null", "false", "[]", "{}" };
	iat = { '"1700000000"', "null", "false", "[]", "{}" };
	iss = { "1", "null", "true", '["portal"]', '{"portal":true}' };
	sub = { "1", "null", "true", '["a"]', "{}" };
	jti = { "1", "null", "true", "[]", "{}" };
	aud = { "1", "null", "true", "{}", '{"1":"jitsi"}' };
};

-- Of two things that are wrong, the one that is told (CVE-2024-51744: one error, the first).
local orders = {
	{ name = "types before times", text = '{"exp":1,"aud":1}', reason = "bad-claim" };
	{ name = "exp before nbf", text = '{"exp":1,"nbf":1800000000}', reason = "expired" };
	{ name = "nbf before iat", text = '{"nbf":1800000000}', max_age = 1, reason = "not-yet-valid" };
	{ name = "iat before iss", text = "{}", max_age = 1, issuer = "portal", reason = "missing-claim" };
	{ name = "iss before aud", text = "{}", issuer = "portal", audience = "jitsi", reason = "issuer-mismatch" };
	{ name = "aud before what is required", text = "{}", audience = "jitsi", require = { "room" }, reason = "audience-mismatch" };
	{ name = "what is required before what claims say", text = '{"azp":"shop"}', require = { "room" }, claims = { azp = "meet" },
		reason = "missing-claim" };
	{ name = "what claims say before who may come in", text = '{"azp":"shop"}', claims = { azp = "meet" },
		admit = { claim = "groups", contains = "staff" }, reason = "claim-mismatch" };
	{ name = "what is required before the caller's check",
		text = "{}", require = { "room" }, check = error, reason = "missing-claim" };
};

describe("meetauth.token.claims", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			assert.equal(case.reason, refused(case.text, case));
		end);
	end

	for name, values in pairs(wrong_types) do
		for _, value in ipairs(values) do
			it(("refuses %s as %s, whatever is asked"):format(value, name), function ()
				assert.equal("bad-claim", refused(('{"%s":%s}'):format(name, value), {}));
				assert.equal("bad-claim", refused(('{"a":{"b":[1]},"%s":%s,"z":1}'):format(name, value), {
					issuer = "portal", audience = "jitsi", max_age = 1, require = { "room" },
				}));
			end);
		end
		it(("knows %s by its whole name, on the top level"):format(name), function ()
			assert.is_nil(refused(('{"%sx":null,"%s":null,"x":{"%s":null},"y":[{"%s":{}}]}')
				:format(name, name:upper(), name, name), {}));
		end);
		it(("knows %s after unescaping"):format(name), function ()
			local escaped = ("\\u%04x"):format(name:byte()) .. name:sub(2);
			assert.equal("bad-claim", refused(('{"%s":null}'):format(escaped), {}));
		end);
	end

	for _, case in ipairs(orders) do
		it("tells " .. case.name, function ()
			assert.equal(case.reason, refused(case.text, case));
		end);
	end

	it("hands the caller's check the claims", function ()
		local seen;
		refused('{"a":[1,2]}', { check = function (all) seen = all; return true; end });
		assert.same({ a = { 1, 2 } }, seen);
	end);
end);

describe("meetauth.token.claims.set", function ()
	it("is nil for nil, and wherever * stands", function ()
		assert.is_nil(claims.set(nil));
		assert.is_nil(claims.set("*"));
		assert.is_nil(claims.set({ "a", "*" }));
	end);

	it("is a set of one word or of several", function ()
		assert.same({ a = true }, claims.set("a"));
		assert.same({ a = true, b = true }, claims.set({ "a", "b" }));
		assert.same({ ["a*"] = true }, claims.set("a*"));
		assert.same({}, claims.set({}));
	end);
end);

describe("claims about time by other names", function ()
	local long_times = { expires = "exp", not_before = "nbf", issued_at = "iat" };
	local spelt = {
		{ "an end that has passed", '{"expires":1699999999}', "expired" };
		{ "an end to come", '{"expires":1700000001}', nil, exp = 1700000001 };
		{ "a beginning to come", '{"not_before":1700000001}', "not-yet-valid" };
		{ "what has to be there", '{"expires":1700000001,"issued_at":1}', nil, require = { "exp", "iat" } };
		{ "both names that agree", '{"expires":1700000001,"exp":1700000001}' };
		{ "both names that disagree, whichever is earlier", '{"expires":1700000001,"exp":1700000002}', "ambiguous-claims" };
		{ "null as absent", '{"expires":null}' };
		{ "a number in quotes", '{"expires":"1700000001"}', "bad-claim" };
		{ "a list", '{"expires":[1700000001]}', "bad-claim" };
		{ "what no number is as large as", '{"expires":1e308}' };
	};
	for _, case in ipairs(spelt) do
		it("are " .. case[1], function ()
			local reader = core.token.new(4096);
			assert(reader:open(core.sign(key, "{}", case[2])));
			local all = assert(reader:claims(key));
			local entry = { asked = { leeway = 0.0, require = case.require }, long_times = long_times };
			assert.equal(case[3], claims.test(entry)(all, now, {}));
			if case.exp then assert.equal(case.exp, all.exp); end
		end);
	end

	it("are looked at again where only what lasts is asked for", function ()
		local entry = { asked = { leeway = 0.0, require = { "exp" } }, long_times = long_times };
		assert.is_nil(claims.lasting_test(entry)({ expires = 1 }, 0, {}));
	end);
end);
