// Two Prosodys that share one PostgreSQL, each with a host that is closed while the database is down, and one that is open.

import assert from "node:assert/strict";
import { connect } from "./client.mjs";
import { inside } from "./inside.mjs";
import { withSpecModules } from "./jitsi.mjs";
import { newMachine } from "./machine.mjs";
import { startPostgres } from "./postgres.mjs";
import { startProsody, traceback } from "./server.mjs";
import { withoutSql } from "./sqllog.mjs";
import { sign } from "./token.mjs";

export const POLL = 5; // seconds between two looks of a server at what others have revoked
const REST = 30; // seconds that a server leaves a storage alone that has failed, at most
export const closed = "closed.example";
export const open = "open.example";

const secret = "portal-secret-2-3-5-7-11-13-17-19-23-29-3";
const onceSecret = "once-secret-2-3-5-7-11-13-17-19-23-29-31";

const machine = newMachine();

// Let seconds go by for both servers, whose clock now() tells.
export const { pass, now } = machine;

const config = (sql) => [closed, open].map((name) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	storage = { meetauth_revoked = "sql"; meetauth_used = "sql" }
	sql = ${sql}
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secret}", room = "tenant" };
		{ id = "once", issuer = "once", secret = "${onceSecret}", room = "tenant", single_use = true };
	}
	${name === open ? 'meetauth_storage_down = "open"' : ""}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

let serial = 0;

// Tokens of a host: for use as often as one likes, and for single use.
export const token = (host, claims = {}) => sign(secret, { iss: "portal", sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
export const once = (host) => sign(onceSecret, { iss: "once", sub: host, exp: now() + 600, jti: `t${serial++}` });

// Log in: "in", or the reason.
export async function login(server, by, host = closed) {
	const session = await connect({ url: server.ws, host, token: by });
	if (session.refused) return session.refused.text;
	await session.close();
	return "in";
}

// Log in, second after second of the servers, until the outcome is the wanted one.
export async function until(wanted, server, makeToken, host = closed) {
	let outcome;
	for (let seconds = 0; seconds <= REST + POLL; seconds++) {
		outcome = await login(server, makeToken(host), host);
		if (outcome === wanted) return;
		await pass(1);
	}
	assert.fail(`${host}: ${outcome}, not ${wanted}`);
}

// startTwins() -> { database, servers, admin, meetauth, checkLogs }
//   admin(server, host)           a session that stays
//   meetauth(server, code, host)  runs Lua there: 'meetauth' has the module's functions
//   checkLogs()                   no Lua error in any log
export async function startTwins() {
	const database = await startPostgres();
	const servers = [];
	const admins = new Map();
	for (let i = 0; i < 2; i++) { // one after the other: the first makes the tables
		const server = await startProsody({ config: config(database.sql), prefix: withSpecModules(), machine });
		servers.push(server);
		for (const host of [closed, open]) {
			const session = await connect({ url: server.ws, host, token: token(host) });
			assert.equal(session.refused, undefined);
			admins.set(server.ws + host, session);
		}
	}
	const admin = (server, host = closed) => admins.get(server.ws + host);
	const meetauth = (server, code, host = closed) =>
		inside(admin(server, host), `local meetauth = prosody.hosts["${host}"].modules.auth_meetauth; ${code}`);

	const checkLogs = () => servers.forEach((server) => assert.doesNotMatch(withoutSql(server.log()), traceback));
	return { database, servers, admin, meetauth, checkLogs };
}
