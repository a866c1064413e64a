--- Fresh keys and tokens for the benchmarks: 64 different ones of each sort, so that no memory of one helps.

local meetauth = require "meetauth";

local fixtures = {};

fixtures.count = 64;
fixtures.issuer, fixtures.audience = "portal.example.org", "jitsi";

local now = os.time();

-- A Jitsi token of 600 to 700 bytes under HS256.
local function jitsi(i)
	return {
		iss = fixtures.issuer, aud = fixtures.audience, sub = "meet.example.org", room = "weekly-planning-" .. i,
		nbf = now - 10, exp = now + 3600,
		context = {
			user = {
				id = ("user-%04d-5b1e"):format(i), name = "Participant Number " .. i, email = ("participant%d@example.org"):format(i),
				avatar = ("https://portal.example.org/avatars/%d.png"):format(i), moderator = i % 2 == 0,
			},
			features = { livestreaming = false, recording = true, transcription = false, ["outbound-call"] = false },
		},
	};
end

-- A Daily token of 250 to 270 bytes: the claims of the guide's sample.
local function daily(i)
	return {
		nbf = now - 10, exp = now + 3600, r = ("room%03d"):format(i), o = true, ss = true, er = "local",
		d = "25df5057-ef0d-4d97-bde6-0cf287276cbb", iat = now,
	};
end

local claims_of = { jitsi = jitsi, daily = daily };

--- A key, what it was made of, and tokens.
---@param dialect "jitsi"|"daily"
---@param alg string
function fixtures.make(dialect, alg)
	local header = alg ~= "HS256" and { kid = "2026-01" } or nil;
	local signer, material = meetauth.keygen({ alg = alg });
	local verify_with = signer:pem() or material;
	local set = { alg = alg, dialect = dialect, signer = signer, private = material, public = verify_with };
	set.tokens, set.claims = {}, {};
	set.key = assert(meetauth.key({ alg = alg, [alg == "HS256" and "secret" or "public"] = verify_with }));
	for i = 1, fixtures.count do
		set.claims[i] = claims_of[dialect](i);
		set.tokens[i] = assert(meetauth.sign(signer, set.claims[i], header));
	end
	set.header_text = set.tokens[1]:match("^[^.]+");
	local forged = meetauth.keygen({ alg = alg });
	set.forged = assert(meetauth.sign(forged, set.claims[1], header));
	return set;
end

return fixtures;
