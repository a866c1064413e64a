// What a login costs the server with each algorithm, against anonymous authentication in the same run.

import { each, login } from "./client.mjs";
import { algorithms, anonymousHost, hostOf, token } from "./host.mjs";
import { cpu, mean, median, percentile, table, uncertainty } from "./measure.mjs";

export const title = "logins: server CPU of one, as a ratio to anonymous authentication in the same round";

const limits = { HS256: 1.03, RS256: 1.03, ES256: 1.06, EdDSA: 1.10 };
const TOKENS = 64; // gone round, so that no login is like the one before

function kinds() {
	const given = (alg) => Array.from({ length: TOKENS }, (_, i) => token(alg, i));
	// the same address as the others have, so that only the verification differs
	const anonymous = algorithms.map((alg) => ({ name: `anonymous, ${alg} token unread`, alg, host: anonymousHost, tokens: given(alg) }));
	const verified = algorithms.map((alg) => ({ name: alg, alg, host: hostOf(alg), tokens: given(alg) }));
	return anonymous.flatMap((kind, i) => [kind, verified[i]]);
}

async function round(server, { host, tokens }, logins, width) {
	const latencies = [];
	const before = cpu(server.pid);
	const begun = performance.now();
	await each(logins, width, async (i) => {
		const session = await login({ url: server.ws, host, token: tokens[i % TOKENS] });
		if (session.refused) throw new Error(`refused: ${session.refused}`);
		latencies.push(session.ms);
		await session.close();
	});
	const seconds = (performance.now() - begun) / 1000;
	return { cpu: (cpu(server.pid) - before) / logins, rate: logins / seconds, latencies };
}

// Many short rounds, forth and back, so that a machine that slows down slows down both of a pair.
export async function run(server, { rounds = 60, logins = 60, width = 4 }) {
	const measured = kinds().map((kind) => ({ kind, rounds: [] }));
	for (const { kind } of measured) await round(server, kind, 100, width); // warm
	for (let i = 0; i < rounds; i++) {
		for (const row of i % 2 ? [...measured].reverse() : measured) row.rounds.push(await round(server, row.kind, logins, width));
	}
	const ratio = (index) => {
		const cost = ({ rounds: list }) => mean(list.map((one) => one.cpu));
		const ratios = measured[index].rounds.map((one, i) => one.cpu / measured[index - 1].rounds[i].cpu);
		return [(cost(measured[index]) / cost(measured[index - 1])).toFixed(3), uncertainty(ratios).toFixed(3),
			limits[measured[index].kind.alg].toFixed(2)];
	};
	return table(
		["login", "a second", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "ratio", "+-", "target"],
		measured.map(({ kind, rounds: list }, i) => {
			const latencies = list.flatMap((one) => one.latencies);
			return [kind.name, median(list.map((one) => one.rate)).toFixed(0),
				...[0.5, 0.95, 0.99].map((share) => percentile(latencies, share).toFixed(1)),
				mean(list.map((one) => one.cpu)).toFixed(3), ...(i % 2 ? ratio(i) : ["1", "", ""])];
		}),
	);
}
