--- Claims of one dialect into those of another: what is kept, what is lost, and that nothing gets wider in silence.

local convert = require "meetauth.dialect.convert";
local new_grant = require "meetauth.access.grant".of;

local function converted(claims, from, to, whose)
	local intent, lost = convert.intent(claims, from);
	if not intent then return nil, lost; end
	local made, more = convert.mint(intent, to, whose);
	if not made then return nil, more; end
	local names = {};
	for _, loss in ipairs(lost) do names[#names + 1] = loss.name; end
	for _, loss in ipairs(more) do names[#names + 1] = loss.name; end
	return made, names;
end

local portal = { issuer = "portal", audience = "jitsi", subject = "meet.example" };
local acme = { domain = "acme-id" };
local jaas = { application = "vpaas-1" };

local cases = {
	{ name = "Daily's guest becomes a Jitsi guest who passes the lobby", from = "daily", to = "jitsi", whose = portal,
		claims = { d = "acme-id", r = "Standup", u = "Ann", ud = "u1", exp = 2000, nbf = 1000, iat = 900, jti = "t1" },
		made = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "standup", exp = 2000, nbf = 1000, jti = "t1",
			context = { user = { id = "u1", name = "Ann", moderator = false, lobby_bypass = true },
				features = { recording = false, livestreaming = false, transcription = false, ["screen-sharing"] = true } } },
		lost = {} };
	{ name = "Daily's owner becomes a moderator", from = "daily", to = "jitsi", whose = portal,
		claims = { d = "acme-id", o = true, er = "cloud", exp = 2000 },
		made = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "*", exp = 2000,
			context = { user = { moderator = true, lobby_bypass = true },
				features = { recording = true, livestreaming = true, transcription = true, ["screen-sharing"] = true } } },
		lost = {} };
	{ name = "what Daily alone can say is listed", from = "daily", to = "jitsi", whose = portal,
		claims = { d = "acme-id", r = "x", k = true, ejt = true, eje = 60, exp = 2000, ss = false, ao = true, uil = "de",
			p = { hp = false, cs = "a", ca = "p,s" }, mjh = "https://x.example", own = 1 },
		made = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "x", exp = 2000,
			context = { user = { moderator = false, lobby = true, send = { "audio" } },
				features = { recording = false, livestreaming = true, transcription = false, ["screen-sharing"] = false } } },
		lost = { "p.ca", "own", "ao", "uil", "mjh", "p.cs:sa", "p.cs:cv", "p.cs:ca", "p.hp", "eject_at_expiry",
			"eject_after" } };
	{ name = "Jitsi's moderator becomes an owner", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "portal", aud = "jitsi", sub = "*", room = "standup", exp = 2000,
			context = { user = { id = "u1", name = "Ann", moderator = "true" } } },
		made = { d = "acme-id", r = "standup", u = "Ann", ud = "u1", o = true, exp = 2000 }, lost = {} };
	{ name = "what Jitsi alone can say is listed", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "portal", sub = "tenant", room = "x", exp = 2000, own = 1, context = { group = "staff", tenant = "acme",
			user = { id = "u1", email = "a@x.example", affiliation = "owner", lobby = true },
			features = { recording = "true", livestreaming = "false", ["outbound-call"] = true } } },
		made = { d = "acme-id", r = "x", ud = "u1", o = true, k = true, er = "cloud", exp = 2000 },
		lost = { "own", "context.tenant", "sub", "context.group", "context.user.email", "context.features.outbound-call",
			"context.features.livestreaming" } };
	{ name = "somebody who may record but not stream may neither at Daily", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "portal", room = "x", exp = 2000, context = { features = { recording = true } } },
		made = { d = "acme-id", r = "x", exp = 2000 }, lost = { "context.features.recording" } };
	{ name = "Jitsi's token becomes one of JaaS", from = "jitsi", to = "jaas", whose = jaas,
		claims = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "team-*", exp = 2000, nbf = 5,
			context = { room = { glob = true }, user = { id = "u1", ["hidden-from-recorder"] = true },
				features = { recording = "true" } } },
		made = { iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "team-*", exp = 2000, nbf = 5,
			context = { room = { glob = true }, user = { id = "u1", ["hidden-from-recorder"] = true }, features = { recording = true } } },
		lost = { "sub" } };
	{ name = "what may be sent is said by Daily, too", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "p", room = "x", exp = 2000, context = { user = { send = { "audio", "screen" } } } },
		made = { d = "acme-id", r = "x", exp = 2000, p = { cs = "a,sv,sa" } }, lost = {} };
	{ name = "nothing may be sent", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "p", room = "x", exp = 2000, context = { user = { send = {} } } },
		made = { d = "acme-id", r = "x", exp = 2000, p = { cs = false } }, lost = {} };
	{ name = "an owner sends what they like", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "p", room = "x", exp = 2000, moderator = true, context = { user = { send = {} } } },
		made = { d = "acme-id", r = "x", exp = 2000, o = true }, lost = { "context.user.send" } };
	{ name = "JaaS keeps nobody from sending", from = "daily", to = "jaas", whose = jaas,
		claims = { d = "acme-id", r = "x", exp = 2000, p = { cs = "a,v,sv,sa,cv,ca" } },
		made = { iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "x", exp = 2000,
			context = { user = { moderator = false, lobby_bypass = true }, features = { recording = false, livestreaming = false,
				transcription = false, ["screen-sharing"] = true } } },
		lost = {} };
	{ name = "JaaS keeps nobody from sending, and what is lost is told", from = "jitsi", to = "jaas", whose = jaas,
		claims = { iss = "p", sub = "*", room = "x", exp = 2000, context = { user = { id = "u", send = { "audio" } } } },
		made = { iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "x", exp = 2000, context = { user = { id = "u" } } },
		lost = { "sub", "context.user.send" } };
	{ name = "several rooms stay several", from = "jaas", to = "jitsi", whose = portal,
		claims = { iss = "chat", aud = "jitsi", sub = "*", room = { "standup", "retro" }, exp = 2000 },
		made = { iss = "portal", aud = "jitsi", sub = "meet.example", room = { "standup", "retro" }, exp = 2000 }, lost = { "sub" } };
	{ name = "a list of one room is that room at Daily, too", from = "jitsi", to = "daily", whose = acme,
		claims = { iss = "p", room = { "standup" }, exp = 2000 }, made = { d = "acme-id", r = "standup", exp = 2000 }, lost = {} };
	{ name = "JaaS's token becomes one of Jitsi", from = "jaas", to = "jitsi", whose = portal,
		claims = { iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "x", exp = 2000, context = { user = { moderator = "false" } } },
		made = { iss = "portal", aud = "jitsi", sub = "meet.example", room = "x", exp = 2000,
			context = { user = { moderator = false } } },
		lost = { "sub" } };
};

describe("meetauth.dialect.convert", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local made, lost = converted(case.claims, case.from, case.to, case.whose);
			assert.same(case.made, made);
			assert.same(case.lost, lost);
		end);
	end

	local refusals = {
		{ name = "a pattern to Daily, whose rooms have names", from = "jitsi", to = "daily", whose = acme, why = "no patterns",
			claims = { iss = "p", room = "team-.*", context = { room = { regex = true } } } };
		{ name = "several rooms to Daily, whose tokens name one", from = "jitsi", to = "daily", whose = acme, why = "names one",
			claims = { iss = "p", room = { "standup", "retro" } } };
		{ name = "several rooms to JaaS", from = "jitsi", to = "jaas", whose = jaas, why = "names one",
			claims = { iss = "p", room = { "standup", "retro" } } };
		{ name = "a name that Daily has not", from = "jitsi", to = "daily", whose = acme, why = "the room: a name at Daily",
			claims = { iss = "p", room = "Stand Up" } };
		{ name = "a user's id that is too long for Daily", from = "jitsi", to = "daily", whose = acme,
			why = "the user's id: an id at Daily has",
			claims = { iss = "p", room = "x", context = { user = { id = ("x"):rep(37) } } } };
		{ name = "a user's id that is neither text nor a whole number", from = "jitsi", to = "daily", whose = acme, why = "bad-claim",
			claims = { iss = "p", room = "x", context = { user = { id = 7.5 } } } };
		{ name = "to Daily without a domain", from = "jitsi", to = "daily", whose = {}, why = "--domain-id",
			claims = { iss = "p", room = "x" } };
		{ name = "to JaaS without an application", from = "jitsi", to = "jaas", whose = {}, why = "--app-id",
			claims = { iss = "p", room = "x" } };
		{ name = "a Jitsi token of wrong types", from = "jitsi", to = "daily", whose = acme, why = "bad-claim", claims = { room = 7 } };
		{ name = "a Daily token of wrong types", from = "daily", to = "jitsi", whose = portal, why = "bad-claim",
			claims = { d = "x", o = 1 } };
		{ name = "a Daily token without d", from = "daily", to = "jitsi", whose = portal, why = "missing-claim", claims = { r = "x" } };
		{ name = "a Daily token with a d of another type", from = "daily", to = "jitsi", whose = portal,
			why = "missing-claim", claims = { d = {} } };
	};
	for _, case in ipairs(refusals) do
		it("refuses " .. case.name, function ()
			local made, why = converted(case.claims, case.from, case.to, case.whose);
			assert.is_nil(made);
			assert.truthy(why:find(case.why, 1, true), why);
		end);
	end

	it("makes grants that are never wider: owner, lobby, features, over all that Daily can say", function ()
		local jitsi_entry = { dialect = "jitsi", id = "p", room = "tenant", asked = { leeway = 0 } };
		local daily_entry = { dialect = "daily", id = "a", domain_id = "acme-id", user_prefix = "", asked = { leeway = 0 },
			hidden = "visible" };
		for bits = 0, 511 do
			local function bit(n) return bits & 1 << n ~= 0; end
			local function claims()
				local admin = (bit(2) and "s," or "") .. (bit(3) and "t" or "");
				return { d = "acme-id", r = "x", exp = 2000, o = bit(0), k = bit(1), ss = not bit(4), er = bit(5) and "cloud" or "local",
					p = bit(6) and { ca = admin, cs = bit(7) and "v,a" or true, hp = not bit(8) } or nil };
			end
			local before = assert(new_grant(claims(), daily_entry));
			local after = assert(new_grant(assert(converted(claims(), "daily", "jitsi", portal)), jitsi_entry));
			assert.equal(before.owner, after.owner);
			assert.equal(before.passes_lobby, after.passes_lobby);
			for name, value in pairs(after.features) do assert.equal(before.features[name], value, name); end
			assert.equal(before.expires, after.expires);
			assert.equal(before.room, after.room);
		end
	end);

	it("comes back as it went, where both dialects can say it", function ()
		local claims = { d = "acme-id", r = "x", u = "Ann", ud = "u1", exp = 2000, k = true, ss = false, er = "cloud",
			p = { ca = "s,t" } };
		local jitsi = converted({ table.unpack(claims), d = "acme-id", r = "x", u = "Ann", ud = "u1", exp = 2000, k = true, ss = false,
			er = "cloud", p = { ca = "s,t" } }, "daily", "jitsi", { issuer = "portal" });
		local back, lost = converted(jitsi, "jitsi", "daily", acme);
		assert.same(claims, back);
		assert.same({}, lost);
	end);
end);
