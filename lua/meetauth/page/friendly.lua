--- Options of sign, and columns of a CSV file, in plain words. They are rows of a table that fill an intent
-- (dialect/convert.lua).

local is_feature = require "meetauth.access.ceiling".is_feature;
local names_of = require "meetauth.util.list".names;
local nearest = require "meetauth.util.nearest";
local times = require "meetauth.util.times";

local friendly = {};

---@class Friendly
---@field name string     of the option (--name) and of the column
---@field argname string?  nil: a flag
---@field count string?   may come several times
---@field about string
---@field put fun(intent: Intent, text: string, now: number): string?  what was expected, where it does not fit

local EXPIRES_IN = 3600; -- seconds: nothing is made that is good for ever

local truths = { ["true"] = true, ["yes"] = true, ["1"] = true, ["false"] = false, ["no"] = false, ["0"] = false };

local function into_user(member)
	return function (intent, text) intent.user[member] = text; end;
end

local function into(field)
	return function (intent, text) intent[field] = text; end;
end

local function flag(field)
	return function (intent, text)
		local value = truths[text:lower()]; -- TRUE: as spreadsheets write it
		if value == nil then return "true or false"; end
		intent[field] = value;
		return nil;
	end;
end

local function seconds(field)
	return function (intent, text)
		intent[field] = times.duration(text);
		return not intent[field] and "a duration such as 90s, 15m, 1h or 7d" or nil;
	end;
end

local function put_moment(field)
	return function (intent, text)
		intent[field] = times.moment(text);
		return not intent[field] and "seconds since 1970, or a time such as 2026-01-31T08:00Z" or nil;
	end;
end

-- "-5m": it has expired. Such a token was issued an hour before its end, as others are.
local function put_expiry(intent, text, now)
	local sign, rest = text:match("^(%-?)(.*)$");
	local duration = times.duration(rest);
	if not duration then return "a duration such as 90s, 15m, 1h or 7d, or -5m for an expired token"; end
	local is_over = sign == "-" or duration == 0;
	intent.expires = now + (is_over and -duration or duration);
	intent.issued = is_over and intent.expires - EXPIRES_IN or now;
	return nil;
end

-- "recording -screen-sharing": names, each allowed, or denied with a hyphen before it.
local function put_features(intent, text)
	intent.features = intent.features or {};
	for word in text:gmatch("%S+") do
		local denied, name = word:match("^(%-?)(.*)$");
		if not is_feature[name] then
			return "names of features, with a hyphen before denied features. The nearest name is " .. nearest(name, names_of(is_feature));
		end
		intent.features[name] = denied == "";
	end
	return nil;
end

local function put_lobby(intent, text)
	if text ~= "bypass" and text ~= "knock" then return "bypass or knock"; end
	intent.lobby = text;
	return nil;
end

---@type Friendly[]
friendly.list = {
	{ name = "room", argname = "<name>", put = into("room"),
		about = "The room that the token opens. * is every room of the issuer." };
	{ name = "tenant", argname = "<name>", put = into("scope"),
		about = "Jitsi: the tenant of the room (sub)." };
	{ name = "user-id", argname = "<id>", put = into_user("id"), about = "The user's id, which the server uses." };
	{ name = "name", argname = "<name>", put = into_user("name"), about = "The user's name, which other people see." };
	{ name = "email", argname = "<address>", put = into_user("email"), about = "Jitsi: the user's mail address." };
	{ name = "avatar", argname = "<url>", put = into_user("avatar"), about = "Jitsi: the address of the user's picture." };
	{ name = "group", argname = "<name>", put = into("group"), about = "Jitsi: the user's group." };
	{ name = "moderator", put = flag("owner"),
		about = "Make the user an owner of the room. Without this option, the token says that the user is not an owner." };
	{ name = "lobby", argname = "<way>", put = put_lobby, about = "bypass: the user does not wait in "
		.. "the lobby. knock: the user waits." };
	{ name = "feature", argname = "<name>", count = "*", put = put_features,
		about = "Allow one of Jitsi's features: recording, livestreaming, transcription, screen-sharing, and so on. A hyphen denies "
			.. "it: --feature=-recording. Can be repeated. For other features, use --claim." };
	{ name = "expires-in", argname = "<duration>", put = put_expiry,
		about = "How long the token is valid: 90s, 15m, 1h (the default) or 7d. Write -5m to test an expired token." };
	{ name = "not-before", argname = "<time>", put = put_moment("not_before"),
		about = "When the token becomes valid: 2026-01-31T08:00Z." };
	{ name = "eject-at-expiry", put = flag("eject_at_expiry"),
		about = "Daily: remove the user from the room when the token expires." };
	{ name = "eject-after", argname = "<duration>", put = seconds("eject_after"), about = "Daily: how long "
		.. "the user can stay in the room." };
	{ name = "token-id", argname = "<id>", put = into("token_id"), about = "The token's id (jti), which can "
		.. "be used to revoke the token." };
};

friendly.by_name = {};
for _, row in ipairs(friendly.list) do friendly.by_name[row.name] = row; end

--- An intent that says nothing yet but what everyone's does.
---@param now number
---@return Intent
function friendly.new(now)
	return { user = {}, owner = false, issued = now, expires = now + EXPIRES_IN };
end

--- Say something of it.
---@param intent Intent
---@param row Friendly
---@param text string
---@param now number
---@return string? problem  without the text itself
function friendly.put(intent, row, text, now)
	if not utf8.len(text) then return row.name .. ": expected UTF-8"; end
	local expected = row.put(intent, text, now);
	return expected and ("%s: expected %s"):format(row.name, expected);
end

--- The intent in its final form. Every room is what somebody says, never what they forget.
---@param intent Intent
---@return string? problem
function friendly.finish(intent)
	if not intent.room then return "room: expected a name, or * for every room"; end
	if intent.room == "*" then intent.room = nil; end
	return nil;
end

return friendly;
