--- A rule about one claim, as an operator writes it: { claim = "realm_access.roles", contains = "moderator" } or
-- { claim = "role", values = { "teacher", "staff" } }. Compared as it stands; another type than the rule is about is a no.

local claimrule = {};

---@class ClaimRule            exactly one of contains and values
---@field claim string|string[]  where it is: "a.b" is member b of claim a; a list, where names have dots of their own
---@field contains string?     it is a list, and this one of its members
---@field values (string|boolean)[]?  it is one of these

local function is_name(value)
	return type(value) == "string" and value ~= "";
end

-- Whether 'list' is a list, not empty, of values that fit.
local function is_list(list, fits)
	if type(list) ~= "table" or #list == 0 then return false; end
	local n = 0;
	for _, value in pairs(list) do
		if not fits(value) then return false; end
		n = n + 1;
	end
	return n == #list;
end

local function is_value(value)
	return type(value) == "string" or type(value) == "boolean";
end

local members = { claim = true, contains = true, values = true };

---@type Kind
claimrule.kind = {
	expected = "{ claim, contains } or { claim, values }";
	read = function (rule)
		if type(rule) ~= "table" or not (is_name(rule.claim) or is_list(rule.claim, is_name)) then return nil; end
		for name in pairs(rule) do
			if not members[name] then return nil; end
		end
		if rule.values == nil then return is_name(rule.contains) and rule or nil; end
		return rule.contains == nil and is_list(rule.values, is_value) and rule or nil;
	end;
};

-- What is at a path; nil where there is nothing. Names only: no number finds its way into a list.
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

--- Whether the claims are as the rule says.
---@param rule ClaimRule
---@param claims table
---@return boolean
function claimrule.holds(rule, claims)
	local found = at(claims, names_of(rule.claim));
	if rule.values then return has(rule.values, found); end
	return type(found) == "table" and has(found, rule.contains);
end

return claimrule;
