// kick_bans: whom a moderator put out of a room stays out of it for a while, in both dialects; what `why` and the shell say of
// it. Proves mod_muc_meetauth/kicks.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import { enter, host, inside, isKick, isSelf, joinAgain, leave, reloadMuc, room, setAffiliation, setRole, withStandIns, word } from "./support/daily.mjs";
import { fill } from "./support/example.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { block, entries } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const breakout = `breakout.${host}`;
const pupils = fill(entries(block("Kicks that last", "lua", 0, "doc/access.md")), { "<your secret>": specSecret("class") });

const config = `
admins = { "focus@auth.${host}" }

VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "admin_shell" }
	meetauth_leeway = 0
	meetauth_issuers = {
		${pupils}
		{ id = "daily", dialect = "daily", domain_id = "daily", secret = "${specSecret("daily")}", kick_bans = 600 };
		{ id = "open", issuer = "open", secret = "${specSecret("open")}" };
	}

Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false

Component "${breakout}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	main_muc = "conference.${host}"
`;

const token = (id, name, user, owner) => sign(specSecret(id), id === "daily"
	? { d: id, r: name, ud: user, o: owner, iat: now(), exp: now() + 86400 }
	: { iss: id, sub: host, room: name, moderator: owner, exp: now() + 86400, jti: `${Math.random()}`, ...(user ? { context: { user: { id: user } } } : {}) });

let serial = 0;
const fresh = () => `kick-${++serial}`;
const close = (...all) => Promise.all(all.map((who) => who.session.close()));
const refused = ({ joined }) => joined.refused && word(joined.refused);

test("a kick that lasts", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withStandIns(), machine });
	const come = (id, name, user, nick, owner, options) => enter(server, token(id, name, user, owner), name, nick, options);
	const shell = async (...args) => {
		const { stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		return stdout + stderr;
	};
	async function kick(boss, guest) {
		assert.equal(await setRole(boss, guest.joined.nick, "none"), "ok");
		await guest.wait((p) => p.nick === guest.joined.nick && isKick(p) && isSelf(p), "the kick");
	}

	for (const id of ["class", "daily"]) {
		await t.test(`${id}: by the same token, on a second device, as an owner, until the time is over`, async () => {
			const name = fresh();
			const boss = await come(id, name, "boss", "boss", true);
			const guest = await come(id, name, "u1", "guest");
			const tablet = await come(id, name, "u1", "tablet");
			const other = await come(id, name, "u2", "other");
			await kick(boss, guest);
			await tablet.wait((p) => p.nick === "tablet" && isKick(p) && isSelf(p), "the other device's kick"); // was there already
			const again = await joinAgain(guest, "guest");
			assert.equal(word(again.refused), "kicked");
			assert.equal(again.refused.sentence, "A moderator has removed you from this meeting");
			const phone = await come(id, name, "u1", "phone");
			assert.equal(refused(phone), "kicked");
			const asOwner = await come(id, name, "u1", "as-owner", true);
			assert.equal(refused(asOwner), "kicked");
			const elsewhere = await come(id, fresh(), "u1", "guest");
			assert.equal(elsewhere.joined.refused, undefined);
			await settled(server, other);
			assert.equal(other.all.filter((p) => p.nick === "other" && p.type === "unavailable").length, 0);
			assert.match(server.log(), new RegExp(`Occupant of ${room(name)} removed: kicked`));
			await machine.pass(599);
			assert.equal(word((await joinAgain(phone, "phone")).refused), "kicked");
			await machine.pass(1);
			assert.equal((await joinAgain(phone, "phone")).refused, undefined);
			await close(boss, guest, tablet, other, phone, asOwner, elsewhere);
		});
	}

	await t.test("users of another entry with the same id are somebody else, and an entry without the field keeps nobody out", async () => {
		const name = fresh();
		const boss = await come("class", name, "boss", "boss", true);
		const guest = await come("class", name, "u1", "guest");
		const namesake = await come("open", name, "u1", "namesake");
		await kick(boss, guest);
		await settled(server, namesake);
		assert.equal(namesake.all.filter((p) => p.nick === "namesake" && p.type === "unavailable").length, 0);
		await kick(boss, namesake);
		assert.equal((await joinAgain(namesake, "namesake")).refused, undefined);
		await close(boss, guest, namesake);
	});

	await t.test("without a user id it is the token", async () => {
		const name = fresh();
		const boss = await come("class", name, "boss", "boss", true);
		const text = token("class", name);
		const guest = await enter(server, text, name, "guest");
		const other = await come("class", name, undefined, "other");
		await kick(boss, guest);
		assert.equal(refused(await enter(server, text, name, "again")), "kicked");
		await settled(server, other);
		assert.equal(other.all.filter((p) => p.nick === "other" && p.type === "unavailable").length, 0);
		await close(boss, guest, other);
	});

	await t.test("who may not kick keeps nobody out; nor does the server, nor one of somebody's own devices, nor a leave", async () => {
		const name = fresh();
		const boss = await come("class", name, "boss", "boss", true);
		const guest = await come("class", name, "u1", "guest");
		const member = await come("class", name, "u2", "member");
		assert.notEqual(await setRole(member, "guest", "none"), "ok");
		await inside(guest.session, `room("${name}"):set_role(true, "${room(name)}/guest", nil); return true`);
		await guest.wait((p) => p.nick === "guest" && isKick(p) && isSelf(p), "the server's kick");
		assert.equal((await joinAgain(guest, "guest2")).refused, undefined);
		const boss2 = await come("class", name, "boss", "boss2", false);
		await kick(boss, boss2);
		assert.equal((await joinAgain(boss2, "boss3")).refused, undefined);
		await leave({ ...guest, me: `${guest.jid}/guest2` });
		assert.equal((await joinAgain(guest, "guest3")).refused, undefined);
		await close(boss, guest, member, boss2);
	});

	await t.test("it outlives the room and a reload of the module; a breakout room is no way round", async () => {
		const name = fresh();
		const boss = await come("class", name, "boss", "boss", true);
		const guest = await come("class", name, "u1", "guest");
		await kick(boss, guest);
		const side = `side-${name}`;
		await inside(boss.session, `room("${name}")._data.breakout_rooms = { ["${side}@${breakout}"] = "Side" }; return true`);
		const aside = await enter(server, token("class", name, "u1"), side, "aside", { component: breakout });
		assert.equal(refused(aside), "kicked");
		assert.equal(await reloadMuc(boss.session), true);
		await leave(boss);
		assert.equal(await inside(boss.session, `return room("${name}") == nil`), true);
		assert.equal(word((await joinAgain(guest, "guest")).refused), "kicked");
		await close(boss, guest, aside);
	});

	await t.test("a ban is a ban", async () => {
		const name = fresh();
		const boss = await come("class", name, "boss", "boss", true);
		const guest = await come("class", name, "u1", "guest");
		assert.equal(await setAffiliation(boss, guest.session.jid, "outcast"), "ok");
		await guest.wait((p) => p.type === "unavailable" && isSelf(p), "the ban");
		assert.equal(refused(await come("class", name, "u1", "again")), "banned");
		assert.equal(await setAffiliation(boss, guest.session.jid, "none"), "ok");
		assert.equal((await joinAgain(guest, "guest")).refused, undefined);
		await close(boss, guest);
	});

	await t.test("why says so; the shell lists it and lets in again", async () => {
		const name = fresh();
		const boss = await come("class", name, "boss", "boss", true);
		const guest = await come("class", name, "u1", "guest");
		await kick(boss, guest);
		const { reference } = (await joinAgain(guest, "guest")).refused;
		const told = await shell("why", reference);
		assert.match(told, /^reason +kicked$/m);
		assert.match(told, /kick_bans keeps the user out for 600 seconds/);
		const listed = await shell("kicked", host);
		const [, id] = listed.match(new RegExp(`^(\\d+) +${room(name)} +u1 +guest +class +\\d+ min`, "m"));
		assert.match(await shell("kicked", "nowhere.example"), /no MUC component of nowhere.example/);
		assert.match(await shell("readmit", "0"), /no kick has this id/);
		assert.match(await shell("readmit", "x"), /no kick has this id/);
		assert.match(await shell("readmit", id), /can enter again/);
		assert.equal((await joinAgain(guest, "guest")).refused, undefined);
		assert.doesNotMatch(await shell("kicked"), new RegExp(room(name)));
		await close(boss, guest);
	});

	await t.test("nothing went wrong inside", () => assert.doesNotMatch(server.log(), traceback));
	await server.stop();
});
