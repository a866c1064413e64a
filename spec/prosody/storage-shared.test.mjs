// Two Prosodys that share one PostgreSQL: what is revoked or used up on one counts on the other.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { closed, login, now, once, open, pass, POLL, startTwins, token, until } from "./support/twins.mjs";

const RACES = 300;
const MANY = 900; // of which some buckets have more than a mark names, and most have fewer

test("shared storage", { timeout: TEST }, async (t) => {
	const { servers, meetauth, checkLogs } = await startTwins();
	const [one, other] = servers;

	await t.test("revoked on one: refused there at once, and on the other within 5 seconds, there from rooms, too", async () => {
		const by = token(closed, { jti: "leaked" });
		assert.deepEqual(await Promise.all(servers.map((server) => login(server, by))), ["in", "in"]);
		const sitting = await connect({ url: other.ws, host: closed, token: by });
		const room = `standup@conference.${closed}`;
		assert.equal((await sitting.join(room, "sitting")).refused, undefined);
		const removed = [];
		sitting.on((presence) => removed.push(presence), { name: "presence", type: "unavailable", from: `${room}/sitting` });
		await meetauth(one, 'return meetauth.revoke("jti", "leaked").id');
		assert.equal(await login(one, by), "revoked");
		await pass(POLL);
		await sitting.heard();
		assert.equal(removed.length, 1);
		assert.match(removed[0].getElementsByTagName("reason")[0].textContent, /: revoked$/);
		assert.equal(await login(other, by), "revoked");
		assert.equal((await sitting.join(room, "sitting")).refused.text, "revoked");
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

	await t.test("hundreds of revocations in a moment, on both at once: each comes to have all of them, and once lifted none", async () => {
		// Read in parts, for which each server takes the time that it needs.
		async function comeTo(count) {
			await pass(POLL);
			for (const server of servers) {
				await waitFor(async () => await meetauth(server, "return meetauth.revoked_count()") === count, `${count} revocations`);
				await waitFor(async () => await login(server, token(closed)) === "in", "a look that has come to its end");
			}
		}
		const revoke = (server, word) => meetauth(server, `for i = 1, ${MANY} do assert(meetauth.revoke("jti", "${word}" .. i)); end`);
		await Promise.all([revoke(one, "a"), revoke(other, "b")]);
		await comeTo(2 * MANY);
		for (const server of servers) {
			for (const jti of ["a1", "b1", `a${MANY}`, `b${MANY}`]) assert.equal(await login(server, token(closed, { jti })), "revoked");
		}
		await meetauth(one, "for _, one in ipairs(meetauth.revoked()) do assert(meetauth.unrevoke(one.id)); end");
		await comeTo(0);
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

	// Both processes claim the same tokens one after the other, as fast as they can; they wait for each other now and then, so
	// that they are at the same ones.
	await t.test("claimed by both as fast as they can: never do both have one", async (s) => {
		const moment = now();
		const claim = (server, me, they) => meetauth(server, `
			local time, uuid, claim = require "util.time", require "util.uuid", require "meetauth.server.singleuse".claim;
			local map, all = module:open_store("meetauth_used", "map"), module:open_store("meetauth_used", "keyval");
			local withdrawn, mine = 0, {};
			local store = {
				read = function (name) return all:get(name) or {}; end;
				add = function (name, id, expires) return map:set(name, id, expires); end;
				remove = function (name, id) withdrawn = withdrawn + 1; return map:set(name, id, nil); end;
			};
			local function meet(i)
				assert(io.open("${one.dataDir}/${me}" .. i, "w")):close();
				local there;
				repeat there = io.open("${one.dataDir}/${they}" .. i) until there;
				there:close();
			end
			for i = 1, ${RACES} do
				if i % 10 == 1 then meet(i); end
				local name = ("%064x"):format(${moment} * 1000 + i);
				local id = ("%014x-%s"):format(math.floor(time.now() * 1000000), uuid.generate());
				mine[i] = claim(store, name, id, ${moment + 600}) == true;
			end
			return { mine = mine, withdrawn = withdrawn };`);
		const [a, b] = await Promise.all([claim(one, "a", "b"), claim(other, "b", "a")]);
		const winners = a.mine.map((mine, i) => Number(mine) + Number(b.mine[i]));
		const count = (n) => winners.filter((number) => number === n).length;
		const withdrawn = a.withdrawn + b.withdrawn;
		s.diagnostic(`${RACES} tokens: one server has ${count(1)}, nobody ${count(0)}, both ${count(2)}; ${withdrawn} claims withdrawn`);
		assert.equal(count(2), 0);
		assert.ok(withdrawn > 0, "there was no race");
		assert.ok(withdrawn >= 2 * count(0), "a token that nobody has was left by one who saw no other claim");
		assert.ok(count(1) > count(0), `one server has ${count(1)}, nobody ${count(0)}`);
	});

	await t.test("the log holds no traceback", checkLogs);
});
