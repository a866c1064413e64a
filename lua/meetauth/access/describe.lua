--- The rights that a grant gives its user in a room. Each right has its origin: the name of a claim, the entry, or the
-- room.

local names_of = require "meetauth.util.list".names;

local accessdescribe = {};

local function feature_list(features)
	local names = names_of(features, function (name) return features[name] == true or features[name] == "true"; end);
	return names[1] and table.concat(names, " ") or "none";
end

-- The affiliation that the grant gives, and what says so.
local function granted(grant)
	if grant.owner == "granted" then return "owner", grant.origins.owner; end
	if grant.admin then return grant.admin, grant.origins.admin; end
	return "member", grant.origins.owner or "no claim about moderators";
end

local function lobby(grant)
	if grant.makes_lobby then return "waits, and a lobby is made"; end
	if grant.wants_lobby then return "waits, and cannot enter a room without a lobby"; end
	if grant.knocks then return "waits"; end
	return grant.passes_lobby and "enters" or "waits if the room has a lobby";
end

---@class Right
---@field right string   affiliation, lobby, password, features, devices, sets or send
---@field value string
---@field origin string  the claim, "the entry", or who else

--- The rights of a grant.
---@param grant Grant
---@param affiliation string  that its bearer has in the room now
---@return Right[]
function accessdescribe.of(grant, affiliation)
	local own, origin = granted(grant);
	local list = {
		{ right = "affiliation", value = affiliation, origin = own == affiliation and origin or "the room, not the token" };
		{ right = "lobby", value = lobby(grant), origin = grant.origins.lobby };
	};
	local function add(right, value, by)
		list[#list + 1] = { right = right, value = value, origin = by };
	end
	if grant.passes_password then add("password", "needs none", grant.origins.password); end
	if grant.features then add("features", feature_list(grant.features), grant.origins.features); end
	if grant.owner == "granted" and grant.settings then
		add("sets", table.concat(names_of(grant.settings), " "), "context.room");
	end
	if grant.unique then add("devices", "one: the " .. grant.unique, "the entry"); end
	if grant.send then add("send", feature_list(grant.send), grant.origins.send); end
	return list;
end

return accessdescribe;
