// Two Prosodys that share one PostgreSQL while that is stopped, comes back, or accepts connections and never answers.

import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TEST } from "./support/patience.mjs";
import { closed, login, once, open, startTwins, token, until } from "./support/twins.mjs";

test("storage down", { timeout: TEST }, async (t) => {
	const { database, servers, admin, meetauth, checkLogs } = await startTwins(t);
	const [one, other] = servers;

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
		const sitting = admin(one); // goes on
		assert.equal((await sitting.join(`still@conference.${closed}`, "admin")).refused, undefined);
		s.diagnostic(`noticed by the other server after ${took} ms; the server stood still for ${stalls()} ms at most`);
		assert.match(one.log().slice(from), /\.example:auth_meetauth\s+error\s+Storage fails/);
		assert.equal(one.log().slice(from).split("Storage fails").length - 1, 1); // for both hosts
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

	await t.test("database that accepts and never answers: the server waits once, for one or two time-outs", async (s) => {
		await database.stop();
		await database.silence();
		let first = 0;
		for (const end = Date.now() + 15000; first < 1500 && Date.now() < end; await sleep(100)) first = Math.max(first, stalls());
		const began = Date.now();
		assert.equal(await login(one, once(closed)), "storage-unavailable");
		assert.equal(await login(one, once(open), open), "in");
		s.diagnostic(`stood still for ${first} ms; the next two logins took ${Date.now() - began} ms`);
		await sleep(3000);
		assert.ok(first >= 1500 && first < 2 * 2000 + 1500, `${first} ms`);
		assert.ok(stalls() < 2000); // it is left alone for a while
	});

	await t.test("the log holds no traceback", checkLogs);
});
