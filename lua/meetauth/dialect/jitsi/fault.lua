--- What is wrong with a Jitsi token's claims where they give no grant: which claim, what is expected, what is there.
-- Says it for people; read.lua decides.

local jitsiread = require "meetauth.dialect.jitsi.read";
local names_of = require "meetauth.util.list".names;
local null = require "meetauth.core".null;
local userid = require "meetauth.util.userid";

local jitsifault = {};

local words = { string = "a string", table = "an object" };
local PATTERN = "a Lua pattern (context.room.regex): every set and capture with its end, no %b, no %f, no %1, at most 128 bytes";
local GLOB = "a glob (context.room.glob) of at most 128 bytes";

local function given(value) return value ~= nil and value ~= null; end
local function object(value) return type(value) == "table" and value or {}; end

local function mistyped(of, kinds, prefix)
	for _, name in ipairs(names_of(kinds)) do
		local value = of[name];
		if given(value) and type(value) ~= kinds[name] then
			return { claim = prefix .. name, expected = words[kinds[name]], found = value };
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

local function no_pattern(claims, context, entry)
	local room = given(claims.room) and claims.room or nil;
	local how = type(context.room) == "table" and context.room or nil;
	local _, reason = jitsiread.pattern(room, how, entry.takes_regex);
	local is_regex = how and (how.regex == true or how.regex == "true");
	return reason and { claim = "room", expected = is_regex and PATTERN or GLOB, found = room } or nil;
end

local function no_id(claims, context)
	for _, one in ipairs({ { "context.user.id", object(context.user).id }, { "user_id", claims.user_id } }) do
		local _, reason = userid.of(one[2]);
		if reason then return { claim = one[1], expected = "a string or a whole number", found = one[2] }; end
		if jitsiread.is_dailys(one[2]) then
			return { claim = one[1], expected = "another beginning than daily:, which Daily's users have", found = one[2] };
		end
	end
	return jitsiread.is_dailys(claims.iss)
		and { claim = "iss", expected = "another beginning than daily:, which Daily's issuers have", found = claims.iss } or nil;
end

--- The first fault that there is.
---@param claims table  as read from JSON; not changed
---@param entry table   room, domain_verification
---@return Fault?
function jitsifault.of(claims, entry)
	local context = object(claims.context);
	return mistyped(claims, jitsiread.claim_kinds, "") or mistyped(context, jitsiread.context_kinds, "context.")
		or missing(claims, entry) or no_pattern(claims, context, entry) or no_id(claims, context);
end

return jitsifault;
