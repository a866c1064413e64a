-- Two dialects on one host, from the configuration to the grant: neither can borrow the other's powers.

local secret_of = require "spec.support.secret";
local keyheld = require "meetauth.key.held";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local grant_of = require "meetauth.access.grant".of;
local verifier = require "meetauth.token.verifier";

local s1, s2, s3 = secret_of("1"), secret_of("2"), secret_of("3");

local function read(entries, more)
	local given = { meetauth_issuers = entries };
	for name, value in pairs(more or {}) do given[name] = value; end
	return hostconfig.read(function (name) return given[name]; end);
end

local function daily(fields)
	local entry = { dialect = "daily", domain_id = "acme", secret = s1 };
	for name, value in pairs(fields or {}) do entry[name] = value; end
	return entry;
end

local function jitsi(fields)
	local entry = { issuer = "portal", secret = s2 };
	for name, value in pairs(fields or {}) do entry[name] = value; end
	return entry;
end

-- What is decided when the configuration is read, and what a token's claims can do then.
describe("two dialects on one host", function ()
	local now = 1700000000;

	local refused_at_load = {
		{ "one secret in two dialects", { jitsi({ secret = s1 }), daily() } };
		{ "one secret in two domains", { daily(), daily({ domain_id = "b" }) } };
		{ "one secret twice in one entry's domain", { daily(), daily({ id = "again" }) } };
		{ "one secret in two lists", { jitsi({ secret = { s2, s3 } }), daily({ secret = { s1, s3 } }) } };
		{ "Jitsi's app_secret in a Daily entry", { daily() }, { app_id = "app", app_secret = s1 } };
		{ "an empty secret", { daily({ secret = "" }) } };
		{ "a short secret", { daily({ secret = secret_of("k", 31) }) } };
		{ "a public key for a secret",
			{ daily({ secret = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n" }) } };
		{ "one id twice", { jitsi({ id = "x" }), daily({ id = "x" }) } };
		{ "no domain_id", { { dialect = "daily", secret = s1 } } };
	};
	for _, case in ipairs(refused_at_load) do
		it("are refused at load with " .. case[1], function ()
			local host, problems = read(case[2], case[3]);
			assert.is_nil(host);
			assert.is_truthy(problems[1]:find("^meetauth_issuers"), problems[1]);
			assert.is_nil(table.concat(problems):find("1111", 1, true));
		end);
	end

	local function host_of(entries)
		local host = assert(read(entries));
		local verify = verifier.of_entries(host.entries, host.meetauth_max_token, keyheld.of(host.entries));
		return function (secret, payload, head)
			local key = core.key.new("HS256", "secret", secret, nil, true);
			local claims, reason, entry = verify(core.sign(key, head or '{"alg":"HS256","typ":"JWT"}', payload), now);
			if not claims then return nil, reason; end
			local grant, no_grant = grant_of(claims, entry);
			if not grant then return nil, no_grant; end
			return grant, nil, entry;
		end;
	end

	local in_time = '"iat":1,"exp":1800000000';
	local take;
	setup(function ()
		take = host_of({
			jitsi({ audience = "jitsi" }),
			daily({ tenant = "acme", room = "tenant" }),
			daily({ id = "zeta", domain_id = "zeta", secret = s3, tenant = "zeta" }),
		});
	end);

	-- Each way in which a token of one dialect may try to be one of the other; signed by whoever has most to win.
	local attacks = {
		{ "a tenant's key under another tenant's d", s1, '{"d":"zeta","r":"x",' .. in_time .. "}", "signature-mismatch" };
		{ "a Daily key under a Jitsi issuer", s1, '{"iss":"portal","aud":"jitsi","sub":"x","room":"*"}', "signature-mismatch" };
		{ "a Jitsi key under a Daily d", s2, '{"d":"acme","r":"x",' .. in_time .. "}", "signature-mismatch" };
		{ "one payload in both dialects", s1,
			'{"d":"acme","r":"lobby1","iss":"portal","aud":"jitsi","room":"*","context":{"user":{"moderator":true}},' .. in_time .. "}",
			"ambiguous-claims" };
		{ "the same by Jitsi's key", s2,
			'{"d":"acme","r":"lobby1","iss":"portal","aud":"jitsi","room":"*","context":{"user":{"moderator":true}},' .. in_time .. "}",
			"ambiguous-claims" };
		{ "a star in r", s1, '{"d":"acme","r":"*",' .. in_time .. "}", "bad-claim" };
		{ "a pattern in r", s1, '{"d":"acme","r":".*",' .. in_time .. "}", "bad-claim" };
		{ "d twice", s1, '{"d":"zeta","d":"acme","r":"x",' .. in_time .. "}", "duplicate-member" };
		{ "o twice", s1, '{"d":"acme","r":"x","o":false,"o":true,' .. in_time .. "}", "duplicate-member" };
		{ "a member of p twice", s1, '{"d":"acme","r":"x","p":{"ca":false,"ca":true},' .. in_time .. "}", "duplicate-member" };
		{ "a list for d", s1, '{"d":["acme","zeta"],"r":"x",' .. in_time .. "}", "unknown-issuer" };
		{ "a prefix of d", s1, '{"d":"acm","r":"x",' .. in_time .. "}", "unknown-issuer" };
		{ "d with a NUL", s1, '{"d":"acme\\u0000","r":"x",' .. in_time .. "}", "unknown-issuer" };
		{ "long names that nobody asked for", s1, '{"domain_id":"acme","room_name":"x",' .. in_time .. "}", "unknown-issuer" };
		{ "a token without exp", s1, '{"d":"acme","r":"x","iat":1}', "missing-claim" };
		{ "a token without iat", s1, '{"d":"acme","r":"x","exp":1800000000}', "missing-claim" };
		{ "a Jitsi user of Daily's name space", s2,
			'{"iss":"portal","aud":"jitsi","sub":"x","room":"x","context":{"user":{"id":"daily:acme:u1"}}}', "bad-claim" };
		{ "a Jitsi user of Daily's name space, without context", s2,
			'{"iss":"portal","aud":"jitsi","sub":"x","room":"x","user_id":"daily:acme:u1"}', "bad-claim" };
	};
	for _, name in ipairs({ "iss", "aud", "sub", "room", "context" }) do
		for _, marker in ipairs({ "d", "r" }) do
			for _, value in ipairs({ '"x"', "null", "{}" }) do
				table.insert(attacks, { ("%s beside %s of %s"):format(marker, name, value), s1,
					('{"%s":"acme","%s":%s,%s}'):format(marker, name, value, in_time), "ambiguous-claims" });
				table.insert(attacks, { ("%s of null beside %s of %s"):format(marker, name, value), s1,
					('{"%s":null,"%s":%s,%s}'):format(marker, name, value, in_time), "ambiguous-claims" });
			end
		end
	end
	for _, case in ipairs(attacks) do
		it("refuse " .. case[1], function ()
			assert.same({ nil, case[4] }, { take(case[2], case[3]) });
		end);
	end

	it("refuse both dialects' markers before any cryptography", function ()
		assert.same({ nil, "ambiguous-claims" }, { take(secret_of("x"), '{"d":"acme","r":"x","iss":"portal"}') });
	end);

	local payload = '{"d":"acme","r":"x",' .. in_time .. "}";
	local headers = {
		{ '{"alg":"none"}', "algorithm-mismatch" }; { '{"alg":"None"}', "algorithm-mismatch" };
		{ '{"alg":"HS512"}', "algorithm-mismatch" }; { '{"alg":"HS384"}', "algorithm-mismatch" };
		{ '{"alg":"hs256"}', "algorithm-mismatch" }; { '{"alg":"RS256"}', "algorithm-mismatch" };
		{ '{"alg":"HS256","kid":"http://127.0.0.1/key"}' }; { '{"alg":"HS256","kid":"../../dev/null"}' };
		{ '{"alg":"HS256","jku":"http://127.0.0.1/keys"}' }; { '{"alg":"HS256"}' }; { '{"alg":"HS256","typ":"jwt"}' };
		{ '{"alg":"HS256","typ":"at+jwt"}', "type-mismatch" }; { '{"alg":"HS256","crit":["x"],"x":1}', "critical-extension" };
	};
	for _, case in ipairs(headers) do
		it(("%s the header %s"):format(case[2] and "refuse" or "take", case[1]), function ()
			local grant, reason = take(s1, payload, case[1]);
			assert.equal(case[2], reason);
			assert.equal(case[2] == nil, grant ~= nil);
		end);
	end

	it("let no claim of the other dialect through", function ()
		local grant, _, entry = take(s1, '{"d":"acme","r":"x","ud":"u1","user_id":"u2","moderator":true,"features":{"recording":true},'
			.. '"group":"g",' .. in_time .. "}");
		assert.equal("acme", entry.id);
		assert.equal("daily:acme:u1", grant.user.id);
		assert.equal("denied", grant.owner);
		assert.is_false(grant.features.recording);
		assert.same({}, { grant.group, grant.domain, grant.room_context, grant.claimed_tenant, grant.passes_password });
		local portal = take(s2, '{"iss":"portal","aud":"jitsi","sub":"x","room":"x","o":true,"ud":"u","k":true,"ejt":true,"eje":1,'
			.. '"p":{"ca":true},"exp":1800000000}');
		assert.equal("silent", portal.owner);
		assert.same({}, { portal.user, portal.eject_at, portal.eject_after, portal.admin, portal.knocks, portal.unique });
	end);

	it("give issuers and users that are never the same", function ()
		local acme = take(s1, '{"d":"acme","r":"x","ud":"u1",' .. in_time .. "}");
		local zeta = take(s3, '{"d":"zeta","r":"x","ud":"u1",' .. in_time .. "}");
		local portal = take(s2, '{"iss":"portal","aud":"jitsi","sub":"x","room":"x","context":{"user":{"id":"u1"}}}');
		local issuers, users = {}, {};
		for _, grant in ipairs({ acme, zeta, portal }) do
			assert.is_nil(issuers[grant.issuer]);
			assert.is_nil(users[grant.user.id]);
			issuers[grant.issuer], users[grant.user.id] = true, true;
		end
		assert.same({ "acme", "zeta" }, { acme.tenant, zeta.tenant });
	end);

	it("take long names in one entry without the other's", function ()
		local mixed = host_of({ jitsi(), daily({ claim_names = "either" }), daily({ id = "zeta", domain_id = "zeta", secret = s3 }) });
		local long = '{"domain_id":"%s","room_name":"x",' .. in_time .. "}";
		assert.equal("x", mixed(s1, long:format("acme")).room);
		assert.same({ nil, "unknown-issuer" }, { mixed(s3, long:format("zeta")) });
		assert.same({ nil, "signature-mismatch" }, { mixed(s3, long:format("acme")) });
		assert.same({ nil, "ambiguous-claims" }, { mixed(s1, '{"d":"acme","domain_id":"zeta","r":"x",' .. in_time .. "}") });
		assert.same({ nil, "signature-mismatch" }, { mixed(s1, '{"d":"zeta","domain_id":"acme","r":"x",' .. in_time .. "}") });
		for _, name in ipairs({ "iss", "aud", "sub", "room", "context" }) do
			assert.same({ nil, "ambiguous-claims" },
				{ mixed(s1, ('{"domain_id":"acme","room_name":"x","%s":"portal",%s}'):format(name, in_time)) });
		end
	end);

	it("try no more than a domain's own keys", function ()
		local rotating = host_of({ jitsi(), daily({ secret = { s1, secret_of("4") } }),
			daily({ id = "z", domain_id = "zeta", secret = s3 }) });
		assert.is_table(rotating(s1, payload));
		assert.is_table(rotating(secret_of("4"), payload));
		assert.same({ nil, "signature-mismatch" }, { rotating(s2, payload) });
		assert.same({ nil, "signature-mismatch" }, { rotating(s3, payload) });
	end);

	it("explain what nobody enforces", function ()
		local host = assert(read({ jitsi(), daily() }));
		local verify = verifier.of_entries(host.entries, 16384, keyheld.of(host.entries));
		local function last_row(claims)
			local rows = verify:explain(core.sign(core.key.new("HS256", "secret", s1), '{"alg":"HS256"}', claims), now);
			return rows[#rows];
		end
		local row = last_row('{"d":"acme","r":"x","mjh":"https://hook.example/","xyz":1,' .. in_time .. "}");
		assert.same({ "grant", "ok" }, { row.check, row.verdict });
		assert.same({ { claim = "xyz", fate = "ignored: unknown", unknown = true }, { claim = "mjh", fate = "ignored" } }, row.found);
		row = last_row('{"d":"acme","r":"*",' .. in_time .. "}");
		assert.same({ "grant", "fail", "bad-claim" }, { row.check, row.verdict, row.reason });
		assert.equal("skipped", last_row('{"d":"acme","r":"x","exp":"x"}').verdict);
	end);
end);
