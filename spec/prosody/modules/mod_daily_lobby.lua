-- For the Daily specs: Jitsi's lobby as far as a MUC component sees it: a global event switches it on,
-- which makes the room members-only; its gate at -4 asks for a display name, then sends who has no affiliation to the lobby.

local jid = require "util.jid";
local st = require "util.stanza";

local JITMEET_NS = "http://jitsi.org/jitmeet";
local NICK_NS = "http://jabber.org/protocol/nick";

module:hook_global("create-persistent-lobby-room", function (event)
	if jid.host(event.room.jid) ~= module.host then return; end
	module:log("info", "spec lobby made for %s", event.room.jid);
	event.room:set_members_only(true);
	event.room._data.lobbyroom = jid.node(event.room.jid) .. "@lobby." .. module.host;
end);

local function send_error(event, condition, element, text)
	event.origin.send(st.error_reply(event.stanza, "auth", condition):text_tag(element, text, { xmlns = JITMEET_NS }));
	return true;
end

module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	if not room._data.lobbyroom or not room:get_members_only() then return; end
	if room:get_affiliation(stanza.attr.from) then return; end
	local name = stanza:get_child_text("nick", NICK_NS);
	if not name or name == "" then return send_error(event, "not-acceptable", "displayname-required"); end
	module:log("info", "spec lobby has %s at %s", name, room.jid);
	return send_error(event, "registration-required", "lobbyroom", room._data.lobbyroom);
end, -4);
