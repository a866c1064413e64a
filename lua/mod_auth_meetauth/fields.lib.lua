-- fields: the fields that a verified token leaves on a session, for this project and for Jitsi's other modules. Those
-- modules read the same names for every dialect (doc/modules.md, Session fields).

local neighbours = require "meetauth.server.neighbours";

local fields = {};

-- All of them: cleared before every attempt, so that a failed one leaves nothing behind.
local names = {
	"auth_token", "meetauth_grant", "meetauth_guest",
	"jitsi_meet_room", "jitsi_meet_domain", "jitsi_meet_auth_issuer", "jitsi_meet_str_tenant",
	"jitsi_meet_context_user", "jitsi_meet_context_group", "jitsi_meet_context_features", "jitsi_meet_context_room",
	"jitsi_meet_tenant_mismatch", "force_permissions_update",
};

function fields.clear(session)
	for _, name in ipairs(names) do session[name] = nil; end
end

--- Put a grant on a session. Its tables are this session's alone, for neighbours write to them (features,
-- the name shown); no decision reads of a user what is shown.
---@param session table
---@param token string
---@param grant Grant
---@param elsewhere boolean  the rooms are left to other modules, which may have to enforce what ours does
function fields.set(session, token, grant, elsewhere)
	session.auth_token = token; -- to Jitsi's modules, "is authenticated"
	session.meetauth_grant = grant;
	session.jitsi_meet_room, session.jitsi_meet_context_room = neighbours.room(grant, elsewhere);
	session.jitsi_meet_domain = grant.domain or grant.tenant or module.host;
	session.jitsi_meet_auth_issuer = grant.issuer;
	session.jitsi_meet_str_tenant = grant.claimed_tenant;
	session.jitsi_meet_context_user = neighbours.user(grant, elsewhere);
	session.jitsi_meet_context_group = grant.group;
	session.jitsi_meet_context_features = grant.features;
	session.force_permissions_update = grant.pushes_permissions; -- Jitsi's word for "tell the client"
end

-- The present value of a field: the value that is put there today, unless neighbours have changed the earlier value; in
-- tables member by member.
local function merged(current, was, is)
	if current == was then return is; end
	if type(current) ~= "table" then return current; end
	local before, after, all = type(was) == "table" and was or {}, type(is) == "table" and is or {}, {};
	for name, value in pairs(current) do all[name] = merged(value, before[name], after[name]); end
	for name, value in pairs(after) do
		if before[name] == nil and current[name] == nil then all[name] = value; end
	end
	if was ~= nil and is == nil and next(all) == nil then return nil; end
	return setmetatable(all, getmetatable(current));
end

--- Put another grant of the same token on a session. Changes of neighbours since the first one stay.
---@param pristine Grant?  the first one when it was put there; nil: unknown, and nothing stays
---@param elsewhere boolean
function fields.renew(session, token, grant, pristine, elsewhere)
	if not pristine then return fields.set(session, token, grant, elsewhere); end
	local was, is = {}, {};
	fields.set(was, token, pristine, elsewhere);
	fields.set(is, token, grant, elsewhere);
	session.meetauth_grant, was.meetauth_grant, is.meetauth_grant = nil, nil, nil;
	for _, name in ipairs(names) do session[name] = merged(session[name], was[name], is[name]); end
	session.meetauth_grant = grant; -- with the tables that are on the session, as after a login
	grant.user, grant.features = session.jitsi_meet_context_user, session.jitsi_meet_context_features;
	grant.room_context = session.jitsi_meet_context_room;
end

--- The fields of a session, to set them again.
---@return table
function fields.of(session)
	local said = {};
	for _, name in ipairs(names) do said[name] = session[name]; end
	return said;
end

--- Let one session say what the other one says: claims follow the newly verified token. Fields that neighbours have added
-- meanwhile stay if the token has not changed.
function fields.move(to, from)
	if to.auth_token == from.auth_token then
		to.meetauth_grant = from.meetauth_grant;
		return;
	end
	for _, name in ipairs(names) do to[name] = from[name]; end
end

return fields;
