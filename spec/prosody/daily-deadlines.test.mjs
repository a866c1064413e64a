// When a Daily token ends a stay (ejt, eje): fixed at the join, for this occupant and nobody else.
// Proves mod_muc_meetauth/deadline.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
	dailyConfig, enter, inside, isKick, isSelf, joinAgain, leave, login, now, PATIENCE, presence, reloadMuc, room, token, withStandIns,
	word,
} from "./support/daily.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const SLACK = 400; // ms by which clocks and timers may be early

let serial = 0;
const fresh = () => `room-${++serial}`; // each case has a room of its own

// The kick of a guest: when it came, counted from its join, in ms, and why.
async function kick(guest, nick = guest.joined.nick) {
	const kicked = await guest.wait((p) => p.nick === nick && isKick(p) && isSelf(p), `kick of ${nick}`);
	return { at: kicked.at, reason: kicked.reason };
}

// Deadlines that are armed, and what is fixed on the session.
const fixed = (session, jid) => inside(session, `local d = session.meetauth_deadlines; return d and d["${jid}"] and d["${jid}"].reason or "none"`);

test("Daily: deadlines", { timeout: 240000, concurrency: true }, async (t) => {
	const server = await startProsody({ config: dailyConfig(), prefix: withStandIns() });
	t.after(() => server.stop());
	const cases = [];
	const test_ = (name, run) => cases.push(t.test(name, run));

	// an owner who sees what others see, and keeps the room
	const witness = (name) => enter(server, token({ r: name, o: true, ud: "witness" }), name, "witness");

	test_("eje: out that many seconds after joining, and everybody is told why", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const before = Date.now();
		const guest = await enter(server, token({ r: name, eje: 2 }), name, "guest");
		const { at, reason } = await kick(guest);
		assert.ok(at - before >= 2000 - SLACK, `after ${at - before} ms`);
		assert.equal(reason, "Time limit reached");
		const told = await watcher.wait((p) => p.nick === "guest" && isKick(p), "what others see");
		assert.equal(told.reason, "Time limit reached");
		await guest.session.close();
		await watcher.session.close();
	});

	test_("eje: an owner is not exempt", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, o: true, eje: 1 }), name, "boss");
		assert.equal((await kick(guest)).reason, "Time limit reached");
		await guest.session.close();
	});

	test_("eje: a new join is a new period", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, eje: 2 }), name, "guest");
		const { at: first } = await kick(guest);
		const again = await joinAgain(guest, "guest2");
		assert.equal(again.refused, undefined);
		const { at: second, reason } = await kick(guest, "guest2");
		assert.ok(second - first >= 2000 - SLACK, `after ${second - first} ms`);
		assert.equal(reason, "Time limit reached");
		await guest.session.close();
	});

	test_("ejt: out when the token expires, and not in again", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const exp = now() + 5;
		const guest = await enter(server, token({ r: name, exp, ejt: true }), name, "guest");
		const { at, reason } = await kick(guest);
		assert.ok(at >= exp * 1000 - SLACK, `${exp * 1000 - at} ms early`);
		assert.equal(reason, "Token expired");
		assert.equal(word((await joinAgain(guest, "guest")).refused), "expired");
		await guest.session.close();
		await watcher.session.close();
	});

	test_("ejt: the leeway at the door does not let in again", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, exp: now() + 5, ejt: true }), name, "guest");
		await kick(guest);
		await inside(guest.session, "session.meetauth_grant.expires = session.meetauth_grant.expires + 600; return true");
		assert.equal(word((await joinAgain(guest, "guest")).refused), "expired");
		await guest.session.close();
	});

	test_("exp alone: who is in stays in", async () => {
		const name = fresh();
		const exp = now() + 5;
		const guest = await enter(server, token({ r: name, exp }), name, "guest");
		await sleep(exp * 1000 - Date.now() + 1500);
		assert.deepEqual(guest.all.filter((p) => p.type === "unavailable"), []);
		assert.equal(await inside(guest.session, `return room("${name}"):get_occupant_by_real_jid(session.full_jid) ~= nil`), true);
		await guest.session.close();
	});

	test_("both: the earlier one", async () => {
		const a = fresh();
		const early = await enter(server, token({ r: a, exp: now() + 60, ejt: true, eje: 1 }), a, "guest");
		assert.equal((await kick(early)).reason, "Time limit reached");
		const b = fresh();
		const late = await enter(server, token({ r: b, exp: now() + 5, ejt: true, eje: 60 }), b, "guest");
		assert.equal((await kick(late)).reason, "Token expired");
		await early.session.close();
		await late.session.close();
	});

	test_("a change of nick changes nothing", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const before = Date.now();
		const guest = await enter(server, token({ r: name, eje: 3 }), name, "one");
		await sleep(1200);
		presence(guest, { nick: "two" });
		await guest.wait((p) => p.nick === "two" && isSelf(p), "the new nick");
		await sleep(900);
		presence(guest, { nick: "three", joins: true }); // as if it were a join
		await guest.wait((p) => p.nick === "three" && isSelf(p), "the third nick");
		const { at, reason } = await kick(guest, "three");
		assert.equal(reason, "Time limit reached");
		assert.ok(at - before >= 3000 - SLACK && at - before < 3000 + 900, `after ${at - before} ms`);
		await guest.session.close();
		await watcher.session.close();
	});

	test_("a join sent from inside is no new period", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, eje: 5 }), name, "guest");
		await sleep(3000);
		const again = Date.now();
		presence(guest, { joins: true });
		const { at } = await kick(guest);
		assert.ok(at - again < 5000 - SLACK, `${at - again} ms after the second join`);
		await guest.session.close();
	});

	test_("who left in time is not looked for, and a newcomer with the nick is not hit", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 2 }), name, "same");
		await leave(guest);
		assert.equal(await fixed(guest.session, guest.jid), "none");
		const newcomer = await enter(server, token({ r: name }), name, "same");
		await sleep(3000);
		assert.deepEqual(newcomer.all.filter((p) => p.nick === "same" && p.type === "unavailable"), []);
		assert.equal(watcher.all.filter(isKick).length, 0);
		await Promise.all([guest, newcomer, watcher].map((who) => who.session.close()));
	});

	test_("who was disconnected is not looked for, either", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const guest = await enter(server, token({ r: name, eje: 2 }), name, "same");
		await guest.session.close();
		await watcher.wait((p) => p.nick === "same" && p.type === "unavailable", "the leave");
		const newcomer = await enter(server, token({ r: name }), name, "same");
		await sleep(3000);
		assert.equal(watcher.all.filter(isKick).length, 0);
		await newcomer.session.close();
		await watcher.session.close();
	});

	test_("each room has its own", async () => {
		const one = fresh(), two = fresh();
		const session = await login(server, token({ r: one, eje: 3 }));
		await inside(session, 'session.meetauth_grant.room = "*"; return true');
		await session.join(room(one), "guest", { timeout: PATIENCE });
		await sleep(1200);
		await session.join(room(two), "guest", { timeout: PATIENCE });
		const times = await inside(session, `local d = session.meetauth_deadlines; return d["${room(two)}"].at - d["${room(one)}"].at`);
		assert.ok(times > 1 && times < 10, `${times} s apart`);
		await session.close();
	});

	test_("a time limit of many years needs no timer that long", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, eje: 2147483647, ejt: true, exp: 9e15 }), name, "guest");
		assert.equal(guest.joined.refused, undefined);
		await sleep(500);
		assert.equal(guest.all.filter(isKick).length, 0);
		assert.equal(await fixed(guest.session, guest.jid), "time-limit");
		await guest.session.close();
	});

	test_("a resumed stream (XEP-0198) keeps its deadline", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const text = token({ r: name, eje: 4 });
		const stream = await openStream({ url: server.ws, host: "meet.example", token: text, timeout: PATIENCE });
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		const id = await stream.enable();
		const before = Date.now();
		await stream.join(room(name), "guest");
		await sleep(1000);
		const h = stream.received();
		await stream.drop();
		await sleep(500);
		const back = await openStream({ url: server.ws, host: "meet.example", token: token({ r: name, eje: 600 }), params: { previd: id },
			timeout: PATIENCE });
		assert.equal(await back.authenticate(), "success");
		assert.equal(await back.resume(id, h), "resumed");
		assert.equal(await back.inside("return session.full_jid"), jid);
		const kicked = await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick after resumption");
		assert.equal(kicked.reason, "Time limit reached");
		assert.ok(kicked.at - before >= 4000 - SLACK && kicked.at - before < 4000 + 4000, `after ${kicked.at - before} ms`);
		await back.close();
		await watcher.session.close();
	});

	test_("a stream that hangs is out in time as well", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const stream = await openStream({ url: server.ws, host: "meet.example", token: token({ r: name, eje: 2 }), timeout: PATIENCE });
		await stream.authenticate();
		await stream.bind();
		await stream.enable();
		await stream.join(room(name), "guest");
		await stream.drop();
		const gone = await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick of a hibernating session");
		assert.equal(gone.reason, "Time limit reached");
		await watcher.session.close();
	});

	await Promise.all(cases);

	await t.test("a reload of the module keeps every deadline", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const before = Date.now();
		const guest = await enter(server, token({ r: name, eje: 3 }), name, "guest");
		const other = await enter(server, token({ r: name, eje: 600 }), name, "other");
		await sleep(1000);
		assert.equal(await reloadMuc(watcher.session), true);
		const { at, reason } = await kick(guest);
		assert.equal(reason, "Time limit reached");
		assert.ok(at - before >= 3000 - SLACK && at - before < 3000 + 3000, `after ${at - before} ms`);
		await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick that others see");
		assert.equal(watcher.all.filter(isKick).length, 1);
		assert.equal(await fixed(other.session, other.jid), "time-limit");
		// and one that fell due while it was not there
		const late = await enter(server, token({ r: name, eje: 1 }), name, "late");
		await inside(watcher.session, `local mm = require "core.modulemanager"; return mm.unload("${late.jid.split("@")[1]}", "muc_meetauth")`);
		await sleep(1500);
		assert.equal(late.all.filter(isKick).length, 0);
		await inside(watcher.session, `local mm = require "core.modulemanager"; return mm.load("${late.jid.split("@")[1]}", "muc_meetauth") ~= nil`);
		assert.equal((await kick(late)).reason, "Time limit reached");
		await Promise.all([guest, other, watcher, late].map((who) => who.session.close()));
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});
