// The meetauth command, as installed.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { installed } from "./install.mjs";
import { watchChild } from "./leftovers.mjs";
import { PATIENCE } from "./patience.mjs";
import { prosodyVersion, unpacked } from "./server.mjs";

// meetauth(args, { input, env }) -> { status, out, err }
//   input  goes to its standard input
//   env    further variables; Lua's paths only from there: else it finds its library by itself
export function meetauth(args, { input = "", env = {} } = {}) {
	return new Promise((resolve, reject) => {
		const { LUA_PATH, LUA_CPATH, LUA_PATH_5_4, LUA_CPATH_5_4, ...rest } = process.env;
		const child = spawn(join(installed(), "bin/meetauth"), args,
			{ env: { ...rest, MEETAUTH_PROSODY: unpacked(prosodyVersion), ...env }, timeout: PATIENCE });
		watchChild(child);
		const said = { out: "", err: "" };
		child.stdout.on("data", (data) => (said.out += data));
		child.stderr.on("data", (data) => (said.err += data));
		child.stdin.on("error", () => {}); // it may be gone before it has read all
		child.once("error", reject);
		child.once("close", (status) => resolve({ status, ...said }));
		child.stdin.end(input);
	});
}

// The same with a live server's configuration, in the environment in which that is read.
export const meetauthOf = (server) => ([name, ...args], input) =>
	meetauth([name, "--config", join(server.folder, "prosody.cfg.lua"), ...args], { input, env: server.env });
