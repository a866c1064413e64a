-- For the Daily specs: what Jitsi's mod_filter_iq_jibri does with a request to record or stream:
-- the session's features decide, and only where there are none, the role.

local jid = require "util.jid";
local st = require "util.stanza";

local JIBRI_NS = "http://jitsi.org/protocol/jibri";

local function is_feature_allowed(name, features, is_moderator)
	if not features then return is_moderator; end
	return features[name] == true or features[name] == "true";
end

module:hook("pre-iq/full", function (event)
	local origin, stanza = event.origin, event.stanza;
	local jibri = stanza:get_child("jibri", JIBRI_NS);
	if not jibri then return; end
	local node, host = jid.split(stanza.attr.to);
	local room = prosody.hosts[host].modules.muc.get_room_from_jid(node .. "@" .. host);
	local occupant = room:get_occupant_by_real_jid(stanza.attr.from);
	local feature = jibri.attr.recording_mode == "file" and "recording" or "livestreaming";
	local moderator = occupant ~= nil and occupant.role == "moderator";
	if not is_feature_allowed(feature, origin.jitsi_meet_context_features, moderator) then
		module:log("info", "spec jibri refused: %s", feature);
		origin.send(st.error_reply(stanza, "auth", "forbidden"));
		return true;
	end
end);
