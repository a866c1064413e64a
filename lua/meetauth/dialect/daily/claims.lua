--- Daily's claims: their names, types and limits (doc/daily.md), and which of them the server enforces. It reads a
-- token's claims under their short names. read.lua says what they give.

local null = require "meetauth.core".null;
local text = require "meetauth.util.text";
local userid = require "meetauth.util.userid";
local dailyjson = require "meetauth.dialect.daily.json";

local dailyclaims = {};

local USER_ID_MAX = 36; -- code points
local CONNECTION_DATA_MAX = 1024;
local SECONDS_MAX = 2147483647; -- of eje, an int32 at Daily

local function is_short(s, max)
	local length = utf8.len(s);
	return length ~= nil and length <= max;
end

local function is_room(r) return #r <= 128 and r:find("^[%w_-]+$") ~= nil; end
local function is_seconds(eje) return math.tointeger(eje) ~= nil and eje >= 1 and eje <= SECONDS_MAX; end
local function is_connection_data(otcd) return is_short(otcd, CONNECTION_DATA_MAX); end

-- Two ids that differ stay different: nothing is taken out of one to make it fit.
local function is_user_id(ud)
	return ud ~= "" and is_short(ud, USER_ID_MAX) and text.clean(ud) == ud;
end

---@class DailyClaim
---@field claim string
---@field long string?     its name in Daily's REST interface; nil where it has none
---@field type string      of the JSON value; "any" where nothing is published, or several are
---@field also string?       another type that counts, and
---@field read (fun(value: any): any)?  how that becomes the first one
---@field fits (fun(value: any): boolean)?  beyond its type
---@field fate "enforced"|"published"|"ignored"  published: told to the client, which can ignore it

--- Every claim that Daily publishes.
---@type DailyClaim[]
dailyclaims.list = {
	{ claim = "d", long = "domain_id", type = "string", fate = "enforced" };
	{ claim = "r", long = "room_name", type = "string", fits = is_room, fate = "enforced" }; -- no "*", no patterns
	-- no names of Daily's, but of a guide that many copy: their author believes that the token ends
	{ claim = "iat", long = "issued_at", type = "number", fate = "enforced" };
	{ claim = "exp", long = "expires", type = "number", fate = "enforced" };
	{ claim = "nbf", long = "not_before", type = "number", fate = "enforced" };
	{ claim = "ud", long = "user_id", type = "string", also = "integer", read = userid.of, fits = is_user_id,
		fate = "enforced" };
	{ claim = "u", long = "user_name", type = "string", fate = "enforced" };
	{ claim = "o", long = "is_owner", type = "boolean", fate = "enforced" };
	{ claim = "k", long = "knocking", type = "boolean", fate = "enforced" };
	{ claim = "ejt", long = "eject_at_token_exp", type = "boolean", fate = "enforced" };
	{ claim = "eje", long = "eject_after_elapsed", type = "number", fits = is_seconds, fate = "enforced" };
	{ claim = "ss", long = "enable_screenshare", type = "boolean", fate = "published" };
	{ claim = "er", long = "enable_recording", type = "any", fate = "enforced" };
	{ claim = "sr", long = "start_cloud_recording", type = "boolean", fate = "enforced" };
	{ claim = "sro", long = "start_cloud_recording_opts", type = "object", fate = "published" };
	{ claim = "ast", long = "auto_start_transcription", type = "boolean", fate = "enforced" };
	{ claim = "ao", long = "start_audio_off", type = "boolean", fate = "published" };
	{ claim = "vo", long = "start_video_off", type = "boolean", fate = "published" };
	{ claim = "erui", long = "enable_recording_ui", type = "boolean", fate = "published" };
	{ claim = "uil", long = "lang", type = "string", fate = "published" };
	{ claim = "ctoe", long = "close_tab_on_exit", type = "boolean", fate = "published" };
	{ claim = "rome", long = "redirect_on_meeting_exit", type = "string", fate = "published" };
	{ claim = "ij", long = "intercom_join_alert", type = "any", fate = "ignored" };
	{ claim = "mjh", long = "meeting_join_hook", type = "string", fate = "ignored" }; -- never fetched
	{ claim = "otcd", type = "string", fits = is_connection_data, fate = "ignored" };
	{ claim = "p", long = "permissions", type = "object", fate = "enforced" };
};

-- Claims that a Daily token does not use, but every token may have; they are no sign of another dialect.
local harmless = { jti = true, meetauth_inviter = true };

local by_claim, by_name = {}, {}; -- by_name: long names, too
for _, field in ipairs(dailyclaims.list) do
	by_claim[field.claim], by_name[field.claim] = field, field;
	if field.long then by_name[field.long] = field; end
end

--- The claims about time by their long names, for code that reads them before a dialect does.
dailyclaims.long_times = { issued_at = "iat", expires = "exp", not_before = "nbf" };

--- The value of a claim, in its type if possible. JSON null is treated as absent, except for the room, where absence can
-- open all rooms.
---@param value any
---@param field DailyClaim
---@return any
function dailyclaims.given(value, field)
	if value == null and field.claim ~= "r" then return nil; end
	return field.read and field.read(value) or value;
end

local given = dailyclaims.given;

-- The claims under their short names, and the unknown names; ambiguous-claims where two spellings disagree.
local function shortened(claims, known)
	local short, unknown = {}, {};
	for name, value in pairs(claims) do
		local field = known[name];
		if field then
			local said, before = given(value, field), short[field.claim];
			if said ~= nil and before ~= nil and not dailyjson.same(said, before) then return nil, "ambiguous-claims"; end
			if said ~= nil then short[field.claim] = said; end
		elseif not harmless[name] then
			unknown[#unknown + 1] = tostring(name);
		end
	end
	table.sort(unknown);
	return short, unknown;
end

local function fits(value, field)
	if field.type == "object" then return dailyjson.is_object(value); end
	if field.type ~= "any" and type(value) ~= field.type then return false; end
	return not field.fits or field.fits(value);
end

--- Read a token's claims.
---@param claims table
---@param either boolean  long names count, too
---@return table? short   the known ones under their short names
---@return string[]|string unknown  unknown names; where short is nil, the reason: ambiguous-claims, bad-claim
function dailyclaims.read(claims, either)
	local short, unknown = shortened(claims, either and by_name or by_claim);
	for name, value in pairs(short or {}) do
		if not fits(value, by_claim[name]) then return nil, "bad-claim"; end
	end
	return short, unknown;
end

return dailyclaims;
