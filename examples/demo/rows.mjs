// The rows of the demo: which token, into which room, and what should come of it.

import { randomBytes } from "node:crypto";

export const host = "meet.example";

const secret = () => randomBytes(32).toString("hex");
export const portal = { id: "portal", secret: secret() }; // speaks Jitsi's dialect
export const acme = { id: "acme", secret: secret() }; // speaks Daily's
const stranger = { id: "stranger", secret: secret() }; // the server does not know this secret

const domain = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"; // as in prosody.cfg.lua
const now = Math.floor(Date.now() / 1000);
const later = now + 8 * 3600;

const jitsi = (claims) => ({ iss: "portal", aud: "jitsi", sub: host, room: "standup", exp: later, ...claims });
export const daily = (claims) => ({ d: domain, r: "standup", iat: now, exp: later, ...claims });

// What most guides to self-signed Daily tokens show as "all options".
const dailyFull = daily({
	r: "webinar", ud: "user-123", u: "Gil", o: true, nbf: now - 60,
	ss: true, er: "cloud", ejt: true, eje: 3600, vo: false, ao: true, uil: "en",
	p: { hp: true, cs: true, ca: ["participants"] },
});

const moderator = { context: { user: { id: "u1", name: "Ann", moderator: true } } };
const plain = (name) => ({ context: { user: { name, moderator: false } } });

// token: what it is; entry and claims: how it is minted (or text: sent as it stands; neither: no token);
// want: "in as <MUC role>", or "login: <reason>" or "room: <reason>" where it is refused;
// looked_at: of this one, the demo shows what the operator's commands say.
export const rows = [
	{ token: "Jitsi, moderator", by: "ws", who: "Ann", room: "standup", entry: portal, claims: jitsi(moderator), want: "in as moderator" },
	{ token: "Jitsi, not a moderator", by: "bosh", who: "Ben", room: "standup", entry: portal, claims: jitsi(plain("Ben")), want: "in as participant" },
	{ token: "Jitsi, room *", by: "ws", who: "Cem", room: "any-room", entry: portal, claims: jitsi({ room: "*", ...plain("Cem") }), want: "in as participant" },
	{ token: "Daily, owner", by: "ws", who: "Dana", room: "standup", entry: acme, claims: daily({ o: true, u: "Dana", ud: "d1" }), want: "in as moderator" },
	{ token: "Daily, participant", by: "bosh", who: "Eve", room: "standup", entry: acme, claims: daily({ u: "Eve" }), want: "in as participant" },
	{ token: "Daily, the guides' example", by: "ws", who: "Gil", room: "webinar", entry: acme, claims: dailyFull, want: "in as moderator" },
	{ token: "Jitsi, expired", by: "ws", who: "Hal", room: "standup", entry: portal, claims: jitsi({ exp: now - 3600 }), want: "login: expired" },
	{ token: "Jitsi, wrong secret", by: "bosh", who: "Ida", room: "standup", entry: stranger, claims: jitsi(moderator), want: "login: signature-mismatch" },
	{ token: "Jitsi, by the Daily secret", by: "ws", who: "Jon", room: "standup", entry: acme, claims: jitsi(moderator), want: "login: signature-mismatch" },
	{ token: "Jitsi, for another room", by: "ws", who: "Kim", room: "standup", entry: portal, claims: jitsi({ room: "retro" }), want: "room: room-mismatch", looked_at: true },
	{ token: "Jitsi, another domain's sub", by: "bosh", who: "Lea", room: "standup", entry: portal, claims: jitsi({ sub: "other.example" }), want: "room: room-mismatch" },
	{ token: "Daily, for another room", by: "bosh", who: "Max", room: "standup", entry: acme, claims: daily({ r: "retro", o: true }), want: "room: room-mismatch" },
	{ token: "Daily, d of another tenant", by: "ws", who: "Noa", room: "standup", entry: acme, claims: daily({ d: "ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d" }), want: "login: unknown-issuer" },
	{ token: "Daily, r *", by: "ws", who: "Ole", room: "standup", entry: acme, claims: daily({ r: "*" }), want: "login: bad-claim" },
	{ token: "Daily, without r", by: "bosh", who: "Pia", room: "standup", entry: acme, claims: daily({ r: undefined }), want: "login: missing-claim" },
	{ token: "none", by: "ws", who: "Rob", room: "standup", want: "login: token-required" },
	{ token: "garbage", by: "bosh", who: "Sue", room: "standup", text: "not.a.token!", want: "login: malformed" },
];
