-- resumption: a stream that comes back over a new connection (XEP-0198) carries the claims of the token
-- that the new connection brought; without one the old claims stay. Only this host's sessions are touched.

local new_cache = require "util.cache".new;

local sha256 = require "meetauth.core".sha256;

local resumption = {};

local LEFT_MAX = 10000; -- tokens

local kept = module:shared("left"); -- a reload of the module forgets nobody
kept.tokens = kept.tokens or new_cache(LEFT_MAX);
local left = kept.tokens; -- hash of a token -> { expires, until_ }: of sessions that ended a short while ago
local live, grace; -- grace: seconds, as a function

local function adopt(fields, to, from)
	if to.host ~= module.host or from.host ~= module.host or not from.meetauth_grant then return; end
	fields.move(to, from);
	live.note(to);
end

-- When the token of a session that lives, or ended less than the grace ago, expires; the grace is counted in.
local function expiry_of(token)
	local ended = left:get(sha256(token));
	if ended and ended.until_ > os.time() then return ended.expires; end
	for session in pairs(live.of_token(token)) do
		local grant = session.meetauth_grant; -- none where another login let it in
		if grant then return grant.expires; end
	end
	return nil;
end

--- The last moment in which this very token was valid, if it may still come back.
---@param token string
---@return number? seconds since the epoch
function resumption.last_moment(token)
	if grace() == 0 then return nil; end
	local expires = expiry_of(token);
	return expires and expires - grace() - 0.001;
end

--- Hook everything up.
---@param fields table
---@param this_live table
---@param read_grace fun(): number  seconds
function resumption.watch(fields, this_live, read_grace)
	live, grace = this_live, read_grace;
	module:hook_global("c2s-session-updated", function (event) -- Prosody 13, which empties the new session then
		adopt(fields, event.session, event.from_session);
	end, 10);
	-- The client has been told that it is back, and has what it missed: what comes of its token comes after that.
	module:hook("smacks-hibernation-end", function (event)
		local session = event.resumed;
		adopt(fields, session, event.origin); -- Prosody 0.12
		-- without a new token, too: the old one may have expired meanwhile
		if session.meetauth_grant then prosody.events.fire_event("meetauth-session-updated", { session = session }); end
	end, 10);
	module:hook("resource-unbind", function (event)
		local token, grant = event.session.auth_token, event.session.meetauth_grant;
		if grace() == 0 or not grant or not grant.expires then return; end
		left:set(sha256(token), { expires = grant.expires, until_ = os.time() + grace() });
	end);
end

return resumption;
