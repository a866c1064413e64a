--- Hints beside the features that a Jitsi token names.

local ceiling = require "meetauth.access.ceiling";
local parts = require "meetauth.hint.parts";

local given, object, is_dialect = parts.given, parts.object, parts.is_dialect;

local values = { [true] = true, ["true"] = true, [false] = true, ["false"] = true };

-- Whether one of the features that the token names is such.
local function has_feature(subject, is_wanted)
	if not is_dialect(subject, "jitsi") then return false; end
	for name, value in pairs(object(object(subject.claims.context).features)) do
		if is_wanted(name, value) then return true; end
	end
	return false;
end

local function is_mistyped(_, value) return given(value) and not values[value]; end

-- Of moderator hint/grant.lua speaks.
local function is_unknown(name) return not ceiling.is_feature[name] and name ~= "moderator"; end

---@type Hint[]
return {
	{ check = "grant", says = "a value in context.features is neither true nor false. Write true or false",
		holds = function (s) return has_feature(s, is_mistyped); end };
	{ check = "grant", says = "context.features has an unknown feature. Write one of Jitsi's names, such as recording",
		holds = function (s) return has_feature(s, is_unknown); end };
};
