// Looking on: entries that admit nobody, and meetauth beside the login that a host has. What tokens would have come
// to is logged and counted, and nothing else comes of it.
// Proves mod_auth_meetauth/observe.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, inside, plain } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const host = "meet.example";
const old = "old.example";
const guests = "open.example";
const secrets = Object.fromEntries(["portal", "acme", "next", "old"].map((name) => [name, `${name}-secret-2-3-5-7-11-13-17-19-23-29`]));

const acme = `id = "acme", dialect = "daily", domain_id = "acme", mode = "observe", secret = "${secrets.acme}"`;
const config = `
statistics = "internal"
statistics_interval = "manual"
http_default_host = "${host}"
openmetrics_allow_ips = { "127.0.0.1" }

VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "live_fields"; "http_openmetrics" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}" };
		{ ${acme} };
		{ id = "next", issuer = "portal", audience = "jitsi", mode = "observe", secret = "${secrets.next}" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }

-- observed people are guests here
VirtualHost "${guests}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "live_fields" }
	allow_empty_token = true
	meetauth_issuers = { { ${acme}, on_invalid = "guest" } }
Component "conference.${guests}" "muc"
	modules_enabled = { "muc_meetauth" }

-- a host as it was before, and meetauth beside its login
VirtualHost "${old}"
	authentication = "live_old_token"
	app_id = "portal"
	app_secret = "${secrets.old}"
	asap_accepted_audiences = { "jitsi" }
	meetauth_leeway = 0
	meetauth_reconnect_grace = 60
	meetauth_issuers = { { id = "acme", dialect = "daily", domain_id = "acme", secret = "${secrets.acme}" } }
	modules_enabled = { "auth_meetauth"; "live_jitsi_session"; "live_eval"; "live_fields" }
Component "conference.${old}" "muc"
	muc_room_locking = false

-- the same, and the MUC half taken for enforcement, which it is not without its login
VirtualHost "half.example"
	authentication = "anonymous"
	app_id = "portal"
	app_secret = "${secrets.old}x"
	modules_enabled = { "auth_meetauth" }
Component "conference.half.example" "muc"
	modules_enabled = { "muc_meetauth" }
`;

const jitsi = (by, claims = {}) => sign(by, { iss: "portal", aud: "jitsi", sub: host, room: "standup", exp: now() + 600, ...claims });
const daily = (claims = {}, by = secrets.acme) => sign(by, { d: "acme", r: "standup", iat: now(), exp: now() + 600, ...claims });

const line = /Meeting token observed: (.*)/g;
const report = (session) => inside(session, 'return require "core.modulemanager".get_module(session.host, "auth_meetauth").observe_report()');

test("observing", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });

	// What the client is told, and what the log has about it.
	async function attempt(on, token, params = {}) {
		const from = server.log().length;
		const session = await connect({ url: server.ws, host: on, token, params });
		if (!session.refused) await session.close();
		return { told: session.refused?.text ?? "in", seen: [...server.log().slice(from).matchAll(line)].map(([, text]) => text) };
	}

	await t.test("a good token is judged good, and its bearer stays outside", async () => {
		assert.deepEqual(await attempt(host, daily()), { told: "observed-only", seen: ["would be accepted (entry: acme)"] });
		assert.deepEqual(await attempt(host, jitsi(secrets.next)), { told: "observed-only", seen: ["would be accepted (entry: next)"] });
	});

	const bad = [
		["an expired one", daily({ exp: now() - 5 }), "expired"],
		["one by another key", daily({}, secrets.portal), "signature-mismatch"],
		["one without exp", daily({ exp: undefined }), "missing-claim"],
		["one with a room that is none", daily({ r: "*" }), "bad-claim"],
		["one that hides", daily({ p: { hp: false } }), "not-enforceable"],
	];
	for (const [name, token, why] of bad) {
		await t.test(`${name} is judged as it would be: ${why}`, async () => {
			assert.deepEqual(await attempt(host, token), { told: why, seen: [`would be refused: ${why} (entry: acme)`] });
		});
	}

	await t.test("the room that the client names counts", async () => {
		const seen = async (params, token = daily()) => (await attempt(host, token, params)).seen[0];
		assert.equal(await seen({ room: "standup" }), "would be accepted (entry: acme)");
		assert.equal(await seen({ room: "StandUp" }), "would be accepted (entry: acme)");
		assert.equal(await seen({ room: "retro" }), "would be refused: room-mismatch (entry: acme)");
		assert.equal(await seen({ room: "standup", prefix: "acme" }), "would be refused: room-mismatch (entry: acme)");
		assert.equal(await seen({ room: "standup", prefix: "acme" }, jitsi(secrets.next, { sub: "acme" })), "would be accepted (entry: next)");
		assert.equal(await seen({ room: "a@b" }), "would be accepted (entry: acme)"); // no room has that name
	});

	await t.test("of two entries for one iss, the key tells which it is", async () => {
		assert.deepEqual(await attempt(host, jitsi(secrets.portal)), { told: "in", seen: [] });
		assert.deepEqual(await attempt(host, jitsi(secrets.portal, { exp: 1 })), { told: "expired", seen: [] });
		assert.deepEqual(await attempt(host, jitsi(secrets.next, { aud: "x" })), { told: "audience-mismatch", seen: ["would be refused: audience-mismatch (entry: next)"] });
		assert.deepEqual(await attempt(host, jitsi(secrets.old)), { told: "signature-mismatch", seen: [] });
	});

	await t.test("what is of no entry is not counted for one", async () => {
		for (const [token, why] of [[undefined, "token-required"], ["x", "malformed"], [daily({ iss: "portal" }), "ambiguous-claims"], [daily({ d: "b" }), "unknown-issuer"]]) {
			assert.deepEqual(await attempt(host, token), { told: why, seen: [] });
		}
	});

	await t.test("the report has it all, by entry and reason", async () => {
		const session = await connect({ url: server.ws, host, token: jitsi(secrets.portal) });
		assert.deepEqual(await report(session), [
			{ entry: "acme", accepted: 4, refused: 7, differs: 0,
				reasons: { "expired": 1, "signature-mismatch": 1, "missing-claim": 1, "bad-claim": 1, "not-enforceable": 1, "room-mismatch": 2 } },
			{ entry: "next", accepted: 2, refused: 1, differs: 0, reasons: { "audience-mismatch": 1 } },
		]);
		await session.close();
	});

	await t.test("so has the metric", async () => {
		const text = await (await fetch(`${server.http}/metrics`)).text();
		const value = (verdict) => text.match(new RegExp(`auth_meetauth__observed_total\\{host="${host}",entry="acme",verdict="${verdict}"\\} (\\S+)`))?.[1];
		assert.deepEqual([value("accepted"), value("expired"), value("room-mismatch")], ["4", "1", "2"]);
		assert.match(text, /auth_meetauth__denied_total\{host="meet\.example",dialect="daily",entry="acme",reason="observed-only"\} 6/);
		assert.match(text, /auth_meetauth__denied_total\{host="meet\.example",dialect="jitsi",entry="next",reason="observed-only"\} 2/);
	});

	await t.test("on_invalid = \"guest\" makes the observed guests, without a trace of the token", async () => {
		for (const token of [daily(), daily({ exp: 1 })]) {
			const session = await connect({ url: server.ws, host: guests, token });
			const fields = await fieldsOf(session);
			assert.equal(plain(fields.meetauth_guest), true);
			assert.deepEqual(Object.keys(fields).filter((name) => /auth_token|grant|jitsi_meet/.test(name)), []);
			assert.match(JSON.stringify(await report(session)), /"entry":"acme"/);
			await session.close();
		}
	});

	// [what, token, what the login in use does, what is seen]
	const beside = [
		["a good token", jitsi(secrets.old, { sub: old }), "in", "would be accepted (entry: portal)"],
		["one that only the old login takes", jitsi(secrets.old, { sub: old, aud: "x" }), "in", "would be refused: audience-mismatch (entry: portal). The login in use accepted it"],
		["one that only the new one takes", daily(), "token required", "would be accepted (entry: acme). The login in use refused it"],
		["one that neither takes", jitsi(secrets.next), "token required", "would be refused: signature-mismatch (entry: portal)"],
		["one of nobody's", jitsi(secrets.old, { iss: "x" }), "in", "would be refused: unknown-issuer (entry: none). The login in use accepted it"],
		["none", undefined, "token required", "would be refused: token-required (entry: none)"],
	];
	for (const [name, token, told, seen] of beside) {
		await t.test(`beside the login in use, ${name}: ${seen}`, async () => {
			assert.deepEqual(await attempt(old, token), { told, seen: [seen] });
		});
	}

	await t.test("beside the login in use, the room counts, and is no login's business", async () => {
		const { seen } = await attempt(old, jitsi(secrets.old, { sub: old }), { room: "retro" });
		assert.deepEqual(seen, ["would be refused: room-mismatch (entry: portal)"]);
	});

	await t.test("beside the login in use, sessions stay as that one makes them", async () => {
		const token = jitsi(secrets.old, { sub: old });
		const session = await connect({ url: server.ws, host: old, token });
		const fields = await fieldsOf(session);
		assert.equal(plain(fields.auth_token), token);
		assert.equal(plain(fields.jitsi_meet_room), "set by the login in use");
		assert.deepEqual(Object.keys(fields).filter((name) => name.startsWith("meetauth_")), []);
		assert.equal((await session.join(`retro@conference.${old}`, "ann")).refused, undefined);
		const [acmes, none, portal] = await report(session);
		assert.deepEqual([acmes.differs, none.differs, portal.differs, portal.accepted, portal.refused], [1, 1, 1, 2, 3]);
		await session.close();
	});

	await t.test("beside the login in use, the token of a session of that one has no grace", async () => {
		const token = jitsi(secrets.old, { sub: old, exp: now() - 1 });
		const session = await connect({ url: server.ws, host: old, token });
		const { seen } = await attempt(old, token);
		assert.deepEqual(seen, ["would be refused: expired (entry: portal). The login in use accepted it"]);
		await session.close();
	});

	await t.test("and the log says that it only looks", () => {
		assert.match(server.log(), /old\.example:auth_meetauth\s+info\s+This host uses another login. meetauth only judges and counts tokens here, and admits nobody/);
		assert.doesNotMatch(server.log(), /meet\.example:auth_meetauth\s+info\s+This host uses another login/);
	});

	await t.test("the MUC half lets nobody in where its login only looks on", async () => {
		const session = await connect({ url: server.ws, host: "half.example" });
		assert.equal((await session.join("standup@conference.half.example", "ann")).refused.text, "server-misconfigured");
		await session.close();
		assert.match(server.log(), /conference\.half\.example:muc_meetauth\s+error\s.*authentication: found another one/);
	});

	await t.test("the log holds no traceback, no token and no secret", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.doesNotMatch(server.log().match(/.*observed.*/g).join("\n"), anyToken);
		for (const secret of Object.values(secrets)) assert.ok(!server.log().includes(secret));
	});
});
