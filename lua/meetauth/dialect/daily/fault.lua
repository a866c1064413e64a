--- The fault in a Daily token's claims if they give no grant: which claim, the expected value, and the found value. It is
-- for people. read.lua decides.

local dailyclaims = require "meetauth.dialect.daily.claims";
local names_of = require "meetauth.util.list".names;
local permissions = require "meetauth.dialect.daily.permissions";
local recording = require "meetauth.dialect.daily.recording";

local dailyfault = {};

local articles = { object = "an object", number = "a number", string = "a string", boolean = "true or false" };

-- The rules for a claim beyond its type.
local beyond = {
	r = "one room name of at most 128 letters, digits, - and _", ud = "a string of 1 to 36 characters, or a whole number",
	eje = "whole seconds, 1 or more", otcd = "a string of at most 1024 characters",
};

local field_of = {};
for _, field in ipairs(dailyclaims.list) do
	field_of[field.claim] = field;
	if field.long then field_of[field.long] = field; end
end

-- Of claims that do not fit: each is checked separately.
local function unfit(claims, either)
	for _, name in ipairs(names_of(claims)) do
		local field = field_of[name];
		if field and not dailyclaims.read({ [name] = claims[name] }, either) then
			return { claim = name, expected = beyond[field.claim] or articles[field.type], found = claims[name] };
		end
	end
	return { claim = "claim_names", expected = "each claim once, with its short or its long name", found = "two "
		.. "values that differ" };
end

local parts = {
	hp = "true or false", cs = "true, false or words such as \"v\" and \"a\"", ca = "true, false or words such as \"p\" and \"s\"",
	cr = "an object of rules: b, u, p",
};
parts.hasPresence, parts.canSend, parts.canAdmin, parts.canReceive = parts.hp, parts.cs, parts.ca, parts.cr;

local function unfit_permissions(object, either)
	for _, name in ipairs(names_of(object)) do
		if parts[name] and not permissions.read({ [name] = object[name] }, either, {}) then
			return { claim = "p." .. name, expected = parts[name], found = object[name] };
		end
	end
	return { claim = "p", expected = "each part once, with its short or its long name", found = "two values that differ" };
end

-- The media that the server does not withhold.
local function not_kept(may, entry)
	if entry.strict and may.receive then
		return { claim = "p.cr", expected = "no receive rule, because the entry has strict = true", found = may.receive };
	end
	if not may.present and entry.hidden ~= "visible" then
		return { claim = "p.hp", expected = "true, or hidden = \"visible\" in the entry", found = false };
	end
	return nil;
end

--- The first fault that there is.
---@param claims table  as read from JSON; not changed
---@param entry table   domain_id, room, claim_names, strict, hidden
---@return Fault?
function dailyfault.of(claims, entry)
	local either = entry.claim_names == "either";
	local short, unknown = dailyclaims.read(claims, either);
	if not short then return unfit(claims, either); end
	if short.d ~= entry.domain_id then return { claim = "d", expected = entry.domain_id, found = short.d }; end
	if not short.r and entry.room == "required" then return { claim = "r", expected = "the room's name" }; end
	local may = short.p == nil and permissions.default() or permissions.read(short.p, either, unknown);
	if not may then return unfit_permissions(short.p, either); end
	if short.o then may = permissions.default(); end -- owners may do everything
	local modes = short.er == nil and recording.of(entry.recording or {}, unknown) or recording.read(short.er, unknown);
	if not modes then
		return { claim = "er", expected = "a mode such as \"cloud\", or a list of modes", found = short.er };
	end
	if entry.strict and unknown[1] then
		return { claim = "strict", expected = "only known claims and words, because the entry has strict = true", found = unknown };
	end
	return not_kept(may, entry);
end

return dailyfault;
