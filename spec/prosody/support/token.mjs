// Signs tokens without the library under test: JWS HS256 by node:crypto.

import { createHmac } from "node:crypto";

const base64url = (part) => Buffer.from(part).toString("base64url");
const text = (part) => (typeof part === "string" || Buffer.isBuffer(part) ? part : JSON.stringify(part));

let clock = () => Date.now() / 1000;

// Seconds since the epoch: where a spec lets time pass (machine.mjs), by that clock.
export const now = () => Math.floor(clock());

// From now on time is told by this: seconds since the epoch.
export function goBy(other) { clock = other; }

// A secret for specs, one for each name: of any length, and of more variety than a letter that is repeated.
export function specSecret(name, length = 40) {
	let made = `${name}-secret-of-the-specs`;
	for (let i = 1; made.length < length; i++) made += `-${i}`;
	return made.slice(0, length);
}

// claims and header: an object, or text or bytes that are signed as they stand.
export function sign(secret, claims, header = { alg: "HS256", typ: "JWT" }) {
	const input = `${base64url(text(header))}.${base64url(text(claims))}`;
	return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}
