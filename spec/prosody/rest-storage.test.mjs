// Rooms of two Prosodys that share one PostgreSQL, and revocations by REST; and while that is stopped and comes back.
// Proves mod_auth_meetauth/rooms.lib, with storage.lib and buckets.lib.

import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { enter, host, inside, login, room, token, withStandIns, word } from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { api, apiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { withoutSql } from "./support/sqllog.mjs";

const POLL = 5; // seconds
const REST = 30; // seconds that a server leaves a storage alone that has failed, at most

test("rooms in shared storage", { timeout: TEST }, async (t) => {
	const machine = newMachine();
	const database = await startPostgres();
	const config = restConfig({ keys: `{ acme = "${apiKey}" }`, entries: { beta: "" } }).replace("meetauth_leeway = 0",
		`meetauth_leeway = 0\n\tallow_empty_token = true\n\tstorage = { meetauth_rooms = "sql"; meetauth_revoked = "sql"; meetauth_used = "sql" }\n\tsql = ${database.sql}`);
	const start = () => startProsody({ config, prefix: withStandIns(), machine });
	const [one, other] = [await start(), await start()]; // one after the other: the first makes the tables
	const [first, second] = [api(one), api(other)];
	const make = (name, by = first, more = {}) => by.call("POST", "/rooms", { body: { name, privacy: "private", ...more } });
	const status = async (request) => (await request).status;

	// How a guest fares at a room: "in", or the reason.
	async function guest(server, name) {
		const session = await connect({ url: server.ws, host });
		if (session.refused) return word(session.refused);
		const { refused } = await session.join(room(name), "guest");
		await session.close();
		return refused ? word(refused) : "in";
	}
	async function until(wanted, ask) {
		let outcome;
		for (let seconds = 0; seconds <= REST + POLL; seconds++) {
			outcome = await ask();
			if (outcome === wanted) return;
			await machine.pass(1);
		}
		assert.fail(`${outcome}, not ${wanted}`);
	}

	// The rows of a room of that name: how many; code in Lua is run for each.
	async function rowsOf(name, code = "") {
		const session = await login(one, token({ exp: machine.now() + 60 }));
		const count = await inside(session, `
			local made, all, count = module:open_store("meetauth_rooms", "map"), module:open_store("meetauth_rooms", "keyval"), 0;
			for bucket in all:users() do
				for key, row in pairs(all:get(bucket) or {}) do
					if type(row) == "table" and row.name == "${name}" then
						count = count + 1;
						${code}
					end
				end
			end
			return count;`);
		await session.close();
		return count;
	}

	await t.test("made on one: the other's requests find it at once, its joins within five seconds", async () => {
		assert.equal(await status(make("clinic")), 200);
		assert.equal((await second.call("GET", "/rooms/clinic")).body.privacy, "private");
		assert.equal(await status(make("clinic", second)), 400);
		await machine.pass(POLL);
		assert.equal(await guest(other, "clinic"), "token-required");
		assert.equal((await second.call("GET", "/rooms")).body.total_count, 1);
	});

	await t.test("changed by both: nothing is lost", async () => {
		await first.call("POST", "/rooms/clinic", { body: { properties: { max_participants: 4 } } });
		const { body } = await second.call("POST", "/rooms/clinic", { body: { properties: { geo: "eu" } } });
		assert.deepEqual(body.config, { max_participants: 4, geo: "eu" });
		assert.deepEqual((await first.call("GET", "/rooms/clinic")).body, body);
	});

	await t.test("one room asked for by both in one moment: both tell the same afterwards", async () => {
		for (let i = 0; i < 5; i++) {
			const answers = await Promise.all([make(`race-${i}`), make(`race-${i}`, second), make(`race-${i}`), make(`race-${i}`, second)]);
			const made = answers.filter((answer) => answer.status === 200);
			assert.ok(made.length >= 1 && made.length <= 2, `${made.length} made`); // one a server at most
			const [mine, theirs] = await Promise.all([first, second].map((by) => by.call("GET", `/rooms/race-${i}`)));
			assert.deepEqual(mine.body, theirs.body);
			assert.ok(made.some(({ body }) => body.id === mine.body.id));
		}
	});

	await t.test("a server that is killed right after it has written a room has told the other one", async () => {
		const third = await start();
		await make("last-words", api(third));
		process.kill(third.pid, "SIGKILL");
		await machine.pass(2 * POLL);
		assert.equal(await guest(other, "last-words"), "token-required");
	});

	// Lua: this process is killed when it is about to write the row of a store that is behind the mark, or has just done so.
	const killAt = (store, isBefore, then) => `
		local methods = getmetatable(module:open_store("${store}", "map")).__index;
		local set_keys = methods.set_keys;
		local function kill() os.execute("kill -9 " .. require "util.pposix".getpid()); end
		function methods.set_keys(self, group, rows)
			local is_row = self.store == "${store}" and group ~= "changes";
			if is_row and ${isBefore} then kill(); end
			local done = set_keys(self, group, rows);
			if is_row then kill(); end
			return done;
		end
		${then}`;

	for (const isBefore of [true, false]) {
		await t.test(`a server that is killed ${isBefore ? "before" : "after"} it writes what is behind its mark: both others agree`, async () => {
			const name = `killed-${isBefore}`;
			const by = token({ r: "standup", jti: name });
			for (const [store, ask] of [["meetauth_rooms", (to) => make(name, to)],
				["meetauth_revoked", (to) => to.call("POST", "/revoke", { body: { kind: "jti", value: name } })]]) {
				const third = await start();
				const session = await login(third, token({ r: "standup" }));
				await inside(session, killAt(store, isBefore, "return true;"));
				await assert.rejects(ask(api(third)));
			}
			await machine.pass(2 * POLL);
			for (const server of [one, other]) {
				assert.equal(await guest(server, name), isBefore ? "in" : "token-required");
				const session = await connect({ url: server.ws, host, token: by });
				assert.equal(session.refused?.text, isBefore ? undefined : "revoked");
				await session.close?.();
			}
			for (const by of [first, second]) assert.equal((await by.call("GET", `/rooms/${name}`)).status, isBefore ? 404 : 200);
			// asked for once more, as whoever got no answer does
			assert.equal(await status(make(name)), isBefore ? 200 : 400);
			assert.equal(await status(second.call("POST", "/revoke", { body: { kind: "jti", value: name } })), 200);
			assert.equal((await connect({ url: other.ws, host, token: by })).refused.text, "revoked");
		});
	}

	await t.test("one request twice, one after the other or on both servers in one moment: it is done once", async () => {
		const revoke = (by) => by.call("POST", "/revoke", { body: { kind: "user", value: "twice" } });
		const answers = [await revoke(first), await revoke(first), ...await Promise.all([revoke(first), revoke(second)])];
		const ids = new Set(answers.map(({ status: code, body }) => { assert.equal(code, 200); return body.id; }));
		assert.equal(ids.size, 1);
		await machine.pass(POLL);
		const [id] = ids;
		for (const by of [first, second]) {
			assert.equal((await by.call("GET", "/revocations")).body.data.filter((one) => one.id === id).length, 1);
		}
		assert.deepEqual([await status(first.call("DELETE", `/revocations/${id}`)), await status(first.call("DELETE", `/revocations/${id}`))], [200, 404]);
		await machine.pass(POLL);
		assert.equal(await status(second.call("DELETE", `/revocations/${id}`)), 404);
		await make("twice");
		const gone = await Promise.all([first, second].map((by) => status(by.call("DELETE", "/rooms/twice"))));
		assert.ok(gone.includes(200) && gone.every((code) => code === 200 || code === 404), `${gone}`);
		assert.equal(await status(first.call("DELETE", "/rooms/twice")), 404);
	});

	await t.test("a revocation of which half is sent, and no more: nothing is revoked, and nobody waits", async () => {
		const body = '{"kind":"jti","value":"half"}';
		const socket = net.connect(Number(new URL(one.http).port), "127.0.0.1");
		await once(socket, "connect");
		socket.write(`POST /v1/revoke HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${apiKey}\r\n`
			+ `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`);
		await one.turn();
		assert.equal(await status(first.call("GET", "/rooms")), 200);
		socket.end();
		socket.resume();
		await once(socket, "close");
		assert.ok(!(await first.call("GET", "/revocations")).body.data.some(({ value }) => value === "half"));
	});

	await t.test("deleted on the other: gone here within five seconds", async () => {
		assert.equal(await status(second.call("DELETE", "/rooms/clinic")), 200);
		assert.equal(await status(first.call("GET", "/rooms/clinic")), 404);
		await machine.pass(POLL);
		assert.equal(await guest(one, "clinic"), "in");
	});

	await t.test("a row that is damaged is that room's failure, and named in the log", async () => {
		await make("good");
		await make("bad");
		await machine.pass(POLL);
		assert.equal(await guest(other, "bad"), "token-required");
		await rowsOf("bad", 'made:set(bucket, key, "x"); made:set("changes", "spec " .. bucket, os.time() .. " spec");');
		await machine.pass(POLL);
		assert.deepEqual([await guest(other, "good"), await guest(other, "bad")], ["token-required", "in"]);
		assert.match(other.log(), /Row [0-9a-f]{16} of the store meetauth_rooms is damaged/);
		assert.equal(await status(make("bad")), 200); // in its place
	});

	await t.test("storage down: what is known holds, requests get 500; back again: all goes on", async () => {
		await make("kept");
		const revoke = (value) => first.call("POST", "/revoke", { body: { kind: "jti", value } });
		const kept = await revoke("kept");
		await machine.pass(POLL);
		const bearer = await enter(one, token({ r: "kept", ud: "u1" }), "kept", "bearer");
		const early = await connect({ url: one.ws, host }); // logged in before
		await database.stop();
		assert.equal(await status(make("late")), 500);
		assert.equal(await status(revoke("late")), 500);
		assert.equal((await first.call("GET", "/revocations")).body.data.some(({ id }) => id === kept.body.id), true); // as known
		for (const [method, path] of [["GET", "/rooms/kept"], ["DELETE", "/rooms/kept"], ["DELETE", `/revocations/${kept.body.id}`]]) {
			const { status: code, body } = await first.call(method, path);
			assert.deepEqual([code, body.error], [500, "server-error"]);
		}
		assert.equal(word((await early.join(room("kept"), "guest")).refused), "token-required");
		const restarted = await start(); // has never read anything
		assert.equal(await guest(restarted, "kept"), "storage-unavailable");
		await database.start();
		await until(200, () => status(make("late")));
		await until("token-required", () => guest(restarted, "kept"));
		await until(200, () => status(revoke("late")));
		assert.equal(await status(first.call("DELETE", `/revocations/${kept.body.id}`)), 200);
		await bearer.session.close();
		await early.close();
	});

	await t.test("a day after exp a room is forgotten, in storage, too", async () => {
		await make("brief", first, { properties: { exp: machine.now() + 60 } });
		await machine.pass(86400 + 60 + 2 * POLL);
		assert.equal(await rowsOf("brief"), 0);
	});

	await t.test("the log holds no traceback", () => {
		for (const server of [one, other]) assert.doesNotMatch(withoutSql(server.log()), traceback);
	});
});
