// Daily's REST interface beside what is kept of tokens and what changes: single use, revocation, a secret in a file,
// the bounds of an entry.

import assert from "node:assert/strict";
import { chmodSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { domainOf, host, token, withStandIns } from "./support/daily.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { api, apiKey, claimsOf, otherApiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const filedKey = "filed-api-key-filed-api-key-filed-api-key";

test("Daily's REST interface: what changes", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const folder = makeFolder();
	chmodSync(folder, 0o755);
	const file = join(folder, "secret");
	const write = (letter) => {
		writeFileSync(file, specSecret(letter));
		utimesSync(file, now(), now());
	};
	write("1");
	const filed = `{ id = "filed", dialect = "daily", domain_id = "filed", secret_file = "${file}" };`;
	const config = restConfig({
		keys: `{ acme = "${apiKey}", beta = "${otherApiKey}", filed = "${filedKey}" }`,
		entries: { acme: "single_use = true", beta: 'require = {}; rooms = { "team-*" }; may = { "recording" }' },
		rest: 'VirtualHost "shell.example"\n\tmodules_enabled = { "admin_shell" }',
	}).replace("meetauth_issuers = {", `meetauth_issuers = { ${filed}`);
	const server = await startProsody({ config, prefix: withStandIns(), machine });
	const [acme, beta, byFile] = [apiKey, otherApiKey, filedKey].map((key) => api(server, key));
	const exp = now() + 600;

	async function login(by) {
		const session = await connect({ url: server.ws, host, token: by });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	}
	async function shell(...args) {
		const { code, stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		assert.equal(code, 0, stdout + stderr);
		return stdout;
	}
	const told = ({ status, body }) => (status === 200 ? "valid" : `${status} ${body.info}`);

	await t.test("a token for single use is validated as often as one likes, and logs in once", async () => {
		const made = (await acme.mint({ room_name: "standup", exp })).body.token;
		for (let i = 0; i < 3; i += 1) assert.equal(told(await acme.validate(made)), "valid");
		assert.deepEqual([await login(made), await login(made)], ["in", "already-used"]);
	});

	await t.test("a revoked token is not valid, and none is minted for its user, until that is taken back", async () => {
		const made = (await acme.mint({ room_name: "standup", exp, user_id: "u1" })).body.token;
		const leaked = token({ exp, jti: "leaked" });
		const [, user] = (await shell("revoke", "user", "daily:acme:u1", "entry=acme", `host=${host}`)).match(/id (\w+)/);
		const [, jti] = (await shell("revoke", "jti", "leaked", `host=${host}`)).match(/id (\w+)/);
		assert.deepEqual([told(await acme.validate(made)), told(await acme.validate(leaked))], ["400 revoked", "400 revoked"]);
		assert.equal(told(await acme.mint({ room_name: "standup", exp, user_id: "u1" })), "400 the token would be refused: revoked");
		assert.equal((await acme.mint({ room_name: "standup", exp, user_id: "u2" })).status, 200);
		for (const id of [user, jti]) await shell("unrevoke", id, host);
		assert.deepEqual([told(await acme.validate(made)), told(await acme.validate(leaked)), await login(made)], ["valid", "valid", "in"]);
	});

	await t.test("the secret that stands in the file now signs and validates, within seconds", async () => {
		const by = (letter) => sign(specSecret(letter), { d: "filed", r: "standup", iat: now(), exp });
		const made = (await byFile.mint({ room_name: "standup", exp })).body.token;
		assert.deepEqual([told(await byFile.validate(made)), await login(made)], ["valid", "in"]);
		await machine.pass(1);
		write("2");
		await machine.pass(2);
		assert.deepEqual([told(await byFile.validate(made)), told(await byFile.validate(by("2")))], ["400 signature-mismatch", "valid"]);
		const next = (await byFile.mint({ room_name: "standup", exp })).body.token;
		assert.deepEqual([told(await byFile.validate(next)), await login(next), await login(made)], ["valid", "in", "signature-mismatch"]);
	});

	await t.test("what the entry does not give is not minted", async () => {
		assert.equal(told(await beta.mint({ room_name: "standup", exp })), "400 the token would be refused: room-mismatch");
		assert.equal(told(await beta.mint({ room_name: "team-1", exp, is_owner: true })), "400 is_owner: this domain's tokens cannot make a user an owner");
		const { body } = await beta.mint({ room_name: "team-1", exp });
		assert.equal(claimsOf(body.token).d, domainOf("beta"));
		assert.deepEqual([told(await beta.validate(body.token)), await login(body.token)], ["valid", "in"]);
	});

	await t.test("the log holds no traceback and no secret", () => {
		assert.doesNotMatch(server.log(), traceback);
		for (const letter of ["1", "2"]) assert.ok(!server.log().includes(specSecret(letter)));
	});
});
