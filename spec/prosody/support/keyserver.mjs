// Keys of an identity provider, and the HTTP server on loopback that publishes them, or misbehaves.

import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign as signBytes, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { endWithTest, makeFolder } from "./leftovers.mjs";
import { now } from "./token.mjs";

const base64url = (part) => Buffer.from(part).toString("base64url");

const kinds = {
	RS256: { type: "rsa", options: { modulusLength: 2048 } },
	ES256: { type: "ec", options: { namedCurve: "P-256" } },
};

// newKey(kid, alg) -> { kid, jwk, pem, privatePem, sign(claims, header), token(claims, header) }
//   kid    undefined: without one
//   sign   a token of these claims; header: members beside alg, typ and kid
//   token  the same, with claims that are good unless they are changed
export function newKey(kid, alg = "ES256") {
	const { publicKey, privateKey } = generateKeyPairSync(kinds[alg].type, kinds[alg].options);
	const name = kid === undefined ? {} : { kid };
	function sign(claims, header = {}) {
		const input = [{ alg, typ: "JWT", ...name, ...header }, claims].map((part) => base64url(JSON.stringify(part))).join(".");
		return `${input}.${base64url(signBytes("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }))}`;
	}
	return {
		kid,
		jwk: { ...publicKey.export({ format: "jwk" }), ...name, alg, use: "sig" },
		pem: publicKey.export({ type: "spki", format: "pem" }),
		privatePem: privateKey.export({ type: "pkcs8", format: "pem" }),
		sign,
		token: (claims = {}, header = {}) => sign({ iss: "sso", room: "standup", sub: "meet.example", exp: now() + 600, ...claims }, header),
	};
}

// A certificate of a key, as PEM, and what a JWK says of it.
export function certified(key) {
	const path = join(makeFolder(), "key.pem");
	writeFileSync(path, key.privatePem, { mode: 0o600 });
	const certificate = execFileSync("openssl", ["req", "-x509", "-key", path, "-subj", "/CN=keys", "-days", "2"],
		{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
	const { raw } = new X509Certificate(certificate);
	return { certificate, x5c: [raw.toString("base64")], x5t: createHash("sha1").update(raw).digest("base64url") };
}

export const setOf = (...keys) => JSON.stringify({ keys: keys.map((key) => key.jwk) });
export const asapPath = (kid) => `/${createHash("sha256").update(kid).digest("hex")}.pem`;

// startKeyServer({ tls }) -> { url, on(path, answer), requests(path?), paths(), close() }; it is closed with the test that has
// started it, if not before.
//   tls      { key, cert } in PEM: it speaks https
//   answer   a text, or answer(request, response); a path without one gives 404
//   requests how many have come, to the path or in all
//   paths    that they went to
export async function startKeyServer({ tls } = {}) {
	const answers = new Map();
	const counts = new Map();
	const open = new Set();
	const server = (tls ? https : http).createServer({ ...tls }, (request, response) => {
		const path = request.url;
		counts.set(path, (counts.get(path) ?? 0) + 1);
		const answer = answers.get(path);
		if (typeof answer === "function") answer(request, response);
		else if (answer !== undefined) response.end(answer);
		else response.writeHead(404).end();
	});
	server.on("connection", (socket) => {
		open.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => open.delete(socket));
	});
	async function close() {
		for (const socket of open) socket.destroy();
		if (server.listening) await new Promise((resolve) => server.close(resolve));
	}
	endWithTest(close);
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `${tls ? "https" : "http"}://127.0.0.1:${server.address().port}`,
		on: (path, answer) => answers.set(path, answer),
		requests: (path) => (path ? counts.get(path) ?? 0 : [...counts.values()].reduce((sum, n) => sum + n, 0)),
		paths: () => [...counts.keys()],
		connections: () => open.size,
		close,
	};
}

// keysConfig(entries, { options }) -> configuration: a host with those entries (Lua tables as text), and its rooms
export function keysConfig(entries, { options = "" } = {}) {
	return `
statistics = "internal"
VirtualHost "meet.example"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	meetauth_issuers = {
		${entries.map((entry) => `${entry};`).join("\n\t\t")}
	}
	${options}
Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;
}
