// sign-jsonwebtoken.cjs ROOM USER_ID NAME [owner] - a Daily meeting token for an hour, with npm's jsonwebtoken,
// as most back ends on Node make it. Environment: DAILY_API_KEY (the secret), DAILY_DOMAIN_ID.

const jwt = require("jsonwebtoken");

const { DAILY_API_KEY: key, DAILY_DOMAIN_ID: domain } = process.env;
const [room, id, name, role] = process.argv.slice(2);
if (!key || !domain || !name) throw new Error("usage: DAILY_API_KEY= DAILY_DOMAIN_ID= node sign-jsonwebtoken.cjs ROOM USER_ID NAME [owner]");

const claims = { d: domain, r: room, ud: id, u: name, o: role === "owner" };
console.log(jwt.sign(claims, key, { algorithm: "HS256", expiresIn: 3600 })); // it adds iat
