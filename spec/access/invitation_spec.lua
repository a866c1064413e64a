--- Invitations: what is in them, and what such a token gives when it comes back.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";
local invitation = require "meetauth.access.invitation";
local new_grant = require "meetauth.access.grant".of;
local policy = require "meetauth.access.policy";

local now, base = 1700000000, "meet.example";
local place = { base = base, nfkc = function (s) return s; end, fold = string.lower };

local function entry_of(fields)
	local raw = { id = "e", issuer = "portal", secret = secret_of("s"), invites = {} };
	if fields.dialect == "daily" then raw.issuer, raw.domain_id = nil, "d1"; end
	for name, value in pairs(fields) do raw[name] = value; end
	local site, problems = hostconfig.read(function (name) return name == "meetauth_issuers" and { raw } or nil; end);
	return site and site.entries[1], problems;
end

local function owner(entry, more)
	local claims = entry.dialect == "daily" and { d = "d1", r = "standup", iat = now, exp = now + 7200, o = true, ud = "boss" }
		or { iss = "portal", sub = base, room = "standup", exp = now + 7200, moderator = true, jti = "t1",
			context = { user = { id = "boss" } } };
	for name, value in pairs(more or {}) do claims[name] = value; end
	return assert(new_grant(claims, entry));
end

-- What somebody gets who was invited: the grant, or nil and what is wrong.
local function invited(entry, grant, wish, node)
	local claims, problem = invitation.claims(grant, node or "standup", wish or {}, entry, base, now, "id");
	if not claims then return nil, problem; end
	local given, reason = new_grant(claims, entry);
	return given, reason, claims;
end

local function opens(grant, node)
	return policy.enter(grant, { node = node }, place, now) ~= nil;
end

describe("an invitation", function ()
	for _, dialect in ipairs({ "jitsi", "daily" }) do
		local entry = assert(entry_of({ dialect = dialect }));

		it("opens one room, as a member who waits at a lobby, for an hour: " .. dialect, function ()
			local grant, _, claims = invited(entry, owner(entry), { name = "Guest" });
			assert.is_true(opens(grant, "standup"));
			assert.is_false(opens(grant, "attic"));
			assert.is_false(opens(grant, "[acme]standup"));
			assert.equal("denied", grant.owner);
			assert.is_true(grant.knocks);
			assert.is_false(grant.passes_lobby);
			assert.equal("Guest", grant.user.name);
			assert.is_nil(grant.user.id);
			assert.equal(now + 3600, claims.exp or grant.expires - 10);
			assert.equal("id", grant.token_id);
			assert.is_nil(grant.single_use);
			assert.is_false(grant.features["recording"]);
		end);

		it("is of the one room also where its owner may enter all of them: " .. dialect, function ()
			local own = owner(entry, dialect == "daily" and { r = "standup" } or { room = "*", sub = "*" });
			local grant = invited(entry, own);
			assert.is_true(opens(grant, "standup"));
			assert.is_false(opens(grant, "attic"));
			assert.is_false(opens(grant, "[acme]standup"));
		end);

		it("ends with the owner's token: " .. dialect, function ()
			local grant = invited(entry, owner(entry, { exp = now + 60 }));
			assert.equal(now + 60 + 10, grant.expires);
			assert.same({ nil, "this token has expired" }, { invited(entry, owner(entry, { exp = now - 5 })) });
		end);

		it("says by whose token it was made: " .. dialect, function ()
			local own = owner(entry, { jti = "t1", iat = now });
			local grant = invited(entry, own);
			assert.same({ entry = "e", token_id = "t1", user = { id = own.user.id }, domain = own.domain, issued = now },
				grant.invited_by);
		end);

		it("is made by an owner alone, and by nobody who was invited: " .. dialect, function ()
			local member = owner(entry, dialect == "daily" and { o = false } or { moderator = false });
			assert.same({ nil, "this token cannot invite people" }, { invited(entry, member) });
			local open = assert(entry_of({ dialect = dialect, invites = { may = { "moderator" } } }));
			local other = invited(open, owner(open), { moderator = true });
			assert.equal("granted", other.owner);
			assert.same({ nil, "this token cannot invite people" }, { invited(open, other) });
			local off = assert(entry_of({ dialect = dialect }));
			off.invites = nil;
			assert.same({ nil, "this token cannot invite people" }, { invited(off, owner(off)) });
		end);

		it("makes no moderator where the entry does not let it: " .. dialect, function ()
			assert.same({ nil, "this token cannot invite moderators" }, { invited(entry, owner(entry), { moderator = true }) });
			local open = assert(entry_of({ dialect = dialect, invites = { may = { "moderator", "recording" } }, may = { "recording" } }));
			assert.same({ nil, "this token cannot invite people" }, { invited(open, owner(open), { moderator = true }) });
		end);

		it("passes the lobby where both the entry and the owner's token do: " .. dialect, function ()
			local open = assert(entry_of({ dialect = dialect, invites = { may = { "lobby-bypass" } } }));
			local passes = dialect == "daily" and {} or { context = { user = { lobby_bypass = true } } };
			local waits = dialect == "daily" and { k = true } or {};
			assert.is_true(invited(open, owner(open, passes)).passes_lobby);
			assert.is_false(invited(open, owner(open, waits)).passes_lobby);
		end);

		it("is for single use where the entry says so, and does not count once invitations are off: " .. dialect, function ()
			local once = assert(entry_of({ dialect = dialect, invites = { single_use = true } }));
			assert.is_true(invited(once, owner(once)).single_use);
			assert.is_nil(owner(once).single_use);
			local claims = invitation.claims(owner(once), "standup", {}, once, base, now, "id");
			once.invites = nil;
			assert.same({ nil, "revoked" }, { new_grant(claims, once) });
		end);
	end

	it("is of the room's tenant, or of no other room of that name", function ()
		local entry = assert(entry_of({}));
		local grant = invited(entry, owner(entry, { sub = "*" }), nil, "[acme]standup");
		assert.is_true(opens(grant, "[acme]standup"));
		assert.is_false(opens(grant, "[other]standup"));
		assert.is_false(opens(grant, "standup"));
		local free = assert(entry_of({ domain_verification = false }));
		grant = invited(free, owner(free, { sub = "acme" }), nil, "[acme]standup");
		assert.is_true(opens(grant, "[acme]standup"));
		assert.is_false(opens(grant, "[other]standup"));
	end);

	it("denies the features that the owner's token denies, and gives none that are moderators'", function ()
		local entry = assert(entry_of({ invites = { may = { "moderator", "recording", "screen-sharing", "create-polls" } } }));
		local own = { context = { features = { recording = true, ["screen-sharing"] = false, ["create-polls"] = true } } };
		local features = invited(entry, owner(entry, own)).features;
		assert.same({ false, false, true }, { features.recording, features["screen-sharing"], features["create-polls"] });
		own = { context = { features = { recording = true, ["screen-sharing"] = false, ["create-polls"] = true } } };
		features = invited(entry, owner(entry, own), { moderator = true }).features;
		assert.same({ true, false, true }, { features.recording, features["screen-sharing"], features["create-polls"] });
	end);

	it("says what the entry asks of its tokens", function ()
		local entry = assert(entry_of({ audience = "jitsi", claims = { azp = "meet" },
			admit = { claim = "realm.groups", contains = "staff" } }));
		local claims = invitation.claims(owner(entry), "standup", {}, entry, base, now, "id");
		assert.same({ "jitsi", "meet", { groups = { "staff" } } }, { claims.aud, claims.azp, claims.realm });
	end);

	it("that is forged in part gives nothing", function ()
		local entry = assert(entry_of({}));
		for _, said in ipairs({ "x", 7, true, { jti = 7 }, { user = {} }, { iat = "1" } }) do
			local claims = { iss = "portal", sub = base, room = "x", exp = now + 60, meetauth_inviter = said };
			assert.same({ nil, "bad-claim" }, { new_grant(claims, entry) });
		end
		assert.same({ nil, "missing-claim" }, { new_grant({ iss = "portal", sub = base, room = "x", meetauth_inviter = {} }, entry) });
	end);

	it("cannot be made for a room that Daily has no name for", function ()
		local entry = assert(entry_of({ dialect = "daily" }));
		local grant, problem = invited(entry, owner(entry), nil, "caf%c3%a9");
		assert.is_nil(grant);
		assert.truthy(problem:find("the room", 1, true));
	end);

	for name, invites in pairs({
		["another member"] = { maxage = 5 }, ["no time"] = { max_age = 0 }, ["half a second"] = { max_age = 0.5 },
		["a word in place of a boolean"] = { single_use = "yes" }, ["a right that is none"] = { may = { "owner" } },
		["rights that are no list"] = { may = { moderator = true } }, ["no table"] = true,
	}) do
		it("is not offered with " .. name, function ()
			local entry, problems = entry_of({ invites = invites });
			assert.is_nil(entry);
			assert.truthy(problems[1]:find("meetauth_issuers[1].invites: found ", 1, true), problems[1]);
		end);
	end

	it("is not offered by an entry that cannot sign", function ()
		local _, problems = hostconfig.read(function (name)
			return name == "meetauth_issuers" and { { issuer = "sso", jwks_url = "https://sso.example/keys", algorithms = "ES256",
				invites = {} } } or nil;
		end);
		assert.truthy(problems[1]:find("meetauth_issuers[1].invites: found it without a secret", 1, true), problems[1]);
	end);
end);
