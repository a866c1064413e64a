// As what a Jitsi token lets one in: moderators in every spelling, rights that hold against those who promote
// everybody, bans, members-only rooms, the lobby and passwords.
// Proves mod_muc_meetauth/affiliation.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq, $pres } from "strophe.js";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { host, jitsiConfig, room, token, user, withSpecModules } from "./support/jitsi.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const config = jitsiConfig({ componentModules: ["live_lobby", "live_promoter"] });

const owners = {
	"moderator at top level": { moderator: true },
	"moderator at top level, as a word": { moderator: "true" },
	"context.user.moderator": user({ moderator: true }),
	"context.user.moderator, as a word": user({ moderator: "true" }),
	"context.user.affiliation owner": user({ affiliation: "owner" }),
	"context.user.affiliation moderator": user({ affiliation: "moderator" }),
	"context.user.affiliation teacher": user({ affiliation: "teacher" }),
	"all of them": { moderator: true, ...user({ moderator: "true", affiliation: "owner" }) },
	"one, and values that say nothing": { moderator: null, ...user({ moderator: 1, affiliation: "owner" }) },
};
const members = {
	"nothing about it": {},
	"moderator false": { moderator: false },
	"moderator in other letters": user({ moderator: "True" }),
	"moderator 1": user({ moderator: 1 }),
	"moderator as the text 1": { moderator: "1" },
	"moderator null": { moderator: null, ...user({ moderator: null, affiliation: null }) },
	"moderator as an object": { moderator: { true: true } },
	"affiliation member": user({ affiliation: "member" }),
	"affiliation in other letters": user({ affiliation: "Owner" }),
	"affiliation admin": user({ affiliation: "admin" }),
	"affiliation as a list": user({ affiliation: ["owner"] }),
	"top level against context": { moderator: true, ...user({ moderator: false }) },
	"context against top level": { moderator: "false", ...user({ moderator: true }) },
	"moderator against affiliation": user({ moderator: true, affiliation: "member" }),
	"affiliation against moderator": user({ moderator: "false", affiliation: "owner" }),
};

const denials = {
	"context.user.moderator false": user({ moderator: false }),
	"the word false": user({ moderator: "false" }),
	"moderator false at top level": { moderator: false },
	"affiliation member": user({ affiliation: "member" }),
};

const elements = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);
const itemOf = (presence) => {
	const [item] = presence.getElementsByTagName("item");
	return `${item.getAttribute("affiliation")}/${item.getAttribute("role")}`;
};

// Change an affiliation (by jid) or a role (by nick): "done", or the error's type and condition.
function administer(session, roomJid, item) {
	return send(session, $iq({ type: "set", to: roomJid }).c("query", { xmlns: "http://jabber.org/protocol/muc#admin" }).c("item", item));
}

function send(session, iq) {
	return new Promise((resolve) => {
		session.connection.sendIQ(iq, () => resolve("done"), (answer) => {
			const [error] = answer.getElementsByTagName("error");
			resolve(`${error.getAttribute("type")}/${elements(error)[0].localName}`);
		}, PATIENCE);
	});
}

// Submit a room's configuration with these fields: "done", or the error's type and condition.
function configure(session, roomJid, fields) {
	const iq = $iq({ type: "set", to: roomJid }).c("query", { xmlns: "http://jabber.org/protocol/muc#owner" })
		.c("x", { xmlns: "jabber:x:data", type: "submit" });
	const all = { FORM_TYPE: "http://jabber.org/protocol/muc#roomconfig", ...fields };
	for (const [name, value] of Object.entries(all)) iq.c("field", { var: name }).c("value").t(value).up().up();
	return send(session, iq);
}

// Put a password into the <x/> of a join.
const withPassword = (password) => (presence) => {
	presence.node = presence.tree().firstChild;
	presence.c("password").t(password);
};
let serial = 0;

test("jitsi rights", { timeout: TEST, concurrency: 6 }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	const cases = [];
	const it = (name, run) => cases.push(t.test(name, run));

	async function login(name, claims = {}, on = host) {
		const session = await connect({ url: server.ws, host: on, token: on === host ? token({ room: name, ...claims }) : undefined });
		assert.equal(session.refused, undefined);
		session.bare = session.jid.split("/")[0];
		return session;
	}
	const focus = () => login(undefined, {}, `auth.${host}`);
	const finish = (...sessions) => Promise.all(sessions.map((session) => session.close()));
	const freshRoom = (prefix = "room") => `${prefix}${serial++}`;

	async function join(session, name, { nick = `n${serial++}`, extra } = {}) {
		session.nick = nick;
		const { refused, affiliation, role, stanza } = await session.join(room(name), nick, { extra });
		return refused ? { refused } : { standing: `${affiliation}/${role}`, stanza };
	}
	async function leave(session, name) {
		const left = session.next({ name: "presence", type: "unavailable", from: `${room(name)}/${session.nick}` });
		session.connection.send($pres({ to: `${room(name)}/${session.nick}`, type: "unavailable" }));
		await left;
	}
	async function enter(name, claims) {
		const session = await login(name, claims);
		return { session, ...await join(session, name) };
	}
	// The presence of a nick as somebody else in the room sees it next.
	const seen = (watcher, name, nick) => watcher.next({ name: "presence", from: `${room(name)}/${nick}` });

	for (const [expected, rows] of [["owner/moderator", owners], ["member/participant", members]]) {
		for (const [what, claims] of Object.entries(rows)) {
			it(`${what}: ${expected} in the first presence, for oneself and for others, first or second in the room`, async () => {
				const name = freshRoom();
				const creator = await enter(name, claims);
				assert.equal(creator.standing, expected);
				const second = await login(name, claims);
				const presence = seen(creator.session, name, "second");
				assert.equal((await join(second, name, { nick: "second" })).standing, expected);
				assert.equal(itemOf(await presence), expected);
				await finish(second, creator.session);
			});
		}
	}

	for (const [what, claims] of Object.entries(denials)) {
		it(`${what}: holds against focus and against a module that promotes everybody`, async () => {
			const name = freshRoom("auto");
			const admin = await focus();
			assert.equal((await join(admin, name)).standing, "owner/moderator");
			const denied = await enter(name, claims);
			assert.equal(denied.standing, "member/participant");
			assert.equal(await administer(admin, room(name), { jid: denied.session.bare, affiliation: "owner" }), "auth/forbidden");
			assert.equal(await administer(admin, room(name), { jid: denied.session.bare, affiliation: "admin" }), "auth/forbidden");
			assert.equal(await administer(admin, room(name), { nick: denied.session.nick, role: "moderator" }), "auth/forbidden");
			const now = await inside(admin, `return { room("${name}", "conference.${host}"):get_affiliation("${denied.session.bare}"),
				room("${name}", "conference.${host}"):get_role("${room(name)}/${denied.session.nick}") }`);
			assert.deepEqual(now, ["member", "participant"]);
			await finish(denied.session, admin);
		});
	}

	it("a token that says nothing does not hold against them", async () => {
		const name = freshRoom("auto");
		const first = await enter(name, {}); // creates the room
		const second = await login(name, {});
		await join(second, name, { nick: "second" });
		const now = await inside(first.session, `return { room("${name}"):get_affiliation("${first.session.bare}"), room("${name}"):get_affiliation("${second.bare}") }`);
		assert.deepEqual(now, ["owner", "owner"]);
		await finish(first.session, second);
	});

	it("a human owner promotes whom the token denied, and it stays when they come again", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true });
		const denied = await enter(name, { moderator: false });
		const promoted = seen(denied.session, name, denied.session.nick);
		assert.equal(await administer(owner.session, room(name), { jid: denied.session.bare, affiliation: "owner" }), "done");
		assert.equal(itemOf(await promoted), "owner/moderator");
		await leave(denied.session, name);
		assert.equal((await join(denied.session, name)).standing, "owner/moderator");
		await finish(denied.session, owner.session);
	});

	it("an owner who was demoted is owner again when they come again", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true });
		const other = await enter(name, { moderator: true });
		const demoted = seen(other.session, name, other.session.nick);
		assert.equal(await administer(owner.session, room(name), { jid: other.session.bare, affiliation: "none" }), "done");
		assert.equal(itemOf(await demoted), "none/participant");
		await leave(other.session, name);
		assert.equal((await join(other.session, name)).standing, "owner/moderator");
		await finish(other.session, owner.session);
	});

	it("who is banned stays banned, moderator or not", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true });
		for (const claims of [{}, { moderator: true }, user({ lobby_bypass: true, security_bypass: true })]) {
			const banned = await enter(name, claims);
			const removed = seen(banned.session, name, banned.session.nick);
			assert.equal(await administer(owner.session, room(name), { jid: banned.session.bare, affiliation: "outcast" }), "done");
			assert.equal(itemOf(await removed), "outcast/none");
			for (let attempt = 0; attempt < 2; attempt++) {
				assert.equal((await join(banned.session, name)).refused?.condition, "forbidden");
			}
			assert.equal(await inside(owner.session, `return room("${name}"):get_affiliation("${banned.session.bare}")`), "outcast");
			await finish(banned.session);
		}
		await finish(owner.session);
	});

	const waits = "registration-required";
	const needsPassword = "not-authorized";

	// [what, claims, members only, with a password, with the lobby on]: a standing, or the condition of the refusal
	const doors = [
		["a token that says nothing of it", {}, waits, needsPassword, waits],
		["a moderator", { moderator: true }, waits, needsPassword, waits],
		["lobby_bypass", user({ lobby_bypass: true }), "member/participant", needsPassword, "member/participant"],
		["lobby_bypass of a moderator", user({ lobby_bypass: true, moderator: true }), "owner/moderator", needsPassword, "owner/moderator"],
		["lobby_bypass as a word", user({ lobby_bypass: "true" }), waits, needsPassword, waits],
		["lobby_bypass 1", user({ lobby_bypass: 1 }), waits, needsPassword, waits],
		["security_bypass", user({ security_bypass: true }), "member/participant", "member/participant", "member/participant"],
		["security_bypass of a moderator", user({ security_bypass: true, moderator: true }), "owner/moderator", "owner/moderator", "owner/moderator"],
		["security_bypass as a word", user({ security_bypass: "true" }), waits, needsPassword, waits],
	];
	for (const [what, claims, ...outcomes] of doors) {
		it(`${what}: ${outcomes.join(", ")} in rooms with members only, a password, a lobby`, async () => {
			const doorOf = [
				(name) => `room("${name}"):set_members_only(true)`,
				(name) => `room("${name}"):set_password("open sesame")`,
				(name) => `prosody.events.fire_event("create-persistent-lobby-room", { room = room("${name}") })`,
			];
			for (const [index, outcome] of outcomes.entries()) {
				const name = freshRoom();
				const owner = await enter(name, { moderator: true, jti: "another" });
				await inside(owner.session, doorOf[index](name));
				const { session, standing, refused } = await enter(name, claims);
				assert.equal(standing ?? refused.condition, outcome, doorOf[index](name));
				if (refused && index === 2) assert.equal(refused.child, "lobbyroom");
				await finish(session, owner.session);
			}
		});
	}

	it("who knows the password passes the lobby with the token's rights", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true, jti: "another" });
		await inside(owner.session, `
			prosody.events.fire_event("create-persistent-lobby-room", { room = room("${name}") });
			room("${name}"):set_password("open sesame")`);
		const withRight = async (claims, password) => {
			const session = await login(name, claims);
			const { standing, refused } = await join(session, name, { extra: withPassword(password) });
			await finish(session);
			return standing ?? refused.condition;
		};
		assert.equal(await withRight({ moderator: true }, "open sesame"), "owner/moderator");
		assert.equal(await withRight({}, "open sesame"), "member/participant");
		assert.equal(await withRight({ moderator: true, jti: "late" }, "wrong"), waits);
		assert.equal(await withRight({ moderator: true, jti: "late" }, ""), waits);
		await finish(owner.session);
	});

	it("who was let in once is in again, as the token says", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true, jti: "another" });
		await inside(owner.session, `room("${name}"):set_members_only(true)`);
		const moderator = await enter(name, { moderator: true });
		assert.equal(moderator.refused?.condition, waits);
		assert.equal(await administer(owner.session, room(name), { jid: moderator.session.bare, affiliation: "member" }), "done");
		assert.equal((await join(moderator.session, name)).standing, "owner/moderator");
		await finish(moderator.session, owner.session);
	});

	it("lobby on demand: who shall wait switches it on and waits, others pass", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true });
		const waiting = await enter(name, user({ lobby: true }));
		assert.equal(waiting.refused?.condition, waits);
		assert.equal(waiting.refused.child, "lobbyroom");
		assert.equal(await inside(owner.session, `return room("${name}"):get_members_only()`), true);
		const others = await Promise.all([enter(name, {}), enter(name, { moderator: true }), enter(name, user({ lobby: "true" }))]);
		assert.deepEqual(others.map(({ standing }) => standing), ["member/participant", "owner/moderator", "member/participant"]);
		assert.equal((await join(waiting.session, name)).refused?.condition, waits);
		assert.equal(await administer(owner.session, room(name), { jid: waiting.session.bare, affiliation: "member" }), "done");
		assert.equal((await join(waiting.session, name)).standing, "member/participant");
		await finish(owner.session, waiting.session, ...others.map(({ session }) => session));
	});

	it("lobby on demand: who shall wait does not get in by creating the room", async () => {
		const name = freshRoom();
		const waiting = await enter(name, user({ lobby: true, moderator: true }));
		assert.equal(waiting.refused?.condition, waits);
		const member = await enter(name, {});
		assert.equal(member.standing, "member/participant");
		assert.equal((await join(waiting.session, name)).refused?.condition, waits);
		await finish(member.session, waiting.session);
	});

	it("lobby on demand: once an owner switches it off and on, it holds for everybody", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true });
		const waiting = await enter(name, user({ lobby: true }));
		assert.equal(waiting.refused?.condition, waits);
		for (const on of ["0", "1"]) assert.equal(await configure(owner.session, room(name), { "muc#roomconfig_membersonly": on }), "done");
		assert.equal(await inside(owner.session, `return room("${name}"):get_members_only()`), true);
		const other = await enter(name, {});
		assert.equal(other.refused?.condition, waits);
		await finish(owner.session, waiting.session, other.session);
	});

	it("a lobby that was on before is not lifted by it", async () => {
		const name = freshRoom();
		const owner = await enter(name, { moderator: true });
		await inside(owner.session, `prosody.events.fire_event("create-persistent-lobby-room", { room = room("${name}") })`);
		const waiting = await enter(name, user({ lobby: true }));
		const other = await enter(name, {});
		assert.deepEqual([waiting, other].map(({ refused }) => refused?.condition), [waits, waits]);
		await finish(owner.session, waiting.session, other.session);
	});

	await Promise.all(cases);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
