local hostconfig = require "meetauth.config.host";
local keyheld = require "meetauth.key.held";
local meetauth = require "meetauth";
local grants = require "meetauth.access.grant";
local testlink = require "meetauth.page.testlink";
local verifier = require "meetauth.token.verifier";

local NOW = 1700000000;
local secrets = { portal = "portal-secret-of-the-specs-1-2-3-4-5-6-7", acme = "acme-secret-of-the-specs-1-2-3-4-5-6-7-8",
	asks = "asking-secret-of-the-specs-1-2-3-4-5-6-7", any = "any-secret-of-the-specs-1-2-3-4-5-6-7-8-9" };

local site = assert(hostconfig.read(function (name)
	return name == "meetauth_issuers" and {
		{ id = "portal", issuer = "portal", audience = "jitsi", secret = secrets.portal };
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = secrets.acme };
		{ id = "asks", issuer = "asks", secret = secrets.asks, tenant = "team", claims = { azp = "web" },
			admit = { claim = "realm.roles", contains = "meet" } };
		{ id = "any", issuer = "*", secret = secrets.any };
	} or nil;
end, {}, "meet.example"));
local verify = verifier.of_entries(site.entries, 16384, keyheld.of(site.entries));
local by_id = {};
for _, entry in ipairs(site.entries) do by_id[entry.id] = entry; end

local function claims_of(id, form) return testlink.claims(by_id[id], "meet.example", form, NOW, "id-1"); end

local function grant_of(id, form)
	local claims = assert(claims_of(id, form));
	local token = meetauth.sign(meetauth.key({ alg = "HS256", secret = secrets[id] }), claims);
	local read, reason = verify(token, NOW);
	return assert(grants.of(assert(read, reason), by_id[id]));
end

describe("meetauth.page.testlink", function ()
	for _, id in ipairs({ "portal", "acme", "asks", "any" }) do
		it("makes claims that the entry " .. id .. " takes, for fifteen minutes", function ()
			local grant = grant_of(id, { room = "standup" });
			assert.equal("standup", grant.room);
			assert.not_equal("granted", grant.owner);
			assert.equal(NOW + 900 + 10, grant.expires);
			assert.equal("id-1", grant.token_id);
		end);

		it("says what the form says, in the dialect of " .. id, function ()
			local grant = grant_of(id, {
				room = "standup", name = "Ann", role = "owner", lobby = "knock", features = "recording", minutes = 60,
			});
			assert.equal("granted", grant.owner);
			assert.equal("Ann", grant.user.name);
			assert.is_true(grant.knocks);
			assert.equal(NOW + 3600 + 10, grant.expires);
		end);
	end

	local wrong = {
		{ {}, "room: expected" }, { { room = "*" }, "room: expected" }, { { room = " " }, "room: expected" },
		{ { room = {} }, "room: expected" },
		{ { room = "\255" }, "room: expected" }, { { room = ("x"):rep(300) }, "room: expected" },
		{ { room = "a", role = "king" }, "role: expected" }, { { room = "a", role = {} }, "role: expected" },
		{ { room = "a", lobby = "x" }, "lobby: expected" }, { { room = "a", minutes = 0 }, "minutes: expected" },
		{ { room = "a", minutes = 1441 }, "minutes: expected" }, { { room = "a", minutes = 1.5 }, "minutes: expected" },
		{ { room = "a", minutes = "5" }, "minutes: expected" },
		{ { room = "a", features = "recordin" }, "feature: expected names of features" },
	};
	for i, case in ipairs(wrong) do
		it(("says what is wrong with a form (%d)"):format(i), function ()
			local claims, problem = claims_of("portal", case[1]);
			assert.is_nil(claims);
			assert.truthy(problem:find(case[2], 1, true), problem);
		end);
	end

	it("says what a dialect cannot say", function ()
		local claims, problem = claims_of("acme", { room = "a", features = "flip" });
		assert.is_nil(claims);
		assert.is_string(problem);
	end);
end);
