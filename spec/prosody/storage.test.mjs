// Two Prosodys that share one PostgreSQL: what is revoked or used up on one counts on the other; and what happens
// while the database is down, or accepts connections and never answers.

import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const POLL = 5000; // ms: how often a server looks at what others have revoked
const secret = "portal-secret-portal-secret-portal-secret";
const onceSecret = "once-secret-once-secret-once-secret-once";
const closed = "closed.example";
const open = "open.example";
const RACES = 40;

const config = (sql) => [closed, open].map((name) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	storage = { meetauth_revoked = "sql"; meetauth_used = "sql" }
	sql = ${sql}
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secret}", room = "tenant" };
		{ id = "once", issuer = "once", secret = "${onceSecret}", room = "tenant", single_use = true };
	}
	${name === open ? 'meetauth_storage_down = "open"' : ""}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

let serial = 0;
const token = (host, claims = {}) => sign(secret, { iss: "portal", sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
const once = (host) => sign(onceSecret, { iss: "once", sub: host, exp: now() + 600, jti: `t${serial++}` });

test("storage", { timeout: 120000 }, async (t) => {
	const database = await startPostgres();
	t.after(() => database.remove());
	const start = async () => {
		const server = await startProsody({ config: config(database.sql), prefix: withSpecModules() });
		t.after(() => server.stop());
		return server;
	};
	const servers = [await start()];
	servers.push(await start());
	const [one, other] = servers;

	// Log in: "in", or the reason.
	async function login(server, by, host = closed) {
		const session = await connect({ url: server.ws, host, token: by, timeout: 20000 });
		if (session.refused) return session.refused.text;
		await session.close(20000);
		return "in";
	}
	// Log in until the outcome is the wanted one: the milliseconds it took.
	async function until(wanted, server, makeToken, host = closed, limit = POLL + 2000) {
		const began = Date.now();
		for (;;) {
			const outcome = await login(server, makeToken(host), host);
			if (outcome === wanted) return Date.now() - began;
			if (Date.now() - began > limit) assert.fail(`${host}: ${outcome}, not ${wanted} within ${limit} ms`);
			await sleep(50);
		}
	}
	// How long a server took to answer, at most, since the last call; it is asked all the time.
	function watchStalls(server) {
		let worst = 0;
		let ended = false;
		const ask = () => new Promise((resolve) => {
			const began = Date.now();
			const done = () => { worst = Math.max(worst, Date.now() - began); resolve(); };
			http.get(`${server.http}/http-bind`, (response) => response.resume().on("end", done)).on("error", done);
		});
		const watching = (async () => { while (!ended) { await ask(); await sleep(20); } })();
		t.after(() => { ended = true; return watching; });
		return () => { const seen = worst; worst = 0; return seen; };
	}

	const admins = new Map();
	for (const server of servers) {
		for (const host of [closed, open]) {
			const admin = await connect({ url: server.ws, host, token: token(host), timeout: 20000 });
			assert.equal(admin.refused, undefined);
			admins.set(server.ws + host, admin);
		}
	}
	const meetauth = (server, code, host = closed) =>
		inside(admins.get(server.ws + host), `local meetauth = prosody.hosts["${host}"].modules.auth_meetauth; ${code}`);

	await t.test("revoked on one: refused there at once, and on the other within 5 seconds", async (s) => {
		const by = token(closed, { jti: "leaked" });
		assert.deepEqual(await Promise.all(servers.map((server) => login(server, by))), ["in", "in"]);
		const sitting = await connect({ url: other.ws, host: closed, token: by, timeout: 20000 });
		const here = `standup@conference.${closed}/sitting`;
		assert.equal((await sitting.join(here.split("/")[0], "sitting")).refused, undefined);
		const removed = sitting.next({ name: "presence", type: "unavailable", from: here }, 20000);
		await meetauth(one, 'return meetauth.revoke("jti", "leaked").id');
		const began = Date.now();
		assert.equal(await login(one, by), "revoked");
		assert.match((await removed).getElementsByTagName("reason")[0].textContent, /^revoked/);
		const took = Date.now() - began;
		assert.ok(took < POLL + 1500, `${took} ms`);
		assert.equal(await login(other, by), "revoked");
		s.diagnostic(`removed on the other server after ${took} ms`);
		await sitting.close(20000);
	});

	await t.test("taken back on the other one: it counts again on both", async () => {
		const by = token(closed, { jti: "leaked" });
		assert.equal(await meetauth(other, "return meetauth.unrevoke(meetauth.revoked()[1].id)"), true);
		assert.equal(await login(other, by), "in");
		await until("in", one, () => by);
	});

	await t.test("revoked for one host: another host's tokens are none of its business", async () => {
		await meetauth(one, 'return meetauth.revoke("sub", "x").id');
		await sleep(POLL + 500);
		assert.equal(await meetauth(other, "return #meetauth.revoked()"), 1);
		assert.equal(await meetauth(other, "return #meetauth.revoked()", open), 0);
	});

	await t.test("used up on one: refused on both at once", async () => {
		for (const [first, second] of [servers, [...servers].reverse()]) {
			const by = once(closed);
			assert.equal(await login(first, by), "in");
			assert.equal(await login(second, by), "already-used");
			assert.equal(await login(first, by), "already-used");
		}
	});

	await t.test("given to both in the same moment: never are both in", async (s) => {
		const count = { 0: 0, 1: 0, 2: 0 };
		for (let i = 0; i < RACES; i++) {
			const by = once(closed);
			const outcomes = await Promise.all([one, other, one, other].map((server) => login(server, by)));
			count[outcomes.filter((outcome) => outcome === "in").length] += 1;
			assert.ok(outcomes.every((outcome) => ["in", "already-used"].includes(outcome)), outcomes.join());
		}
		s.diagnostic(`${RACES} tokens, four logins each on two servers: one in ${count[1]}, nobody in ${count[0]}`);
		assert.equal(count[2], 0);
		assert.ok(count[1] > RACES / 2);
	});

	const stalls = watchStalls(one);
	await t.test("database stopped: refused where that is configured, let in where that is, and nobody waits", async (s) => {
		const from = one.log().length;
		await database.stop();
		stalls();
		const began = Date.now();
		assert.equal(await login(one, once(closed)), "storage-unavailable");
		assert.ok(Date.now() - began < 1000);
		assert.equal(await login(one, token(closed)), "storage-unavailable");
		assert.equal(await login(one, once(open), open), "in");
		assert.equal(await login(one, token(open), open), "in");
		const took = await until("storage-unavailable", other, token);
		assert.equal(await meetauth(one, 'local _, why = meetauth.revoke("jti", "x"); return why'), "storage-unavailable");
		const admin = admins.get(one.ws + closed); // who is there goes on
		assert.equal((await admin.join(`still@conference.${closed}`, "admin")).refused, undefined);
		s.diagnostic(`noticed by the other server after ${took} ms; the server stood still for ${stalls()} ms at most`);
		assert.match(one.log().slice(from), /closed\.example:auth_meetauth\s+error\s+Storage fails/);
		assert.ok(one.log().slice(from).split("Storage fails").length - 1 <= 2); // once for each host
	});

	await t.test("revoked before the database stopped: refused all the same", async () => {
		await database.start();
		for (const server of servers) await until("in", server, token);
		while (await meetauth(one, 'return meetauth.revoke("jti", "known") == nil', open)) await sleep(100);
		await until("revoked", other, (host) => token(host, { jti: "known" }), open);
		await database.stop();
		for (const server of servers) {
			assert.equal(await login(server, once(open), open), "in");
			assert.equal(await login(server, token(open, { jti: "known" }), open), "revoked");
		}
	});

	await t.test("database back: logins go on, without a restart", async (s) => {
		await until("storage-unavailable", other, token);
		await database.start();
		const took = await Promise.all(servers.map((server) => until("in", server, once)));
		s.diagnostic(`back after ${took.join(" and ")} ms`);
		assert.match(one.log(), /Storage works again/);
		const by = once(closed);
		assert.deepEqual([await login(one, by), await login(other, by)], ["in", "already-used"]);
	});

	await t.test("database that accepts and never answers: each host waits once, for two time-outs", async (s) => {
		await database.stop();
		await database.silence();
		stalls();
		await until("storage-unavailable", one, token, closed, 20000);
		await sleep(1000);
		const first = stalls();
		const began = Date.now();
		assert.equal(await login(one, once(closed)), "storage-unavailable");
		assert.equal(await login(one, once(open), open), "in");
		s.diagnostic(`stood still for ${first} ms; the next two logins took ${Date.now() - began} ms`);
		await sleep(2000);
		assert.ok(first < 2 * 2 * 2000 + 1500, `${first} ms`); // two hosts, which may come one after the other
		assert.ok(stalls() < 1500);
	});

	// Prosody shows where a transaction has failed, with all that called it
	const shown = /Error in SQL transaction: .*\n(\t.*\n|\n)*?\t?stack traceback:\n(\t.*\n)*/g;
	for (const server of servers) assert.doesNotMatch(server.log().replace(shown, ""), traceback);
});
