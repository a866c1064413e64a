-- autostart: recording and transcription that a token starts, as far as an XMPP server can: the request is made
-- in the bearer's name, so that every filter in its way has its say; once for each meeting.

local st = require "util.stanza";
local new_id = require "util.id".short;

local JIBRI_NS = "http://jitsi.org/protocol/jibri";
local FOCUS = "focus"; -- the nick of Jitsi's conference focus

local autostart = {};

local function start_recording(room, session)
	local focus = room:get_occupant_by_nick(room.jid .. "/" .. FOCUS);
	if not focus then
		room.meetauth_recording_waits = session; -- for the focus
		return;
	end
	room.meetauth_recording_waits, room.meetauth_recording_started = nil, true;
	prosody.core_process_stanza(session, st.iq({ type = "set", id = new_id(), from = session.full_jid, to = focus.nick })
		:tag("jibri", { xmlns = JIBRI_NS, action = "start", recording_mode = "file",
			app_data = '{"file_recording_metadata":{"share":true}}' }));
end

local function start_transcription(room)
	room.jitsiMetadata = room.jitsiMetadata or {};
	room.jitsiMetadata.recording = room.jitsiMetadata.recording or {};
	room.jitsiMetadata.recording.isTranscribingEnabled = true;
	module:fire_event("room-metadata-changed", { room = room });
end

--- Hook: somebody came in, or the focus did.
function autostart.joined(event)
	local room, session = event.room, event.origin;
	if event.occupant.nick == room.jid .. "/" .. FOCUS and room.meetauth_recording_waits then
		return start_recording(room, room.meetauth_recording_waits);
	end
	local grant = session.meetauth_grant;
	if not grant then return; end
	if grant.starts_recording and not room.meetauth_recording_started then start_recording(room, session); end
	if grant.starts_transcription and not room.meetauth_transcription_started then
		room.meetauth_transcription_started = true;
		start_transcription(room);
	end
end

return autostart;
