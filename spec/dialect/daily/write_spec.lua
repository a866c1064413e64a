-- An intent into claims of Daily's: never wider than asked, and what cannot be said is told.

local write = require "meetauth.dialect.daily.write";

local acme = { domain = "acme-id" };

local function names_of(losses)
	local names = {};
	for i, loss in ipairs(losses) do names[i] = loss.name; end
	return names;
end

local cases = {
	{ name = "says nothing but the domain of an intent that says nothing", intent = {}, claims = {}, lost = {} };
	{ name = "says what Daily has words for", lost = {},
		intent = { room = "x", user = { id = "u1", name = "Ann" }, owner = true, lobby = "knock", issued = 1, not_before = 2,
			expires = 3, token_id = "t1", eject_at_expiry = true, eject_after = 60 },
		claims = { r = "x", ud = "u1", u = "Ann", o = true, k = true, iat = 1, nbf = 2, exp = 3, jti = "t1", ejt = true, eje = 60 } };
	{ name = "leaves out what is not so", intent = { owner = false, lobby = "bypass", eject_at_expiry = false }, claims = {},
		lost = {} };
	{ name = "gives tasks to who is no owner", intent = { features = { livestreaming = true, transcription = true } },
		claims = { p = { ca = "s,t" } }, lost = {} };
	{ name = "lets record whoever may stream, too", intent = { features = { livestreaming = true, recording = true } },
		claims = { p = { ca = "s" }, er = "cloud" }, lost = {} };
	{ name = "lets nobody record who may not stream", intent = { features = { recording = true } }, claims = {},
		lost = { "context.features.recording" } };
	{ name = "needs no task for an owner's recording", intent = { owner = true, features = { recording = true } },
		claims = { o = true, er = "cloud" }, lost = {} };
	{ name = "tells what an owner has although it was denied",
		intent = { owner = true, features = { livestreaming = false, transcription = false } },
		claims = { o = true }, lost = { "context.features.livestreaming", "context.features.transcription" } };
	{ name = "says a no to the screen, and no yes", intent = { features = { ["screen-sharing"] = true } }, claims = {}, lost = {} };
	{ name = "says a no to the screen, also to an owner", intent = { owner = true, features = { ["screen-sharing"] = false } },
		claims = { o = true, ss = false }, lost = {} };
	{ name = "lists what only Jitsi has, in one order", claims = { ud = "u1" },
		intent = { scope = "tenant", group = "staff", room_context = {}, user = { id = "u1", email = "a@x", avatar = "b" },
			features = { ["outbound-call"] = true, ["file-upload"] = false } },
		lost = { "sub", "context.group", "context.room", "context.user.avatar", "context.user.email",
			"context.features.file-upload", "context.features.outbound-call" } };
	{ name = "loses no scope that is every one", intent = { scope = "*" }, claims = {}, lost = {} };
};

local refused = {
	{ name = "no domain", intent = {}, whose = {}, why = "Daily needs the domain's id (--domain-id)" };
	{ name = "a pattern, whose room would be another", intent = { room = "team-.*", pattern = "regex" },
		why = "the room: Daily has no patterns. Name one room (--room)" };
	{ name = "a room that Daily cannot name, without which all would open", intent = { room = "Stand Up" },
		why = "the room: a name at Daily has 1 to 128 letters, digits, _ and -" };
	{ name = "a user's id that is too long", intent = { user = { id = ("x"):rep(37) } },
		why = "the user's id: an id at Daily has 1 to 36 characters" };
	{ name = "no second in the room", intent = { eject_after = 0 },
		why = "the time in the room: a whole number of seconds, at least 1" };
	{ name = "a name that is none", intent = { user = { name = 7 } }, why = "u: not a value that Daily accepts" };
};

describe("meetauth.dialect.daily.write", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local claims, losses = write.claims(case.intent, acme);
			case.claims.d = "acme-id";
			assert.same(case.claims, claims);
			assert.same(case.lost, names_of(losses));
		end);
	end

	for _, case in ipairs(refused) do
		it("refuses " .. case.name, function ()
			assert.same({ nil, case.why }, { write.claims(case.intent, case.whose or acme) });
		end);
	end
end);
