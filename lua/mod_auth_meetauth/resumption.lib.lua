-- resumption: a stream that comes back over a new connection (XEP-0198) carries the claims of the token
-- that the new connection brought. Only this host's sessions are touched.

local resumption = {};

local live;

local function adopt(fields, to, from)
	if to.host ~= module.host or from.host ~= module.host or not from.meetauth_grant then return; end
	fields.move(to, from);
	live.note(to);
	prosody.events.fire_event("meetauth-session-updated", { session = to });
end

--- Hook everything up.
---@param fields table
---@param this_live table
function resumption.watch(fields, this_live)
	live = this_live;
	module:hook("smacks-hibernation-end", function (event) -- Prosody 0.12
		adopt(fields, event.resumed, event.origin);
	end, 10);
	module:hook_global("c2s-session-updated", function (event) -- Prosody 13
		adopt(fields, event.session, event.from_session);
	end, 10);
end

return resumption;
