// Everybody loses the connection in one moment and comes back with the token they had.

import { setTimeout as sleep } from "node:timers/promises";
import { each, join, login } from "./client.mjs";
import { hostOf, room, token } from "./host.mjs";
import { cpu, memory, percentile, table } from "./measure.mjs";

export const title = "storm: all clients reconnect at once with their old tokens, and join again";

const TRIES = 20; // a client that gets no connection comes back after a second or two
const WAIT_MS = 1000;

export async function run(server, { clients = 2000, width = 64 }) {
	const tokens = Array.from({ length: clients }, (_, i) => token("HS256", i));
	let repeated = 0;
	const enter = async (i, tries = TRIES) => {
		try {
			const session = await login({ url: server.ws, host: hostOf("HS256"), token: tokens[i] });
			if (session.refused) throw new Error(`refused: ${session.refused}`);
			await join(session, room(`storm${i % 100}`), `n${i}`);
			return session;
		} catch (error) {
			if (error.code !== "ECONNRESET" || tries === 1) throw error;
		}
		repeated += 1;
		await sleep(WAIT_MS * (1 + Math.random()));
		return enter(i, tries - 1);
	};
	const rows = [];
	let sessions = [];
	for (const [name, at_once] of [["first logins", width], ["storm 1", clients], ["storm 2", clients]]) {
		await Promise.all(sessions.map((session) => session.close()));
		sessions = [];
		repeated = 0;
		const latencies = [], before = cpu(server.pid), begun = performance.now();
		await each(clients, at_once, async (i) => {
			const one = performance.now();
			sessions.push(await enter(i));
			latencies.push(performance.now() - one);
		});
		rows.push([name, at_once, sessions.length, repeated, ((performance.now() - begun) / 1000).toFixed(1),
			((cpu(server.pid) - before) / clients).toFixed(2), (percentile(latencies, 0.5) / 1000).toFixed(1),
			(percentile(latencies, 1) / 1000).toFixed(1), memory(server.pid).toFixed(0)]);
	}
	await Promise.all(sessions.map((session) => session.close()));
	return table(["", "at once", "in", "tried again", "all in after s", "CPU ms each", "median s", "last s", "MiB"], rows);
}
