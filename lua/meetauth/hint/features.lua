--- Hints beside the features that a Jitsi token names.

local ceiling = require "meetauth.access.ceiling";
local parts = require "meetauth.hint.parts";

local given, object = parts.given, parts.object;

local values = { [true] = true, ["true"] = true, [false] = true, ["false"] = true };

local function features_of(subject) return pairs(object(object(subject.claims.context).features)); end

---@type Hint[]
return {
	{ check = "grant", dialect = "jitsi", says = "a value in context.features is neither true nor false. Write true or false",
		holds = function (s)
			for _, value in features_of(s) do
				if not values[value] and given(value) then return true; end
			end
			return false;
		end };
	{ check = "grant", dialect = "jitsi",
		says = "context.features has an unknown feature. Write one of Jitsi's names, such as recording",
		holds = function (s)
			for name in features_of(s) do -- of moderator hint/grant.lua speaks
				if not ceiling.is_feature[name] and name ~= "moderator" then return true; end
			end
			return false;
		end };
};
