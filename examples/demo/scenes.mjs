// What Daily's tokens mean once their bearers are in the room: who has to leave, and who may make others leave.
// scene: what is tried; want: what should come of it; play(enter) -> what came of it.
// enter(claims, nick) -> a session that is in the room "stage" with a Daily token of these claims.

import { setRole } from "../../spec/prosody/support/daily.mjs";
import { host } from "./rows.mjs";

const stage = `stage@conference.${host}`;

const kick = (session, nick) => setRole({ session, jid: stage }, nick, "none");

// How long it takes until somebody is kicked, and why: a busy machine may be late, but never early.
async function kicked(session, nick, seconds) {
	const began = Date.now();
	const gone = await session.next({ name: "presence", type: "unavailable", from: `${stage}/${nick}` }, 10000);
	const took = (Date.now() - began) / 1000;
	const fits = took > seconds - 0.5 && took < seconds + 3;
	return `after ${fits ? seconds : took.toFixed(1)} s: ${gone.getElementsByTagName("reason")[0]?.textContent}`;
}

export const scenes = [
	{
		scene: "Daily, eje 2: how long it stays", want: "after 2 s: Time limit reached",
		async play(enter) {
			const guest = await enter({ eje: 2 }, "Tom");
			return kicked(guest, "Tom", 2);
		},
	},
	{
		scene: "Daily, eje 1 and ejt: the earlier of both", want: "after 1 s: Time limit reached",
		async play(enter) {
			const guest = await enter({ eje: 1, ejt: true }, "Una");
			return kicked(guest, "Una", 1);
		},
	},
	{
		scene: "Daily, participant: kicks another one", want: "not-allowed",
		async play(enter) {
			const [guest] = await Promise.all([enter({}, "Vic"), enter({}, "Wim")]);
			return kick(guest, "Wim");
		},
	},
	{
		scene: "Daily, p.ca participants: kicks another one", want: "ok",
		async play(enter) {
			const [admin] = await Promise.all([enter({ p: { ca: "p" } }, "Xia"), enter({}, "Yan")]);
			return kick(admin, "Yan");
		},
	},
	{
		scene: "Daily, owner: kicks that one", want: "ok",
		async play(enter) {
			const owner = await enter({ o: true }, "Zoe");
			return kick(owner, "Xia");
		},
	},
];
