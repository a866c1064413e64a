// In the page: goes to a meeting with lib-jitsi-meet, as Jitsi Meet's own pages do, and tells what its user
// would learn: who they became in the room, or which error came, with which text.

/* global JitsiMeetJS */

JitsiMeetJS.init({ disableAudioLevels: true, disableThirdPartyRequests: true });
JitsiMeetJS.setLogLevel(JitsiMeetJS.logLevels.ERROR);

const { connection: connectionEvents, conference: conferenceEvents } = JitsiMeetJS.events;
let connection, conference;

// Nothing, or { refused: { at: "connection", error, text } }
function connect({ url, host, muc, token }) {
	connection = new JitsiMeetJS.JitsiConnection(null, token, { hosts: { domain: host, muc }, serviceUrl: url });
	return new Promise((resolve) => {
		connection.addEventListener(connectionEvents.CONNECTION_ESTABLISHED, () => resolve());
		connection.addEventListener(connectionEvents.CONNECTION_FAILED, (error, text) => {
			resolve({ refused: { at: "connection", error, text } });
		});
		connection.connect();
	});
}

const said = []; // by the room itself, to this one
let hear = () => {};

// { moderator }, or { refused: { at: "conference", error } }, or { refused: { at: "conference request", code, text } }, which
// is what the web app shows. This build tells of several things under no name, of a refused request among them: the only one
// with a text for a code. Newer ones say conference.reservationError.
function join(room) {
	conference = connection.initJitsiConference(room, { openBridgeChannel: false, p2p: { enabled: false } });
	return new Promise((resolve) => {
		conference.on(conferenceEvents.CONFERENCE_JOINED, () => resolve({ moderator: conference.isModerator() }));
		conference.on(conferenceEvents.CONFERENCE_FAILED, (error) => resolve({ refused: { at: "conference", error } }));
		conference.room.addListener(undefined, (code, text) => {
			if (typeof code === "string") resolve({ refused: { at: "conference request", code, text } });
		});
		conference.on(conferenceEvents.NON_PARTICIPANT_MESSAGE_RECEIVED, (id, message) => {
			said.push(message);
			hear();
		});
		conference.join();
	});
}

window.meeting = {
	enter: async ({ room, ...how }) => (await connect(how)) ?? join(room),

	// The first other participant: { moderator, identity }, as the library learns them from presence; this version
	// has no getter for the identity.
	meet: () => new Promise((resolve) => {
		const tell = (participant) => resolve({ moderator: participant.isModerator(), identity: participant._identity });
		const [there] = conference.getParticipants();
		if (there) tell(there);
		else conference.on(conferenceEvents.USER_JOINED, (id, participant) => tell(participant));
	}),

	// The first message that the room has sent to this one alone.
	hear: () => new Promise((resolve) => {
		hear = () => said[0] && resolve(said[0]);
		hear();
	}),

	leave: async () => {
		await conference.leave();
		await connection.disconnect();
	},
};
