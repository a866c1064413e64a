--- The grant: what a verified token gives, the same record for both dialects.
-- Everything behind this line, Prosody's side included, knows a token only by its grant.

---@class Grant
---@field dialect "jitsi"|"daily"
---@field entry string         the id of the issuer entry whose key signed
---@field issuer string        who vouches: the verified iss; "daily:<d>" for Daily, which no iss can equal
---@field tenant string?       the name space it is confined to, from the entry: rooms "[tenant]name" only
---@field domain string?       Jitsi's sub, as it came; nil for Daily
---@field check_domain boolean whether domain is compared with the room's domain or tenant
---@field room string|string[]  a room's name, several, or "*" for any room of the tenant or domain
---@field room_pattern Item[]|Item[][]|nil  room is a pattern: room/pattern.lua's form of it, for several rooms a list
---@field room_is_glob true?  a glob; else a pattern of Lua's
---@field rooms string[]?     globs from the entry: the only rooms it opens, with any room
---@field user table?          in the words of Jitsi's context.user: id, name, email, avatar, moderator, ...
---@field group string?
---@field features table<string, boolean|string>?  nil: none named, so neighbours go by role
---@field room_context table?  Jitsi's context.room
---@field settings RoomSettings?  what it says of a room itself, where its bearer is the room's owner
---@field claimed_tenant string?  Jitsi's context.tenant
---@field owner "granted"|"denied"|"silent"
---@field passes_lobby boolean enters a members-only room without knocking
---@field passes_password boolean?  needs no room password
---@field knocks boolean?      waits if the room has a lobby, even one that others have switched on
---@field wants_lobby boolean?  waits, and does not go in where the room has no lobby
---@field makes_lobby boolean?  but switches one on
---@field at_expiry "ignore"|"warn"|"kick"  what happens to a live session when the token expires
---@field admin "admin"|"owner"|nil  what a bearer who is no owner becomes instead of member (Daily's p.ca)
---@field send table<string, true>?  what it may send, of v a sv sa cv ca; nil: everything
---@field eject_at number?     seconds since the epoch: out of every room then, without the leeway of the login
---@field eject_after number?  seconds in one room, from joining it
---@field nick string?         the name to begin with
---@field nick_locked boolean? and to keep
---@field unique "newest"|"first"|nil  one occupant of a room for each user id
---@field kick_bans number?    seconds for which a kick out of a room keeps its bearer out
---@field pushes_permissions boolean?   the client cannot read them from its token
---@field starts_recording boolean?
---@field starts_transcription boolean?
---@field advisory table?      values for the client alone, nothing that a server enforces
---@field notes { claim: string, fate: string, unknown: true? }[]?  the parts of the token that are not enforced, and why
---@field not_before number?   seconds since the epoch, leeway included: no entry before
---@field expires number?      seconds since the epoch, leeway included: no entry from then on
---@field returns { rooms: table<string, true>, until_: number }?  of who comes back after a drop: open longer, to a moment
---@field withdrawn string?    a reason: of a bearer who is connected, if the entry is gone or refuses the token now
---@field needs_room boolean?  opens only rooms that were made by REST
---@field sets_ejection boolean?  says when its bearer must leave, or that they never must
---@field said table?          what a room that was made by REST may add to: claims, entry
---@field token_id string?     jti
---@field invited_by table?    of an invitation: entry, token_id, user, domain and issued of the owner's token
---@field issued number?       iat, seconds since the epoch
---@field single_use boolean?  the token logs in once
---@field origins table<string, string>  a claim's name, or "the entry": what says owner, admin, lobby, password, features, send

local ceiling = require "meetauth.access.ceiling";
local invitation = require "meetauth.access.invitation";

local parts = {
	jitsi = function ()
		return { reader = require "meetauth.dialect.jitsi.read", fault = require "meetauth.dialect.jitsi.fault" };
	end;
	daily = function ()
		return { reader = require "meetauth.dialect.daily.read", fault = require "meetauth.dialect.daily.fault" };
	end;
};

local dialects = {}; -- the loaded dialects, by name

-- The dialect of an entry, or of a grant.
local function dialect_of(entry)
	local name = entry.dialect;
	if not dialects[name] then dialects[name] = parts[name](); end
	return dialects[name];
end

local grant = {};

--- Load the dialect of an entry, when the entry is read. Most hosts need one dialect; but no token waits for a file, and none
-- meets a newer file than the server has loaded.
---@param entry table
function grant.prepare(entry)
	dialect_of(entry);
end

--- The grant of verified claims under the entry whose key signed them. The claims table is used up:
-- parts of it become parts of the grant. Vocabulary: doc/grant.md and doc/daily.md.
---@param claims table  as a verifier hands them out
---@param entry table   an issuer entry (config/host.lua): dialect, id, tenant, room, rooms, may, asked.leeway; Jitsi:
--   domain_verification, moderator; Daily: domain_id, user_prefix
---@return Grant? grant
---@return string? reason  bad-claim, missing-claim, unknown-issuer, ambiguous-claims, not-enforceable, revoked
function grant.of(claims, entry)
	local invited_by, uninvited = invitation.read(claims, entry);
	if uninvited then return nil, uninvited; end
	local reader = dialect_of(entry).reader;
	local record, reason = reader.grant(claims, entry);
	if not record then return nil, reason; end
	local leeway = entry.asked.leeway;
	record.dialect = entry.dialect;
	record.entry = entry.id;
	record.tenant = entry.tenant;
	record.rooms = entry.rooms;
	record.not_before = claims.nbf and claims.nbf - leeway;
	record.expires = claims.exp and claims.exp + leeway;
	record.token_id = claims.jti;
	record.issued = claims.iat;
	record.kick_bans = entry.kick_bans ~= 0 and entry.kick_bans or nil;
	record.invited_by = invited_by;
	record.single_use = entry.single_use or invited_by and entry.invites.single_use or nil;
	record.origins = reader.origins(claims, record);
	if entry.may then ceiling.apply(record, entry.may); end
	if invited_by then ceiling.apply(record, entry.invites.may); end
	if entry.may_send or record.send then ceiling.send(record, entry.may_send); end
	local limit = entry.eject_after;
	if limit then record.eject_after = math.min(record.eject_after or limit, limit); end
	return record;
end

---@class Fault
---@field claim string     its name, with the names of the objects around it; or the field of the entry that asks for more
---@field expected string  for people
---@field found any        nil: the token has none

--- Why claims give no grant, in words for people.
---@param claims table  not changed
---@param entry table
---@return Fault?
function grant.fault(claims, entry)
	return dialect_of(entry).fault.of(claims, entry);
end

--- The grant in a room that was made by REST: the room's defaults apply where the token says nothing.
---@param record Grant     one that knows what its token has said
---@param defaults table?  see rest/roomproperties.lua; nil: the room says nothing
---@param later table?     the claim p that was given to the bearer since they came in
---@return Grant
function grant.within(record, defaults, later)
	local changed = dialect_of(record).reader.within(record, defaults or {}, later);
	local entry = record.said.entry;
	if entry.may then ceiling.apply(changed, entry.may); end
	if entry.may_send or changed.send then ceiling.send(changed, entry.may_send); end
	return changed;
end

return grant;
