// Ten thousand sessions in rooms, each with its own expiry timer: memory, and the minute in which all must go.

import { each, join, login } from "./client.mjs";
import { hostOf, now, room, token } from "./host.mjs";
import { cpu, memory, table } from "./measure.mjs";

export const title = "sessions: live ones in rooms, each removed at its token's end";

const IN_A_ROOM = 20;
const LEAVE_S = 120; // the ends are spread over so many seconds

export async function run(server, { sessions = 10000, width = 16, lead = 420 }) {
	const before = memory(server.pid);
	const end = now() + lead;
	const open = [];
	const begun = performance.now();
	await each(sessions, width, async (i) => {
		const session = await login({ url: server.ws, host: hostOf("HS256"), token: token("HS256", i, { exp: end + (i % LEAVE_S) }) });
		if (session.refused) throw new Error(`refused: ${session.refused}`);
		await join(session, room(`room${Math.floor(i / IN_A_ROOM)}`), `n${i}`);
		open.push({ session, expires: end + (i % LEAVE_S) });
	});
	const seconds = (performance.now() - begun) / 1000;
	const full = memory(server.pid);
	if (now() >= end) throw new Error(`filling took ${seconds.toFixed(0)} s; give lead= more than ${lead}`);

	const idle = cpu(server.pid);
	await new Promise((resolve) => setTimeout(resolve, 5000));
	const idleShare = (cpu(server.pid) - idle) / 5000;

	let late = 0, early = 0;
	const kicked = await Promise.all(open.map(async ({ session, expires }) => {
		const presence = await session.next(/<presence[^>]*type=['"]unavailable['"][\s\S]*<status code=['"]110['"]/, (lead + 2 * LEAVE_S) * 1000).catch(() => null);
		const lag = Date.now() / 1000 - expires;
		if (lag > late) late = lag;
		if (lag < early) early = lag;
		return presence !== null;
	}));
	await Promise.all(open.map(({ session }) => session.close()));
	return table(["sessions", "filled in s", "MiB before", "MiB full", "KiB each", "idle CPU %", "removed", "last after exp, s", "first before exp, s"], [[
		sessions, seconds.toFixed(0), before.toFixed(0), full.toFixed(0), (((full - before) * 1024) / sessions).toFixed(1),
		(idleShare * 100).toFixed(1), kicked.filter(Boolean).length, late.toFixed(1), (-early).toFixed(1),
	]]);
}
