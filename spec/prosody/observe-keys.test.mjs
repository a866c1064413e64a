// Looking on while keys are still to come: the login in use never waits for them, and what is seen is what the keys say
// once they are there. Tokens for single use stay unused.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const old = "old.example";
const host = "meet.example";
const secret = "once-secret-2-3-5-7-11-13-17-19-23-29-31";

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
	const machine = newMachine({ still: true });
	const keys = await startKeyServer();
	const [first, next] = [newKey("first"), newKey("next")];
	keys.on("/set", setOf(first));
	const server = await startProsody({ config: configOf(keys), prefix: withSpecModules(), machine });
	await server.waitForLog(/Keys of sso from .*: changed/);

	async function attempt(token, on = old) {
		const session = await connect({ url: server.ws, host: on, token });
		return { session, told: session.refused?.text ?? "in" };
	}
	const seen = (from) => [...server.log().slice(from).matchAll(/Meeting token observed: (.*)/g)].map(([, text]) => text);

	// What is seen, as soon as something is.
	async function sight(from) {
		await waitFor(() => seen(from).length > 0, "what is seen of a token");
		return seen(from);
	}

	// The source may be asked again; from now on its keys come when answer() is called.
	async function withhold() {
		const asked = [];
		keys.on("/set", (_, response) => asked.push(response));
		await machine.pass(1); // refresh_min
		return { asked, answer: () => asked.forEach((response) => response.end(setOf(first, next))) };
	}

	await t.test("the login in use does not wait for a key, and the token is judged when the key has come", async () => {
		const { asked, answer } = await withhold();
		const from = server.log().length;
		const { session, told } = await attempt(next.token({ sub: old }));
		assert.equal(told, "in");
		await waitFor(() => asked.length > 0, "a request for the key");
		assert.deepEqual(seen(from), []);
		answer();
		assert.deepEqual(await sight(from), ["would be accepted (entry: sso)"]);
		await session.close();
	});

	await t.test("whoever is gone before the key has come is judged all the same", async () => {
		const { asked, answer } = await withhold();
		const from = server.log().length;
		const { session } = await attempt(newKey("unknown").token({ sub: old }));
		await session.close();
		await waitFor(() => asked.length > 0, "a request for the key");
		await server.turn();
		answer();
		assert.deepEqual(await sight(from), ["would be refused: unknown-key (entry: sso). The login in use accepted it"]);
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
