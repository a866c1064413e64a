// Nearly as many revocations as a host takes, in PostgreSQL with two servers and in SQLite with one: what they cost a server in memory, at
// a start, while nothing happens, when the other server revokes some, at a login, and when they have ended.

import { connect } from "../support/client.mjs";
import { inside } from "../support/inside.mjs";
import { withSpecModules } from "../support/jitsi.mjs";
import { newMachine } from "../support/machine.mjs";
import { startPostgres } from "../support/postgres.mjs";
import { startProsody } from "../support/server.mjs";
import { now, sign } from "../support/token.mjs";
import { cpu, keepApart, memory, table } from "./measure.mjs";

export const title = "revocations: what they cost a server (targets: 1 CPU second at a start, 5 ms for a look without news)";

const host = "meet.example";
const secret = "portal-secret-2-3-5-7-11-13-17-19-23-29-3";
const PATIENCE = 120000;
const POLL = 5; // seconds
const LOOKS = 20;
const HOUR = 3600, WEEK = 7 * 86400; // seconds
const PART = 32; // buckets that are filled in one go, of 256

const configOf = (sql) => `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	storage = { meetauth_revoked = "sql"; meetauth_used = "sql" }
	sql = ${sql}
	meetauth_issuers = { { id = "portal", issuer = "portal", secret = "${secret}", room = "tenant" } }
`;

let serial = 0;
const token = () => sign(secret, { iss: "portal", sub: host, exp: now() + 86400 * 30, jti: `admin${serial++}` });

// Lua: revocations as the module keeps them, one in ten of which ends in an hour, put into some buckets.
const fill = (count, from) => `
	local revocation = require "meetauth.server.revocation";
	local row_of = require "meetauth.server.revocationrow".of;
	local bucket_of = require "meetauth.server.revocations".bucket;
	local map, buckets, now = module:open_store("meetauth_revoked", "map"), {}, os.time();
	local entries = { { id = "portal", asked = { leeway = 10 } } };
	for i = 1, ${count} do
		local jti = ("%08x-0000-4000-8000-%012x"):format(i, i);
		local id = revocation.id_of("jti", jti, "portal");
		local bucket = bucket_of(id);
		if tonumber(bucket, 16) // ${PART} == ${from} then
			local one = revocation.of("jti", jti, { entry = "portal", expires = now + (i % 10 == 0 and ${HOUR} or ${WEEK}) }, entries, 0, now);
			buckets[bucket] = buckets[bucket] or {};
			buckets[bucket][id] = row_of(one);
		end
	end
	for bucket, rows in pairs(buckets) do
		assert(map:set_keys(bucket, rows));
		assert(map:set("changes", "load " .. bucket, ("%d load"):format(now)));
	end`;

const meetauth = (code) => `local meetauth = prosody.hosts["${host}"].modules.auth_meetauth; ${code}`;
const revoke = (count, word) => meetauth(`for i = 1, ${count} do assert(meetauth.revoke("jti", "${word}" .. i)); end`);
const lookUps = meetauth(`
	local grant, clock = { entry = "portal", token_id = "t1", domain = "d", user = { id = "u" } }, os.clock;
	local begun = clock();
	for _ = 1, 100000 do meetauth.is_revoked(grant); end
	return (clock() - begun) * 10;`); // microseconds each

const ms = (value) => value.toFixed(1);

async function measure({ name, sql, count, version }) {
	const machine = newMachine({ still: true });
	const start = () => startProsody({ config: configOf(sql), prefix: withSpecModules(), version, machine, env: { PROSODY_LOG: "warn" } });
	const servers = [await start()];
	const rows = [];
	const note = (what, empty, full) => rows.push([`${name}: ${what}`, empty, full]);
	try {
		if (name === "PostgreSQL") servers.push(await start());
		keepApart(...servers.map(({ pid }) => pid));
		const [server, other] = [servers[0], servers.at(-1)];
		const sessions = new Map();
		async function enter(one) {
			sessions.set(one, await connect({ url: one.ws, host, token: token() }));
		}
		const run = (one, code) => inside(sessions.get(one), code, PATIENCE);
		const spent = async (work) => {
			const before = cpu(server.pid);
			await work();
			return cpu(server.pid) - before;
		};
		const known = () => run(server, meetauth("return meetauth.revoked_count()"));
		async function passUntil(wanted, step) {
			for (let i = 0; i < 1000 && await known() !== wanted; i++) await machine.pass(step);
			if (await known() !== wanted) throw new Error(`${await known()} revocations, not ${wanted}`);
		}

		// From the start of the process until somebody is in: CPU milliseconds, and for how long a request waited at most.
		async function restart() {
			for (const session of sessions.values()) await session.close();
			await server.restart();
			let longest = 0, session;
			for (let i = 0; i < 1000; i++) {
				const begun = performance.now();
				session = await connect({ url: server.ws, host, token: token() });
				longest = Math.max(longest, performance.now() - begun);
				if (!session.refused) break;
				await machine.pass(1);
			}
			sessions.set(server, session);
			if (other !== server) await enter(other);
			return { cpu: cpu(server.pid), longest };
		}
		const looks = async () => {
			await machine.pass(2 * POLL);
			return (await spent(async () => { for (let i = 0; i < LOOKS; i++) await machine.pass(POLL); })) / LOOKS;
		};
		const figures = async () => ({ ...await restart(), memory: memory(server.pid), look: await looks(), lookUp: await run(server, lookUps) });

		await restart();
		const empty = await figures();
		const filling = await spent(async () => {
			for (let from = 0; from < 256 / PART; from++) await run(other, fill(count, from));
		});
		const firstRead = await spent(() => passUntil(count, POLL));
		const full = await figures();
		note("CPU ms from the start to the first login", ms(empty.cpu), ms(full.cpu));
		note("the longest that this login waited, ms", ms(empty.longest), ms(full.longest));
		note("resident MiB", ms(empty.memory), ms(full.memory));
		note("CPU ms of a look without news, and all else in 5 s", ms(empty.look), ms(full.look));
		note("µs of a look-up", empty.lookUp.toFixed(2), full.lookUp.toFixed(2));
		if (other !== server) {
			note("CPU ms to read all after the other server has written them", "", ms(firstRead));
			for (const news of [1, 100]) {
				await run(other, revoke(news, `w${news}-`));
				const all = count + (news === 1 ? 1 : 101);
				note(`CPU ms to read ${news} new`, "", ms(await spent(() => passUntil(all, POLL))));
			}
		} else {
			note("CPU ms to write all", "", ms(filling));
		}
		note("CPU ms to revoke 100", "", ms(await spent(() => run(server, revoke(100, "x")))));
		const ended = Math.floor(count / 10);
		const left = await known() - ended;
		const drops = await spent(async () => { await machine.pass(HOUR + 60); await passUntil(left, 1); });
		note(`CPU ms to drop ${ended} that have ended`, "", ms(drops));
		for (const session of sessions.values()) await session.close();
		return rows;
	} finally {
		await Promise.all(servers.map((server) => server.stop()));
	}
}

// Nothing is shared between the two: each has servers of its own.
export const start = () => [];

export async function run(_, { revocations: count = 99000, version }) {
	const database = await startPostgres();
	try {
		const rows = [
			...await measure({ name: "PostgreSQL", sql: database.sql, count, version }),
			...await measure({ name: "SQLite", sql: '{ driver = "SQLite3", database = "prosody.sqlite" }', count, version }),
		];
		return table([`${count} revocations`, "none", "all"], rows);
	} finally {
		await database.remove();
	}
}
