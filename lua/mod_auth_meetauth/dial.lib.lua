-- dial: calls to a telephone and to the transcriber, which a user asks Jitsi's gateway for (Rayo, XEP-0327). A call is
-- allowed for a room that the grant opens, if the grant has the feature. Jitsi's filter_iq_rayo knows only the tokens of
-- its own options.

local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local jid_split = require "util.jid".split;
local st = require "util.stanza";

local roomhosts = require "meetauth.server.roomhosts";

local RAYO_NS = "urn:xmpp:rayo:1";
local TRANSCRIBER = "jitsi_meet_transcribe"; -- whom to dial
local ROOM_HEADER = "JvbRoomName";

local hosts = prosody.hosts;

local dial = {};

local allows = { [true] = true, ["true"] = true };

local function room_of(call)
	for header in call:childtags("header", RAYO_NS) do
		if header.attr.name == ROOM_HEADER then return jid_bare(jid_prep(header.attr.value)); end
	end
	return nil;
end

local function option(name) return module:get_option(name); end

-- The rooms' half, and the address by which it knows a room: the address of a tenant's room can be
-- "name@conference.tenant.host".
local function rooms_of(address)
	local node, name = jid_split(address);
	local component = hosts[name or ""];
	if component then return component.modules.muc_meetauth, address; end
	local main = roomhosts.main_of(option, module.host);
	local tenant = node and roomhosts.tenant_of(name, main, module.host);
	component = tenant and hosts[main];
	return component and component.modules.muc_meetauth, tenant and ("[%s]%s@%s"):format(tenant, node, main);
end

-- The text for people without the right; nil: they have it.
local function refused(session, call)
	if not session.meetauth_grant then return "This call needs a token"; end
	local address = room_of(call);
	local rooms, known_as = rooms_of(address);
	local may_enter, moderates = false, false;
	if rooms then may_enter, moderates = rooms.may_enter(session, known_as); end
	if not may_enter then return "The token is not for the room of this call"; end
	local features = session.jitsi_meet_context_features;
	local feature = call.attr.to == TRANSCRIBER and "transcription" or "outbound-call";
	if features then return not allows[features[feature]] and "The token lacks the feature " .. feature or nil; end
	return not moderates and "Only moderators can make calls" or nil;
end

local function calling(event)
	local session, stanza = event.origin, event.stanza;
	local call = stanza:get_child("dial", RAYO_NS);
	if not call or hosts[module.host].users.name ~= "meetauth" then return nil; end
	local text = refused(session, call);
	if not text then return nil; end
	session.log("info", "Call refused: %s", text);
	session.send(st.error_reply(stanza, "auth", "forbidden", text));
	return true;
end

function dial.watch()
	for _, event in ipairs({ "pre-iq/full", "pre-iq/bare", "pre-iq/host" }) do module:hook(event, calling, 1); end
end

return dial;
