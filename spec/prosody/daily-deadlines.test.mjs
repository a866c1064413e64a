// When a Daily token ends a stay (ejt, eje): fixed at the join, for this occupant and nobody else.
// Proves mod_muc_meetauth/deadline.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import {
	dailyConfig, enter, inside, isKick, isSelf, joinAgain, leave, login, now, presence, reloadMuc, room, token, withStandIns, word,
} from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const DAY = 86400; // seconds

let serial = 0;
const fresh = () => `room-${++serial}`; // each case has a room of its own

// Why a guest was kicked, once it is.
async function kick(guest, nick = guest.joined.nick) {
	return (await guest.wait((p) => p.nick === nick && isKick(p) && isSelf(p), `kick of ${nick}`)).reason;
}

// What is fixed on the session.
const fixed = (session, jid) => inside(session, `local d = session.meetauth_deadlines; return d and d["${jid}"] and d["${jid}"].reason or "none"`);

// Time stands but for what pass() lets go by: each deadline comes at its second, and not before.
test("Daily: deadlines", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: dailyConfig(), prefix: withStandIns(), machine });

	// an owner who sees what others see, and keeps the room
	const witness = (name) => enter(server, token({ r: name, o: true, ud: "witness" }), name, "witness");
	const close = (...all) => Promise.all(all.map((who) => who.session.close()));

	// Let seconds go by in which nobody is kicked of those who watch.
	async function nobodyGoes(seconds, ...watching) {
		await machine.pass(seconds);
		await settled(server, ...watching);
		for (const guest of watching) assert.deepEqual(guest.all.filter((p) => p.type === "unavailable"), []);
	}

	await t.test("eje: out that many seconds after joining, and everybody is told why", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "guest");
		await nobodyGoes(59, guest, watcher);
		await machine.pass(1);
		assert.equal(await kick(guest), "Time limit reached");
		const told = await watcher.wait((p) => p.nick === "guest" && isKick(p), "what others see");
		assert.equal(told.reason, "Time limit reached");
		await close(guest, watcher);
	});

	await t.test("eje: an owner is not exempt", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, o: true, eje: 1 }), name, "boss");
		await machine.pass(1);
		assert.equal(await kick(guest), "Time limit reached");
		await close(guest);
	});

	await t.test("eje: a new join is a new period", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "guest");
		await machine.pass(60);
		await kick(guest);
		const again = await joinAgain(guest, "guest2");
		assert.equal(again.refused, undefined);
		await machine.pass(59);
		await settled(server, guest);
		assert.equal(guest.all.filter((p) => p.nick === "guest2" && isKick(p)).length, 0);
		await machine.pass(1);
		assert.equal(await kick(guest, "guest2"), "Time limit reached");
		await close(guest);
	});

	await t.test("ejt: out when the token expires, and not in again", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, exp: now() + 60, ejt: true }), name, "guest");
		await nobodyGoes(59, guest, watcher);
		await machine.pass(1);
		assert.equal(await kick(guest), "Token expired");
		assert.equal(word((await joinAgain(guest, "guest")).refused), "expired");
		await close(guest, watcher);
	});

	await t.test("ejt: the leeway at the door does not let in again", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, exp: now() + 60, ejt: true }), name, "guest");
		await machine.pass(60);
		await kick(guest);
		await inside(guest.session, "session.meetauth_grant.expires = session.meetauth_grant.expires + 600; return true");
		assert.equal(word((await joinAgain(guest, "guest")).refused), "expired");
		await close(guest);
	});

	await t.test("exp alone: who is in stays in", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, exp: now() + 60 }), name, "guest");
		await nobodyGoes(120, guest);
		assert.equal(await inside(guest.session, `return room("${name}"):get_occupant_by_real_jid(session.full_jid) ~= nil`), true);
		await close(guest);
	});

	await t.test("both: the earlier one", async () => {
		for (const [ends, limit, reason] of [[120, 60, "Time limit reached"], [60, 120, "Token expired"]]) {
			const name = fresh();
			const guest = await enter(server, token({ r: name, exp: now() + ends, ejt: true, eje: limit }), name, "guest");
			await nobodyGoes(59, guest);
			await machine.pass(1);
			assert.equal(await kick(guest), reason);
			await close(guest);
		}
	});

	await t.test("a change of nick changes nothing", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "one");
		await machine.pass(20);
		presence(guest, { nick: "two" });
		await guest.wait((p) => p.nick === "two" && isSelf(p), "the new nick");
		await machine.pass(20);
		presence(guest, { nick: "three", joins: true }); // as if it were a join
		await guest.wait((p) => p.nick === "three" && isSelf(p), "the third nick");
		await machine.pass(19);
		await settled(server, guest);
		assert.equal(guest.all.filter(isKick).length, 0);
		await machine.pass(1);
		assert.equal(await kick(guest, "three"), "Time limit reached");
		await close(guest, watcher);
	});

	await t.test("a join sent from inside is no new period", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "guest");
		await machine.pass(30);
		presence(guest, { joins: true });
		await nobodyGoes(29, guest);
		await machine.pass(1);
		assert.equal(await kick(guest), "Time limit reached");
		await close(guest);
	});

	await t.test("who left in time is not looked for, and a newcomer with the nick is not hit", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "same");
		await leave(guest);
		assert.equal(await fixed(guest.session, guest.jid), "none");
		const newcomer = await enter(server, token({ r: name }), name, "same");
		await nobodyGoes(120, newcomer);
		await settled(server, watcher);
		assert.equal(watcher.all.filter(isKick).length, 0);
		await close(guest, newcomer, watcher);
	});

	await t.test("who was disconnected is not looked for, either", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "same");
		await guest.session.close();
		await watcher.wait((p) => p.nick === "same" && p.type === "unavailable", "the leave");
		const newcomer = await enter(server, token({ r: name }), name, "same");
		await nobodyGoes(120, newcomer);
		await settled(server, watcher);
		assert.equal(watcher.all.filter(isKick).length, 0);
		await close(newcomer, watcher);
	});

	await t.test("each room has its own", async () => {
		const one = fresh(), two = fresh();
		const session = await login(server, token({ r: one, eje: 60 }));
		await inside(session, 'session.meetauth_grant.room = "*"; return true');
		const gone = (name) => session.next({ name: "presence", type: "unavailable", from: `${room(name)}/guest` });
		await session.join(room(one), "guest");
		await machine.pass(20);
		await session.join(room(two), "guest");
		const times = await inside(session, `local d = session.meetauth_deadlines; return d["${room(two)}"].at - d["${room(one)}"].at`);
		assert.equal(Math.round(times), 20);
		const first = gone(one);
		await machine.pass(40);
		await first;
		const there = () => inside(session, `local there = {};
			for _, name in ipairs({ "${one}", "${two}" }) do
				there[#there + 1] = room(name) and room(name):get_occupant_by_real_jid(session.full_jid) and name or nil;
			end
			return there`);
		assert.deepEqual(await there(), [two]);
		const second = gone(two);
		await machine.pass(20);
		await second;
		await session.close();
	});

	await t.test("a time limit of many years needs no timer that long", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, eje: 2147483647, ejt: true, exp: 9e15 }), name, "guest");
		assert.equal(guest.joined.refused, undefined);
		await nobodyGoes(2 * DAY, guest);
		assert.equal(await fixed(guest.session, guest.jid), "time-limit");
		await close(guest);
	});

	await t.test("a resumed stream (XEP-0198) keeps its deadline", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const stream = await openStream({ url: server.ws, host: "meet.example", token: token({ r: name, eje: 40 }) });
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		const id = await stream.enable();
		await stream.join(room(name), "guest");
		await machine.pass(20);
		const h = stream.received();
		await stream.drop();
		await machine.pass(10);
		const back = await openStream({ url: server.ws, host: "meet.example", token: token({ r: name, eje: 600 }), params: { previd: id } });
		assert.equal(await back.authenticate(), "success");
		assert.equal(await back.resume(id, h), "resumed");
		assert.equal(await back.inside("return session.full_jid"), jid);
		await nobodyGoes(9, watcher);
		await machine.pass(1);
		const kicked = await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick after resumption");
		assert.equal(kicked.reason, "Time limit reached");
		await back.close();
		await close(watcher);
	});

	await t.test("a stream that hangs is out in time as well", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const stream = await openStream({ url: server.ws, host: "meet.example", token: token({ r: name, eje: 40 }) });
		await stream.authenticate();
		await stream.bind();
		await stream.enable();
		await stream.join(room(name), "guest");
		await stream.drop();
		await nobodyGoes(39, watcher);
		await machine.pass(1);
		const gone = await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick of a hibernating session");
		assert.equal(gone.reason, "Time limit reached");
		await close(watcher);
	});

	await t.test("a reload of the module keeps every deadline", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 60 }), name, "guest");
		const other = await enter(server, token({ r: name, eje: 600 }), name, "other");
		await machine.pass(30);
		assert.equal(await reloadMuc(watcher.session), true);
		await nobodyGoes(29, guest, other, watcher);
		await machine.pass(1);
		assert.equal(await kick(guest), "Time limit reached");
		await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick that others see");
		await settled(server, watcher);
		assert.equal(watcher.all.filter(isKick).length, 1);
		assert.equal(await fixed(other.session, other.jid), "time-limit");
		// and one that fell due while it was not there
		const late = await enter(server, token({ r: name, eje: 60 }), name, "late");
		await inside(watcher.session, `local mm = require "core.modulemanager"; return mm.unload("${late.jid.split("@")[1]}", "muc_meetauth")`);
		await nobodyGoes(120, late);
		await inside(watcher.session, `local mm = require "core.modulemanager"; return mm.load("${late.jid.split("@")[1]}", "muc_meetauth") ~= nil`);
		assert.equal(await kick(late), "Time limit reached");
		await close(guest, other, watcher, late);
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});
