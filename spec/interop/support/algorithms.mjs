// The algorithms with a key pair (or secret) for each, and how node:crypto signs with it, any bytes at all.

import { constants, createHmac, createSecretKey, generateKeyPairSync, sign } from "node:crypto";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = (namedCurve) => generateKeyPairSync("ec", { namedCurve });
const secret = createSecretKey(Buffer.from("interop!".repeat(8)));

function hmac(alg, hash) {
	return { name: alg, alg, hash, publicKey: secret, privateKey: secret, secret };
}

function row(alg, hash, pair, options = {}, more = {}) {
	return { name: alg, alg, hash, ...pair, options, ...more };
}

const pss = (saltLength) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const raw = { dsaEncoding: "ieee-p1363" };

// jsonwebtoken: whether that library knows it. coordinate: bytes of r and of s.
export const algorithms = [
	{ ...hmac("HS256", "sha256"), jsonwebtoken: true },
	{ ...hmac("HS384", "sha384"), jsonwebtoken: true },
	{ ...hmac("HS512", "sha512"), jsonwebtoken: true },
	row("RS256", "sha256", rsa, {}, { jsonwebtoken: true }),
	row("RS384", "sha384", rsa, {}, { jsonwebtoken: true }),
	row("RS512", "sha512", rsa, {}, { jsonwebtoken: true }),
	row("PS256", "sha256", rsa, pss(32), { jsonwebtoken: true, pss: true }),
	row("PS384", "sha384", rsa, pss(48), { jsonwebtoken: true, pss: true }),
	row("PS512", "sha512", rsa, pss(64), { jsonwebtoken: true, pss: true }),
	row("ES256", "sha256", ec("P-256"), raw, { jsonwebtoken: true, coordinate: 32 }),
	row("ES384", "sha384", ec("P-384"), raw, { jsonwebtoken: true, coordinate: 48 }),
	row("ES512", "sha512", ec("P-521"), raw, { jsonwebtoken: true, coordinate: 66 }),
	row("ES256K", "sha256", ec("secp256k1"), raw, { coordinate: 32 }),
	row("EdDSA", null, generateKeyPairSync("ed25519"), {}, { name: "EdDSA on Ed25519", crv: "Ed25519" }),
	row("EdDSA", null, generateKeyPairSync("ed448"), {}, { name: "EdDSA on Ed448", crv: "Ed448" }),
];

/** The signature of 'input' in JWS's form; 'changes' in the place of the row's own options. */
export function signBytes(row, input, changes = {}) {
	if (row.secret) return createHmac(row.hash, row.secret).update(input).digest();
	return sign(row.hash, input, { key: row.privateKey, ...row.options, ...changes });
}

/** The row's public key (or secret) as meetauth.key takes it, in each form. */
export function publicForms(row) {
	if (row.secret) {
		const { k } = row.secret.export({ format: "jwk" });
		return { secret: { alg: row.alg, secret: k }, JWK: { alg: row.alg, jwk: { kty: "oct", k } } };
	}
	const der = row.publicKey.export({ type: "spki", format: "der" }).toString("base64url");
	return {
		PEM: { alg: row.alg, public: row.publicKey.export({ type: "spki", format: "pem" }) },
		DER: { alg: row.alg, der, kind: "public" },
		JWK: { alg: row.alg, jwk: row.publicKey.export({ format: "jwk" }) },
	};
}

/** The same for what signs. */
export function privateForms(row) {
	if (row.secret) return publicForms(row);
	const der = row.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64url");
	return {
		PEM: { alg: row.alg, private: row.privateKey.export({ type: "pkcs8", format: "pem" }) },
		DER: { alg: row.alg, der, kind: "private" },
		JWK: { alg: row.alg, jwk: row.privateKey.export({ format: "jwk" }) },
	};
}
