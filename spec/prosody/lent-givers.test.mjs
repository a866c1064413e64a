// Who else gives an affiliation to the bearer of a token: what a component or a module gave goes when the bearer goes,
// what a human owner or the configuration gave stays. Two sessions on one bare JID share nothing.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq, $pres } from "strophe.js";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { affiliationsIn, bareOf, lentConfig, login, muc, roomJid, tokenOf, until, watcher } from "./support/lent.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const ADMIN = "http://jabber.org/protocol/muc#admin";

const give = (session, name, jid, affiliation) => new Promise((resolve, reject) => session.connection.sendIQ(
	$iq({ type: "set", to: roomJid(name) }).c("query", { xmlns: ADMIN }).c("item", { jid: bareOf(jid), affiliation }),
	resolve, () => reject(new Error("not given"))));

const byModule = (focus, name, jid, affiliation) => inside(focus, `
	local room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid(name)}")
	return room:set_affiliation(true, "${bareOf(jid)}", "${affiliation}")`);

// Who gives, while the bearer is in; and what the room says after the bearer has gone.
const givers = [
	{ name: "Jicofo makes a participant an owner", by: ({ focus, ...at }) => give(focus, at.name, at.jid, "owner"), stays: undefined },
	{ name: "a module makes a participant an owner", by: ({ focus, ...at }) => byModule(focus, at.name, at.jid, "owner"), stays: undefined },
	{ name: "a human owner makes a participant an owner", by: ({ human, ...at }) => give(human, at.name, at.jid, "owner"), stays: "owner" },
	{ name: "a human owner makes a participant a member", by: ({ human, ...at }) => give(human, at.name, at.jid, "member"), stays: "member" },
	{ name: "a human owner confirms an owner by token", claims: { moderator: true },
		by: async ({ human, ...at }) => {
			await give(human, at.name, at.jid, "member");
			await give(human, at.name, at.jid, "owner");
		}, stays: "owner" },
	{ name: "a human owner bans", by: ({ human, ...at }) => give(human, at.name, at.jid, "outcast"), stays: "outcast" },
	{ name: "a module bans an owner by token", claims: { moderator: true },
		by: ({ focus, ...at }) => byModule(focus, at.name, at.jid, "outcast"), stays: "outcast" },
	{ name: "the configuration makes a member of whom a token makes an owner", claims: { moderator: true },
		before: ({ focus, ...at }) => byModule(focus, at.name, at.jid, "member"), shown: "owner", stays: "member" },
	{ name: "the configuration makes an owner of a participant",
		before: ({ focus, ...at }) => byModule(focus, at.name, at.jid, "owner"), shown: "owner", stays: "owner" },
	{ name: "a module makes a participant an owner, and a human a member",
		by: async ({ focus, human, ...at }) => {
			await byModule(focus, at.name, at.jid, "owner");
			await give(human, at.name, at.jid, "member");
		}, stays: "member" },
	{ name: "a module takes an owner's right, and gives it again", claims: { moderator: true },
		by: async ({ focus, ...at }) => {
			await byModule(focus, at.name, at.jid, "none");
			await byModule(focus, at.name, at.jid, "owner");
		}, stays: undefined },
];

test("who gives", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: lentConfig({ componentModules: ["live_promoter"] }), prefix: withSpecModules() });
	t.after(() => server.stop());

	let serial = 0;
	for (const { name, claims = {}, before, by, shown, stays } of givers) {
		await t.test(name, async () => {
			const place = `room${serial++}`;
			const focus = await watcher(server, place);
			const human = await login(server, { token: tokenOf("portal", { room: place, moderator: true }) });
			await human.join(roomJid(place), "human");
			const bearer = await login(server, { token: tokenOf("portal", { room: place, ...claims }) });
			const at = { focus, human, name: place, jid: bearer.jid };
			await before?.(at);
			const joined = await bearer.join(roomJid(place), "bearer");
			if (shown) assert.equal(joined.affiliation, shown);
			await by?.(at);
			await bearer.close();
			const bare = bareOf(bearer.jid);
			await until(() => inside(focus, `return prosody.bare_sessions["${bare}"] == nil`), (gone) => gone);
			assert.equal((await affiliationsIn(focus, place))[bare], stays);
			await human.close();
			await focus.close();
		});
	}

	await t.test("a module that makes everybody an owner at the join", async () => {
		const focus = await watcher(server, "auto");
		const bearer = await login(server, { token: tokenOf("portal", { room: "auto" }) });
		await bearer.join(roomJid("auto"), "bearer");
		await until(() => affiliationsIn(focus, "auto"), (all) => all[bareOf(bearer.jid)] === "owner");
		await bearer.close();
		await until(() => affiliationsIn(focus, "auto"), (all) => Object.keys(all).length === 0);
		await focus.close();
	});

	await t.test("two sessions on one bare JID have the lower right of the two, and it ends with the last", async () => {
		const focus = await watcher(server, "shared");
		await inside(focus, `
			prosody.spec_name = function () return "shared" end
			prosody.events.add_handler("pre-jitsi-authentication", prosody.spec_name)`);
		const owner = await login(server, { token: tokenOf("portal", { room: "shared", moderator: true }) });
		const other = await login(server, { token: tokenOf("portal", { room: "shared" }) });
		await inside(focus, 'prosody.events.remove_handler("pre-jitsi-authentication", prosody.spec_name)');
		const bare = bareOf(owner.jid);
		assert.equal(bareOf(other.jid), bare);
		assert.equal((await owner.join(roomJid("shared"), "owner")).affiliation, "owner");
		const joined = await other.join(roomJid("shared"), "other");
		assert.equal(`${joined.affiliation}/${joined.role}`, "member/participant");
		assert.deepEqual(await affiliationsIn(focus, "shared"), { [bare]: "member" });
		other.send($pres({ to: `${roomJid("shared")}/other`, type: "unavailable" }));
		await until(() => affiliationsIn(focus, "shared"), (all) => all[bare] === "owner");
		await Promise.all([owner.close(), other.close()]);
		await until(() => affiliationsIn(focus, "shared"), (all) => Object.keys(all).length === 0);
		await focus.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
