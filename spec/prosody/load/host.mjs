// One Prosody with a host for each way to log in, all in one process, so that they are measured in the same run.

import { generateKeyPairSync, sign as signBytes, createHmac, constants } from "node:crypto";
import { installed } from "../support/install.mjs";
import { startProsody } from "../support/server.mjs";

const secret = "load-secret-2-3-5-7-11-13-17-19-23-29";
const pairs = {
	RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
	ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
	EdDSA: generateKeyPairSync("ed25519"),
};

const signers = {
	HS256: (input) => createHmac("sha256", secret).update(input).digest(),
	RS256: (input) => signBytes("sha256", Buffer.from(input), { key: pairs.RS256.privateKey, padding: constants.RSA_PKCS1_PADDING }),
	ES256: (input) => signBytes("sha256", Buffer.from(input), { key: pairs.ES256.privateKey, dsaEncoding: "ieee-p1363" }),
	EdDSA: (input) => signBytes(null, Buffer.from(input), pairs.EdDSA.privateKey),
};

export const algorithms = Object.keys(signers);
export const hostOf = (alg) => `${alg.toLowerCase()}.example`;
export const anonymousHost = "anonymous.example";
export const room = (name, alg = "HS256") => `${name}@conference.${hostOf(alg)}`;
export const now = () => Math.floor(Date.now() / 1000);

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function sign(alg, claims) {
	const input = `${part({ alg, typ: "JWT" })}.${part(claims)}`;
	return `${input}.${signers[alg](input).toString("base64url")}`;
}

// A Jitsi token of ordinary size; serial makes it one of its own.
export const token = (alg, serial = 0, claims = {}) => sign(alg, {
	iss: "portal", aud: "jitsi", sub: hostOf(alg), room: "*", exp: now() + 3600, ...claims,
	context: {
		user: { id: `user-${serial}`, name: `Member ${serial}`, email: `member${serial}@members.example`, moderator: serial % 2 === 0 },
		features: { livestreaming: false, recording: true, transcription: false, "outbound-call": false },
	},
});

// The key of an entry for tokens of that algorithm, as Lua.
export const keyOf = (alg) => (alg === "HS256" ? `secret = "${secret}"`
	: `public_key = [[${pairs[alg].publicKey.export({ type: "spki", format: "pem" })}]]`);

const hosts = algorithms.map((alg) => `
VirtualHost "${hostOf(alg)}"
	authentication = "meetauth"
	meetauth_issuers = { { issuer = "portal", audience = "jitsi", algorithms = { "${alg}" }, ${keyOf(alg)} } }
	meetauth_on_expiry = "kick"
	meetauth_leeway = 0

Component "conference.${hostOf(alg)}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

// startLoaded({ version, gc }) -> server, as startProsody gives it; it runs on one CPU, this process on the others
export function startLoaded({ version, gc } = {}) {
	return startProsody({
		prefix: installed(),
		version,
		env: { PROSODY_LOG: "warn" },
		config: `
storage = "memory"
c2s_timeout = 30 -- for so long Prosody keeps what is left of a connection
network_settings = { tcp_backlog = 4096 } -- Prosody has 128: of a thousand that come at once, the others wait for their next try
${gc ? `gc = { mode = "${gc}" }` : ""}

VirtualHost "${anonymousHost}"
	authentication = "anonymous"
${hosts}`,
	});
}
