local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";
local core = require "meetauth.core";
local json = require "meetauth.util.json";
local meetauth = require "meetauth";
local new_grant = require "meetauth.access.grant".of;
local reasons = require "meetauth.reasons";
local regrant = require "meetauth.server.regrant";

local now = 1700000000;
local secret = secret_of("s", 40);

local function read(...)
	local list = {};
	for i, fields in ipairs({ ... }) do
		local entry = { id = "e" .. i, issuer = "portal", secret = secret_of(i, 40) };
		for name, value in pairs(fields) do entry[name] = value; end
		for name, value in pairs(entry) do
			if value == "none" then entry[name] = nil; end
		end
		list[i] = entry;
	end
	local options = { meetauth_issuers = list, allow_empty_token = true };
	local host, problems = hostconfig.read(function (name) return options[name]; end);
	return assert(host, table.concat(problems or {}, "; ")).entries;
end

local function token(claims, head)
	local all = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "standup", exp = now + 600, iat = now };
	for name, value in pairs(claims or {}) do all[name] = value; end
	for name, value in pairs(all) do
		if value == "none" then all[name] = nil; end
	end
	return core.sign(core.key.new("HS256", "secret", secret), head or '{"alg":"HS256"}', json.encode(all));
end

local daily = { dialect = "daily", domain_id = "acme", issuer = "none" };
local function with(base, fields)
	local all = {};
	for name, value in pairs(base) do all[name] = value; end
	for name, value in pairs(fields) do all[name] = value; end
	return all;
end

-- What an operator may change: whether grants have to be looked at again for it.
local changes = {
	{ "nothing", {}, {}, same = true };
	{ "the secret", { secret = secret }, { secret = secret_of("t", 40) }, same = true };
	{ "a secret to a key server", {}, { secret = "none", jwks_url = "https://keys.example/", algorithms = "ES256" }, same = true };
	{ "when keys count", {}, { not_after = now, key_grace = 1, refresh_min = 5 }, same = true };
	{ "the kid", {}, { kid = "k" }, same = true };
	{ "a list's order of no meaning", { issuer = { "portal", "b" } }, { issuer = { "b", "portal" } } };
	{ "the issuer", {}, { issuer = "other" } };
	{ "the audience", {}, { audience = "jitsi" } };
	{ "what is required", {}, { require = "jti" } };
	{ "what claims have to say", {}, { claims = { azp = "meet" } } };
	{ "what claims have to say, not at all", { claims = { azp = "meet" } }, { claims = { azp = "meet" } }, same = true };
	{ "who may come in", { admit = { claim = "a", contains = "x" } }, { admit = { claim = "a", contains = "y" } } };
	{ "who may come in, not at all", { admit = { claim = "a", contains = "x" } }, { admit = { claim = "a", contains = "x" } },
		same = true };
	{ "how long a kick lasts", {}, { kick_bans = 60 } };
	{ "what may be sent", { may_send = { "audio" } }, { may_send = { "audio", "video" } } };
	{ "how long somebody may stay", {}, { eject_after = 60 } };
	{ "the tenant", {}, { tenant = "acme" } };
	{ "the domain's check", {}, { domain_verification = false } };
	{ "the rooms", { rooms = { "a", "b" } }, { rooms = { "a" } } };
	{ "the rights", { may = { "moderator", "recording" } }, { may = { "recording" } } };
	{ "the rule for moderators", { moderator = { claim = "a", contains = "x" } }, { moderator = { claim = "a", contains = "y" } } };
	{ "the lobby", {}, { lobby = "knock" } };
	{ "the leeway", {}, { leeway = 0 } };
	{ "the mode", {}, { mode = "observe" } };
	{ "the dialect", {}, daily };
	{ "Daily's features", daily, with(daily, { features = { flip = true } }) };
	{ "unique users", { unique_users = "newest" }, { unique_users = "first" } };
	{ "unique users by another word", { unique_users = true }, { unique_users = "newest" }, same = true };
	{ "Daily's unique users", daily, with(daily, { unique_users = true }) };
};

describe("meetauth.regrant.changed", function ()
	for _, case in ipairs(changes) do
		it(("%s where the operator has changed %s"):format(case.same and "finds nothing" or "finds the entry", case[1]), function ()
			local before, after = read(case[2], { issuer = "beside" }), read(case[3], { issuer = "beside" });
			local found = regrant.changed(before, after);
			if case.same then return assert.same({}, found); end
			assert.equal(before[1], found.e1.before);
			assert.equal(after[1], found.e1.after);
			found.e1 = nil;
			assert.same({}, found);
		end);
	end

	it("finds an entry that is gone, and one that is new", function ()
		local found = regrant.changed(read({ id = "old" }), read({ id = "new" }));
		assert.is_table(found.old.before);
		assert.is_nil(found.old.after);
		assert.is_table(found.new.after);
		assert.is_nil(found.new.before);
	end);
end);

-- What a token of a live session gives under an entry as it is now.
local looks = {
	{ "the same as before", {}, {} };
	{ "the same, whatever key has signed it", {}, { secret = secret_of("u", 40) } };
	{ "the same when it has expired: what becomes of it then is said elsewhere", { exp = now - 1000 }, {} };
	{ "the same when it is too old by now", { iat = now - 1000 }, { max_age = 10 } };
	{ "the same when it says not when it was issued", { iat = "none" }, { max_age = 10 } };
	{ "nothing where the entry is gone", {}, nil, reason = "unknown-issuer" };
	{ "nothing where the entry takes another issuer", {}, { issuer = "other" }, reason = "issuer-mismatch" };
	{ "nothing where the entry takes another audience", {}, { audience = "other" }, reason = "audience-mismatch" };
	{ "nothing where it lacks a claim", {}, { require = "jti" }, reason = "missing-claim" };
	{ "nothing where it lacks an end", { exp = "none" }, { single_use = true }, reason = "missing-claim" };
	{ "nothing where its sub counts now", { sub = "none" }, {}, reason = "missing-claim" };
	{ "nothing where its typ is not accepted", {}, { typ = "at+jwt" }, head = '{"alg":"HS256","typ":"JWT"}',
		reason = "type-mismatch" };
	{ "nothing where the entry looks on only", {}, { mode = "observe" }, reason = "observed-only" };
	{ "nothing where the entry's bad tokens are guests'", {}, { issuer = "other", on_invalid = "guest" },
		reason = "issuer-mismatch" };
	{ "nothing where a claim is not as the entry reads it", { context = { user = { id = { 1 } } } }, {}, reason = "bad-claim" };
	{ "nothing in another dialect", {}, daily, reason = "unknown-issuer" };
};

describe("meetauth.regrant.of", function ()
	for _, case in ipairs(looks) do
		it("gives " .. case[1], function ()
			local grant, reason = regrant.of(token(case[2], case.head), case[3] and read(case[3])[1]);
			assert.equal(case.reason, reason);
			assert.equal(case.reason == nil, grant ~= nil);
			if grant then assert.same({ "standup", "e1" }, { grant.room, grant.entry }); end
			if reason then assert.is_string(reasons.by_word[reason].sentence); end -- rooms say it
		end);
	end

	it("gives what the entry allows now", function ()
		local by = token({ context = { user = { id = "ada", moderator = true } } });
		assert.equal("granted", regrant.of(by, read({})[1]).owner);
		local narrower = regrant.of(by, read({ may = { "recording" }, tenant = "acme", rooms = { "attic" } })[1]);
		assert.same({ "denied", "acme", { "attic" } }, { narrower.owner, narrower.tenant, narrower.rooms });
	end);

	it("gives what a login gives", function ()
		local key = assert(meetauth.key({ alg = "HS256", secret = secret }));
		local verify = meetauth.verifier({ keys = { key }, algorithms = { "HS256" } });
		for _, claims in ipairs({ { context = { user = { id = 77 }, features = { recording = true } } }, {} }) do
			local by, entry = token(claims), read({})[1];
			assert.same(new_grant(assert(verify(by, now)), entry), (regrant.of(by, entry)));
		end
	end);

	it("gives nothing for what is no token", function ()
		for _, other in ipairs({ "", "garbage", "a.b.c", token():sub(1, -60), 7, false }) do
			assert.same({ nil, "malformed" }, { regrant.of(other, read({})[1]) });
		end
		assert.same({ nil, "malformed" }, { regrant.of(nil, read({})[1]) });
	end);

	it("reads tokens that are longer than the cap of today", function ()
		assert.is_table(regrant.of(token({ x = ("x"):rep(100000) }), read({})[1]));
	end);
end);
