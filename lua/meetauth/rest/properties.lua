--- The properties of Daily's REST interface (POST and GET /meeting-tokens), to and from the claims of a token.
-- Strict: every member has its type and its limits, and a member that nobody knows is refused. What is asked
-- for is what is made: nothing is corrected, left out or filled in. Pure: the clock is an argument.

local core = require "meetauth.core";
local dailyclaims = require "meetauth.dialect.daily.claims";
local restpermissions = require "meetauth.rest.permissions";
local set_of = require "meetauth.util.list".set;
local text = require "meetauth.util.text";
local dailyjson = require "meetauth.dialect.daily.json";

local restproperties = {};

local SHOWN_MAX = 64; -- characters of a caller's own word in the answer to it
local SECONDS_MAX = 99999999999; -- the year 5138: what is later was meant as milliseconds

local languages = set_of({ "cs", "da", "de", "en", "en-us", "es", "fi", "fr", "it", "jp", "ka", "nl", "no", "pt", "pt-BR",
	"pl", "ru", "sk", "sv", "tr", "user" });
local recording_modes = set_of({ "cloud", "cloud-audio-only", "local", "raw-tracks" });
local recorded_types = set_of({ "cloud", "cloud-audio-only", "raw-tracks" });

local fits_claim = {};
for _, field in ipairs(dailyclaims.list) do fits_claim[field.claim] = field.fits; end

-- Kinds -------------------------------------------------------------------------

---@class PropertyKind
---@field expected string
---@field read fun(value: any): any  the claim's value; nil where it does not fit

local function kind(expected, fits)
	return { expected = expected, read = function (value) if fits(value) then return value; end return nil; end };
end

local boolean = kind("true or false", function (value) return type(value) == "boolean"; end);
local string = kind("a string", function (value) return type(value) == "string"; end);
local number = kind("a number, 0 or more", function (value) return math.type(value) ~= nil and value >= 0; end);
local object = kind("an object", dailyjson.is_object);

local function claim_string(expected, claim)
	return kind(expected, function (value) return type(value) == "string" and fits_claim[claim](value); end);
end

-- A point in time, rounded to whole seconds so that the token's window is never wider than the one asked for.
local function time(round)
	return {
		expected = "a number of seconds since the unix epoch";
		read = function (value)
			return math.type(value) and value >= 0 and value <= SECONDS_MAX and round(value) or nil;
		end;
	};
end

local function one_of(set, expected)
	return kind(expected, function (value) return set[value] == true; end);
end

local function is_recording(value)
	if type(value) == "string" then return recording_modes[value] == true; end
	local list, seen = dailyjson.list(value), {};
	if not list then return false; end
	for _, mode in ipairs(list) do
		if not recording_modes[mode] or seen[mode] then return false; end
		seen[mode] = true;
	end
	return true;
end

-- Options of a recording, of which Daily documents the names; the objects among them are as deep as they like.
local recording_options = {
	width = number, height = number, fps = number, videoBitrate = number, audioBitrate = number,
	minIdleTimeOut = number, maxDuration = number, backgroundColor = string, instanceId = string,
	type = one_of(recorded_types, "a recording type"), layout = object,
	dataOutputs = kind("a list or an object", function (value) return type(value) == "table"; end),
};

local function is_recording_options(value)
	if not dailyjson.is_object(value) then return false; end
	for name, option in pairs(value) do
		if not recording_options[name] or recording_options[name].read(option) == nil then return false; end
	end
	return true;
end

local seconds = { -- whole, also where it was written 60.0
	expected = "a whole number of seconds, 1 to 2147483647";
	read = function (value)
		return math.type(value) and fits_claim.eje(value) and math.tointeger(value) or nil;
	end;
};

-- The properties ----------------------------------------------------------------

---@class DailyProperty
---@field name string
---@field claim string?  nil: Daily publishes no claim for it, and it is dropped
---@field kind PropertyKind?

---@type DailyProperty[]
restproperties.list = {
	{ name = "room_name", claim = "r", kind = claim_string("1 to 128 letters, digits, - and _", "r") };
	{ name = "eject_at_token_exp", claim = "ejt", kind = boolean };
	{ name = "eject_after_elapsed", claim = "eje", kind = seconds };
	{ name = "nbf", claim = "nbf", kind = time(math.ceil) };
	{ name = "exp", claim = "exp", kind = time(math.floor) };
	{ name = "is_owner", claim = "o", kind = boolean };
	{ name = "user_name", claim = "u", kind = string };
	{ name = "user_id", claim = "ud", kind = claim_string("a string of 1 to 36 characters", "ud") };
	{ name = "enable_screenshare", claim = "ss", kind = boolean };
	{ name = "start_video_off", claim = "vo", kind = boolean };
	{ name = "start_audio_off", claim = "ao", kind = boolean };
	{ name = "enable_recording", claim = "er",
		kind = kind("one or a list of cloud, cloud-audio-only, local, raw-tracks", is_recording) };
	{ name = "enable_prejoin_ui", kind = boolean };
	{ name = "enable_live_captions_ui", kind = boolean };
	{ name = "enable_recording_ui", claim = "erui", kind = boolean };
	{ name = "enable_terse_logging", kind = boolean };
	{ name = "knocking", claim = "k", kind = boolean };
	{ name = "start_cloud_recording", claim = "sr", kind = boolean };
	{ name = "start_cloud_recording_opts", claim = "sro", kind = kind("an object of documented options", is_recording_options) };
	{ name = "auto_start_transcription", claim = "ast", kind = boolean };
	{ name = "close_tab_on_exit", claim = "ctoe", kind = boolean };
	{ name = "redirect_on_meeting_exit", claim = "rome", kind = string };
	{ name = "lang", claim = "uil", kind = one_of(languages, "one of the documented languages") };
	{ name = "permissions", claim = "p" }; -- a grammar of its own
};

local by_name = {};
for _, property in ipairs(restproperties.list) do by_name[property.name] = property; end

-- A caller's own word, for the answer to it.
local function shown(value)
	if type(value) == "table" then return "an object"; end
	if value == core.null then return "null"; end
	return text.clean(tostring(value), SHOWN_MAX);
end

local function unknown(name)
	return ("unknown parameter '%s'"):format(shown(name));
end

-- The first name, in the order of the alphabet, that is none of those known.
local function stranger(object_read, known)
	local found;
	for name in pairs(object_read) do
		if not known[name] and (not found or name < found) then found = name; end
	end
	return found;
end

local function read_permissions(value)
	local p, name, expected = restpermissions.read(value);
	if p then return p; end
	if not expected then return nil, unknown("permissions." .. name); end
	return nil, ("%s should be %s"):format(name and "permissions." .. name or "permissions", expected);
end

local function read_value(property, value)
	if property.name == "permissions" then return read_permissions(value); end
	local read = property.kind.read(value);
	if read ~= nil then return read; end
	if property.claim == "exp" or property.claim == "nbf" then
		return nil, ("%s was '%s' but should be %s"):format(property.name, shown(value), property.kind.expected);
	end
	return nil, ("%s should be %s"):format(property.name, property.kind.expected);
end

--- The claims that a request's body asks for: { "properties": { ... } }, and nothing beside it.
---@param body any     what was read from JSON
---@param now number   seconds since the epoch
---@return table? claims       without d and iat
---@return string[]|string dropped  properties that no claim is published for; where claims is nil, what is wrong
function restproperties.read(body, now)
	if not dailyjson.is_object(body) then return nil, "the body should be an object"; end
	local beside = stranger(body, { properties = true });
	if beside then return nil, unknown(beside); end
	local properties = body.properties;
	if properties == nil then return nil, "missing required field: properties"; end
	if not dailyjson.is_object(properties) then return nil, "properties should be an object"; end
	local strange = stranger(properties, by_name);
	if strange then return nil, unknown(strange); end

	local claims, dropped = {}, {};
	for _, property in ipairs(restproperties.list) do
		local value = properties[property.name];
		if value ~= nil then
			local read, wrong = read_value(property, value);
			if read == nil then return nil, wrong; end
			if property.claim then claims[property.claim] = read; else dropped[#dropped + 1] = property.name; end
		end
	end
	if claims.exp and claims.exp <= now then
		return nil, ("exp was '%s', which is in the past rather than in the future"):format(shown(properties.exp));
	end
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

--- What a verified token's claims say, as properties; claims that no property makes are left out.
---@param claims table
---@param either boolean  long names count as claims, too
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
