// Who a Daily token's bearer is: the name to begin with or for good (u), one at a time (ud), banned or not.
// Proves mod_muc_meetauth/nick.lib and mod_muc_meetauth/people.lib.

import { $msg } from "strophe.js";
import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import { dailyConfig, enter, inside, isKick, isSelf, joinAgain, login, named, presence, setAffiliation, token, withStandIns, word } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const config = dailyConfig({
	entries: { lock: "lock_name = true", uniq: "unique_users = true", uniq2: "unique_users = true" },
});

const NICK = "http://jabber.org/protocol/nick";

let serial = 0;
const fresh = () => `people-${++serial}`;
const there = (guest, name) => inside(guest.session, `local all = {};
	for nick in room("${name}"):each_occupant() do all[#all + 1] = nick:match("/(.*)$"); end
	table.sort(all); return all`);
const close = (...all) => Promise.all(all.map((who) => who.session.close()));

test("Daily: people", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	const witness = (name) => enter(server, token({ r: name, o: true }), name, "witness");
	const seenBy = (watcher, nick, fits = () => true) => watcher.wait((p) => p.nick === nick && p.type === "available" && fits(p), `${nick} seen`);

	const names = [
		// id, claims, the client's own name: what others see
		["acme", { u: "Ann" }, undefined, "Ann"],
		["acme", { u: "A\u202en\nn" }, undefined, "Ann"],
		["acme", { u: "Ünï <b>&" }, undefined, "Ünï <b>&"],
		["acme", { u: "Ann" }, "Bob", "Bob"], // the token's is the name to begin with, as at Daily
		["acme", { u: "" }, "Bob", "Bob"],
		["acme", {}, "Bob", "Bob"],
		["acme", {}, undefined, undefined],
		["lock", { u: "Ann" }, undefined, "Ann"],
		["lock", { u: "Ann" }, "Bob", "Ann"],
		["lock", {}, "Bob", undefined],
		["lock", { u: "\u202e" }, "Bob", undefined],
	];
	for (const [id, claims, own, want] of names) {
		await t.test(`u ${JSON.stringify(claims.u)} of ${id}, the client says ${own}: ${want}`, async () => {
			const name = fresh();
			const watcher = await witness(name);
			const guest = await enter(server, token({ r: name, ...claims }, id), name, "guest", { nickname: own });
			const seen = await seenBy(watcher, "guest");
			assert.equal(seen.name, want);
			assert.equal(seen.names, want === undefined ? 0 : 1);
			await close(guest, watcher);
		});
	}

	await t.test("a name is changed later, unless it is locked", async () => {
		for (const [id, want] of [["acme", "Eve"], ["lock", "Ann"]]) {
			const name = fresh();
			const watcher = await witness(name);
			const guest = await enter(server, token({ r: name, u: "Ann" }, id), name, "guest");
			await seenBy(watcher, "guest");
			const before = watcher.all.length;
			presence(guest, { nickname: "Eve" });
			const seen = await seenBy(watcher, "guest", (p) => watcher.all.indexOf(p) >= before);
			assert.equal(seen.name, want);
			presence(guest, { nick: "other", nickname: "Eve" });
			assert.equal((await seenBy(watcher, "other")).name, want);
			await close(guest, watcher);
		}
	});

	await t.test("a locked name holds for what is said in the room, too, aloud or in private", async () => {
		for (const [id, claims, want] of [["acme", { u: "Ann" }, "Eve"], ["lock", { u: "Ann" }, "Ann"], ["lock", {}, undefined]]) {
			const name = fresh();
			const watcher = await witness(name);
			const guest = await enter(server, token({ r: name, ...claims }, id), name, "guest");
			const heard = [];
			watcher.session.on((stanza) => {
				if (named(stanza, "body").length === 0) return;
				heard.push([stanza.getAttribute("type"), named(stanza, "nick")[0]?.textContent, named(stanza, "nick").length]);
			}, { name: "message" });
			const say = (to, type) => guest.session.send($msg({ to, type }).c("body").t("Hello").up().c("nick", { xmlns: NICK }).t("Eve"));
			say(guest.jid, "groupchat");
			say(`${guest.jid}/witness`, "chat");
			guest.session.send($msg({ to: guest.jid, type: "groupchat" }).c("body").t("Bye")); // none is put in
			await inside(guest.session, "return true");
			await inside(watcher.session, "return true");
			const n = want === undefined ? 0 : 1;
			assert.deepEqual(heard, [["groupchat", want, n], ["chat", want, n], ["groupchat", undefined, 0]]);
			await close(guest, watcher);
		}
	});

	await t.test("unique_users: the newest of a user stays", async () => {
		const name = fresh();
		const watcher = await witness(name);
		const first = await enter(server, token({ r: name, ud: "u1" }, "uniq"), name, "first");
		const other = await enter(server, token({ r: name, ud: "u2" }, "uniq"), name, "other");
		const nobody = await enter(server, token({ r: name }, "uniq"), name, "nobody");
		const nobody2 = await enter(server, token({ r: name }, "uniq"), name, "nobody2");
		const stranger = await enter(server, token({ r: name, ud: "u1" }, "uniq2"), name, "stranger"); // of another domain
		const second = await enter(server, token({ r: name, ud: "u1" }, "uniq"), name, "second");
		const kicked = await first.wait((p) => p.nick === "first" && isKick(p) && isSelf(p), "the older one's kick");
		assert.equal(kicked.reason, "You are in this meeting on another device: other-device");
		const third = await enter(server, token({ r: name, ud: "u1", o: true }, "uniq"), name, "third"); // rights do not matter
		await second.wait((p) => p.nick === "second" && isKick(p) && isSelf(p), "the second one's kick");
		await server.turn();
		assert.deepEqual(await there(watcher, name), ["nobody", "nobody2", "other", "stranger", "third", "witness"]);
		// a change of nick is no second device
		presence(third, { nick: "third-renamed" });
		await third.wait((p) => p.nick === "third-renamed" && isSelf(p), "the new nick");
		await settled(server, third);
		assert.equal(third.all.filter(isKick).filter((p) => p.nick.startsWith("third")).length, 0);
		await close(watcher, first, other, nobody, nobody2, stranger, second, third);
	});

	await t.test("without unique_users a user is there twice", async () => {
		const name = fresh();
		const first = await enter(server, token({ r: name, ud: "u1" }), name, "first");
		const second = await enter(server, token({ r: name, ud: "u1" }), name, "second");
		await settled(server, first);
		assert.equal(first.all.filter(isKick).length, 0);
		await close(first, second);
	});

	await t.test("a ban holds for the user, whatever the connection", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true, ud: "boss" }), name, "owner");
		const guest = await enter(server, token({ r: name, ud: "u1" }), name, "guest");
		assert.equal(await setAffiliation(owner, guest.session.jid, "outcast"), "ok");
		const out = await guest.wait((p) => p.type === "unavailable" && isSelf(p), "the ban");
		assert.ok(out.statuses.includes(301));
		const again = await enter(server, token({ r: name, ud: "u1" }), name, "again");
		assert.equal(word(again.joined.refused), "banned");
		assert.equal(again.joined.refused.condition, "not-allowed");
		const asOwner = await enter(server, token({ r: name, ud: "u1", o: true }), name, "as-owner");
		assert.equal(word(asOwner.joined.refused), "banned");
		assert.notEqual((await joinAgain(guest, "guest")).refused, undefined); // the connection itself
		const friend = await enter(server, token({ r: name, ud: "u2" }), name, "friend");
		const namesake = await enter(server, token({ r: name, ud: "u1" }, "uniq"), name, "namesake");
		const elsewhere = fresh();
		const other = await enter(server, token({ r: elsewhere, ud: "u1" }), elsewhere, "guest");
		for (const who of [friend, namesake, other]) assert.equal(who.joined.refused, undefined);
		assert.equal(await setAffiliation(owner, guest.session.jid, "none"), "ok");
		assert.equal((await joinAgain(again, "again")).refused, undefined);
		await close(owner, guest, again, asOwner, friend, namesake, other);
	});

	await t.test("a ban takes the user's other connections out as well, and nobody else", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true, ud: "boss" }), name, "owner");
		const phone = await enter(server, token({ r: name, ud: "u1" }), name, "phone");
		const laptop = await enter(server, token({ r: name, ud: "u1" }), name, "laptop");
		const stranger = await enter(server, token({ r: name, ud: "u1" }, "uniq"), name, "stranger"); // of another domain
		const nobody = await enter(server, token({ r: name }), name, "nobody");
		assert.equal(await setAffiliation(owner, phone.session.jid, "outcast"), "ok");
		await phone.wait((p) => p.type === "unavailable" && isSelf(p), "the ban");
		const kicked = await laptop.wait((p) => p.nick === "laptop" && isKick(p) && isSelf(p), "the other connection's kick");
		assert.equal(kicked.reason, "Banned");
		assert.equal(word((await joinAgain(laptop, "laptop")).refused), "banned");
		assert.deepEqual(await there(owner, name), ["nobody", "owner", "stranger"]);
		assert.equal(await setAffiliation(owner, phone.session.jid, "none"), "ok");
		assert.equal((await joinAgain(laptop, "laptop")).refused, undefined);
		await close(owner, phone, laptop, stranger, nobody);
	});

	await t.test("a number is the same id as its digits: for a ban, and for who is there once", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true, ud: "boss" }), name, "owner");
		const guest = await enter(server, token({ r: name, ud: 42 }), name, "guest");
		assert.equal(await setAffiliation(owner, guest.session.jid, "outcast"), "ok");
		const again = await enter(server, token({ r: name, ud: "42" }), name, "again");
		assert.equal(word(again.joined.refused), "banned");
		const first = await enter(server, token({ r: name, ud: 42 }, "uniq"), name, "first");
		const second = await enter(server, token({ r: name, ud: "42" }, "uniq"), name, "second");
		const kicked = await first.wait((p) => p.nick === "first" && isKick(p) && isSelf(p), "the older one's kick");
		assert.equal(kicked.reason, "You are in this meeting on another device: other-device");
		await close(owner, guest, again, first, second);
	});

	await t.test("unique_users holds for a session that comes to be that user by another token", async () => {
		const name = fresh();
		const first = await enter(server, token({ r: name, ud: "u1" }, "uniq"), name, "first");
		const second = await enter(server, token({ r: name, ud: "u2" }, "uniq"), name, "second");
		await inside(second.session, `session.meetauth_grant.user.id = "daily:uniq:u1";
			prosody.events.fire_event("meetauth-session-updated", { session = session }); return true`);
		const kicked = await first.wait((p) => p.nick === "first" && isKick(p) && isSelf(p), "the older one's kick");
		assert.equal(kicked.reason, "You are in this meeting on another device: other-device");
		assert.deepEqual(await there(second, name), ["second"]);
		await close(first, second);
	});

	await t.test("a ban of a user without an id is the connection's", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name }), name, "guest");
		assert.equal(await setAffiliation(owner, guest.session.jid, "outcast"), "ok");
		const again = await enter(server, token({ r: name }), name, "again");
		assert.equal(again.joined.refused, undefined);
		await close(owner, guest, again);
	});

	await t.test("other modules read who somebody is and as what they came, and nothing of what is enforced here", async () => {
		const name = fresh();
		for (const [claims, user] of [
			[{ ud: "u1", u: "Ann", k: true }, { id: "daily:acme:u1", name: "Ann", moderator: false, affiliation: "member" }],
			[{ o: true }, { moderator: true, affiliation: "owner" }],
		]) {
			const session = await login(server, token({ r: name, ...claims }));
			assert.deepEqual(await inside(session, "return session.jitsi_meet_context_user"), user);
			assert.equal(await inside(session, "return session.meetauth_grant.user.id"), user.id);
			await session.close();
		}
	});

	await t.test("ids of two domains differ in what other modules read", async () => {
		const name = fresh();
		const one = await enter(server, token({ r: name, ud: "u1" }), name, "one");
		const two = await enter(server, token({ r: name, ud: "u1" }, "uniq"), name, "two");
		const id = (who) => inside(who.session, "return session.jitsi_meet_context_user.id");
		assert.equal(await id(one), "daily:acme:u1");
		assert.equal(await id(two), "daily:uniq:u1");
		await close(one, two);
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});
