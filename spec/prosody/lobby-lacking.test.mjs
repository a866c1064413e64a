// Who has to wait (Daily's k, Jitsi's context.user.lobby) in a room that has no lobby: one is made, or they stay outside, or
// go in, as their entry says. Where nothing makes lobbies, nobody who has to wait gets in by that.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq } from "strophe.js";
import { ask, dailyConfig, enter, host, inside, joinAgain, login, PATIENCE, room, setAffiliation, token, withStandIns, word } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const bare = `rooms.${host}`; // a component where no module makes lobbies
const breakout = `breakout.${host}`;
const portals = { portal: "", never: 'knock_without_lobby = "refuse"', through: 'knock_without_lobby = "ignore"' };

const config = (componentModules) => dailyConfig({
	entries: { refuse: 'knock_without_lobby = "refuse"', ignore: 'knock_without_lobby = "ignore"' },
	componentModules,
	rest: `
Component "${bare}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
Component "${breakout}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	main_muc = "conference.${host}"
`,
}).replace("meetauth_issuers = {", `$&\n${Object.entries(portals).map(([id, fields]) =>
	`{ id = "${id}", issuer = "${id}", secret = "${specSecret(id)}", ${fields} };`).join("\n")}`);

const jitsi = (name, user, id) => sign(specSecret(id), { iss: id, sub: host, room: name, exp: now() + 600, context: { user } });

// How each dialect says that somebody has to wait, and the entry that says what of it.
const waiting = {
	Daily: { entries: { create: "acme", refuse: "refuse", ignore: "ignore" }, token: (name, id) => token({ r: name, u: "Ann", k: true }, id) },
	Jitsi: {
		entries: { create: "portal", refuse: "never", ignore: "through" },
		token: (name, id) => jitsi(name, { id: "u1", name: "Ann", lobby: true }, id),
	},
};

let serial = 0;
const fresh = () => `lacking-${++serial}`;
const condition = (joined) => (joined.refused ? word(joined.refused) || joined.refused.condition : `in as ${joined.affiliation}`);
const close = (...all) => Promise.all(all.map((who) => who.session.close()));
const nicked = (nick) => (nick ? { nickname: nick } : {});

async function knock(server, dialect, policy, name, component) {
	const { entries, token: of } = waiting[dialect];
	return enter(server, of(name, entries[policy]), name, "knocker", { component, ...nicked(dialect === "Jitsi" && "Ann") });
}
const isThere = (session, name, component) => inside(session, `return room("${name}", "${component}") ~= nil`);

test("a room without a lobby, where nothing makes one", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: config([]), prefix: withStandIns() });
	t.after(() => server.stop());
	const outcomes = { create: "not-enforceable", refuse: "not-enforceable", ignore: "in as member" };

	for (const dialect of Object.keys(waiting)) {
		for (const [policy, want] of Object.entries(outcomes)) {
			await t.test(`${dialect}, "${policy}": ${want}, first in the room or not`, async () => {
				const name = fresh();
				const first = await knock(server, dialect, policy, name);
				assert.equal(condition(first.joined), want);
				if (first.joined.refused) {
					assert.deepEqual([first.joined.refused.condition, first.joined.refused.child], ["not-allowed", "server-missing-config"]);
					assert.equal(await isThere(first.session, name, `conference.${host}`), false);
				}
				await close(first);
				const owner = await enter(server, token({ r: name, o: true }), name, "owner");
				assert.equal(condition(owner.joined), "in as owner");
				const second = await knock(server, dialect, policy, name);
				assert.equal(condition(second.joined), want);
				await close(owner, second);
			});
		}
	}

	await t.test("the operator is told once", () => {
		assert.equal(server.log().match(/warn\s+A token makes its user wait in .*, but no module makes lobbies/g).length, 1);
	});

	await t.test("who was let in by hand is in", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const knocker = await knock(server, "Daily", "create", name);
		assert.equal(condition(knocker.joined), "not-enforceable");
		assert.equal(await setAffiliation(owner, knocker.session.jid, "member"), "ok");
		assert.equal(condition(await joinAgain(knocker, "knocker")), "in as member");
		await close(owner, knocker);
	});

	await t.test("who need not wait goes in", async () => {
		const name = fresh();
		for (const by of [token({ r: name }), jitsi(name, { id: "u1" }, "portal"), jitsi(name, { lobby: true, lobby_bypass: true }, "portal")]) {
			const guest = await enter(server, by, name, "guest");
			assert.equal(condition(guest.joined), "in as member");
			await close(guest);
		}
	});

	await t.test("who waits for a room waits for its breakout rooms, and who was let in enters them", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		await inside(owner.session, `room("${name}")._data.breakout_rooms = { ["${name}-b@${breakout}"] = "B" } return true`);
		const knocker = await login(server, token({ r: name, k: true }));
		const tries = async () => condition(await knocker.join(room(`${name}-b`, breakout), "knocker", { timeout: PATIENCE }));
		assert.equal(await tries(), "not-enforceable");
		assert.equal(await setAffiliation(owner, knocker.jid, "member"), "ok");
		assert.equal(await tries(), "in as member");
		await close(owner, { session: knocker });
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});

test("a room without a lobby, where a module makes them for some components", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: config(["daily_lobby"]), prefix: withStandIns() });
	t.after(() => server.stop());
	const outcomes = { create: "registration-required", refuse: "not-enforceable", ignore: "in as member" };

	for (const dialect of Object.keys(waiting)) {
		for (const [policy, want] of Object.entries(outcomes)) {
			await t.test(`${dialect}, "${policy}": ${want}`, async () => {
				const name = fresh();
				const owner = await enter(server, token({ r: name, o: true }), name, "owner");
				const knocker = await knock(server, dialect, policy, name);
				assert.equal(condition(knocker.joined), want);
				await close(knocker, owner);
			});

			await t.test(`${dialect}, "${policy}": waits where there is a lobby`, async () => {
				const name = fresh();
				const owner = await enter(server, token({ r: name, o: true }), name, "owner");
				await inside(owner.session, `prosody.events.fire_event("create-persistent-lobby-room", { room = room("${name}") }) return true`);
				const knocker = await knock(server, dialect, policy, name);
				assert.equal(condition(knocker.joined), "registration-required");
				await close(knocker, owner);
			});
		}

		await t.test(`${dialect}: at a component where it makes none, nobody gets in, and no empty room stays`, async () => {
			const name = fresh();
			const first = await knock(server, dialect, "create", name, bare);
			assert.equal(condition(first.joined), "not-enforceable");
			assert.equal(await isThere(first.session, name, bare), false);
			const owner = await enter(server, token({ r: name, o: true }), name, "owner", { component: bare });
			assert.equal(condition(await joinAgain(first, "knocker")), "not-enforceable");
			await close(first, owner);
		});
	}

	await t.test("\"ignore\" at a lobby that was made for somebody else: waits as well", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const one = await knock(server, "Daily", "create", name);
		for (const dialect of Object.keys(waiting)) {
			const other = await knock(server, dialect, "ignore", name);
			assert.equal(condition(other.joined), "registration-required");
			await close(other);
		}
		await close(one, owner);
	});

	await t.test("\"refuse\" in a room whose owner switches the lobby off: stays outside again", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const form = $iq({ type: "set", to: owner.jid }).c("query", { xmlns: "http://jabber.org/protocol/muc#owner" })
			.c("x", { xmlns: "jabber:x:data", type: "submit" });
		for (const [name_, value] of [["FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig"], ["muc#roomconfig_membersonly", "0"]]) {
			form.c("field", { var: name_ }).c("value").t(value).up().up();
		}
		await inside(owner.session, `prosody.events.fire_event("create-persistent-lobby-room", { room = room("${name}") }) return true`);
		const knocker = await knock(server, "Daily", "refuse", name);
		assert.equal(condition(knocker.joined), "registration-required");
		assert.equal(await ask(owner.session, form), "ok");
		assert.equal(condition(await joinAgain(knocker, "knocker")), "not-enforceable");
		await close(knocker, owner);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
