// Mistakes that people make with meeting tokens, planted one by one in a live Prosody: each is refused (or gives less than was
// meant), and one documented command prints the sentence that says what to write. The rows are the list.
// Proves mod_shell_meetauth/commands.lib and mod_auth_meetauth/login.lib.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { meetauthOf } from "./support/command.mjs";
import { daily, domains, host, jitsi, room, secrets } from "./support/deployment.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const secretOf = (name) => specSecret(name, 64);
const hex = secretOf("hex").split("").map((letter) => letter.charCodeAt(0).toString(16)).join("").slice(-64);
const rsa = newKey(undefined, "RS256");
const [current, stranger] = [newKey("2026-01"), newKey("2019-01")];

// A host of its own for a mistake in the configuration: lines for it, and for its rooms.
const site = (name, options, rooms = 'modules_enabled = { "muc_meetauth" }') => `
VirtualHost "${name}"
	authentication = "meetauth"
	${options}
Component "conference.${name}" "muc"
	${rooms}
	muc_room_locking = false
`;
const portalBy = (secret) => `app_id = "portal"; app_secret = ${JSON.stringify(secret)}`;

const configOf = (keys) => `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "admin_shell"; "live_eval" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", audience = "jitsi", secret = "${secrets.portal}" };
		{ id = "acme", dialect = "daily", domain_id = "${domains.acme}", secret = "${secrets.acme}" };
		{ id = "zeta", dialect = "daily", domain_id = "${domains.zeta}", secret = "${secrets.zeta}", tenant = "zeta" };
		{ id = "sso", issuer = "https://sso.example/realms/meet", jwks_url = "${keys.url}/certs", algorithms = "ES256" };
		{ id = "down", issuer = "down", jwks_url = "${keys.url}/down", algorithms = "ES256" };
		{ id = "asap", issuer = "asap", asap_url = "${keys.url}/asap", algorithms = "ES256" };
		{ id = "teams", issuer = "teams", secret = "${secretOf("teams")}", rooms = { "team-*" } };
		{ id = "once", issuer = "once", secret = "${secretOf("once")}", single_use = true };
		{ id = "brief", issuer = "brief", secret = "${secretOf("brief")}", max_age = 60 };
		{ id = "trial", issuer = "trial", secret = "${secretOf("trial")}", mode = "observe" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
VirtualHost "recorder.${host}"
	authentication = "internal_hashed"
VirtualHost "guest.${host}"
	authentication = "anonymous"
${site("quoted.example", `app_id = "'portal'"; app_secret = "${secretOf("quoted")}"`)}
${site("dotenv.example", portalBy(`"${secretOf("dotenv")}"`))}
${site("spaces.example", portalBy(`${secretOf("spaces")}\n`))}
${site("capitals.example", portalBy(hex.toUpperCase()))}
${site("rsa.example", `signature_algorithm = "RS256"; app_id = "portal"; app_secret = ${JSON.stringify(rsa.pem)}`)}
${site("filed.example", 'app_id = "portal"; asap_key_server = "file:///etc/prosody/keys"')}
${site("unset.example", 'app_id = "portal"; app_secret = ENV_NOT_SET')}
${site("bare.example", portalBy(secretOf("bare")), "")}
${site("restricted.example", portalBy(secretOf("restricted")), 'modules_enabled = { "muc_meetauth" }\n\trestrict_room_creation = true')}
`;

// Tokens, each with what is wrong in it.
const by = (issuer, claims = {}) => sign(secretOf(issuer), { iss: issuer, sub: host, room: "standup", exp: now() + 600, ...claims });
const portalAt = (at, secret) => sign(secret, { iss: "portal", sub: at, room: "standup", exp: now() + 600 });
const user = (claims) => ({ context: { user: claims } });
const hs512 = () => {
	const input = [{ alg: "HS512", typ: "JWT" }, { iss: "portal", aud: "jitsi", sub: host, room: "standup", exp: now() + 600 }]
		.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
	return `${input}.${createHmac("sha512", secrets.portal).update(input).digest("base64url")}`;
};
const emoji = () => sign(secrets.portal,
	`{"iss":"portal","aud":"jitsi","sub":"${host}","room":"standup","context":{"user":{"name":"Ann \\ud83c"}}}`);
const sso = (claims = {}, key = current) => key.token({ iss: "https://sso.example/realms/meet", ...claims });

// What mistakes are about; there is at least one of each.
const topics = [
	"no reason told", "what does not load", "who is moderator", "sub, room and tenant", "keys", "small print", "guests",
	"expiry and reconnects", "several issuers", "recorders", "tokens seen by others", "replay and revocation",
	"features and users", "Docker's settings", "Prosody's versions", "JaaS and Daily", "what to watch", "tokens for tests",
	"found and expected", "what is pasted",
];

// What to do is told by one of these, or by an option with its value.
const instruction = /\b(?:Add|add|Ask|Copy|Cut|Give|name|Open|Run|Set|send|Send|Use|Make|Delete|sign|Sign|take|unrevoke|Write|write|expected|put)\b| = /;

// Each: { name, of, reason, run, says } and how it is planted.
//   of       its topic
//   token    of the login, or a function that makes it; at: the host; params: of the connection's address
//   join     the room that is then entered
//   plant    instead: plant({ server, admin }) -> the refusal, { text, reference }
//   reason   by which it is refused; "stream": before it comes to a login; gets: what its bearer is in the room instead
//   run      the command: why with the reference, explain with the token, check of the host, denials or oddities
//   says     the sentence that this has to print; shows: what else, of found and expected
const mistakes = [
	// what was pasted, cut off or broken on the way
	{ name: "jwt= for token=", of: "no reason told", params: { jwt: jitsi() }, reason: "token-required", run: "why",
		says: "Write token= into the address that the client connects to" },
	{ name: "no token at all", of: "no reason told", reason: "token-required", run: "why",
		says: "the link has no token, or a proxy removed the query string. Write jwt= and the token behind it" },
	{ name: "a token without a dot", of: "no reason told", token: "eyJhbGciOiJIUzI1NiJ9", reason: "malformed", run: "why",
		says: "Copy the whole token: three parts with dots between them" },
	{ name: "the whole link pasted", of: "what is pasted", token: `https://meet.example/standup?jwt=${jitsi()}`,
		reason: "malformed", run: "why", says: "Write only the text after jwt= or token= in it" },
	{ name: "Bearer before it", of: "what is pasted", token: `Bearer ${jitsi()}`, reason: "malformed", run: "why",
		says: "Write only the text after Bearer, as in token=eyJ…" },
	{ name: "the JSON around it", of: "what is pasted", token: JSON.stringify({ token: jitsi() }), reason: "malformed", run: "why",
		says: "Write the value alone, as in token=eyJ…, not" },
	{ name: "its end cut off", of: "what is pasted", token: () => jitsi().slice(0, -3), reason: "signature-mismatch",
		run: "explain", says: "the end of the token was cut off. Copy the whole token" },
	{ name: "the token twice", of: "what is pasted", token: () => jitsi() + jitsi(), reason: "unsupported", run: "why",
		says: "the token appears twice. Write the token once" },
	{ name: "%2E for its dots", of: "what is pasted", token: jitsi().replaceAll(".", "%2E"), reason: "malformed", run: "why",
		says: "Write the token unchanged, because a token needs no encoding" },
	{ name: "a line break inside", of: "what is pasted", token: () => jitsi().replace(/^(.{60})/, "$1\n"), reason: "malformed",
		run: "why", says: "Write the token on one line: tr -d '[:space:]' < token.txt" },
	{ name: "a dot behind it", of: "what is pasted", token: () => `${jitsi()}.`, reason: "malformed", run: "why",
		says: "Write the token without the dot at its end" },
	{ name: "a name cut inside an emoji", of: "what is pasted", token: emoji, reason: "bad-json", run: "why",
		says: 'Cut names between characters: [...name].slice(0, 50).join("")' },
	{ name: "an old token beside a new one", of: "no reason told", token: jitsi(),
		headers: { Authorization: `Bearer ${jitsi({ room: "retro" })}` }, reason: "conflicting-tokens", run: "why",
		says: "or beside the Authorization header. Send only one token" },

	// whose token it is
	{ name: "an issuer that differs by case", of: "no reason told", token: jitsi({ iss: "Portal" }), reason: "unknown-issuer",
		run: "why", says: 'iss differs only in case or by a slash at its end. Write iss = "portal"' },
	{ name: "http for https in iss", of: "what is pasted", token: () => sso({ iss: "http://sso.example/realms/meet/" }),
		reason: "unknown-issuer", run: "why", says: 'Write iss = "https://sso.example/realms/meet"' },
	{ name: "quotes in app_id", of: "what is pasted", at: "quoted.example",
		token: () => portalAt("quoted.example", secretOf("quoted")), reason: "unknown-issuer", run: "why",
		says: 'has quotes or white space around it. Set it without them: app_id = "portal"' },
	{ name: "claims one level too deep", of: "no reason told",
		token: sign(secrets.portal, { payload: { iss: "portal", room: "standup" } }), reason: "unknown-issuer", run: "why",
		says: "the claims are one level too deep, in payload. Write them side by side" },
	{ name: "a JaaS token", of: "JaaS and Daily",
		token: () => rsa.token({ iss: "chat", aud: "jitsi", sub: "vpaas-magic-cookie-1" }), reason: "unknown-issuer", run: "why",
		says: "or another, or add an entry with this issuer", shows: ['iss = "chat"'] },
	{ name: "an app id that no entry has", of: "found and expected", token: jitsi({ iss: "moodle" }), reason: "unknown-issuer",
		run: "explain", says: 'no entry has this iss. Write iss = "portal", "https://sso.example/realms/meet", "down" or another',
		shows: ['unknown-issuer {"alg":"HS256","iss":"moodle"} expected', '"iss":["asap","brief","down",'] },
	{ name: "Daily's and Jitsi's claims together", of: "JaaS and Daily", token: daily({ room: "standup", iss: "portal" }),
		reason: "ambiguous-claims", run: "why",
		says: "Write only d and r for Daily, or only iss, sub, room and context for Jitsi" },

	// keys
	{ name: "a newline behind the issuer's secret", of: "no reason told", token: jitsi({}, `${secrets.portal}\n`),
		reason: "signature-mismatch", run: "why", says: 'Give the issuer the secret alone: printf %s "$SECRET", not echo' },
	{ name: "quotes of a .env around the secret", of: "Docker's settings", at: "dotenv.example",
		token: () => portalAt("dotenv.example", secretOf("dotenv")), reason: "signature-mismatch", run: "why",
		says: 'as in a .env file, and the issuer\'s secret is not. Write the secret alone: printf %s "$SECRET" > FILE' },
	{ name: "white space in the secret", of: "what is pasted", at: "spaces.example",
		token: () => portalAt("spaces.example", secretOf("spaces")), reason: "signature-mismatch", run: "why",
		says: "begins or ends with white space, and the issuer's secret does not. Write the secret alone" },
	{ name: "hex in capital letters", of: "what is pasted", at: "capitals.example", token: () => portalAt("capitals.example", hex),
		reason: "signature-mismatch", run: "why",
		says: "is hex in capital letters, and the issuer's secret is hex in small letters. Use one text unchanged" },
	{ name: "a secret of a web page for tests", of: "tokens for tests", token: jitsi({}, "a-string-secret-at-least-256-bits-long"),
		reason: "signature-mismatch", run: "why",
		says: "a secret from examples that everybody knows. Give the issuer the entry's secret" },
	{ name: "a tenant's token with another's secret", of: "several issuers", token: daily({}, "acme", secrets.zeta),
		reason: "signature-mismatch", run: "why",
		says: "the token names this entry, but is signed with the key of the entry zeta. Write",
		shows: ['expected {"alg":"HS256","entry":"acme"}'] },
	{ name: "HS512 with the HS256 secret", of: "what is pasted", token: hs512, reason: "algorithm-mismatch", run: "why",
		says: 'Set signature_algorithm = "HS512"', shows: ['expected {"alg":["HS256"]}'] },
	{ name: "RS256 where the entry has a secret", of: "keys", token: () => rsa.token({ iss: "portal" }),
		reason: "algorithm-mismatch", run: "why", says: 'Set signature_algorithm = "RS256"' },
	{ name: "HS256 where the entry has a public key", of: "keys", at: "rsa.example",
		token: () => portalAt("rsa.example", secretOf("rsa")), reason: "algorithm-mismatch", run: "why",
		says: 'the token is signed with a shared secret, but the entry has public keys. Sign it with the private key and alg = "RS256"' },
	{ name: "a kid that the provider no longer has", of: "keys", token: () => sso({}, stranger), reason: "unknown-key",
		run: "explain", says: 'Ask the provider for a new token, and compare its kid' },
	{ name: "a key server that is down", of: "keys", token: () => current.token({ iss: "down" }), reason: "keys-unavailable",
		run: "why", says: "its source does not answer (status 503). Run prosodyctl shell meetauth keys" },
	{ name: "KID.pem on an ASAP server", of: "keys", token: () => current.token({ iss: "asap" }), reason: "unknown-key",
		run: "why", says: "Write the public key to HEX.pem on that server, where HEX is the SHA-256 of the kid in hex" },
	{ name: "file:// for a key server", of: "keys", at: "filed.example", reason: "stream", run: "check",
		says: 'asap_key_server: found "file:///etc/prosody/keys", expected an https address' },

	// what it says
	{ name: "exp as a string", of: "small print", token: jitsi({ exp: String(now() + 600) }), reason: "bad-claim", run: "why",
		says: 'exp is a number in quotes. Write the number without quotes: "exp": 1767225600' },
	{ name: "exp as a duration", of: "what to watch", token: jitsi({ exp: 3600 }), reason: "expired", run: "denials",
		says: "exp looks like a duration, but exp is a time in seconds since 1970. Write exp = now + 3600" },
	{ name: "an old link after a break in the connection", of: "expiry and reconnects", token: () => jitsi({ exp: now() - 90 }),
		reason: "expired", run: "why",
		says: /the token expired \d+ (seconds|minutes?) ago\. Sign a new token, for example with exp = now \+ 3600/ },
	{ name: "an issuer's clock that is ahead", of: "small print", token: () => jitsi({ nbf: now() + 300, iat: now() + 300 }),
		reason: "not-yet-valid", run: "why", says: "Set both clocks by NTP: timedatectl set-ntp true" },
	{ name: "nbf tomorrow", of: "no reason told", token: () => jitsi({ nbf: now() + 86400 }), reason: "not-yet-valid", run: "why",
		says: "nbf is in the future. Write nbf = now" },
	{ name: "an old token", of: "expiry and reconnects", token: () => by("brief", { iat: now() - 3600 }), reason: "too-old",
		run: "why", says: "Sign a new token with iat = now, or set a longer max_age" },
	{ name: "no aud", of: "no reason told", token: jitsi({ aud: undefined }), reason: "audience-mismatch", run: "why",
		says: 'the token has no aud. Write aud = "jitsi"' },
	{ name: "another service's aud", of: "small print", token: jitsi({ aud: ["account", "moodle"] }), reason: "audience-mismatch",
		run: "why", says: 'aud names another service. Write aud = "jitsi", or add that service to the entry\'s audience' },
	{ name: "an access token", of: "small print", token: jitsi({}, secrets.portal, { alg: "HS256", typ: "at+jwt" }),
		reason: "type-mismatch", run: "why", says: "Ask for an ID token, or set typ = " },
	{ name: "no room", of: "small print", token: jitsi({ room: undefined }), reason: "missing-claim", run: "why",
		says: 'the token has no room. Write the room\'s name into it: room = "standup"' },
	{ name: "no sub", of: "sub, room and tenant", token: jitsi({ sub: undefined }), reason: "missing-claim", run: "why",
		says: `the token has no sub, and domain_verification needs it. Write sub = "${host}"` },
	{ name: "text for the user", of: "features and users", token: jitsi(user("Ann")), reason: "bad-claim", run: "why",
		says: 'context.user must be an object. Write "user": { … }' },
	{ name: "a pattern that is none", of: "found and expected",
		token: jitsi({ room: "team-[", context: { room: { regex: true } } }), reason: "bad-claim", run: "why",
		says: "context.room.regex says that room is a Lua pattern, but it is not. Write a Lua pattern", shows: ['expected {"room":"a Lua pattern'] },
	{ name: "Daily's room with a star", of: "JaaS and Daily", token: daily({ r: "*" }), reason: "bad-claim", run: "why",
		says: 'r must name one room, without * and patterns. Write the room\'s name, such as r = "standup"' },

	// where it leads
	{ name: "the app id in sub", of: "sub, room and tenant", token: jitsi({ sub: "portal" }), join: "standup",
		reason: "room-mismatch", run: "why",
		says: `sub is the app id, but must be the server's own domain. Write sub = "${host}"` },
	{ name: "the public domain in sub", of: "sub, room and tenant", token: jitsi({ sub: "meet.example.org" }), join: "standup",
		reason: "room-mismatch", run: "explain",
		says: `sub looks like the domain in the browser's address, but must be the server's own domain. Write sub = "${host}"`,
		shows: [`tenant FAIL room-mismatch "meet.example.org" expected ${host}`] },
	{ name: "an address in room", of: "sub, room and tenant", token: jitsi({ room: "https://meet.example/standup" }),
		join: "standup", reason: "room-mismatch", run: "why",
		says: 'room is an address. Write the room\'s name alone: room = "standup"' },
	{ name: "a link to another room than the token's", of: "sub, room and tenant", token: jitsi({ room: "retro" }),
		join: "standup", reason: "room-mismatch", run: "why",
		says: 'from the link into room (for Daily into r): room = "standup"' },
	{ name: "a star in room that nobody was told of", of: "sub, room and tenant", token: jitsi({ room: "team-*" }),
		join: "team-one", reason: "room-mismatch", run: "explain", says: 'Write "room": { "glob": true } into context to make it a pattern',
		shows: ['room FAIL room-mismatch "team-*" expected team-one'] },
	{ name: "a tenant's entry at a plain room", of: "several issuers", token: daily({}, "zeta"), join: "standup",
		reason: "room-mismatch", run: "why", says: "Open the link with the tenant in it: https://meet.example/zeta/standup" },
	{ name: "a room that the entry does not open", of: "several issuers", token: () => by("teams"), join: "standup",
		reason: "room-mismatch", run: "why", says: 'Add its name to rooms, as in rooms = { "standup", "team-*" }' },
	{ name: "a room that only its focus opens", of: "Prosody's versions", at: "restricted.example",
		token: () => portalAt("restricted.example", secretOf("restricted")), join: "standup", reason: "room-not-open", run: "why",
		says: "Write its account, such as focus@auth.<your domain>, into admins of that component" },

	// the server
	{ name: "modules that are not installed", of: "what does not load", plant: uninstalled, reason: "stream", run: "check",
		says: "add their folder to plugin_paths, at the top of the configuration",
		shows: ["Prosody cannot find mod_auth_meetauth"] },
	{ name: "a token without rights, for moderator is a string", of: "who is moderator", token: jitsi(user({ moderator: "True" })),
		join: "standup", gets: "member", run: "oddities",
		says: 'moderator is neither true nor false, so it is ignored. Write "moderator": true' },
	{ name: "moderator where nobody looks", of: "who is moderator", token: jitsi({ context: { moderator: true } }),
		join: "standup", gets: "member", run: "explain",
		says: 'moderator is in the wrong place, so it is ignored. Write { "context": { "user": { "moderator": true } } }' },
	{ name: "a feature that is neither true nor false", of: "features and users",
		token: jitsi({ context: { features: { recording: "yes" } } }), join: "standup", gets: "member", run: "explain",
		says: "a value in context.features is neither true nor false. Write true or false" },
	{ name: "the MUC half not loaded", of: "sub, room and tenant", at: "bare.example",
		token: () => portalAt("bare.example", secretOf("bare")), reason: "enforcement-missing", run: "check",
		says: 'add "muc_meetauth" to modules_enabled of Component "conference.bare.example"' },
	{ name: "an environment variable that is not set", of: "Docker's settings", at: "unset.example", reason: "stream",
		run: "check", says: "app_secret: found nil, expected both app_id and app_secret" },
	{ name: "a recorder without an exemption", of: "recorders", plant: recorder, reason: "token-required", run: "check",
		says: `set meetauth_exempt = { "recorder.${host}" } on that component` },
	{ name: "guests on a host that is not named", of: "guests", at: `guest.${host}`, join: "standup", reason: "token-required",
		run: "check", says: `set meetauth_foreign_hosts = { "guest.${host}" } on this VirtualHost` },
	{ name: "a link that was taken back", of: "replay and revocation", plant: revoked, reason: "revoked", run: "why",
		says: "run prosodyctl shell meetauth revoked to list the revocations. Run unrevoke to cancel one" },
	{ name: "a page loaded again with a token for one use", of: "replay and revocation", plant: usedTwice, reason: "already-used",
		run: "why", says: "or loaded the page again. Sign a new token for each login" },
	{ name: "an entry still on trial", of: "what to watch", token: () => by("trial"), reason: "observed-only", run: "why",
		says: 'the entry has mode = "observe". Delete it to let people in' },
	{ name: "a token as an argument", of: "tokens seen by others", token: () => jitsi({ exp: 1 }), reason: "expired",
		run: "explain TOKEN", says: "do not write a token as an argument, because other users can see it. Write it into a file, or to standard input" },
];

// Whose rooms they are that people of a host enter.
const homes = { [`guest.${host}`]: host, [`recorder.${host}`]: host };
const homeOf = (at) => homes[at] ?? at;

async function refusalOf(server, { at = host, token, params, headers, join: name }) {
	const session = await connect({ url: server.ws, host: at, token, params, headers });
	if (session.refused) return session.refused;
	const joined = name && await session.join(`${name}@conference.${homeOf(at)}`, "me");
	await session.close();
	return joined?.refused ?? { gets: joined?.affiliation };
}

// The recorder's host needs an account: its presence, as Prosody has it behind the login.
async function recorder({ server, admin }) {
	const from = server.log().length;
	await inside(admin, `module:send(require "util.stanza".presence({ from = "jibri@recorder.${host}/r", to = "${room("standup")}/jibri" })
		:tag("x", { xmlns = "http://jabber.org/protocol/muc" })); return true`);
	const [, text, reference] = await server.waitForLog(/Join refused: ([a-z-]+) \((\w{6})\)/, undefined, from);
	return { text, reference };
}

async function revoked({ server }) {
	const { code, stdout } = await server.prosodyctl("shell", "meetauth", "revoke", "jti", "lost", `host=${host}`);
	assert.equal(code, 0, stdout);
	return refusalOf(server, { token: jitsi({ jti: "lost" }) });
}

async function usedTwice({ server }) {
	const token = by("once", { jti: "1" });
	assert.equal((await refusalOf(server, { token })).text, undefined);
	return refusalOf(server, { token });
}

async function uninstalled() {
	const server = await startProsody({ config: site(host, portalBy(secretOf("bare"))) });
	return { ...await refusalOf(server, { token: portalAt(host, secretOf("bare")) }), server };
}

const flat = (text) => text.replaceAll(/\s+/g, " ");
const isIn = (text, part) => (part instanceof RegExp ? part.test(text) : text.includes(part));

test("mistakes", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	keys.on("/certs", setOf(current));
	keys.on("/down", (request, response) => response.writeHead(503).end());
	keys.on(`/asap/${current.kid}.pem`, current.pem);
	const server = await startProsody({ config: configOf(keys), prefix: withSpecModules() });
	const started = server.log().length; // until then Prosody tells where modules stop at a wrong option
	const admin = await connect({ url: server.ws, host, token: jitsi({ room: "*" }) });

	const shell = async (...args) => {
		const { stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		return stdout + stderr;
	};
	const command = async (at, args, input) => {
		const { out, err } = await meetauthOf(at)(args, input);
		return out + err;
	};
	const commands = {
		why: (_, { reference }) => shell("why", reference),
		explain: ({ at = host, token, join: name }) => command(server, ["explain", "--host", at, ...(name ? ["--room", name] : [])], token),
		"explain TOKEN": ({ token }) => command(server, ["explain", "--host", host, token]),
		check: ({ at = host }, { server: where = server }) => command(where, ["check", "--host", homeOf(at)]),
		denials: () => shell("denials", host),
		oddities: () => shell("oddities", host),
	};

	for (const mistake of mistakes) {
		await t.test(`${mistake.name} (${mistake.of})`, async () => {
			const row = { ...mistake, token: typeof mistake.token === "function" ? mistake.token() : mistake.token };
			const refusal = await (row.plant ? row.plant({ server, admin }) : refusalOf(server, row));
			assert.equal(refusal.gets ?? refusal.text ?? refusal.stage, row.gets ?? row.reason);
			const words = flat(await commands[row.run](row, refusal));
			for (const part of [row.says, ...row.shows ?? []]) assert.ok(isIn(words, part), `${part}\n${words}`);
		});
	}

	await t.test("they are of all sorts, and each has its own sentence, which says what to do", () => {
		const sentences = mistakes.map(({ says }) => says.source ?? says);
		assert.deepEqual(sentences.filter((one, i) => sentences.indexOf(one) !== i), []);
		assert.deepEqual(sentences.filter((one) => !instruction.test(one)), []);
		assert.deepEqual(new Set(mistakes.map(({ of }) => of)), new Set(topics));
	});

	await t.test("no token is in the log, and no traceback", async () => {
		await admin.close();
		assert.doesNotMatch(server.log(), anyToken);
		assert.doesNotMatch(server.log().slice(started), traceback);
	});
});
