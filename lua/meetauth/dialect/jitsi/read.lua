--- Jitsi's tokens: iss, sub, room, moderator, context -> grant. Its words come from Jitsi's token module. doc/grant.md
-- says how the grant is used. Pure: no clock, no Prosody. The signature, the times, the issuer and the audience were
-- checked before.

local claimrule = require "meetauth.dialect.jitsi.claimrule";
local null = require "meetauth.core".null;
local pattern = require "meetauth.room.pattern";
local roomsettings = require "meetauth.dialect.jitsi.roomsettings";
local sending = require "meetauth.dialect.jitsi.sending";
local text = require "meetauth.util.text";
local userid = require "meetauth.util.userid";

local jitsiread = {};

local ROOMS_MAX = 64; -- names in one token

local a_text, a_table, either = { string = true }, { table = true }, { string = true, table = true };

--- The types of claims and of context's members, as Lua has them, where they are given.
---@type table<string, table<string, true>>
jitsiread.claim_kinds = { room = either, sub = a_text, context = a_table };
jitsiread.context_kinds = { user = a_table, group = a_text, features = a_table, room = a_table, tenant = a_text };

-- The value of a claim about being moderator: true grants, false denies, nil says nothing.
local opinions = { [true] = true, ["true"] = true, [false] = false, ["false"] = false };
local owner_affiliations = { owner = true, moderator = true, teacher = true };

local function affiliation_opinion(affiliation)
	if type(affiliation) ~= "string" then return nil; end
	return owner_affiliations[affiliation] == true;
end

-- Where several places speak, the lowest right wins. An entry's rule, where there is one, always speaks.
local function owner(claims, user, ruled)
	local top, own, affiliation = opinions[claims.moderator], opinions[user.moderator], affiliation_opinion(user.affiliation);
	if top == false or own == false or affiliation == false or ruled == false then return "denied"; end
	return (top or own or affiliation or ruled) and "granted" or "silent";
end

local function understood(table_)
	local kept = {};
	for name, value in pairs(table_) do
		if opinions[value] ~= nil then kept[name] = value; end
	end
	return kept;
end

-- Unchanged values, but only the values that a reader of features understands: mostly all of them.
local function features(table_)
	for _, value in pairs(table_) do
		if opinions[value] == nil then return understood(table_); end
	end
	return table_;
end

-- Takes the nulls out of a table; a reason where a member is not of its kind.
local function unfit(table_, kinds)
	for name, value in pairs(table_) do
		if value == null then
			table_[name] = nil;
		elseif kinds[name] and not kinds[name][type(value)] then
			return "bad-claim";
		end
	end
	return nil;
end

--- The rooms that a token names: a name, or a list of names. A list of one name is that name, and "*" is any room also in a
-- list with other names.
---@param room any  the claim: text, a table or nil
---@return string|string[]|nil rooms
---@return string? reason  bad-claim, where it is no such list
function jitsiread.rooms(room)
	if type(room) ~= "table" then return room; end
	local count = 0;
	for _, name in pairs(room) do
		if type(name) ~= "string" then return nil, "bad-claim"; end
		count = count + 1;
	end
	if count == 0 or count ~= #room or count > ROOMS_MAX then return nil, "bad-claim"; end
	for _, name in ipairs(room) do
		if name == "*" then return name; end
	end
	return count == 1 and room[1] or room;
end

---@class RegexLimits  the host's options token_regex_…
---@field enabled boolean           false: Lua patterns are refused
---@field max_quantifiers integer?  of a pattern
---@field room_max_length integer?  of a room's name that a pattern matches, in bytes

--- The meaning of room, if context.room says that it is not just a name: regex (Jitsi's word for a Lua pattern) or glob.
-- For a list of rooms it is a list. A reason where it is no such pattern.
---@param room string|string[]|nil  as jitsiread.rooms has it
---@param room_context table?
---@param limits RegexLimits?  of Lua patterns
---@return Item[]|Item[][]|nil items
---@return string? reason
---@return boolean? is_glob
function jitsiread.pattern(room, room_context, limits)
	if not room or room == "*" or not room_context then return nil; end
	local is_regex = opinions[room_context.regex];
	if not is_regex and not opinions[room_context.glob] then return nil; end
	if is_regex and limits and not limits.enabled then return nil, "bad-claim"; end
	local compile, compiled = is_regex and pattern.of_lua or pattern.of_glob, {};
	for i, one in ipairs(type(room) == "table" and room or { room }) do
		compiled[i] = compile(one, limits);
		if not compiled[i] then return nil, "bad-claim"; end
	end
	return type(room) == "table" and compiled or compiled[1], nil, not is_regex;
end

--- Whether a name is out of the space that Daily's issuers and users have to themselves.
---@param name any
---@return boolean
function jitsiread.is_dailys(name)
	return type(name) == "string" and name:find("^daily:") ~= nil;
end

-- Whether the bearer enters without knocking: the entry's word, or the token's where the entry leaves it that.
local function passes_lobby(user, lobby, verdict)
	if lobby == "owners" then return verdict == "granted"; end
	if lobby and lobby ~= "claim" then return lobby == "bypass"; end
	return user ~= nil and (user.lobby_bypass == true or user.security_bypass == true);
end

-- The user's fields that neighbours read follow an entry's rule, which is above the token's own words.
local function tell_user(user, verdict)
	user.moderator = verdict == "granted";
	if verdict == "denied" and user.affiliation ~= nil then user.affiliation = "member"; end
end

-- The bearer: context.user, or user_id where there is no context; its id is text. A reason where it is no id.
local function user_of(claims, context)
	local user = context.user and text.clean_all(context.user, null);
	local id, reason = userid.of(claims.user_id);
	if reason then return nil, reason; end
	if not user then return id and not claims.context and { id = text.clean(id) } or nil; end
	user.id, reason = userid.of(user.id);
	return user, reason;
end

-- The media that the bearer may send; nil: all. A reason where it is no list of what there is to send.
local function send_of(user)
	local said = user and user.send;
	if said == nil then return nil; end
	local send = sending.read(said);
	return send, not send and "bad-claim" or nil;
end

local no_context = {};

--- Read verified claims as a Jitsi token.
---@param claims table
---@param entry table  room ("required" or "tenant"), domain_verification, knock_without_lobby, regex (RegexLimits), moderator
--   (a rule, see claimrule.lua), unique_users
---@return Grant? grant
---@return string? reason  bad-claim, missing-claim
function jitsiread.grant(claims, entry)
	local reason = unfit(claims, jitsiread.claim_kinds);
	local context = claims.context or no_context;
	reason = reason or unfit(context, jitsiread.context_kinds);
	if reason then return nil, reason; end
	if not claims.room and entry.room == "required" or not claims.sub and entry.domain_verification then
		return nil, "missing-claim";
	end
	local room, no_rooms = jitsiread.rooms(claims.room);
	if no_rooms then return nil, no_rooms; end
	local items, no_pattern, is_glob = jitsiread.pattern(room, context.room, entry.regex);
	if no_pattern then return nil, no_pattern; end
	local settings, unset;
	if context.room then settings, unset = roomsettings.of(context.room); end
	if unset then return nil, "bad-claim"; end
	local ruled = entry.moderator and claimrule.holds(entry.moderator, claims); -- of what the token says, not of what is shown
	local user, no_id = user_of(claims, context);
	if no_id then return nil, no_id; end
	if jitsiread.is_dailys(claims.iss) or jitsiread.is_dailys(user and user.id) then return nil, "bad-claim"; end
	local send, unsent = send_of(user);
	if unsent then return nil, unsent; end
	local verdict = owner(claims, user or {}, ruled);
	local waits = user ~= nil and user.lobby == true;
	if entry.moderator and user then tell_user(user, verdict); end
	return {
		issuer = claims.iss;
		domain = claims.sub;
		check_domain = entry.domain_verification;
		room = room or "*";
		room_pattern = items;
		room_is_glob = is_glob or nil;
		user = user;
		group = context.group and text.clean(context.group);
		features = context.features and features(context.features);
		send = send;
		settings = settings;
		room_context = context.room and text.clean_all(context.room, null);
		claimed_tenant = context.tenant and text.clean(context.tenant);
		owner = verdict;
		passes_lobby = passes_lobby(user, entry.lobby, verdict);
		passes_password = user ~= nil and user.security_bypass == true;
		knocks = waits or nil;
		wants_lobby = waits and entry.knock_without_lobby ~= "ignore";
		makes_lobby = waits and (entry.knock_without_lobby or "create") == "create";
		at_expiry = entry.on_expiry;
		unique = user and user.id and entry.unique_users or nil;
	};
end

local function object(value) return type(value) == "table" and value or {}; end

-- The place that says who is moderator what the grant says.
local function owner_origin(claims, user, verdict)
	if verdict == "silent" then return nil; end
	local wanted = verdict == "granted";
	if opinions[claims.moderator] == wanted then return "moderator"; end
	if opinions[user.moderator] == wanted then return "context.user.moderator"; end
	if affiliation_opinion(user.affiliation) == wanted then return "context.user.affiliation"; end
	return "the entry";
end

--- The part of a token, or else of the entry, that sets a field of its grant.
---@param claims table
---@param grant Grant  theirs
---@return table<string, string> origins
function jitsiread.origins(claims, grant)
	local user = grant.user and object(object(claims.context).user) or {};
	local bypass = user.lobby_bypass == true and "context.user.lobby_bypass"
		or user.security_bypass == true and "context.user.security_bypass";
	return {
		owner = owner_origin(claims, user, grant.owner);
		lobby = grant.knocks and "context.user.lobby" or grant.passes_lobby and bypass or "the entry";
		password = "context.user.security_bypass";
		features = "context.features";
		send = "context.user.send";
	};
end

return jitsiread;
