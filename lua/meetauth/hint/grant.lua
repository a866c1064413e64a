--- Hints beside what a token gives: the claims that its dialect reads.

local dailyclaims = require "meetauth.dialect.daily.claims";
local parts = require "meetauth.hint.parts";
local read_settings = require "meetauth.dialect.jitsi.roomsettings".of;
local read_rooms = require "meetauth.dialect.jitsi.read".rooms;
local sending = require "meetauth.dialect.jitsi.sending";
local userid = require "meetauth.util.userid";

local given, object, wrapper, is_dialect = parts.given, parts.object, parts.wrapper, parts.is_dialect;

local opinions = { ["true"] = true, ["false"] = true };

-- Whether what stands there is meant to say who moderates, and says nothing.
local function is_no_opinion(value)
	return given(value) and type(value) ~= "boolean" and not opinions[value];
end

-- The name of a claim of Daily's that has another type than it should have.
local function mistyped_daily(all)
	for _, field in ipairs(dailyclaims.list) do
		local value = dailyclaims.given(all[field.claim], field);
		if given(value) and field.type ~= "any" and type(value) ~= (field.type == "object" and "table" or field.type) then
			return field.claim, field.also and field.type .. " or " .. field.also or field.type;
		end
	end
	return nil;
end

local kinds = { ["string"] = true, ["table"] = true };

-- Whether it is no name, and no list of names.
local function is_no_room(value)
	return not kinds[type(value)] or select(2, read_rooms(value)) ~= nil;
end

-- The name of a claim of Jitsi's that has another type than it should have.
local function mistyped_jitsi(all)
	local context = all.context;
	if given(context) and type(context) ~= "table" then return "context", "object"; end
	if given(all.sub) and type(all.sub) ~= "string" then return "sub", "string"; end
	if given(all.room) and is_no_room(all.room) then return "room", "string, or a list of 1 to 64 strings"; end
	for _, one in ipairs({ { "context.user.id", object(object(context).user).id }, { "user_id", all.user_id } }) do
		if given(one[2]) and not userid.of(one[2]) then return one[1], "string or integer"; end
	end
	for _, name in ipairs({ "user", "features", "room" }) do
		local value = object(context)[name];
		if given(value) and type(value) ~= "table" then return "context." .. name, "object"; end
	end
	local send = object(object(context).user).send;
	if given(send) and not sending.read(send) then return "context.user.send", "list of audio, video and screen"; end
	local _, name, expected = read_settings(object(object(context).room));
	if name then return "context.room." .. name, expected; end
	return nil;
end

local long_names = {};
for _, field in ipairs(dailyclaims.list) do long_names[#long_names + 1] = field.long; end

---@type Hint[]
return {
	{ check = "grant", reason = "missing-claim", says = "the claims stand one level too deep, in %s",
		holds = function (s) return wrapper(s.claims); end };
	{ check = "grant", reason = "missing-claim", says = "there is no room: an entry with room = \"tenant\" takes such tokens",
		holds = function (s) return is_dialect(s, "jitsi") and not given(s.claims.room) and s.entry.room == "required"; end };
	{ check = "grant", reason = "missing-claim", says = "there is no sub, which domain_verification asks for",
		holds = function (s) return is_dialect(s, "jitsi") and not given(s.claims.sub); end };
	{ check = "grant", reason = "missing-claim", says = "long Daily names count in entries with claim_names = \"either\" only",
		holds = function (s) return is_dialect(s, "daily") and given(s.claims.room_name); end };
	{ check = "grant", reason = "missing-claim", says = "there is no r: an entry with room = \"tenant\" takes such tokens",
		holds = function (s) return is_dialect(s, "daily") and s.claims.r == nil; end };
	{ check = "grant", reason = "bad-claim", says = "%s",
		holds = function (s)
			local mistyped = is_dialect(s, "daily") and mistyped_daily or mistyped_jitsi;
			local name, kind = mistyped(s.claims);
			return name and ("%s has another type: it has to be a JSON %s"):format(name, kind);
		end };
	{ check = "grant", reason = "bad-claim", says = "r names one room: there is no * and no pattern",
		holds = function (s) return is_dialect(s, "daily") and type(s.claims.r) == "string" and s.claims.r:find("[*?]"); end };
	{ check = "grant", says = "context stands inside context",
		holds = function (s) return type(object(s.claims.context).context) == "table"; end };
	{ check = "grant", says = "user stands outside of context, where nobody looks",
		holds = function (s) return is_dialect(s, "jitsi") and type(s.claims.user) == "table"; end };
	{ check = "grant", says = "moderator is neither true nor false: it says nothing",
		holds = function (s)
			local user = object(object(s.claims.context).user);
			return is_dialect(s, "jitsi") and (is_no_opinion(s.claims.moderator) or is_no_opinion(user.moderator));
		end };
	{ check = "grant", says = "moderator stands where nobody looks: it belongs into context.user",
		holds = function (s)
			local context = object(s.claims.context);
			return is_dialect(s, "jitsi") and (given(context.moderator) or given(object(context.features).moderator));
		end };
	{ check = "grant", says = "long Daily names count in entries with claim_names = \"either\" only",
		holds = function (s)
			if not is_dialect(s, "daily") or s.entry.claim_names == "either" then return false; end
			for _, name in ipairs(long_names) do
				if given(s.claims[name]) then return true; end
			end
			return false;
		end };
};
