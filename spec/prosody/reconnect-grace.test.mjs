// meetauth_reconnect_grace: a connection that dropped comes back for a while after its token has expired, to the rooms
// that it was in. For a connection that never dropped there is no grace: it joins nothing, and is removed in time.

import assert from "node:assert/strict";
import test from "node:test";
import { secret, token, withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now } from "./support/token.mjs";

const LONG = 600; // seconds: no spec outlasts it
const SHORT = 20; // and how long after the drop itself
const hosts = {
	"grace.example": `meetauth_reconnect_grace = ${LONG}`,
	"short.example": `meetauth_reconnect_grace = ${SHORT}`,
	"kick.example": `meetauth_reconnect_grace = ${LONG} meetauth_on_expiry = "kick"`,
	"warn.example": `meetauth_reconnect_grace = ${LONG} meetauth_on_expiry = "warn"`,
	"none.example": "",
};
const config = Object.entries(hosts).map(([name, options]) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "smacks" }
	app_id = "portal"
	app_secret = "${secret}"
	meetauth_leeway = 0
	${options}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
Component "breakout.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	muc_mapper_domain_base = "${name}"
	main_muc = "conference.${name}"
`).join("");

const isRemoval = (from) => (element) => element.localName === "presence" && element.getAttribute("type") === "unavailable"
	&& element.getAttribute("from") === from;
let serial = 0;

test("reconnect grace", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	t.after(() => server.stop());
	const cases = [];
	const it = (name, run) => cases.push(t.test(name, run));

	const soon = () => now() + 10;
	const until = (moment) => machine.pass(Math.max(0, moment - now()));
	const fresh = (host, component = "conference") => `room${serial++}@${component}.${host}`;
	const tokenFor = (host, exp) => token({ sub: host, room: "*", exp, jti: `t${serial++}` });

	// A login: the stream, and the reason where it is refused.
	async function login(host, by, params) {
		const stream = await openStream({ url: server.ws, host, token: by, params });
		const outcome = await stream.authenticate();
		return { stream, refused: outcome === "success" ? undefined : outcome.text };
	}
	async function start(host, by, params) {
		const { stream, refused } = await login(host, by, params);
		assert.equal(refused, undefined);
		await stream.bind();
		return stream;
	}
	const refusal = async (stream, room) => (await stream.join(room, "me")).refused;
	const leave = async (stream, room) => {
		stream.send(`<presence xmlns="jabber:client" to="${room}/me" type="unavailable"/>`);
		await stream.next(isRemoval(`${room}/me`));
	};
	// In rooms, with a token that expires soon; and dropped, before it does.
	async function dropped(host, { rooms = [fresh(host)], resumable = false, late = false } = {}) {
		const exp = soon();
		const by = tokenFor(host, exp);
		const stream = await start(host, by);
		const id = resumable ? await stream.enable() : undefined;
		for (const room of rooms) assert.equal(await refusal(stream, room), undefined);
		const h = stream.received();
		if (late) await until(exp - 1);
		await stream.drop();
		return { host, exp, by, id, h, rooms };
	}
	// After the end of its token, or before.
	async function back(before, when = before.exp + 1) {
		await until(when);
		return start(before.host, before.by);
	}

	for (const host of Object.keys(hosts)) {
		it(`${host}: a connection that never dropped joins nothing any more from the end on`, async () => {
			const exp = soon();
			const stream = await start(host, tokenFor(host, exp));
			const room = fresh(host);
			assert.equal(await refusal(stream, room), undefined);
			await leave(stream, room);
			await until(exp + 1);
			assert.equal(await refusal(stream, room), "expired");
			assert.equal(await refusal(stream, fresh(host)), "expired");
			await stream.close();
		});
	}

	it("kick: whoever is in a room is removed at the end of the token, not of the grace", async () => {
		const host = "kick.example";
		const exp = soon();
		const stream = await start(host, tokenFor(host, exp));
		const room = fresh(host);
		assert.equal(await refusal(stream, room), undefined);
		await until(exp);
		await stream.next(isRemoval(`${room}/me`));
		await stream.close();
	});

	it("warn: whoever is in a room is told at the end of the token", async () => {
		const host = "warn.example";
		const exp = soon();
		const stream = await start(host, tokenFor(host, exp));
		assert.equal(await refusal(stream, fresh(host)), undefined);
		await until(exp);
		await stream.next((element) => element.localName === "message" && element.getElementsByTagName("expired").length === 1);
		await stream.close();
	});

	for (const host of ["grace.example", "warn.example"]) {
		it(`${host}: a connection that dropped comes back to its rooms, and to no other`, async () => {
			const before = await dropped(host, { rooms: [fresh(host), fresh(host)] });
			const stream = await back(before);
			for (const room of before.rooms) assert.equal(await refusal(stream, room), undefined);
			assert.equal(await refusal(stream, fresh(host)), "expired");
			await stream.close();
		});

		it(`${host}: a stream that dropped is resumed, and stays in its room`, async () => {
			const before = await dropped(host, { resumable: true });
			await until(before.exp + 1);
			const { stream, refused } = await login(host, before.by, { previd: before.id });
			assert.equal(refused, undefined);
			assert.equal(await stream.resume(before.id, before.h), "resumed");
			const room = before.rooms[0];
			assert.equal(await stream.inside(`return room("${room.split("@")[0]}"):get_occupant_by_real_jid(session.full_jid) ~= nil`), true);
			await leave(stream, room);
			assert.equal(await refusal(stream, room), undefined); // as after any drop
			assert.equal(await refusal(stream, fresh(host)), "expired");
			await stream.close();
		});
	}

	it("a connection whose drop the server has not seen comes back, too", async () => {
		const host = "grace.example";
		const exp = soon();
		const by = tokenFor(host, exp);
		const room = fresh(host);
		const first = await start(host, by);
		assert.equal(await refusal(first, room), undefined);
		const second = await back({ host, exp, by });
		assert.equal((await second.join(room, "again")).refused, undefined);
		assert.equal(await refusal(second, fresh(host)), "expired");
		assert.equal(await refusal(first, fresh(host)), "expired");
		await Promise.all([first.close(), second.close()]);
	});

	it("whoever comes back in time, and to its room only later, finds it open", async () => {
		const before = await dropped("grace.example");
		const stream = await back(before, 0);
		await until(before.exp + 1);
		assert.equal(await refusal(stream, before.rooms[0]), undefined);
		assert.equal(await refusal(stream, fresh("grace.example")), "expired");
		await stream.close();
	});

	it("a connection that drops again, in its room or on the way there, comes back again", async () => {
		const before = await dropped("grace.example");
		const second = await back(before);
		await second.drop();
		const third = await back(before);
		assert.equal(await refusal(third, before.rooms[0]), undefined);
		await third.drop();
		const fourth = await back(before);
		assert.equal(await refusal(fourth, before.rooms[0]), undefined);
		await fourth.close();
	});

	it("from a breakout room one comes back to it, and to the main room", async () => {
		const host = "grace.example";
		const [main, breakout] = [fresh(host), fresh(host, "breakout")];
		const owner = await start(host, tokenFor(host));
		assert.equal(await refusal(owner, main), undefined);
		await owner.inside(`room("${main.split("@")[0]}")._data.breakout_rooms = { ["${breakout}"] = "one" }`);
		const before = await dropped(host, { rooms: [breakout] });
		const stream = await back(before);
		assert.equal((await stream.join(main, "again")).refused, undefined);
		assert.equal(await refusal(stream, breakout), undefined);
		assert.equal(await refusal(stream, fresh(host)), "expired");
		await Promise.all([owner.close(), stream.close()]);
	});

	it("who had left the room before does not come back to it", async () => {
		const host = "grace.example";
		const exp = soon();
		const by = tokenFor(host, exp);
		const stream = await start(host, by);
		const [left, stayed] = [fresh(host), fresh(host)];
		for (const room of [left, stayed]) assert.equal(await refusal(stream, room), undefined);
		await leave(stream, left);
		await stream.drop();
		const again = await back({ host, exp, by });
		assert.equal(await refusal(again, left), "expired");
		assert.equal(await refusal(again, stayed), undefined);
		await again.close();
	});

	it("who had been put out of the room before does not come back to it", async () => {
		const host = "grace.example";
		const exp = soon();
		const by = tokenFor(host, exp);
		const stream = await start(host, by);
		const room = fresh(host);
		assert.equal(await refusal(stream, room), undefined);
		await stream.inside(`room("${room.split("@")[0]}"):set_role(true, "${room}/me", nil, "out")`);
		await stream.next(isRemoval(`${room}/me`));
		await stream.drop();
		const again = await back({ host, exp, by });
		assert.equal(await refusal(again, room), "expired");
		await again.close();
	});

	it("kick: nobody is in a room with an expired token, so nobody comes back to one", async () => {
		const before = await dropped("kick.example");
		const stream = await back(before);
		assert.equal(await refusal(stream, before.rooms[0]), "expired");
		await stream.close();
	});

	it("kick: a stream that is resumed is out of its room, since the end of the token", async () => {
		const host = "kick.example";
		const before = await dropped(host, { resumable: true });
		await until(before.exp + 1);
		await server.waitForLog(new RegExp(`Occupant of ${before.rooms[0]} removed: expired`));
		const { stream, refused } = await login(host, before.by, { previd: before.id });
		assert.equal(refused, undefined);
		assert.equal(await stream.resume(before.id, before.h), "resumed");
		assert.equal(await refusal(stream, before.rooms[0]), "expired");
		await stream.close();
	});

	it("when the grace is over nobody comes back, and who has come back enters no room again", async () => {
		const before = await dropped("short.example", { late: true });
		const stream = await back(before);
		assert.equal(await refusal(stream, before.rooms[0]), undefined);
		await leave(stream, before.rooms[0]);
		await until(before.exp + SHORT + 1);
		assert.equal(await refusal(stream, before.rooms[0]), "expired");
		const late = await login("short.example", before.by);
		assert.equal(late.refused, "expired");
		await Promise.all([stream.close(), late.stream.close()]);
	});

	it("a token that nobody was in with has no grace", async () => {
		const exp = soon();
		await until(exp + 1);
		const { stream, refused } = await login("grace.example", tokenFor("grace.example", exp));
		assert.equal(refused, "expired");
		await stream.close();
	});

	it("without a grace nobody comes back", async () => {
		const before = await dropped("none.example");
		await until(before.exp + 1);
		const { stream, refused } = await login("none.example", before.by);
		assert.equal(refused, "expired");
		await stream.close();
	});

	await Promise.all(cases);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
