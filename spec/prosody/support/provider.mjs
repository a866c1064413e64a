// Identity providers, as far as a verifier sees them: RSA keys with certificates, tokens signed with them, and a web
// server on loopback that publishes key sets in the form that each provider gives them.

import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, createSign } from "node:crypto";
import http from "node:http";

const base64url = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");

// A new key: { kid, privateKey, publicKey, certificate } as PEM, and what a JWK says of them.
export function newKey(kid) {
	const pem = execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "-", "-out", "-", "-subj", "/CN=keys", "-days", "2"],
		{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
	const [privateKey] = pem.match(/-----BEGIN PRIVATE KEY-----[^]*?-----END PRIVATE KEY-----\n/);
	const [certificate] = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/);
	const key = createPublicKey(certificate);
	const der = Buffer.from(certificate.replace(/-----[^-]+-----|\n/g, ""), "base64");
	const { n, e } = key.export({ format: "jwk" });
	return {
		kid, privateKey, certificate, publicKey: key.export({ type: "spki", format: "pem" }),
		jwk: { kid, kty: "RSA", use: "sig", n, e },
		x5c: [der.toString("base64")], x5t: createHash("sha1").update(der).digest("base64url"),
	};
}

// An RS256 token; header: further members.
export function tokenOf({ kid, privateKey }, claims, header = {}) {
	const input = `${base64url({ alg: "RS256", typ: "JWT", kid, ...header })}.${base64url(claims)}`;
	return `${input}.${createSign("sha256").update(input).sign(privateKey).toString("base64url")}`;
}

// serve(documents) -> { url, paths, close }: documents: path -> text or object; paths: of the requests so far.
export async function serve(documents) {
	const paths = [];
	const server = http.createServer((request, response) => {
		const document = documents[request.url];
		paths.push(request.url);
		if (document === undefined) response.writeHead(404).end();
		else if (typeof document === "string") response.writeHead(200, { "Content-Type": "application/x-pem-file" }).end(document);
		else response.writeHead(200, { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "public, max-age=3600" }).end(JSON.stringify(document));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		paths,
		close: () => new Promise((resolve) => {
			server.close(resolve);
			server.closeAllConnections?.();
		}),
	};
}

export const asapPath = (kid) => `${createHash("sha256").update(kid).digest("hex")}.pem`;
