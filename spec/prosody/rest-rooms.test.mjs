// Daily's rooms: made, shown, changed and deleted by REST; and what they say holds at the join and in the room.
// Proves rest/rooms.lua, mod_auth_meetauth/rooms.lib and mod_muc_meetauth/made.lib.

import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import test from "node:test";
import { connect } from "./support/client.mjs";
import {
	enter, host, inside, isKick, isSelf, joinAgain, leave, login, now, room, setAffiliation, token, withStandIns, word,
} from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { api, otherApiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const DAY = 86400; // seconds

const options = "allow_empty_token = true";

let serial = 0;
const fresh = () => `Room_${++serial}`; // each case has a room of its own

function configOf() {
	return restConfig({ componentModules: ["daily_lobby"], entries: { beta: "", strict: "rooms_required = true", zeta: 'tenant = "zeta"' },
		keys: `{ acme = "${"a".repeat(32)}", beta = "${otherApiKey}", strict = "${"s".repeat(32)}", zeta = "${"z".repeat(32)}" }` })
		.replace("meetauth_leeway = 0", `meetauth_leeway = 0\n\t${options}`);
}

test("Daily's rooms", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: configOf(), prefix: withStandIns(), machine });
	const acme = api(server, "a".repeat(32));
	const beta = api(server, otherApiKey);
	const strict = api(server, "s".repeat(32));

	const made = async (body, by = acme) => {
		const answer = await by.call("POST", "/rooms", { body });
		assert.equal(answer.status, 200, answer.text);
		return answer.body;
	};
	const get = (name, by = acme) => by.call("GET", `/rooms/${name}`);
	const change = (name, body, by = acme) => by.call("POST", `/rooms/${name}`, { body });
	const told = ({ status, body }) => `${status} ${body.error}: ${body.info}`;
	const by = (name, claims = {}, id = "acme") => token({ r: name, ud: `u${++serial}`, ...claims }, id);
	const refusal = async (text, name) => {
		const session = await login(server, text);
		const { refused } = await session.join(room(name.toLowerCase()), "me");
		await session.close();
		return refused ? word(refused) : "in";
	};
	const guest = () => connect({ url: server.ws, host });
	const close = (...all) => Promise.all(all.map((who) => who.session.close()));
	const sit = (name, nick, claims) => enter(server, by(name, claims), name.toLowerCase(), nick);

	await t.test("a room is made, shown, changed and deleted", async () => {
		const exp = now() + 600;
		const asked = { name: "Clinic-7", privacy: "private", properties: { exp: exp + 0.5, enable_knocking: true, max_participants: 4 } };
		const { id, created_at: created, ...rest } = await made(asked);
		assert.match(id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
		assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		const config = { exp, enable_knocking: true, max_participants: 4 };
		assert.deepEqual(rest, { name: "Clinic-7", api_created: true, privacy: "private", url: `https://${host}/Clinic-7`, config });
		assert.deepEqual((await get("Clinic-7")).body, { id, created_at: created, ...rest });
		assert.equal(told(await acme.call("POST", "/rooms", { body: { name: "clinic-7" } })), "400 invalid-request-error: a room named clinic-7 already exists");
		const changed = await change("Clinic-7", { privacy: "public", properties: { max_participants: null, start_video_off: true } });
		assert.deepEqual(changed.body, { id, created_at: created, ...rest, privacy: "public", config: { ...config, start_video_off: true } });
		assert.match(server.log(), /Stored, but without effect on this server: start_video_off/);
		assert.deepEqual((await acme.call("DELETE", "/rooms/Clinic-7")).body, { deleted: true, name: "Clinic-7" });
		assert.equal(told(await get("Clinic-7")), "404 not-found: room Clinic-7 not found");
		assert.equal(told(await acme.call("DELETE", "/rooms/Clinic-7")), "404 not-found: room Clinic-7 not found");
	});

	await t.test("without a name it has one of its own; an empty body will do", async () => {
		for (const body of [{}, undefined, { name: null, privacy: null, properties: null }]) {
			const answer = await acme.call("POST", "/rooms", body === undefined ? {} : { body });
			assert.equal(answer.status, 200, answer.text);
			assert.match(answer.body.name, /^[\w-]{20}$/);
			assert.deepEqual([answer.body.privacy, answer.body.config], ["public", {}]);
			await acme.call("DELETE", `/rooms/${answer.body.name}`);
		}
	});

	await t.test("a list has pages, newest first", async () => {
		const names = [];
		for (let i = 0; i < 5; i++) {
			await machine.pass(1);
			names.unshift((await made({ name: `page-${i}` }, beta)).name);
		}
		const page = async (query) => {
			const { status, body } = await beta.call("GET", `/rooms${query}`);
			return status === 200 ? [body.total_count, ...body.data.map(({ name }) => name)] : body.info;
		};
		const ids = (await beta.call("GET", "/rooms")).body.data.map(({ id }) => id);
		assert.deepEqual(await page(""), [5, ...names]);
		assert.deepEqual(await page("?limit=2"), [5, ...names.slice(0, 2)]);
		assert.deepEqual(await page(`?limit=2&starting_after=${ids[1]}`), [5, ...names.slice(2, 4)]);
		assert.deepEqual(await page(`?limit=2&starting_after=${ids[3]}`), [5, names[4]]);
		assert.deepEqual(await page(`?limit=2&ending_before=${ids[3]}`), [5, ...names.slice(1, 3)]);
		assert.deepEqual(await page("?limit=2&ending_before=OLDEST"), [5, ...names.slice(3)]);
		assert.equal(await page("?limit=101"), "limit should be 1 to 100");
		assert.equal(await page("?starting_after=x"), "starting_after should be the id of a room");
	});

	await t.test("of another entry's rooms nothing is seen or changed", async () => {
		assert.equal((await get("page-0", beta)).status, 200);
		for (const answer of [await get("page-0"), await change("page-0", { privacy: "private" }), await acme.call("DELETE", "/rooms/page-0")]) {
			assert.equal(told(answer), "404 not-found: room page-0 not found");
		}
		assert.equal((await made({ name: "page-0", privacy: "private" })).privacy, "private");
		assert.equal((await get("page-0", beta)).body.privacy, "public");
	});

	for (const [name, body, info] of [
		["a name with a space", { name: "a b" }, "a b contains invalid characters (room names can contain A-Z, a-z, 0-9, '-', and '_')"],
		["a name that is too long", { name: "a".repeat(129) }, "name should have at most 128 characters"],
		["a number for a name", { name: 7 }, "name should be a string"],
		["another privacy", { privacy: "org" }, "privacy should be public or private"],
		["privacy among the properties", { properties: { privacy: "private" } }, "unknown parameter 'privacy'"],
		["properties at the top", { exp: 1 }, "unknown parameter 'exp'"],
		["a property that Daily has not", { properties: { enable_fun: true } }, "unknown parameter 'enable_fun'"],
		["a property that Daily has no more", { properties: { owner_only_broadcast: true } }, "unknown parameter 'owner_only_broadcast'"],
		["exp in the past", { properties: { exp: 5 } }, "exp was '5', which is in the past rather than in the future"],
		["exp as text", { properties: { exp: "soon" } }, "exp was 'soon' but should be a number of seconds since the unix epoch"],
		["nobody at once", { properties: { max_participants: 0 } }, "max_participants should be a whole number, 1 to 2147483647"],
		["an unknown permission", { properties: { permissions: { canFly: true } } }, "unknown parameter 'permissions.canFly'"],
		["a list", [], "the body should be an object"],
	]) {
		await t.test(`refused, whether it is made or changed: ${name}`, async () => {
			assert.equal(told(await acme.call("POST", "/rooms", { body })), `400 invalid-request-error: ${info}`);
			const { name: _, ...rest } = body;
			const changes = Array.isArray(body) ? body : rest;
			if (!("name" in body)) assert.equal(told(await change("page-0", changes)), `400 invalid-request-error: ${info}`);
		});
	}

	await t.test("private: guests stay outside, and bearers come in; public: as allow_empty_token has it", async () => {
		const [open, shut] = [fresh(), fresh()];
		await made({ name: open });
		await made({ name: shut, privacy: "private" });
		const session = await guest();
		assert.equal((await session.join(room(open.toLowerCase()), "guest")).refused, undefined);
		assert.equal(word((await session.join(room(shut.toLowerCase()), "guest")).refused), "token-required");
		assert.equal(await refusal(by(shut), shut), "in");
		assert.equal(await refusal(by(shut, {}, "beta"), shut), "in"); // that entry's back end has not made it
		await change(shut, { privacy: "public" });
		assert.equal((await session.join(room(shut.toLowerCase()), "guest")).refused, undefined);
		await session.close();
	});

	await t.test("enable_knocking: guests of a private room wait in its lobby, bearers come in", async () => {
		const name = fresh();
		await made({ name, privacy: "private", properties: { enable_knocking: true } });
		const boss = await sit(name, "boss", { o: true });
		const visitor = await guest();
		const knock = () => joinAgain({ session: visitor, jid: room(name.toLowerCase()) }, "guest", "Gus");
		assert.equal((await knock()).refused.condition, "registration-required");
		const plain = await sit(name, "plain"); // the lobby was made for those who knock
		assert.equal(plain.joined.affiliation, "member");
		assert.equal(await setAffiliation(boss, visitor.jid, "member"), "ok");
		assert.equal((await knock()).refused, undefined);
		await visitor.close();
		await close(boss, plain);
	});

	await t.test("nbf and exp: nobody enters before and after, for a day; who is inside stays", async () => {
		const name = fresh();
		await made({ name, properties: { nbf: now() + 60, exp: now() + 120 } });
		assert.equal(await refusal(by(name), name), "not-yet-valid");
		await machine.pass(60);
		const inside = await sit(name, "inside");
		await machine.pass(60);
		assert.equal(await refusal(by(name), name), "expired");
		const visitor = await guest();
		assert.equal(word((await visitor.join(room(name.toLowerCase()), "guest")).refused), "expired");
		await visitor.close();
		assert.equal(inside.all.filter(isKick).length, 0);
		await inside.session.close();
		assert.equal(told(await get(name)), `404 not-found: room ${name} not found`);
		const { status, body } = await acme.call("DELETE", `/rooms/${name}`);
		assert.deepEqual([status, body.error, body.deleted], [404, "not-found", true]);
		assert.equal((await acme.call("GET", "/rooms")).body.data.some((one) => one.name === name), false);
		await machine.pass(DAY + 10);
		assert.equal(await refusal(token({ r: name, exp: now() + 60 }), name), "in"); // as a room that nobody has made
	});

	await t.test("an expired name is free again", async () => {
		const name = fresh();
		const { id } = await made({ name, properties: { exp: now() + 1 } });
		await machine.pass(2);
		const again = await made({ name });
		assert.notEqual(again.id, id);
		assert.equal(await refusal(by(name), name), "in");
	});

	await t.test("eject_at_room_exp: fixed at the join; a later change reaches nobody inside", async () => {
		const name = fresh();
		await made({ name, properties: { exp: now() + 60, eject_at_room_exp: true } });
		const early = await sit(name, "early");
		const own = await sit(name, "own", { eje: 3600 }); // the token's own word voids the room's
		await change(name, { properties: { exp: now() + 600 } });
		const late = await sit(name, "late");
		await machine.pass(60);
		assert.equal((await early.wait((p) => p.nick === "early" && isKick(p) && isSelf(p), "the kick")).reason, "Token expired");
		await machine.pass(60);
		for (const who of [own, late]) assert.equal(who.all.filter((p) => isKick(p) && isSelf(p)).length, 0);
		assert.equal((await joinAgain(early, "early")).refused, undefined);
		await close(early, own, late);
	});

	await t.test("eject_after_elapsed: for each by themselves, and anew after another join", async () => {
		const name = fresh();
		await made({ name, properties: { eject_after_elapsed: 60 } });
		const ann = await sit(name, "ann");
		await machine.pass(30);
		const ben = await sit(name, "ben");
		await machine.pass(30);
		assert.equal((await ann.wait((p) => p.nick === "ann" && isKick(p) && isSelf(p), "the kick")).reason, "Time limit reached");
		await machine.pass(30);
		await ben.wait((p) => p.nick === "ben" && isKick(p) && isSelf(p), "the kick");
		await close(ann, ben);
	});

	await t.test("max_participants: full for guests, too; who leaves makes room; who is inside may join again", async () => {
		const name = fresh();
		await made({ name, properties: { max_participants: 1 } });
		const ann = await sit(name, "ann");
		assert.equal(await refusal(by(name), name), "room-full");
		const visitor = await guest();
		assert.equal(word((await visitor.join(room(name.toLowerCase()), "guest")).refused), "room-full");
		assert.equal((await joinAgain(ann, "ann")).refused, undefined);
		await leave(ann);
		assert.equal((await visitor.join(room(name.toLowerCase()), "guest")).refused, undefined);
		await visitor.close();
		await close(ann);
	});

	await t.test("enforce_unique_user_ids: the newcomer is in, the older one out, also where the room is full", async () => {
		const name = fresh();
		await made({ name, properties: { enforce_unique_user_ids: true, max_participants: 1 } });
		const old = await sit(name, "old", { ud: "u-1" });
		const young = await sit(name, "young", { ud: "u-1" });
		assert.equal(young.joined.refused, undefined);
		await old.wait((p) => p.nick === "old" && isKick(p) && isSelf(p), "the kick");
		assert.equal(await refusal(by(name), name), "room-full");
		await close(old, young);
	});

	await t.test("permissions, enable_recording, enable_screenshare: for tokens that do not say it, member by member", async () => {
		const name = fresh();
		const permissions = { canAdmin: ["participants", "streaming"], canSend: ["audio"] };
		await made({ name, properties: { permissions, enable_recording: "cloud", enable_screenshare: false } });
		const permitted = async (guest) => (await guest.wait((p) => isSelf(p) && p.permissions[0], "permissions"));
		const plain = await sit(name, "plain");
		assert.equal(plain.joined.affiliation, "admin");
		const { permissions: [of], advisory: [advice] } = await permitted(plain);
		assert.deepEqual([of.recording, of["screen-sharing"], advice.send], [true, false, "a"]);
		const own = await sit(name, "own", { p: { ca: false, cs: true }, ss: true });
		assert.equal(own.joined.affiliation, "member");
		const its = await permitted(own);
		assert.deepEqual([its.permissions[0].recording, its.permissions[0]["screen-sharing"], its.advisory], [false, true, []]);
		const boss = await sit(name, "boss", { o: true });
		assert.equal(boss.joined.affiliation, "owner");
		const features = (who) => inside(who.session, 'return session.jitsi_meet_context_features["recording"]');
		assert.deepEqual([await features(plain), await features(own), await features(boss)], [true, false, true]);
		await change(name, { properties: { permissions: { canAdmin: false } } }); // reaches nobody inside
		assert.equal(await features(plain), true);
		await leave(plain);
		assert.equal(await features(plain), false);
		await close(plain, own, boss);
	});

	await t.test("rooms_required: only rooms that were made", async () => {
		const name = fresh();
		assert.equal(await refusal(by(name, {}, "strict"), name), "unknown-room");
		await made({ name }, acme);
		assert.equal(await refusal(by(name, {}, "strict"), name), "unknown-room"); // made for acme's
		await made({ name }, strict);
		assert.equal(await refusal(by(name, {}, "strict"), name), "in");
		await strict.call("DELETE", `/rooms/${name}`);
		assert.equal(await refusal(by(name, {}, "strict"), name), "unknown-room");
	});

	await t.test("of an entry with a tenant: the tenant's rooms, under their own names", async () => {
		const zeta = api(server, "z".repeat(32));
		const { url } = await made({ name: "Clinic", privacy: "private" }, zeta);
		assert.equal(url, `https://${host}/zeta/Clinic`);
		const visitor = await guest();
		assert.equal(word((await visitor.join(room("[zeta]clinic"), "guest")).refused), "token-required");
		assert.equal((await visitor.join(room("clinic"), "guest")).refused, undefined); // nobody has made that one
		await visitor.close();
		const bearer = await enter(server, token({ r: "Clinic", ud: "u-1" }, "zeta"), "[zeta]clinic", "bearer");
		assert.equal(bearer.joined.refused, undefined);
		assert.deepEqual(Object.keys((await zeta.call("GET", "/presence")).body), ["Clinic"]);
		assert.deepEqual((await zeta.call("POST", "/rooms/Clinic/eject", { body: { user_ids: ["u-1"] } })).body, { ejectedIds: ["bearer"] });
		await bearer.wait((p) => isKick(p) && isSelf(p), "the kick");
		await bearer.session.close();
	});

	await t.test("a body that breaks off makes nothing", async () => {
		const name = fresh();
		const body = JSON.stringify({ name });
		const socket = net.connect(Number(new URL(server.http).port), "127.0.0.1");
		await once(socket, "connect");
		socket.end(`POST /v1/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${"a".repeat(32)}\r\nContent-Type: application/json\r\n`
			+ `Content-Length: ${body.length + 1}\r\n\r\n${body}`);
		socket.resume();
		await once(socket, "close");
		assert.equal((await get(name)).status, 404);
	});

	await t.test("what was made outlives a restart", async () => {
		const name = fresh();
		await made({ name, privacy: "private", properties: { max_participants: 2, permissions: { canSend: [] } } });
		const before = (await get(name)).text;
		const session = await login(server, by(name));
		await inside(session, `require "core.modulemanager".reload("${host}", "auth_meetauth")`).catch(() => {});
		await session.close();
		assert.equal((await get(name)).text, before);
		const visitor = await guest();
		assert.equal(word((await visitor.join(room(name.toLowerCase()), "guest")).refused), "token-required");
		await visitor.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
