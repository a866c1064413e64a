--- The decision per room: may this grant enter, and as what? The only file that decides.
-- Pure: grant, room and clock in; decision or reason out.

local pattern = require "meetauth.room.pattern";
local bytes = require "meetauth.util.bytes";
local roomglobs = require "meetauth.room.globs";
local roomname = require "meetauth.room.name";

local policy = {};

---@class Place
---@field base string  the domain that the MUC component belongs to, such as "meet.example"
---@field nfkc fun(s: string): string?  Unicode's normal form, see room/name.lua
---@field fold fun(s: string): string?  Unicode's case folding

---@class Room
---@field node string?     its name, prepared as Prosody does (lower case)
---@field prefix string?   the tenant in the address that the client was opened at
---@field closed boolean?  the room takes no unauthenticated people (Jitsi's allowUnauthenticatedAccess = false)
---@field made table<string, MadeRules>?  by the id of an entry: what its back end says, which has made the room by REST
---@field people integer?  the number of people without the asking one; nil: it is of no interest
---@field is_unread boolean?  its maker is unknown: storage has not answered yet

---@class Decision
---@field affiliation "owner"|"admin"|"member"
---@field passes_lobby boolean     enters a members-only room without having been let in before
---@field passes_password boolean  needs no password
---@field wants_lobby boolean      waits, and does not go in where the room has no lobby
---@field makes_lobby boolean      but switches one on
---@field waits boolean?          waits if the room has a lobby, even one that others have switched on
---@field settings RoomSettings?  of the room, by its owner's token
---@field tenant_mismatch boolean  the token's tenant is not the one in the client's address

-- sub names the base domain of a plain room, the tenant of a tenant's room, or "*" for all of them. The base domain is
-- nobody's tenant.
local function fits_domain(grant, tenant, place)
	local domain = grant.domain;
	if domain == "*" then return true; end
	if grant.check_domain then
		if domain == nil then return false; end
		local is_base = roomname.same(domain, place.base, place);
		return not tenant and is_base or tenant ~= nil and not is_base and roomname.same(domain, tenant, place);
	end
	-- a tenant's room is never opened by a sub that names another tenant, with every setting
	return not tenant or domain == nil or roomname.same(domain, tenant, place) or domain:lower() == place.base;
end

local function fits_tenant(grant, tenant, place)
	if grant.tenant then return tenant ~= nil and roomname.same(grant.tenant, tenant, place); end
	if grant.dialect == "daily" then return tenant == nil; end
	return fits_domain(grant, tenant, place);
end

-- Whether a room is one that a grant names: by its name, or by a pattern.
local function is_room(grant, claimed, items, node, name, place)
	if items then
		local plain = bytes.unescape(name);
		return pattern.matches(items, name) or plain ~= name and pattern.matches(items, plain);
	end
	if roomname.same(claimed, name, place) then return true; end
	-- where domains are not compared, a tenant's room may be named whole
	return not grant.check_domain and roomname.same(claimed, node, place);
end

local function fits_name(grant, node, name, place)
	local room, items = grant.room, grant.room_pattern;
	if room == "*" then return true; end
	if type(room) == "string" then return is_room(grant, room, items, node, name, place); end
	for i, one in ipairs(room) do
		if is_room(grant, one, items and items[i], node, name, place) then return true; end
	end
	return false;
end

-- The entry's own list applies to all claims.
local function fits_list(grant, tenant, name)
	return not grant.rooms or roomglobs.has(grant.rooms, grant.tenant, tenant, name);
end

--- Whether the entry's own list leaves a room that a grant names: if not, it opens none.
---@param grant Grant
---@return boolean
function policy.is_listed(grant)
	local room = grant.room;
	if room == "*" or grant.room_pattern then return true; end
	for _, name in ipairs(type(room) == "table" and room or { room }) do
		if fits_list(grant, grant.tenant, name:lower()) then return true; end
	end
	return false;
end

--- Whether a grant has not been withdrawn and its time window is open (RFC 7519 4.1.4, 4.1.5); its leeway is counted in.
---@param grant Grant
---@param now number       seconds since the epoch
---@return string? reason  expired, not-yet-valid, or why it was withdrawn; nil: it is open
function policy.closed(grant, now)
	if grant.withdrawn then return grant.withdrawn; end
	if grant.expires and now >= grant.expires then return "expired"; end
	if grant.not_before and now < grant.not_before then return "not-yet-valid"; end
	return nil;
end

-- Whether the token's end keeps its bearer out. Somebody whose connection dropped may return to that room for a while. This
-- does not apply if the token's end puts people out.
local function is_kept_out(grant, room, now)
	local returns = grant.returns;
	return not returns or now >= returns.until_ or not returns.rooms[room.node] or grant.at_expiry == "kick";
end

local function has_name(room)
	return room.node ~= nil and room.node ~= "";
end

local function own_affiliation(grant)
	return grant.owner == "granted" and "owner" or grant.admin or "member";
end

-- The token's tenant is not the one in the client's address.
local function is_other_tenant(grant, room)
	local claimed = grant.check_domain and grant.claimed_tenant;
	return claimed and claimed:lower() ~= room.prefix or false;
end

-- Why nobody enters now a room that was made.
local function shut(made, room, now)
	if made.exp and now >= made.exp then return "expired"; end
	if made.nbf and now < made.nbf then return "not-yet-valid"; end
	return made.max and room.people and room.people >= made.max and "room-full" or nil;
end

-- The expected and the found value, by the reason why nobody enters.
local shut_for = {
	["expired"] = function (made, _, now) return ("a room with exp after %.14g"):format(now), made.exp; end;
	["not-yet-valid"] = function (made, _, now) return ("a room with nbf not after %.14g"):format(now), made.nbf; end;
	["room-full"] = function (made, room) return ("fewer than %d people"):format(made.max), room.people; end;
};

local function told_of(made, room, now)
	if not made then return "a room that POST /v1/rooms has made", room.node; end
	local tell = shut_for[shut(made, room, now) or ""];
	if tell then return tell(made, room, now); end
	return nil, room.node;
end

-- The rules of a room for a person with a grant: the rules that the entry's back end has made.
local function made_for(grant, room)
	return room.made and room.made[grant.entry] or nil;
end

---@class RoomCheck
---@field name string
---@field concerns (fun(grant: Grant, room: Room): any)?  whether there is anything to check; always, where there is none
---@field refused fun(grant: Grant, room: Room, place: Place, now: number): string?
---@field expected fun(grant: Grant, room: Room, place: Place, now: number): any   for people
---@field found fun(grant: Grant, room: Room, now: number): any  of the token, where there is something

local A_NAME = "an address with a room's name";

-- The tests of a grant and a room, in this order; the first "no" decides.
---@type RoomCheck[]
local checks = {
	{
		name = "window",
		expected = function (grant, _, _, now)
			if grant.withdrawn then return "an entry that accepts the token"; end
			local reason = policy.closed(grant, now);
			return reason and (reason == "expired" and "after %.14g" or "not after %.14g"):format(now) or nil;
		end,
		found = function (grant, _, now)
			if grant.withdrawn then return "an entry that accepts it no longer"; end
			local reason = policy.closed(grant, now);
			return reason == "expired" and grant.expires or reason and grant.not_before or nil;
		end,
		refused = function (grant, room, _, now)
			local reason = policy.closed(grant, now);
			if reason == "expired" and not is_kept_out(grant, room, now) then return nil; end
			return reason;
		end;
	};
	{
		name = "ejection", expected = function (grant, _, _, now) return grant.eject_at and ("after %.14g"):format(now); end,
		found = function (grant) return grant.eject_at; end,
		refused = function (grant, _, _, now) -- to leave then is not to come back
			return grant.eject_at and now >= grant.eject_at and "expired" or nil;
		end;
	};
	{
		name = "address", found = function (_, room) return room.node; end,
		expected = function (_, room) return not has_name(room) and A_NAME or nil; end,
		refused = function (_, room) return not has_name(room) and "invalid-room-address" or nil; end;
	};
	{
		name = "room", found = function (grant) return grant.room; end,
		expected = function (_, room) return has_name(room) and select(2, roomname.split(room.node)) or A_NAME; end,
		refused = function (grant, room, place)
			if not has_name(room) then return "invalid-room-address"; end
			local _, name = roomname.split(room.node);
			return not fits_name(grant, room.node, name, place) and "room-mismatch" or nil;
		end;
	};
	{
		name = "tenant", found = function (grant) return grant.tenant or grant.domain; end,
		expected = function (_, room, place) return has_name(room) and roomname.split(room.node) or place.base; end,
		refused = function (grant, room, place)
			if not has_name(room) then return "invalid-room-address"; end
			return not fits_tenant(grant, roomname.split(room.node), place) and "room-mismatch" or nil;
		end;
	};
	{
		name = "rooms", expected = function (grant, room) return grant.rooms or not has_name(room) and A_NAME or nil; end,
		found = function (_, room) return room.node; end,
		refused = function (grant, room)
			if not has_name(room) then return "invalid-room-address"; end
			return not fits_list(grant, roomname.split(room.node)) and "room-mismatch" or nil;
		end;
	};
	{
		name = "guests", expected = function (_, room) return room.closed and room.prefix or nil; end,
		found = function (grant, room) return room.closed and grant.claimed_tenant or nil; end,
		refused = function (grant, room) return room.closed and is_other_tenant(grant, room) and "room-mismatch" or nil; end;
	};
	{
		name = "made", expected = function (grant, room, _, now) return (told_of(made_for(grant, room), room, now)); end,
		found = function (grant, room, now) return select(2, told_of(made_for(grant, room), room, now)); end,
		concerns = function (grant, room) return grant.needs_room or made_for(grant, room); end,
		refused = function (grant, room, _, now)
			local made = made_for(grant, room);
			if made then return shut(made, room, now); end
			return grant.needs_room and "unknown-room" or nil;
		end;
	};
};

--- May the bearer enter or create this room?
---@param grant Grant
---@param room Room
---@param place Place
---@param now number    seconds since the epoch
---@return Decision? decision
---@return string? reason  invalid-room-address, room-mismatch, expired, not-yet-valid, unknown-room, room-full, or why the grant
--   was withdrawn
function policy.enter(grant, room, place, now)
	for _, check in ipairs(checks) do
		local reason = check.refused(grant, room, place, now);
		if reason then return nil, reason; end
	end
	return {
		affiliation = own_affiliation(grant);
		passes_lobby = grant.passes_lobby;
		passes_password = grant.passes_password == true;
		wants_lobby = grant.wants_lobby == true;
		makes_lobby = grant.makes_lobby == true;
		waits = grant.knocks;
		settings = grant.owner == "granted" and grant.settings or nil;
		tenant_mismatch = is_other_tenant(grant, room);
	};
end

---@class Visitor          who wants to enter a room, as the server knows them
---@field grant Grant?       nil: they have none
---@field is_foreign boolean? of another server, or of a host whose people this place does not take
---@field is_guest boolean?  without a grant they need none, where a room is open
---@field is_revoked boolean? the token that gave the grant is taken back
---@field is_banned boolean? from this room
---@field is_kicked boolean? out of this room, not long ago
---@field is_elsewhere boolean? in the room already, where the first one stays

-- A guest is under the rules of everybody who has made the room.
local function enter_as_guest(room, now)
	local decision = {};
	for _, made in pairs(room.made or decision) do
		local reason = shut(made, room, now);
		if reason then return nil, reason; end
		if made.private and not made.knocks then return nil, "token-required"; end
		if made.private then decision = { wants_lobby = true, makes_lobby = true, waits = true }; end
	end
	return decision;
end

--- May they enter or create this room? A guest's decision sets nothing, except that the guest waits.
---@param visitor Visitor
---@param room Room
---@param place Place
---@param now number    seconds since the epoch
---@return Decision? decision
---@return string? reason foreign-session, token-required, storage-unavailable, revoked, banned, kicked, the reasons of
--   policy.enter, other-device
function policy.decide(visitor, room, place, now)
	local grant = visitor.grant;
	if visitor.is_foreign then return nil, grant and "foreign-session" or "token-required"; end
	if room.is_unread then return nil, "storage-unavailable"; end
	if not grant then
		if visitor.is_guest and not room.closed then return enter_as_guest(room, now); end
		return nil, "token-required";
	end
	if visitor.is_revoked then return nil, "revoked"; end
	if visitor.is_banned then return nil, "banned"; end
	if visitor.is_kicked then return nil, "kicked"; end
	local decision, reason = policy.enter(grant, room, place, now);
	if decision and visitor.is_elsewhere then return nil, "other-device"; end
	return decision, reason;
end

--- Every check of policy.enter, for people: it does not stop at the first "no".
---@param grant Grant
---@param room Room
---@param place Place
---@param now number
---@return Row[]  see token/explain.lua
function policy.explain(grant, room, place, now)
	local rows = {};
	for _, check in ipairs(checks) do
		if not check.concerns or check.concerns(grant, room) then
			local reason, found = check.refused(grant, room, place, now), check.found(grant, room, now);
			if reason and (found == nil or found == "") then found = "nothing"; end
			rows[#rows + 1] = {
				check = check.name, verdict = reason and "fail" or "ok", reason = reason,
				expected = check.expected(grant, room, place, now), found = found,
			};
		end
	end
	return rows;
end

local rank = { owner = 2, admin = 1 };

--- May somebody be given this affiliation whose token is this? An explicit "no" of the token holds against
-- components and modules that promote everybody; a human owner may still do it.
---@param grant Grant
---@param affiliation string
---@param by_human boolean
---@return boolean
function policy.may_promote(grant, affiliation, by_human)
	if by_human or grant.owner ~= "denied" then return true; end
	return (rank[affiliation] or 0) <= (rank[own_affiliation(grant)] or 0);
end

--- When a bearer who joined a room at 'joined' has to leave it, and why; nil: when they like.
---@param grant Grant
---@param joined number  seconds since the epoch
---@param made MadeRules? of the room: they count where the token says nothing of both
---@return number? at     the earlier one, where there are two
---@return string? reason expired, time-limit
function policy.deadline(grant, joined, made)
	local source = made and not grant.sets_ejection and made or grant;
	local after = math.min(source.eject_after or math.huge, grant.eject_after or math.huge); -- an entry's holds in any room
	local at, limit = source.eject_at, after < math.huge and joined + after;
	if limit and not (at and at <= limit) then return limit, "time-limit"; end
	return at, at and "expired" or nil;
end

return policy;
