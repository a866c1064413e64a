-- conference: before a client joins a room, it asks Jitsi's focus for a conference there. If the user cannot enter, this
-- file answers, in the form that the web app shows on the screen. No focus then opens a room for this user.

local jid_bare = require "util.jid".bare;
local jid_host = require "util.jid".host;
local jid_prep = require "util.jid".prep;
local st = require "util.stanza";

local current = module:require "current";

local FOCUS_NS = "http://jitsi.org/protocol/focus";
local ERROR_CODE = "403"; -- which the web app shows

local hosts = prosody.hosts;

local conference = {};

-- The rooms' half on the component where the room is.
local function rooms_of(address)
	local component = hosts[jid_host(address)];
	return component and component.modules.muc_meetauth;
end

local function asked(event)
	local session, stanza = event.origin, event.stanza;
	local request = stanza:get_child("conference", FOCUS_NS);
	local address = request and stanza.attr.type == "set" and jid_bare(jid_prep(request.attr.room));
	local rooms = address and current.site.meetauth_answer_conference and rooms_of(address);
	local text = rooms and rooms.conference_refusal(session, address);
	if not text then return nil; end
	local reply = st.error_reply(stanza, "cancel", "not-allowed", text);
	session.send(reply:tag("reservation-error", { xmlns = FOCUS_NS, ["error-code"] = ERROR_CODE }));
	return true;
end

--- From now on. The focus is a component, or a user of one.
function conference.watch()
	for _, event in ipairs({ "pre-iq/host", "pre-iq/bare", "pre-iq/full" }) do module:hook(event, asked, 100); end
end

return conference;
