// The configurations of the README and of the modules' pages on a live Prosody: with a secret filled in, each lets in the tokens
// that fit it and refuses others; as it stands, it does not load.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { installed } from "./support/install.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { TEST } from "./support/patience.mjs";
import { read } from "./support/example.mjs";
import { blocks, container as contents } from "./support/guide.mjs";
import { block, environment } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const secrets = { "<your secret>": specSecret("s"), "<your other secret>": specSecret("t") };
const [secret, otherSecret] = Object.values(secrets);
const stranger = specSecret("u");

const withSecrets = (config) => Object.entries(secrets).reduce((text, [from, to]) => text.replaceAll(from, to), config);
const withPaths = (config) => config.replaceAll('"/usr/local/share/lua/5.4"', 'ENV_PROSODY_PREFIX .. "/share/lua/5.4"');

// A Prosody with what the live specs have in common, except the plugin_paths: the README has its own.
function start(config, prefix) {
	const preamble = readFileSync(new URL("support/preamble.cfg.lua", import.meta.url), "utf8");
	const configFile = join(makeFolder(), "prosody.cfg.lua");
	writeFileSync(configFile, `${preamble.replace(/^plugin_paths.*$/m, "")}\n${config}`);
	return startProsody({ configFile, prefix });
}

const exp = () => now() + 600;
const jitsi = (sub, claims = {}, by = secret) => sign(by, { iss: "portal", aud: "jitsi", sub, room: "standup", exp: exp(), ...claims });
const daily = (claims = {}, by = otherSecret) =>
	sign(by, { d: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", r: "standup", iat: now(), exp: exp(), ...claims });

// The word of what came of it: "owner" or "member" for who is in, else the reason.
async function outcome(server, host, muc, token) {
	const session = await connect({ url: server.ws, host, token });
	if (session.refused) return session.refused.text.split(/\s/)[0];
	const joined = await session.join(`standup@${muc}`, "guest");
	await session.close();
	return joined.refused ? joined.refused.text.split(/\s/)[0] : joined.affiliation;
}

async function runs(t, server, host, muc, rows) {
	for (const [name, token, want] of rows) {
		await t.test(`${name}: ${want}`, async () => assert.equal(await outcome(server, host, muc, token), want));
	}
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
}

const jitsiRows = (sub) => [
	["a moderator", jitsi(sub, { context: { user: { name: "Ann", moderator: true } } }), "owner"],
	["somebody else", jitsi(sub), "member"],
	["another room's token", jitsi(sub, { room: "retro" }), "room-mismatch"],
	["an expired token", jitsi(sub, { exp: now() - 60 }), "expired"],
	["a token by another secret", jitsi(sub, {}, stranger), "signature-mismatch"],
	["no token", undefined, "token-required"],
];

const configurations = [
	{
		heading: "Jitsi, from Debian packages", host: "meet.example.org", says: /app_secret\S*: found a string of 13 bytes \(weak-secret\)/,
		rows: [...jitsiRows("meet.example.org"), ["another domain's token", jitsi("meet.example"), "room-mismatch"]],
	},
	{
		heading: "Prosody, both dialects", host: "meet.example", says: /meetauth_issuers\[1\]\.secret\S*: found a string of 13 bytes \(weak-secret\)/,
		rows: [
			...jitsiRows("meet.example"),
			["a Daily owner", daily({ o: true }), "owner"],
			["a Daily participant", daily(), "member"],
			["a Daily token for another room", daily({ r: "retro" }), "room-mismatch"],
			["a Daily token by the Jitsi secret", daily({}, secret), "signature-mismatch"],
		],
	},
];

for (const name of ["auth", "muc", "shell"]) {
	configurations.push({
		page: `doc/prosody/mod_${name}_meetauth.md`, heading: "Configuration", host: "meet.example",
		says: /meetauth_issuers\[1\]\.secret\S*: found a string of 13 bytes \(weak-secret\)/, rows: jitsiRows("meet.example"),
	});
}

// A module's page leaves the plugin_paths to the README.
const lines = ({ page, heading }) =>
	page ? `plugin_paths = { "/usr/local/share/lua/5.4" }\n${block(heading, "lua", 0, page)}` : block(heading, "lua");

for (const configuration of configurations) {
	const { page = "README", heading, host, says, rows } = configuration;
	test(`${page}: ${heading}`, { timeout: TEST }, async (t) => {
		const server = await start(withPaths(withSecrets(lines(configuration))), installed());
		await runs(t, server, host, `conference.${host}`, rows);
	});

	test(`${page}: ${heading}, without a secret filled in`, { timeout: TEST }, async (t) => {
		const server = await start(withPaths(lines(configuration)), installed());
		assert.match(server.log(), says);
		const { refused } = await connect({ url: server.ws, host, token: jitsi(host) });
		assert.equal(refused?.stage, "stream"); // no way to log in is offered
	});
}

// What the prosody container of docker-jitsi-meet has in it, once somebody has followed the guide that the README names.
const container = () => contents(blocks(read("jitsi-docker/README.md"), "sh")[0].trim(), read("jitsi-docker/docker-compose.override.yml"));

// What docker-jitsi-meet makes of its environment, as far as tokens are concerned.
const dockerConfig = (env) => `
plugin_paths = { ENV_PROSODY_PREFIX .. "/prosody-plugins-custom" }
muc_mapper_domain_base = "meet.jitsi"
muc_mapper_domain_prefix = "muc"

VirtualHost "meet.jitsi"
	authentication = "${env.JWT_AUTH_TYPE}"
	app_id = "${env.JWT_APP_ID}"
	app_secret = "${env.JWT_APP_SECRET}"
	allow_empty_token = false
	enable_domain_verification = ${env.JWT_ENABLE_DOMAIN_VERIFICATION === "1"}

Component "internal-muc.meet.jitsi" "muc"
	muc_room_locking = false

Component "muc.meet.jitsi" "muc"
	modules_enabled = { "${env.JWT_TOKEN_AUTH_MODULE}" }
	muc_room_locking = false
`;

test("README: Jitsi, in Docker", { timeout: TEST }, async (t) => {
	const env = environment(withSecrets(block("Jitsi, in Docker", "sh")));
	const prefix = container();
	await t.test("the mounts bring the modules that the environment names", () => {
		const plugins = readdirSync(join(prefix, "prosody-plugins-custom"));
		assert.deepEqual(plugins.sort(), [`mod_auth_${env.JWT_AUTH_TYPE}`, `mod_${env.JWT_TOKEN_AUTH_MODULE}`, "mod_shell_meetauth"]);
	});
	for (const verification of [undefined, "1"]) {
		const server = await start(dockerConfig({ ...env, JWT_ENABLE_DOMAIN_VERIFICATION: verification }), prefix);
		await t.test(`domain verification: ${verification ?? "not set"}`, async (inner) => {
			const elsewhere = ["a sub of another domain", jitsi("meet.example"), verification ? "room-mismatch" : "member"];
			await runs(inner, server, "meet.jitsi", "muc.meet.jitsi", [...jitsiRows("meet.jitsi"), elsewhere]);
		});
		await server.stop();
	}
});
