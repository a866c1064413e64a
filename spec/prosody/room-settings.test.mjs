// A room's settings by its owner's token (context.room): lobby, password, how many may be in it, how long it lasts; and by
// nobody else's. Proves mod_muc_meetauth/settings.lib.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { settled } from "./support/client.mjs";
import { dailyConfig, enter, host, inside, isSelf, joinAgain, leave, reloadMuc, room, withStandIns, word } from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { block } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";


const config = (componentModules) => dailyConfig({
	componentModules,
	options: "meetauth_audit = true; allow_empty_token = true",
	rest: `
Component "breakout.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	main_muc = "conference.${host}"
`,
}).replace("meetauth_issuers = {", `$&
	{ id = "portal", issuer = "portal", secret = "${specSecret("portal")}" };
	{ id = "bounded", issuer = "bounded", secret = "${specSecret("bounded")}", may = { "lobby-bypass" } };`)
	.replace(/^/, "log = { { levels = { min = \"debug\" }, to = \"console\" }, { levels = { \"audit\" }, to = \"file\", filename = ENV_PROSODY_DATA .. \"/audit.log\", timestamps = false } }\n");

const token = (name, claims = {}, id = "portal") =>
	sign(specSecret(id), { iss: id, sub: host, room: name, exp: now() + 86400, ...claims });
const setting = (context, more = { moderator: true }) => ({ context: { room: context, user: { id: "boss" } }, ...more });

let serial = 0;
const fresh = () => `set-${++serial}`;
const close = (...all) => Promise.all(all.map((who) => who.session.close()));
const came = ({ joined }) => (joined.refused ? word(joined.refused) || joined.refused.condition : joined.affiliation);
// What the room says of itself.
const look = (guest, name) => inside(guest.session, `local it = room("${name}");
	return { lobby = it:get_members_only() == true, password = it:get_password() or "none" }`);

test("a room's settings", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: config(["daily_lobby"]), prefix: withStandIns(), machine });
	const come = (name, nick, claims, options, id) => enter(server, token(name, claims, id), name, nick, { nickname: nick, ...options });
	const withPassword = (name, nick, password, claims) => come(name, nick, claims).then(async (guest) => {
		if (!guest.joined.refused) return guest;
		guest.joined = await guest.session.join(guest.jid, nick, { extra: (p) => { p.node = p.tree().firstChild; p.c("password").t(password); } });
		return guest;
	});

	await t.test("the page's token sets all four, and the log and the audit tell of them without the password", async () => {
		const shown = JSON.parse(block("Room settings", "json", 0, "doc/rooms.md"));
		const boss = await enter(server, sign(specSecret("portal"), { ...shown, exp: now() + 600 }), "exam", "boss");
		assert.equal(came(boss), "owner");
		assert.deepEqual(await look(boss, "exam"), { lobby: true, password: "open sesame" });
		assert.match(server.log(), /The owner's token set up the room: duration lobby max_occupants password/);
		const told = readFileSync(join(server.dataDir, "audit.log"), "utf8");
		assert.match(told, /"event":"room_set","host":"meet.example","room":"exam@conference.meet.example","entry":"portal","dialect":"jitsi".*"settings":"duration lobby max_occupants password"/);
		assert.doesNotMatch(told + server.log().replaceAll(/<password>[^<]*<\/password>/g, ""), /sesame/);
		await close(boss);
	});

	await t.test("a lobby: those who come after the owner wait, those who were there stay", async () => {
		const name = fresh();
		const early = await come(name, "early");
		const boss = await come(name, "boss", setting({ lobby: true }));
		assert.equal(came(boss), "owner");
		const late = await come(name, "late");
		assert.equal(came(late), "registration-required");
		assert.equal(came(await come(name, "through", { context: { user: { lobby_bypass: true } } })), "member");
		await settled(server, early);
		assert.equal(early.all.filter((p) => p.nick === "early" && p.type === "unavailable").length, 0);
		await close(early, boss, late);
	});

	await t.test("a member with settings sets nothing, nor a guest, nor an owner by hand, nor whom the entry denies it", async () => {
		const all = { lobby: true, password: "mine", max_occupants: 1, duration: 1 };
		const name = fresh();
		const boss = await come(name, "boss", { moderator: true });
		for (const [nick, claims, id] of [["a", setting(all, {})], ["b", setting(all, { moderator: false })], ["c", setting(all), "bounded"]]) {
			const member = await come(name, nick, claims, {}, id);
			assert.equal(came(member), "member");
			assert.deepEqual(await look(boss, name), { lobby: false, password: "none" });
			await inside(boss.session, `return (room("${name}"):set_affiliation(true, "${member.session.jid.split("/")[0]}", "owner"))`);
			await leave(member);
			assert.equal((await joinAgain(member, nick, nick)).refused, undefined);
			await close(member);
		}
		await machine.pass(60);
		assert.deepEqual(await look(boss, name), { lobby: false, password: "none" });
		await close(boss);
	});

	await t.test("the owner of another room sets nothing here", async () => {
		const name = fresh();
		const boss = await come(name, "boss", { moderator: true });
		const other = await enter(server, token(fresh(), setting({ password: "x" })), name, "other");
		assert.equal(came(other), "room-mismatch");
		assert.deepEqual(await look(boss, name), { lobby: false, password: "none" });
		await close(boss, other);
	});

	await t.test("a password: asked of all others, not of the owner who brings it; by hand it is another's", async () => {
		const name = fresh();
		const claims = setting({ password: "open sesame" });
		const boss = await come(name, "boss", claims);
		const late = await come(name, "late");
		assert.equal(came(late), "not-authorized");
		assert.equal(came(await withPassword(name, "wrong", "sesame")), "not-authorized");
		assert.equal(came(await withPassword(name, "right", "open sesame")), "member");
		assert.equal(came(await come(name, "member", setting({ password: "open sesame" }, {}))), "not-authorized"); // knowing is not owning
		assert.equal(came(await come(name, "boss2", claims)), "owner");
		await inside(boss.session, `room("${name}"):set_password("by hand"); return true`);
		const again = await withPassword(name, "boss3", "by hand", claims);
		assert.equal(came(again), "owner");
		assert.equal((await look(boss, name)).password, "by hand"); // the same value is set once
		const other = await withPassword(name, "boss4", "by hand", setting({ password: "" }));
		assert.equal(came(other), "owner");
		assert.equal((await look(boss, name)).password, "none"); // another value is set
		await close(boss, late, again, other);
	});

	await t.test("max_occupants: whoever comes then is refused, an owner is not, and after a leave there is room", async () => {
		const name = fresh();
		const boss = await come(name, "boss", setting({ max_occupants: 2 }));
		const second = await come(name, "second");
		assert.equal(came(second), "member");
		const third = await come(name, "third");
		assert.equal(came(third), "room-full");
		assert.equal(third.joined.refused.sentence, "This meeting is full");
		const guest = await enter(server, undefined, name, "guest");
		assert.equal(came(guest), "room-full");
		const owner = await come(name, "owner", { moderator: true });
		assert.equal(came(owner), "owner");
		await leave(owner);
		await leave(second);
		assert.equal((await joinAgain(third, "third", "third")).refused, undefined);
		assert.equal(word((await joinAgain(second, "second", "second")).refused), "room-full");
		await close(boss, second, third, guest, owner);
	});

	await t.test("duration: told a minute before, then over for everybody; whoever comes back finds another meeting", async () => {
		const name = fresh();
		const early = await come(name, "early");
		await machine.pass(1000); // not counted
		const boss = await come(name, "boss", setting({ duration: 3600 }));
		const heard = [];
		early.session.on((stanza) => {
			const [body] = stanza.getElementsByTagName("body");
			if (body) heard.push(body.textContent);
		}, { name: "message" });
		await machine.pass(3539);
		await settled(server, early, boss);
		assert.deepEqual(heard, []);
		await machine.pass(1);
		await settled(server, early);
		assert.deepEqual(heard, ["Your time in this meeting ends in 60 seconds: time-limit"]);
		const again = await come(name, "boss2", setting({ duration: 3600 })); // the same, counted from the first time
		await machine.pass(59);
		await settled(server, early);
		assert.equal(early.all.filter((p) => p.type === "unavailable").length, 0);
		await machine.pass(1);
		for (const who of [early, boss, again]) await who.wait((p) => p.type === "unavailable" && isSelf(p), "the end");
		assert.equal(heard.at(-1), "Your time in this meeting has ended: time-limit");
		assert.match(server.log(), new RegExp(`Occupant of ${room(name)} removed: time-limit`));
		assert.equal((await joinAgain(early, "early", "early")).refused, undefined);
		await machine.pass(7200);
		await settled(server, early);
		assert.equal(early.all.filter((p) => p.type === "unavailable").length, 1);
		await close(early, boss, again);
	});

	await t.test("duration: it outlives a reload of the module, and ends with the last who leaves", async () => {
		const name = fresh();
		const boss = await come(name, "boss", setting({ duration: 100 }));
		await machine.pass(30);
		assert.equal(await reloadMuc(boss.session), true);
		await machine.pass(69);
		await settled(server, boss);
		assert.equal(boss.all.filter((p) => p.type === "unavailable").length, 0);
		await machine.pass(1);
		await boss.wait((p) => p.type === "unavailable" && isSelf(p), "the end");
		await joinAgain(boss, "boss", "boss");
		await machine.pass(50);
		await leave(boss);
		const member = await come(name, "member");
		await machine.pass(1000);
		await settled(server, member);
		assert.equal(member.all.filter((p) => p.type === "unavailable").length, 0);
		await close(boss, member);
	});

	await t.test("what does not fit is refused, whoever brings it", async () => {
		for (const context of [{ lobby: 1 }, { password: 7 }, { password: "x".repeat(257) }, { max_occupants: 0 }, { duration: 1.5 }, { duration: "60" }]) {
			for (const more of [{ moderator: true }, {}]) {
				await assert.rejects(come(fresh(), "who", setting(context, more)), /bad-claim/);
			}
		}
	});

	await t.test("nothing went wrong inside", () => {
		assert.doesNotMatch(server.log().replace(/.*Duplicate option 'log'\n/, ""), traceback); // the preamble has one, too
	});
	await server.stop();
});

test("a room's settings, where nothing makes lobbies", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: config([]), prefix: withStandIns() });

	await t.test("an owner who asks for a lobby is refused, also where the room is there; without it nobody is", async () => {
		const name = fresh();
		const boss = await enter(server, token(name, setting({ lobby: true })), name, "boss");
		assert.equal(word(boss.joined.refused), "not-enforceable");
		assert.equal(boss.joined.refused.child, "server-missing-config");
		const member = await enter(server, token(name, setting({ lobby: true }, {})), name, "member");
		assert.equal(member.joined.refused, undefined);
		assert.equal(word((await joinAgain(boss, "boss")).refused), "not-enforceable");
		const other = await enter(server, token(name, setting({ lobby: false })), name, "other");
		assert.equal(other.joined.affiliation, "owner");
		await close(boss, member, other);
	});

	await t.test("nothing went wrong inside", () => {
		assert.doesNotMatch(server.log().replace(/.*Duplicate option 'log'\n/, ""), traceback); // the preamble has one, too
	});
	await server.stop();
});
