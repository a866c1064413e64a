--- Turns claims of one dialect into claims of another, through their meaning, with a list of lost claims. It reads with
-- the dialects' own readers, so that a converted token means what the first one meant to the server. Pure, and no judge:
-- the signer must have verified the claims before.

local dailywrite = require "meetauth.dialect.daily.write";
local jitsiwrite = require "meetauth.dialect.jitsi.write";
local read_daily = require "meetauth.dialect.daily.read".grant;
local read_jitsi = require "meetauth.dialect.jitsi.read".grant;
local sending = require "meetauth.dialect.jitsi.sending";
local names_of = require "meetauth.util.list".names;

local convert = {};

---@class Intent             the contents of a token, in no dialect's words
---@field room string|string[]|nil  a name, several; nil: every room that the issuer has
---@field pattern "regex"|"glob"|nil  room is no name
---@field room_context table?  what else Jitsi's context.room says
---@field scope string?      Jitsi's sub: a domain, a tenant, or "*"
---@field user table?        id, name, email, avatar, and what else Jitsi's context.user has
---@field group string?
---@field owner boolean?     nil: says nothing
---@field lobby "bypass"|"knock"|nil
---@field features table<string, boolean>?  in Jitsi's words
---@field issued number?     seconds since the epoch, as the next two
---@field not_before number?
---@field expires number?
---@field send string[]?      what may be sent: audio, video, screen; nil: everything
---@field eject_at_expiry boolean?
---@field eject_after integer?  seconds
---@field token_id string?

---@class Whose              the issuer in whose name the token is made
---@field issuer string?
---@field audience string?
---@field subject string?
---@field domain string?     Daily's d
---@field application string?  of JaaS

---@class Loss
---@field name string  the claim, or a field of the intent
---@field why string

local mints = { jitsi = jitsiwrite.claims, jaas = jitsiwrite.jaas, daily = dailywrite.claims };

-- Claims that an intent keeps, or that the new issuer replaces.
local jitsi_kept = { iss = true, aud = true, sub = true, room = true, exp = true, nbf = true, iat = true, jti = true,
	context = true, moderator = true, user_id = true };
local context_kept = { user = true, group = true, features = true, room = true };
-- Members of context.user that mint writes again.
local user_said = { moderator = true, affiliation = true, lobby_bypass = true, lobby = true, send = true };

local function lose_others(losses, from, kept, prefix)
	local others = names_of(from, function (name) return not kept[name]; end);
	for _, name in ipairs(others) do losses[#losses + 1] = { name = prefix .. name, why = "has no equivalent" }; end
end

local function without(from, names)
	local rest = {};
	for name, value in pairs(from or {}) do
		if not names[name] then rest[name] = value; end
	end
	return next(rest) and rest or nil;
end

local truths = { [true] = true, ["true"] = true, [false] = false, ["false"] = false };
local opinions = { granted = true, denied = false };

local function jitsi_lobby(grant)
	if grant.wants_lobby then return "knock"; end
	return grant.passes_lobby and "bypass" or nil;
end

local function jitsi_features(named)
	local features = {};
	for name, value in pairs(named or {}) do features[name] = truths[value]; end
	return next(features) and features or nil;
end

local function jitsi_intent(claims)
	local losses = {};
	lose_others(losses, claims, jitsi_kept, "");
	lose_others(losses, type(claims.context) == "table" and claims.context or {}, context_kept, "context.");
	local grant, reason = read_jitsi(claims, { room = "tenant" });
	if not grant then return nil, reason; end
	local context = grant.room_context or {};
	if grant.owner == "granted" and grant.send then
		losses[#losses + 1] = { name = "context.user.send", why = "owners can send everything" };
	end
	local pattern = grant.room_pattern and (truths[context.regex] and "regex" or "glob") or nil;
	return {
		room = grant.room ~= "*" and grant.room or nil, pattern = pattern,
		room_context = without(context, { regex = true, glob = true }), scope = grant.domain,
		user = without(grant.user, user_said), group = grant.group, owner = opinions[grant.owner],
		lobby = jitsi_lobby(grant), features = jitsi_features(grant.features),
		send = grant.owner ~= "granted" and grant.send and sending.words(grant.send) or nil,
	}, losses;
end

-- The notes of Daily's reader about these are no loss: Jitsi's features say it, and the list of media to send.
local said_otherwise = { ss = true, ["p.cs:a"] = true, ["p.cs:v"] = true, ["p.cs:sv"] = true };

-- The media that a Daily token lets its bearer send, if these are not all media that both dialects know.
local function sent(grant)
	local words = grant.send and sending.words(grant.send);
	return words and #words < 3 and words or nil;
end

local function daily_losses(grant)
	local losses, told = {}, {};
	local function lose(claim, why)
		if not told[claim] then losses[#losses + 1] = { name = claim, why = why }; end
		told[claim] = true;
	end
	if grant.admin then lose("p.ca", "Jitsi's tokens cannot make a user an admin of a room without making the user an owner"); end
	if grant.starts_recording then lose("sr", "Jitsi's tokens cannot start a recording"); end
	if grant.starts_transcription then lose("ast", "Jitsi's tokens cannot start a transcription"); end
	for _, note in ipairs(grant.notes) do
		if not said_otherwise[note.claim] then lose(note.claim, "has no equivalent"); end
	end
	return losses;
end

local function daily_intent(claims)
	local domain = type(claims.d) == "string" and claims.d or claims.domain_id;
	if type(domain) ~= "string" then return nil, "missing-claim"; end
	local grant, reason = read_daily(claims, { domain_id = domain, user_prefix = "", claim_names = "either", hidden = "visible" });
	if not grant then return nil, reason; end
	local features = grant.features;
	return {
		room = grant.room ~= "*" and grant.room or nil, user = without({ id = grant.user.id, name = grant.user.name }, {}),
		owner = opinions[grant.owner], lobby = grant.knocks and "knock" or "bypass",
		features = { recording = features.recording, livestreaming = features.livestreaming,
			transcription = features.transcription, ["screen-sharing"] = features["screen-sharing"] },
		send = sent(grant), eject_at_expiry = grant.eject_at and true, eject_after = grant.eject_after,
	}, daily_losses(grant);
end

local readers = { jitsi = jitsi_intent, jaas = jitsi_intent, daily = daily_intent };

--- The meaning of claims. The claims table is used up.
---@param claims table
---@param dialect "jitsi"|"jaas"|"daily"
---@return Intent? intent
---@return Loss[]|string losses  where intent is nil, the reason: bad-claim, missing-claim, ambiguous-claims
function convert.intent(claims, dialect)
	local not_before, expires, token_id = claims.nbf, claims.exp, claims.jti;
	local intent, losses = readers[dialect](claims);
	if not intent then return nil, losses; end
	intent.not_before, intent.expires, intent.token_id = not_before, expires, token_id;
	return intent, losses;
end

--- Make claims of an intent.
---@param intent Intent
---@param dialect "jitsi"|"jaas"|"daily"
---@param whose Whose
---@return table? claims
---@return Loss[]|string losses  where claims is nil, what is missing or cannot be said, in words
function convert.mint(intent, dialect, whose)
	return mints[dialect](intent, whose);
end

return convert;
