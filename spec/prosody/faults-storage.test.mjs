// Storage that fails in part: one host's revocations cannot be read, one row or one file is damaged, or SQLite is held by
// somebody else. The part that fails is refused, and named in the log; everything else goes on.
// Proves mod_auth_meetauth/storage.lib, mod_auth_meetauth/buckets.lib and mod_auth_meetauth/claims.lib.

import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import * as daily from "./support/daily.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { watchChild } from "./support/leftovers.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { api, apiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { withoutSql } from "./support/sqllog.mjs";
import { now, sign } from "./support/token.mjs";

const secrets = { portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", once: "once-secret-2-3-5-7-11-13-17-19-23-29-31" };
const [bad, good] = ["bad.example", "good.example"];
const POLL = 5; // seconds

const config = (options) => `${options}\n${[bad, good].map((name) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}", room = "tenant" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", room = "tenant", single_use = true };
	}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("")}`;

let serial = 0;
const portal = (host, claims) => sign(secrets.portal, { iss: "portal", sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
const once = (host) => sign(secrets.once, { iss: "once", sub: host, exp: now() + 600, jti: `t${serial++}` });

// Whoever has SQLite's file open to read, as a backup has: "held" until let go.
async function holdSqlite(server) {
	const code = `local db = assert(require "DBI".Connect("SQLite3", "${join(server.dataDir, "prosody.sqlite")}"));
		db:autocommit(false);
		local all = assert(db:prepare('SELECT * FROM "prosody"'));
		assert(all:execute());
		assert(all:fetch());
		print("held");
		io.stdout:flush();
		io.read("a");`;
	const child = spawn("lua5.4", ["-e", code], { stdio: ["pipe", "pipe", "inherit"] });
	watchChild(child);
	const gone = new Promise((resolve) => child.once("exit", resolve));
	await new Promise((resolve, reject) => {
		child.stdout.once("data", resolve);
		gone.then(() => reject(new Error("SQLite could not be held")));
	});
	return () => { child.stdin.end(); return gone; };
}

async function startHosts(options, machine) {
	const server = await startProsody({ config: config(options), prefix: withSpecModules(), machine });

	async function login(host, token) {
		const session = await connect({ url: server.ws, host, token });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	}
	async function until(wanted, host, makeToken) {
		let outcome;
		for (let seconds = 0; seconds <= 40; seconds++) {
			outcome = await login(host, makeToken(host));
			if (outcome === wanted) return;
			await machine.pass(1);
		}
		assert.fail(`${outcome}, not ${wanted}`);
	}
	const admins = {};
	async function enter() {
		for (const host of [bad, good]) admins[host] = await connect({ url: server.ws, host, token: portal(host) });
	}
	await enter();
	const revoke = (host, jti) => inside(admins[host], `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "${jti}").id`);
	const sql = (...statements) => inside(admins[good], `
		for _, engine in pairs(module:shared("/*/sql/connections")) do
			assert(engine:transaction(function ()
				${statements.map((statement) => `assert(engine:execute([[${statement}]]))`).join(" ")}
				return true;
			end));
		end`);
	const checkLog = () => {
		const told = withoutSql(server.log()).split("\n")
			.filter((line) => !/Unable to (load|read)|Failed to load \S+ storage|Error in SQL transaction/.test(line)); // Prosody's own
		assert.equal(told.find((line) => traceback.test(line)), undefined);
	};
	return { server, login, until, enter, revoke, sql, checkLog };
}

// Where PostgreSQL has these rows, so that reading some of them may be made to fail.
const failing = (host) => ['ALTER TABLE "prosody" RENAME TO "prosody_kept"', `
	CREATE FUNCTION readable("host" text, "store" text) RETURNS boolean LANGUAGE plpgsql AS $$
	BEGIN
		IF "host" = '${host}' AND "store" = 'meetauth_revoked' THEN RAISE EXCEPTION 'not to be read'; END IF;
		RETURN true;
	END $$`, 'CREATE VIEW "prosody" AS SELECT * FROM "prosody_kept" WHERE readable("host", "store")'];
const mended = ['DROP VIEW "prosody"', "DROP FUNCTION readable", 'ALTER TABLE "prosody_kept" RENAME TO "prosody"'];

test("PostgreSQL", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const database = await startPostgres();
	const { server, login, until, enter, revoke, sql, checkLog } = await startHosts(`storage = { meetauth_revoked = "sql"; meetauth_used = "sql" }\nsql = ${database.sql}`, machine);

	await t.test("one host's revocations cannot be read: nobody logs in there, whatever another host reads", async () => {
		await revoke(bad, "leaked");
		await revoke(good, "leaked");
		await sql(...failing(bad));
		await until("storage-unavailable", bad, portal);
		for (let seconds = 0; seconds < 4 * POLL; seconds++) {
			assert.equal(await login(bad, portal(bad)), "storage-unavailable");
			await machine.pass(1);
		}
		await until("in", good, portal);
		assert.equal(await login(good, portal(good, { jti: "leaked" })), "revoked");
		await sql(...mended);
		await until("in", bad, portal);
		assert.equal(await login(bad, portal(bad, { jti: "leaked" })), "revoked");
	});

	await t.test("one damaged row: named in the log, and nobody's failure but its own", async () => {
		const id = await revoke(bad, "damaged");
		await revoke(bad, "whole");
		for (const value of [`"type" = 'json', "value" = '{"id":'`, `"type" = 'spec'`, `"type" = 'number', "value" = 'x'`, `"type" = 'string', "value" = ''`]) {
			await sql(`UPDATE "prosody" SET ${value} WHERE "host" = '${bad}' AND "store" = 'meetauth_revoked' AND "key" = '${id}'`);
			const from = server.log().length;
			await server.restart();
			await enter();
			for (const host of [bad, good]) assert.equal(await login(host, portal(host)), "in", value);
			assert.equal(await login(bad, portal(bad, { jti: "whole" })), "revoked");
			assert.match(server.log().slice(from), new RegExp(`bad\\.example:auth_meetauth\\s+error\\tRow ${id} of the store meetauth_revoked is damaged`));
			assert.doesNotMatch(server.log().slice(from), /Storage fails/);
		}
		assert.equal(await revoke(bad, "damaged"), id); // in its place
		assert.equal(await login(bad, portal(bad, { jti: "damaged" })), "revoked");
	});

	await t.test("a damaged claim of a token for single use: that token stays used up, and others log in", async () => {
		const by = once(bad);
		assert.equal(await login(bad, by), "in");
		await sql(`UPDATE "prosody" SET "type" = 'spec' WHERE "host" = '${bad}' AND "store" = 'meetauth_used'`);
		assert.equal(await login(bad, by), "already-used");
		assert.equal(await login(bad, once(bad)), "in");
		await machine.pass(600 + 2 * POLL);
		assert.equal(await login(bad, sign(secrets.once, { iss: "once", sub: bad, exp: now() + 600, jti: JSON.parse(Buffer.from(by.split(".")[1], "base64url")).jti })), "already-used");
	});

	await t.test("the log holds no traceback", checkLog);
});

test("files", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	// what else is kept in SQL is none of these hosts' business
	const { server, login, until, revoke, checkLog } = await startHosts('sql = { driver = "SQLite3", database = "prosody.sqlite" }', machine);

	await t.test("one host's revocations are damaged: nobody logs in there, whatever another host reads", async () => {
		await revoke(bad, "leaked");
		const folder = join(server.dataDir, "bad%2eexample");
		const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => /meetauth_revoked.*\.dat$/.test(path));
		const kept = paths.map((path) => readFileSync(path));
		for (const path of paths) writeFileSync(path, "return {");
		await server.restart();
		for (let seconds = 0; seconds < 4 * POLL; seconds++) {
			assert.equal(await login(bad, portal(bad)), "storage-unavailable");
			assert.equal(await login(good, portal(good)), "in");
			await machine.pass(1);
		}
		paths.forEach((path, i) => writeFileSync(path, kept[i]));
		await until("in", bad, portal);
		assert.equal(await login(bad, portal(bad, { jti: "leaked" })), "revoked");
	});

	await t.test("the log holds no traceback", checkLog);
});

test("a file with rooms that is damaged", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const config = restConfig({ keys: `{ acme = "${apiKey}" }`, entries: { beta: "" } })
		.replace("meetauth_leeway = 0", "meetauth_leeway = 0\n\tallow_empty_token = true");
	const server = await startProsody({ config, prefix: daily.withStandIns(), machine });
	const back = api(server);
	const file = async (name) => {
		const session = await daily.login(server, daily.token({ exp: machine.now() + 60 }));
		const bucket = await daily.inside(session, `return (select(2, require "meetauth.server.maderooms".key("acme", "${name}")))`);
		await session.close();
		return join(server.dataDir, "meet%2eexample", "meetauth_rooms", `${bucket}.dat`);
	};
	async function guest(name) {
		const session = await connect({ url: server.ws, host: daily.host });
		if (session.refused) return session.refused.text;
		const { refused } = await session.join(daily.room(name), "guest");
		await session.close();
		return refused ? daily.word(refused) : "in";
	}
	for (const name of ["whole", "damaged"]) await back.call("POST", "/rooms", { body: { name, privacy: "private" } });
	const path = await file("damaged");
	assert.notEqual(path, await file("whole"));
	const kept = readFileSync(path);
	writeFileSync(path, "return {");

	await t.test("what is known holds, and everybody logs in", async () => {
		assert.equal((await back.call("GET", "/rooms/damaged")).status, 500);
		await machine.pass(POLL);
		assert.deepEqual([await guest("damaged"), await guest("whole"), await guest("unmade")], ["token-required", "token-required", "in"]);
	});

	await t.test("after a start nobody enters rooms that may be in it, and all others go on", async () => {
		const from = server.log().length;
		await server.restart();
		assert.deepEqual([await guest("damaged"), await guest("whole"), await guest("unmade")], ["storage-unavailable", "token-required", "in"]);
		assert.equal((await back.call("GET", "/rooms/damaged")).status, 500);
		assert.equal((await back.call("POST", "/rooms", { body: { name: "damaged" } })).status, 500);
		assert.equal((await back.call("POST", "/rooms", { body: { name: "another" } })).status, 200);
		assert.match(server.log().slice(from), /The store meetauth_rooms cannot be read: [0-9a-f]{2}: /);
		assert.doesNotMatch(server.log().slice(from), /Storage (fails|takes nothing)/);
	});

	await t.test("once it is mended its rooms are there", async () => {
		writeFileSync(path, kept);
		await machine.pass(POLL);
		assert.equal(await guest("damaged"), "token-required");
		assert.match(server.log(), /The store meetauth_rooms can be read again/);
	});
});

test("SQLite", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const { server, login, until, revoke, checkLog } = await startHosts('storage = "sql" sql = { driver = "SQLite3", database = "prosody.sqlite" }', machine);

	await t.test("held by a backup: a token for single use is refused, and not used up", async () => {
		await revoke(good, "leaked"); // there is something to read
		const letGo = await holdSqlite(server);
		const by = once(good);
		assert.equal(await login(good, by), "storage-unavailable");
		assert.equal(await login(good, by), "storage-unavailable");
		assert.equal(await login(good, portal(good)), "in");
		await letGo();
		await until("in", good, once);
		assert.deepEqual([await login(good, by), await login(good, by)], ["in", "already-used"]);
	});

	await t.test("the log holds no traceback", checkLog);
});
