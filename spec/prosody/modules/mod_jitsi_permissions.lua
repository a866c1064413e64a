-- For the Daily specs: stands in for Jitsi's module of that name: adds <permissions> to self-presence,
-- for sessions with a token and features only where force_permissions_update says so, and forgets the word then.

local filters = require "util.filters";
local st = require "util.stanza";

local JITMEET_NS = "http://jitsi.org/jitmeet";

local function is_self(stanza)
	for status in stanza:get_child("x", "http://jabber.org/protocol/muc#user"):childtags("status") do
		if status.attr.code == "110" then return true; end
	end
	return false;
end

filters.add_filter_hook(function (session)
	filters.add_filter(session, "stanzas/out", function (stanza)
		if not stanza.attr or stanza.name ~= "presence" or not stanza.attr.from
			or not stanza.attr.from:find("@" .. module.host, 1, true) then return stanza; end
		if not stanza:get_child("x", "http://jabber.org/protocol/muc#user") or not is_self(stanza) then return stanza; end
		local features = session.jitsi_meet_context_features;
		if not features or not session.force_permissions_update then return stanza; end
		session.force_permissions_update = false;
		stanza = st.clone(stanza);
		stanza:tag("permissions", { xmlns = JITMEET_NS, from = "jitsi" });
		for name, value in pairs(features) do stanza:tag("p", { name = name, val = tostring(value) }):up(); end
		return stanza:reset();
	end);
end);
