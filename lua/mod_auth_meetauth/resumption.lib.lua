-- resumption: a stream that comes back over a new connection (XEP-0198) carries the claims of the token
-- that the new connection brought; without one the old claims stay. Only this host's sessions are touched.

local resumption = {};

local RETURNING_MAX = 10000;

-- Fingerprints of tokens whose sessions ended a short while ago: token -> until when it counts as returning.
local left, count = {}, 0;

local function adopt(fields, to, from)
	if to.host ~= module.host or from.host ~= module.host or not from.meetauth_grant then return; end
	fields.move(to, from);
	prosody.events.fire_event("meetauth-session-updated", { session = to });
end

local function sweep(now)
	for token, until_ in pairs(left) do
		if until_ <= now then left[token], count = nil, count - 1; end
	end
end

local function has_live_session(token)
	for _, user in pairs(prosody.hosts[module.host].sessions) do
		for _, session in pairs(user.sessions) do
			if session.auth_token == token then return true; end
		end
	end
	return false;
end

--- Whether this very token belongs to a session that lives, or ended less than the grace ago.
---@param token string
---@return boolean
function resumption.is_returning(token)
	return (left[token] ~= nil and left[token] > os.time()) or has_live_session(token);
end

--- Hook everything up.
---@param fields table
---@param grace fun(): number  seconds
function resumption.watch(fields, grace)
	module:hook("smacks-hibernation-end", function (event) -- Prosody 0.12
		adopt(fields, event.resumed, event.origin);
	end, 10);
	module:hook_global("c2s-session-updated", function (event) -- Prosody 13
		adopt(fields, event.session, event.from_session);
	end, 10);
	module:hook("resource-unbind", function (event)
		local token = event.session.auth_token;
		if grace() == 0 or not token then return; end
		local now = os.time();
		if count >= RETURNING_MAX then sweep(now); end
		if left[token] == nil and count < RETURNING_MAX then count = count + 1; end
		if left[token] ~= nil or count < RETURNING_MAX then left[token] = now + grace(); end
	end);
end

return resumption;
