-- autostart: recording and transcription that a token starts, as far as an XMPP server can start them. The request is
-- made in the user's name, so that every filter can decide about it. It is made once for each meeting.

local st = require "util.stanza";
local new_id = require "util.id".short;

local made = module:require "made";
local place = module:require "place";

local JIBRI_NS = "http://jitsi.org/protocol/jibri";
local FOCUS = "focus"; -- the nick of Jitsi's conference focus

local autostart = {};

local function start_recording(room, session, focus)
	room.meetauth_recording_started = true;
	prosody.core_process_stanza(session, st.iq({ type = "set", id = new_id(), from = session.full_jid, to = focus.nick })
		:tag("jibri", { xmlns = JIBRI_NS, action = "start", recording_mode = "file",
			app_data = '{"file_recording_metadata":{"share":true}}' }));
end

-- Jitsi's focus, not somebody who only has its nick.
local function focus_of(room)
	local occupant = room:get_occupant_by_nick(room.jid .. "/" .. FOCUS);
	return occupant and place.exempts(occupant.bare_jid) and occupant or nil;
end

local function starts_recording(session, room)
	local grant = made.grant(session, room);
	return grant ~= nil and grant.starts_recording == true;
end

-- A session whose token starts a recording: the newcomer's or, if the focus has come, a session that is already present.
local function starter(room, event, focus)
	if event.nick ~= focus.nick then return starts_recording(event.origin, room) and event.origin or nil; end
	for _, occupant in room:each_occupant() do
		for real_jid in occupant:each_session() do
			local session = prosody.full_sessions[real_jid];
			if starts_recording(session, room) then return session; end
		end
	end
	return nil;
end

local function start_transcription(room)
	room.jitsiMetadata = room.jitsiMetadata or {};
	room.jitsiMetadata.recording = room.jitsiMetadata.recording or {};
	room.jitsiMetadata.recording.isTranscribingEnabled = true;
	module:fire_event("room-metadata-changed", { room = room });
end

--- Hook: somebody came in, perhaps the focus, without which there is no recording.
function autostart.joined(event)
	local room, grant = event.room, made.grant(event.origin, event.room);
	if not room.meetauth_recording_started then
		local focus = focus_of(room);
		local session = focus and starter(room, event, focus);
		if session then start_recording(room, session, focus); end
	end
	if grant and grant.starts_transcription and not room.meetauth_transcription_started then
		room.meetauth_transcription_started = true;
		start_transcription(room);
	end
end

return autostart;
