// Those whose joins are compared: a Prosody for each, alike in everything but how one logs in and in what guards the
// rooms, so that nobody pays for what another one leaves behind.

import { withStandIns } from "../support/daily.mjs";
import { startProsody } from "../support/server.mjs";
import { keyOf, now, sign } from "./host.mjs";

export const TIMEOUT = 10; // seconds for which Prosody keeps what is left of a connection
export const insideHost = "inside.example"; // tells what goes on in the server (mod_live_eval)

const host = "meet.example";
const muc = `conference.${host}`;
const domain = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

const jitsi = (alg, moderator = false) => ({
	entry: `issuer = "portal", audience = "jitsi", algorithms = { "${alg}" }, ${keyOf(alg)}`,
	token: (room, serial, rules = moderator) => sign(alg, {
		iss: "portal", aud: "jitsi", sub: host, room, nbf: now() - 60, exp: now() + 7200,
		context: {
			user: { id: `user-${serial}`, name: `Member ${serial}`, email: `member${serial}@members.example`,
				avatar: `https://members.example/${serial}.png`, moderator: rules },
			features: { livestreaming: false, recording: false, transcription: false, "outbound-call": false },
		},
	}),
});

const daily = {
	entry: `dialect = "daily", domain_id = "${domain}", ${keyOf("HS256")}`,
	token: (room, serial, rules = false) => sign("HS256", {
		r: room, iat: now(), exp: now() + 7200, d: domain, ud: `user-${serial}`, u: `Member ${serial}`, ...(rules && { o: true }),
	}),
};

// name; of anonymous no more: neither its host nor its rooms load a module of ours.
//   entry     an issuer entry, as Lua
//   token(room, serial, rules)   of a plain participant, or of a moderator
//   target    the highest ratio to anonymous; absent: for information
//   every     it has a turn in every so manieth round
export const contenders = [
	{ name: "anonymous" },
	{ name: "Jitsi HS256", target: 1.10, ...jitsi("HS256") },
	{ name: "Jitsi RS256", target: 1.10, ...jitsi("RS256") },
	{ name: "Daily HS256", target: 1.15, ...daily },
	{ name: "Jitsi HS256, moderators", every: 4, ...jitsi("HS256", true) },
];

const configOf = ({ entry }, gc) => `
storage = "memory"
c2s_timeout = ${TIMEOUT}
${gc ? `gc = { mode = "${gc}" }` : ""}

VirtualHost "${insideHost}"
	authentication = "anonymous"
	modules_enabled = { "live_eval" }

VirtualHost "${host}"
	authentication = "${entry ? "meetauth" : "anonymous"}"
	${entry ? `meetauth_issuers = { { ${entry} } }` : ""}

Component "${muc}" "muc"
	${entry ? 'modules_enabled = { "muc_meetauth" }' : ""}
	muc_room_locking = false
`;

// -> servers, as startProsody gives them, each with its contender, and with host and muc to log in and to join
export async function startContenders({ version, gc } = {}) {
	const servers = [];
	for (const contender of contenders) {
		const config = configOf(contender, gc);
		const server = await startProsody({ prefix: withStandIns(), version, env: { PROSODY_LOG: "warn" }, config });
		servers.push(Object.assign(server, { contender, host, muc }));
	}
	return servers;
}
