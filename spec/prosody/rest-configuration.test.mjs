// meetauth_http_keys: off unless it is asked for, not half on where something is wrong, new keys by a reload.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { dailyConfig, domainOf, enter, host, inside, login, token, withStandIns } from "./support/daily.mjs";
import { installed } from "./support/install.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { block } from "./support/readme.mjs";
import { api, apiKey, otherApiKey, raw, restConfig } from "./support/rest.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, specSecret } from "./support/token.mjs";

async function statusOf(server, where) {
	const answer = await raw(server, `GET /v1/ HTTP/1.1\r\nHost: ${where}\r\nAuthorization: Bearer ${apiKey}\r\nConnection: close\r\n\r\n`);
	return Number(answer.match(/^HTTP\/1\.1 (\d+) /)[1]);
}

// Hosts that have something wrong, each in its own way: what is logged.
const jitsi = `{ id = "portal", issuer = "portal", secret = "${specSecret("p")}" };`;
const wrong = [
	["none", "", /mod_http_meetauth: meetauth_http_keys: found none, expected a table of API keys by entry id/],
	["empty", "meetauth_http_keys = {}", /mod_http_meetauth: meetauth_http_keys: found none/],
	["text", `meetauth_http_keys = "${apiKey}"`, /meetauth_http_keys: found a string of 38 bytes, expected a table of API keys by entry id/],
	["list", `meetauth_http_keys = { "${apiKey}" }`, /meetauth_http_keys: found a table, expected a table of API keys by entry id/],
	["short", 'meetauth_http_keys = { acme = "api-key" }', /meetauth_http_keys: found a key of 7 bytes, expected keys of at least 32 bytes/],
	["twice", `meetauth_http_keys = { acme = "${apiKey}", beta = "${apiKey}" }`, /meetauth_http_keys: found one key twice/],
	["unknown", `meetauth_http_keys = { acem = "${apiKey}" }`, /meetauth_http_keys: found an id that no entry has, expected ids of Daily entries/],
	["swapped", `meetauth_http_keys = { ["${apiKey}"] = "acme" }`, /meetauth_http_keys: found an id that no entry has/],
	["jitsis", `meetauth_http_keys = { portal = "${apiKey}" }`, /meetauth_http_keys: found the id of a Jitsi entry/],
	["spaces", `meetauth_http_keys = { acme = "${apiKey}\\n" }`, /meetauth_http_keys: found a key with spaces or non-ASCII characters/],
	["another", 'authentication = "internal_plain"', /mod_http_meetauth: authentication: found another one, or one that failed to load, expected "meetauth"/],
];

const right = ["right", `meetauth_http_keys = { acme = "${apiKey}", beta = "${otherApiKey}" }`];

const hostOf = (name) => `${name}.example`;
const entries = ["acme", "beta"].map((id) => `{ id = "${id}", dialect = "daily", domain_id = "${id}", secret = "${specSecret(id)}" };`).join(" ");
const hosts = [...wrong, right].map(([name, options]) => `
VirtualHost "${hostOf(name)}"
	modules_enabled = { "http_meetauth" }
	authentication = "meetauth"
	meetauth_enforcement = "elsewhere"
	meetauth_issuers = { ${entries} ${jitsi} }
	${options}
`).join("\n");

test("Daily's REST interface: what is wrong in a configuration keeps it off, and is told", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: `http_default_host = "${hostOf("none")}"\n${hosts}`, prefix: withStandIns() });

	for (const [name,, says] of wrong) {
		await t.test(name, async () => {
			const lines = server.log().split("\n").filter((line) => line.includes(hostOf(name)) && /error/.test(line));
			assert.match(lines.join("\n"), says);
			assert.equal(await statusOf(server, hostOf(name)), 404);
		});
	}
	await t.test("a host where nothing is wrong answers", async () => assert.equal(await statusOf(server, hostOf("right")), 200));
	await t.test("no key is told with it", () => assert.ok(!server.log().includes("api-key")));
});

test("Daily's REST interface is off unless it is asked for", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: `http_default_host = "${host}"\n${dailyConfig()}`, prefix: withStandIns() });
	assert.equal(await statusOf(server, host), 404);
});

test("the lines of the module's page", { timeout: TEST }, async (t) => {
	const page = "doc/prosody/mod_http_meetauth.md";
	const lines = block("Configuration", "lua", 0, page).replace('"/usr/local/share/lua/5.4"', 'ENV_PROSODY_PREFIX .. "/share/lua/5.4"')
		.replace("<your secret>", specSecret("s")).replace("<your API key>", apiKey);
	const preamble = readFileSync(new URL("support/preamble.cfg.lua", import.meta.url), "utf8").replace(/^plugin_paths.*$/m, "");
	const configFile = join(makeFolder(), "prosody.cfg.lua");
	writeFileSync(configFile, `http_default_host = "${host}"\n${preamble}\n${lines}`);
	const server = await startProsody({ configFile, prefix: installed() });

	await t.test("mint by curl what opens the room", async () => {
		const command = block("Configuration", "sh", 0, page).replace("https://meet.example", server.http);
		const { stdout } = await promisify(execFile)("sh", ["-c", command], { env: { PATH: process.env.PATH, DAILY_API_KEY: apiKey }, timeout: PATIENCE });
		const owner = await enter(server, JSON.parse(stdout).token, "standup", "owner");
		assert.equal(owner.joined.affiliation, "owner");
		await owner.session.close();
		assert.equal((await api(server).call("GET", "/")).body.domain_id, domainOf("acme"));
	});
});

test("Daily's REST interface answers nothing for a host whose authentication is gone", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: restConfig(), prefix: withStandIns() });
	const exp = now() + 600;
	const session = await login(server, token({ exp }));
	const reloaded = (what) => inside(session, `return (require "core.modulemanager".${what}("${host}", "auth_meetauth")) ~= nil`);
	await reloaded("reload");
	assert.equal((await api(server).mint({ room_name: "standup", exp })).status, 200);
	await reloaded("unload");
	const { status, body } = await api(server).mint({ room_name: "standup", exp });
	assert.deepEqual([status, body], [500, { error: "server-error", info: "the server cannot answer now" }]);
	assert.doesNotMatch(server.log(), traceback);
	await session.close();
});

test(`Daily's REST interface: reloads`, { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: restConfig({ keys: `{ acme = { "${apiKey}" } }` }), prefix: withStandIns() });
	const status = async (key) => (await api(server, key).call("GET", "/")).status;
	const changed = async (from, to) => {
		server.rewriteConfig((text) => text.replace(from, to));
		await server.reload();
	};
	assert.deepEqual([await status(apiKey), await status(otherApiKey)], [200, 401]);

	await t.test("two keys while they change over, then the new one alone", async () => {
		await changed(`"${apiKey}"`, `"${otherApiKey}", "${apiKey}"`);
		assert.deepEqual([await status(apiKey), await status(otherApiKey)], [200, 200]);
		await changed(`, "${apiKey}"`, "");
		assert.deepEqual([await status(apiKey), await status(otherApiKey)], [401, 200]);
	});

	await t.test("a new secret of the entry signs and verifies", async () => {
		const exp = now() + 600;
		const old = token({ exp });
		assert.equal((await api(server, otherApiKey).validate(old)).status, 200);
		await changed(/(id = "acme"[^}]*secret = )"[^"]*"/, `$1"${specSecret("n")}"`);
		assert.equal((await api(server, otherApiKey).validate(old)).body.info, "signature-mismatch");
		const { body } = await api(server, otherApiKey).mint({ room_name: "standup", exp });
		assert.equal((await api(server, otherApiKey).validate(body.token)).status, 200);
	});

	await t.test("a new configuration that does not fit leaves the old one in force", async () => {
		await changed(`"${otherApiKey}"`, '"short"');
		assert.match(server.log(), /meetauth_http_keys: found a key of 5 bytes[^]*The previous configuration stays in use/);
		assert.equal(await status(otherApiKey), 200);
	});

	await t.test("without any key nobody gets in", async () => {
		await changed(/meetauth_http_keys = .*/, "");
		assert.deepEqual([await status(apiKey), await status(otherApiKey)], [401, 401]);
	});

	await t.test("the log holds no traceback and no key", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.ok(!server.log().includes("api-key"));
	});
});

test("Daily's REST interface: at level info the log holds no token", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: restConfig(), env: { PROSODY_LOG: "info" }, prefix: withStandIns() });
	const { body } = await api(server).mint({ room_name: "standup", exp: now() + 600 });
	assert.equal((await api(server).validate(body.token)).status, 200);
	assert.equal((await api(server).validate(`${body.token}x`)).status, 400);
	await server.waitForLog(/Meeting token minted for acme[^]*Meeting token validated for acme[^]*Request refused for acme: 400/);
	assert.doesNotMatch(server.log(), anyToken);
	assert.doesNotMatch(server.log(), /api-key|standup/);
});
