-- For live specs: what Jitsi's module of that name does: it says in presence who somebody is, where their token does.

local st = require "util.stanza";

local function stamp(event)
	local user = event.origin.jitsi_meet_context_user;
	if not user then return; end
	event.stanza:maptags(function (tag) return tag.name ~= "identity" and tag or nil; end);
	event.stanza:add_direct_child(st.stanza("identity"):tag("user"):text_tag("name", user.name or "nobody"):reset());
end

module:hook("pre-presence/bare", stamp);
module:hook("pre-presence/full", stamp);
