-- For live specs: another module that writes into stanzas before ours do, and leaves open what it has begun, as Jitsi's
-- muc_flip and the community's token_security_ondemand leave the <password/> that they put into a join.

local MUC_NS = "http://jabber.org/protocol/muc";
local NOTE_NS = "urn:meetauth:spec:note";

local function write(event)
	local stanza, room = event.stanza, event.room;
	local join = room and room:get_password() and stanza:get_child("x", MUC_NS);
	if join then join:tag("password", { xmlns = MUC_NS }):text("not the room's"); end
	stanza:tag("note", { xmlns = NOTE_NS });
end

module:hook("pre-presence/full", write, 10);
module:hook("muc-occupant-pre-join", write, 60);
module:hook("muc-occupant-pre-change", write, 60);
module:hook("muc-occupant-groupchat", write, 60);
module:hook("muc-private-message", write, 60);
