// p.cs and Jitsi's AV moderation: who may not send is kept back by Jicofo and the bridge, and nobody else is.
// "Jicofo" here is a client that takes word as Jicofo does, in the order in which it comes.
// Proves mod_muc_meetauth/moderation.lib and mod_muc_meetauth/moderationnews.lib.

import { $msg } from "strophe.js";
import assert from "node:assert/strict";
import test from "node:test";
import { settled } from "./support/client.mjs";
import {
	dailyConfig, enter, focusHost, host, inside, isSelf, leave, login, muc, named, PATIENCE, presence, reloadMuc, room, setAffiliation,
	token, withStandIns,
} from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const moderator = `avmoderation.${host}`;
const older = `older.${host}`; // a MUC component with an older release of Jitsi's module
const bare = `bare.${host}`; // one without it
const short = "rooms"; // one whose name has no dot
const JSON_MESSAGE = "json-message";
const ALL = ["audio", "video", "desktop"];

const config = dailyConfig({
	entries: { strict: "strict = true", tenant: 'tenant = "acme"' },
	rest: `
Component "${moderator}" "av_moderation_component"
	muc_component = "${muc}"

Component "${older}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false

Component "avmoderation-${older}" "av_moderation_component"
	muc_component = "${older}"
	live_old_release = true

Component "${short}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	muc_mapper_domain_base = "${host}"

Component "avmoderation.${short}" "av_moderation_component"
	muc_component = "${short}"

Component "${bare}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`,
});

let serial = 0;
const fresh = () => `av-${++serial}`;
const close = (...all) => Promise.all(all.map((who) => (who.session ?? who).close()));

// What a stanza says of AV moderation.
function news(stanza) {
	const [element] = named(stanza, JSON_MESSAGE);
	return { from: stanza.getAttribute("from"), ...JSON.parse(element.textContent) };
}

// Every word of the component's that a client gets.
function hear(session) {
	const heard = [];
	session.on((stanza) => {
		if (named(stanza, JSON_MESSAGE).length > 0) heard.push(news(stanza));
	}, { name: "message" });
	return heard;
}

// Jicofo in a room: what it believes of each medium, and what it believed when it saw somebody come in.
async function jicofo(server, name, { component = muc, from = moderator } = {}) {
	const session = await login(server, undefined, focusHost);
	const enabled = new Set();
	const lists = {};
	const mutes = []; // each switching on mutes everybody
	const unread = []; // what it cannot parse
	const met = {};
	const may = (nick, medium) => !enabled.has(medium) || (lists[medium] ?? []).includes(`${room(name, component)}/${nick}`);
	const rights = (nick) => ALL.filter((medium) => may(nick, medium));
	session.on((stanza) => {
		if (stanza.getAttribute("from") !== from || named(stanza, JSON_MESSAGE).length === 0) return;
		const word = news(stanza);
		const isFull = /^[^@]+@[^/]+\/.+$/.test(word.actor ?? "room@host/nick");
		const areLists = Object.values(word.whitelists ?? {}).every(Array.isArray);
		if (word.type !== "av_moderation" || word.room !== room(name, component) || !isFull || !areLists) return unread.push(word);
		Object.assign(lists, word.whitelists);
		if (word.enabled === true && !enabled.has(word.mediaType)) {
			enabled.add(word.mediaType);
			mutes.push(word.mediaType);
		}
		if (word.enabled === false) enabled.delete(word.mediaType);
	}, { name: "message" });
	session.on((stanza) => {
		const nick = stanza.getAttribute("from").split("/")[1];
		if (stanza.getAttribute("type") === "unavailable") delete met[nick];
		else met[nick] ??= rights(nick);
	}, { name: "presence" });
	const joined = await session.join(room(name, component), "focus");
	assert.equal(joined.refused, undefined);
	// everything that was sent to it before has come
	async function settled() {
		await inside(server.witness, "return true");
		await session.join(room(name, component), "focus");
		assert.deepEqual(unread, []);
	}
	return { session, rights, lists, mutes, met, enabled, settled };
}

// A moderator's own doing, as Jitsi's client asks for it.
async function moderates(guest, medium, what) {
	guest.session.send($msg({ to: moderator }).c("av_moderation", { mediaType: medium, ...what }));
	await inside(guest.session, "return true"); // it has been acted on
}

const kept = (guest, name) => inside(guest.session, `local r, all = room("${name}"), {};
	for medium, list in pairs(r.av_moderation or {}) do
		local nicks = {};
		for i, jid in ipairs(list) do nicks[i] = jid:match("/(.*)$"); end
		table.sort(nicks);
		all[medium] = table.concat(nicks, " ");
	end
	return all`);

test("Daily: p.cs and AV moderation", { timeout: TEST, concurrency: true }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	server.witness = await login(server, token());

	const rows = [
		// entry, claims: what Jicofo lets its bearer send
		["acme", {}, ALL],
		["acme", { p: { cs: true } }, ALL],
		["acme", { p: { cs: "v,a,sv" } }, ALL],
		["acme", { p: { cs: "v,a" } }, ["audio", "video"]],
		["acme", { p: { cs: "a" } }, ["audio"]],
		["acme", { p: { cs: ["video", "screenVideo"] } }, ["video", "desktop"]],
		["acme", { p: { cs: "sa,cv,ca" } }, []],
		["acme", { p: { cs: "" } }, []],
		["acme", { p: { cs: false } }, []],
		["acme", { o: true, p: { cs: false } }, ALL], // p is for those who are no owners
		["acme", { p: { ca: "p", cs: false } }, ALL], // a moderator is above it, as in Jitsi
		["acme", { p: { ca: "s,t", cs: "a" } }, ["audio"]],
		["acme", { ss: false }, ALL], // told to the client
		["strict", { ss: false }, ["audio", "video"]],
	];
	const cases = [];
	for (const [id, claims, want] of rows) {
		cases.push(t.test(`${id} ${JSON.stringify(claims)}: may send ${want.join(", ") || "nothing"}, others everything`, async () => {
			const name = fresh();
			const focus = await jicofo(server, name);
			const before = await enter(server, token({ r: name }), name, "before");
			const guest = await enter(server, token({ r: name, ...claims }, id), name, "guest");
			const after = await enter(server, token({ r: name }), name, "after");
			await focus.settled();
			assert.deepEqual(["before", "guest", "after"].map(focus.rights), [ALL, want, ALL]);
			// it knew when it invited them
			assert.deepEqual([focus.met.guest, focus.met.after], [want, ALL]);
			assert.deepEqual([...focus.enabled].sort(), ALL.filter((medium) => !want.includes(medium)).sort());
			await close(focus, before, guest, after);
		}));
	}
	await Promise.all(cases);

	await t.test("clients are told as Jitsi's module tells them: that it is on, who is approved, and moderators the lists", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const early = await enter(server, token({ r: name }), name, "early");
		const heard = { owner: hear(owner.session), early: hear(early.session) };
		const session = await login(server, token({ r: name, p: { cs: "v,a,sa,cv,ca" } }));
		heard.guest = hear(session);
		await session.join(room(name), "guest");
		const late = await login(server, token({ r: name }));
		heard.late = hear(late);
		await late.join(room(name), "late");
		await inside(late, "return true");
		await Promise.all([inside(owner.session, "return true"), inside(early.session, "return true"), inside(session, "return true")]);

		const base = { from: moderator, type: "av_moderation", room: room(name), mediaType: "desktop" };
		const on = { ...base, enabled: true, actor: `${room(name)}/focus` };
		const approved = { ...base, approved: true };
		const jids = (...nicks) => nicks.map((nick) => `${room(name)}/${nick}`);
		assert.deepEqual(heard.early, [on, approved]);
		assert.deepEqual(heard.guest, [on]);
		assert.deepEqual(heard.late, [on, approved]);
		assert.deepEqual(heard.owner.map((word) => (word.whitelists ? [...word.whitelists.desktop].sort() : word)),
			[jids("early", "owner"), on, jids("early", "late", "owner")]);
		await close(owner, early, session, late);
	});

	await t.test("a second one who may not send mutes nobody, nor one who comes and goes", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const keeper = await enter(server, token({ r: name }), name, "keeper");
		for (let i = 0; i < 3; i++) {
			const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, `guest${i}`);
			await leave(guest);
			await close(guest);
		}
		await focus.settled();
		assert.deepEqual(focus.mutes, ["audio"]);
		assert.deepEqual(await kept(keeper, name), { audio: "focus keeper" });
		await close(focus, keeper);
	});

	await t.test("a focus that comes late is told, and the list first", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		const other = await enter(server, token({ r: name }), name, "other");
		const focus = await jicofo(server, name);
		await focus.settled();
		assert.deepEqual([focus.rights("guest"), focus.rights("other")], [["video", "desktop"], ALL]);
		await close(focus, guest, other);
	});

	await t.test("a nick brings nothing with it from whoever had it before", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const first = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "first");
		const same = await enter(server, token({ r: name }), name, "same");
		await leave(same);
		await focus.settled();
		assert.equal(focus.rights("same").includes("audio"), false);
		const newcomer = await enter(server, token({ r: name, p: { cs: false } }), name, "same");
		await focus.settled();
		assert.deepEqual([focus.met.same, focus.rights("same")], [[], []]);
		// nor does one that is taken by a change of nick
		const other = await enter(server, token({ r: name }), name, "other");
		presence(other, { nick: "another" });
		await other.wait((p) => p.nick === "another" && isSelf(p), "the new nick");
		presence(first, { nick: "other" });
		await first.wait((p) => p.nick === "other" && isSelf(p), "the nick of another");
		await focus.settled();
		assert.deepEqual([focus.rights("another"), focus.rights("other")], [ALL, ["video", "desktop"]]);
		await close(focus, owner, first, same, newcomer, other);
	});

	await t.test("nobody loses anything by another one's try to take their nick", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		const other = await enter(server, token({ r: name }), name, "other");
		const thief = await enter(server, token({ r: name, p: { cs: false } }), name, "other");
		assert.equal(thief.joined.refused.condition, "conflict");
		presence(guest, { nick: "other" });
		await inside(guest.session, "return true");
		await focus.settled();
		assert.deepEqual(["guest", "other", "owner"].map(focus.rights), [["video", "desktop"], ALL, ALL]);
		await close(focus, owner, guest, other, thief);
	});

	await t.test("a promotion lifts it, a demotion puts it back", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name, p: { cs: "a" } }), name, "guest");
		assert.equal(await setAffiliation(owner, guest.session.jid, "owner"), "ok");
		await focus.settled();
		assert.deepEqual(focus.rights("guest"), ALL);
		assert.equal(await setAffiliation(owner, guest.session.jid, "member"), "ok");
		await focus.settled();
		assert.deepEqual([focus.rights("guest"), focus.rights("owner")], [["audio"], ALL]);
		// also of one who came in as a moderator
		const admin = await enter(server, token({ r: name, p: { ca: "p", cs: "v,sv" } }), name, "admin");
		await focus.settled();
		assert.deepEqual(focus.rights("admin"), ALL);
		assert.equal(await setAffiliation(owner, admin.session.jid, "member"), "ok");
		await focus.settled();
		assert.deepEqual(focus.rights("admin"), ["video", "desktop"]);
		await close(focus, owner, guest, admin);
	});

	await t.test("another token of the same session is heeded at once, either way", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const guest = await enter(server, token({ r: name }), name, "guest");
		const update = (send) => inside(guest.session, `session.meetauth_grant.send = ${send};
			prosody.events.fire_event("meetauth-session-updated", { session = session }); return true`);
		await update("{ a = true }");
		await focus.settled();
		assert.deepEqual(focus.rights("guest"), ["audio"]);
		await update("nil");
		await focus.settled();
		assert.deepEqual(focus.rights("guest"), ALL);
		assert.deepEqual([...focus.mutes].sort(), ["desktop", "video"]);
		await close(focus, guest);
	});

	await t.test("a reload of the module changes nothing, and nobody comes in while it is not there", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		const other = await enter(server, token({ r: name }), name, "other");
		const before = await kept(other, name);
		assert.equal(await reloadMuc(other.session), true);
		assert.deepEqual(await kept(other, name), before);
		await leave(other);
		await focus.settled();
		assert.deepEqual(await kept(guest, name), { audio: "focus" });
		const second = fresh();
		const keeper = await enter(server, token({ r: second }), second, "keeper");
		const manager = (call) => inside(guest.session, `local mm = require "core.modulemanager"; return mm.${call}("${muc}", "muc_meetauth") ~= nil`);
		const late = await login(server, token({ r: second, p: { cs: "v,sv" } }));
		await manager("unload");
		assert.equal((await late.join(room(second), "late")).refused.text, "enforcement-missing");
		assert.deepEqual(await kept(keeper, second), {});
		await manager("load");
		assert.equal((await late.join(room(second), "late")).refused, undefined);
		assert.deepEqual(await kept(keeper, second), { audio: "keeper" });
		await close(focus, guest, other, keeper, late);
	});

	await t.test("a list that a moderator made stays theirs", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		await moderates(owner, "audio", { enable: "true" });
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		const other = await enter(server, token({ r: name }), name, "other");
		assert.deepEqual(await kept(owner, name), { audio: "owner" });
		await focus.settled();
		assert.deepEqual([focus.rights("guest"), focus.rights("other")], [["video", "desktop"], ["video", "desktop"]]);
		await moderates(owner, "audio", { jidToWhitelist: `${room(name)}/other` });
		await leave(guest);
		assert.deepEqual(await kept(owner, name), { audio: "other owner" });
		// and no nick on it is inherited by who may not send
		await leave(other);
		const newcomer = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "other");
		await focus.settled();
		assert.deepEqual([focus.met.other, focus.rights("other")], [["video", "desktop"], ["video", "desktop"]]);
		assert.deepEqual(await kept(owner, name), { audio: "owner" });
		await moderates(owner, "audio", { enable: "false" });
		await enter(server, token({ r: name }), name, "last");
		assert.deepEqual(await kept(owner, name), {}); // who is there was set free by hand
		await close(focus, owner, guest, other, newcomer);
	});

	await t.test("a list that a moderator made in place of ours is theirs, also where it is equal", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		assert.deepEqual(await kept(owner, name), { audio: "owner" });
		await moderates(owner, "audio", { enable: "false" });
		await moderates(owner, "audio", { enable: "true" });
		assert.deepEqual(await kept(owner, name), { audio: "owner" });
		const other = await login(server, token({ r: name }));
		const heard = hear(other);
		await other.join(room(name), "other");
		await inside(other, "return true");
		assert.deepEqual(await kept(owner, name), { audio: "owner" });
		assert.deepEqual(heard.map(({ enabled, approved }) => ({ enabled, approved })), [{ enabled: true, approved: undefined }]);
		await close(owner, guest, other);
	});

	await t.test("a list that has become empty is told as a list", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		await moderates(owner, "video", { enable: "true" });
		await moderates(owner, "video", { jidToBlacklist: `${room(name)}/owner` });
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		await focus.settled();
		assert.deepEqual(focus.lists.video, []);
		assert.deepEqual([...focus.lists.audio].sort(), ["focus", "owner"].map((nick) => `${room(name)}/${nick}`));
		await close(focus, owner, guest);
	});

	await t.test("what a moderator changes on our list stays changed", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		const other = await enter(server, token({ r: name }), name, "other");
		await moderates(owner, "audio", { jidToWhitelist: `${room(name)}/guest` });
		await moderates(owner, "audio", { jidToBlacklist: `${room(name)}/other` });
		const last = await enter(server, token({ r: name }), name, "last");
		await focus.settled();
		assert.deepEqual(["guest", "other", "last"].map(focus.rights), [ALL, ["video", "desktop"], ALL]);
		await close(focus, owner, guest, other, last);
	});

	await t.test("what a moderator switches off stays off, whoever comes", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name, p: { cs: "v" } }), name, "guest");
		await moderates(owner, "audio", { enable: "false" });
		const second = await enter(server, token({ r: name, p: { cs: "v" } }), name, "second");
		await focus.settled();
		assert.deepEqual([focus.rights("guest"), focus.rights("second")], [["audio", "video"], ["audio", "video"]]);
		assert.deepEqual([...focus.mutes].sort(), ["audio", "desktop"]);
		// the next meeting is another
		await close(focus, owner, guest, second);
	});

	await t.test("rooms where nobody is kept from anything are left alone", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		const guest = await enter(server, token({ r: name }), name, "guest");
		assert.equal(await reloadMuc(owner.session), true);
		await leave(guest);
		assert.equal(await inside(owner.session, `return room("${name}").meetauth_moderation == nil and room("${name}").av_moderation == nil`), true);
		await close(focus, owner, guest);
	});

	await t.test("guests, people of other dialects and those let in without a grant may send everything", async () => {
		const name = fresh();
		const focus = await jicofo(server, name);
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest");
		const other = await enter(server, token({ r: name }), name, "other");
		await inside(other.session, "session.meetauth_grant.send = nil; return true");
		await focus.settled();
		assert.deepEqual([focus.rights("guest"), focus.rights("other"), focus.rights("focus")], [["video", "desktop"], ALL, ALL]);
		await close(focus, guest, other);
	});

	await t.test("a tenant's room is told under the name that Jicofo knows", async () => {
		const name = `[acme]${fresh()}`;
		const plain = name.slice(6);
		const session = await login(server, undefined, focusHost);
		const heard = hear(session);
		assert.equal((await session.join(room(name), "focus")).refused, undefined);
		const guest = await enter(server, token({ r: plain, p: { cs: "v,sv" } }, "tenant"), name, "guest");
		const other = await enter(server, token({ r: plain }, "tenant"), name, "other");
		await settled(server, session);
		const outside = `${plain}@conference.acme.${host}`;
		const ours = heard.filter((word) => word.actor !== `${room(name)}/focus`);
		assert.deepEqual(new Set(ours.map((word) => word.room)), new Set([outside]));
		assert.deepEqual(ours.filter((word) => word.enabled).map((word) => word.actor), [`${outside}/focus`]);
		assert.deepEqual([...ours.at(-1).whitelists.audio].sort(), [`${outside}/focus`, `${outside}/other`]);
		await close(session, guest, other);
	});

	await t.test("a tenant's room on a component without a dot in its name is told under its own name", async () => {
		const name = `[acme]${fresh()}`;
		const focus = await jicofo(server, name, { component: short, from: `avmoderation.${short}` });
		const guest = await enter(server, token({ r: name.slice(6), p: { cs: "v,sv" } }, "tenant"), name, "guest", { component: short });
		await focus.settled();
		assert.deepEqual(focus.rights("guest"), ["video", "desktop"]);
		await close(focus, guest);
	});

	await t.test("a release that knows no desktop is asked for audio and video only", async () => {
		const name = fresh();
		const focus = await jicofo(server, name, { component: older, from: `avmoderation-${older}` });
		const guest = await enter(server, token({ r: name, p: { cs: false } }), name, "guest", { component: older });
		await focus.settled();
		assert.deepEqual([focus.rights("guest"), Object.keys(focus.lists).sort()], [["desktop"], ["audio", "video"]]);
		await close(focus, guest);
	});

	await t.test("where no AV moderation is loaded nothing is done, and the operator is told", async () => {
		const name = fresh();
		const from = server.log().length;
		const focus = await jicofo(server, name, { component: bare });
		const guest = await enter(server, token({ r: name, p: { cs: "v,sv" } }), name, "guest", { component: bare });
		await server.waitForLog(/warn\s+A token does not allow its user to send audio in av-\d+@bare\.meet\.example, but .* has no av_moderation_component/,
			PATIENCE, from);
		const other = await enter(server, token({ r: name }), name, "other", { component: bare });
		assert.equal(await inside(other.session, `return room("${name}", "${bare}").av_moderation == nil`), true);
		assert.equal(server.log().slice(from).match(/does not allow its user/g).length, 1);
		await close(focus, guest, other);
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
	await server.witness.close();
});
