--- The properties of Daily's REST interface (POST and GET /meeting-tokens), to and from the claims of a token. Strict:
-- every member has a type and limits, and an unknown member is refused. The token has exactly the properties in the
-- request. Pure: the clock is an argument.

local core = require "meetauth.core";
local dailyclaims = require "meetauth.dialect.daily.claims";
local dailyjson = require "meetauth.dialect.daily.json";
local kinds = require "meetauth.rest.kinds";
local restpermissions = require "meetauth.rest.permissions";
local set_of = require "meetauth.util.list".set;

local restproperties = {};

local null = core.null;

local boolean, string, number, object = kinds.boolean, kinds.string, kinds.number, kinds.object;
local claim_string, one_of = kinds.claim_string, kinds.one_of;

local languages = set_of({ "cs", "da", "de", "en", "en-us", "es", "fi", "fr", "it", "jp", "ka", "nl", "no", "pt", "pt-BR",
	"pl", "ru", "sk", "sv", "tr", "user" });
local recorded_types = set_of({ "cloud", "cloud-audio-only", "raw-tracks" });

-- Options of a recording, of which Daily documents the names; the objects among them are as deep as they like.
local recording_options = {
	width = number, height = number, fps = number, videoBitrate = number, audioBitrate = number,
	minIdleTimeOut = number, maxDuration = number, backgroundColor = string, instanceId = string,
	type = one_of(recorded_types, "a recording type"), layout = object,
	dataOutputs = kinds.of("a list or an object", function (value) return type(value) == "table"; end),
};

local function is_recording_options(value)
	if not dailyjson.is_object(value) then return false; end
	for name, option in pairs(value) do
		if not recording_options[name] or recording_options[name].read(option) == nil then return false; end
	end
	return true;
end

-- The properties ----------------------------------------------------------------

---@class DailyProperty
---@field name string
---@field claim string?  nil: Daily publishes no claim for it, and it is dropped
---@field kind PropertyKind?

---@type DailyProperty[]
restproperties.list = {
	{ name = "room_name", claim = "r", kind = claim_string("1 to 128 letters, digits, - and _", "r") };
	{ name = "eject_at_token_exp", claim = "ejt", kind = boolean };
	{ name = "eject_after_elapsed", claim = "eje", kind = kinds.seconds };
	{ name = "nbf", claim = "nbf", kind = kinds.time(math.ceil) };
	{ name = "exp", claim = "exp", kind = kinds.time(math.floor) };
	{ name = "is_owner", claim = "o", kind = boolean };
	{ name = "user_name", claim = "u", kind = string };
	{ name = "user_id", claim = "ud", kind = claim_string("a string of 1 to 36 characters", "ud") };
	{ name = "enable_screenshare", claim = "ss", kind = boolean };
	{ name = "start_video_off", claim = "vo", kind = boolean };
	{ name = "start_audio_off", claim = "ao", kind = boolean };
	{ name = "enable_recording", claim = "er", kind = kinds.recording };
	{ name = "enable_prejoin_ui", kind = boolean };
	{ name = "enable_live_captions_ui", kind = boolean };
	{ name = "enable_recording_ui", claim = "erui", kind = boolean };
	{ name = "enable_terse_logging", kind = boolean };
	{ name = "knocking", claim = "k", kind = boolean };
	{ name = "start_cloud_recording", claim = "sr", kind = boolean };
	{ name = "start_cloud_recording_opts", claim = "sro", kind = kinds.of("an object of documented options", is_recording_options) };
	{ name = "auto_start_transcription", claim = "ast", kind = boolean };
	{ name = "close_tab_on_exit", claim = "ctoe", kind = boolean };
	{ name = "redirect_on_meeting_exit", claim = "rome", kind = string };
	{ name = "lang", claim = "uil", kind = one_of(languages, "one of the documented languages") };
	{ name = "permissions", claim = "p", kind = kinds.permissions };
};

local by_name = {};
for _, property in ipairs(restproperties.list) do by_name[property.name] = property; end

-- Whether somebody asks for a property: null is not to ask. But not of the room, whose absence may open all of them.
local function is_given(value, property)
	return value ~= nil and (value ~= null or property.claim == "r");
end

--- The claims that a request's body asks for: { "properties": { ... } }, and nothing beside it.
---@param body any     what was read from JSON
---@param now number   seconds since the epoch
---@return table? claims       without d and iat
---@return string[]|string dropped  properties that no claim is published for; where claims is nil, what is wrong
function restproperties.read(body, now)
	if not dailyjson.is_object(body) then return nil, "the body should be an object"; end
	local beside = kinds.stranger(body, { properties = true });
	if beside then return nil, beside; end
	local properties = body.properties;
	if properties == nil then return nil, "missing required field: properties"; end
	if not dailyjson.is_object(properties) then return nil, "properties should be an object"; end
	local strange = kinds.stranger(properties, by_name);
	if strange then return nil, strange; end

	local claims, dropped = {}, {};
	for _, property in ipairs(restproperties.list) do
		local value = properties[property.name];
		if is_given(value, property) then
			local read, wrong = kinds.read(property, value);
			if read == nil then return nil, wrong; end
			if property.claim then claims[property.claim] = read; else dropped[#dropped + 1] = property.name; end
		end
	end
	local passed = kinds.passed(claims.exp, properties.exp, now);
	if passed then return nil, passed; end
	return claims, dropped;
end

--- The name of the property that makes a claim.
---@param claim string
---@return string
function restproperties.name_of(claim)
	for _, property in ipairs(restproperties.list) do
		if property.claim == claim then return property.name; end
	end
	return claim;
end

--- The claims of a verified token, as properties; claims that no property makes are left out.
---@param claims table
---@param either boolean  long names are claims, too
---@return table? properties
---@return string? reason  bad-claim, ambiguous-claims
function restproperties.write(claims, either)
	local short, reason = dailyclaims.read(claims, either);
	if not short then return nil, reason; end
	local properties = {};
	for _, property in ipairs(restproperties.list) do
		if property.claim then properties[property.name] = short[property.claim]; end
	end
	if short.p then
		properties.permissions, reason = restpermissions.write(short.p, either);
		if not properties.permissions then return nil, reason; end
	end
	return properties;
end

return restproperties;
