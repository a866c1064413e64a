// Who is not in a room rules nothing in it: an affiliation ends with the stay.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq } from "strophe.js";
import { ask, dailyConfig, enter, inside, isKick, isSelf, leave, setAffiliation, token, withStandIns } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const OWNER = "http://jabber.org/protocol/muc#owner";
const configuration = (guest) => ask(guest.session, $iq({ type: "get", to: guest.jid }).c("query", { xmlns: OWNER }));
const destroy = (guest) => ask(guest.session, $iq({ type: "set", to: guest.jid }).c("query", { xmlns: OWNER }).c("destroy"));
const affiliations = (guest) => ask(guest.session, $iq({ type: "get", to: guest.jid })
	.c("query", { xmlns: "http://jabber.org/protocol/muc#admin" }).c("item", { affiliation: "outcast" }));

// Everything that an owner may do without being there.
async function rule(guest, other) {
	return [await configuration(guest), await affiliations(guest), await setAffiliation(guest, other.session.jid, "member"),
		await destroy(guest)];
}
const all = (outcome) => Array(4).fill(outcome);

test("from outside", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: dailyConfig(), prefix: withStandIns() });
	const close = (...guests) => Promise.all(guests.map((guest) => guest.session.close()));
	const expire = (guest) => inside(guest.session, "session.meetauth_grant.expires = 1; return true");

	await t.test("an owner whose time is up rules no more", async () => {
		const boss = await enter(server, token({ r: "a", o: true, ejt: true }), "a", "boss");
		const other = await enter(server, token({ r: "a" }), "a", "other");
		await inside(boss.session, "session.meetauth_grant.eject_at = 1; return true");
		assert.equal(await inside(boss.session, 'return room("a"):set_role(true, room("a").jid .. "/boss", nil)'), true);
		await boss.wait((p) => isKick(p) && isSelf(p));
		assert.deepEqual(await rule(boss, other), all("not-allowed"));
		await close(boss, other);
	});

	await t.test("nor does an owner who left, and came back with a token for another room", async () => {
		const boss = await enter(server, token({ r: "b", o: true }), "b", "boss");
		const other = await enter(server, token({ r: "b" }), "b", "other");
		await leave(boss);
		await inside(boss.session, 'session.meetauth_grant.room = "elsewhere"; return true');
		assert.deepEqual(await rule(boss, other), all("not-allowed"));
		await close(boss, other);
	});

	await t.test("an owner who is inside does, though the token has expired", async () => {
		const boss = await enter(server, token({ r: "c", o: true }), "c", "boss");
		const other = await enter(server, token({ r: "c" }), "c", "other");
		await expire(boss);
		assert.deepEqual(await rule(boss, other), all("ok"));
		await close(boss, other);
	});

	await t.test("one who has left does not, though the token is good", async () => {
		const boss = await enter(server, token({ r: "d", o: true }), "d", "boss");
		const other = await enter(server, token({ r: "d" }), "d", "other");
		await leave(boss);
		assert.deepEqual(await rule(boss, other), ["forbidden", "forbidden", "not-allowed", "forbidden"]);
		await close(boss, other);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
