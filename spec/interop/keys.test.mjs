// Keys to and from npm's jose and node: JWK, JWK sets, PEM, thumbprints.

import assert from "node:assert/strict";
import { createECDH, createPublicKey, generateKeyPairSync } from "node:crypto";
import test from "node:test";
import * as jose from "jose";
import { TEST } from "../prosody/support/patience.mjs";
import { algorithms, privateForms, publicForms } from "./support/algorithms.mjs";
import { startPeer } from "./support/peer.mjs";

const asymmetric = algorithms.filter((row) => !row.secret);
const now = 1700000000;

// What a key is, apart from what is said of it.
function bare({ alg, kid, use, ...members }) {
	return members;
}

test("keys", { timeout: TEST }, async (t) => {
	const peer = startPeer();

	const keyOf = (spec) => peer.must("key", { spec });

	for (const row of asymmetric) {
		const spki = row.publicKey.export({ type: "spki", format: "pem" });

		await t.test(`our JWK is the one jose writes, from each form: ${row.name}`, async () => {
			const expected = await jose.exportJWK(row.publicKey);
			for (const spec of Object.values({ ...publicForms(row), ...privateForms(row) })) {
				const jwk = await peer.must("jwk", { key: await keyOf(spec) });
				assert.deepEqual(jwk, { ...expected, alg: row.alg, use: "sig" });
			}
		});

		await t.test(`our thumbprint is the one jose calculates: ${row.name}`, async () => {
			const jwk = await jose.exportJWK(row.publicKey);
			const key = await keyOf({ alg: row.alg, jwk });
			assert.equal(await peer.must("thumbprint", { key }), await jose.calculateJwkThumbprint(jwk, "sha256"));
			assert.equal(
				await peer.must("thumbprint", { key: await keyOf(privateForms(row).PEM) }),
				await jose.calculateJwkThumbprint(await peer.must("jwk", { key })),
			);
		});

		await t.test(`our JWK is read by jose and by node: ${row.name}`, async () => {
			const jwk = await peer.must("jwk", { key: await keyOf(privateForms(row).DER) });
			assert.deepEqual(bare(await jose.exportJWK(await jose.importJWK(jwk))), bare(jwk));
			assert.equal(createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }), spki);
		});

		await t.test(`our PEM is node's: ${row.name}`, async () => {
			for (const spec of [publicForms(row).JWK, privateForms(row).JWK]) {
				assert.equal(await peer.must("pem", { key: await keyOf(spec) }), spki);
			}
		});

		await t.test(`jose's private JWK signs here, and its public half comes out: ${row.name}`, async () => {
			const jwk = await jose.exportJWK(row.privateKey);
			const key = await keyOf({ alg: row.alg, jwk });
			const token = await peer.must("sign", { key, claims: "{}" });
			await jose.jwtVerify(token, row.publicKey, { algorithms: [row.alg] });
			const written = await peer.must("jwk", { key });
			for (const name of ["d", "p", "q", "dp", "dq", "qi"]) assert.ok(!(name in written), name);
			assert.deepEqual(bare(written), await jose.exportJWK(row.publicKey));
		});
	}

	await t.test("our JWK set verifies in jose, by kid", async () => {
		const made = [];
		for (const { alg, crv } of asymmetric.filter((row) => !row.pss && !/RS(384|512)/.test(row.alg))) {
			const { key } = await peer.must("keygen", { spec: { alg, crv, kid: `${alg} ${crv ?? ""}` } });
			made.push({ alg, key });
		}
		const text = await peer.must("jwks_of", { keys: made.map(({ key }) => key) });
		const set = jose.createLocalJWKSet(JSON.parse(text));
		for (const { alg, key } of made) {
			const token = await peer.must("sign", { key, claims: '{"sub":"set"}' });
			const { payload } = await jose.jwtVerify(token, set, { algorithms: [alg] });
			assert.deepEqual(payload, { sub: "set" });
		}
		const stranger = await peer.must("keygen", { spec: { alg: "ES256", kid: "stranger" } });
		const token = await peer.must("sign", { key: stranger.key, claims: "{}" });
		await assert.rejects(jose.jwtVerify(token, set), { code: "ERR_JWKS_NO_MATCHING_KEY" });

		const ours = await peer.must("jwks", { text });
		assert.deepEqual(ours.skipped, {}); // an empty list, as lua-cjson writes it
		const verifier = await peer.must("verifier", { set: ours.set, options: { algorithms: ["ES256"] } });
		assert.deepEqual(await peer.ask("verify", { verifier, token, now }), { reason: "unknown-key" });
	});

	await t.test("a JWK set of jose's verifies here, by kid; what signs nothing is left out", async () => {
		const keys = [];
		for (const [i, row] of asymmetric.entries()) {
			keys.push({ ...(await jose.exportJWK(row.publicKey)), alg: row.alg, kid: `${i}`, use: "sig" });
		}
		const agreement = generateKeyPairSync("x25519").publicKey.export({ format: "jwk" });
		const encryption = await jose.exportJWK(asymmetric[0].publicKey);
		const text = JSON.stringify({
			keys: [...keys, { ...agreement, kid: "agreement" }, { ...encryption, kid: "encryption", use: "enc" }],
			comment: "ignored",
		});
		const { set, kids, skipped } = await peer.must("jwks", { text });
		assert.deepEqual(kids, keys.map(({ kid }) => kid));
		assert.deepEqual(skipped, [
			{ kid: "agreement", reason: "curve-mismatch" },
			{ kid: "encryption", reason: "key-use-mismatch" },
		]);
		const algs = [...new Set(asymmetric.map(({ alg }) => alg))];
		const verifier = await peer.must("verifier", { set, options: { algorithms: algs } });
		for (const [i, row] of asymmetric.entries()) {
			const sign = (kid) => new jose.SignJWT({ i }).setProtectedHeader({ alg: row.alg, kid }).sign(row.privateKey);
			assert.equal(await peer.must("verify", { verifier, token: await sign(`${i}`), now }), `{"i":${i}}`);
			const other = await peer.ask("verify", { verifier, token: await sign("nobody"), now });
			assert.deepEqual(other, { reason: "unknown-key" });
		}
	});

	await t.test("an RSA key of a set without alg serves each algorithm that is asked for, and in jose as well", async () => {
		const row = algorithms.find(({ alg }) => alg === "RS256");
		const jwk = { ...(await jose.exportJWK(row.publicKey)), kid: "plain" };
		const { set } = await peer.must("jwks", { text: JSON.stringify({ keys: [jwk] }) });
		const verifier = await peer.must("verifier", { set, options: { algorithms: ["RS256", "PS512"] } });
		const local = jose.createLocalJWKSet({ keys: [jwk] });
		for (const alg of ["RS256", "PS512", "RS384", "PS256"]) {
			const token = await new jose.SignJWT({}).setProtectedHeader({ alg, kid: "plain" }).sign(row.privateKey);
			const theirs = await jose.jwtVerify(token, local, { algorithms: ["RS256", "PS512"] }).then(
				() => true,
				() => false,
			);
			const ours = await peer.ask("verify", { verifier, token, now });
			assert.equal("result" in ours, theirs);
			assert.equal(theirs, alg === "RS256" || alg === "PS512");
		}
	});

	await t.test("EC points of small numbers, many with leading zeros, come out as node writes them", async () => {
		for (const [curve, crv, alg, size] of [
			["prime256v1", "P-256", "ES256", 32],
			["secp384r1", "P-384", "ES384", 48],
			["secp521r1", "P-521", "ES512", 66],
			["secp256k1", "secp256k1", "ES256K", 32],
		]) {
			const ecdh = createECDH(curve);
			let short = 0;
			for (let number = 1; number <= 400; number++) {
				const d = Buffer.alloc(size);
				d.writeUInt16BE(number, size - 2);
				ecdh.setPrivateKey(d);
				const point = ecdh.getPublicKey().subarray(1);
				const [x, y] = [point.subarray(0, size), point.subarray(size)];
				if (x[0] !== 0 && y[0] !== 0 && number > 3) continue;
				short++;
				const jwk = { kty: "EC", crv, x: x.toString("base64url"), y: y.toString("base64url") };
				const pem = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
				const key = await keyOf({ alg, public: pem });
				assert.deepEqual(await peer.must("jwk", { key }), { ...jwk, alg, use: "sig" });
				assert.equal(await peer.must("thumbprint", { key }), await jose.calculateJwkThumbprint(jwk));
			}
			assert.ok(short > 3, crv);
		}
	});
});
