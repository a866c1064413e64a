// Prosody is killed in the middle of everything and started again: what somebody was told counts. A token that has
// logged in stays used up, what was revoked stays revoked, keys that were fetched are there.

import assert from "node:assert/strict";
import test from "node:test";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { withoutSql } from "./support/sqllog.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign } from "./support/token.mjs";

const AT_A_TIME = 4;
const secrets = { portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", once: "once-secret-2-3-5-7-11-13-17-19-23-29-31" };
const hosts = {
	"files.example": "",
	"sqlite.example": 'storage = "sql" sql = { driver = "SQLite3", database = "prosody.sqlite" }',
};

const config = (keysUrl) => Object.entries(hosts).map(([name, storage]) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}", room = "tenant" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", room = "tenant", single_use = true };
		{ id = "sso", issuer = "sso", algorithms = "ES256", jwks_url = "${keysUrl}/jwks", room = "tenant" };
	}
	${storage}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

test("a server that is killed", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const key = newKey("known");
	keys.on("/jwks", setOf(key));
	const server = await startProsody({ config: config(keys.url), prefix: withSpecModules() });
	for (const host of Object.keys(hosts)) await server.waitForLog(new RegExp(`${host}:auth_meetauth.*Keys of sso from .*: changed`));
	keys.on("/jwks", (request, response) => response.socket.destroy());

	let serial = 0;
	const portal = (host, claims) => sign(secrets.portal, { iss: "portal", sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
	const once = (host) => sign(secrets.once, { iss: "once", sub: host, exp: now() + 600, jti: `t${serial++}` });

	async function login(host, token) {
		const stream = await openStream({ url: server.ws, host, token });
		const outcome = await stream.authenticate();
		await stream.drop();
		return outcome === "success" ? "in" : outcome.text;
	}

	// Logins with fresh tokens on each of several lines, until the server dies: what each token was told, "" for nothing.
	function untilItDies(host) {
		const told = new Map();
		let dead = false;
		const lines = Array.from({ length: AT_A_TIME }, async () => {
			while (!dead) {
				const token = once(host);
				told.set(token, "");
				let stream;
				try {
					stream = await openStream({ url: server.ws, host, token });
					const outcome = await stream.authenticate();
					told.set(token, outcome === "success" ? "in" : outcome.text);
				} catch {
					dead = true;
				}
				await stream?.drop();
			}
		});
		const counted = (word) => [...told.values()].filter((one) => one === word).length;
		return { told, counted, ended: () => Promise.all(lines) };
	}

	// Revocations one after the other, until the server dies: those that it said were made.
	async function revokeUntilItDies(host) {
		const made = [];
		const admin = await openStream({ url: server.ws, host, token: portal(host) });
		assert.equal(await admin.authenticate(), "success");
		await admin.bind();
		const ended = (async () => {
			try {
				for (;;) {
					const jti = `leak${serial++}`;
					const code = `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "${jti}") ~= nil`;
					if (await admin.inside(code)) made.push(jti);
				}
			} catch { /* it is dead */ }
		})();
		return { made, ended };
	}

	for (const host of Object.keys(hosts)) {
		await t.test(`${host}: whatever somebody was told still holds`, async (s) => {
			const attempts = [];
			const revoked = [];
			for (let round = 1; round <= 3; round++) {
				const logins = untilItDies(host);
				const revocations = await revokeUntilItDies(host);
				await waitFor(() => logins.counted("in") >= 10 * round && revocations.made.length >= 5, "enough logins and revocations");
				await server.crash();
				await Promise.all([logins.ended(), revocations.ended]);
				attempts.push(...logins.told);
				revoked.push(...revocations.made);
			}
			const unknown = attempts.filter(([, told]) => told === "").map(([token]) => token);
			for (const [token, told] of attempts) {
				if (told !== "") assert.deepEqual([told, await login(host, token)], ["in", "already-used"]);
			}
			for (const token of unknown) { // used up or not, but not twice
				assert.match(await login(host, token), /^(in|already-used)$/);
				assert.equal(await login(host, token), "already-used");
			}
			for (const jti of revoked) assert.equal(await login(host, portal(host, { jti })), "revoked");
			assert.equal(await login(host, portal(host)), "in");
			s.diagnostic(`${attempts.length - unknown.length} logins and ${revoked.length} revocations that were told, ${unknown.length} logins that were not`);
		});

		await t.test(`${host}: keys that were fetched before count, while the key server is away`, async () => {
			assert.equal(await login(host, key.token({ sub: host })), "in");
		});
	}

	await t.test("the log holds no traceback", () => {
		assert.equal(withoutSql(server.log()).split("\n").find((line) => traceback.test(line)), undefined);
	});
});
