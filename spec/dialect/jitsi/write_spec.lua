-- An intent into claims of Jitsi's and of JaaS's: what cannot be said is told.

local write = require "meetauth.dialect.jitsi.write";

local portal = { issuer = "portal", audience = "jitsi" };

local cases = {
	{ name = "opens every room of an intent that names none", intent = {}, claims = { room = "*" } };
	{ name = "says who the bearer is", intent = { room = "x", owner = true, group = "staff",
			user = { id = "u1", name = "Ann", email = "a@x.example", own = 1 } },
		claims = { room = "x", context = { group = "staff",
			user = { id = "u1", name = "Ann", email = "a@x.example", own = 1, moderator = true } } } };
	{ name = "says that somebody is no moderator", intent = { owner = false }, claims = { room = "*",
		context = { user = { moderator = false } } } };
	{ name = "says who passes the lobby", intent = { lobby = "bypass" },
		claims = { room = "*", context = { user = { lobby_bypass = true } } } };
	{ name = "says who waits there", intent = { lobby = "knock" }, claims = { room = "*", context = { user = { lobby = true } } } };
	{ name = "says features as they are", intent = { features = { recording = true, ["screen-sharing"] = false } },
		claims = { room = "*", context = { features = { recording = true, ["screen-sharing"] = false } } } };
	{ name = "says that a room is a pattern", intent = { room = "team-*", pattern = "glob", room_context = { own = 1 } },
		claims = { room = "team-*", context = { room = { glob = true, own = 1 } } } };
	{ name = "says times and the token's id", intent = { issued = 1, not_before = 2, expires = 3, token_id = "t1" },
		claims = { room = "*", iat = 1, nbf = 2, exp = 3, jti = "t1" } };
	{ name = "names the scope", intent = { scope = "acme" }, claims = { room = "*", sub = "acme" } };
	{ name = "names the new issuer's domain in its place, which is a loss", intent = { scope = "acme" }, subject = "meet.example",
		claims = { room = "*", sub = "meet.example" }, lost = { "sub" } };
	{ name = "has no word for a time in the room", intent = { eject_at_expiry = true, eject_after = 60 }, claims = { room = "*" },
		lost = { "eject_at_expiry", "eject_after" } };
};

describe("meetauth.dialect.jitsi.write", function ()
	for _, case in ipairs(cases) do
		it(case.name, function ()
			local claims, losses = write.claims(case.intent,
				{ issuer = portal.issuer, audience = portal.audience, subject = case.subject });
			case.claims.iss, case.claims.aud = "portal", "jitsi";
			assert.same(case.claims, claims);
			local names = {};
			for i, loss in ipairs(losses) do names[i] = loss.name; end
			assert.same(case.lost or {}, names);
		end);
	end

	it("changes nothing of the intent", function ()
		local intent = { user = { id = "u1" }, owner = true, lobby = "knock", pattern = "regex", room_context = {}, room = "x" };
		write.claims(intent, portal);
		assert.same({ user = { id = "u1" }, owner = true, lobby = "knock", pattern = "regex", room_context = {}, room = "x" }, intent);
	end);

	it("has issuer, audience and subject of JaaS, and an nbf, which it wants", function ()
		assert.same({ iss = "chat", aud = "jitsi", sub = "vpaas-1", room = "x", iat = 7, nbf = 7 },
			(write.jaas({ room = "x", issued = 7 }, { application = "vpaas-1" })));
		assert.equal(5, write.jaas({ issued = 7, not_before = 5 }, { application = "vpaas-1" }).nbf);
		assert.same({ nil, "JaaS needs the application's id (--app-id)" }, { write.jaas({}, {}) });
	end);

	it("puts the application's id before a key's, once", function ()
		assert.equal("vpaas-1/4f4910", write.jaas_kid("vpaas-1", "4f4910"));
		assert.equal("vpaas-1/4f4910", write.jaas_kid("vpaas-1", "vpaas-1/4f4910"));
	end);
end);
