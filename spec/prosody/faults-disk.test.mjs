// The disk with Prosody's data is full, or what stands on it is damaged: by files and by SQLite. Logins go on; what
// could not be written is not promised, and what was written before is still known.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { withoutSql } from "./support/sqllog.mjs";
import { now, sign } from "./support/token.mjs";

const secrets = { portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", once: "once-secret-2-3-5-7-11-13-17-19-23-29-31" };
const [files, sqlite] = ["files.example", "sqlite.example"];

const config = (keysUrl) => [files, sqlite].map((name) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}", room = "tenant" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", room = "tenant", single_use = true };
		{ id = "sso", issuer = "sso", algorithms = "ES256", jwks_url = "${keysUrl}/${name}", refresh_min = 1, room = "tenant" };
	}
	${name === sqlite ? 'storage = "sql" sql = { driver = "SQLite3", database = "prosody.sqlite" }' : ""}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

// Time stands but for what pass() lets go by.
test("a full disk", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const keys = await startKeyServer();
	const key = newKey("known");
	for (const host of [files, sqlite]) keys.on(`/${host}`, setOf(key));
	const server = await startProsody({ config: config(keys.url), prefix: withSpecModules(), machine });
	for (const host of [files, sqlite]) await server.waitForLog(new RegExp(`Keys of sso from .*/${host}: changed`));

	let serial = 0;
	const portal = (host, claims) => sign(secrets.portal, { iss: "portal", sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
	const once = (host) => sign(secrets.once, { iss: "once", sub: host, exp: now() + 600, jti: `t${serial++}` });

	async function login(host, token) {
		const session = await connect({ url: server.ws, host, token });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	}
	async function until(wanted, host, makeToken) {
		let outcome;
		for (let seconds = 0; seconds < 10; seconds++) {
			outcome = await login(host, makeToken());
			if (outcome === wanted) return;
			await machine.pass(1);
		}
		assert.fail(`${outcome}, not ${wanted}`);
	}

	for (const host of [files, sqlite]) {
		const admin = await connect({ url: server.ws, host, token: portal(host) });
		const meetauth = (code) => inside(admin, `local meetauth = prosody.hosts["${host}"].modules.auth_meetauth; ${code}`);
		const revoke = (jti) => meetauth(`local one, why = meetauth.revoke("jti", "${jti}"); return one and "revoked" or why`);
		const used = once(host);
		assert.equal(await login(host, used), "in");
		assert.equal(await revoke("leaked"), "revoked");
		const fresh = newKey(`fresh-${host}`);

		await t.test(`${host}: a login goes on, single use does not, and a revocation says that it failed`, async () => {
			const from = server.log().length;
			machine.fillDisk(true);
			const by = once(host);
			assert.equal(await login(host, by), "storage-unavailable");
			assert.equal(await login(host, by), "storage-unavailable");
			for (let i = 0; i < 5; i++) assert.equal(await login(host, portal(host)), "in");
			assert.equal(await login(host, portal(host, { jti: "leaked" })), "revoked");
			assert.equal(await revoke("another"), "storage-unavailable");
			assert.equal(await meetauth("return #meetauth.revoked()"), 1);
			assert.equal(await login(host, used), "already-used");
			assert.match(server.log().slice(from), /auth_meetauth\s+error\tStorage cannot be written: /);
			assert.doesNotMatch(server.log().slice(from), /Storage fails/);
		});

		await t.test(`${host}: keys that were fetched count, and new ones do, too, but are not kept`, async () => {
			const from = server.log().length;
			assert.equal(await login(host, key.token({ sub: host })), "in");
			keys.on(`/${host}`, setOf(key, fresh));
			await machine.pass(1); // refresh_min
			await until("in", host, () => fresh.token({ sub: host }));
			await server.waitForLog(/auth_meetauth\s+warn\tKeys are not stored for the next start: /, PATIENCE, from);
		});

		await t.test(`${host}: with room again everything goes on, and no half of a file is left`, async () => {
			machine.fillDisk(false);
			const by = once(host);
			await until("in", host, () => once(host));
			assert.deepEqual([await login(host, by), await login(host, by)], ["in", "already-used"]);
			assert.equal(await revoke("another"), "revoked");
			assert.equal(await login(host, portal(host, { jti: "another" })), "revoked");
			assert.deepEqual(readdirSync(server.dataDir, { recursive: true }).filter((name) => name.endsWith("~")), []);
			await admin.close();
		});
	}

	await t.test("revocations that cannot be read any more, at a start: nobody logs in until they can", async () => {
		const folder = join(server.dataDir, "files%2eexample", "meetauth_revoked");
		const path = join(folder, readdirSync(folder).find((name) => /^[0-9a-f]{2}\.dat$/.test(name)));
		const good = readFileSync(path);
		writeFileSync(path, good.subarray(0, good.length - 20));
		await server.restart();
		assert.equal(await login(files, portal(files)), "storage-unavailable");
		assert.match(server.log(), /files\.example:auth_meetauth\s+error\tThe store meetauth_revoked cannot be read: [0-9a-f]{2}: /);
		writeFileSync(path, good);
		await until("in", files, () => portal(files));
		assert.equal(await login(files, portal(files, { jti: "leaked" })), "revoked");
	});

	await t.test("the log holds no traceback", () => {
		const told = withoutSql(server.log()).split("\n")
			.filter((line) => !/Unable to load \S+ storage|Failed to load \S+ storage|Error in SQL transaction/.test(line)); // Prosody's own
		assert.equal(told.find((line) => traceback.test(line)), undefined);
	});
});
