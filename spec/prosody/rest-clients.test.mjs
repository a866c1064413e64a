// Other people's code on Daily's REST interface: npm's daily-node with its base address changed, and npm's jose and
// jsonwebtoken on the tokens that are minted.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { domainOf, enter, isSelf, secretOf, withStandIns } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { api, apiKey, restConfig } from "./support/rest.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, specSecret } from "./support/token.mjs";

const { Daily } = createRequire(import.meta.url)("daily-node");

test("Daily's REST interface: other people's code", { timeout: TEST }, async (t) => {
	const algorithms = { entries: { wide: 'algorithms = { "HS512", "HS256" }; kid = "2026-01"', turn: "" } };
	const config = restConfig({ ...algorithms, keys: `{ acme = "${apiKey}", wide = "${specSecret("w")}" , turn = "${specSecret("t")}" }` })
		.replace(`secret = "${secretOf("wide")}"`, `secret = "${specSecret("w", 64)}"`)
		.replace(`secret = "${secretOf("turn")}"`, `secret = { "${specSecret("n")}", "${specSecret("o")}" }`);
	const server = await startProsody({ config, prefix: withStandIns() });
	const exp = now() + 600;

	function daily(key) {
		const client = new Daily(key);
		client.client.defaults.baseURL = `${server.http}/v1`; // the one line that changes
		return client;
	}

	await t.test("daily-node learns its domain", async () => {
		assert.deepEqual(await daily(apiKey).domainConfig(), { domainName: "acme", domainId: domainOf("acme"), config: {} });
	});

	await t.test("daily-node mints a token, which joins, and validates it", async () => {
		const properties = { roomName: "standup", exp, isOwner: true, userName: "Ann", ejectAfterElapsed: 600, startAudioOff: true };
		const { token } = await daily(apiKey).createMeetingToken({ properties });
		const ann = await enter(server, token, "standup", "ann");
		assert.equal(ann.joined.affiliation, "owner");
		assert.equal((await ann.wait((p) => isSelf(p) && p.name, "the name")).name, "Ann");
		await ann.session.close();
		assert.deepEqual(await daily(apiKey).meetingToken(token), properties);
	});

	await t.test("daily-node gets Daily's errors", async () => {
		const failed = (promise) => promise.then(() => assert.fail("no error"), ({ response }) => [response.status, response.data.error]);
		assert.deepEqual(await failed(daily(specSecret("x", 64)).domainConfig()), [401, "authentication-error"]);
		assert.deepEqual(await failed(daily(apiKey).createMeetingToken({ roomName: "standup", exp })), [400, "invalid-request-error"]);
		assert.deepEqual(await failed(daily(apiKey).meetingToken("x.y.z")), [400, "invalid-request-error"]);
		assert.deepEqual(await failed(daily(apiKey).room("nobodys")), [404, "not-found"]);
	});

	for (const [name, key, secret, header] of [
		["HS256", apiKey, secretOf("acme"), { alg: "HS256", typ: "JWT" }],
		["the entry's first algorithm and its kid", specSecret("w"), specSecret("w", 64), { alg: "HS512", typ: "JWT", kid: "2026-01" }],
		["the newer of two secrets", specSecret("t"), specSecret("n"), { alg: "HS256", typ: "JWT" }],
	]) {
		await t.test(`jose and jsonwebtoken take what is minted: ${name}`, async () => {
			const { body } = await api(server, key).mint({ room_name: "standup", exp, user_name: "Ann Ü. 🎈", permissions: { canAdmin: [] } });
			const { payload, protectedHeader } = await jwtVerify(body.token, Buffer.from(secret), { algorithms: [header.alg], typ: "JWT" });
			assert.deepEqual(protectedHeader, header);
			assert.deepEqual(jsonwebtoken.verify(body.token, secret, { algorithms: [header.alg] }), payload);
			assert.deepEqual([payload.r, payload.exp, payload.u, payload.p], ["standup", exp, "Ann Ü. 🎈", { ca: false }]);
			await assert.rejects(jwtVerify(body.token, Buffer.from(specSecret("x", 64))), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
		});
	}

	await t.test("what jsonwebtoken signs is validated", async () => {
		const signed = jsonwebtoken.sign({ d: domainOf("acme"), r: "standup", o: true }, secretOf("acme"), { expiresIn: 600 });
		const { status, body } = await api(server).validate(signed);
		assert.deepEqual([status, body.room_name, body.is_owner], [200, "standup", true]);
		const json = JSON.stringify({ d: domainOf("acme"), r: "standup", iat: now(), exp }); // signed as text: no typ
		assert.equal((await api(server).validate(jsonwebtoken.sign(json, secretOf("acme")))).status, 200);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
