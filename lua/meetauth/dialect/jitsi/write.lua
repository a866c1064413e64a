--- An intent -> claims in Jitsi's dialect, and in the shape of it that 8x8's JaaS takes.
-- The other way is read.lua's. Pure; what cannot be said is listed, not dropped in silence.

local jitsiwrite = {};

local JAAS_AUDIENCE, JAAS_ISSUER = "jitsi", "chat";

-- Fields of an intent that Jitsi's tokens have no word for, and the loss that follows.
local unsaid = {
	{ field = "eject_at_expiry", why = "Jitsi's tokens are checked only at entry. The server's meetauth_on_expiry decides what "
		.. "happens at expiry" };
	{ field = "eject_after", why = "Jitsi's tokens cannot limit the time in the room" };
};

local function losses_of(intent)
	local losses = {};
	for _, row in ipairs(unsaid) do
		if intent[row.field] then losses[#losses + 1] = { name = row.field, why = row.why }; end
	end
	return losses;
end

-- context.user: the bearer, with what the token says of moderator and lobby.
local function user_of(intent)
	local user = {};
	for name, value in pairs(intent.user or {}) do user[name] = value; end
	user.moderator = intent.owner;
	if intent.lobby == "bypass" then user.lobby_bypass = true; end
	if intent.lobby == "knock" then user.lobby = true; end
	user.send = intent.send;
	return next(user) and user or nil;
end

local function room_of(intent)
	local context = {};
	for name, value in pairs(intent.room_context or {}) do context[name] = value; end
	if intent.pattern then context[intent.pattern] = true; end
	return next(context) and context or nil;
end

--- Make claims. Raises nothing; everything can be said, or is in the losses.
---@param intent Intent
---@param whose Whose  issuer, audience, subject
---@return table claims
---@return Loss[] losses
function jitsiwrite.claims(intent, whose)
	local losses = losses_of(intent);
	local subject = whose.subject or intent.scope;
	if intent.scope and intent.scope ~= subject then
		losses[#losses + 1] = { name = "sub", why = "another domain or tenant replaces it" };
	end
	local context = { user = user_of(intent), group = intent.group, features = intent.features, room = room_of(intent) };
	return {
		iss = whose.issuer, aud = whose.audience, sub = subject, room = intent.room or "*",
		iat = intent.issued, nbf = intent.not_before, exp = intent.expires, jti = intent.token_id,
		context = next(context) and context or nil,
	}, losses;
end

--- The claims for JaaS: issuer and audience are fixed, the subject is the application's id.
---@param intent Intent
---@param whose Whose  application
---@return table? claims
---@return Loss[]|string losses  where claims is nil: what is missing
function jitsiwrite.jaas(intent, whose)
	if not whose.application then return nil, "JaaS needs the application's id (--app-id)"; end
	if type(intent.room) == "table" then return nil, "the room: a JaaS token names one room, and "
		.. "this token names several. Name one (--room)"; end
	local send = intent.send;
	intent.send = nil;
	local claims, losses = jitsiwrite.claims(intent,
		{ issuer = JAAS_ISSUER, audience = JAAS_AUDIENCE, subject = whose.application });
	if send then losses[#losses + 1] = { name = "context.user.send", why = "WIDER: JaaS has no such claim" }; end
	claims.nbf = claims.nbf or claims.iat; -- JaaS wants it
	return claims, losses;
end

--- The kid of a JaaS key: the application's id, a slash, the key's id.
---@param application string
---@param kid string  with or without the application's id
---@return string
function jitsiwrite.jaas_kid(application, kid)
	return kid:find("/", 1, true) and kid or application .. "/" .. kid;
end

return jitsiwrite;
