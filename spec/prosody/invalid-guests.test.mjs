// on_invalid = "guest": who comes with a bad token of such an entry is a guest like anybody without one, and nothing of
// the token stays. Whatever is not certainly that entry's, or says two things at once, is refused as ever.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, inside, plain } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, startKeyServer } from "./support/keyserver.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const host = "meet.example";
const secrets = Object.fromEntries(["acme", "zeta", "portal", "chat", "other", "once", "watched"].map((name) => [name, `${name}-secret-2-3-5-7-11-13-17-19-23-29`]));
const broken = "broken.example";
const configOf = (keys) => `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "live_fields"; "live_events" }
	allow_empty_token = true
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${secrets.acme}", on_invalid = "guest" };
		{ id = "zeta", dialect = "daily", domain_id = "zeta", secret = "${secrets.zeta}" };
		{ id = "portal", issuer = "portal", audience = "jitsi", secret = "${secrets.portal}", on_invalid = "guest" };
		{ id = "chat", issuer = { "chat", "shared" }, secret = "${secrets.chat}", on_invalid = "guest" };
		{ id = "other", issuer = "shared", secret = "${secrets.other}" };
		{ id = "sso", issuer = "sso", jwks_url = "${keys.url}/set", algorithms = "ES256", on_invalid = "guest" };
		{ id = "once", issuer = "once", secret = "${secrets.once}", single_use = true, on_invalid = "guest" };
		{ id = "watched", issuer = "watched", secret = "${secrets.watched}", mode = "observe", single_use = true, on_invalid = "guest" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false

VirtualHost "${broken}"
	authentication = "meetauth"
	modules_enabled = { "live_fields" }
	allow_empty_token = true
	storage = { meetauth_revoked = "null" }
	meetauth_issuers = { { id = "portal", issuer = "portal", secret = "${secrets.portal}", on_invalid = "guest" } }
Component "conference.${broken}" "muc"
	modules_enabled = { "muc_meetauth" }
`;

const daily = (claims = {}, d = "acme", by = secrets[d], header = undefined) =>
	sign(by, { d, r: "standup", iat: now(), exp: now() + 600, o: true, ...claims }, header);
const jitsi = (claims = {}, iss = "portal", by = secrets[iss]) =>
	sign(by, { iss, aud: "jitsi", sub: host, room: "standup", exp: now() + 600, moderator: true, ...claims });

const guests = [
	["an expired token", daily({ exp: now() - 5 }), "expired"],
	["one that is not valid yet", daily({ nbf: now() + 600 }), "not-yet-valid"],
	["one by another key", daily({}, "acme", secrets.zeta), "signature-mismatch"],
	["one in another algorithm", daily({}, "acme", secrets.acme, { alg: "HS512" }), "algorithm-mismatch"],
	["one of another type", daily({}, "acme", secrets.acme, { alg: "HS256", typ: "at+jwt" }), "type-mismatch"],
	["one without exp", daily({ exp: undefined }), "missing-claim"],
	["one for every room", daily({ r: "*" }), "bad-claim"],
	["one that hides", daily({ o: undefined, p: { hp: false } }), "not-enforceable"],
	["a Jitsi token that expired", jitsi({ exp: now() - 5 }), "expired"],
	["one for another audience", jitsi({ aud: "x" }), "audience-mismatch"],
	["one of two entries with that iss, by its key", jitsi({ exp: 1 }, "shared", secrets.chat), "expired"],
];

const raw = (members, by = secrets.acme) => sign(by, `{"d":"acme","r":"standup","iat":${now()},"exp":${now() + 600},${members}}`);
const refused = [
	["a bad token of an entry that says nothing of guests", daily({ exp: 1 }, "zeta"), "expired"],
	["one of two entries with that iss, by the other's key", jitsi({ exp: 1 }, "shared", secrets.other), "expired"],
	["one of two entries with that iss, by nobody's key", jitsi({}, "shared", secrets.zeta), "signature-mismatch"],
	["no token at all", "nonsense", "malformed"],
	["one of nobody's", daily({}, "nobody", secrets.acme), "unknown-issuer"],
	["both dialects in one", daily({ iss: "portal" }), "ambiguous-claims"],
	["d twice", raw('"d":"zeta"'), "duplicate-member"],
	["a right twice, signed", raw('"o":false,"o":true'), "duplicate-member"],
];

test("bad tokens of guests", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	keys.on("/set", (_, response) => response.writeHead(503).end());
	const server = await startProsody({ config: configOf(keys), prefix: withSpecModules() });

	for (const [name, token, why] of guests) {
		await t.test(`${name} (${why}) is dropped, and its bearer a guest`, async () => {
			const from = server.log().length;
			const session = await connect({ url: server.ws, host, token });
			assert.equal(session.refused, undefined);
			const fields = await fieldsOf(session);
			assert.equal(plain(fields.meetauth_guest), true);
			assert.deepEqual(Object.keys(fields).filter((field) => /auth_token|grant|offer|jitsi_meet/.test(field)), []);
			const joined = await session.join(`anyroom@conference.${host}`, "guest");
			assert.equal(joined.refused, undefined);
			assert.notEqual(joined.affiliation, "member");
			await session.close();
			assert.match(server.log().slice(from), new RegExp(`Meeting token ignored, and its user is a guest: ${why}\\n`));
		});
	}

	for (const [name, token, why] of refused) {
		await t.test(`${name} is refused: ${why}`, async () => {
			assert.equal((await connect({ url: server.ws, host, token })).refused?.text, why);
		});
	}

	const login = async (token, on = host) => {
		const session = await connect({ url: server.ws, host: on, token });
		if (session.refused) return session.refused.text;
		const guest = plain((await fieldsOf(session)).meetauth_guest);
		await session.close();
		return guest ? "guest" : "in";
	};
	const revoke = (session, jti) => inside(session, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "${jti}") ~= nil`);

	await t.test("while the keys do not come nobody knows what the token is, and its bearer is no guest", async () => {
		assert.equal(await login(newKey("k").token({ sub: host })), "keys-unavailable");
	});

	await t.test("a revoked token makes no guest, observed or not; an expired one does, revoked or not", async () => {
		const admin = await connect({ url: server.ws, host, token: jitsi() });
		assert.equal(await login(jitsi({ jti: "gone" }, "watched")), "guest");
		assert.equal(await revoke(admin, "gone"), true);
		assert.equal(await login(jitsi({ jti: "gone" })), "revoked");
		assert.equal(await login(jitsi({ jti: "gone" }, "watched")), "revoked");
		assert.equal(await login(jitsi({ jti: "gone", exp: 1 })), "guest");
		await admin.close();
	});

	await t.test("a token for single use that is used up makes no guest", async () => {
		const token = jitsi({ jti: "1" }, "once");
		assert.deepEqual([await login(token), await login(token)], ["in", "already-used"]);
	});

	await t.test("observing uses no token up: its bearer is a guest each time", async () => {
		const token = jitsi({ jti: "2" }, "watched");
		assert.deepEqual([await login(token), await login(token)], ["guest", "guest"]);
	});

	await t.test("while storage is down a token that may be revoked makes no guest", async () => {
		assert.equal(await login(jitsi({ sub: broken }), broken), "storage-unavailable");
		assert.equal(await login(undefined, broken), "guest");
	});

	await t.test("two tokens are refused, whatever they are", async () => {
		const url = `${server.ws}?token=${daily({ exp: 1 })}`;
		const other = { url, host, token: daily(), header: true };
		assert.equal((await connect(other)).refused?.text, "conflicting-tokens");
	});

	await t.test("whoever a ban refuses is no guest", async () => {
		const session = await connect({ url: server.ws, host, token: daily({ exp: 1 }), params: { room: "banned" } });
		assert.equal(session.refused?.text, "banned");
	});

	await t.test("a good token is none to drop, and another room is refused to its bearer", async () => {
		const session = await connect({ url: server.ws, host, token: daily() });
		assert.equal(plain((await fieldsOf(session)).meetauth_guest), undefined);
		assert.equal((await session.join(`standup@conference.${host}`, "ann")).affiliation, "owner");
		assert.equal((await session.join(`anyroom@conference.${host}`, "ann")).refused.text, "room-mismatch");
		await session.close();
	});

	await t.test("the log holds no token, no secret and no traceback", () => {
		const log = server.log().replace(/.*spec refused: .*/g, ""); // a module of the specs shows what was offered
		assert.doesNotMatch(log, anyToken);
		assert.doesNotMatch(log, traceback);
		for (const secret of Object.values(secrets)) assert.ok(!log.includes(secret));
	});
});
