-- opening: for rooms that only admins, or only users of the host itself, can make (restrict_room_creation). A user with
-- access who comes before the room exists learns that it is not open yet. Jitsi's client then asks the focus again.

local jid_host = require "util.jid".host;

local roomhosts = require "meetauth.server.roomhosts";

local admission = module:require "admission";

local opening = {};

-- Prosody's own rule, for somebody who is no admin: 13.0 has a permission for it.
local function may_open(event)
	local restricted = module:get_option("restrict_room_creation");
	if not restricted then return true; end
	if module.may then return module:may("muc:create-room", event); end
	return restricted == "local" and jid_host(event.stanza.attr.from) == roomhosts.parent_of(module.host);
end

--- Hook: before Prosody asks the rule itself.
function opening.creating(event)
	if not admission.of_join(event) or may_open(event) then return nil; end
	return admission.refuse(event, "room-not-open");
end

return opening;
