// One person, one place, for tokens of Jitsi's dialect, and "first" for Daily's: which of a user's devices stays in a room.
// Proves mod_muc_meetauth/people.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import { enter, host, inside, isKick, isSelf, joinAgain, leave, presence, room, withStandIns } from "./support/daily.mjs";
import { fill } from "./support/example.mjs";
import { TEST } from "./support/patience.mjs";
import { block, entries } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const PAGE = "doc/access.md";
const MUC_MODULE = "prosody.hosts[\"conference.meet.example\"].modules.muc_meetauth";
const school = fill(entries(block("One device per user", "lua", 0, PAGE)), { "<your secret>": specSecret("school") });

const config = `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "smacks" }
	meetauth_leeway = 0
	smacks_hibernation_time = 60
	meetauth_issuers = {
		${school}
		{ id = "club", issuer = "club", secret = "${specSecret("club")}", unique_users = "newest" };
		{ id = "open", issuer = "open", secret = "${specSecret("open")}" };
		{ id = "daily", dialect = "daily", domain_id = "daily", secret = "${specSecret("daily")}", unique_users = "first" };
	}

Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

const token = (id, name, user) => sign(specSecret(id), id === "daily"
	? { d: id, r: name, ud: user, iat: now(), exp: now() + 600 }
	: { iss: id, sub: host, room: name, exp: now() + 600, ...(user === undefined ? {} : { context: { user: { id: user } } }) });

const WORD = "other-device";
const TEXT = `You are in this meeting on another device: ${WORD}`;
const close = (...all) => Promise.all(all.map((who) => who.session.close()));
let serial = 0;
const fresh = () => `place-${++serial}`;
const there = (guest) => inside(guest.session, `local all = {};
	for nick in room("${guest.name}"):each_occupant() do all[#all + 1] = nick:match("/(.*)$"); end
	table.sort(all); return all`);

test("one person, one place", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	const come = (id, name, user, nick) => enter(server, token(id, name, user), name, nick);
	const reasonOf = (guest) => guest.joined.refused?.text;

	for (const id of ["school", "daily"]) {
		await t.test(`"first", ${id}: a second device is refused, comes back and is refused, and comes in when the first has left`, async () => {
			const name = fresh();
			const first = await come(id, name, "u1", "first");
			const other = await come(id, name, "u2", "other");
			const second = await come(id, name, "u1", "second");
			assert.equal(reasonOf(second), WORD);
			assert.equal(second.joined.refused.condition, "not-allowed");
			assert.equal((await joinAgain(second, "first")).refused?.condition, "not-allowed"); // nor under the first one's nick
			presence(first, { nick: "renamed" }); // a change of nick is no second device
			await first.wait((p) => p.nick === "renamed" && isSelf(p), "the new nick");
			assert.equal((await joinAgain(second, "second")).refused?.text, WORD);
			assert.deepEqual(await there(first), ["other", "renamed"]);
			const elsewhere = await come(id, fresh(), "u1", "second"); // another room is another place
			assert.equal(elsewhere.joined.refused, undefined);
			await leave({ ...first, me: `${first.jid}/renamed` });
			assert.equal((await joinAgain(second, "second")).refused, undefined);
			await close(first, other, second, elsewhere);
		});
	}

	await t.test('"newest": the older session leaves, is told why, and takes the place again when it comes back', async () => {
		const name = fresh();
		const first = await come("club", name, "u1", "first");
		const second = await come("club", name, "u1", "second");
		const kicked = await first.wait((p) => p.nick === "first" && isKick(p) && isSelf(p), "the older one's kick");
		assert.equal(kicked.reason, TEXT);
		assert.deepEqual(await there(second), ["second"]);
		assert.equal((await joinAgain(first, "first")).refused, undefined);
		await second.wait((p) => p.nick === "second" && isKick(p) && isSelf(p), "the other one's kick");
		assert.deepEqual(await there(first), ["first"]);
		assert.match(server.log(), new RegExp(`Occupant of ${room(name)} removed: other-device`));
		await close(first, second);
	});

	await t.test("users of another entry, and bearers without an id, take nobody's place", async () => {
		const name = fresh();
		const all = [];
		for (const [id, user, nick] of [
			["school", "u1", "a"], ["club", "u1", "b"], ["open", "u1", "c"], ["open", "u1", "d"], ["club", undefined, "e"],
			["club", undefined, "f"], ["school", undefined, "g"], ["school", undefined, "h"], ["daily", undefined, "i"], ["daily", undefined, "j"],
		]) all.push(await come(id, name, user, nick));
		assert.deepEqual(all.map((guest) => guest.joined.refused), all.map(() => undefined));
		await settled(server, all[0]);
		assert.deepEqual(await there(all[0]), [..."abcdefghij"]);
		await close(...all);
	});

	await t.test("a number is the same id as its digits", async () => {
		const name = fresh();
		const first = await come("school", name, 42, "first");
		const second = await come("school", name, "42", "second");
		assert.equal(reasonOf(second), WORD);
		await close(first, second);
	});

	await t.test('"first": a connection that dropped holds no place, and one that is alive does', async () => {
		const name = fresh();
		const first = await come("school", name, "u1", "first");
		await inside(first.session, "session.hibernating = os.time(); return true"); // as mod_smacks marks it
		const second = await come("school", name, "u1", "second");
		assert.equal(second.joined.refused, undefined);
		assert.deepEqual(await there(second), ["second"]);
		await close(first, second);
	});

	await t.test('"first" holds for a session that comes to be that user by another token', async () => {
		const name = fresh();
		const first = await come("school", name, "u1", "first");
		const second = await come("school", name, "u2", "second");
		await inside(second.session, `session.meetauth_grant.user.id = "u1";
			prosody.events.fire_event("meetauth-session-updated", { session = session }); return true`);
		await second.wait((p) => p.nick === "second" && isKick(p) && isSelf(p), "the newer one's kick");
		assert.deepEqual(await there(first), ["first"]);
		await close(first, second);
	});

	await t.test('"first": from outside, the second device has nothing of the room either', async () => {
		const name = fresh();
		const first = await come("school", name, "u1", "first");
		const second = await come("school", name, "u1", "second");
		const may = `return (${MUC_MODULE}.may_enter(session, "${room(name)}"))`;
		assert.equal(await inside(second.session, may), false);
		assert.equal(await inside(first.session, may), true);
		await close(first, second);
	});

	await t.test("nothing went wrong inside", () => assert.doesNotMatch(server.log(), traceback));
	await server.stop();
});
