--- An intent -> claims in Daily's dialect. read.lua goes the other way. Pure, and never wider than asked. A room that
-- Daily cannot name is an error, because a token without a room opens all rooms. A right that Daily only has together
-- with another right is left out. Lost claims are listed.

local read_claims = require "meetauth.dialect.daily.claims".read;
local sending = require "meetauth.dialect.jitsi.sending";
local names_of = require "meetauth.util.list".names;

local dailywrite = {};

-- The fields that Daily's tokens have no word for.
local unsaid = {
	{ field = "scope", name = "sub", why = "Daily names the domain in d and in the server's entry" };
	{ field = "group", name = "context.group", why = "Daily has no groups" };
	{ field = "room_context", name = "context.room", why = "Daily has no such object" };
};
local said_of_user = { id = true, name = true };
local said_features = { recording = true, livestreaming = true, transcription = true, ["screen-sharing"] = true };

local function sorted(set, but)
	return names_of(set, function (name) return not but[name]; end);
end

local function losses_of(intent)
	local losses = {};
	local function lose(name, why) losses[#losses + 1] = { name = name, why = why }; end
	for _, row in ipairs(unsaid) do
		if intent[row.field] and intent[row.field] ~= "*" then lose(row.name, row.why); end
	end
	for _, name in ipairs(sorted(intent.user, said_of_user)) do
		lose("context.user." .. name, "Daily's tokens have only a user's id and name");
	end
	for _, name in ipairs(sorted(intent.features, said_features)) do
		lose("context.features." .. name, "a Daily token cannot name it, but the server's entry can");
	end
	return losses, lose;
end

-- p, er and ss for somebody who is no owner; owners may do everything.
local function permissions_of(intent, lose)
	local features = intent.features or {};
	local tasks, modes = {}, nil;
	local cs = nil;
	if intent.send then cs = sending.cs(intent.send); end
	if features.livestreaming then tasks[#tasks + 1] = "s"; end
	if features.transcription then tasks[#tasks + 1] = "t"; end
	if features.recording and features.livestreaming then
		modes = "cloud";
	elseif features.recording then
		lose("context.features.recording", "left out: at Daily, a user who can record can also stream, and "
			.. "the token does not allow streaming");
	end
	local ca = tasks[1] and table.concat(tasks, ",") or nil;
	return (ca or cs ~= nil) and { ca = ca, cs = cs } or nil, modes;
end

local function rights_of(intent, lose)
	local features = intent.features or {};
	local ss; -- only a "no" is said
	if features["screen-sharing"] == false then ss = false; end
	if intent.owner then
		for _, name in ipairs({ "livestreaming", "transcription" }) do
			if features[name] == false then lose("context.features." .. name, "WIDER: at Daily, an owner always has it"); end
		end
		return ss, nil, features.recording and "cloud" or nil;
	end
	return ss, permissions_of(intent, lose);
end

-- Names that fit a claim's fault, for the caller who gave it.
local wanted = {
	r = "the room: a name at Daily has 1 to 128 letters, digits, _ and -";
	ud = "the user's id: an id at Daily has 1 to 36 characters";
	eje = "the time in the room: a whole number of seconds, at least 1";
};

local function problem_of(claims)
	for _, name in ipairs(sorted(claims, {})) do
		if not read_claims({ [name] = claims[name] }, false) then return wanted[name] or name .. ": not a value that Daily accepts"; end
	end
	return nil;
end

--- Make claims.
---@param intent Intent
---@param whose Whose  domain
---@return table? claims
---@return Loss[]|string losses  where claims is nil: what is missing, or cannot be said
function dailywrite.claims(intent, whose)
	if not whose.domain then return nil, "Daily needs the domain's id (--domain-id)"; end
	if type(intent.room) == "table" then return nil, "the room: a Daily token names one room, and "
		.. "this token names several. Name one (--room)"; end
	if intent.pattern then return nil, "the room: Daily has no patterns. Name one room (--room)"; end
	local losses, lose = losses_of(intent);
	local ss, p, er = rights_of(intent, lose);
	local user = intent.user or {};
	local claims = {
		d = whose.domain, r = intent.room, iat = intent.issued, nbf = intent.not_before, exp = intent.expires,
		jti = intent.token_id, ud = user.id, u = user.name, o = intent.owner or nil,
		k = intent.lobby == "knock" or nil, p = p, er = er, ss = ss,
		ejt = intent.eject_at_expiry or nil, eje = intent.eject_after,
	};
	local problem = problem_of(claims);
	if problem then return nil, problem; end
	return claims, losses;
end

return dailywrite;
