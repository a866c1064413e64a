-- gate: a user who cannot enter a room cannot read from it or act in it from outside. The user gets no archive, no list
-- of people, no invitation and no answer about affiliations. admission decides about joins.

local st = require "util.stanza";

local remove_children = require "meetauth.server.children".remove;
local refusals = require "meetauth.server.refusals";

local admission = module:require "admission";
local place = module:require "place";

local MUC_NS = "http://jabber.org/protocol/muc";

local gate = {};

-- Stanzas that parts of this server send have no user behind them.
local function is_the_servers(origin)
	return origin ~= nil and (origin.type == "local" or origin.type == "component");
end

local function is_join(stanza)
	return stanza.name == "presence" and stanza.attr.type == nil and stanza:get_child("x", MUC_NS) ~= nil;
end

-- Whether a stanza may be answered at all (RFC 6120 8.3.1).
local silent = { error = true, result = true, unavailable = true };

local function refuse(event, text)
	local stanza = event.stanza;
	if not silent[stanza.attr.type] then event.origin.send(st.error_reply(stanza, "cancel", "not-allowed", text)); end
	return true;
end

-- An address that Prosody has checked already, less its resource: util.jid would check all of it again, for each stanza.
local function bare_of(address)
	local slash = address:find("/", 1, true);
	return slash and address:sub(1, slash - 1) or address;
end

--- Hook: a stanza to a room, or to somebody in it.
function gate.check(event)
	local stanza, origin = event.stanza, event.origin;
	local room, from = admission.room_at(bare_of(stanza.attr.to)), stanza.attr.from;
	if not room then return nil; end
	if room.get_occupant_jid and room:get_occupant_jid(from) then return nil; end
	if is_join(stanza) and not room._data.destroyed then return nil; end
	if is_the_servers(origin) or place.exempts(from) then return nil; end
	local decision, reason = admission.decide(origin, room);
	if decision then return nil; end
	return refuse(event, refusals.words(reason));
end

--- Hook: nobody reserves a nick: it would outlive the token.
function gate.refuse_registration(event)
	if place.exempts(event.stanza.attr.from) then return nil; end
	return refuse(event, "This server does not register nicks");
end

--- Hook: the list of public rooms, without the rooms that the asker cannot enter.
function gate.list(event)
	local stanza, origin = event.stanza, event.origin;
	if is_the_servers(origin) or place.exempts(stanza.attr.from) then return; end
	local query = event.reply.tags[1];
	remove_children(query, function (item)
		return item.name == "item" and not admission.decide(origin, admission.room_at(item.attr.jid));
	end);
end

return gate;
