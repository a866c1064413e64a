// What outsiders and outages cannot do: a storm of logins brings about few requests, and a restart while the key
// server is away finds the last good set.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { asapPath, keysConfig, newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const host = "meet.example";
const STORM = 1000;
const AT_ONCE = 50;
const FLOOR = 5; // refresh_min, seconds

const machine = newMachine({ still: true });

test("a storm of logins with one unknown kid", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const [known, fresh] = [newKey("known"), newKey("fresh")];
	const late = (code, body) => (request, response) => setTimeout(() => response.writeHead(code).end(body), 300);
	keys.on("/jwks", late(200, setOf(known)));
	keys.on(asapPath("fresh"), late(404));
	const server = await startProsody({
		config: keysConfig([
			`{ id = "jwks", issuer = "sso", algorithms = "ES256", jwks_url = "${keys.url}/jwks", refresh_min = ${FLOOR} }`,
			`{ id = "asap", issuer = "asap", algorithms = "ES256", asap_url = "${keys.url}" }`,
		]),
		prefix: withSpecModules(), machine,
	});
	await server.waitForLog(/Keys of jwks from .*: changed/);

	const tokens = [fresh.token(), fresh.token({ iss: "asap" })];
	const verdicts = { "unknown-key": 0 };
	const inside = [];
	const storm = async (logins) => {
		let left = logins;
		await Promise.all(Array.from({ length: AT_ONCE }, async () => {
			while (left > 0) {
				const number = left--;
				const stream = await openStream({ url: server.ws, host, token: number % 100 ? tokens[number % 2] : known.token() });
				const answer = await stream.authenticate();
				if (number % 100) {
					const word = answer.text.split(" ")[0];
					verdicts[word] = (verdicts[word] ?? 0) + 1;
				} else {
					inside.push(answer);
				}
				await stream.drop();
			}
		}));
		return { jwks: keys.requests("/jwks"), asap: keys.requests(asapPath("fresh")) };
	};
	const asked = [await storm(STORM / 2)];
	await machine.pass(FLOOR - 1);
	asked.push(await storm(100));
	await machine.pass(1);
	asked.push(await storm(STORM / 2 - 100));

	await t.test("is refused with one word, every login of it", () => {
		assert.deepEqual(verdicts, { "unknown-key": STORM - STORM / 100 });
	});
	await t.test("brings about one request to an ASAP server", () => assert.deepEqual(asked.map(({ asap }) => asap), [1, 1, 1]));
	await t.test("brings about three requests at once to a JWK set, beside that at the start, and then one in refresh_min", () => {
		assert.deepEqual(asked.map(({ jwks }) => jwks), [4, 4, 5]);
	});
	await t.test("keeps nobody out whose key is known", () => {
		assert.deepEqual(inside, Array(STORM / 100).fill("success"));
	});
	await t.test("leaves no traceback", () => assert.doesNotMatch(server.log(), traceback));
});

test("forty forged key names, and then a good one that nobody has seen", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const good = newKey("good");
	keys.on(asapPath("good"), good.pem);
	const server = await startProsody({
		config: keysConfig([`{ id = "asap", issuer = "asap", algorithms = "ES256", asap_url = "${keys.url}" }`]),
		prefix: withSpecModules(),
	});
	const login = async (key) => { // by the machine's own clock: names that wait have a second to go
		const stream = await openStream({ url: server.ws, host, token: key.token({ iss: "asap" }) });
		const answer = await stream.authenticate();
		await stream.drop();
		return answer === "success" ? answer : answer.text.split(" ")[0];
	};
	const forge = (round) => Array.from({ length: 40 }, (_, i) => login(newKey(`forged ${round} ${i}`)));
	for (const [round, name] of ["at once", "after a restart with nothing in store"].entries()) {
		await t.test(`is in ${name}`, async () => {
			const forged = forge(round);
			assert.equal(await login(good), "success");
			for (const word of await Promise.all(forged)) assert.match(word, /^(unknown-key|keys-unavailable)$/);
			assert.equal(keys.requests(asapPath("good")), round + 1);
			rmSync(join(server.dataDir, "meet%2eexample", "meetauth_keys"), { recursive: true, force: true });
			await server.restart();
		});
	}
	await t.test("leaves no traceback", () => assert.doesNotMatch(server.log(), traceback));
});

test("the last good set outlives a restart while the key server is away", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const known = newKey("known");
	keys.on("/jwks", setOf(known));
	const entry = (maxStale) => `{ id = "jwks", issuer = "sso", algorithms = "ES256", jwks_url = "${keys.url}/jwks",
		refresh_min = 1, refresh_max = 1, max_stale = ${maxStale} }`;
	const first = await startProsody({ config: keysConfig([entry(3600)]), prefix: withSpecModules(), machine });
	await first.waitForLog(/Keys of jwks from .*: changed/);
	await keys.close();
	await machine.pass(1);
	await first.waitForLog(/Keys of jwks from .*: it does not answer/);
	const login = async (server) => {
		const session = await connect({ url: server.ws, host, token: known.token() });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	};
	const restarted = async (maxStale) => {
		const server = await startProsody({
			config: `data_path = "${first.dataDir}"\n${keysConfig([entry(maxStale)])}`,
			prefix: withSpecModules(), machine,
		});
		return server;
	};

	await t.test("within max_stale it counts", async () => {
		assert.equal(await login(await restarted(3600)), "in");
	});

	await t.test("beyond it does not", async () => {
		await machine.pass(3);
		assert.equal(await login(await restarted(2)), "keys-unavailable");
	});
});
