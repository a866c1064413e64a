// Rights are lent: for each right that a token brings about in a room, and for each way in which the token's time there
// ends, the room holds nothing on its behalf afterwards.
// Proves mod_muc_meetauth/loan.lib and mod_muc_meetauth/update.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq, $pres } from "strophe.js";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { affiliationsIn, bareOf, host, lentConfig, login, muc, roomJid, tokenOf, until, watcher } from "./support/lent.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now } from "./support/token.mjs";

// What a token brings about: the entry and its claims.
const rights = {
	"a Jitsi owner": { entry: "portal", claims: { moderator: true }, affiliation: "owner" },
	"a Jitsi participant": { entry: "portal", claims: {}, affiliation: "member" },
	"a Daily owner": { entry: "acme", claims: { o: true }, affiliation: "owner" },
	"a Daily admin": { entry: "acme", claims: { p: { ca: ["p"] } }, affiliation: "admin" },
	"a Daily participant": { entry: "acme", claims: {}, affiliation: "member" },
};

const revoke = (focus, jti) => inside(focus, `
	return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "${jti}") ~= nil`);
const kick = (focus, room) => inside(focus, `
	local room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${room}")
	return room:set_role(true, room.jid .. "/bearer", nil)`);

// How the time of a token in a room ends: by what is done, or by a minute going by; only: of one dialect.
const MINUTE = 60; // seconds
const ends = {
	"leaves": ({ bearer, room }) => bearer.send($pres({ to: `${room}/bearer`, type: "unavailable" })),
	"disconnects": ({ bearer }) => bearer.close(),
	"is kicked": ({ focus, room }) => kick(focus, room),
	"is revoked": ({ focus, jti }) => revoke(focus, jti),
	"is expired, where that kicks": { only: "portal", claims: () => ({ exp: now() + MINUTE }) },
	"is ejected at exp (ejt)": { only: "acme", claims: () => ({ exp: now() + MINUTE, ejt: true }) },
	"is ejected after a time (eje)": { only: "acme", claims: () => ({ eje: MINUTE }) },
};

test("what a token brings about ends", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({
		config: lentConfig({ options: 'meetauth_on_expiry = "kick"' }), prefix: withSpecModules(), machine,
	});
	t.after(() => server.stop());
	let serial = 0;

	async function story({ entry, claims, affiliation }, end) {
		const name = `room${serial++}`;
		const focus = await watcher(server, name);
		const jti = `jti-${name}`;
		const own = entry === "acme" ? { r: name, ...claims } : { room: name, jti, ...claims };
		// Daily's tokens have no id of their own: theirs is the user's
		if (entry === "acme") own.ud = jti;
		let bearer;
		try {
			bearer = await login(server, { token: tokenOf(entry, { ...own, ...end.claims?.() }) });
			const joined = await bearer.join(roomJid(name), "bearer");
			assert.equal(joined.affiliation, affiliation);
			if (typeof end !== "function") {
				await machine.pass(MINUTE);
			} else if (end === ends["is revoked"] && entry === "acme") {
				await inside(focus, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("user", "daily:acme:${jti}") ~= nil`);
			} else {
				await end({ bearer, focus, room: roomJid(name), jti });
			}
			const left = await until(() => affiliationsIn(focus, name), (all) => Object.keys(all).length === 0);
			assert.deepEqual(left, {});
		} finally {
			await bearer?.close();
			await focus.close();
		}
	}

	const cases = [];
	for (const [who, right] of Object.entries(rights)) {
		for (const [how, end] of Object.entries(ends)) {
			if (!end.only || end.only === right.entry) cases.push([`${who} who ${how} leaves nothing`, () => story(right, end)]);
		}
	}
	for (const [name, run] of cases) await t.test(name, run);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});

test("where a connection drops, and a revocation kicks nobody", { timeout: TEST }, async (t) => {
	const server = await startProsody({
		config: lentConfig({ options: "smacks_hibernation_time = 1\n meetauth_revoke_kicks = false" }), prefix: withSpecModules(),
	});
	t.after(() => server.stop());
	const owner = (name, more = {}) => tokenOf("portal", { room: name, moderator: true, ...more });

	await t.test("the end of the hibernation takes the right", async () => {
		const focus = await watcher(server, "dropped");
		const stream = await openStream({ url: server.ws, host, token: owner("dropped") });
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		await stream.enable();
		assert.equal((await stream.join(roomJid("dropped"), "bearer")).affiliation, "owner");
		await stream.drop();
		await until(() => affiliationsIn(focus, "dropped"), (all) => !(bareOf(jid) in all));
		await focus.close();
	});

	await t.test("a resumption with a token that gives less takes what the first one gave", async () => {
		const focus = await watcher(server, "resumed");
		const stream = await openStream({ url: server.ws, host, token: owner("resumed") });
		await stream.authenticate();
		const jid = await stream.bind();
		const id = await stream.enable();
		assert.equal((await stream.join(roomJid("resumed"), "bearer")).affiliation, "owner");
		const received = stream.received();
		const again = await openStream({
			url: server.ws, host, token: tokenOf("portal", { room: "resumed" }), params: { previd: id },
		});
		assert.equal(await again.authenticate(), "success");
		assert.equal(await again.resume(id, received), "resumed");
		await until(() => affiliationsIn(focus, "resumed"), (all) => all[bareOf(jid)] === "member");
		await Promise.all([again.close(), stream.drop(), focus.close()]);
	});

	await t.test("a revoked owner who may stay stays as nobody", async () => {
		const focus = await watcher(server, "revoked");
		const bearer = await login(server, { token: owner("revoked", { jti: "lost" }) });
		assert.equal((await bearer.join(roomJid("revoked"), "bearer")).role, "moderator");
		const demoted = bearer.next({ name: "presence", from: `${roomJid("revoked")}/bearer` });
		await revoke(focus, "lost");
		const [item] = (await demoted).getElementsByTagName("item");
		assert.equal(`${item.getAttribute("affiliation")}/${item.getAttribute("role")}`, "none/participant");
		assert.deepEqual(await affiliationsIn(focus, "revoked"), {});
		await Promise.all([bearer.close(), focus.close()]);
	});

	// Jitsi's module for breakout rooms takes its affiliations from the main room.
	const withBreakouts = (focus, name) => inside(focus, `
		local room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid(name)}")
		room._data.breakout_rooms = { ["group@breakout.${host}"] = "Group" }`);
	const leaves = (session, name) => session.send($pres({ to: `${roomJid(name)}/bearer`, type: "unavailable" }));

	await t.test("an owner who goes to a breakout room is an owner until they go altogether", async () => {
		const focus = await watcher(server, "parted");
		const bearer = await login(server, { token: owner("parted") });
		const only = { [bareOf(bearer.jid)]: "owner" };
		await bearer.join(roomJid("parted"), "bearer");
		await withBreakouts(focus, "parted");
		const left = focus.next({ name: "presence", type: "unavailable", from: `${roomJid("parted")}/bearer` });
		leaves(bearer, "parted");
		await left;
		assert.deepEqual(await affiliationsIn(focus, "parted"), only);
		await bearer.close();
		await until(() => affiliationsIn(focus, "parted"), (all) => Object.keys(all).length === 0);
		await focus.close();
	});

	await t.test("and no longer where the token is revoked meanwhile", async () => {
		const focus = await watcher(server, "parted2");
		const bearer = await login(server, { token: owner("parted2", { jti: "parted" }) });
		await bearer.join(roomJid("parted2"), "bearer");
		await withBreakouts(focus, "parted2");
		const left = focus.next({ name: "presence", type: "unavailable", from: `${roomJid("parted2")}/bearer` });
		leaves(bearer, "parted2");
		await left;
		await revoke(focus, "parted");
		assert.deepEqual(await affiliationsIn(focus, "parted2"), {});
		await Promise.all([bearer.close(), focus.close()]);
	});

	await t.test("who is put out of a room with breakout rooms is no owner any more", async () => {
		const focus = await watcher(server, "parted3");
		const bearer = await login(server, { token: owner("parted3") });
		await bearer.join(roomJid("parted3"), "bearer");
		await withBreakouts(focus, "parted3");
		await kick(focus, roomJid("parted3"));
		await until(() => affiliationsIn(focus, "parted3"), (all) => Object.keys(all).length === 0);
		await Promise.all([bearer.close(), focus.close()]);
	});

	for (const [name, breakouts, brought, roomAfter] of [
		["parted4", true, "elsewhere", "parted4"], ["parted5", true, "parted5", "parted5"], ["parted6", false, "elsewhere", "elsewhere"],
	]) {
		const from = breakouts ? "a breakout room" : "no room";
		await t.test(`who comes back into ${from} with a token for ${brought} has the one for ${roomAfter}`, async () => {
			const focus = await watcher(server, name);
			const stream = await openStream({ url: server.ws, host, token: owner(name, { jti: "first" }) });
			await stream.authenticate();
			const jid = await stream.bind();
			const id = await stream.enable();
			await stream.join(roomJid(name), "bearer");
			if (breakouts) await withBreakouts(focus, name);
			const left = focus.next({ name: "presence", type: "unavailable", from: `${roomJid(name)}/bearer` });
			stream.send(`<presence xmlns="jabber:client" type="unavailable" to="${roomJid(name)}/bearer"/>`);
			await left;
			const received = stream.received();
			await stream.drop();
			const again = await openStream({ url: server.ws, host, token: owner(brought, { jti: "second" }), params: { previd: id } });
			assert.equal(await again.authenticate(), "success");
			assert.equal(await again.resume(id, received), "resumed");
			await server.turn();
			assert.equal(await inside(focus, `return prosody.full_sessions["${jid}"].jitsi_meet_room`), roomAfter);
			assert.equal((await affiliationsIn(focus, name))[bareOf(jid)], breakouts ? "owner" : undefined);
			await Promise.all([again.close(), focus.close()]);
		});
	}

	await t.test("a reload of the module keeps who is in, and takes the right when they leave", async () => {
		const focus = await watcher(server, "reloaded");
		const bearer = await login(server, { token: owner("reloaded") });
		await bearer.join(roomJid("reloaded"), "bearer");
		assert.equal(await inside(focus, `return (require "core.modulemanager".reload("${muc}", "muc_meetauth")) ~= nil`), true);
		assert.deepEqual(await affiliationsIn(focus, "reloaded"), { [bareOf(bearer.jid)]: "owner" });
		await bearer.close();
		await until(() => affiliationsIn(focus, "reloaded"), (all) => Object.keys(all).length === 0);
		await focus.close();
	});

	await t.test("a host that goes takes the rights of its tokens along", async () => {
		const focus = await watcher(server, "gone");
		const bearer = await login(server, { token: owner("gone") });
		await bearer.join(roomJid("gone"), "bearer");
		await inside(focus, `return require "core.hostmanager".deactivate("${host}")`);
		await until(() => affiliationsIn(focus, "gone"), (all) => Object.keys(all).length === 0);
		await inside(focus, `return require "core.hostmanager".activate("${host}")`);
		await focus.close();
	});

	await t.test("a killed server's persistent room comes back without them", async () => {
		const focus = await watcher(server, "kept");
		const bearer = await login(server, { token: owner("kept") });
		await bearer.join(roomJid("kept"), "bearer");
		await inside(focus, `
			local room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid("kept")}")
			room:set_persistent(true)
			room:set_affiliation(true, "by.hand@elsewhere.example", "owner")
			return room:save(true)`);
		await server.crash();
		const again = await watcher(server, "kept");
		assert.deepEqual(await affiliationsIn(again, "kept"), { "by.hand@elsewhere.example": "owner" });
		await again.close();
		await Promise.allSettled([bearer.close(1000), focus.close(1000)]);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});

test("a join that comes to nothing leaves nothing", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: lentConfig(), prefix: withSpecModules() });
	t.after(() => server.stop());
	const focus = await watcher(server, "full");
	const first = await login(server, { token: tokenOf("portal", { room: "full" }) });
	await first.join(roomJid("full"), "taken");
	const owner = await login(server, { token: tokenOf("portal", { room: "full", moderator: true }) });
	const only = { [bareOf(first.jid)]: "member" };

	await t.test("a nick that somebody has", async () => {
		assert.equal((await owner.join(roomJid("full"), "taken")).refused.condition, "conflict");
		assert.deepEqual(await affiliationsIn(focus, "full"), only);
	});
	await t.test("a password that it does not bring", async () => {
		await inside(focus, `
			return prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid("full")}"):set_password("open sesame")`);
		assert.equal((await owner.join(roomJid("full"), "owner")).refused.condition, "not-authorized");
		assert.deepEqual(await affiliationsIn(focus, "full"), only);
	});
	await t.test("and from outside it rules nothing", async () => {
		const answer = await new Promise((resolve) => owner.connection.sendIQ(
			$iq({ type: "get", to: roomJid("full") }).c("query", { xmlns: "http://jabber.org/protocol/muc#owner" }),
			() => resolve("ok"), (error) => resolve(error.getElementsByTagName("error")[0].getAttribute("type"))));
		assert.equal(answer, "auth");
	});
	await Promise.all([first, owner, focus].map((session) => session.close()));
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
