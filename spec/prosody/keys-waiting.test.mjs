// Logins that wait for a key: only they wait, and not for long; a client that goes and a module that is reloaded
// leave nothing behind.
// Proves mod_auth_meetauth/keys.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { asapPath, keysConfig, newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const host = "meet.example";

// Time stands but for what pass() lets go by.
test("logins that wait for a key", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const keys = await startKeyServer();
	const [known, fresh, asap, slow] = [newKey("known"), newKey("fresh"), newKey("asap"), newKey("slow")];
	keys.on("/jwks", setOf(known));
	const server = await startProsody({
		config: keysConfig([
			`{ id = "jwks", issuer = "sso", algorithms = "ES256", jwks_url = "${keys.url}/jwks", refresh_min = 1 }`,
			`{ id = "asap", issuer = "asap", algorithms = "ES256", asap_url = "${keys.url}" }`,
		]),
		prefix: withSpecModules(), machine,
	});
	await server.waitForLog(/Keys of jwks from .*: changed/);

	const login = async (token, url = server.ws) => {
		const session = await connect({ url, host, token });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	};
	const watcher = await connect({ url: server.ws, host, token: known.token() });

	for (const transport of ["ws", "bosh"]) {
		await t.test(`${transport}: a new key is fetched for the login that needs it`, async () => {
			const key = newKey(`fresh-${transport}`);
			keys.on("/jwks", setOf(known, key));
			await machine.pass(1); // refresh_min
			assert.equal(await login(key.token(), server[transport]), "in");
		});

		await t.test(`${transport}: while it waits others log in, and it gets in when the key comes`, async () => {
			const key = newKey(`late-${transport}`);
			let answer;
			const asked = new Promise((resolve) => {
				keys.on(asapPath(key.kid), (request, response) => {
					answer = () => response.end(key.pem);
					resolve();
				});
			});
			const waiting = login(key.token({ iss: "asap" }), server[transport]);
			await asked;
			const others = await Promise.all(["ws", "bosh"].map((way) => login(known.token(), server[way])));
			assert.deepEqual(others, ["in", "in"]);
			answer();
			assert.equal(await waiting, "in");
		});
	}

	await t.test("a new key under an old name is fetched for the login that needs it, and nobody forges with the old one's name", async () => {
		const again = newKey("known");
		keys.on("/jwks", setOf(again));
		await machine.pass(1); // refresh_min
		assert.equal(await login(again.token()), "in");
		assert.equal(await login(known.token()), "in"); // its grace
		assert.equal(await login(newKey("known").token()), "signature-mismatch");
		keys.on("/jwks", setOf(known));
		await machine.pass(1);
		assert.equal(await login(newKey("known").token()), "signature-mismatch"); // brings the change about
	});

	await t.test("a login waits five seconds at most", async () => {
		const waiting = [];
		let over = 0;
		await Promise.all(["ws", "bosh"].map(async (transport) => {
			const path = asapPath(`never-${transport}`);
			keys.on(path, () => {});
			waiting.push(login(newKey(`never-${transport}`).token({ iss: "asap" }), server[transport]).finally(() => { over++; }));
			await waitFor(() => keys.requests(path) > 0, `a request for ${path}`);
		}));
		await machine.pass(3);
		await watcher.heard();
		assert.equal(over, 0);
		await machine.pass(2);
		assert.deepEqual(await Promise.all(waiting), ["keys-unavailable", "keys-unavailable"]);
	});

	await t.test("a client that goes while it waits leaves no session and no thread behind", async () => {
		keys.on(asapPath("gone"), () => {});
		await inside(watcher, `local seen = setmetatable({}, { __mode = "k" });
			rawset(_G, "spec_seen", seen);
			module:context("*"):hook("websocket-session", function (event) seen[event.session.thread] = true; end);`);
		const token = newKey("gone").token({ iss: "asap" });
		for (let i = 0; i < 10; i++) {
			const stream = await openStream({ url: server.ws, host, token });
			stream.send('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>');
			await server.turn();
			await stream.drop();
		}
		assert.equal(keys.requests(asapPath("gone")), 1);
		await machine.pass(7);
		await login(known.token()); // collects, and runs what was left
		await server.turn();
		const [sessions, threads] = await inside(watcher, `local sessions, threads = 0, 0;
			for _ in pairs(prosody.full_sessions) do sessions = sessions + 1; end
			collectgarbage(); collectgarbage();
			for _ in pairs(_G.spec_seen) do threads = threads + 1; end
			return { sessions, threads };`);
		assert.equal(sessions, 1);
		assert.ok(threads <= 1, `${threads} threads are still held`);
	});

	await t.test("a reload of the module while a key is fetched is safe: who waits is refused at once", async () => {
		let answer;
		const asked = new Promise((resolve) => {
			keys.on(asapPath("slow"), (request, response) => {
				answer = () => response.end(slow.pem);
				resolve();
			});
		});
		const waiting = login(slow.token({ iss: "asap" }));
		await asked;
		await inside(watcher, 'require "core.modulemanager".reload("meet.example", "auth_meetauth")');
		assert.equal(await waiting, "keys-unavailable"); // while time stands
		answer();
		keys.on(asapPath("slow"), slow.pem);
		assert.equal(await login(slow.token({ iss: "asap" })), "in");
		assert.equal(await login(known.token()), "in");
	});

	await t.test("the log holds no traceback", () => {
		const line = server.log().split("\n").find((one) => traceback.test(one));
		assert.equal(line, undefined);
	});
});
