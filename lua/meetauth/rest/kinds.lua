--- Kinds of values that callers of the REST interface can write, for tokens and rooms, and the errors for other values.
-- Strict: a member has a type and limits, and an unknown member is refused.

local core = require "meetauth.core";
local dailyclaims = require "meetauth.dialect.daily.claims";
local dailyjson = require "meetauth.dialect.daily.json";
local restpermissions = require "meetauth.rest.permissions";
local set_of = require "meetauth.util.list".set;
local text = require "meetauth.util.text";

local kinds = {};

local SHOWN_MAX = 64; -- characters of a caller's own word in the answer to it
local SECONDS_MAX = 99999999999; -- the year 5138: what is later was meant as milliseconds

local recording_modes = set_of({ "cloud", "cloud-audio-only", "local", "raw-tracks" });

local fits_claim = {};
for _, field in ipairs(dailyclaims.list) do fits_claim[field.claim] = field.fits; end

---@class PropertyKind
---@field expected string
---@field read fun(value: any): any, string?  what is meant; nil where it does not fit, and perhaps what is wrong
---@field is_time boolean?

--- A kind of values that are used unchanged.
---@param expected string
---@param fits fun(value: any): any
---@return PropertyKind
function kinds.of(expected, fits)
	return { expected = expected, read = function (value) if fits(value) then return value; end return nil; end };
end

kinds.boolean = kinds.of("true or false", function (value) return type(value) == "boolean"; end);
kinds.string = kinds.of("a string", function (value) return type(value) == "string"; end);
kinds.number = kinds.of("a number, 0 or more", function (value) return math.type(value) ~= nil and value >= 0; end);
kinds.object = kinds.of("an object", dailyjson.is_object);
kinds.list = kinds.of("a list", function (value) return type(value) == "table" and not dailyjson.is_object(value); end);

--- A string that a claim takes.
---@param expected string
---@param claim string
---@return PropertyKind
function kinds.claim_string(expected, claim)
	return kinds.of(expected, function (value) return type(value) == "string" and fits_claim[claim](value); end);
end

--- A point in time, rounded to whole seconds so that a window is never wider than the one asked for.
---@param round fun(value: number): integer
---@return PropertyKind
function kinds.time(round)
	return {
		expected = "a number of seconds since the unix epoch";
		is_time = true;
		read = function (value)
			return math.type(value) and value >= 0 and value <= SECONDS_MAX and round(value) or nil;
		end;
	};
end

---@param set table<string, true>
---@param expected string
---@return PropertyKind
function kinds.one_of(set, expected)
	return kinds.of(expected, function (value) return set[value] == true; end);
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

kinds.recording = kinds.of("one or a list of cloud, cloud-audio-only, local, raw-tracks", is_recording);

-- Whole, also where it was written 60.0.
kinds.seconds = {
	expected = "a whole number of seconds, 1 to 2147483647";
	read = function (value)
		return math.type(value) and fits_claim.eje(value) and math.tointeger(value) or nil;
	end;
};

--- A caller's own word, for the answer to it.
---@param value any
---@return string
function kinds.shown(value)
	if type(value) == "table" then return "an object"; end
	if value == core.null then return "null"; end
	return text.clean(tostring(value), SHOWN_MAX);
end

--- The error for an unknown member.
---@param name string
---@return string
function kinds.unknown(name)
	return ("unknown parameter '%s'"):format(kinds.shown(name));
end

--- The error for the first unknown member, in the order of the alphabet.
---@param object table
---@param known table<string, any>
---@return string? wrong
function kinds.stranger(object, known)
	local found;
	for name in pairs(object) do
		if not known[name] and (not found or name < found) then found = name; end
	end
	return found and kinds.unknown(found);
end

-- A separate grammar: the claim p.
kinds.permissions = {
	expected = "an object";
	read = function (value)
		local p, name, expected = restpermissions.read(value);
		if p then return p; end
		if not expected then return nil, kinds.unknown("permissions." .. name); end
		return nil, ("%s should be %s"):format(name and "permissions." .. name or "permissions", expected);
	end;
};

--- The meaning of a property's value.
---@param property { name: string, kind: PropertyKind }
---@param value any
---@return any? meant
---@return string? wrong
function kinds.read(property, value)
	local meant, wrong = property.kind.read(value);
	if meant ~= nil then return meant; end
	if wrong then return nil, wrong; end
	if property.kind.is_time then
		return nil, ("%s was '%s' but should be %s"):format(property.name, kinds.shown(value), property.kind.expected);
	end
	return nil, ("%s should be %s"):format(property.name, property.kind.expected);
end

--- The error for an exp that has passed; nil: it is in the future.
---@param exp number?   as it is meant
---@param asked any     as it was written
---@param now number    seconds since the epoch
---@return string? wrong
function kinds.passed(exp, asked, now)
	if not exp or exp > now then return nil; end
	return ("exp was '%s', which is in the past rather than in the future"):format(kinds.shown(asked));
end

return kinds;
