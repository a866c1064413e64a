// Tokens that nobody with a right to enter would send. forged: must never get in.
// Prosody 0.12 never answers a request whose head is over the limit, which mod_auth_meetauth puts at 64 KiB.
// misused: rightly signed, but claims of strange types; whether they get in is for the unit specs.

import { jitsi, secrets } from "./deployment.mjs";
import { sign } from "./token.mjs";

const good = jitsi();
const [header, payload, signature] = good.split(".");
const unsigned = (head, body = payload) => `${Buffer.from(JSON.stringify(head)).toString("base64url")}.${body}.`;
const raw = (text) => Buffer.from(text).toString("base64url");
const claims = JSON.parse(Buffer.from(payload, "base64url"));
const withText = (before) => sign(secrets.portal, `${before}${JSON.stringify(claims).slice(1)}`);
const lastSpare = signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1);

export const forged = {
	"nothing": "",
	"a dot": ".",
	"two dots": "..",
	"three dots": "...",
	"one letter": "a",
	"three letters": "a.b.c",
	"a space": " ",
	"a NUL": "\0",
	"NULs around a good token": `\0${good}\0`,
	"a good token after a space": ` ${good}`,
	"a good token with a line feed": `${good}\n`,
	"markup": "<failure/>&amp;]]>",
	"a format string": "%s%n%d%%%x",
	"path and shell": "../../../etc/passwd;`id`$(id)",
	"emoji": "\u{1F600}.\u{1F600}.\u{1F600}",
	"a good token in four parts": `${good}.e30`,
	"a good token with an empty part": `${header}..${signature}`,
	"a good token twice": good + good,
	"backslash for a dot": good.replace(".", "\\"),
	"padding": `${header}.${payload}.${signature}=`,
	"plain base64 letters": `${header}.${payload}.+/${signature.slice(2)}`,
	"spare bits in the signature": `${header}.${payload}.${lastSpare}`,
	"a shortened signature": good.slice(0, -2),
	"no signature": `${header}.${payload}.`,
	"another's payload": `${header}.${raw(JSON.stringify({ ...claims, room: "*" }))}.${signature}`,
	"alg none": unsigned({ alg: "none" }),
	"alg None with a signature": unsigned({ alg: "None" }) + signature,
	"alg missing": unsigned({ typ: "JWT" }) + signature,
	"alg as a list": unsigned({ alg: ["HS256"] }) + signature,
	"alg as null": unsigned({ alg: null }) + signature,
	"alg of a public key": unsigned({ alg: "RS256" }) + signature,
	"kid as an object": unsigned({ alg: "HS256", kid: {} }) + signature,
	"kid as a path": unsigned({ alg: "HS256", kid: "../../dev/null" }) + signature,
	"own key in the header": sign("own", claims, { alg: "HS256", jwk: { kty: "oct", k: raw("own") } }),
	"empty secret": sign("", claims),
	"header null": `${raw("null")}.${payload}.${signature}`,
	"header a list": `${raw("[]")}.${payload}.${signature}`,
	"header not JSON": `${raw("{alg:HS256}")}.${payload}.${signature}`,
	"header not UTF-8": `${raw(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))}.${payload}.${signature}`,
	"header nested deeply": `${raw("[".repeat(3000))}.${payload}.${signature}`,
	"unknown crit": sign(secrets.portal, claims, { alg: "HS256", crit: ["b64"], b64: false }),
	"payload null": sign(secrets.portal, "null"),
	"payload a number": sign(secrets.portal, "1"),
	"payload a string": sign(secrets.portal, '"hello"'),
	"payload a list": sign(secrets.portal, "[]"),
	"payload empty": sign(secrets.portal, ""),
	"payload cut off": sign(secrets.portal, JSON.stringify(claims).slice(0, -1)),
	"payload with more behind it": sign(secrets.portal, `${JSON.stringify(claims)}x`),
	"payload not UTF-8": sign(secrets.portal, Buffer.from(JSON.stringify(claims).replace("standup", "\xff\xfe"), "latin1")),
	"payload with a lone surrogate": withText('{"x":"\\ud800",'),
	"payload with a name twice": withText('{"room":"other",'),
	"payload with NaN": withText('{"nbf":NaN,'),
	"payload nested deeply": withText(`{"x":${"[".repeat(2000)}${"]".repeat(2000)},`),
	"18 000 dots": ".".repeat(18000),
	"18 000 letters": "a".repeat(18000),
};

export const misused = {
	"context null": jitsi({ context: null }),
	"context a number": jitsi({ context: 1 }),
	"context a string": jitsi({ context: "x" }),
	"context.user a string": jitsi({ context: { user: "x" } }),
	"context.user null": jitsi({ context: { user: null } }),
	"context.features a list": jitsi({ context: { features: [1, 2] } }),
	"room a number": jitsi({ room: 1 }),
	"room an object": jitsi({ room: {} }),
	"room null": jitsi({ room: null }),
	"sub a list": jitsi({ sub: ["x"] }),
	"iss an object": jitsi({ iss: { a: 1 } }),
	"aud a list of lists": jitsi({ aud: [["jitsi"]] }),
	"exp a string": jitsi({ exp: "tomorrow" }),
	"exp endless": jitsi({ exp: 1e308 }),
	"nbf negative": jitsi({ nbf: -1e308 }),
};
