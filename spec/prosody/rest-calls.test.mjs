// Daily's calls about meetings under way: presence, eject with and without a ban, messages, permissions.
// Proves rest/calls.lua, mod_muc_meetauth/calls.lib, mod_muc_meetauth/bans.lib and mod_shell_meetauth/bans.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import {
	enter, host, inside, isKick, isSelf, joinAgain, leave, login, named, now, room, token, withStandIns, word,
} from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { api, otherApiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const key = "a".repeat(32);

let serial = 0;
const fresh = () => `Call_${++serial}`; // each case has a room of its own

test("Daily's calls", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const config = restConfig({ entries: { beta: "" }, keys: `{ acme = "${key}", beta = "${otherApiKey}" }` })
		.replace("meetauth_leeway = 0", "meetauth_leeway = 0\n\tallow_empty_token = true")
		+ '\nVirtualHost "shell.example"\n\tmodules_enabled = { "admin_shell" }\n';
	const server = await startProsody({ config, prefix: withStandIns(), machine });
	const acme = api(server, key);
	const beta = api(server, otherApiKey);
	const by = (name, claims = {}, id = "acme") => token({ r: name, ...claims }, id);
	const sit = (name, nick, claims, id) => enter(server, by(name, claims, id), name.toLowerCase(), nick);
	const post = (name, what, body, from = acme) => from.call("POST", `/rooms/${name}/${what}`, { body });
	const told = ({ status, body }) => `${status} ${body.error}: ${body.info}`;
	const close = (...all) => Promise.all(all.map((who) => who.session.close()));
	async function shell(...args) {
		const { code, stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		return `${code} ${stdout}${stderr}`;
	}
	const kicked = (who, nick) => who.wait((p) => p.nick === nick && isKick(p) && isSelf(p), `kick of ${nick}`);

	await t.test("presence: who is there, under which name, and for how long", async () => {
		const name = fresh();
		assert.equal(told(await acme.call("GET", `/rooms/${name}/presence`)), `404 not-found: room ${name} not found`);
		await acme.call("POST", "/rooms", { body: { name } });
		assert.deepEqual((await acme.call("GET", `/rooms/${name}/presence`)).body, { total_count: 0, data: [] });
		const ann = await sit(name, "ann1", { ud: "u-17", u: "Ann" });
		await machine.pass(41);
		const ben = await sit(name, "ben1");
		const visitor = await connect({ url: server.ws, host });
		await visitor.join(room(name.toLowerCase()), "guest1");
		const stranger = await sit(name, "other1", { ud: "u-17", u: "Eve" }, "beta");
		const { body } = await acme.call("GET", "/presence");
		assert.deepEqual(Object.keys(body), [name]);
		const [first, second, third] = body[name];
		const { mtgSessionId, joinTime, ...row } = first;
		assert.match(mtgSessionId, /^[0-9a-f-]{36}$/);
		assert.equal(Math.floor(Date.parse(joinTime) / 1000), now() - 41);
		assert.deepEqual(row, { room: name, id: "ann1", userId: "u-17", userName: "Ann", duration: 41 });
		assert.deepEqual([second.id, second.userId, second.userName, second.mtgSessionId, body[name].length], ["ben1", null, null, mtgSessionId, 3]);
		assert.equal(third.id, "guest1"); // of a room that acme has made
		const of = async (query, from = acme) => {
			const answer = await from.call("GET", `/rooms/${name}/presence${query}`);
			return [answer.body.total_count, ...answer.body.data.map(({ id }) => id)];
		};
		assert.deepEqual(await of(""), [3, "ann1", "ben1", "guest1"]);
		assert.deepEqual(await of("?limit=1"), [3, "ann1"]);
		assert.deepEqual(await of("?userId=u-17"), [1, "ann1"]);
		assert.deepEqual(await of("?userName=Ann&userId=u-1"), [0]);
		assert.deepEqual(await of("", beta), [1, "other1"]);
		await close(ann, ben, stranger);
		await visitor.close();
		const others = await sit(fresh(), "others", {}, "beta"); // by now the server has seen them go
		assert.deepEqual((await acme.call("GET", "/presence")).body, {});
		await close(others);
	});

	await t.test("eject: by session and by user, and who was not there is not in the list; they may come back", async () => {
		const name = fresh();
		const ann = await sit(name, "ann", { ud: "u-1" });
		const ben = await sit(name, "ben", { ud: "u-2" });
		const again = await sit(name, "ben2", { ud: "u-2" });
		const eve = await sit(name, "eve", { ud: "u-2" }, "beta"); // another entry's user of that id
		const { status, body } = await post(name, "eject", { ids: ["ann", "nobody"], user_ids: ["u-2", "u-9"] });
		assert.deepEqual([status, [...body.ejectedIds].sort()], [200, ["ann", "ben", "ben2"]]);
		await kicked(ben, "ben");
		await kicked(again, "ben2");
		assert.equal((await kicked(ann, "ann")).reason, "You were removed from this meeting");
		assert.equal((await joinAgain(ann, "ann")).refused, undefined);
		assert.deepEqual((await post(name, "eject", { ids: ["eve"], user_ids: ["daily:beta:u-2"] })).body, { ejectedIds: [] });
		assert.equal(eve.all.filter(isKick).some(isSelf), false);
		assert.match(server.log(), new RegExp(`Occupant of ${name.toLowerCase()}@\\S+ removed: ejected`));
		await close(ann, ben, again, eve);
	});

	await t.test("ban: that user stays out of that room until it is empty, whatever their token; the shell lists and lifts it", async () => {
		const [name, elsewhere] = [fresh(), fresh()];
		const keeper = await sit(name, "keeper", { ud: "u-0" });
		const ann = await sit(name, "ann", { ud: "u-1" });
		const other = await sit(elsewhere, "ann", { ud: "u-1" });
		assert.deepEqual((await post(name, "eject", { user_ids: ["u-1", "u-3"], ban: true })).body, { ejectedIds: ["ann"] });
		await kicked(ann, "ann");
		assert.equal(word((await joinAgain(ann, "ann")).refused), "banned");
		const third = await login(server, by(name, { ud: "u-3" }));
		const jid = room(name.toLowerCase());
		assert.equal(word((await third.join(jid, "third")).refused), "banned");
		assert.equal(other.all.filter(isKick).length, 0);
		const listed = await shell("bans");
		for (const user of ["u-1", "u-3"]) assert.match(listed, new RegExp(`^${jid} +acme +daily:acme:${user} +\\d{4}-`, "m"));
		assert.match(listed, /^0 [^]*2 bans/);
		assert.match(await shell("unban", "daily:acme:u-9", jid), /^1 [^]*no ban has this user and this room/);
		assert.match(await shell("unban", "daily:acme:u-3", "x@nowhere.example"), /^1 [^]*no ban has this user and this room/);
		assert.match(await shell("unban", "daily:acme:u-3", jid), /^0 [^]*not banned any more/);
		assert.equal((await third.join(jid, "third")).refused, undefined);
		await third.close();
		await leave(keeper); // nobody is in it
		assert.match(await shell("bans"), /0 bans/);
		assert.equal((await joinAgain(ann, "ann")).refused, undefined);
		await close(keeper, ann, other);
	});

	await t.test("a message: to everybody of that entry, or to one; never stored", async () => {
		const name = fresh();
		const ann = await sit(name, "ann");
		const ben = await sit(name, "ben");
		const eve = await sit(name, "eve", {}, "beta");
		const heard = new Map([[ann, []], [ben, []], [eve, []]]);
		for (const [who, list] of heard) {
			who.session.on((stanza) => {
				for (const element of named(stanza, "json-message")) list.push(JSON.parse(element.textContent));
			}, { name: "message" });
		}
		assert.deepEqual((await post(name, "send-app-message", { data: { step: 3, odd: "\uffff\ufffe\u0001\u202e" }, recipient: "*" })).body, { sent: "true" });
		assert.equal((await post(name, "send-app-message", { data: { only: "ben" }, recipient: "ben" })).status, 200);
		assert.equal((await post(name, "send-app-message", { data: {} })).status, 200);
		assert.equal((await post(name, "send-app-message", { data: { x: 1 }, recipient: "nobody" })).status, 200);
		for (const who of heard.keys()) await who.session.heard();
		const odd = { step: 3, odd: "\uffff\ufffe\u0001\u202e" };
		const app = (data) => ({ type: "app-message", data });
		assert.deepEqual([...heard.values()], [
			[app(odd), app({})], [app(odd), app({ only: "ben" }), app({})], [],
		]);
		await close(ann, ben, eve);
	});

	await t.test("permissions: in force at once, for one and for all others; a rejoin has the token's again", async () => {
		const name = fresh();
		const ann = await sit(name, "ann", { ud: "u-1" });
		const ben = await sit(name, "ben", { p: { ca: "p" } });
		const boss = await sit(name, "boss", { o: true });
		const affiliation = (who) => inside(who.session, `return room("${name.toLowerCase()}"):get_affiliation(session.full_jid)`);
		assert.deepEqual([await affiliation(ann), await affiliation(ben)], ["member", "admin"]);
		const from = ann.all.length;
		const { body } = await post(name, "update-permissions", { data: { ann: { canAdmin: ["participants"], canSend: ["audio"] }, "*": { canAdmin: false } } });
		assert.deepEqual(body, { status: "sent" });
		assert.deepEqual([await affiliation(ann), await affiliation(ben), await affiliation(boss)], ["admin", "member", "owner"]);
		const news = await ann.wait((p) => ann.all.indexOf(p) >= from && isSelf(p) && p.advisory[0], "the permissions");
		assert.deepEqual([news.advisory[0].send, news.permissions[0]["screen-sharing"]], ["a", false]);
		await post(name, "update-permissions", { data: { ann: { canSend: true } } }); // what is not named stays
		assert.equal(await affiliation(ann), "admin");
		await leave(ann);
		assert.equal((await joinAgain(ann, "ann")).affiliation, "member");
		await close(ann, ben, boss);
	});

	await t.test("a room that nobody is in, or only another entry's people: 404", async () => {
		const name = fresh();
		const eve = await sit(name, "eve", {}, "beta");
		for (const [what, body] of [["eject", { ids: ["eve"] }], ["send-app-message", { data: {} }], ["update-permissions", { data: {} }]]) {
			assert.equal(told(await post(name, what, body)), `404 not-found: room ${name} does not seem to be hosting a call currently`);
		}
		await close(eve);
	});

	const name = fresh();
	const many = (count) => Array.from({ length: count }, (_, i) => `id-${i}`);
	const somebody = await sit(name, "somebody");
	for (const [what, body, info] of [
		["eject", {}, "ids should not be empty"],
		["eject", { ids: [], user_ids: null, ban: true }, "ids should not be empty"],
		["eject", { ids: "somebody" }, "ids should be a list of at most 100 strings"],
		["eject", { user_ids: [7] }, "user_ids should be a list of at most 100 strings"],
		["eject", { ids: many(101) }, "ids should be a list of at most 100 strings"],
		["eject", { ids: ["x"], ban: "yes" }, "ban should be true or false"],
		["eject", { ids: ["x"], room: "y" }, "unknown parameter 'room'"],
		["send-app-message", {}, "missing required field: data"],
		["send-app-message", { data: [] }, "data should be an object"],
		["send-app-message", { data: { x: "y".repeat(4096) } }, "data should have at most 4096 bytes"],
		["send-app-message", { data: {}, recipient: 7 }, "recipient should be a string"],
		["update-permissions", {}, "missing required field: data"],
		["update-permissions", { data: { somebody: true } }, "permissions should be an object"],
		["update-permissions", { data: { "*": { canFly: true } } }, "unknown parameter 'permissions.canFly'"],
		["update-permissions", [], "the body should be an object"],
	]) {
		await t.test(`refused: ${what} ${JSON.stringify(body).slice(0, 60)}`, async () => {
			assert.equal(told(await post(name, what, body)), `400 invalid-request-error: ${info}`);
		});
	}
	await somebody.session.close();

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
