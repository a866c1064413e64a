--- A rule about one claim, as an operator writes it: { claim = "realm_access.roles", contains = "moderator" } or { claim
-- = "role", values = { "teacher", "staff" } }. Values are compared without a change. A claim of another type does not
-- match.

local options = require "meetauth.util.schema";

local claimrule = {};

---@class ClaimRule            exactly one of contains and values
---@field claim string|string[]  where it is: "a.b" is member b of claim a; a list, if names have dots in them
---@field contains string?     it is a list, and this one of its members
---@field values (string|boolean)[]?  it is one of these

local function is_name(value)
	return type(value) == "string" and value ~= "";
end

local function is_value(value)
	return type(value) == "string" or type(value) == "boolean";
end

local expected = "{ claim, contains } or { claim, values }";
local paths = options.list_of({ expected = expected, fits = is_name });
local values = options.list_of({ expected = expected, fits = is_value });

-- The fault of a list of the rule, if the rule has one.
local function wrong_in(name, found) return nil, found and ("%s in it: %s"):format(name, found); end

local members = { claim = true, contains = true, values = true };

---@type Kind
claimrule.kind = {
	expected = expected;
	read = function (rule)
		if type(rule) ~= "table" then return nil; end
		for name in pairs(rule) do
			if not members[name] then return nil; end
		end
		local path, found = paths.read(rule.claim);
		if not is_name(rule.claim) and not path then return wrong_in("claim", found); end
		if rule.values == nil then return is_name(rule.contains) and rule or nil; end
		local list, wrong = values.read(rule.values);
		if not list then return wrong_in("values", wrong); end
		return rule.contains == nil and rule or nil;
	end;
};

-- The value at a path; nil: none. Names only: no number finds its way into a list.
local function at(claims, path)
	local value = claims;
	for _, name in ipairs(path) do
		if type(value) ~= "table" then return nil; end
		value = value[name];
	end
	return value;
end

local function names_of(claim)
	if type(claim) == "table" then return claim; end
	local names = {};
	for name in (claim .. "."):gmatch("([^.]*)%.") do names[#names + 1] = name; end
	return names;
end

local function has(list, wanted)
	for _, value in ipairs(list) do
		if value == wanted then return true; end
	end
	return false;
end

--- The value of the claim that a rule is about.
---@param rule ClaimRule
---@param claims table
---@return any
function claimrule.found(rule, claims)
	return at(claims, names_of(rule.claim));
end

--- The rule in words, for people.
---@param rule ClaimRule
---@return string
function claimrule.words(rule)
	local name = table.concat(names_of(rule.claim), ".");
	if rule.contains then return ("%s contains %s"):format(name, rule.contains); end
	local list = {};
	for i, value in ipairs(rule.values) do list[i] = tostring(value); end
	return ("%s is %s"):format(name, table.concat(list, " or "));
end

--- Whether the claims are as the rule says.
---@param rule ClaimRule
---@param claims table
---@return boolean
function claimrule.holds(rule, claims)
	local found = claimrule.found(rule, claims);
	if rule.values then return has(rule.values, found); end
	return type(found) == "table" and has(found, rule.contains);
end

return claimrule;
