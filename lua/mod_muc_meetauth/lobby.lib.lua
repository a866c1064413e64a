-- lobby: what a token says of waiting rooms and passwords, as Jitsi's community plugins read it
-- (context.user.lobby, lobby_bypass, security_bypass). The lobby itself is Jitsi's module.

local remove_children = require "meetauth.children".remove_named;

local MUC_NS = "http://jabber.org/protocol/muc";

local lobby = {};
local admission;

local function switch_on(room)
	prosody.events.fire_event("create-persistent-lobby-room", { room = room });
	if room:get_members_only() then
		room.meetauth_lobby_on_demand = true; -- other bearers pass it
	else
		module:log("warn", "A token asks to knock at %s, but no module makes lobbies here: its bearer enters at once", room.jid);
	end
end

--- Hook: switch the lobby on for who shall wait, and give the password to who needs none.
function lobby.prepare(event)
	local room, stanza = event.room, event.stanza;
	local decision = admission.of_join(event);
	if not decision then return; end
	if decision.wants_lobby and not room:get_members_only() then switch_on(room); end
	local password = decision.passes_password and room:get_password();
	local join = password and stanza:get_child("x", MUC_NS);
	if join then
		remove_children(join, "password", MUC_NS);
		join:text_tag("password", password, { xmlns = MUC_NS });
	end
end

--- Hook: an owner has switched the lobby on or off. One that comes on again is the owner's, and holds for everybody.
function lobby.configured(event)
	if not event.room:get_members_only() then event.room.meetauth_lobby_on_demand = nil; end
end

return function (this_admission)
	admission = this_admission;
	return lobby;
end;
