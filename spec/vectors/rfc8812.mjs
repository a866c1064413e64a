// rfc8812.mjs - print the tokens of rfc8812.lua anew: RFC 8812 gives no examples of ES256K, so these are our own.
// One key; one token signed by the openssl command line, one by npm's jose.
// node spec/vectors/rfc8812.mjs   (after npm ci in spec/interop)

import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { CompactSign } = createRequire(new URL("../interop/package.json", import.meta.url))("jose");

const payload = "Example of ES256K signing";
const header = { alg: "ES256K" };
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

const folder = mkdtempSync(join(tmpdir(), "es256k-"));
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder });

// SEQUENCE { INTEGER r, INTEGER s } to r || s, 32 bytes each (RFC 7518 3.4).
function raw(der) {
	const numbers = [];
	for (let at = 2; at < der.length; at += 2 + der[at + 1]) numbers.push(der.subarray(at + 2, at + 2 + der[at + 1]));
	return Buffer.concat(numbers.map((n) => Buffer.from(n.toString("hex").replace(/^(00)+/, "").padStart(64, "0"), "hex")));
}

try {
	openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-out", "key.pem");
	const key = createPrivateKey(openssl("pkey", "-in", "key.pem"));
	const input = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
	writeFileSync(join(folder, "input"), input);
	const der = openssl("dgst", "-sha256", "-sign", "key.pem", "input");
	console.log(JSON.stringify(key.export({ format: "jwk" })));
	console.log(`openssl: ${input}.${base64url(raw(der))}`);
	console.log(`jose:    ${await new CompactSign(Buffer.from(payload)).setProtectedHeader(header).sign(key)}`);
} finally {
	rmSync(folder, { recursive: true });
}
