-- resumption: a stream that comes back over a new connection (XEP-0198) carries the claims of the token
-- that the new connection brought. Only this host's sessions are touched.

local fields = module:require "fields";
local live = module:require "live";

local resumption = {};

-- Jitsi's modules, and others that answer as they do, can say that a token leads elsewhere: then the earlier stream stays.
local function is_kept_out(session)
	local answer = prosody.events.fire_event("jitsi-verify-session-rooms", { session = session });
	return type(answer) == "table" and answer.res == false;
end

local function adopt(to, from)
	if to.host ~= module.host or from.host ~= module.host or not from.meetauth_grant then return; end
	local is_another, before = to.auth_token ~= from.auth_token, fields.of(to);
	fields.move(to, from);
	if is_another and is_kept_out(to) then fields.move(to, before); end
	live.note(to);
end

function resumption.watch()
	module:hook_global("c2s-session-updated", function (event) -- Prosody 13, which empties the new session then
		adopt(event.session, event.from_session);
	end, 10);
	-- The client has been told that it is back, and has what it missed: the verdict on its token follows.
	module:hook("smacks-hibernation-end", function (event)
		local session = event.resumed;
		adopt(session, event.origin); -- Prosody 0.12
		if session.meetauth_grant then prosody.events.fire_event("meetauth-session-updated", { session = session }); end
	end, 10);
end

return resumption;
