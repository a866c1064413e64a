// sign.mjs ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, with Node alone.
// Environment: DAILY_API_KEY (the secret), DAILY_DOMAIN_ID. The secret never stands on a command line.

import { createHmac } from "node:crypto";

const { DAILY_API_KEY: key, DAILY_DOMAIN_ID: domain } = process.env;
const [room, id, name, role] = process.argv.slice(2);
if (!key || !domain || !name) throw new Error("usage: DAILY_API_KEY= DAILY_DOMAIN_ID= node sign.mjs ROOM USER_ID NAME [owner]");

const now = Math.floor(Date.now() / 1000);
const claims = { d: domain, r: room, ud: id, u: name, o: role === "owner", iat: now, exp: now + 3600 };

const base64url = (text) => Buffer.from(text).toString("base64url");
const input = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(JSON.stringify(claims))}`;
console.log(`${input}.${createHmac("sha256", key).update(input).digest("base64url")}`);
