// Tokens to and from npm's jose and jsonwebtoken: what one signs the other verifies, for every algorithm.

import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import test from "node:test";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import { TEST } from "../prosody/support/patience.mjs";
import { algorithms, privateForms, publicForms } from "./support/algorithms.mjs";
import { startPeer } from "./support/peer.mjs";

const now = 1700000000;
const claims = {
	iss: "portal",
	aud: ["meet", "jitsi"],
	sub: "user@example.com",
	exp: now + 60,
	nbf: now - 60,
	iat: now,
	context: { user: { name: "Zoë 😀 \"quoted\" \\ / \u0000 \u2028", moderator: true }, features: {}, list: [], nothing: null },
	numbers: [0, -1, 9007199254740991, -9007199254740991, 0.5, -0.25, 1e21],
};
const digits = [0.1 + 0.2, 1 / 3, 5e-324, -Number.MAX_VALUE, 2 ** 60, 1700000000.123456]; // 17 of them, or nearly
const options = { issuer: "portal", audience: ["meet"], require: ["exp"] };

// The last character of a signature holds spare bits in most algorithms; one in its middle never does.
function tampered(token) {
	const at = token.lastIndexOf(".") + 20;
	return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

test("tokens", { timeout: TEST }, async (t) => {
	const peer = startPeer();

	const keysOf = async (forms) =>
		Promise.all(Object.entries(forms).map(async ([form, spec]) => ({ form, key: await peer.must("key", { spec }) })));

	// The library's verdict on a token, by each form of the key.
	async function verifiedByUs(row, token) {
		for (const { form, key } of await keysOf(publicForms(row))) {
			const verifier = await peer.must("verifier", { keys: [key], options: { algorithms: [row.alg], ...options } });
			const verified = await peer.must("verify", { verifier, token, now });
			assert.deepEqual(JSON.parse(verified), claims, form);
			assert.deepEqual(await peer.ask("verify", { verifier, token: tampered(token), now }), { reason: "signature-mismatch" });
			assert.deepEqual(await peer.ask("verify", { verifier, token, now: now + 60 }), { reason: "expired" });
		}
	}

	async function signedByUs(row, verified) {
		for (const { form, key } of await keysOf(privateForms(row))) {
			const token = await peer.must("sign", { key, claims: JSON.stringify(claims), header: { kid: "our key" } });
			assert.deepEqual(await verified(token), claims, form);
			await assert.rejects(async () => verified(tampered(token)), form);
		}
	}

	async function verifiedByJose(row, key, token) {
		const { payload, protectedHeader } = await jose.jwtVerify(token, key, {
			algorithms: [row.alg],
			issuer: "portal",
			audience: "meet",
			typ: "JWT",
			currentDate: new Date(now * 1000),
		});
		assert.equal(protectedHeader.alg, row.alg);
		return payload;
	}

	for (const row of algorithms) {
		await t.test(`jose signs, we verify: ${row.name}`, async () => {
			const token = await new jose.SignJWT(claims).setProtectedHeader({ alg: row.alg, typ: "JWT" }).sign(row.privateKey);
			await verifiedByUs(row, token);
		});

		await t.test(`we sign, jose verifies: ${row.name}`, async () => {
			await signedByUs(row, (token) => verifiedByJose(row, row.publicKey, token));
		});

		await t.test(`we make the key and sign, jose verifies: ${row.name}`, async () => {
			const { key, material } = await peer.must("keygen", { spec: { alg: row.alg, crv: row.crv, kid: "made" } });
			const token = await peer.must("sign", { key, claims: JSON.stringify(claims) });
			assert.equal(jose.decodeProtectedHeader(token).kid, "made");
			if (row.secret) {
				assert.deepEqual(await verifiedByJose(row, Buffer.from(material, "base64url"), token), claims);
				return;
			}
			const jwk = await peer.must("jwk", { key });
			assert.deepEqual([jwk.alg, jwk.kid, jwk.use], [row.alg, "made", "sig"]);
			assert.deepEqual(await verifiedByJose(row, await jose.importJWK(jwk), token), claims);
			assert.deepEqual(await verifiedByJose(row, await jose.importSPKI(await peer.must("pem", { key }), row.alg), token), claims);
			const pem = Buffer.from(material, "base64url").toString();
			const theirs = await new jose.SignJWT(claims).setProtectedHeader({ alg: row.alg }).sign(await jose.importPKCS8(pem, row.alg));
			const verifier = await peer.must("verifier", { keys: [key], options: { algorithms: [row.alg], ...options } });
			assert.deepEqual(JSON.parse(await peer.must("verify", { verifier, token: theirs, now })), claims);
		});

		if (row.jsonwebtoken) {
			await t.test(`jsonwebtoken signs, we verify: ${row.name}`, async () => {
				await verifiedByUs(row, jsonwebtoken.sign(claims, row.privateKey, { algorithm: row.alg }));
			});

			await t.test(`we sign, jsonwebtoken verifies: ${row.name}`, async () => {
				const key = row.secret ?? createPublicKey(row.publicKey.export({ type: "spki", format: "pem" }));
				await signedByUs(row, (token) =>
					jsonwebtoken.verify(token, key, {
						algorithms: [row.alg],
						issuer: "portal",
						audience: "meet",
						clockTimestamp: now,
					}),
				);
			});
		} else {
			await t.test(`jsonwebtoken does not know it: ${row.name}`, () => {
				assert.throws(() => jsonwebtoken.sign(claims, row.privateKey, { algorithm: row.alg }));
			});
		}
	}

	await t.test("numbers with 17 digits are read as jose wrote them", async () => {
		const [row] = algorithms;
		const key = await peer.must("key", { spec: publicForms(row).JWK });
		const verifier = await peer.must("verifier", { keys: [key], options: { algorithms: [row.alg] } });
		const token = await new jose.SignJWT({ digits }).setProtectedHeader({ alg: row.alg }).sign(row.privateKey);
		assert.deepEqual(JSON.parse(await peer.must("verify", { verifier, token, now })), { digits });
	});

	await t.test("numbers with 17 digits are read by jose as we wrote them", async () => {
		const [row] = algorithms;
		const key = await peer.must("key", { spec: privateForms(row).JWK });
		const token = await peer.must("sign", { key, claims: JSON.stringify({ digits }) });
		assert.deepEqual(await jose.decodeJwt(token), { digits });
	});
});
