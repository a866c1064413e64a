// Two Prosodys that share one PostgreSQL: what is revoked or used up on one counts on the other.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { TEST } from "./support/patience.mjs";
import { closed, login, once, open, POLL, startTwins, token, until } from "./support/twins.mjs";
import { now } from "./support/token.mjs";

const RACES = 300;

test("shared storage", { timeout: TEST }, async (t) => {
	const { servers, meetauth, checkLogs } = await startTwins(t);
	const [one, other] = servers;

	await t.test("revoked on one: refused there at once, and on the other within 5 seconds, there from rooms, too", async (s) => {
		const by = token(closed, { jti: "leaked" });
		assert.deepEqual(await Promise.all(servers.map((server) => login(server, by))), ["in", "in"]);
		const sitting = await connect({ url: other.ws, host: closed, token: by });
		const room = `standup@conference.${closed}`;
		assert.equal((await sitting.join(room, "sitting")).refused, undefined);
		const removed = sitting.next({ name: "presence", type: "unavailable", from: `${room}/sitting` }, 20000);
		await meetauth(one, 'return meetauth.revoke("jti", "leaked").id');
		const began = Date.now();
		assert.equal(await login(one, by), "revoked");
		const presence = await removed;
		const took = Date.now() - began;
		assert.match(presence.getElementsByTagName("reason")[0].textContent, /^revoked/);
		assert.ok(took < POLL + 1500, `${took} ms`);
		assert.equal(await login(other, by), "revoked");
		assert.equal((await sitting.join(room, "sitting")).refused.text, "revoked");
		s.diagnostic(`removed on the other server after ${took} ms`);
		await sitting.close();
	});

	await t.test("revoked for one host: another host's tokens are none of its business", async () => {
		assert.deepEqual([await meetauth(other, "return #meetauth.revoked()"), await meetauth(other, "return #meetauth.revoked()", open)], [1, 0]);
		assert.equal(await login(one, token(open, { jti: "leaked" }), open), "in");
	});

	await t.test("taken back on the other one: it counts again on both", async () => {
		const by = token(closed, { jti: "leaked" });
		assert.equal(await meetauth(other, "return meetauth.unrevoke(meetauth.revoked()[1].id)"), true);
		assert.equal(await login(other, by), "in");
		await until("in", one, () => by);
	});

	await t.test("used up on one: refused on both at once", async () => {
		for (const [first, second] of [servers, [...servers].reverse()]) {
			const by = once(closed);
			assert.equal(await login(first, by), "in");
			assert.equal(await login(second, by), "already-used");
			assert.equal(await login(first, by), "already-used");
		}
	});

	await t.test("given to both in the same moment: one is in", async () => {
		for (let i = 0; i < 5; i++) {
			const by = once(closed);
			const outcomes = await Promise.all([one, other, one, other].map((server) => login(server, by)));
			assert.deepEqual(outcomes.sort(), ["already-used", "already-used", "already-used", "in"]);
		}
	});

	// Both processes claim the same tokens one after the other, as fast as they can, from the same instant on.
	await t.test("claimed by both as fast as they can: never do both have one", async (s) => {
		const start = Date.now() / 1000 + 1;
		const claim = (server) => meetauth(server, `
			local time, uuid, claim = require "util.time", require "util.uuid", require "meetauth.singleuse".claim;
			local map, all = module:open_store("meetauth_used", "map"), module:open_store("meetauth_used", "keyval");
			local reads, withdrawn, mine = 0, 0, {};
			local store = {
				read = function (name) reads = reads + 1; return all:get(name) or {}; end;
				add = function (name, id, expires) return map:set(name, id, expires); end;
				remove = function (name, id) withdrawn = withdrawn + 1; return map:set(name, id, nil); end;
			};
			repeat until time.now() >= ${start};
			for i = 1, ${RACES} do
				local name = ("%064x"):format(${now()} * 1000 + i);
				local id = ("%014x-%s"):format(math.floor(time.now() * 1000000), uuid.generate());
				mine[i] = claim(store, name, id, ${now() + 600}) == true;
			end
			return { mine = mine, reads = reads, withdrawn = withdrawn, took = time.now() - ${start} };`);
		const [a, b] = await Promise.all(servers.map(claim));
		const winners = a.mine.map((mine, i) => Number(mine) + Number(b.mine[i]));
		const count = (n) => winners.filter((number) => number === n).length;
		s.diagnostic(`${RACES} tokens: one server has ${count(1)}, nobody ${count(0)}, both ${count(2)}; ${a.withdrawn + b.withdrawn} claims`
			+ ` withdrawn; ${(1000 * Math.max(a.took, b.took) / RACES).toFixed(1)} ms for each token`);
		assert.equal(count(2), 0);
		assert.ok(count(1) > RACES * 0.9);
		assert.ok(a.withdrawn + b.withdrawn > 0, "there was no race");
	});

	await t.test("the log holds no traceback", checkLogs);
});
