--- Invitations: tokens that the server makes when an owner of a room asks for one for another person. This file says what
-- such a token can contain, and what it means when it comes back. It never gives more than the owner has, or than the
-- entry's invites allows. Pure: the clock and chance are arguments, and nothing is signed here.

local ceiling = require "meetauth.access.ceiling";
local null = require "meetauth.core".null;
local roomname = require "meetauth.room.name";
local names_of = require "meetauth.util.list".names;
local set_of = require "meetauth.util.list".set;

local invitation = {};

local CLAIM = "meetauth_inviter"; -- by whose token it was made

local MAX_AGE = 3600; -- seconds
local MAX_AGE_MAX = 31536000;

local standing = set_of({ "moderator", "lobby-bypass", "password-bypass" });

-- The rights that an entry's invitations give by default: the rights of a participant.
local default_may = {};
for _, right in ipairs(ceiling.rights) do
	if not standing[right] then default_may[#default_may + 1] = right; end
end

local function is_rights(value)
	if type(value) ~= "table" then return false; end
	local count = 0;
	for _, right in pairs(value) do
		if not ceiling.is_right[right] then return false; end
		count = count + 1;
	end
	return count == #value;
end

local members = {
	max_age = function (value) value = math.tointeger(value); return value ~= nil and value >= 1 and value <= MAX_AGE_MAX; end;
	single_use = function (value) return type(value) == "boolean"; end;
	may = is_rights;
};

---@class Invites           of an entry
---@field max_age integer    seconds
---@field single_use boolean
---@field may string[]       rights that an invitation gives at most

---@type Kind
invitation.kind = {
	expected = "{ max_age, single_use, may }";
	read = function (value)
		if type(value) ~= "table" then return nil; end
		for name, member in pairs(value) do
			if not members[name] then return nil, ("the unknown member %s"):format(tostring(name)); end
			if not members[name](member) then return nil, name .. " with an invalid value"; end
		end
		return {
			max_age = math.tointeger(value.max_age or MAX_AGE), single_use = value.single_use == true, may = value.may or default_may,
		};
	end;
};

-- Features of people who moderate nothing; all others are their moderators' to give.
local everyday = set_of({
	"screen-sharing", "send-private-message", "send-groupchat", "create-polls", "file-upload", "live-translation-subscribe",
});

local truths = { [true] = true, ["true"] = true };

-- The features that an owner with named features can give to another person; without named features, the role decides.
local function features_of(grant, is_moderator)
	if not grant.features then return nil; end
	if grant.dialect == "daily" and not is_moderator then
		return not truths[grant.features["screen-sharing"]] and { ["screen-sharing"] = false } or nil;
	end
	local features = {};
	for name, value in pairs(grant.features) do
		features[name] = truths[value] == true and (is_moderator or everyday[name] == true);
	end
	return features;
end

-- The room in the words of the owner's dialect, and whose it is: no other room of that name, where sub is compared.
local function room_of(grant, node, base)
	local tenant, name = roomname.split(node);
	if grant.dialect == "daily" then return name, nil; end
	if grant.check_domain or grant.tenant then return name, tenant or base; end
	return tenant and node or name, grant.domain;
end

local function lobby_of(grant, may)
	if not may["lobby-bypass"] then return nil; end -- the entry's bound says it
	if grant.passes_lobby then return "bypass"; end
	return grant.dialect == "daily" and "knock" or nil; -- a Jitsi token that says nothing waits where there is a lobby
end

--- A token that the server makes must pass the entry's rules for every token: claims and admit.
---@param claims table  changed
---@param entry table
function invitation.add_asked(claims, entry)
	for name, value in pairs(entry.asked.claims or {}) do claims[name] = value; end
	local rule = entry.asked.admit;
	if not rule then return; end
	local path = type(rule.claim) == "table" and rule.claim or {};
	if type(rule.claim) == "string" then
		for name in (rule.claim .. "."):gmatch("([^.]*)%.") do path[#path + 1] = name; end
	end
	local at = claims;
	for i = 1, #path - 1 do
		if type(at[path[i]]) ~= "table" then at[path[i]] = {}; end
		at = at[path[i]];
	end
	if rule.values then at[path[#path]] = rule.values[1]; else at[path[#path]] = { rule.contains }; end
end

---@class Wish
---@field name string?       the display name to begin with
---@field moderator boolean? as one more owner

--- The claims of an invitation.
---@param grant Grant    the owner's, which opens the room
---@param node string    the room's name
---@param wish Wish
---@param entry table    the owner's
---@param base string    the domain that the rooms belong to
---@param now number     seconds since the epoch
---@param id string      of the token, which nobody guesses
---@return table? claims
---@return string? problem  in words
function invitation.claims(grant, node, wish, entry, base, now, id)
	local invites = entry.invites;
	if not invites or grant.owner ~= "granted" or grant.invited_by then return nil, "this token cannot invite people"; end
	local may = set_of(invites.may);
	if wish.moderator and not may["moderator"] then return nil, "this token cannot invite moderators"; end
	local last = grant.expires and grant.expires - entry.asked.leeway or math.huge;
	local expires = math.floor(math.min(now + invites.max_age, last));
	if expires <= now then return nil, "this token has expired"; end
	local room, scope = room_of(grant, node, base);
	local is_moderator = wish.moderator == true;
	local convert = require "meetauth.dialect.convert"; -- only once somebody invites
	local claims, problem = convert.mint({
		room = room, scope = scope, user = { name = wish.name }, owner = is_moderator, lobby = lobby_of(grant, may),
		features = features_of(grant, is_moderator), issued = math.floor(now), expires = expires, token_id = id,
		eject_at_expiry = grant.eject_at and true or nil,
	}, grant.dialect, {
		issuer = grant.issuer, audience = names_of(entry.asked.audience)[1], subject = scope, domain = entry.domain_id,
	});
	if not claims then return nil, problem; end
	invitation.add_asked(claims, entry);
	claims[CLAIM] = { jti = grant.token_id, user = grant.user and grant.user.id, sub = grant.domain, iat = grant.issued };
	return claims;
end

local kinds = { jti = "string", user = "string", sub = "string", iat = "number" };

--- By whose token an invitation was made, in the words of a grant; nil: it is none.
---@param claims table  verified
---@param entry table   whose key signed it
---@return table? invited_by
---@return string? reason  bad-claim, missing-claim; revoked, where the entry's tokens invite nobody any more
function invitation.read(claims, entry)
	local said = claims[CLAIM];
	if said == nil or said == null then return nil; end
	if not entry.invites then return nil, "revoked"; end
	if type(said) ~= "table" then return nil, "bad-claim"; end
	for name, kind in pairs(kinds) do
		if said[name] ~= nil and said[name] ~= null and type(said[name]) ~= kind then return nil, "bad-claim"; end
	end
	if claims.exp == nil then return nil, "missing-claim"; end
	local function given(name) return said[name] ~= null and said[name] or nil; end
	return {
		entry = entry.id, token_id = given("jti"), user = { id = given("user") }, domain = given("sub"), issued = given("iat"),
	};
end

return invitation;
