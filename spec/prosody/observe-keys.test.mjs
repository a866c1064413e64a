// Looking on while keys are still to come: the login in use never waits for them, and what is seen is what the keys say
// once they are there. Tokens for single use stay unused.

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const old = "old.example";
const host = "meet.example";
const secret = "once-secret-once-secret-once-secret-once";
const SLOW = 2000; // ms that the key server takes

const configOf = (keys) => `
VirtualHost "${old}"
	authentication = "anonymous"
	modules_enabled = { "auth_meetauth"; "live_jitsi_session"; "live_eval" }
	meetauth_issuers = {
		{ id = "sso", issuer = "sso", jwks_url = "${keys.url}/set", algorithms = "ES256", refresh_min = 1 };
		{ id = "once", issuer = "once", secret = "${secret}", single_use = true };
	}
VirtualHost "${host}"
	authentication = "meetauth"
	meetauth_issuers = { { id = "once", issuer = "once", secret = "${secret}", single_use = true, mode = "observe" } }
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
`;

test("observing with keys to come", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const [first, next] = [newKey("first"), newKey("next")];
	keys.on("/set", setOf(first));
	const server = await startProsody({ config: configOf(keys), prefix: withSpecModules() });
	await server.waitForLog(/Keys of sso from .*: changed/);

	async function attempt(token, on = old) {
		const begun = Date.now();
		const session = await connect({ url: server.ws, host: on, token });
		return { session, ms: Date.now() - begun, told: session.refused?.text ?? "in" };
	}
	const seen = (from) => [...server.log().slice(from).matchAll(/Meeting token observed: (.*)/g)].map(([, text]) => text);

	// What is seen, as soon as something is.
	async function sight(from) {
		for (let tries = 0; tries < 100 && !seen(from)[0]; tries += 1) await sleep(100);
		return seen(from);
	}

	await t.test("the login in use does not wait for a key, and the token is judged when the key has come", async () => {
		keys.on("/set", (_, response) => setTimeout(() => response.end(setOf(first, next)), SLOW));
		await sleep(1200); // the source may be asked again
		const from = server.log().length;
		const { session, ms, told } = await attempt(next.token({ sub: old }));
		assert.equal(told, "in");
		assert.ok(ms < SLOW / 2, `${ms} ms`);
		assert.deepEqual(seen(from), []);
		assert.deepEqual(await sight(from), ["would be accepted (entry: sso)"]);
		await session.close();
	});

	await t.test("whoever is gone before the key has come is judged all the same", async () => {
		keys.on("/set", (_, response) => setTimeout(() => response.end(setOf(first, next)), SLOW));
		await sleep(1200);
		const from = server.log().length;
		const { session } = await attempt(newKey("unknown").token({ sub: old }));
		await session.close();
		assert.deepEqual(await sight(from), ["would be refused: unknown-key (entry: sso); the login in use let it in"]);
	});

	await t.test("a key that is there is judged by at once", async () => {
		const from = server.log().length;
		const { session } = await attempt(first.token({ sub: old }));
		assert.deepEqual(seen(from), ["would be accepted (entry: sso)"]);
		await session.close();
	});

	await t.test("tokens for single use are not used up, however often they are looked at", async () => {
		const token = sign(secret, { iss: "once", sub: old, room: "standup", exp: now() + 600, jti: "1" });
		const from = server.log().length;
		for (let i = 0; i < 2; i += 1) await (await attempt(token)).session.close();
		for (let i = 0; i < 2; i += 1) assert.equal((await attempt(token, host)).told, "observed-only");
		assert.deepEqual(seen(from), Array(4).fill("would be accepted (entry: once)"));
	});

	await t.test("the report has it all", async () => {
		const { session } = await attempt(first.token({ sub: old }));
		const report = await inside(session, `return prosody.hosts["${old}"].modules.auth_meetauth.observe_report()`);
		assert.deepEqual(report.map((one) => ({ ...one, reasons: { ...one.reasons } })), [
			{ entry: "once", accepted: 2, refused: 0, differs: 0, reasons: {} },
			{ entry: "sso", accepted: 3, refused: 1, differs: 1, reasons: { "unknown-key": 1 } },
		]);
		await session.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
