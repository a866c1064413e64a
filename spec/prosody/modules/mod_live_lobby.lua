-- For live specs: Jitsi's lobby as far as a MUC component sees it: it is switched on by a global event, and its
-- gate is at -4.

local st = require "util.stanza";
local jid = require "util.jid";

local MUC_NS = "http://jabber.org/protocol/muc";

module:hook_global("create-persistent-lobby-room", function (event)
	if jid.host(event.room.jid) ~= module.host then return; end
	event.room:set_members_only(true);
	event.room._data.lobbyroom = jid.node(event.room.jid) .. "@lobby." .. module.host;
end);

module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	if not room._data.lobbyroom or not room:get_members_only() then return; end
	local x, password = stanza:get_child("x", MUC_NS), room:get_password();
	if password and x:get_child_text("password", MUC_NS) == password then
		if not room:get_affiliation(stanza.attr.from) then
			room:set_affiliation(true, jid.bare(stanza.attr.from), "member");
		end
	elseif not room:get_affiliation(stanza.attr.from) then
		local reply = st.error_reply(stanza, "auth", "registration-required");
		reply:text_tag("lobbyroom", room._data.lobbyroom, { xmlns = "http://jitsi.org/jitmeet" });
		event.origin.send(reply);
		return true;
	end
end, -4);
