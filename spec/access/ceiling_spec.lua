local ceiling = require "meetauth.access.ceiling";
local grant_of = require "meetauth.access.grant".of;

local function entry(fields)
	local with = { dialect = "jitsi", id = "portal", room = "tenant", domain_verification = false, asked = { leeway = 0 } };
	for name, value in pairs(fields) do with[name] = value; end
	return with;
end

local function jitsi(context, fields)
	return assert(grant_of({ iss = "portal", room = "standup", context = context }, entry(fields)));
end

local function daily(claims, fields)
	claims.d, claims.r = "acme", "standup";
	fields.dialect, fields.domain_id, fields.user_prefix = "daily", "acme", "";
	return assert(grant_of(claims, entry(fields)));
end

local function names(features)
	local list = {};
	for name, value in pairs(features) do
		if value ~= false and value ~= "false" then list[#list + 1] = name; end
	end
	table.sort(list);
	return list;
end

local boss = { user = { id = "u", moderator = true, affiliation = "owner", lobby_bypass = true, security_bypass = true } };
local function copy(value)
	if type(value) ~= "table" then return value; end
	local new = {};
	for k, v in pairs(value) do new[k] = copy(v); end
	return new;
end

describe("an entry's upper bound", function ()
	it("takes nothing where there is none", function ()
		local grant = jitsi(copy(boss), {});
		assert.same({ "granted", true, true }, { grant.owner, grant.passes_lobby, grant.passes_password });
		assert.is_nil(grant.features or grant.knocks);
	end);

	it("takes everything from both dialects where it is empty", function ()
		for _, grant in ipairs({
			jitsi(copy(boss), { may = {} }),
			jitsi({ features = { recording = true, livestreaming = "true", anything = true } }, { may = {} }),
			daily({ o = true, er = "cloud", sr = true, ast = true, p = { ca = true } }, { may = {} }),
			daily({ p = { ca = true }, er = "cloud", sr = true }, { may = {} }),
		}) do
			assert.same({ "denied", nil, false, true }, { grant.owner, grant.admin, grant.passes_lobby, grant.knocks });
			assert.same({}, names(grant.features));
			assert.falsy(grant.passes_password);
			assert.falsy(grant.starts_recording);
			assert.falsy(grant.starts_transcription);
			assert.is_true(grant.pushes_permissions);
		end
	end);

	it("tells neighbours of the user what the grant says", function ()
		assert.same({ id = "u", moderator = false, affiliation = "member", lobby_bypass = false, security_bypass = false },
			jitsi(copy(boss), { may = {} }).user);
		assert.same({ moderator = false, affiliation = "member", lobby_bypass = false }, daily({ o = true }, { may = {} }).user);
		assert.same({ id = "u" }, jitsi({ user = { id = "u" } }, { may = {} }).user);
		assert.is_nil(jitsi(nil, { may = {} }).user);
	end);

	it("leaves what it names", function ()
		local may = { "moderator", "lobby-bypass", "password-bypass", "recording" };
		local grant = jitsi(copy(boss), { may = may });
		assert.same({ "granted", true, true, nil }, { grant.owner, grant.passes_lobby, grant.passes_password, grant.knocks });
		assert.same({ "recording" }, names(grant.features));
		local starter = daily({ o = true, er = "cloud", sr = true, ast = true }, { may = may });
		assert.same({ "granted", true, false }, { starter.owner, starter.starts_recording, starter.starts_transcription });
		assert.equal("admin", daily({ p = { ca = "p" } }, { may = may }).admin);
	end);

	it("never adds a right", function ()
		local all = ceiling.rights;
		local member = jitsi({ user = { moderator = false } }, { may = all });
		assert.same({ "denied", false, false }, { member.owner, member.passes_lobby, member.passes_password });
		assert.same({ "live-translation-subscribe", "screen-sharing", "send-private-message" }, names(member.features));
		local named = jitsi({ features = { livestreaming = "true", recording = "false" } }, { may = all });
		assert.same({ "livestreaming" }, names(named.features));
		local plain, same = daily({}, {}), daily({}, { may = all });
		assert.same(names(plain.features), names(same.features));
		assert.equal("silent", jitsi(nil, { may = all }).owner);
	end);

	it("names every feature, for whoever takes an absent one for anything", function ()
		local n = 0;
		for _ in pairs(jitsi(nil, { may = { "recording" } }).features) do n = n + 1; end
		assert.equal(#ceiling.rights - 3, n); -- three are no features
	end);

	it("leaves what takes a right away", function ()
		assert.is_true(jitsi({ features = { ["name-readonly"] = true } }, { may = {} }).features["name-readonly"]);
		assert.is_true(daily({}, { may = {}, lock_name = true }).features["name-readonly"]);
		local knocker = jitsi({ user = { lobby = true } }, { may = {} });
		assert.is_true(knocker.wants_lobby);
	end);
end);

describe("an entry's rule for moderators", function ()
	local rule = { claim = "context.user.role", values = { "host" } };
	local cases = {
		{ "makes one who has it", { role = "host" }, "granted" };
		{ "none who has it not", { role = "guest" }, "denied" };
		{ "none without the claim, whatever the token's own words", { moderator = true, affiliation = "owner" }, "denied" };
		{ "none whose own words say no", { role = "host", moderator = false }, "denied" };
		{ "one whose own words agree", { role = "host", affiliation = "owner" }, "granted" };
		{ "none who has it only once marks that nobody sees are taken out", { role = "ho\u{200E}st" }, "denied" };
	};
	for _, case in ipairs(cases) do
		it(case[1], function ()
			local grant = jitsi({ user = copy(case[2]) }, { moderator = rule });
			assert.equal(case[3], grant.owner);
			assert.equal(case[3] == "granted", grant.user.moderator);
			assert.is_true(case[3] == "granted" or grant.user.affiliation == nil or grant.user.affiliation == "member");
		end);
	end

	it("is below the entry's bound", function ()
		assert.equal("denied", jitsi({ user = { role = "host" } }, { moderator = rule, may = {} }).owner);
	end);
end);
