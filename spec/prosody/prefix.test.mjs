// Library and core under any PREFIX: Lua's own paths name other places, and each module finds what was installed with it.
// Proves mod_auth_meetauth/prefix.lib.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config as deployment, daily, host, jitsi, room } from "./support/deployment.mjs";
import { installed } from "./support/install.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const plain = { LUA_PATH_5_4: ";;", LUA_CPATH_5_4: ";;" }; // Lua's own places, none of which has meetauth
const apiKey = "k".repeat(40);
const config = `http_default_host = "${host}"
${deployment}`.replace('authentication = "meetauth"',
	`authentication = "meetauth"
	modules_enabled = { "http_meetauth" }
	meetauth_http_keys = { acme = "${apiKey}" }`);

// Which module comes first is up to Prosody.
const alone = {
	auth_meetauth: config.replace('modules_enabled = { "muc_meetauth" }', 'meetauth = "not here"'),
	muc_meetauth: `
VirtualHost "${host}"
	authentication = "anonymous"
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
`,
	shell_meetauth: `
VirtualHost "${host}"
	authentication = "anonymous"
	modules_enabled = { "shell_meetauth" }
`,
};

test("Lua itself does not find meetauth", () => {
	assert.throws(() => execFileSync("lua5.4", ["-e", 'require "meetauth"'], { env: { PATH: process.env.PATH, ...plain }, stdio: "ignore" }));
});

test("a whole server finds it under the PREFIX of its modules", { timeout: TEST }, async () => {
	const server = await startProsody({ config, prefix: installed(), env: plain });
	for (const token of [jitsi(), daily()]) {
		const session = await connect({ url: server.ws, host, token });
		assert.equal((await session.join(room("standup"), `n${token.length}`)).refused, undefined);
		await session.close();
	}
	const answer = await fetch(`${server.http}/v1/`, { headers: { authorization: `Bearer ${apiKey}` } });
	assert.equal(answer.status, 200);
	assert.doesNotMatch(server.log(), traceback);
});

for (const [name, text] of Object.entries(alone)) {
	test(`${name} finds it by itself`, { timeout: TEST }, async () => {
		const server = await startProsody({ config: text, prefix: installed(), env: plain });
		assert.doesNotMatch(server.log(), /module 'meetauth|Error initializing module|no file/);
		assert.doesNotMatch(server.log(), traceback);
	});
}

test("meetauth check finds it there, too", { timeout: TEST }, async () => {
	const server = await startProsody({ config, prefix: installed(), env: plain });
	const { stdout } = spawnSync(join(installed(), "bin/meetauth"),
		["check", "--config", join(server.folder, "prosody.cfg.lua"), "--prosody", join(server.folder, "prosody")], {
			encoding: "utf8",
			env: { PATH: process.env.PATH, ...plain, PROSODY_DATA: server.dataDir, PROSODY_PREFIX: join(server.folder, "prefix"),
				PROSODY_HTTP_PORT: new URL(server.http).port },
		});
	for (const name of ["core", "modules"]) {
		assert.match(stdout, new RegExp(`^ok    ${name}: `, "m"));
		assert.doesNotMatch(stdout, new RegExp(`^(FAIL|warn)  ${name}: `, "m"));
	}
});
