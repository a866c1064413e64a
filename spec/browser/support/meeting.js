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

// { moderator }, or { refused: { at: "conference", error } }
function join(room) {
	conference = connection.initJitsiConference(room, { openBridgeChannel: false, p2p: { enabled: false } });
	return new Promise((resolve) => {
		conference.on(conferenceEvents.CONFERENCE_JOINED, () => resolve({ moderator: conference.isModerator() }));
		conference.on(conferenceEvents.CONFERENCE_FAILED, (error) => resolve({ refused: { at: "conference", error } }));
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

	leave: async () => {
		await conference.leave();
		await connection.disconnect();
	},
};
