// k and the lobby: passed by default, knocked at when the token or the operator says so.
// Proves mod_muc_meetauth/lobby.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { dailyConfig, enter, inside, joinAgain, login, PATIENCE, room, setAffiliation, token, withStandIns } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const config = dailyConfig({
	entries: {
		ign: 'knock_without_lobby = "ignore"',
		knock: 'lobby = "knock"',
		claim: 'lobby = "claim"',
	},
	componentModules: ["daily_lobby"],
});

let serial = 0;
const fresh = () => `lobby-${++serial}`;
const condition = (joined) => joined.refused?.condition ?? `in as ${joined.affiliation}`;

test("Daily: the lobby", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });

	// A room with an owner in it, its lobby on or off.
	async function meeting(lobby) {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		if (lobby) {
			await inside(owner.session, `prosody.events.fire_event("create-persistent-lobby-room", { room = room("${name}") }); return true`);
		}
		return { name, owner };
	}
	const membersOnly = (session, name) => inside(session, `return not not room("${name}"):get_members_only()`);

	const rows = [
		// claims, id, lobby on: what comes of it, whether the lobby is on then
		[{}, "acme", true, "in as member", true],
		[{ k: false }, "acme", true, "in as member", true],
		[{ o: true }, "acme", true, "in as owner", true],
		[{ p: { ca: "p" } }, "acme", true, "in as admin", true],
		[{ k: true }, "acme", true, "registration-required", true],
		[{ k: true, o: true }, "acme", true, "registration-required", true],
		[{ k: true, p: { ca: "p" } }, "acme", true, "registration-required", true],
		[{}, "acme", false, "in as member", false],
		[{ k: true }, "acme", false, "registration-required", true], // the lobby is made
		[{ k: true, o: true }, "acme", false, "registration-required", true],
		[{ k: true }, "ign", false, "in as member", false],
		[{ k: true }, "ign", true, "registration-required", true],
		[{}, "ign", true, "in as member", true],
		[{}, "knock", true, "registration-required", true],
		[{}, "knock", false, "registration-required", true],
		[{ k: false }, "knock", false, "registration-required", true],
		[{ o: true }, "knock", true, "in as owner", true], // somebody has to let the others in
		[{ o: true, k: true }, "knock", true, "registration-required", true],
		[{}, "claim", true, "in as member", true],
		[{ k: true }, "claim", true, "registration-required", true],
	];
	for (const [claims, id, lobby, want, after] of rows) {
		await t.test(`${JSON.stringify(claims)} of ${id}, lobby ${lobby ? "on" : "off"}: ${want}`, async () => {
			const { name, owner } = await meeting(lobby);
			const guest = await enter(server, token({ r: name, u: "Ann", ...claims }, id), name, "guest");
			assert.equal(condition(guest.joined), want);
			assert.equal(await membersOnly(owner.session, name), after);
			await guest.session.close();
			await owner.session.close();
		});
	}

	await t.test("who knocks is let in as what the token says", async () => {
		for (const [claims, affiliation] of [[{}, "member"], [{ o: true }, "owner"], [{ p: { ca: "p" } }, "admin"]]) {
			const { name, owner } = await meeting(true);
			const guest = await enter(server, token({ r: name, u: "Ann", k: true, ...claims }), name, "guest");
			assert.equal(condition(guest.joined), "registration-required");
			assert.equal(await setAffiliation(owner, guest.session.jid, "member"), "ok"); // as Jitsi's client admits
			assert.equal(condition(await joinAgain(guest, "guest")), `in as ${affiliation}`);
			await guest.session.close();
			await owner.session.close();
		}
	});

	await t.test("a lobby made for one who knocks is for those who knock only", async () => {
		const { name, owner } = await meeting(false);
		const knocker = await enter(server, token({ r: name, u: "Ann", k: true }), name, "knocker");
		assert.equal(condition(knocker.joined), "registration-required");
		const plain = await enter(server, token({ r: name }), name, "plain");
		assert.equal(condition(plain.joined), "in as member");
		const second = await enter(server, token({ r: name, u: "Ben", k: true }, "ign"), name, "second");
		assert.equal(condition(second.joined), "registration-required");
		await Promise.all([owner, knocker, plain, second].map((who) => who.session.close()));
	});

	await t.test("who knocks at a room that is not there yet waits for its owner", async () => {
		const name = fresh();
		const knocker = await enter(server, token({ r: name, u: "Ann", k: true }), name, "knocker");
		assert.equal(condition(knocker.joined), "registration-required");
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		assert.equal(condition(owner.joined), "in as owner");
		const other = await enter(server, token({ r: name, u: "Ben", k: true }), name, "other");
		assert.equal(condition(other.joined), "registration-required");
		assert.equal(await setAffiliation(owner, knocker.session.jid, "member"), "ok");
		assert.equal(condition(await joinAgain(knocker, "knocker")), "in as member");
		await Promise.all([owner, knocker, other].map((who) => who.session.close()));
	});

	await t.test("the lobby knows the name that the token gives", async () => {
		const { name, owner } = await meeting(true);
		const from = server.log().length;
		const ann = await enter(server, token({ r: name, u: "Ann\u202e", k: true }), name, "guest");
		assert.equal(condition(ann.joined), "registration-required");
		await server.waitForLog(`spec lobby has Ann at ${room(name)}`, PATIENCE, from);
		const nobody = await enter(server, token({ r: name, k: true }), name, "nobody");
		assert.equal(condition(nobody.joined), "not-acceptable"); // it asks for one
		const named = await joinAgain(nobody, "nobody", "Nick");
		assert.equal(condition(named), "registration-required");
		await server.waitForLog(`spec lobby has Nick at ${room(name)}`, PATIENCE, from);
		await Promise.all([owner, ann, nobody].map((who) => who.session.close()));
	});

	await t.test("another room is refused before any lobby", async () => {
		const { name, owner } = await meeting(true);
		const session = await login(server, token({ r: "elsewhere", k: true }));
		const { refused } = await session.join(room(name), "guest");
		assert.equal(refused.condition, "not-allowed");
		assert.equal(refused.child, "room-mismatch");
		await session.close();
		await owner.session.close();
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});
