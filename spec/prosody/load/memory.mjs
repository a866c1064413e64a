// Two hundred thousand logins, good and bad ones: memory must not grow with them.

import { each, login } from "./client.mjs";
import { hostOf, token } from "./host.mjs";
import { memory, table } from "./measure.mjs";

export const title = "memory: resident MiB of the server while logins go by, one in four of them refused";

const STEPS = 10;

export async function run(server, { total = 200000, width = 16 }) {
	const rows = [[0, memory(server.pid).toFixed(1), ""]];
	let serial = 0;
	for (let step = 1; step <= STEPS; step++) {
		const begun = performance.now();
		await each(total / STEPS, width, async () => {
			const i = serial++;
			const good = token("HS256", i);
			const session = await login({ url: server.ws, host: hostOf("HS256"), token: i % 4 === 3 ? good.slice(0, -3) : good });
			if (Boolean(session.refused) !== (i % 4 === 3)) throw new Error(`login ${i}: ${session.refused ?? "let in"}`);
			await session.close?.();
		});
		rows.push([(total / STEPS) * step, memory(server.pid).toFixed(1), (total / STEPS / ((performance.now() - begun) / 1000)).toFixed(0)]);
	}
	return table(["logins", "MiB", "a second"], rows);
}
