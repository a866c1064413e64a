// Signs tokens without the library under test: JWS HS256 by node:crypto.

import { createHmac } from "node:crypto";

const base64url = (part) => Buffer.from(part).toString("base64url");
const text = (part) => (typeof part === "string" || Buffer.isBuffer(part) ? part : JSON.stringify(part));

export const now = () => Math.floor(Date.now() / 1000);

// claims and header: an object, or text or bytes that are signed as they stand.
export function sign(secret, claims, header = { alg: "HS256", typ: "JWT" }) {
	const input = `${base64url(text(header))}.${base64url(text(claims))}`;
	return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}
