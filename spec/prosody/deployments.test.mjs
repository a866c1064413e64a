// The whole configurations in examples/prosody and examples/keycloak, as written: who gets in as what, and what meetauth
// check says of them.

import assert from "node:assert/strict";
import test from "node:test";
import { allWell, checkServer } from "./support/checked.mjs";
import { fill, outcome, read, runs, startExample } from "./support/example.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { TEST } from "./support/patience.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const secret = specSecret("s"), apiKey = specSecret("d"), stranger = specSecret("u");
const blanks = { "<your secret>": secret, "<your Daily domain_id>": "acme-id", "<your Daily API key>": apiKey };
const host = "meet.example.org", muc = `conference.${host}`;
const site = { host, muc, focus: false };

const portal = (claims = {}, by = secret) => sign(by, { iss: "portal", sub: host, room: "standup", exp: now() + 600, ...claims });
const daily = (claims = {}, by = apiKey) => sign(by, { d: "acme-id", r: "standup", iat: now(), exp: now() + 600, ...claims });
const user = (moderator) => ({ context: { user: { id: "ann", name: "Ann", moderator } } });

const ours = { "/usr/local/share/lua/5.4": "share/lua/5.4" };
const jitsis = { ...ours, "/usr/share/jitsi-meet/prosody-plugins/": "jitsi" };

const ofPortal = [
	{ name: "a moderator", token: portal(user(true)), want: "owner" },
	{ name: "a member", token: portal(user(false)), want: "member" },
	{ name: "another room's token", token: portal({ room: "retro" }), want: "room-mismatch" },
	{ name: "a stranger's token", token: portal({}, stranger), want: "signature-mismatch" },
	{ name: "no token", token: undefined, want: "token-required" },
];

test("examples/prosody/plain", { timeout: TEST }, async (t) => {
	const server = await startExample(fill(read("prosody/plain.cfg.lua"), blanks), { folders: ours });
	await runs(t, server, site, ofPortal);
	await t.test("check has nothing to say", async () => allWell(await checkServer(server), []));
});

test("examples/prosody/guests", { timeout: TEST }, async (t) => {
	const server = await startExample(fill(read("prosody/guests.cfg.lua"), blanks), { folders: jitsis });
	await t.test("who has no token comes by the guests' host, and has no rights", async () => {
		assert.equal(await outcome(server, { ...site, host: `guest.${host}` }, undefined), "none"); // Jitsi's muc_wait_for_host keeps them waiting
	});
	await t.test("a nick is the beginning of the user name", async () => {
		assert.equal(await outcome(server, site, portal(user(true))), "This name in the room is not yours");
	});
	await t.test("check has nothing to say", async () => allWell(await checkServer(server), []));
});

test("examples/prosody/dialects", { timeout: TEST }, async (t) => {
	const server = await startExample(fill(read("prosody/dialects.cfg.lua"), blanks), { folders: jitsis });
	await runs(t, server, site, [...ofPortal,
		{ name: "a Daily owner", token: daily({ o: true }), want: "owner" },
		{ name: "a Daily participant", token: daily(), want: "member" },
		{ name: "a Daily token of another room", token: daily({ r: "retro" }), want: "room-mismatch" },
		{ name: "Daily's claims by the portal's secret", token: daily({}, secret), want: "signature-mismatch" },
		{ name: "the portal's claims by Daily's key", token: portal({}, apiKey), want: "signature-mismatch" },
		{ name: "both at once", token: daily({ iss: "portal" }), want: "ambiguous-claims" },
	]);
	await t.test("check has nothing to say", async () => allWell(await checkServer(server), []));
});

test("examples/keycloak/by-address", { timeout: TEST }, async (t) => {
	const realm = "/realms/meet", keyPath = `${realm}/protocol/openid-connect/certs`;
	const key = newKey("2026-01", "RS256");
	const keys = await startKeyServer();
	const issuer = `${keys.url}${realm}`;
	keys.on(`${realm}/.well-known/openid-configuration`, JSON.stringify({ issuer, jwks_uri: `${keys.url}${keyPath}` }));
	keys.on(keyPath, setOf(key));
	const config = read("keycloak/by-address.cfg.lua").replace("https://sso.example.org/realms/meet\"", `${issuer}"`);
	const server = await startExample(config, { folders: ours });
	const token = (claims = {}, by = key) => by.sign({ iss: issuer, aud: ["account", "jitsi"], sub: "f4c0", exp: now() + 600, ...claims });
	await runs(t, server, site, [
		{ name: "with the realm's role", token: token({ realm_access: { roles: ["moderator"] } }), want: "owner" },
		{ name: "without it", token: token(), want: "member" },
		{ name: "another realm's token", token: token({ iss: `${keys.url}/realms/other` }), want: "unknown-issuer" },
		{ name: "a stranger's key under that kid", token: token({}, newKey("2026-01", "RS256")), want: "signature-mismatch" },
		{ name: "another service's token", token: token({ aud: "account" }), want: "audience-mismatch" },
	]);
	await t.test("check has nothing to say", async () => allWell(await checkServer(server), []));
});
