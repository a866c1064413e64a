// The demo as people run it: its screen, piped and on a terminal, and the server that KEEP=1 leaves behind.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { installed } from "./support/install.mjs";
import { watchChild } from "./support/leftovers.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";

const demo = fileURLToPath(new URL("../../examples/demo/demo.mjs", import.meta.url));
const escape = /\u001b/;
const WIDTH = 80;

// A line of shell: { status, out }; out has what it writes to standard error, too.
function shell(line, env = {}) {
	return new Promise((resolve, reject) => {
		const { NO_COLOR, KEEP, ...rest } = process.env;
		const child = spawn("sh", ["-c", `${line} 2>&1`], {
			env: { ...rest, MEETAUTH_INSTALLED: installed(), TERM: "xterm", ...env }, stdio: ["ignore", "pipe", "ignore"], timeout: PATIENCE,
		});
		watchChild(child);
		let out = "";
		child.stdout.setEncoding("utf8").on("data", (data) => (out += data));
		child.once("error", reject);
		child.once("close", (status) => resolve({ status, out: out.replaceAll("\r\n", "\n") }));
	});
}

const piped = (env) => shell(`node '${demo}'`, env);
const onTerminal = (env) => shell(`script -qec "node '${demo}'" /dev/null`, env);

// What stands on the screen in one demo and another: references, times and ages aside.
function assertScreen(out) {
	for (const line of out.split("\n")) assert.ok([...line].length <= WIDTH, `${[...line].length} characters: ${line}`);
	assert.match(out, /^token +over +who +room +what came of it$/m);
	assert.match(out, /^Jitsi, moderator +ws +Ann +standup +in as moderator +ok$/m);
	assert.match(out, /^Jitsi, wrong secret +bosh +Ida +standup +login: signature-mismatch +ok$/m);
	const [, told, asked] = out.match(/^Kim's client was told "room-mismatch \((\w{6})\)".*\n\n\$ prosodyctl shell meetauth why (\w{6})$/m);
	assert.equal(told, asked);
	assert.match(out, /^reason +room-mismatch\n(.*\n)*stage +join at conference\.meet\.example\nentry +portal \(jitsi\)$/m);
	assert.match(out, /^\$ meetauth explain --room standup refused\.txt\nform +ok /m);
	assert.match(out, /^room +FAIL +room-mismatch .*"retro".*standup$/m);
	assert.match(out, /^verdict: refused: room-mismatch: /m);
	assert.match(out, /^Daily, owner: kicks that one +ok +ok$/m);
	assert.match(out, /^22 of 22 rows as expected\.$/m);
	assert.doesNotMatch(out, /NOT AS EXPECTED|lua-unbound/);
}

test("the demo", { timeout: TEST }, async (t) => {
	await t.test("fits a terminal of 80 columns, and has no colours where it is piped", async () => {
		const { status, out } = await piped();
		assert.equal(status, 0, out);
		assert.doesNotMatch(out, escape);
		assertScreen(out);
	});

	await t.test("has colours on a terminal, and the same words", async () => {
		const { status, out } = await onTerminal();
		assert.equal(status, 0, out);
		assert.match(out, /in as moderator +\u001b\[32mok\u001b\[0m$/m);
		assert.match(out, /^room +\u001b\[31mFAIL +\u001b\[0m +room-mismatch/m);
		assertScreen(out.replaceAll(/\u001b\[\d+m/g, ""));
	});

	await t.test("with KEEP=1 says where the configuration is and what to try; none of it fails; no colours with NO_COLOR", async () => {
		const { status, out } = await onTerminal({ KEEP: "1", NO_COLOR: "1" });
		const stop = out.match(/^Stop it: +(kill \d+ && rm -r \S+)$/m)?.[1];
		try {
			assert.equal(status, 0, out);
			assert.doesNotMatch(out, escape);
			assertScreen(out.slice(0, out.indexOf("Prosody stays.")));
			const configuration = out.match(/^Configuration: (\S+)$/m)[1];
			assert.ok(existsSync(configuration));
			const [, folder, ...commands] = out.match(/^Try:\n {2}cd (\S+)\n {2}(\.\/.*)\n {2}(\.\/.*)\n {2}(\.\/.*)\n\n/m);
			assert.equal(folder, dirname(configuration));
			const [why, explained, signed] = await Promise.all(commands.map((command) => shell(`cd ${folder} && ${command}`)));
			assert.match(why.out, /^reason +room-mismatch$/m);
			assert.match(explained.out, /^room\tFAIL\troom-mismatch\t/m);
			assert.match(signed.out, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m);
			assert.deepEqual([why.status, explained.status, signed.status], [0, 1, 0]);
			assert.match(out, /^WebSocket: ws:\/\/127\.0\.0\.1:\d+\/xmpp-websocket\?token=TOKEN$/m);
		} finally {
			if (stop) assert.equal((await shell(stop)).status, 0);
		}
		assert.ok(!existsSync(stop.match(/\S+$/)[0]));
	});
});
