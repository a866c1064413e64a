// The server's wall clock is set, ahead and back, while people are logged in: its word counts, at once, and it opens
// nothing that was closed for good. Time that somebody was given passes as it did.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { connect, settled } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { PATIENCE, TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { sign } from "./support/token.mjs";

const host = "meet.example";
const LEEWAY = 600; // seconds: enough for a login on a slow machine
const HOUR = 3600;
const LOOK = 2; // seconds between two looks whether the clock was set
const secrets = {
	portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", once: "once-secret-2-3-5-7-11-13-17-19-23-29-31",
	acme: "acme-secret-2-3-5-7-11-13-17-19-23-29-31",
};

const config = (keysUrl) => `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	meetauth_leeway = ${LEEWAY}
	meetauth_on_expiry = "kick"
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", single_use = true };
		{ id = "acme", dialect = "daily", domain_id = "d1", secret = "${secrets.acme}" };
		{ id = "sso", issuer = "sso", algorithms = "ES256", jwks_url = "${keysUrl}/jwks" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

// Seconds of processor time that a process has used.
function cpu(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

test("a clock that is set", { timeout: TEST }, async (t) => {
	const machine = newMachine();
	const keys = await startKeyServer();
	const key = newKey("known");
	keys.on("/jwks", setOf(key));
	const server = await startProsody({ config: config(keys.url), prefix: withSpecModules(), machine });
	await server.waitForLog(/Keys of sso from .*: changed/);

	let serial = 0;
	const { now } = machine;
	const portal = (claims) => sign(secrets.portal, { iss: "portal", sub: host, room: "*", jti: `t${serial++}`, exp: now() + HOUR, ...claims });
	const once = () => sign(secrets.once, { iss: "once", sub: host, room: "*", jti: `t${serial++}`, exp: now() + HOUR });
	const daily = (claims) => sign(secrets.acme, { d: "d1", r: "standup", iat: now(), exp: now() + 2 * HOUR, ...claims });
	const sso = () => key.token({ room: "*", exp: now() + HOUR });

	const start = (token) => connect({ url: server.ws, host, token });
	async function login(token) {
		const session = await start(token);
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	}
	async function sitDown(token, nick) {
		const session = await start(token);
		assert.equal(session.refused, undefined, nick);
		const me = `standup@conference.${host}/${nick}`;
		let kicked = null;
		session.on((stanza) => { kicked = { reason: stanza.getElementsByTagName("reason")[0]?.textContent }; },
			{ name: "presence", type: "unavailable", from: me });
		assert.equal((await session.join(`standup@conference.${host}`, nick)).refused, undefined, nick);
		return { kicked: () => kicked, session };
	}
	const isKicked = (guest) => waitFor(guest.kicked, "a kick");
	const admin = await sitDown(portal({ exp: now() + 1000 * HOUR }), "admin");

	await t.test("set ahead: whose token is over by it goes, the others stay; a time limit runs on", async () => {
		const people = {
			over: await sitDown(portal(), "over"), ejected: await sitDown(daily({ ejt: true, exp: now() + HOUR }), "ejected"),
			longer: await sitDown(portal({ exp: now() + 3 * HOUR }), "longer"), limited: await sitDown(daily({ eje: HOUR }), "limited"),
		};
		const link = portal();
		machine.setClock(HOUR + 2 * LEEWAY);
		await machine.pass(LOOK);
		assert.equal((await isKicked(people.over)).reason, "Token expired");
		assert.equal((await isKicked(people.ejected)).reason, "Token expired");
		assert.equal(await login(link), "expired");
		assert.equal(await login(portal()), "in");
		await settled(server, people.longer, people.limited, admin);
		assert.deepEqual([people.longer.kicked(), people.limited.kicked(), admin.kicked()], [null, null, null]);
		assert.equal(server.log().match(/The clock was set ahead by 4800 seconds/g).length, 1);
	});

	await t.test("set back: nobody goes who may stay by it, and a time limit gets no longer", async () => {
		const [stays, limited] = await Promise.all([
			sitDown(portal({ exp: now() + HOUR / 2 }), "stays"), sitDown(daily({ eje: HOUR }), "an hour"),
		]);
		machine.setClock(0);
		await machine.pass(LOOK);
		await server.waitForLog(/The clock was set back by 4800 seconds/);
		await machine.pass(HOUR / 2);
		await settled(server, stays, limited);
		assert.deepEqual([stays.kicked(), limited.kicked()], [null, null]);
		await machine.pass(HOUR / 2);
		assert.equal((await isKicked(limited)).reason, "Time limit reached");
		await settled(server, stays);
		assert.equal(stays.kicked(), null);
	});

	// Steps of the clock are looked for at regular intervals: what is done right after one was seen, is done before the next look.
	let ahead = 0;
	async function step(by, then) {
		const from = server.log().length;
		machine.setClock(ahead += by);
		const result = await then();
		await server.waitForLog(/The clock was set (ahead|back) by/, PATIENCE, from);
		return result;
	}
	const limitOf = ({ session }) => inside(session, `local now = require "util.time".now();
		return session.meetauth_deadlines["standup@conference.${host}"].at - now`);

	await t.test("who joins before a step was seen has the time that the token gives, no more and no less", async () => {
		await step(5 * HOUR, () => {});
		const later = await step(5 * HOUR, () => sitDown(daily({ eje: HOUR }), "joins after a step ahead"));
		const left = await limitOf(later);
		assert.ok(left > HOUR - 120 && left <= HOUR, `${left} s left`);
		const short = await step(5 * HOUR, () => sitDown(daily({ eje: 3 }), "joins for three seconds"));
		assert.equal((await isKicked(short)).reason, "Time limit reached");
		await step(-5 * HOUR, () => {});
		const earlier = await step(-10 * HOUR, () => sitDown(daily({ eje: HOUR }), "joins after a step back"));
		const rest = await limitOf(earlier);
		assert.ok(rest > HOUR - 120 && rest <= HOUR, `${rest} s left`);
		assert.deepEqual([later.kicked(), earlier.kicked(), admin.kicked()], [null, null, null]);
		for (const { session } of [later, short, earlier]) await session.close(PATIENCE);
	});

	await t.test("who is looked at again before a step was seen stays as long as before", async () => {
		const limited = await sitDown(daily({ eje: HOUR, exp: now() + 9 * HOUR }), "looked at again");
		const lookAgain = () => inside(limited.session, `prosody.events.fire_event("meetauth-session-updated", { session = session }) return true`);
		await step(1.5 * HOUR, () => {});
		await step(1.5 * HOUR, lookAgain);
		await step(-3 * HOUR, lookAgain);
		assert.equal(limited.kicked(), null);
		const left = await limitOf(limited);
		assert.ok(left > HOUR - 120 && left <= HOUR, `${left} s left`);
		await limited.session.close(PATIENCE);
	});

	await t.test("the leeway counts from whatever the clock says", async () => {
		const late = portal({ exp: now() - LEEWAY / 2 });
		const early = portal({ nbf: now() + LEEWAY * 1.5 });
		assert.deepEqual([await login(late), await login(early)], ["in", "not-yet-valid"]);
		machine.setClock(LEEWAY);
		assert.deepEqual([await login(late), await login(early)], ["expired", "in"]);
		machine.setClock(0);
		assert.deepEqual([await login(late), await login(early)].slice(1), ["not-yet-valid"]);
	});

	await t.test("ahead for a while and put right: what was used up stays so, what was revoked stays so", async () => {
		const by = once();
		const leaked = portal({ jti: "leaked" });
		assert.equal(await login(by), "in");
		const ends = await inside(admin.session, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "leaked", { expires = ${now() + HOUR} }).ends`);
		assert.ok(ends < now() + 2 * HOUR);
		machine.setClock(24 * HOUR);
		assert.deepEqual([await login(by), await login(leaked)], ["expired", "expired"]);
		for (let turn = 0; turn < 2; turn++) await machine.pass(5); // everything that forgets has had its turn
		machine.setClock(0);
		assert.deepEqual([await login(by), await login(leaked)], ["already-used", "revoked"]);
	});

	await t.test("days ahead: keys that are too old by it are fetched again for the login that needs them", async () => {
		assert.equal(await login(sso()), "in");
		machine.setClock(240 * HOUR);
		assert.equal(await login(sso()), "in");
		machine.setClock(0);
		assert.equal(await login(sso()), "in");
	});

	await t.test("to and fro: one look at the key server for each time at most, and the server has nothing to do", async () => {
		await machine.pass(LOOK);
		const requests = keys.requests("/jwks");
		const spent = cpu(server.pid);
		for (let i = 0; i < 20; i++) {
			machine.setClock(i % 2 ? 0 : (i + 1) * 7 * HOUR);
			await machine.pass(LOOK);
		}
		machine.setClock(0);
		await machine.pass(LOOK);
		assert.ok(keys.requests("/jwks") - requests <= 20);
		assert.ok(cpu(server.pid) - spent < 1.5, `${cpu(server.pid) - spent} s`);
		assert.equal(await login(portal()), "in");
		assert.equal(admin.kicked(), null);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
