// Two Prosodys that share one PostgreSQL while that is stopped, comes back, or accepts connections and never answers.
// Proves mod_auth_meetauth/storage.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { TEST } from "./support/patience.mjs";
import { closed, login, once, open, pass, startTwins, token, until } from "./support/twins.mjs";

// Lua: log in with each of these tokens, as the server does it: what came of each, and for how many seconds the server has
// slept over it: neither at work nor in want of a processor.
const attempts = (tokens) => `
local function awake()
	local file <close> = assert(io.open("/proc/self/schedstat"));
	local at_work, in_want = file:read("n", "n");
	return (at_work + in_want) / 1e9;
end
local now = require "util.time".monotonic;
local outcomes, began, awake_before = {}, now(), awake();
for i, one in ipairs({ ${tokens.map(({ host, by }) => `{ host = "${host}", token = "${by}" }`).join(", ")} }) do
	local session = { host = one.host, log = function () end, meetauth_offer = { query = { { name = "token", value = one.token } } } };
	local handler = prosody.hosts[one.host].users.get_sasl_handler(session);
	handler:select("ANONYMOUS");
	local outcome, _, text = handler:process();
	outcomes[i] = outcome == "success" and "in" or text:match(": (%S+) %(");
end
return { outcomes = outcomes, slept = now() - began - (awake() - awake_before) };`;

test("storage down", { timeout: TEST }, async (t) => {
	const { database, servers, admin, meetauth, checkLogs } = await startTwins();
	const [one, other] = servers;
	const tries = [{ host: closed, by: once(closed) }, { host: closed, by: token(closed) }, { host: open, by: once(open) }, { host: open, by: token(open) }];
	const tryAll = (server) => meetauth(server, attempts(tries));
	const whileDown = ["storage-unavailable", "storage-unavailable", "in", "in"];

	await t.test("database stopped: refused where that is configured, let in where that is, and nobody waits", async () => {
		const from = one.log().length;
		await database.stop();
		const { outcomes, slept } = await tryAll(one);
		assert.deepEqual(outcomes, whileDown);
		assert.ok(slept < 1, `${slept} s`);
		assert.equal(await login(one, token(closed)), "storage-unavailable");
		assert.equal(await login(one, token(open), open), "in");
		await until("storage-unavailable", other, token);
		assert.equal(await meetauth(one, 'local _, why = meetauth.revoke("jti", "x"); return why'), "storage-unavailable");
		const sitting = admin(one); // goes on
		assert.equal((await sitting.join(`still@conference.${closed}`, "admin")).refused, undefined);
		assert.match(one.log().slice(from), /\.example:auth_meetauth\s+error\s+Storage fails/);
		assert.equal(one.log().slice(from).split("Storage fails").length - 1, 1); // for both hosts
	});

	await t.test("revoked before the database stopped: refused all the same", async () => {
		await database.start();
		for (const server of servers) await until("in", server, token);
		while (await meetauth(one, 'return meetauth.revoke("jti", "known") == nil', open)) await pass(1);
		await until("revoked", other, (host) => token(host, { jti: "known" }), open);
		await database.stop();
		for (const server of servers) {
			assert.equal(await login(server, once(open), open), "in");
			assert.equal(await login(server, token(open, { jti: "known" }), open), "revoked");
		}
	});

	await t.test("the module is read again while the database is stopped: what was revoked stays so", async () => {
		await meetauth(one, `return require "core.modulemanager".reload("${open}", "auth_meetauth") ~= nil`, open);
		assert.equal(await login(one, token(open, { jti: "known" }), open), "revoked");
		assert.equal(await login(one, token(open), open), "in");
	});

	await t.test("database back: logins go on, without a restart", async () => {
		await until("storage-unavailable", other, token);
		await database.start();
		for (const server of servers) await until("in", server, once);
		assert.match(one.log(), /Storage works again/);
		const by = once(closed);
		assert.deepEqual([await login(one, by), await login(other, by)], ["in", "already-used"]);
	});

	await t.test("database that accepts and never answers: the server waits once, for one or two time-outs", async () => {
		await database.stop();
		process.kill(other.pid, "SIGSTOP"); // it would ask, too
		const asked = await database.silence();
		assert.equal(await login(one, once(closed)), "storage-unavailable");
		const waited = asked();
		assert.ok(waited === 1 || waited === 2, `${waited} time-outs`);
		const { outcomes, slept } = await tryAll(one);
		assert.deepEqual(outcomes, whileDown);
		assert.ok(slept < 1, `${slept} s`);
		assert.equal(asked(), waited); // it is left alone for a while
		process.kill(other.pid, "SIGCONT");
	});

	await t.test("the log holds no traceback", checkLogs);
});
