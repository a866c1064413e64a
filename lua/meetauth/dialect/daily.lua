--- Daily.co meeting tokens: abbreviated claims -> grant.
-- Vocabulary: Daily's guide "Self-signing tokens" (daily.md 1). Pure: no clock, no Prosody;
-- signature and times were checked before.

local text = require "meetauth.text";

local daily = {};

local USER_ID_MAX = 36; -- code points
local USER_NAME_MAX = 256;

local function is_room(r) return #r <= 128 and r:find("^[%w_-]+$") ~= nil; end
local function is_user_id(ud) return utf8.len(ud) <= USER_ID_MAX; end

---@class DailyClaim
---@field claim string
---@field type string
---@field fits (fun(value: any): boolean)?  beyond its type

---@type DailyClaim[]
local fields = {
	{ claim = "d", type = "string" };
	{ claim = "r", type = "string", fits = is_room }; -- "*" and patterns are no room names
	{ claim = "o", type = "boolean" };
	{ claim = "u", type = "string" };
	{ claim = "ud", type = "string", fits = is_user_id };
};

local function check(claims)
	for _, field in ipairs(fields) do
		local value = claims[field.claim];
		if value ~= nil and (type(value) ~= field.type or (field.fits and not field.fits(value))) then
			return "bad-claim";
		end
	end
	return nil;
end

-- All of them, because a neighbour takes an absent feature for a denied one (daily.md 5.3).
local function features(owner)
	return {
		["recording"] = false; -- no mode is enabled without er
		["livestreaming"] = owner;
		["transcription"] = owner;
		["screen-sharing"] = true;
		["outbound-call"] = false;
		["sip-outbound-call"] = false;
		["create-polls"] = true;
		["send-groupchat"] = true;
		["send-private-message"] = true;
		["file-upload"] = false;
		["live-translation"] = false;
		["flip"] = false;
		["name-readonly"] = false;
	};
end

--- Read verified claims as a Daily token.
---@param claims table
---@param entry table  domain_id, room ("required" or "tenant"), user_prefix
---@return Grant? grant
---@return string? reason  bad-claim, missing-claim, unknown-issuer
function daily.grant(claims, entry)
	local reason = check(claims);
	if reason then return nil, reason; end
	if claims.d ~= entry.domain_id then return nil, "unknown-issuer"; end
	if not claims.r and entry.room == "required" then return nil, "missing-claim"; end
	local owner = claims.o == true;
	return {
		issuer = "daily:" .. claims.d;
		check_domain = false;
		room = claims.r and claims.r:lower() or "*"; -- XMPP folds case
		user = {
			id = claims.ud and entry.user_prefix .. text.clean(claims.ud);
			name = claims.u and text.clean(claims.u, USER_NAME_MAX);
			moderator = owner;
			affiliation = owner and "owner" or "member";
		};
		features = features(owner);
		owner = owner and "granted" or "denied";
		passes_lobby = true; -- any valid token does, at Daily
		at_expiry = "ignore";
	};
end

return daily;
