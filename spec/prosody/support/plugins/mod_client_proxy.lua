-- client_proxy: stands in for Jitsi's module of that name and for the jicofo behind it. Before a client joins
-- a room it asks here for its conference; jicofo enters the room first, which creates it, and says "ready".

local jid = require "util.jid";
local st = require "util.stanza";

local FOCUS = "http://jitsi.org/protocol/focus";
local bare = jid.prep(module:get_option_string("target_address")); -- an admin of the rooms
local full = bare .. "/focus";

-- Nobody is logged in under jicofo's address: what rooms send there ends here.
module:hook_global("server-started", function ()
	local host = module:context(jid.host(bare));
	for _, name in ipairs({ "presence/full", "message/full", "iq/full" }) do
		host:hook(name, function (event) return event.stanza.attr.to == full or nil; end, 10);
	end
end);

module:hook("iq-set/host/" .. FOCUS .. ":conference", function (event)
	local origin, stanza = event.origin, event.stanza;
	local conference = stanza:get_child("conference", FOCUS);
	local room = conference.attr.room;
	module:send(st.presence({ from = full, to = room .. "/focus" }):tag("x", { xmlns = "http://jabber.org/protocol/muc" }));
	module:log("info", "Conference for %s, %s", room, conference.attr.token and "with a token" or "without a token");
	origin.send(st.reply(stanza):tag("conference", { xmlns = FOCUS, room = room, ready = "true", focusjid = bare }));
	return true;
end);
