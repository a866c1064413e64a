// Garbage in the place of tokens, at a steady rate: what good logins notice of it.

import { setTimeout as sleep } from "node:timers/promises";
import { randomBytes } from "node:crypto";
import { login } from "./client.mjs";
import { anonymousHost, hostOf, token } from "./host.mjs";
import { cpu, median, percentile, table } from "./measure.mjs";

export const title = "flood: median latency of good logins, quiet and under garbage tokens (target: 1.5 x)";

const flip = (good) => good.slice(0, -8) + (good.endsWith("A") ? "B" : "A").repeat(8);
const garbage = {
	"random bytes": () => randomBytes(400).toString("base64url"),
	"forged signatures": (i) => flip(token("HS256", i)),
	"16 KiB of dots": () => ".".repeat(16000),
};

// Good logins one after another, for so many milliseconds.
async function good(server, ms) {
	const latencies = [], end = performance.now() + ms;
	for (let i = 0; performance.now() < end; i++) {
		const session = await login({ url: server.ws, host: hostOf("HS256"), token: token("HS256", i) });
		if (session.refused) throw new Error(`refused: ${session.refused}`);
		latencies.push(session.ms);
		await session.close();
		await sleep(5);
	}
	return latencies;
}

// Attempts with what make(i) gives, 'rate' a second, until stop() is called.
function flood(server, host, make, rate) {
	let count = 0, let_in = 0;
	const running = new Set();
	const timer = setInterval(() => {
		const attempt = login({ url: server.ws, host, token: make(count++) })
			.then((session) => { if (!session.refused) let_in += 1; return session.close?.(); }, () => {})
			.finally(() => running.delete(attempt));
		running.add(attempt);
	}, 1000 / rate);
	return async () => {
		clearInterval(timer);
		await Promise.all(running);
		return { count, let_in };
	};
}

// What good logins meet while a host is flooded.
async function under(server, host, make, { seconds, rate }) {
	const before = cpu(server.pid), begun = performance.now();
	const stop = flood(server, host, make, rate);
	const latencies = await good(server, seconds * 1000);
	const share = (cpu(server.pid) - before) / (performance.now() - begun);
	return { latencies, share, ...await stop() };
}

// The same addresses go to a host that reads no token, too: what Prosody itself takes for them.
export async function run(server, { seconds = 10, rate = 50 }) {
	const rows = [];
	await good(server, 2000); // warm
	for (const [name, make] of Object.entries(garbage)) {
		const quiet = await good(server, seconds * 1000);
		const loud = await under(server, hostOf("HS256"), make, { seconds, rate });
		const unread = await under(server, anonymousHost, make, { seconds, rate });
		const ratio = ({ latencies }) => (median(latencies) / median(quiet)).toFixed(2);
		rows.push([name, (loud.count / seconds).toFixed(0), loud.let_in, (loud.share * 100).toFixed(0), median(quiet).toFixed(1),
			median(loud.latencies).toFixed(1), ratio(loud), percentile(quiet, 0.95).toFixed(1), percentile(loud.latencies, 0.95).toFixed(1),
			ratio(unread)]);
	}
	return table(["garbage", "a second", "let in", "CPU %", "quiet p50 ms", "p50 ms", "ratio", "quiet p95", "p95", "ratio, unread"], rows);
}
