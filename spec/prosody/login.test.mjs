// mod_auth_meetauth on a live Prosody: who gets a session, and what the others are told.
// Proves mod_auth_meetauth/login.lib and mod_auth_meetauth/sasl.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config, daily, host, jitsi, secrets } from "./support/deployment.mjs";
import { forged, misused } from "./support/hostile.mjs";
import { installed } from "./support/install.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const ways = [
	{ transport: "ws", header: false }, { transport: "ws", header: true },
	{ transport: "bosh", header: false }, { transport: "bosh", header: true },
];

const admitted = {
	"a Jitsi token": jitsi(),
	"a Daily token": daily(),
};

const refusals = [
	{ name: "no token", token: undefined, reason: "token-required" },
	{ name: "garbage", token: "garbage", reason: "malformed" },
	{ name: "an expired Jitsi token", token: jitsi({ exp: now() - 60 }), reason: "expired" },
	{ name: "an expired Daily token", token: daily({ exp: now() - 60 }), reason: "expired" },
	{ name: "a Jitsi token not valid yet", token: jitsi({ nbf: now() + 600 }), reason: "not-yet-valid" },
	{ name: "a Jitsi token with a wrong secret", token: jitsi({}, secrets.acme), reason: "signature-mismatch" },
	{ name: "a Daily token with a wrong secret", token: daily({}, "acme", secrets.zeta), reason: "signature-mismatch" },
	{ name: "an unknown iss", token: jitsi({ iss: "elsewhere" }), reason: "unknown-issuer" },
	{ name: "an unknown d", token: daily({ d: "nobody" }), reason: "unknown-issuer" },
	{ name: "an aud of somebody else", token: jitsi({ aud: "other" }), reason: "audience-mismatch" },
	{ name: "a Jitsi token without room", token: jitsi({ room: undefined }), reason: "missing-claim" },
	{ name: "a Daily token without r", token: daily({ r: undefined }), reason: "missing-claim" },
	{ name: "a Daily token without exp", token: daily({ exp: undefined }), reason: "missing-claim" },
	{ name: "a Daily token for every room", token: daily({ r: "*" }), reason: "bad-claim" },
	{ name: "a Daily token with o as text", token: daily({ o: "true" }), reason: "bad-claim" },
	{ name: "an algorithm that the entry does not have", token: sign(secrets.portal, { iss: "portal" }, { alg: "HS512" }), reason: "algorithm-mismatch" },
];

const login = (server, { transport, header }, token, more) =>
	connect({ url: server[transport], host, token, header, ...more });

function assertRefused(outcome, reason) {
	assert.ok(outcome.refused, `should not have got in: ${outcome.jid}`);
	const { stage, condition, text, xml } = outcome.refused;
	assert.equal(stage, "sasl");
	assert.equal(condition, "not-allowed");
	assert.match(text, reason ? new RegExp(`^${reason}(\\s|$)`) : /^[a-z]+(-[a-z]+)*(\s|$)/);
	assert.match(xml, /<failure[^>]*><not-allowed\/><text>.+<\/text><\/failure>/); // what Jitsi's client looks for
}

test("login", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: installed() });

	for (const way of ways) {
		const by = `${way.transport}, token in the ${way.header ? "header" : "query"}`;

		for (const [name, token] of Object.entries(admitted)) {
			await t.test(`${by}: ${name} logs in`, async () => {
				const session = await login(server, way, token);
				assert.equal(session.refused, undefined);
				assert.match(session.jid, new RegExp(`@${host}/`));
				await session.close();
			});
		}

		for (const { name, token, reason } of refusals) {
			await t.test(`${by}: ${name} is refused as ${reason}`, async () => {
				assertRefused(await login(server, way, token), reason);
			});
		}
	}

	for (const [name, token] of Object.entries(forged)) {
		await t.test(`hostile: ${name}`, async () => {
			assertRefused(await login(server, { transport: "ws", header: false }, token));
		});
	}

	await t.test("two different tokens in one request are refused", async () => {
		for (const transport of ["ws", "bosh"]) {
			const outcome = await login(server, { transport, header: true }, jitsi(), { params: { token: daily() } });
			assertRefused(outcome, "conflicting-tokens");
		}
	});

	await t.test("hostile: bytes that are no UTF-8", async () => {
		for (const transport of ["ws", "bosh"]) {
			assertRefused(await connect({ url: `${server[transport]}?token=%ff%fe.%00.%80`, host }));
		}
	});

	for (const [name, token] of Object.entries(misused)) {
		await t.test(`hostile: ${name} gets an answer`, async () => {
			const outcome = await login(server, { transport: "ws", header: false }, token);
			if (outcome.refused) assertRefused(outcome);
			else await outcome.close();
		});
	}

	await t.test("afterwards a good token still logs in", async () => {
		const session = await login(server, ways[0], jitsi());
		assert.equal(session.refused, undefined);
		await session.close();
	});

	await t.test("the log holds no traceback and no token", () => {
		const log = server.log();
		assert.doesNotMatch(log, traceback);
		for (const token of [...Object.values(admitted), ...refusals.map((row) => row.token)]) {
			const signature = token?.split(".")[2];
			assert.ok(!signature || !log.includes(signature), "a token's signature is in the log");
		}
	});
});
