// The library in a lua5.4 process of its own (peer.lua); whatever is secret goes through its stdin, never its arguments.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endWithTest, watchChild } from "../../prosody/support/leftovers.mjs";
import { PATIENCE } from "../../prosody/support/patience.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Start the process. peer.ask(op, args) gives what the library returns: { result } or { reason };
 * peer.must(op, args) gives the result, and throws where there is none. peer.stop() ends the process, which
 * ends with the test that has started it, if not before.
 */
export function startPeer() {
	const child = spawn(process.env.LUA ?? "lua5.4", ["spec/interop/support/peer.lua"], {
		cwd: root,
		env: {
			PATH: process.env.PATH,
			LUA_PATH: "lua/?.lua;lua/?/init.lua;;",
			LUA_CPATH: `${process.env.MEETAUTH_BUILD ?? "build"}/?.so;;`,
		},
		stdio: ["pipe", "pipe", "inherit"],
	});
	watchChild(child);
	const waiting = [];
	const ended = new Promise((resolve) => child.once("close", resolve));

	let broken;

	function fail(error) {
		broken ??= error;
		for (const one of waiting.splice(0)) one.reject(error);
	}

	child.once("error", fail);
	child.once("close", (code) => fail(new Error(`peer.lua ended with ${code}`)));
	child.stdin.on("error", fail);
	createInterface({ input: child.stdout }).on("line", (line) => waiting.shift().resolve(JSON.parse(line)));

	async function ask(op, args = {}) {
		if (broken) throw broken;
		const reply = await new Promise((resolve, reject) => {
			const late = setTimeout(() => {
				fail(new Error(`peer.lua: no answer to ${op}`));
				child.kill();
			}, PATIENCE);
			const settled = (how) => (value) => {
				clearTimeout(late);
				how(value);
			};
			waiting.push({ resolve: settled(resolve), reject: settled(reject) });
			child.stdin.write(`${JSON.stringify({ op, ...args })}\n`);
		});
		if (reply.error) throw new Error(`${op}: ${reply.error}`);
		return reply;
	}

	async function must(op, args) {
		const reply = await ask(op, args);
		if (!("result" in reply)) throw new Error(`${op}: ${reply.reason}`);
		return reply.result;
	}

	async function stop() {
		child.stdin.end();
		await ended;
	}
	endWithTest(stop);

	return { ask, must, stop };
}
