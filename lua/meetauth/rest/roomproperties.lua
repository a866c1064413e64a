--- The properties of a room in Daily's REST interface: the allowed values, the stored values, and the rules that they
-- make. It is strict, like the properties of tokens. Pure: the clock is an argument.

local core = require "meetauth.core";
local dailyjson = require "meetauth.dialect.daily.json";
local kinds = require "meetauth.rest.kinds";
local set_of = require "meetauth.util.list".set;

local roomproperties = {};

local null = core.null;

local COUNT_MAX = 2147483647;

local boolean, string, number, object, list = kinds.boolean, kinds.string, kinds.number, kinds.object, kinds.list;

local people = {
	expected = ("a whole number, 1 to %d"):format(COUNT_MAX);
	read = function (value)
		local whole = math.type(value) and math.tointeger(value);
		return whole and whole >= 1 and whole <= COUNT_MAX and whole or nil;
	end;
};

local privacies = set_of({ "public", "private" });

---@class RoomProperty
---@field name string
---@field kind PropertyKind
---@field default any       Daily's: a value that is equal to none
---@field kept boolean?     this server does what it says
---@field nullable boolean? null takes it away; of all others it is as if they were not there

---@type RoomProperty[]
roomproperties.list = {
	{ name = "nbf", kind = kinds.time(math.ceil), kept = true };
	{ name = "exp", kind = kinds.time(math.floor), kept = true };
	{ name = "max_participants", kind = people, kept = true };
	{ name = "eject_at_room_exp", kind = boolean, default = false, kept = true };
	{ name = "eject_after_elapsed", kind = kinds.seconds, kept = true };
	{ name = "enable_knocking", kind = boolean, kept = true };
	{ name = "enforce_unique_user_ids", kind = boolean, default = false, kept = true };
	{ name = "enable_screenshare", kind = boolean, default = true, kept = true };
	{ name = "enable_recording", kind = kinds.recording, kept = true, nullable = true };
	{ name = "permissions", kind = kinds.permissions, kept = true };
	{ name = "enable_hidden_participants", kind = boolean, default = false };
	{ name = "start_video_off", kind = boolean, default = false };
	{ name = "start_audio_off", kind = boolean, default = false };
	{ name = "lang", kind = string, default = "en" };
	{ name = "enable_prejoin_ui", kind = boolean };
	{ name = "enable_live_captions_ui", kind = boolean };
	{ name = "enable_terse_logging", kind = boolean, default = false };
	{ name = "enable_people_ui", kind = boolean };
	{ name = "enable_pip_ui", kind = boolean };
	{ name = "enable_network_ui", kind = boolean };
	{ name = "enable_noise_cancellation_ui", kind = boolean };
	{ name = "enable_video_processing_ui", kind = boolean, default = true };
	{ name = "enable_emoji_reactions", kind = boolean };
	{ name = "enable_hand_raising", kind = boolean };
	{ name = "enable_breakout_rooms", kind = boolean };
	{ name = "enable_advanced_chat", kind = boolean, default = false };
	{ name = "enable_cpu_warning_notifications", kind = boolean };
	{ name = "enable_chat", kind = boolean, default = false };
	{ name = "enable_shared_chat_history", kind = boolean, default = true };
	{ name = "experimental_optimize_large_calls", kind = boolean };
	{ name = "meeting_join_hook", kind = string };
	{ name = "geo", kind = string };
	{ name = "rtmp_geo", kind = string };
	{ name = "disable_rtmp_geo_fallback", kind = boolean, default = false };
	{ name = "enable_mesh_sfu", kind = boolean };
	{ name = "enable_adaptive_simulcast", kind = boolean, default = true };
	{ name = "enable_multiparty_adaptive_simulcast", kind = boolean, default = false };
	{ name = "sfu_switchover", kind = number, default = 0.5 };
	{ name = "recordings_bucket", kind = object };
	{ name = "transcription_bucket", kind = object };
	{ name = "recordings_template", kind = string };
	{ name = "transcription_template", kind = string };
	{ name = "enable_transcription_storage", kind = boolean, default = false };
	{ name = "enable_raw_tracks_transcoded_audio", kind = string };
	{ name = "auto_transcription_settings", kind = object };
	{ name = "streaming_endpoints", kind = list, nullable = true };
	{ name = "enable_dialout", kind = boolean, default = false };
	{ name = "dialout_config", kind = object };
	{ name = "sip", kind = object };
};

local by_name = {};
for _, property in ipairs(roomproperties.list) do by_name[property.name] = property; end

local body_names = { name = true, privacy = true, properties = true };

-- The form in which a value is kept: as it was written, except numbers and permissions, which are kept by their meaning.
local function written(property, value, meant)
	if math.type(meant) then return meant; end
	if property.name ~= "permissions" then return value; end
	local members = {};
	for name, member in pairs(value) do
		if member ~= null then members[name] = member; end
	end
	return members;
end

-- A property of a request into a configuration; what is wrong with it, or nil.
local function take(config, property, value)
	if value == null then
		if property.nullable then config[property.name] = nil; end
		return nil;
	end
	local meant, wrong = kinds.read(property, value);
	if meant == nil then return wrong; end
	if meant == property.default then meant, value = nil, nil; end -- as Daily, which shows what differs from its defaults
	config[property.name] = written(property, value, meant);
	return nil;
end

---@class RoomWish
---@field privacy "public"|"private"|nil
---@field config table<string, any>  what a room has from now on
---@field unkept string[]            properties of the request that have no effect here

--- The properties in a request's body, for a new room or for one that exists.
---@param body any
---@param now number      seconds since the epoch
---@param before table<string, any>?  the configuration of the room that exists
---@return RoomWish? wish
---@return string? wrong
function roomproperties.read(body, now, before)
	if not dailyjson.is_object(body) then return nil, "the body should be an object"; end
	local strange = kinds.stranger(body, body_names);
	if not strange and before and body.name ~= nil then strange = kinds.unknown("name"); end
	if strange then return nil, strange; end
	local privacy, asked = body.privacy, body.properties;
	if privacy == null then privacy = nil; end
	if asked == nil or asked == null then asked = {}; end
	if privacy ~= nil and not privacies[privacy] then return nil, "privacy should be public or private"; end
	if not dailyjson.is_object(asked) then return nil, "properties should be an object"; end
	strange = kinds.stranger(asked, by_name);
	if strange then return nil, strange; end

	local config, unkept = {}, {};
	for name, value in pairs(before or {}) do config[name] = value; end
	for _, property in ipairs(roomproperties.list) do
		local value = asked[property.name];
		local wrong = value ~= nil and take(config, property, value);
		if wrong then return nil, wrong; end
		if value ~= nil and value ~= null and not property.kept then unkept[#unkept + 1] = property.name; end
	end
	local passed = asked.exp ~= null and asked.exp ~= nil and kinds.passed(config.exp, asked.exp, now);
	if passed then return nil, passed; end
	return { privacy = privacy, config = config, unkept = unkept };
end

---@class MadeRules          the settings of a room that was made by REST, for people who enter
---@field private boolean?     no guests
---@field knocks boolean?      but at the lobby
---@field nbf number?          seconds since the epoch: nobody enters before
---@field exp number?          nobody enters from then on
---@field eject_at number?     out of the room then, also people who have come in meanwhile
---@field eject_after number?  seconds in the room
---@field max integer?         people at one time
---@field unique boolean?      one occupant for each user id
---@field defaults table?      of the claims p, er and ss: for tokens that do not say it

--- The rules of a room.
---@param privacy string
---@param config table<string, any>
---@return MadeRules? rules  nil: it is no configuration
function roomproperties.rules(privacy, config)
	local meant = {};
	for name, value in pairs(config) do
		local property = by_name[name];
		if not property then return nil; end
		meant[name] = property.kind.read(value);
		if meant[name] == nil then return nil; end
	end
	local defaults = { p = meant.permissions, er = meant.enable_recording, ss = meant.enable_screenshare };
	if defaults.p then defaults.p.hp = nil; end -- nobody is hidden here
	return {
		private = privacy == "private" or nil;
		knocks = privacy == "private" and meant.enable_knocking or nil;
		nbf = meant.nbf;
		exp = meant.exp;
		eject_at = meant.eject_at_room_exp and meant.exp or nil;
		eject_after = meant.eject_after_elapsed;
		max = meant.max_participants;
		unique = meant.enforce_unique_user_ids;
		defaults = next(defaults) ~= nil and defaults or nil;
	};
end

return roomproperties;
