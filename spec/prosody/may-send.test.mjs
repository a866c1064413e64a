// What a bearer may send by a token of Jitsi's dialect (context.user.send), by the entry's bound (may_send) in both dialects,
// and for how long somebody may stay by the entry (eject_after). What AV moderation makes of it is in
// daily-moderation.test.mjs. Proves mod_muc_meetauth/moderation.lib and mod_muc_meetauth/deadline.lib for these fields.

import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import { dailyConfig, domainOf, enter, host, inside, isKick, isSelf, joinAgain, muc, withStandIns } from "./support/daily.mjs";
import { fill } from "./support/example.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { block, entries } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const bare = `bare.${host}`; // rooms without AV moderation
const webinar = fill(entries(block("Limit media and time", "lua", 0, "doc/access.md")),
	{ "<your secret>": specSecret("webinar") });

const config = dailyConfig({
	entries: { bound: 'may_send = { "audio", "screen" }; eject_after = 600' },
	options: 'meetauth_on_expiry = "kick"',
	rest: `
Component "avmoderation.${host}" "av_moderation_component"
	muc_component = "${muc}"

Component "${bare}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`,
}).replace("meetauth_issuers = {", `$&
	${webinar}
	{ id = "portal", issuer = "portal", secret = "${specSecret("portal")}" };
	{ id = "silent", issuer = "silent", secret = "${specSecret("silent")}", may_send = {}, may = { "lobby-bypass" } };`);

const jitsi = (name, id, claims = {}) => sign(specSecret(id), { iss: id, sub: host, room: name, exp: now() + 86400, ...claims });
const daily = (name, id, claims = {}) =>
	sign(specSecret(id, 64), { d: domainOf(id), r: name, iat: now(), exp: now() + 86400, ...claims });
const sends = (send) => ({ context: { user: { id: "u", send } } });

let serial = 0;
const fresh = () => `send-${++serial}`;
const close = (...all) => Promise.all(all.map((who) => who.session.close()));

test("what may be sent, and for how long", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withStandIns(), machine });

	// Who may send what in a room: for each medium that is moderated, the nicks on its list.
	async function lists(guest) {
		await settled(server, guest);
		return inside(guest.session, `local found = {};
			for medium, list in pairs(room("${guest.name}").av_moderation or {}) do
				found[medium] = {};
				for _, jid in ipairs(list) do table.insert(found[medium], jid:match("/(.*)$")); end
				table.sort(found[medium]);
			end
			return found`).then((found) => Object.fromEntries(Object.entries(found).map(([medium, list]) => [medium, Array.from(list.length ? list : [])])));
	}

	const rows = [
		// whose token, what it may send
		["nothing said", (name) => jitsi(name, "portal"), ["audio", "video", "desktop"]],
		["audio alone", (name) => jitsi(name, "portal", sends(["audio"])), ["audio"]],
		["nothing", (name) => jitsi(name, "portal", sends([])), []],
		["all of it", (name) => jitsi(name, "portal", sends(["audio", "video", "screen"])), ["audio", "video", "desktop"]],
		["the entry's bound", (name) => jitsi(name, "webinar"), ["audio"]],
		["more than the entry's bound", (name) => jitsi(name, "webinar", sends(["audio", "video", "screen"])), ["audio"]],
		["another thing than the entry's bound", (name) => jitsi(name, "webinar", sends(["video"])), []],
		["a moderator whom the entry makes none", (name) => jitsi(name, "silent", { moderator: true, ...sends(["video"]) }), []],
		["Daily under a bound", (name) => daily(name, "bound"), ["audio", "desktop"]],
		["Daily under a bound, and p.cs", (name) => daily(name, "bound", { p: { cs: "v,sv,a" } }), ["audio", "desktop"]],
		["an owner under a bound: above AV moderation", (name) => jitsi(name, "webinar", { moderator: true, ...sends([]) }), ["audio", "video", "desktop"]],
	];
	for (const [what, of, media] of rows) {
		await t.test(`${what}: ${media.join(", ") || "nothing"}`, async () => {
			const name = fresh();
			const other = await enter(server, jitsi(name, "portal"), name, "other");
			const guest = await enter(server, of(name), name, "guest");
			assert.equal(guest.joined.refused, undefined);
			const found = await lists(other);
			const kept = ["audio", "video", "desktop"].filter((medium) => found[medium] && !found[medium].includes("guest"));
			assert.deepEqual(kept, ["audio", "video", "desktop"].filter((medium) => !media.includes(medium)));
			for (const medium of kept) assert.ok(found[medium].includes("other"), medium);
			await close(other, guest);
		});
	}

	await t.test("other words, or no list, are refused at the login", async () => {
		for (const send of ["audio", ["sound"], ["audio", 1], { audio: true }, true]) {
			await assert.rejects(enter(server, jitsi("x", "portal", sends(send)), "x", "who"), /bad-claim/);
		}
	});

	await t.test("without AV moderation the log warns, and the client is told", async () => {
		const name = fresh();
		const from = server.log().length;
		const guest = await enter(server, jitsi(name, "portal", { ...sends(["audio"]), context: { user: { send: ["audio"] }, features: { "screen-sharing": true } } }),
			name, "guest", { component: bare });
		const self = await guest.wait((p) => isSelf(p), "the own presence");
		assert.equal(self.advisory[0].send, "a,ca");
		assert.equal(self.permissions[0]["screen-sharing"], false);
		assert.match(server.log().slice(from), /A token does not allow its user to send video/);
		await close(guest);
	});

	const stays = [
		["a Jitsi token", (name) => jitsi(name, "webinar"), 1800, "time-limit"],
		["an owner", (name) => jitsi(name, "webinar", { moderator: true }), 1800, "time-limit"],
		["a Jitsi token that expires before", (name) => jitsi(name, "webinar", { exp: now() + 900 }), 900, "expired"],
		["a Daily token", (name) => daily(name, "bound"), 600, "time-limit"],
		["a Daily token with a shorter eje", (name) => daily(name, "bound", { eje: 300 }), 300, "time-limit"],
		["a Daily token with a longer eje", (name) => daily(name, "bound", { eje: 3000 }), 600, "time-limit"],
	];
	for (const [what, of, seconds, reason] of stays) {
		await t.test(`${what} is out after ${seconds} seconds: ${reason}`, async () => {
			const name = fresh();
			const guest = await enter(server, of(name), name, "guest");
			await machine.pass(seconds - 1);
			await settled(server, guest);
			assert.deepEqual(guest.all.filter(isKick), []);
			await machine.pass(1);
			await guest.wait((p) => isKick(p) && isSelf(p), "the kick");
			await server.waitForLog(new RegExp(`Occupant of ${name}@${muc} removed: ${reason}`));
			assert.equal((await joinAgain(guest, "guest")).refused?.text, reason === "expired" ? "expired" : undefined);
			await close(guest);
		});
	}

	await t.test("nothing went wrong inside", () => assert.doesNotMatch(server.log(), traceback));
	await server.stop();
});

test("a warning at the token's end, and the entry's end of the stay behind it", { timeout: TEST }, async () => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: config.replace('"kick"', '"warn"'), prefix: withStandIns(), machine });
	const name = fresh();
	const guest = await enter(server, jitsi(name, "webinar", { exp: now() + 900 }), name, "guest");
	const heard = [];
	guest.session.on((stanza) => {
		const [body] = stanza.getElementsByTagName("body");
		if (body) heard.push(body.textContent);
	}, { name: "message" });
	await machine.pass(900);
	await settled(server, guest);
	assert.deepEqual(heard, ["Your access to this meeting has ended: expired"]);
	await machine.pass(840);
	await settled(server, guest);
	assert.deepEqual(heard.slice(1), ["Your time in this meeting ends in 60 seconds: time-limit"]);
	await machine.pass(59);
	await settled(server, guest);
	assert.deepEqual(guest.all.filter(isKick), []);
	await machine.pass(1);
	await guest.wait((p) => isKick(p) && isSelf(p), "the kick");
	assert.doesNotMatch(server.log(), traceback);
	await close(guest);
	await server.stop();
});
