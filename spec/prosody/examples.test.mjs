// The guides under examples/, followed to the letter on a live Prosody: the tokens that each describes get in
// as it says, and others do not.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { debianFolders, fill, read, runs, startExample } from "./support/example.mjs";
import { meetauthOf } from "./support/command.mjs";
import { blocks, container, variables } from "./support/guide.mjs";
import { luaPaths } from "./support/install.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const secret = specSecret("s");
const stranger = specSecret("u");
const blanks = { "<your secret>": secret, "<your TURN secret>": "t" };

// The claims that a guide shows, with a time that is good today.
const shownClaims = (guide) => ({ ...JSON.parse(blocks(guide, "json")[0]), exp: now() + 600 });

// Tokens of the portal that the guides for Jitsi speak of.
const portal = (sub) => {
	const token = (claims = {}, by = secret) => sign(by, { iss: "portal", aud: "jitsi", sub, room: "standup", exp: now() + 600, ...claims });
	const moderator = (value) => ({ context: { user: { id: "ann", name: "Ann", moderator: value } } });
	return [
		{ name: "a moderator", token: token(moderator(true)), want: "owner" },
		{ name: "not a moderator", token: token(moderator(false)), want: "member" },
		{ name: "nothing said of rights", token: token(), want: "member" },
		{ name: "a token for all rooms", token: token({ room: "*" }), room: "retro", want: "member" },
		{ name: "another room's token", token: token({ room: "retro" }), want: "room-mismatch" },
		{ name: "another domain's token", token: token({ sub: "other.example" }), want: "room-mismatch" },
		{ name: "an expired token", token: token({ exp: now() - 60 }), want: "expired" },
		{ name: "another iss", token: token({ iss: "elsewhere" }), want: "unknown-issuer" },
		{ name: "a token by another secret", token: token({}, stranger), want: "signature-mismatch" },
	];
};

const without = (want) => ({ name: "no token", token: undefined, want });

test("examples/jitsi-debian", { timeout: TEST }, async (t) => {
	const site = { host: "meet.example.org", muc: "conference.meet.example.org" };
	const config = fill(read("jitsi-debian/meet.example.org.cfg.lua"), blanks);
	const guide = read("jitsi-debian/README.md");
	const [paths, login, rooms, guests] = blocks(guide, "lua").map((text) => fill(text, blanks));
	const [, mint, expired, explain] = blocks(guide, "sh").map((text) => text.trim().split(" "));

	await t.test("the lines of the guide stand in the whole configuration", () => {
		for (const line of `${paths}${login}${rooms}`.trim().split("\n")) assert.ok(config.includes(line), line);
	});

	await t.test("as written", async (inner) => {
		const server = await startExample(config, { folders: debianFolders });
		const link = async ([name, ...args]) => {
			assert.equal(name, "meetauth");
			const { status, out, err } = await meetauthOf(server)(args);
			assert.equal(status, 0, err);
			assert.match(out, /^https:\/\/meet\.example\.org\/standup\?jwt=\S+\n$/);
			return out.trim().split("jwt=")[1];
		};
		const late = await link(expired);
		await runs(inner, server, site, [
			{ name: "the link of the guide", token: await link(mint), want: "owner" },
			{ name: "the link that has expired", token: late, want: "expired" },
			...portal(site.host), without("token-required"),
		]);
		await inner.test("the guide's line explains the refusal", async () => {
			assert.deepEqual([explain[0], explain.at(-1)], ["meetauth", "token.txt"]);
			const ran = await meetauthOf(server)([...explain.slice(1, -1), "-"], late);
			assert.equal(ran.status, 1);
			assert.match(ran.out, /exp\sFAIL\sexpired/);
		});
	});

	await t.test("with guests", async (inner) => {
		const server = await startExample(config.replace('authentication = "meetauth"', `$&\n${guests}`), { folders: debianFolders });
		await runs(inner, server, site, [...portal(site.host), without("none")]);
	});
});

// Which line of the generated configuration a variable ends up in.
const generated = {
	JWT_AUTH_TYPE: (value) => `authentication = "${value}"`,
	JWT_TOKEN_AUTH_MODULE: (value) => `"${value}";`,
	JWT_APP_ID: (value) => `app_id = "${value}"`,
	JWT_APP_SECRET: (value) => `app_secret = "${value}"`,
	JWT_ACCEPTED_ISSUERS: (value) => `asap_accepted_issuers = { "${value}" }`,
	JWT_ACCEPTED_AUDIENCES: (value) => `asap_accepted_audiences = { "${value}" }`,
	GLOBAL_MODULES: (value) => `"${value}"; -- GLOBAL_MODULES`,
	XMPP_MODULES: (value) => `"${value}";`,
	JWT_ENABLE_DOMAIN_VERIFICATION: (value) => `enable_domain_verification = ${value === "1"}`,
};

// What a guide's line comes to in a container of docker-jitsi-meet: { code, out }.
//   docker compose logs prosody | grep TEXT
//   docker compose exec [-T] prosody COMMAND ARGUMENT ... [< FILE]: prosodyctl, or a command under /usr/local/bin
async function inContainer(line, server, prefix, files) {
	const [, searched] = line.match(/^docker compose logs prosody \| grep (\S+)$/) ?? [];
	if (searched) {
		const out = server.log().split("\n").filter((one) => one.includes(searched)).join("\n");
		return { code: out ? 0 : 1, out };
	}
	const [, flag, name, rest, file] = line.match(/^docker compose exec( -T)? prosody (\w+) (.*?)(?: < (\S+))?$/);
	assert.equal(flag !== undefined, file !== undefined, "a file goes in where there is no terminal");
	const args = rest.split(" ");
	const at = args.indexOf("--config") + 1;
	assert.equal(args[at], "/run/prosody/config/prosody.cfg.lua");
	if (name === "prosodyctl") {
		assert.equal(at, 1);
		const { code, stdout, stderr } = await server.prosodyctl(...args.slice(2));
		return { code, out: stdout + stderr };
	}
	args[at] = join(server.folder, "prosody.cfg.lua");
	const env = {
		...process.env, ...luaPaths(prefix), MEETAUTH_PROSODY: join(server.folder, "prosody"), PROSODY_DATA: server.dataDir,
		PROSODY_PREFIX: join(server.folder, "prefix"), PROSODY_HTTP_PORT: new URL(server.http).port,
	};
	const ran = spawnSync(join(prefix, "bin", name), args, { env, input: file ? files[file] : "", encoding: "utf8", timeout: PATIENCE });
	return { code: ran.status, out: ran.stdout + ran.stderr };
}

test("examples/jitsi-docker", { timeout: TEST }, async (t) => {
	const site = { host: "meet.jitsi", muc: "muc.meet.jitsi" };
	const guide = read("jitsi-docker/README.md");
	const config = fill(read("jitsi-docker/jitsi-meet.cfg.lua"), blanks);
	const env = variables(fill(read("jitsi-docker/env"), blanks));
	const prefix = container(blocks(guide, "sh")[0].trim(), read("jitsi-docker/docker-compose.override.yml"));
	const folders = { "/prosody-plugins-custom": "prosody-plugins-custom", "/prosody-plugins/": "jitsi" };
	const claims = shownClaims(guide);
	const example = { name: "the token that is shown", token: sign(secret, claims), want: "owner" };

	await t.test("the volume brings the modules that the variables name", () => {
		assert.deepEqual(readdirSync(join(prefix, "prosody-plugins-custom")).sort(),
			[`mod_auth_${env.JWT_AUTH_TYPE}`, `mod_${env.JWT_TOKEN_AUTH_MODULE}`, "mod_shell_meetauth"].sort());
	});

	await t.test("the variables stand in the configuration", () => {
		for (const [name, line] of Object.entries(generated)) assert.ok(config.includes(line(env[name])), name);
	});

	await t.test("as written", async (inner) => {
		const server = await startExample(config, { prefix, folders });
		const aud = { name: "another aud", token: sign(secret, { ...claims, aud: "other" }), want: "audience-mismatch" };
		await runs(inner, server, site, [example, aud, ...portal(site.host), without("token-required")]);
	});

	await t.test("the lines of the guide, when somebody does not get in", async () => {
		const server = await startExample(config, { prefix, folders });
		const expired = sign(secret, { ...claims, exp: now() - 60 });
		await (await connect({ url: server.ws, host: site.host, token: sign(secret, { ...claims, exp: undefined }) })).close();
		const { refused } = await connect({ url: server.ws, host: site.host, token: expired });
		const lines = blocks(guide, "sh")[1].trim().split("\n").map((line) => line.replaceAll("abc234", refused.reference));
		const expected = [
			{ line: /logs/, code: 0, says: /Meeting token refused: expired/ },
			{ line: / why /, code: 0, says: /reason +expired[^]*login at meet\.jitsi/ },
			{ line: / denials$/, code: 0, says: new RegExp(`${refused.reference} +login +meet\\.jitsi .*expired[^]*1 refusal`) },
			{ line: / oddities$/, code: 0, says: /meet\.jitsi .*the token has no exp[^]*1 odd thing/ },
			{ line: / explain /, code: 1, says: /exp\sFAIL\sexpired/ },
			{ line: / check /, code: 0, says: /admin_shell/ },
		];
		assert.equal(lines.length, expected.length);
		for (const [i, { line, code, says }] of expected.entries()) {
			assert.match(lines[i], line);
			const ran = await inContainer(lines[i], server, prefix, { "token.txt": `${expired}\n` });
			assert.match(ran.out, says, lines[i]);
			assert.equal(ran.code, code, ran.out);
		}
	});

	await t.test("with another issuer, as XMPP_CONFIGURATION brings it", async (inner) => {
		const value = variables(blocks(guide, "env")[0]).XMPP_CONFIGURATION.replace(/^'(.*)'$/, "$1");
		assert.ok(!value.includes(","), "the image splits it at commas");
		const keys = await startKeyServer();
		const key = newKey("k1", "RS256");
		keys.on("/certs", (_, response) => response.end(setOf(key)));
		const line = value.replace(/jwks_url = "[^"]*"/, `jwks_url = "${keys.url}/certs"`);
		const server = await startExample(config.replace(/^VirtualHost "meet\.jitsi"$/m, `$&\n\t${line}`), { prefix, folders });
		const ofKeycloak = (roles) => key.sign({ iss: "https://sso.example.org/realms/meet", aud: "jitsi", sub: "u1", exp: now() + 600, realm_access: { roles } });
		await runs(inner, server, site, [
			{ name: "a moderator of the realm", token: ofKeycloak(["moderator"]), want: "owner" },
			{ name: "somebody else of the realm", token: ofKeycloak([]), want: "member" },
			...portal(site.host),
		]);
	});

	await t.test("without domain verification", async (inner) => {
		const server = await startExample(config.replace("enable_domain_verification = true", "enable_domain_verification = false"), { prefix, folders });
		const rows = portal(site.host).map((row) => (row.name === "another domain's token" ? { ...row, want: "member" } : row));
		await runs(inner, server, site, [
			example, ...rows,
			{ name: "no sub", token: sign(secret, { ...claims, sub: undefined }), want: "owner" },
			{ name: "another tenant's sub in a tenant's room", token: sign(secret, { ...claims, sub: "beta" }), room: "[acme]standup", want: "room-mismatch" },
		]);
	});
});
