-- invitation: a token for somebody whom an owner of a room invites, signed with the secret of the owner's entry. It goes through
-- the host's own verification before it is handed out.

local time_now = require "util.time".now;
local random_bytes = require "util.random".bytes;

local bytes = require "meetauth.util.bytes";
local core = require "meetauth.core";
local invitation = require "meetauth.access.invitation";
local json = require "meetauth.util.json";
local new_grant = require "meetauth.access.grant".of;
local policy = require "meetauth.access.policy";
local roomname = require "meetauth.room.name";
local roomurl = require "meetauth.room.url";
local signing_key = require "meetauth.rest.apikeys".signing_key;
local verifier = require "meetauth.token.verifier";

local current = module:require "current";
local revocation = module:require "revocation";

local invitations = {};

local ID = 16; -- bytes of chance

local function entry_of(id)
	for _, entry in ipairs(current.site.entries) do
		if entry.id == id then return entry; end
	end
	return nil;
end

local rank = { member = 0, admin = 1, owner = 2 };

-- The fault of a token that was just made; nil: it opens the room, and gives only the requested rights.
local function flaw(token, entry, keys, asked)
	local verify = verifier.of_entries({ entry }, current.site.meetauth_max_token, { [entry] = keys });
	local claims, reason = verify(token, asked.now);
	local grant, decision;
	if claims then grant, reason = new_grant(claims, entry); end
	if grant then reason = revocation.refused(grant); end
	if grant and not reason then decision, reason = policy.enter(grant, asked.room, asked.place, asked.now); end
	if not decision then return reason; end
	local most = asked.wish.moderator and "owner" or "member";
	if rank[decision.affiliation] > rank[most] or not grant.invited_by then return "not-enforceable"; end
	return nil;
end

local function link_to(node, host, token)
	return roomurl.with_token(roomurl.of(current.site.meetauth_http_room_url, host, roomname.split(node)), token);
end

--- Make one, for an owner who is in a room.
---@param grant Grant   the owner's
---@param room Room
---@param wish Wish
---@param place Place
---@return { token: string, link: string, expires: number }? invited  expires: epoch seconds
---@return string? problem  in words, or a reason
function invitations.make(grant, room, wish, place)
	local entry, now = entry_of(grant.entry), time_now();
	if not entry then return nil, "unknown-issuer"; end
	local id = bytes.hex(random_bytes(ID));
	local claims, problem = invitation.claims(grant, room.node, wish, entry, place.base, now, id);
	if not claims then return nil, problem; end
	local keys = current.site.keys.store.keys[entry] or {};
	local key = signing_key(keys);
	if not key then return nil, "unknown-key"; end
	local expires = claims.exp;
	local token, unsigned = core.sign(key, json.encode({ alg = key:alg(), kid = key:kid() }), json.encode(claims));
	local reason = unsigned or flaw(token, entry, keys, { now = now, room = room, place = place, wish = wish });
	if reason then return nil, reason; end
	return { token = token, link = link_to(room.node, place.base, token), expires = expires };
end

return invitations;
