// What meetauth explain says of tokens of an entry whose keys stand at an address, word for word: beside a running server that
// judges the same, with --offline, with --jwks-file, where the key server is down, and where Prosody is not running.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { meetauth } from "./support/command.mjs";
import { installed } from "./support/install.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody } from "./support/server.mjs";

const host = "meet.example";
const NOW = 1767225600; // 2026-01-01
const END = 4102444800; // 2100-01-01: good for the server, too, whatever the time is
const [current, next] = [newKey("2026-01"), newKey("2026-02")];
const claims = { iss: "sso", sub: host, room: "standup", exp: END };

const configOf = (keys) => `
VirtualHost "${host}"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "kc", issuer = "sso", jwks_url = "${keys.url}/certs", algorithms = "ES256" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

// The transcript: what it begins with, rows that are the same each time, what it ends with; a tab is written as " | ", less white space at a
// line's end.
const transcript = (kid, { pasted = "", key, signature, end }) => `${pasted}form | ok |  |  | expected three parts of base64url
header | ok |  | {"alg":"ES256","kid":"${kid}","typ":"jwt"} |
${key}
${signature}
payload | ok |  |  | expected a JSON object
typ | ok |  | "jwt" | expected ["none","jwt"]
exp | ok |  | 2100-01-01 00:00:00 +0000  in 27028 days | expected after 1767225590 (2025-12-31 23:59:50 +0000)
nbf | ok |  |  | expected not after 1767225610 (2026-01-01 00:00:10 +0000)
iat | ok |  |  |
iss | ok |  | "sso" | expected ["sso"]
aud | ok |  |  |
sub | ok |  | "meet.example" |
jti | ok |  |  |
require | ok |  |  | expected {}
grant | ok |  |  |
window | ok |  |  |
ejection | ok |  |  |
address | ok |  | "standup" |
room | ok |  | "standup" | expected standup
tenant | ok |  | "meet.example" | expected meet.example
rooms | ok |  | "standup" |
guests | ok |  |  |
join | ok |  | {"affiliation":"member","makes_lobby":false,"passes_lobby":false,"passes_password":false,"tenant_mismatch":false,"wants_lobby":false} |
${end}
`;

const accepted = ({ kid }, more = {}) => transcript(kid, {
	key: `key | ok |  | {"alg":"ES256","kid":"${kid}"} |`,
	signature: `signature | ok |  |  | expected {"alg":"ES256","entry":"kc","kid":"${kid}"}`,
	end: "verdict: accepted", ...more,
});

const refused = ({ kid }) => transcript(kid, {
	key: `key | FAIL | unknown-key | {"alg":"ES256","kid":"${kid}"} | expected {"kid":["2026-01"]}`,
	signature: "signature | skipped |  |  |",
	end: `hint for key: the provider's key set has no key with the token's kid. Ask the provider for a new token, and compare its kid with the keys that meetauth check shows
verdict: refused: unknown-key: the entry has no key with this kid (usual cause: the issuer changed its keys, or the entry has another kid)`,
});

const unsure = ({ kid }) => transcript(kid, {
	key: `key | skipped | keys-unavailable | {"alg":"ES256","kid":"${kid}"} | expected a key of the entry`,
	signature: "signature | skipped |  |  |",
	end: "verdict: cannot tell: keys-unavailable: the key source did not answer in time (usual cause: the key server does not answer, or its answer is not a key. The log and prosodyctl shell meetauth keys show the error)",
});

test("explain with keys at an address", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const published = (...some) => keys.on("/certs", setOf(...some));
	published(current);
	const server = await startProsody({ config: configOf(keys), prefix: installed() });
	await server.waitForLog(/Keys of kc from .*: changed/); // it asks for itself
	const folder = makeFolder();
	const [configuration, set] = [join(folder, "prosody.cfg.lua"), join(folder, "keys.json")];
	writeFileSync(configuration, configOf(keys));
	writeFileSync(set, setOf(current, next));

	// What the command says of a token, and how often the key server was asked for that.
	async function says(token, args, { status, out, err = "", asked }) {
		const before = keys.requests("/certs");
		const at = ["--config", configuration, "--host", host, "--room", "standup", "--now", String(NOW)];
		const ran = await meetauth(["explain", ...at, ...args], { input: token, env: { TZ: "UTC" } });
		assert.equal(ran.out.replaceAll("\t", " | ").replaceAll(/ +$/gm, ""), out);
		assert.equal(ran.err, err);
		assert.equal(ran.status, status);
		assert.equal(keys.requests("/certs") - before, asked);
	}
	const failing = (why) => `meetauth: the keys of kc at ${keys.url}/certs: ${why}\n`;

	async function enters(token) {
		const session = await connect({ url: server.ws, host, token });
		if (session.refused) return session.refused.text;
		const { affiliation } = await session.join(`standup@conference.${host}`, "me");
		await session.close();
		return affiliation;
	}

	await t.test("online: by the key that is there, as the server does", async () => {
		await says(current.sign(claims), [], { status: 0, out: accepted(current), asked: 1 });
		assert.equal(await enters(current.sign(claims)), "member");
	});

	await t.test("online: a key that is not there", async () => {
		await says(next.sign(claims), [], { status: 1, out: refused(next), asked: 1 });
		assert.equal(await enters(next.sign(claims)), "unknown-key");
	});

	await t.test("online: a token that was pasted with what stands before it", async () => {
		await says(`Bearer ${current.sign(claims)}`, [], { status: 0, asked: 1, out: accepted(current, {
			pasted: "pasted | FAIL | malformed | the word Bearer is in front of the token | expected the token alone\n",
			end: `hint for pasted: the word Bearer is in front of the token. Write only the text after Bearer, as in token=eyJ…
verdict: accepted, but only without the text around it. The server refuses the token as you gave it: malformed`,
		}) });
		assert.equal(await enters(`Bearer ${current.sign(claims)}`), "malformed");
	});

	await t.test("offline: nobody is asked, and nothing can be told", () =>
		says(current.sign(claims), ["--offline"], { status: 3, out: unsure(current), err: failing("the source was not asked, because of --offline"), asked: 0 }));

	await t.test("with a set of keys in the place of the address: nobody is asked", async () => {
		await says(next.sign(claims), ["--jwks-file", set], { status: 0, out: accepted(next), asked: 0 });
		await says(next.sign(claims), ["--jwks-file", set, "--offline"], { status: 0, out: accepted(next), asked: 0 });
	});

	await t.test("the key server answers something else: nothing can be told", async () => {
		keys.on("/certs", (request, response) => response.writeHead(503).end());
		await says(current.sign(claims), [], { status: 3, out: unsure(current), err: failing("status 503"), asked: 1 });
	});

	await t.test("the running server can be asked: by the keys that it keeps, and the key server only for one that it has not", async () => {
		published(current);
		const kept = await startProsody({ config: configOf(keys).replace("\tauthentication", '\tmodules_enabled = { "admin_shell" }\n$&'), prefix: installed() });
		await kept.waitForLog(/Keys of kc from .*: changed/);
		published(next);
		const saying = async (token, args) => {
			const before = keys.requests("/certs");
			const ran = await meetauth(["explain", "--config", join(kept.folder, "prosody.cfg.lua"), "--host", host, "--now", String(NOW), ...args],
				{ input: token, env: { ...kept.env, TZ: "UTC", MEETAUTH_PROSODY: join(kept.folder, "prosody") } });
			return { status: ran.status, err: ran.err, asked: keys.requests("/certs") - before };
		};
		const told = `meetauth: the keys at ${keys.url}/certs are the keys that the running server has\n`;
		assert.deepEqual(await saying(current.sign(claims), []), { status: 0, err: told, asked: 0 });
		assert.deepEqual(await saying(next.sign(claims), []), { status: 0, err: told, asked: 1 });
		assert.equal((await saying(current.sign(claims), ["--offline"])).status, 3);
		await kept.stop();
		published(current);
	});

	await t.test("Prosody is not running: all the same", async () => {
		published(current, next);
		await server.stop();
		await says(next.sign(claims), [], { status: 0, out: accepted(next), asked: 1 });
		await says(next.sign(claims), ["--offline"], { status: 3, out: unsure(next), err: failing("the source was not asked, because of --offline"), asked: 0 });
		await says(next.sign(claims), ["--jwks-file", set], { status: 0, out: accepted(next), asked: 0 });
	});

	await t.test("nor is the key server: nothing can be told", async () => {
		await keys.close();
		await says(current.sign(claims), [], { status: 3, out: unsure(current), err: failing("connection refused"), asked: 0 });
	});
});
