// When a join is decided: once, also where it creates the room; anew where somebody queued it and replays it. And a
// stream that is resumed is judged when its client knows that it is back.

import assert from "node:assert/strict";
import test from "node:test";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { host, lentConfig, login, muc, roomJid, tokenOf, until, watcher } from "./support/lent.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const breakout = `breakout.${host}`;

test("decisions", { timeout: TEST }, async (t) => {
	const server = await startProsody({
		config: lentConfig({
			rest: `Component "${breakout}" "muc"\n modules_enabled = { "muc_meetauth" }\n muc_room_locking = false\n main_muc = "${muc}"`,
		}),
		prefix: withSpecModules(),
	});
	t.after(() => server.stop());
	const focus = await watcher(server, "office"); // to look inside
	// Count from now on how often the policy is asked, and how often rooms are searched.
	await inside(focus, `
		local policy, main = require "meetauth.policy", prosody.hosts["${muc}"].modules.muc
		local enter, each_room = policy.enter, main.each_room
		prosody.spec_asked, prosody.spec_searched = 0, 0
		function policy.enter(...) prosody.spec_asked = prosody.spec_asked + 1; return enter(...) end
		function main.each_room(...) prosody.spec_searched = prosody.spec_searched + 1; return each_room(...) end`);
	const asked = async (what = "asked") => {
		const count = await inside(focus, `return prosody.spec_${what}`);
		await inside(focus, `prosody.spec_${what} = 0`);
		return count;
	};
	const owner = (name) => login(server, { token: tokenOf("portal", { room: name, moderator: true }) });
	const join = async (session, jid, nick) => {
		const joined = await session.join(jid, nick);
		assert.equal(joined.refused, undefined, joined.refused?.text);
		return joined;
	};

	await t.test("a join that creates a room is decided once", async () => {
		const first = await owner("fresh");
		await asked();
		await join(first, roomJid("fresh"), "first");
		assert.equal(await asked(), 1);
		const second = await owner("fresh");
		await join(second, roomJid("fresh"), "second");
		assert.equal(await asked(), 1);
		await Promise.all([first.close(), second.close()]);
	});

	await t.test("the main room of a breakout room is looked for once", async () => {
		const keeper = await watcher(server, "main");
		const place = `11111111-2222-4333-8444-555555555555@${breakout}`;
		await inside(focus, `
			local room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid("main")}")
			room._data.breakout_rooms = { ["${place}"] = "Group" }`);
		await asked("searched");
		const one = await owner("main");
		await join(one, place, "one");
		assert.equal(await asked("searched"), 1);
		const other = await owner("main");
		await join(other, place, "other");
		assert.equal(await asked("searched"), 0);
		const stranger = await owner("retro");
		assert.match((await stranger.join(place, "stranger")).refused.text, /room-mismatch/);
		await Promise.all([keeper, one, other, stranger].map((session) => session.close()));
	});

	await t.test("a join that was queued is decided when it is replayed", async () => {
		const keeper = await watcher(server, "queue");
		await inside(focus, `
			prosody.spec_queued = {}
			module:context("${muc}"):hook("muc-occupant-pre-join", function (event)
				if event.room.jid ~= "${roomJid("queue")}" or prosody.spec_open then return end
				prosody.spec_queued[#prosody.spec_queued + 1] = event
				return true
			end, 8)`);
		const late = await login(server, { token: tokenOf("portal", { room: "queue", moderator: true, jti: "late" }) });
		const joined = late.join(roomJid("queue"), "late");
		await until(() => inside(focus, "return #prosody.spec_queued"), (count) => count === 1);
		await inside(focus, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "late") ~= nil`);
		await inside(focus, `
			prosody.spec_open = true
			for _, event in ipairs(prosody.spec_queued) do event.room:handle_normal_presence(event.origin, event.stanza) end`);
		assert.match((await joined).refused.text, /revoked/);
		await Promise.all([keeper.close(), late.close()]);
	});

	await t.test("what a resumption brings about comes after the word that the stream is resumed, and after what was missed", async () => {
		const stream = await openStream({ url: server.ws, host, token: tokenOf("portal", { room: "away", moderator: true }) });
		await stream.authenticate();
		await stream.bind();
		const id = await stream.enable();
		await stream.join(roomJid("away"), "me");
		await stream.drop();
		const back = await openStream({
			url: server.ws, host, token: tokenOf("portal", { room: "elsewhere" }), params: { previd: id },
		});
		assert.equal(await back.authenticate(), "success");
		back.send(`<resume xmlns="urn:xmpp:sm:3" previd="${id}" h="0"/>`);
		const order = [];
		while (order.at(-1) !== "unavailable") {
			const element = await back.next((one) => one.localName === "resumed" || one.getAttribute("from") === `${roomJid("away")}/me`);
			order.push(element.localName === "resumed" ? "resumed" : element.getAttribute("type") ?? "available");
		}
		assert.deepEqual(order, ["resumed", "available", "unavailable"]);
		await back.close();
	});

	await focus.close();
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
