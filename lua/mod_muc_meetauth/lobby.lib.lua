-- lobby: what a token says of waiting rooms and passwords, as Jitsi's community plugins read it
-- (context.user.lobby, lobby_bypass, security_bypass). The lobby itself is made by Jitsi's modules: persistent_lobby
-- answers the event below and has muc_lobby_rooms make it.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;

local remove_children = require "meetauth.server.children".remove;

local admission = module:require "admission";
local breakout = module:require "breakout";

local MUC_NS = "http://jabber.org/protocol/muc";
local CREATE = "create-persistent-lobby-room";

local lobby = {};

local standing = { owner = true, admin = true, member = true };

local function is_password(child)
	return child.name == "password";
end

-- Whether somebody was let in: by the main room, where this is one of its breakout rooms. Prosody has made the maker of a
-- room its owner.
local function was_let_in(event)
	local main = breakout.main_of(event.room.jid);
	if event.is_new_room and not main then return false; end
	return standing[(main or event.room):get_affiliation(jid_bare(event.stanza.attr.from)) or "none"];
end

-- Whether somebody has to wait who has not been let in, and there is no lobby to wait in.
local function lacks_lobby(event, decision)
	if not decision.wants_lobby or decision.passes_lobby or event.room:get_members_only() then return false; end
	return not was_let_in(event);
end

local told;

-- Nobody gets in because a module is missing.
local function refuse(event, decision)
	if decision.makes_lobby and not told then
		told = true;
		module:log("warn", "A token makes its user wait in %s, but no module makes lobbies (Jitsi's muc_lobby_rooms and "
			.. "persistent_lobby). The user is refused. Run meetauth check", event.room.jid);
	end
	return admission.refuse(event, "not-enforceable");
end

--- Hook: before a room is made for somebody who cannot wait there.
function lobby.creating(event)
	local decision = admission.of_join(event);
	if not decision or not lacks_lobby(event, decision) then return nil; end
	local is_made = decision.makes_lobby and lobby.can_be_made() and not breakout.main_of(event.room.jid);
	return not is_made and refuse(event, decision) or nil;
end

--- Whether somebody makes lobbies, as far as one can see.
---@return boolean
function lobby.can_be_made()
	return prosody.events.get_handlers(CREATE) ~= nil;
end

--- Switch a room's lobby on: everybody waits who does not pass it.
---@return boolean is_there  whether there is one now
function lobby.switch_on(room)
	if breakout.main_of(room.jid) then return false; end
	prosody.events.fire_event(CREATE, { room = room });
	return room:get_members_only() == true;
end

--- Switch it off, even if others have switched it on. Jitsi's module lets in the people who wait there.
function lobby.switch_off(room)
	room:set_members_only(false);
	prosody.events.fire_event("destroy-lobby-room", { room = room, newjid = room.jid });
	room.meetauth_lobby_on_demand = nil;
end

-- Whether there is a lobby now, which other bearers pass.
local function switch_on_demand(room)
	if not lobby.switch_on(room) then return false; end
	room.meetauth_lobby_on_demand = true;
	return true;
end

--- Put the room's password into a join, in place of another.
function lobby.give_password(room, stanza)
	local password = room:get_password();
	local join = password and stanza:get_child("x", MUC_NS);
	if not join then return; end
	remove_children(join, is_password);
	-- not by tag(): that would go into the element just removed, where another module has left it open
	join:add_direct_child(st.stanza("password", { xmlns = MUC_NS }):text(password));
end

--- Hook: switch the lobby on for people who must wait, and give the password to people who need none.
function lobby.prepare(event)
	local decision, room = admission.of_join(event), event.room;
	if not decision then return nil; end
	if lacks_lobby(event, decision) and not (decision.makes_lobby and switch_on_demand(room)) then
		if event.is_new_room then module:fire_event("muc-room-destroyed", { room = room }); end -- nobody is in it
		return refuse(event, decision);
	end
	if decision.passes_password then lobby.give_password(room, event.stanza); end
	return nil;
end

--- Hook: an owner has switched the lobby on or off. One that comes on again is the owner's, and holds for everybody.
function lobby.configured(event)
	if not event.room:get_members_only() then event.room.meetauth_lobby_on_demand = nil; end
end

return lobby;
