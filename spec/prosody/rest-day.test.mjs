// A Daily back end's usual day on one's own server, through npm's daily-node with its base address changed; what that client
// has no function for is asked through its own HTTP client.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { enter, isKick, isSelf, joinAgain, now, withStandIns, word } from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { apiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const { Daily } = createRequire(import.meta.url)("daily-node");

test("a Daily back end's usual day", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: restConfig({ entries: { acme: "rooms_required = true" } }), prefix: withStandIns(), machine });
	const daily = new Daily(apiKey);
	daily.client.defaults.baseURL = `${server.http}/v1`; // the one line that changes
	const post = async (path, body) => (await daily.client.post(path, body)).data;
	const failed = (promise) => promise.then(() => assert.fail("no error"), ({ response }) => [response.status, response.data.error]);
	const tokenFor = async (properties) => (await daily.createMeetingToken({ properties: { roomName: name, exp: now() + 3600, ...properties } })).token;
	const kicked = (who, nick) => who.wait((p) => p.nick === nick && isKick(p) && isSelf(p), `kick of ${nick}`);
	let name, ann, ben;

	await t.test("in the morning there is no room, and a link opens nothing", async () => {
		name = "clinic-7";
		assert.deepEqual(await failed(daily.room(name)), [404, "not-found"]);
		assert.deepEqual(await daily.rooms(), { totalCount: 0, data: [] });
		const early = await enter(server, await tokenFor({}), name, "early");
		assert.equal(word(early.joined.refused), "unknown-room");
		assert.equal(early.joined.refused.child, "room-does-not-exist");
		await early.session.close();
	});

	await t.test("it makes a room, and tokens for both people, who come in", async () => {
		const room = await daily.createRoom({ name, privacy: "private", properties: { exp: now() + 600, ejectAtRoomExp: true, maxParticipants: 3 } });
		assert.deepEqual([room.name, room.privacy, room.url], [name, "private", `https://meet.example/${name}`]);
		assert.deepEqual(await daily.room(name), room);
		ann = await enter(server, await tokenFor({ userId: "u-1", userName: "Ann", isOwner: true }), name, "ann");
		ben = await enter(server, await tokenFor({ userId: "u-2", userName: "Ben" }), name, "ben");
		assert.deepEqual([ann.joined.affiliation, ben.joined.affiliation], ["owner", "member"]);
	});

	await t.test("it asks who is there", async () => {
		const { data } = await daily.client.get("/presence");
		assert.deepEqual(data[name].map(({ id, userId, userName }) => [id, userId, userName]), [["ann", "u-1", "Ann"], ["ben", "u-2", "Ben"]]);
		assert.equal((await daily.client.get(`/rooms/${name}/presence`)).data.total_count, 2);
	});

	await t.test("it changes the room, and what Ben may do", async () => {
		const { config } = await daily.updateRoom(name, { properties: { maxParticipants: 10 } });
		assert.equal(config.maxParticipants, 10);
		assert.deepEqual(await post(`/rooms/${name}/update-permissions`, { data: { ben: { canAdmin: ["participants"] } } }), { status: "sent" });
		await ben.wait((p) => isSelf(p) && p.nick === "ben" && p.affiliation === "admin", "Ben as an admin");
		assert.deepEqual(await post(`/rooms/${name}/send-app-message`, { data: { minutes: 5 }, recipient: "*" }), { sent: "true" });
	});

	await t.test("it puts Ben out for good", async () => {
		assert.deepEqual(await post(`/rooms/${name}/eject`, { user_ids: ["u-2"], ban: true }), { ejectedIds: ["ben"] });
		await kicked(ben, "ben");
		assert.equal(word((await joinAgain(ben, "ben")).refused), "banned");
		await ben.session.close();
	});

	await t.test("it takes a link back that was passed on", async () => {
		const leaked = await tokenFor({ userId: "u-3" });
		const cy = await enter(server, leaked, name, "cy");
		assert.equal(cy.joined.refused, undefined);
		const { id, by } = await post("/revoke", { kind: "user", value: "u-3", issued_before: now() + 1 });
		assert.equal(by, "key");
		assert.match((await kicked(cy, "cy")).reason, /: revoked$/);
		assert.deepEqual(await failed(daily.meetingToken(leaked)), [400, "invalid-request-error"]);
		assert.equal((await daily.client.get("/revocations")).data.total_count, 1);
		assert.deepEqual((await daily.client.delete(`/revocations/${id}`)).data, { deleted: true, id });
		assert.equal((await daily.meetingToken(leaked)).userId, "u-3");
		await cy.session.close();
	});

	await t.test("the time is over: Ann is put out, nobody comes in, and the room counts as deleted", async () => {
		await machine.pass(600);
		assert.equal((await kicked(ann, "ann")).reason, "Token expired");
		assert.equal(word((await joinAgain(ann, "ann")).refused), "expired");
		assert.deepEqual(await failed(daily.room(name)), [404, "not-found"]);
		await ann.session.close();
	});

	await t.test("it makes another one, and deletes it", async () => {
		const { name: other } = await daily.createRoom({});
		assert.equal((await daily.rooms({ limit: 10 })).totalCount, 1);
		assert.deepEqual(await daily.deleteRoom(other), { deleted: true, name: other });
		assert.deepEqual(await failed(daily.deleteRoom(other)), [404, "not-found"]);
		name = other;
		const late = await enter(server, await tokenFor({}), other.toLowerCase(), "late");
		assert.equal(word(late.joined.refused), "unknown-room");
		await late.session.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
