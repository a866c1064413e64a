-- comeback: connections that dropped. For a time after the end of its token (meetauth_reconnect_grace), such a user can
-- still log in with it. The user can enter the rooms that the connection was in. For all other users, an expired token
-- is not valid.

local new_cache = require "util.cache".new;
local jid_host = require "util.jid".host;

local sha256 = require "meetauth.core".sha256;

local current = module:require "current";
local live = module:require "live";

local comeback = {};

local TOKENS_MAX = 10000;
local SESSIONS_MAX = 20; -- of one token, which many may share
local ROOMS_MAX = 50; -- that a session has sent presence to

local hosts = prosody.hosts;

local kept = module:shared("dropped"); -- a reload of the module forgets nobody
kept.tokens = kept.tokens or new_cache(TOKENS_MAX);
local dropped = kept.tokens; -- hash of a token -> { expires, until_, rooms }: of sessions that ended a short while ago

local function grace() return current.site.meetauth_reconnect_grace; end -- seconds

-- Take in where a session is, and where it was on its way back to.
local function add_rooms(rooms, session)
	local count = 0;
	for address in pairs(session.directed or {}) do
		count = count + 1;
		if count > ROOMS_MAX then break; end
		local virtual_host = hosts[jid_host(address)];
		local guard = virtual_host and virtual_host.modules and virtual_host.modules.muc_meetauth;
		local name = guard and guard.seat_of(session, address);
		if name then rooms[name] = true; end
	end
	local returns = session.meetauth_grant.returns;
	for name in pairs(returns and returns.rooms or {}) do rooms[name] = true; end
end

-- The known data of a token whose last session ended less than the grace ago.
local function ended(token)
	local one = dropped:get(sha256(token));
	return one and os.time() < one.until_ and one or nil;
end

local function expiry_of(token)
	local one = ended(token);
	if one then return one.expires; end
	for session in pairs(live.of_token(token)) do -- perhaps the server has not yet seen that it dropped
		local grant = session.meetauth_grant; -- none where another login let it in
		if grant then return grant.expires; end
	end
	return nil;
end

--- The rooms that a session is in, or on its way back to, by the names that decide about them.
---@param session table  with a grant
---@return table<string, true>
function comeback.rooms_of(session)
	local rooms = {};
	add_rooms(rooms, session);
	return rooms;
end

--- The last moment in which this very token was valid, if it may still come back.
---@param token string
---@return number? seconds since the epoch
function comeback.last_moment(token)
	if grace() == 0 then return nil; end
	local expires = expiry_of(token);
	return expires and os.time() < expires + grace() and expires - 0.001 or nil;
end

--- Where the bearer of a token comes back to: the connections that it had.
---@param session table  that logs in
---@param token string
---@param expires number?  its end
---@return { rooms: table<string, true>, until_: number }?
function comeback.returns(session, token, expires)
	if grace() == 0 or not expires then return nil; end
	local rooms, count = {}, 0;
	local one, named = ended(token), live.resumed(session);
	for name in pairs(one and one.rooms or {}) do rooms[name] = true; end
	if named and named.auth_token == token and named.meetauth_grant then add_rooms(rooms, named); end
	for other in pairs(live.of_token(token)) do
		count = count + 1;
		if count > SESSIONS_MAX then break; end
		if other.meetauth_grant then add_rooms(rooms, other); end
	end
	return next(rooms) and { rooms = rooms, until_ = expires + grace() } or nil;
end

-- Before mod_presence takes the session out of its rooms.
local function dropping(event)
	local session = event.session;
	local token, grant = session.auth_token, session.meetauth_grant;
	if grace() == 0 or not token or not grant or not grant.expires then return; end
	local one = ended(token) or { expires = grant.expires, rooms = {} };
	one.until_ = os.time() + grace();
	add_rooms(one.rooms, session);
	dropped:set(sha256(token), one);
end

function comeback.watch()
	module:hook("resource-unbind", dropping, 10);
end

return comeback;
