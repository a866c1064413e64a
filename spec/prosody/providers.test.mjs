// Identity providers: the guides in examples/ for Keycloak, Auth0, Firebase, Entra ID and tokens as for JaaS, followed
// on a live Prosody that fetches their keys from a real web server, in the form in which each of them publishes keys.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { fill, read, runs, startExample } from "./support/example.mjs";
import { blocks } from "./support/guide.mjs";
import { meetauthOf } from "./support/command.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { asapPath, certified, newKey, startKeyServer } from "./support/keyserver.mjs";
import { TEST } from "./support/patience.mjs";
import { now, sign } from "./support/token.mjs";

const site = { host: "meet.example.org", muc: "conference.meet.example.org", focus: false };
const folders = { "/usr/local/share/lua/5.4": "share/lua/5.4" };
// A key as a provider has it: RSA, with a certificate; its JWK names no algorithm unless the provider does.
function providerKey(kid) {
	const key = newKey(kid, "RS256");
	const { alg, ...jwk } = key.jwk;
	return { ...key, ...certified(key), jwk };
}

const stranger = providerKey("stranger");
const tokenOf = (key, claims, header) => key.sign(claims, header);

// What a provider's address answers: a text or an object, fresh for an hour.
const document = (content) => (_, response) => {
	const type = typeof content === "string" ? "application/x-pem-file" : "application/json; charset=utf-8";
	response.writeHead(200, { "Content-Type": type, "Cache-Control": "public, max-age=3600" });
	response.end(typeof content === "string" ? content : JSON.stringify(content));
};

// A line of a guide that judges the token in token.txt, run with the server's configuration.
function judge(server, line, token) {
	const [command, ...args] = line.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ""));
	assert.deepEqual([command, args.pop()], ["meetauth", "token.txt"]);
	return meetauthOf(server)([...args, "-"], token);
}

const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

// What every provider's people and strangers come to. 'good' makes a token with claims changed.
function common({ key, claims }) {
	const good = (changed = {}, header = {}, by = key) => tokenOf(by, { ...claims, ...changed }, { kid: key.kid, ...header });
	return [
		{ name: "the token that is shown", token: good(), want: "owner" },
		{ name: "an expired token", token: good({ exp: now() - 60 }), want: "expired" },
		{ name: "another iss", token: good({ iss: `${claims.iss}x` }), want: "unknown-issuer" },
		{ name: "another aud", token: good({ aud: ["account", "other"] }), want: "audience-mismatch" },
		{ name: "aud among others", token: good({ aud: ["other", [claims.aud].flat()[0]] }), want: "owner" },
		{ name: "aud as one string", token: good({ aud: [claims.aud].flat()[0] }), want: "owner" },
		{ name: "a stranger's key under the same kid", token: good({}, {}, stranger), want: "signature-mismatch" },
		{ name: "a kid that nobody publishes", token: good({}, { kid: "nobody" }), want: "unknown-key" },
		{ name: "HS256 with the public key as secret", token: sign(key.pem, claims, { alg: "HS256", typ: "JWT", kid: key.kid }), want: "algorithm-mismatch" },
		{ name: "an access token of another type", token: good({}, { typ: "at+jwt" }), want: "type-mismatch" },
		{ name: "no token", token: undefined, want: "token-required" },
	];
}

const plainRooms = (token) => [
	{ name: "the same in any other room", token, room: "retro", want: "owner" },
	{ name: "the same in a tenant's room", token, room: "[acme]standup", want: "room-mismatch" },
];

// What a claim about moderators comes to: [what, the claims changed, what of it].
const moderators = ({ key, claims }, rows) =>
	rows.map(([name, changed, want]) => ({ name, token: tokenOf(key, changed(claims)), want }));

const providers = {
	keycloak: {
		address: "https://sso.example.org/realms/meet/protocol/openid-connect/certs",
		path: "/realms/meet/protocol/openid-connect/certs",
		// beside the signing key there is one for encryption
		document: (key, next) => ({ keys: [
			{ ...next.jwk, alg: "RSA-OAEP", use: "enc", x5c: next.x5c, x5t: next.x5t, "x5t#S256": "o0" },
			{ ...key.jwk, alg: "RS256", x5c: key.x5c, x5t: key.x5t, "x5t#S256": "o1" },
		] }),
		rows: (provider) => [
			...plainRooms(tokenOf(provider.key, provider.claims)),
			...moderators(provider, [
				["without the role", (claims) => ({ ...claims, realm_access: { roles: ["offline_access"] } }), "member"],
				["without any role", (claims) => without(claims, "realm_access"), "member"],
				["with the role as a string", (claims) => ({ ...claims, realm_access: { roles: "moderator" } }), "member"],
				["without the role, by context.user", (claims) => ({ ...claims, realm_access: {}, context: { user: { affiliation: "owner" } } }), "member"],
			]),
			{ name: "the key for encryption", token: tokenOf(provider.next, provider.claims), want: "unknown-key" },
		],
	},
	auth0: {
		address: "https://example.eu.auth0.com/.well-known/jwks.json",
		path: "/.well-known/jwks.json",
		// the key in use and the next one
		document: (key, next) => ({ keys: [key, next].map(({ jwk, x5c, x5t }) => ({ kty: "RSA", use: "sig", n: jwk.n, e: jwk.e, kid: jwk.kid, x5t, x5c, alg: "RS256" })) }),
		rows: (provider) => [
			...plainRooms(tokenOf(provider.key, provider.claims)),
			...moderators(provider, [
				["without the role", (claims) => ({ ...claims, "https://meet.example.org/roles": [] }), "member"],
				["without the claim", (claims) => without(claims, "https://meet.example.org/roles"), "member"],
				["the claim without its name space", (claims) => ({ ...without(claims, "https://meet.example.org/roles"), roles: ["moderator"] }), "member"],
			]),
			{ name: "the next key", token: tokenOf(provider.next, provider.claims), want: "owner" },
			{ name: "iss without its slash", token: tokenOf(provider.key, { ...provider.claims, iss: "https://example.eu.auth0.com" }), want: "unknown-issuer" },
		],
	},
	firebase: {
		address: "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com",
		path: "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com",
		document: (key, next) => ({ [key.kid]: key.certificate, [next.kid]: next.certificate }),
		rows: (provider) => [
			...plainRooms(tokenOf(provider.key, provider.claims)),
			...moderators(provider, [
				["without the custom claim", (claims) => without(claims, "moderator"), "member"],
				["the custom claim as a word", (claims) => ({ ...claims, moderator: "true" }), "member"],
			]),
			{ name: "the next key", token: tokenOf(provider.next, provider.claims), want: "owner" },
			{ name: "another project's token by the same key", token: tokenOf(provider.key, { ...provider.claims, iss: "https://securetoken.google.com/other", aud: "other" }), want: "unknown-issuer" },
			{ name: "another project's aud", token: tokenOf(provider.key, { ...provider.claims, aud: "other" }), want: "audience-mismatch" },
		],
	},
	azure: {
		address: "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/discovery/v2.0/keys",
		path: "/aaaabbbb-0000-cccc-1111-dddd2222eeee/discovery/v2.0/keys",
		// no alg
		document: (key, next) => ({ keys: [key, next].map(({ jwk, x5c, x5t }) => ({
			kty: "RSA", use: "sig", kid: jwk.kid, x5t, n: jwk.n, e: jwk.e, x5c, cloud_instance_name: "microsoftonline.com",
			issuer: "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0",
		})) }),
		rows: (provider) => [
			...plainRooms(tokenOf(provider.key, provider.claims)),
			...moderators(provider, [
				["without the app role", (claims) => ({ ...claims, roles: ["Meeting.Watch"] }), "member"],
				["without any app role", (claims) => without(claims, "roles"), "member"],
			]),
			{ name: "a token of version 1", token: tokenOf(provider.key, { ...provider.claims, iss: "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/", ver: "1.0" }), want: "unknown-issuer" },
		],
	},
	jaas: {
		address: "https://keys.example.org/jaas",
		path: "/jaas",
		kids: ["vpaas-magic-cookie-0123456789abcdef0123456789abcdef/4f4910", "vpaas-magic-cookie-0123456789abcdef0123456789abcdef/5a5021"],
		documents: (...keys) => Object.fromEntries(keys.map((key) => [`/jaas${asapPath(key.kid)}`, key.pem])),
		tenant: "vpaas-magic-cookie-0123456789abcdef0123456789abcdef",
		rows: ({ key, next, claims }) => {
			const tenant = claims.sub;
			const user = (moderator) => ({ ...claims, context: { user: { name: "Ann", moderator } } });
			return [
				{ name: "the next key", token: tokenOf(next, claims), room: `[${tenant}]standup`, want: "owner" },
				{ name: "a plain room", token: tokenOf(key, claims), room: "standup", want: "room-mismatch" },
				{ name: "another application's room", token: tokenOf(key, claims), room: "[vpaas-magic-cookie-ff]standup", want: "room-mismatch" },
				{ name: "a plain room, by sub", token: tokenOf(key, { ...claims, sub: site.host }), room: "standup", want: "room-mismatch" },
				{ name: "a plain room, by any sub", token: tokenOf(key, { ...claims, sub: "*" }), room: "standup", want: "room-mismatch" },
				{ name: "moderator \"false\"", token: tokenOf(key, user("false")), room: `[${tenant}]standup`, want: "member" },
				{ name: "no moderator", token: tokenOf(key, user(undefined)), room: `[${tenant}]standup`, want: "member" },
				{ name: "a kid that is a path", token: tokenOf(key, claims, { kid: "../../etc/passwd" }), want: "unknown-key" },
			];
		},
	},
};

for (const [name, provider] of Object.entries(providers)) {
	test(`examples/${name}`, { timeout: TEST }, async (t) => {
		const guide = read(`${name}/README.md`);
		const config = read(`${name}/meet.example.org.cfg.lua`);
		const [key, next] = (provider.kids ?? ["9Xk1mZ0vQ", "B7yq3dPfW"]).map(providerKey);
		const issued = now() - 60;
		const shown = { ...JSON.parse(blocks(guide, "json")[0]), iat: issued, exp: now() + 600 };
		const claims = shown.nbf === undefined ? shown : { ...shown, nbf: issued };
		const server = await startKeyServer();
		const documents = provider.documents?.(key, next) ?? { [provider.path]: provider.document(key, next) };
		for (const [path, content] of Object.entries(documents)) server.on(path, document(content));

		const quoted = `"${provider.address}"`;
		assert.ok(config.includes(quoted), "the configuration names the provider's address");
		const prosody = await startExample(config.replace(quoted, `"${server.url}${provider.path}"`), { folders });

		const at = provider.tenant && `[${provider.tenant}]standup`;
		await t.test("the guide's lines judge a token as the server does", async () => {
			for (const line of blocks(guide, "sh").at(-1).trim().split("\n")) {
				for (const [exp, status, says] of [[claims.exp, 0, /join\s+ok[^\n]*owner|, as owner/], [now() - 60, 1, /expired/]]) {
					const ran = await judge(prosody, line, tokenOf(key, { ...claims, exp }));
					assert.equal(ran.status, status, line + ran.out + ran.err);
					assert.match(ran.out + ran.err, says, line);
				}
			}
		});

		const rows = [...common({ key, claims }), ...provider.rows({ key, next, claims })];
		await runs(t, prosody, site, rows.map((row) => ({ ...row, room: row.room ?? at })));
		await t.test("the keys were asked for, and not once for each login", () => {
			assert.ok(server.requests() > 0 && server.requests() < rows.length, server.paths().join(" "));
			assert.ok(server.paths().every((path) => path.startsWith(provider.path)));
		});
	});
}

test("examples/keycloak: its commands get a token from the realm, and show no password to other users", { timeout: TEST }, async (t) => {
	const asked = [];
	const token = "e30.e30.c2lnbmF0dXJl";
	const realm = createServer(async (request, response) => {
		const form = Object.fromEntries(new URLSearchParams(Buffer.concat(await request.toArray()).toString()));
		asked.push({ path: request.url, type: request.headers["content-type"], form });
		const good = form.password === "p&ss wörd%" || form.code === "a.b&c";
		response.writeHead(good ? 200 : 401, { "Content-Type": "application/json" });
		response.end(JSON.stringify(good ? { access_token: token, expires_in: 300, token_type: "Bearer", id_token: "x.y.z" } : { error: "invalid_grant" }));
	}).listen(0, "127.0.0.1");
	await once(realm, "listening");
	t.after(() => realm.close());
	const [password, code] = blocks(read("keycloak/README.md"), "sh").slice(0, 2).map((lines) =>
		lines.replaceAll("https://sso.example.org", `http://127.0.0.1:${realm.address().port}`));
	const [first, last] = [password.split("\n").at(0), password.trimEnd().split("\n").at(-1)];
	const run = async (lines, typed) => {
		const folder = makeFolder();
		const shell = spawn("bash", ["-c", lines], { cwd: folder, stdio: ["pipe", "ignore", "pipe"] });
		shell.stdin.end(`${typed}\n`);
		const errors = shell.stderr.toArray();
		await once(shell, "close");
		assert.equal(Buffer.concat(await errors).toString(), "");
		assert.equal(statSync(join(folder, "token.txt")).mode & 0o777, 0o600);
		return { token: readFileSync(join(folder, "token.txt"), "utf8"), answer: readFileSync(join(folder, "answer.json"), "utf8") };
	};

	assert.equal((await run(password, "p&ss wörd%")).token.trim(), token);
	const refused = await run(password, "wrong");
	assert.equal(refused.token, "");
	assert.match(refused.answer, /invalid_grant/);
	assert.equal((await run([first, code, last].join("\n"), "a.b&c")).token.trim(), token);
	const common = { path: "/realms/meet/protocol/openid-connect/token", type: "application/x-www-form-urlencoded" };
	const by = (typed) => ({ ...common, form: { grant_type: "password", client_id: "jitsi", username: "ann", password: typed } });
	assert.deepEqual(asked, [by("p&ss wörd%"), by("wrong"), { ...common, form: {
		grant_type: "authorization_code", client_id: "jitsi", redirect_uri: "https://meet.example.org/", code: "a.b&c",
	} }]);
});

test("examples/keycloak with the realm's keys in the configuration", { timeout: TEST }, async (t) => {
	const guide = read("keycloak/README.md");
	const [old, realm] = [providerKey("9Xk1mZ0vQ"), providerKey("B7yq3dPfW")];
	const line = fill(blocks(guide, "lua")[0], {
		"<your realm's old public key, as PEM>": old.pem.replaceAll("\n", "\\n"),
		"<your realm's new public key, as PEM>": realm.pem.replaceAll("\n", "\\n"),
	});
	const config = read("keycloak/meet.example.org.cfg.lua").replace(/\t*jwks_url = .*\n/, () => line);
	const server = await startExample(config, { folders });
	const claims = { ...JSON.parse(blocks(guide, "json")[0]), exp: now() + 600 };
	await runs(t, server, site, [
		{ name: "the new key", token: tokenOf(realm, claims), want: "owner" },
		{ name: "the old key", token: tokenOf(old, claims), want: "owner" },
		{ name: "another realm's key", token: tokenOf(stranger, claims), want: "signature-mismatch" },
		{ name: "no token", token: undefined, want: "token-required" },
	]);
});
