// What operators see of a scripted series of logins and joins: metrics, log lines, the audit.
// doc/monitoring.md and examples/monitoring speak of nothing that is not there.
// Proves mod_auth_meetauth/audit.lib, mod_auth_meetauth/metrics.lib, mod_auth_meetauth/record.lib and mod_muc_meetauth/record.lib.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const repository = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, repository), "utf8");

const host = "meet.example";
const muc = `conference.${host}`;
const room = (name) => `${name}@${muc}`;
const secrets = {
	portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3",
	acme: "acme-secret-2-3-5-7-11-13-17-19-23-29-31",
	once: "once-secret-2-3-5-7-11-13-17-19-23-29-31",
};
const config = `
statistics = "internal"
statistics_interval = "manual"
http_default_host = "${host}"
log = {
	{ levels = { min = "debug" }, to = "console" };
	{ levels = { "audit" }, to = "file", filename = ENV_PROSODY_DATA .. "/audit.log", timestamps = false };
}
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "http_openmetrics", "live_eval" }
	allow_empty_token = true
	meetauth_audit = true
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", kid = "key-1", secret = "${secrets.portal}" };
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${secrets.acme}" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", single_use = true };
	}
Component "${muc}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false

VirtualHost "quiet.example"
	authentication = "meetauth"
	meetauth_issuers = { { id = "quiet", issuer = "quiet", secret = "quiet-secret-2-3-5-7-11-13-17-19-23-29" } }
Component "conference.quiet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

const jitsi = (claims = {}, by = "portal", header = { alg: "HS256", kid: "key-1" }) =>
	sign(secrets[by], { iss: by, sub: host, room: "standup", exp: now() + 600, ...claims }, header);
const daily = (claims = {}) => sign(secrets.acme, { d: "acme", r: "standup", iat: now(), exp: now() + 600, ...claims });

// { families: name -> type, samples: name{labels} -> value } of an exposition; ours alone.
function parse(text) {
	const families = {};
	const samples = {};
	for (const line of text.split("\n")) {
		const [, family, type] = line.match(/^# TYPE (prosody_mod_(?:auth|muc)_meetauth__\S+) (\S+)$/) ?? [];
		if (family) families[family] = type;
		const [, name, value] = line.match(/^(prosody_mod_(?:auth|muc)_meetauth__\S+(?:\{.*\})?) (\S+)$/) ?? [];
		if (name && !name.includes("_created")) samples[name] = Number(value);
	}
	return { families, samples };
}

const balanced = (expr) => "() {} []".split(" ").every(([open, close]) => expr.split(open).length === expr.split(close).length);

// Rules in the one form of YAML that the file keeps to, line by line; whatever is in another one fails.
function rulesOf(text) {
	const [head, ...blocks] = text.split(/^ {6}- (?=alert: )/m);
	assert.match(head, /^(#.*\n)*groups:\n {2}- name: \w+\n {4}rules:\n$/);
	return blocks.map((block) => {
		const rule = /^alert: (?<alert>\w+)\n {8}expr: (?<expr>[^#:\n]+)\n(?: {8}for: (?<wait>\d+m)\n)? {8}labels:\n {10}severity: (?<severity>\w+)\n {8}annotations:\n {10}summary: "(?<summary>[^"\n]+)"\n {10}description: "(?<description>[^"\n]+)"\n$/.exec(block);
		assert.ok(rule, block);
		return rule.groups;
	});
}

const jitsis = /__(pre_fetch_fail|verify_fail|success|ban|post_auth_fail)$/;

const hostile = 'eve\n","event":"login_accepted","\u202E\u2028\u0085\u{1F600}\u0001\\';

test("monitoring", { timeout: TEST }, async (t) => {
	const machine = newMachine();
	const began = machine.now();
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	const start = (token, more = {}) => connect({ url: server.ws, host, token, header: token !== undefined, ...more });
	const scrape = async () => parse(await (await fetch(`${server.http}/metrics`)).text());
	const auditText = () => readFileSync(join(server.dataDir, "audit.log"), "utf8");
	const audited = () => auditText().split("\n").slice(0, -1).map((line) => {
		assert.match(line, /^meetauth_audit\taudit\t\{[ -~]*\}$/);
		return JSON.parse(line.split("\t")[2]);
	});
	// Log in: the session, or the reason.
	async function login(token, more) {
		const session = await start(token, more);
		return session.refused ? session.refused.text : session;
	}

	// The series ---------------------------------------------------------

	const user = (id) => ({ user: { id } });
	const owner = await login(jitsi({ jti: "jti-of-ada", context: { user: { id: "ada", moderator: true } } }));
	const member = await login(daily({ ud: "bob", eje: 600 }));
	const guest = await login(undefined);
	const eve = await login(jitsi({ jti: hostile, context: user(hostile), room: "other" }));
	const shortly = await login(daily({ r: "brief", eje: 60 }));
	const gone = shortly.next({ name: "presence", type: "unavailable" });
	const used = jitsi({ jti: "jti-of-once" }, "once", { alg: "HS256" });
	await (await login(used)).close();

	await t.test("what is refused has the reason", async () => {
		assert.deepEqual([
			await login(used),
			await login(jitsi({ exp: now() - 5 })),
			await login(jitsi({ exp: now() - 5 })),
			await login(sign("x".repeat(40), { iss: "portal", sub: host, room: "standup" }, { alg: "HS256", kid: "key-1" })),
			await login(jitsi({ iss: "stranger" })),
			await login("no token"),
			await login(daily({ exp: undefined })),
		], ["already-used", "expired", "expired", "signature-mismatch", "unknown-issuer", "malformed", "missing-claim"]);
		assert.equal((await owner.join(room("standup"), "ada")).affiliation, "owner");
		assert.equal((await member.join(room("standup"), "bob")).affiliation, "member");
		assert.equal((await guest.join(room("standup"), "somebody")).affiliation, "none");
		assert.equal((await eve.join(room("standup"), "eve")).refused.text, "room-mismatch");
		assert.equal((await eve.join(room("other"), "eve")).affiliation, "member");
		assert.equal((await shortly.join(room("brief"), "shortly")).affiliation, "member");
		await machine.pass(60);
		await gone;
		const removed = eve.next({ name: "presence", type: "unavailable" });
		await inside(owner, `prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "t-x")`);
		await inside(owner, `for _, user in pairs(prosody.hosts["${host}"].sessions) do
			for _, session in pairs(user.sessions) do
				if session.full_jid == "${eve.jid}" then
					prosody.hosts["${host}"].modules.auth_meetauth.revoke("user", session.meetauth_grant.user.id)
				end
			end
		end`);
		await removed;
		assert.equal(await login(jitsi({ jti: hostile, context: user(hostile) })), "revoked");
	});

	// Metrics ------------------------------------------------------------

	const auth = (name, labels) => `prosody_mod_auth_meetauth__${name}{host="${host}"${labels}}`;
	const rooms = (name, labels) => `prosody_mod_muc_meetauth__${name}{host="${muc}"${labels}}`;
	const of = (dialect, entry, reason) => `,dialect="${dialect}",entry="${entry}"${reason ? `,reason="${reason}"` : ""}`;
	const { families, samples } = await scrape();

	await t.test("every decision is counted, by dialect, entry and reason", () => {
		const seen = Object.entries(samples).filter(([name]) =>
			!name.includes("quiet") && !/_verification_|__(pre_fetch_fail|verify_fail|success|ban|post_auth_fail)_total/.test(name));
		assert.deepEqual(Object.fromEntries(seen.sort()), Object.fromEntries([
			[auth("accepted_total", of("jitsi", "portal")), 2],
			[auth("accepted_total", of("daily", "acme")), 2],
			[auth("accepted_total", of("jitsi", "once")), 1],
			[auth("accepted_total", of("none", "guest")), 1],
			[auth("denied_total", of("jitsi", "once", "already-used")), 1],
			[auth("denied_total", of("jitsi", "portal", "expired")), 2],
			[auth("denied_total", of("jitsi", "portal", "signature-mismatch")), 1],
			[auth("denied_total", of("jitsi", "portal", "revoked")), 1],
			[auth("denied_total", of("none", "none", "unknown-issuer")), 1],
			[auth("denied_total", of("none", "none", "malformed")), 1],
			[auth("denied_total", of("daily", "acme", "missing-claim")), 1],
			[auth("sessions", of("jitsi", "portal")), 2],
			[auth("sessions", of("daily", "acme")), 2],
			[auth("sessions", of("jitsi", "once")), 0],
			[auth("revocations", ""), 2],
			[auth("key_uses_total", ',entry="portal",source="secret"'), 3],
			[auth("key_uses_total", ',entry="acme",source="secret"'), 2],
			[auth("key_uses_total", ',entry="once",source="secret"'), 2],
			[rooms("accepted_total", of("jitsi", "portal")), 2],
			[rooms("accepted_total", of("daily", "acme")), 2],
			[rooms("accepted_total", of("none", "guest")), 1],
			[rooms("denied_total", of("jitsi", "portal", "room-mismatch")), 1],
			[rooms("removed_total", of("daily", "acme", "time-limit")), 1],
			[rooms("removed_total", of("jitsi", "portal", "revoked")), 1],
			[rooms("timers", ""), 1],
		].sort()));
	});

	await t.test("every verification is timed, in buckets from 10 µs to 100 ms", () => {
		const of_host = Object.entries(samples).filter(([name]) => name.includes(`verification_seconds_bucket{host="${host}"`));
		const counts = of_host.map(([name, value]) => [name.match(/le="(.*?)"/)[1], value]);
		assert.deepEqual(counts.map(([le]) => le), ["1e-05", "3e-05", "0.0001", "0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "+Inf"]);
		const verified = 13; // all logins but the guest's
		assert.equal(counts.at(-1)[1], verified);
		for (const [i, [le, count]] of counts.entries()) assert.ok(i === 0 || count >= counts[i - 1][1], le);
		assert.equal(samples[auth("verification_seconds_count", "")], verified);
		const sum = samples[auth("verification_seconds_sum", "")];
		assert.ok(sum > 0 && sum < verified * 0.1, String(sum));
	});

	await t.test("entries that nobody has used yet count from zero", () => {
		assert.equal(samples['prosody_mod_auth_meetauth__accepted_total{host="quiet.example",dialect="jitsi",entry="quiet"}'], 0);
	});

	await t.test("doc/monitoring.md lists all of them, their kinds and their labels", () => {
		const rows = [...read("doc/monitoring.md").matchAll(/^\| `(prosody_\S+)` \| (\S+) \| (.*?) \|/gm)];
		const told = Object.fromEntries(rows.map(([, name, kind]) => [name, kind]));
		assert.deepEqual(told, Object.fromEntries(Object.entries(families).filter(([name]) => !jitsis.test(name))));
		for (const [, name, , labels] of rows) {
			const shown = Object.keys(samples).find((sample) => sample.replace(/_total|_count/, "").startsWith(`${name}{`));
			if (!shown) continue;
			const names = [...shown.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== "host");
			assert.deepEqual([...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label), names, name);
		}
	});

	for (const file of ["dashboard.json", "meetauth.rules.yml"]) {
		await t.test(`examples/monitoring/${file} asks for nothing else`, () => {
			const text = read(`examples/monitoring/${file}`);
			const names = [...new Set([...text.matchAll(/prosody_mod_(?:auth|muc)_meetauth__\w+/g)].map(([name]) => name))];
			assert.ok(names.length >= 5);
			const suffix = { counter: ["_total"], gauge: [""], histogram: ["_bucket", "_sum", "_count"] };
			const shown = new Set(Object.entries(families).flatMap(([name, type]) => suffix[type].map((end) => name + end)));
			assert.deepEqual(names.filter((name) => !shown.has(name)), []);
			const words = [...text.matchAll(/reason=~?\\?"(.*?)"/g)].flatMap(([, list]) => list.split("|"));
			assert.deepEqual(words.filter((word) => !read("doc/reasons.md").includes(`| \`${word}\` |`)), []);
			const labels = [...text.matchAll(/by \((.*?)\)/g)].flatMap(([, list]) => list.split(", "));
			const known = ["host", "dialect", "entry", "reason", "verdict", "source", "outcome", "le"];
			assert.deepEqual(labels.filter((label) => !known.includes(label)), []);
		});
	}

	await t.test("the dashboard is JSON, and each of its panels asks for something", () => {
		const { panels } = JSON.parse(read("examples/monitoring/dashboard.json"));
		assert.deepEqual(panels.map(({ id }) => id), panels.map((_, i) => i + 1));
		for (const { title, targets } of panels) assert.ok(title && targets.length > 0 && targets.every(({ expr }) => balanced(expr)), title);
	});

	await t.test("the alert rules have the form that Prometheus wants, and say what to do", () => {
		const rules = rulesOf(read("examples/monitoring/meetauth.rules.yml"));
		assert.ok(rules.length >= 5);
		for (const rule of rules) {
			assert.match(rule.alert, /^Meetauth\w+$/);
			assert.ok(balanced(rule.expr) && / [<>] /.test(rule.expr), rule.alert);
			assert.match(rule.severity, /^(warning|critical)$/);
			assert.ok(rule.summary.includes("{{ $labels.host }}") && rule.description, rule.alert);
		}
		assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
	});

	const promtool = ["promtool", fileURLToPath(new URL("build/promtool", repository))].find((path) => spawnSync(path, ["--version"]).status === 0);
	await t.test("the alerts fire when they should, and only then", { skip: !promtool && "there is no promtool here" }, () => {
		const ran = spawnSync(promtool, ["test", "rules", fileURLToPath(new URL("spec/alerts.test.yml", repository))], { encoding: "utf8" });
		assert.equal(ran.status, 0, ran.stdout + ran.stderr);
	});

	// The log and the audit ------------------------------------------------

	await t.test("each decision has a line at info", () => {
		const lines = (pattern) => [...server.log().matchAll(pattern)].map(([, text]) => text);
		assert.deepEqual(lines(/info\s+Meeting token accepted: (.*)/g), ["portal", "acme", "none, as a guest", "portal", "acme", "once"]);
		assert.deepEqual(lines(/info\s+Meeting token refused: (\S+) \(\w{6}\)/g),
			["already-used", "expired", "expired", "signature-mismatch", "unknown-issuer", "malformed", "missing-claim", "revoked"]);
		assert.deepEqual(lines(/info\s+Join accepted: (.*)/g),
			["portal, as owner", "acme, as member", "guest, as none", "portal, as member", "acme, as member"]);
		assert.deepEqual(lines(/info\s+Join refused: (\S+) \(\w{6}\)/g), ["room-mismatch"]);
		assert.deepEqual(lines(/info\s+Occupant of (.*)/g), [`${room("brief")} removed: time-limit`, `${room("other")} removed: revoked`]);
	});

	await t.test("and one in the audit", () => {
		const lines = audited();
		for (const { time } of lines) {
			assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
			assert.ok(Date.parse(time) / 1000 >= began && Date.parse(time) / 1000 <= machine.now() + 1, time);
		}
		for (const { event, ref } of lines) assert.equal(/^[a-z0-9]{6}$/.test(ref), event.endsWith("_refused"), event);
		const portal = { host, entry: "portal", dialect: "jitsi" };
		const acme = { host, entry: "acme", dialect: "daily" };
		const ada = { ...portal, user: "ada", jti: "jti-of-ada" };
		const evil = { ...portal, user: lines[3].user, jti: lines[3].jti };
		const kid = "key-1";
		const at = (name) => ({ room: room(name) });
		assert.deepEqual(lines.map(({ time, ref, ...rest }) => rest), [
			{ event: "login_accepted", ...ada, kid },
			{ event: "login_accepted", ...acme, user: "daily:acme:bob" },
			{ event: "login_accepted", host, entry: "guest" },
			{ event: "login_accepted", ...evil, kid },
			{ event: "login_accepted", ...acme },
			{ event: "login_accepted", host, entry: "once", dialect: "jitsi", jti: "jti-of-once" },
			{ event: "login_refused", host, entry: "once", dialect: "jitsi", jti: "jti-of-once", reason: "already-used" },
			{ event: "login_refused", ...portal, kid, reason: "expired" },
			{ event: "login_refused", ...portal, kid, reason: "expired" },
			{ event: "login_refused", ...portal, kid, reason: "signature-mismatch" },
			{ event: "login_refused", host, reason: "unknown-issuer" },
			{ event: "login_refused", host, reason: "malformed" },
			{ event: "login_refused", ...acme, reason: "missing-claim" },
			{ event: "join_accepted", ...ada, ...at("standup"), affiliation: "owner" },
			{ event: "join_accepted", ...acme, user: "daily:acme:bob", ...at("standup"), affiliation: "member" },
			{ event: "join_accepted", host, ...at("standup"), affiliation: "none" },
			{ event: "join_refused", ...evil, ...at("standup"), reason: "room-mismatch" },
			{ event: "join_accepted", ...evil, ...at("other"), affiliation: "member" },
			{ event: "join_accepted", ...acme, ...at("brief"), affiliation: "member" },
			{ event: "removed", ...acme, ...at("brief"), reason: "time-limit" },
			{ event: "removed", ...evil, ...at("other"), reason: "revoked" },
			{ event: "login_refused", ...evil, kid, reason: "revoked" },
		]);
		assert.match(evil.user, /^eve.*\u{1F600}/su);
	});

	await t.test("what an unverified token says is in no log, whatever it says", async () => {
		const word = "canary7";
		const all = { iss: "portal", aud: word, sub: word, room: word, jti: word, [word]: word, context: { user: { id: word, name: word } }, exp: now() + 600 };
		const hostileHeads = [{ alg: "HS256", kid: word }, { alg: word }, { alg: "HS256", typ: word, cty: word, [word]: word }, { alg: "HS256", crit: [word] }];
		const forged = [
			...hostileHeads.map((head) => sign("x".repeat(40), all, head)),
			sign("x".repeat(40), { ...all, iss: `${word}\n${word}` }),
			sign("x".repeat(40), { ...all, d: word, r: word }),
			sign("x".repeat(40), `{"iss":"portal","${word}":"${word}\n"`),
			sign(secrets.portal, { ...all, exp: 1 }, { alg: "HS256", kid: "key-1" }),
			sign(secrets.portal, { ...all, exp: word }, { alg: "HS256", kid: "key-1" }),
			sign(secrets.portal, { ...all, nbf: now() + 600 }, { alg: "HS256", kid: "key-1", typ: word }),
			`${word}.${word}.${word}`, word,
		];
		for (const token of forged) assert.equal(typeof await login(token), "string");
		for (const text of [server.log(), auditText()]) {
			assert.ok(!text.includes(word));
			for (const token of forged) assert.ok(!text.includes(token.split(".").at(-1)));
		}
		assert.equal(audited().length, 22 + forged.length);
	});

	await t.test("who bears a token is in the audit alone, and no secret is anywhere", () => {
		for (const word of ["jti-of-ada", "jti-of-once", "\"ada\"", ...Object.values(secrets)]) assert.ok(!server.log().includes(word), word);
		for (const secret of Object.values(secrets)) assert.ok(!auditText().includes(secret));
	});

	await t.test("a host without the option writes nothing down", async () => {
		const before = audited().length;
		assert.equal(await login("x", { host: "quiet.example" }), "malformed");
		assert.equal(audited().length, before);
	});

	await t.test("counters go on over a reload of both modules", async () => {
		const before = (await scrape()).samples;
		await inside(owner, `
			local modulemanager = require "core.modulemanager";
			assert(modulemanager.reload("${host}", "auth_meetauth"));
			assert(modulemanager.reload("${muc}", "muc_meetauth"))`);
		const again = await login(jitsi());
		await again.join(room("standup"), "again");
		await login("x");
		const { samples: after } = await scrape();
		const grown = Object.keys(after).filter((name) => after[name] !== before[name] && !/verification|_success|_verify_fail/.test(name));
		assert.deepEqual(Object.fromEntries(grown.map((name) => [name, after[name] - before[name]])), {
			[auth("accepted_total", of("jitsi", "portal"))]: 1,
			[auth("denied_total", of("none", "none", "malformed"))]: 1,
			[auth("sessions", of("jitsi", "portal"))]: 1,
			[auth("key_uses_total", ',entry="portal",source="secret"')]: 1,
			[rooms("accepted_total", of("jitsi", "portal"))]: 1,
		});
		await again.close();
	});

	await t.test("a place that does not take the level keeps nobody out, and is told of", async () => {
		server.rewriteConfig((text) => text.replace('to = "file"', 'to = "syslog"'));
		await server.reload();
		const from = server.log().length;
		const session = await login(jitsi());
		assert.equal((await session.join(room("standup"), "still")).affiliation, "member");
		await session.close();
		await server.waitForLog(/error\s+A line of the audit is lost: .*audit/, PATIENCE, from);
	});

	await t.test("without a place for the audit, a warning says so", async () => {
		server.rewriteConfig((text) => text.replace('levels = { "audit" }', 'levels = { "error" }'));
		const from = server.log().length;
		await server.reload();
		await server.waitForLog(/warn\s+meetauth_audit: the option log names no file/, PATIENCE, from);
	});

	await t.test("the log holds no traceback", () => {
		const again = /^.*prosody\.cfg\.lua:\d+: Duplicate option 'log'\n/gm; // the preamble has one
		assert.doesNotMatch(server.log().replace(again, ""), traceback);
	});
	for (const session of [owner, member, guest, eve, shortly]) await session.close();
});
