--- The fields of an issuer entry that are about grants: one reader for a configuration and for a program.

local secret_of = require "spec.support.secret";
local config = require "meetauth.config.host";
local entries = require "meetauth.access.entry";
local meetauth = require "meetauth";

local secret = secret_of("s");

local function of_host(fields, more)
	local raw = { secret = secret };
	for _, given in ipairs({ fields, more }) do
		for name, value in pairs(given) do raw[name] = value; end
	end
	return config.read(function (name) return name == "meetauth_issuers" and { raw } or nil; end);
end

-- What each dialect's entry needs on a host, beside what its grants need.
local bases = {
	jitsi = { { dialect = "jitsi", id = "e" }, { issuer = "portal" } };
	daily = { { dialect = "daily", id = "e", domain_id = "d" }, {} };
};

local function with(dialect, fields)
	local all = {};
	for name, value in pairs(bases[dialect][1]) do all[name] = value; end
	for name, value in pairs(fields) do all[name] = value; end
	return all;
end

-- Fields that give the same to both.
local good = {
	jitsi = {
		{}, { room = "tenant" }, { domain_verification = false }, { tenant = "acme", rooms = "a*" }, { may = { "recording" } },
		{ lobby = "knock", knock_without_lobby = "refuse" }, { single_use = true, leeway = 0 },
		{ moderator = { claim = "role", values = { "staff" } } }, { unique_users = "first" }, { unique_users = true },
	};
	daily = {
		{}, { room = "tenant" }, { strict = true, hidden = "visible" }, { recording = "cloud", unique_users = true },
		{ user_prefix = "x:", lobby = "claim", leeway = 5 }, { features = { flip = true } }, { claim_names = "either" },
	};
};

local bad = {
	jitsi = { { rom = "required" }, { domain_verfication = false }, { room = "any" }, { may = { "moderater" } }, { domain_id = "x" },
		{ rooms = { ("x"):rep(129) } }, { leeway = -1 }, { may = { "recording", nil, "moderator" } }, { moderator = { claim = "a" } } };
	daily = { { domain_verification = true }, { features = { chat = true } }, { redirect_hosts = { "https://x" } }, { strict = 1 } };
};

local claims = {
	jitsi = function () return { iss = "portal", sub = "meet.example", exp = 1000, context = { user = { id = "1" } } }; end;
	daily = function () return { d = "d", exp = 1000, iat = 1, ud = "1", o = true, zz = 1 }; end;
};

describe("meetauth.access.entry", function ()
	for dialect, list in pairs(good) do
		for i, fields in ipairs(list) do
			it(("gives a program's call what a host gives: %s %d"):format(dialect, i), function ()
				local entry = assert(of_host(with(dialect, fields), bases[dialect][2])).entries[1];
				local raw = with(dialect, fields);
				local new_grant = require "meetauth.access.grant".of;
				assert.same({ new_grant(claims[dialect](), entry) }, { meetauth.grant(claims[dialect](), raw) });
				local named = claims[dialect]();
				named.room, named.r = dialect == "jitsi" and "a1" or nil, dialect == "daily" and "a1" or nil;
				named.zz = nil; -- which a strict entry refuses
				local copy = {};
				for name, value in pairs(named) do copy[name] = value; end
				local given = assert(meetauth.grant(named, raw));
				assert.same(assert(new_grant(copy, entry)), given);
				assert.equal((fields.leeway or 10) + 1000, given.expires);
			end);
		end
	end

	for dialect, list in pairs(bad) do
		for i, fields in ipairs(list) do
			it(("refuses of both alike: %s %d"):format(dialect, i), function ()
				local host, problems = of_host(with(dialect, fields), bases[dialect][2]);
				assert.is_nil(host);
				local ok, raised = pcall(meetauth.grant, claims[dialect](), with(dialect, fields));
				assert.is_false(ok);
				local told = {};
				for j, problem in ipairs(problems) do told[j] = problem:gsub("^meetauth_issuers%[1%]%.", ""); end
				assert.truthy(raised:find("meetauth.grant: " .. table.concat(told, "; "), 1, true), raised);
			end);
		end
	end

	it("refuses what is no entry, and a Daily one without its domain", function ()
		assert.has_error(function () entries.of(nil, "f"); end);
		assert.has_error(function () entries.of("x", "f"); end);
		local _, raised = pcall(entries.of, { dialect = "daily" }, "f");
		assert.truthy(raised:find("f: domain_id: found nil, expected the Daily domain's id", 1, true), raised);
	end);

	it("asks for a room and compares the domain unless it is told not to", function ()
		assert.same({ nil, "missing-claim" }, { meetauth.grant({ iss = "p", sub = "x" }, {}) });
		assert.same({ nil, "missing-claim" }, { meetauth.grant({ iss = "p", room = "x" }, {}) });
		assert.equal("*", meetauth.grant({ iss = "p" }, { room = "tenant", domain_verification = false }).room);
	end);

	it("loads its dialect before a token comes, and not the other one", function ()
		local fields = { jitsi = {}, daily = { domain_id = "d" } };
		for dialect, own in pairs(fields) do
			for name in pairs(package.loaded) do
				if name:find("^meetauth%.access%.") or name:find("^meetauth%.dialect%.") then package.loaded[name] = nil; end
			end
			own.dialect = dialect;
			require "meetauth.access.entry".of(own, "f");
			for other in pairs(fields) do
				for _, part in ipairs({ "read", "fault" }) do
					local name = ("meetauth.dialect.%s.%s"):format(other, part);
					assert.equal(other == dialect, package.loaded[name] ~= nil, name);
				end
			end
		end
	end);
end);
