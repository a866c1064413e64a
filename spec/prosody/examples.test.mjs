// The guides under examples/, followed to the letter on a live Prosody: the tokens that each describes get in
// as it says, and others do not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, createSign, generateKeyPairSync } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { $iq } from "strophe.js";
import { connect } from "./support/client.mjs";
import { debianFolders, fill, read, startExample } from "./support/example.mjs";
import { blocks, container, variables } from "./support/guide.mjs";
import { installed, luaPaths } from "./support/install.mjs";
import { startKeyServer } from "./support/keyserver.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const secret = "s".repeat(40);
const stranger = "u".repeat(40);
const blanks = { "<your secret>": secret, "<your TURN secret>": "t" };

// Jitsi's client asks jicofo for its conference before it joins: there is no room until then.
async function askFocus(session, host, room) {
	const answer = session.next({ id: "conference", name: "iq" });
	session.send($iq({ to: `focus.${host}`, type: "set", id: "conference" })
		.c("conference", { xmlns: "http://jitsi.org/protocol/focus", room }));
	assert.equal((await answer).getAttribute("type"), "result");
}

// What came of it: an affiliation, or the reason.
async function outcome(server, { host, muc, focus = true }, token, name = "standup") {
	const session = await connect({ url: server.ws, host, token });
	if (session.refused) return session.refused.text.split(/\s/)[0];
	const room = `${name}@${muc}`;
	if (focus) await askFocus(session, host, room);
	const joined = await session.join(room, "guest");
	await session.close();
	return joined.refused ? joined.refused.text.split(/\s/)[0] : joined.affiliation;
}

async function runs(t, server, site, rows) {
	for (const { name, token, room, want } of rows) {
		await t.test(`${name}: ${want}`, async () => assert.equal(await outcome(server, site, token, room), want));
	}
	await t.test("the log holds no error and no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.doesNotMatch(server.log(), /^\S+\s+error\t.*/m);
	});
}

// The claims that a guide shows, with a time that is good today.
const shownClaims = (guide) => ({ ...JSON.parse(blocks(guide, "json")[0]), exp: now() + 600 });

// Tokens of the portal that the guides for Jitsi speak of.
const portal = (sub) => {
	const token = (claims = {}, by = secret) => sign(by, { iss: "portal", aud: "jitsi", sub, room: "standup", exp: now() + 600, ...claims });
	const moderator = (value) => ({ context: { user: { id: "ann", name: "Ann", moderator: value } } });
	return [
		{ name: "a moderator", token: token(moderator(true)), want: "owner" },
		{ name: "not a moderator", token: token(moderator(false)), want: "member" },
		{ name: "nothing said of rights", token: token(), want: "member" },
		{ name: "a token for all rooms", token: token({ room: "*" }), room: "retro", want: "member" },
		{ name: "another room's token", token: token({ room: "retro" }), want: "room-mismatch" },
		{ name: "another domain's token", token: token({ sub: "other.example" }), want: "room-mismatch" },
		{ name: "an expired token", token: token({ exp: now() - 60 }), want: "expired" },
		{ name: "another iss", token: token({ iss: "elsewhere" }), want: "unknown-issuer" },
		{ name: "a token by another secret", token: token({}, stranger), want: "signature-mismatch" },
	];
};

const without = (want) => ({ name: "no token", token: undefined, want });

test("examples/jitsi-debian", { timeout: 180000 }, async (t) => {
	const site = { host: "meet.example.org", muc: "conference.meet.example.org" };
	const config = fill(read("jitsi-debian/meet.example.org.cfg.lua"), blanks);
	const [paths, login, rooms, mint, guests] = blocks(read("jitsi-debian/README.md"), "lua").map((text) => fill(text, blanks));

	await t.test("the lines of the guide stand in the whole configuration", () => {
		for (const line of `${paths}${login}${rooms}`.trim().split("\n")) assert.ok(config.includes(line), line);
	});

	await t.test("as written", async (inner) => {
		const server = await startExample(config, { folders: debianFolders });
		inner.after(() => server.stop());
		const script = join(makeFolder(), "token.lua");
		writeFileSync(script, mint);
		const minted = execFileSync("lua5.4", [script], { encoding: "utf8", env: { ...process.env, ...luaPaths(installed()) } }).trim();
		await runs(inner, server, site, [{ name: "the token of token.lua", token: minted, want: "owner" }, ...portal(site.host), without("token-required")]);
	});

	await t.test("with guests", async (inner) => {
		const server = await startExample(config.replace('authentication = "meetauth"', `$&\n${guests}`), { folders: debianFolders });
		inner.after(() => server.stop());
		await runs(inner, server, site, [...portal(site.host), without("none")]);
	});
});

// Which line of the generated configuration a variable ends up in.
const generated = {
	JWT_AUTH_TYPE: (value) => `authentication = "${value}"`,
	JWT_TOKEN_AUTH_MODULE: (value) => `"${value}";`,
	JWT_APP_ID: (value) => `app_id = "${value}"`,
	JWT_APP_SECRET: (value) => `app_secret = "${value}"`,
	JWT_ACCEPTED_ISSUERS: (value) => `asap_accepted_issuers = { "${value}" }`,
	JWT_ACCEPTED_AUDIENCES: (value) => `asap_accepted_audiences = { "${value}" }`,
	JWT_ENABLE_DOMAIN_VERIFICATION: (value) => `enable_domain_verification = ${value === "1"}`,
};

test("examples/jitsi-docker", { timeout: 180000 }, async (t) => {
	const site = { host: "meet.jitsi", muc: "muc.meet.jitsi" };
	const guide = read("jitsi-docker/README.md");
	const config = fill(read("jitsi-docker/jitsi-meet.cfg.lua"), blanks);
	const env = variables(fill(read("jitsi-docker/env"), blanks));
	const prefix = container(blocks(guide, "sh")[0].trim(), read("jitsi-docker/docker-compose.override.yml"));
	const folders = { "/prosody-plugins-custom": "prosody-plugins-custom", "/prosody-plugins/": "jitsi" };
	const claims = shownClaims(guide);
	const example = { name: "the token that is shown", token: sign(secret, claims), want: "owner" };

	await t.test("the volume brings the modules that the variables name", () => {
		assert.deepEqual(readdirSync(join(prefix, "prosody-plugins-custom")).sort(),
			[`mod_auth_${env.JWT_AUTH_TYPE}`, `mod_${env.JWT_TOKEN_AUTH_MODULE}`].sort());
	});

	await t.test("the variables stand in the configuration", () => {
		for (const [name, line] of Object.entries(generated)) assert.ok(config.includes(line(env[name])), name);
	});

	await t.test("as written", async (inner) => {
		const server = await startExample(config, { prefix, folders });
		inner.after(() => server.stop());
		const aud = { name: "another aud", token: sign(secret, { ...claims, aud: "other" }), want: "audience-mismatch" };
		await runs(inner, server, site, [example, aud, ...portal(site.host), without("token-required")]);
	});

	await t.test("without domain verification", async (inner) => {
		const server = await startExample(config.replace("enable_domain_verification = true", "enable_domain_verification = false"), { prefix, folders });
		inner.after(() => server.stop());
		const rows = portal(site.host).map((row) => (row.name === "another domain's token" ? { ...row, want: "member" } : row));
		await runs(inner, server, site, [
			example, ...rows,
			{ name: "no sub", token: sign(secret, { ...claims, sub: undefined }), want: "owner" },
			{ name: "another tenant's sub in a tenant's room", token: sign(secret, { ...claims, sub: "beta" }), room: "[acme]standup", want: "room-mismatch" },
		]);
	});
});

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" } });
const encode = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");

// As Keycloak signs: RS256, with the kid of the realm's key.
function realmToken({ privateKey }, claims, header = {}) {
	const input = `${encode({ alg: "RS256", typ: "JWT", kid: "9Xk1mZ0vQ", ...header })}.${encode(claims)}`;
	return `${input}.${createSign("sha256").update(input).sign(privateKey).toString("base64url")}`;
}

test("examples/keycloak", { timeout: 180000 }, async (t) => {
	const site = { host: "meet.example.org", muc: "conference.meet.example.org", focus: false };
	const folders = { "/usr/local/share/lua/5.4": "share/lua/5.4" };
	const guide = read("keycloak/README.md");
	const config = read("keycloak/meet.example.org.cfg.lua");
	const claims = shownClaims(guide);
	const [realm, old, other] = [rsa(), rsa(), rsa()];
	const withUser = (user) => ({ ...claims, context: { user: { ...claims.context.user, ...user } } });
	const rows = [
		{ name: "the token that is shown", token: realmToken(realm, claims), want: "owner" },
		{ name: "the same in any other room", token: realmToken(realm, claims), room: "retro", want: "owner" },
		{ name: "somebody without the attribute", token: realmToken(realm, withUser({ affiliation: undefined })), want: "member" },
		{ name: "another value of the attribute", token: realmToken(realm, withUser({ affiliation: "student" })), want: "member" },
		{ name: "aud as one string", token: realmToken(realm, { ...claims, aud: "jitsi" }), want: "owner" },
		{ name: "without the audience mapper", token: realmToken(realm, { ...claims, aud: "account" }), want: "audience-mismatch" },
		{ name: "another realm", token: realmToken(realm, { ...claims, iss: `${claims.iss}2` }), want: "unknown-issuer" },
		{ name: "an expired token", token: realmToken(realm, { ...claims, exp: now() - 60 }), want: "expired" },
		{ name: "another realm's key", token: realmToken(other, claims), want: "signature-mismatch" },
		{ name: "HS256 with the public key as secret", token: sign(realm.publicKey, claims), want: "algorithm-mismatch" },
		{ name: "typ of RFC 9068", token: realmToken(realm, claims, { typ: "at+jwt" }), want: "type-mismatch" },
		{ name: "a tenant's room", token: realmToken(realm, claims), room: "[acme]standup", want: "room-mismatch" },
		without("token-required"),
	];
	const inner64 = (pem) => pem.replace(/-----[^-]+-----/g, "").trim();

	await t.test("as written", async (inner) => {
		const server = await startExample(fill(config, { "<your realm's public key>": inner64(realm.publicKey) }), { folders });
		inner.after(() => server.stop());
		await runs(inner, server, site, rows);
	});

	await t.test("with the realm's old and new key", async (inner) => {
		const entry = fill(blocks(guide, "lua")[0], {
			"<your realm's old public key, as PEM>": old.publicKey.replaceAll("\n", "\\n"),
			"<your realm's new public key, as PEM>": realm.publicKey.replaceAll("\n", "\\n"),
		});
		const before = config.match(/\tapp_id[^]*?(?=\tallow_empty_token)/)[0];
		const server = await startExample(config.replace(before, () => entry), { folders });
		inner.after(() => server.stop());
		await runs(inner, server, site, [...rows, { name: "the old key", token: realmToken(old, claims), want: "owner" }]);
	});

	await t.test("the realm's address for its keys in its place", async (inner) => {
		const keys = await startKeyServer();
		inner.after(() => keys.close());
		const jwk = { ...createPublicKey(realm.publicKey).export({ format: "jwk" }), kid: "9Xk1mZ0vQ", alg: "RS256", use: "sig" };
		keys.on("/certs", JSON.stringify({ keys: [{ ...jwk, kid: "enc", alg: "RSA-OAEP", use: "enc" }, jwk] }));
		const server = await startExample(config.replace(/app_secret = \[\[[^]*?\]\]/, `cache_keys_url = "${keys.url}/certs"`), { folders });
		inner.after(() => server.stop());
		await server.waitForLog(/Keys of .*: changed/);
		await runs(inner, server, site, rows);
	});
});
