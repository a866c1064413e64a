--- The fault in a Jitsi token's claims if they give no grant: which claim, the expected value, and the found value. It is
-- for people. read.lua decides.

local jitsiread = require "meetauth.dialect.jitsi.read";
local names_of = require "meetauth.util.list".names;
local null = require "meetauth.core".null;
local roomsettings = require "meetauth.dialect.jitsi.roomsettings";
local sending = require "meetauth.dialect.jitsi.sending";
local userid = require "meetauth.util.userid";

local jitsifault = {};

local ROOMS = "a string, or a list of 1 to 64 strings";
local PATTERN = "a Lua pattern (context.room.regex) of at most 128 bytes, with closed sets and captures, without %b, %f and %1";
local NO_PATTERN = "the room's name: token_regex_enabled = false refuses patterns (context.room.regex)";
local GLOB = "a glob (context.room.glob) of at most 128 bytes";

local function given(value) return value ~= nil and value ~= null; end
local function object(value) return type(value) == "table" and value or {}; end

local function words_of(kinds)
	if not kinds.string then return "an object"; end
	return kinds.table and ROOMS or "a string";
end

local function mistyped(of, kinds, prefix)
	for _, name in ipairs(names_of(kinds)) do
		local value = of[name];
		if given(value) and not kinds[name][type(value)] then
			return { claim = prefix .. name, expected = words_of(kinds[name]), found = value };
		end
	end
	return nil;
end

local function missing(claims, entry)
	if not given(claims.room) and entry.room == "required" then return { claim = "room", expected = "the room's name" }; end
	if not given(claims.sub) and entry.domain_verification then
		return { claim = "sub", expected = "the server's domain, or the room's tenant" };
	end
	return nil;
end

local function pattern_words(limits)
	if not limits then return PATTERN; end
	if not limits.enabled then return NO_PATTERN; end
	return limits.max_quantifiers and ("%s, and at most %d of *, +, - and ?"):format(PATTERN, limits.max_quantifiers) or PATTERN;
end

local function no_pattern(claims, context, entry)
	local room, no_rooms = jitsiread.rooms(given(claims.room) and claims.room or nil);
	if no_rooms then return { claim = "room", expected = ROOMS, found = claims.room }; end
	local how = type(context.room) == "table" and context.room or nil;
	local _, reason = jitsiread.pattern(room, how, entry.regex);
	local is_regex = how and (how.regex == true or how.regex == "true");
	return reason and { claim = "room", expected = is_regex and pattern_words(entry.regex) or GLOB, found = room } or nil;
end

local function no_id(claims, context)
	for _, one in ipairs({ { "context.user.id", object(context.user).id }, { "user_id", claims.user_id } }) do
		local _, reason = userid.of(one[2]);
		if reason then return { claim = one[1], expected = "a string or a whole number", found = one[2] }; end
		if jitsiread.is_dailys(one[2]) then
			return { claim = one[1], expected = "a user id that does not begin with daily:, which only Daily's tokens use",
				found = one[2] };
		end
	end
	return jitsiread.is_dailys(claims.iss)
		and { claim = "iss", expected = "an issuer that does not begin with daily:, which only Daily's tokens use",
			found = claims.iss } or nil;
end

-- A password is not told, be it fit or not.
local function no_settings(context)
	local room = object(context.room);
	local _, name, expected = roomsettings.of(room);
	if not name then return nil; end
	return { claim = "context.room." .. name, expected = expected, found = name == "password" and "another one" or room[name] };
end

local function no_media(context)
	local send = object(context.user).send;
	if not given(send) or sending.read(send) then return nil; end
	return { claim = "context.user.send", expected = "a list of audio, video and screen", found = send };
end

--- The first fault that there is.
---@param claims table  as read from JSON; not changed
---@param entry table   room, domain_verification
---@return Fault?
function jitsifault.of(claims, entry)
	local context = object(claims.context);
	return mistyped(claims, jitsiread.claim_kinds, "") or mistyped(context, jitsiread.context_kinds, "context.")
		or missing(claims, entry) or no_pattern(claims, context, entry) or no_settings(context)
		or no_id(claims, context) or no_media(context);
end

return jitsifault;
