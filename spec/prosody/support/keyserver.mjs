// Keys of an identity provider, and the HTTP server on loopback that publishes them, or misbehaves.

import { createHash, generateKeyPairSync, sign as signBytes } from "node:crypto";
import http from "node:http";
import { now } from "./token.mjs";

const base64url = (part) => Buffer.from(part).toString("base64url");

const kinds = {
	RS256: { type: "rsa", options: { modulusLength: 2048 } },
	ES256: { type: "ec", options: { namedCurve: "P-256" } },
};

// newKey(kid, alg) -> { kid, jwk, pem, privatePem, token(claims, header) }; kid undefined: without one
export function newKey(kid, alg = "ES256") {
	const { publicKey, privateKey } = generateKeyPairSync(kinds[alg].type, kinds[alg].options);
	const name = kid === undefined ? {} : { kid };
	return {
		kid,
		jwk: { ...publicKey.export({ format: "jwk" }), ...name, alg, use: "sig" },
		pem: publicKey.export({ type: "spki", format: "pem" }),
		privatePem: privateKey.export({ type: "pkcs8", format: "pem" }),
		token(claims = {}, header = {}) {
			const input = [
				{ alg, typ: "JWT", ...name, ...header },
				{ iss: "sso", room: "standup", sub: "meet.example", exp: now() + 600, ...claims },
			].map((part) => base64url(JSON.stringify(part))).join(".");
			const signature = signBytes("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
			return `${input}.${base64url(signature)}`;
		},
	};
}

export const setOf = (...keys) => JSON.stringify({ keys: keys.map((key) => key.jwk) });
export const asapPath = (kid) => `/${createHash("sha256").update(kid).digest("hex")}.pem`;

// startKeyServer() -> { url, on(path, answer), requests(path?), close() }
//   answer   a text, or answer(request, response); a path without one gives 404
//   requests how many have come, to the path or in all
export async function startKeyServer() {
	const answers = new Map();
	const counts = new Map();
	const open = new Set();
	const server = http.createServer((request, response) => {
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
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		on: (path, answer) => answers.set(path, answer),
		requests: (path) => (path ? counts.get(path) ?? 0 : [...counts.values()].reduce((sum, n) => sum + n, 0)),
		connections: () => open.size,
		async close() {
			for (const socket of open) socket.destroy();
			if (server.listening) await new Promise((resolve) => server.close(resolve));
		},
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
