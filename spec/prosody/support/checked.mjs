// What meetauth check, as installed, says of a configuration.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { installed } from "./install.mjs";
import { makeFolder, watchChild } from "./leftovers.mjs";
import { PATIENCE } from "./patience.mjs";
import { prosodyVersion, unpacked } from "./server.mjs";

const folder = makeFolder();
const jicofo = join(folder, "jicofo.conf");
writeFileSync(jicofo, "jicofo { conference { enable-auto-owner = false } }\n");

// meetauth check, as installed: { status, lines }; prefix: where it is installed
export function check({ config, prosody = unpacked(prosodyVersion), prefix = installed(), env = {}, args = [] }) {
	return new Promise((resolve, reject) => {
		const { LUA_PATH, LUA_CPATH, LUA_PATH_5_4, LUA_CPATH_5_4, ...rest } = process.env; // it finds its library by itself
		const paths = { LUA_PATH_5_4: `${prefix}/share/lua/5.4/?.lua;${prefix}/share/lua/5.4/?/init.lua;;`, LUA_CPATH_5_4: `${prefix}/lib/lua/5.4/?.so;;` };
		const child = spawn(join(installed(), "bin/meetauth"), ["check", "--config", config, "--prosody", prosody, "--jicofo", jicofo, ...args],
			{ env: { ...rest, ...paths, ...env }, timeout: PATIENCE });
		watchChild(child);
		let out = "";
		child.stdout.on("data", (data) => (out += data));
		child.stderr.on("data", (data) => (out += data));
		child.once("error", reject);
		child.once("close", (status) => resolve({ status, lines: out.trim().split("\n") }));
	});
}

// The server's own installation, configuration and environment.
export const checkServer = (server) => check({
	config: join(server.folder, "prosody.cfg.lua"), prosody: join(server.folder, "prosody"), prefix: join(server.folder, "prefix"),
	env: { PROSODY_DATA: server.dataDir, PROSODY_PREFIX: join(server.folder, "prefix"), PROSODY_HTTP_PORT: new URL(server.http).port },
});

const looked = ["core", "modules", "rooms", "promoters", "storage"];

// Whether it has nothing to say, and has looked: 'more' names further checks that there have to be.
export function allWell({ status, lines }, more = ["jicofo", "secrets"]) {
	assert.deepEqual(lines.filter((line) => !/^(ok|note|skip) /.test(line)), []);
	assert.equal(status, 0);
	for (const name of [...looked, ...more]) {
		assert.ok(lines.some((line) => line.startsWith("ok ") && line.includes(`${name}: `)), `${name}\n${lines.join("\n")}`);
	}
}
