--- Hints beside what a token gives: the claims that its dialect reads.

local dailyclaims = require "meetauth.dialect.daily.claims";
local parts = require "meetauth.hint.parts";

local given, object, wrapper = parts.given, parts.object, parts.wrapper;

local opinions = { ["true"] = true, ["false"] = true };

-- Whether this claim is meant to say who moderates, and says nothing.
local function is_no_opinion(value)
	return given(value) and type(value) ~= "boolean" and not opinions[value];
end

-- How a claim of this type is written; Daily's r and Jitsi's pattern have more to say.
local literals = {
	["a string"] = "\"…\"", ["an object"] = "{ … }", ["a number"] = "3600", ["true or false"] = "true",
	["a string or a whole number"] = "\"u1\"", ["a string of 1 to 36 characters, or a whole number"] = "\"u1\"",
	["whole seconds, 1 or more"] = "3600", ["a whole number of seconds, at least 1"] = "3600",
	["a whole number, at least 1"] = "20", ["a list of audio, video and screen"] = "[ \"audio\", \"video\" ]",
	["a string, or a list of 1 to 64 strings"] = "[ \"standup\", \"retro\" ]",
	["a string of at most 256 bytes, without control characters"] = "\"…\"",
};

-- The expected form of a wrong claim, in words, without its value.
local function unfit(subject)
	local fault = subject.fault;
	local literal = fault and literals[fault.expected];
	local name = fault and fault.claim:match("[^.]*$");
	return literal and ("%s must be %s. Write \"%s\": %s"):format(fault.claim, fault.expected, name, literal);
end

-- Whether it is that claim for which there is no grant.
local function is_about(subject, claim)
	return subject.fault ~= nil and subject.fault.claim == claim;
end

-- The domain that sub has to name, where it is known.
local function own_domain(subject)
	return subject.place and subject.place.base and ("\"%s\""):format(subject.place.base) or "the name of the VirtualHost";
end

local long_names = {};
for _, field in ipairs(dailyclaims.list) do long_names[#long_names + 1] = field.long; end

local LONG_NAMES = "the token has Daily's long claim names. Set claim_names = \"either\" in the entry, or write the short "
	.. "names: d, r, o";

---@type Hint[]
return {
	{ check = "grant", reason = "missing-claim",
		says = "the claims are one level too deep, in %s. Write them side by side: { \"iss\": …, \"room\": …, \"context\": … }",
		holds = function (s) return wrapper(s.claims); end };
	{ check = "grant", reason = "missing-claim", dialect = "jitsi",
		says = "the token has no room. Write the room's name into it: room = \"standup\"",
		holds = function (s) return is_about(s, "room"); end };
	{ check = "grant", reason = "missing-claim", dialect = "jitsi",
		says = "the token has no sub, and domain_verification needs it. Write sub = %s",
		holds = function (s) return is_about(s, "sub") and own_domain(s); end };
	{ check = "grant", reason = "missing-claim", dialect = "daily", says = LONG_NAMES,
		holds = function (s) return given(s.claims.room_name); end };
	{ check = "grant", reason = "missing-claim", dialect = "daily",
		says = "the token has no r. Write the room's name into it: r = \"standup\"",
		holds = function (s) return is_about(s, "r"); end };
	{ check = "grant", reason = "bad-claim", says = "%s", holds = unfit };
	{ check = "grant", reason = "bad-claim", dialect = "jitsi",
		says = "context.room.regex says that room is a Lua pattern, but it is not. Write a Lua pattern such as room = "
			.. "\"standup%-%d+\", or delete regex",
		holds = function (s) return is_about(s, "room") and s.fault.expected:find("^a Lua pattern"); end };
	{ check = "grant", reason = "bad-claim", dialect = "jitsi",
		says = "context.room.regex says that room is a Lua pattern, and token_regex_enabled = false refuses patterns. Write a room's "
			.. "name and delete regex, or delete the option",
		holds = function (s) return is_about(s, "room") and s.fault.expected:find("^the room's name: token_regex"); end };
	{ check = "grant", reason = "bad-claim", dialect = "jitsi",
		says = "context.room.glob says that room is a glob, but room is too long. Write at most 128 "
			.. "bytes, such as room = \"standup-*\"",
		holds = function (s) return is_about(s, "room"); end };
	{ check = "grant", reason = "bad-claim", dialect = "jitsi",
		says = "iss or the user's id begins with daily:, which only Daily's tokens use. Write another name, such as \"id\": \"u1\"",
		holds = function (s) return s.fault ~= nil; end };
	{ check = "grant", reason = "bad-claim", dialect = "daily",
		says = "r must name one room, without * and patterns. Write the room's name, such as r = \"standup\"",
		holds = function (s) return is_about(s, "r"); end };
	{ check = "grant", reason = "bad-claim", dialect = "daily",
		says = "p has an invalid part. Write p as in p = { \"cs\": \"va\", \"ca\": false }",
		holds = function (s) return s.fault and s.fault.claim:find("^p%f[.%z]"); end };
	{ check = "grant", reason = "bad-claim", dialect = "daily",
		says = "er names no recording mode. Write a mode, such as er = \"cloud\"",
		holds = function (s) return is_about(s, "er"); end };
	{ check = "grant", reason = "bad-claim", dialect = "daily",
		says = "the token has unknown claims or words, and the entry has strict = true. Delete them, or set strict = false",
		holds = function (s) return is_about(s, "strict"); end };
	{ check = "grant", reason = "not-enforceable", dialect = "daily",
		says = "p.hp = false asks for a hidden user, and this server cannot hide users. Set hidden = \"visible\" in the entry, or "
			.. "delete p.hp from the token",
		holds = function (s) return is_about(s, "p.hp"); end };
	{ check = "grant", reason = "not-enforceable", dialect = "daily",
		says = "p.cr limits what the user receives, and no server can do this. Delete p.cr from the token, or "
			.. "set strict = false in the entry",
		holds = function (s) return is_about(s, "p.cr"); end };
	{ check = "grant", says = "context is inside another context. Write context once: { \"context\": { \"user\": { … } } }",
		holds = function (s) return type(object(s.claims.context).context) == "table"; end };
	{ check = "grant", dialect = "jitsi",
		says = "user is outside of context, so it is ignored. Write { \"context\": { \"user\": { … } } }",
		holds = function (s) return type(s.claims.user) == "table"; end };
	{ check = "grant", dialect = "jitsi",
		says = "moderator is neither true nor false, so it is ignored. Write \"moderator\": true",
		holds = function (s)
			local user = object(object(s.claims.context).user);
			return is_no_opinion(s.claims.moderator) or is_no_opinion(user.moderator);
		end };
	{ check = "grant", dialect = "jitsi",
		says = "moderator is in the wrong place, so it is ignored. Write { \"context\": { \"user\": { \"moderator\": true } } }",
		holds = function (s)
			local context = object(s.claims.context);
			return given(context.moderator) or given(object(context.features).moderator);
		end };
	{ check = "grant", dialect = "daily", says = LONG_NAMES,
		holds = function (s)
			if s.entry.claim_names == "either" then return false; end
			for _, name in ipairs(long_names) do
				if given(s.claims[name]) then return true; end
			end
			return false;
		end };
};
