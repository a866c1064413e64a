// meetauth, installed the way an operator would, make install PREFIX=...: once per process, or once for all of them, in the
// folder MEETAUTH_INSTALLED.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { makeFolder } from "./leftovers.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
let prefix = process.env.MEETAUTH_INSTALLED;

// The prefix that holds the Lua files, the Prosody modules and the core.
export function installed() {
	if (!prefix) {
		const folder = makeFolder();
		const { MAKEFLAGS, MAKELEVEL, MFLAGS, ...env } = process.env; // not a part of the make that runs us
		execFileSync("make", ["-s", "install", "DESTDIR=", `PREFIX=${folder}`], {
			cwd: repository, env, stdio: ["ignore", "ignore", "inherit"],
		});
		prefix = folder;
	}
	return prefix;
}

// Where Lua 5.4 finds what is installed there; Lua's own places stay.
export function luaPaths(where) {
	return {
		LUA_PATH_5_4: `${where}/share/lua/5.4/?.lua;${where}/share/lua/5.4/?/init.lua;;`,
		LUA_CPATH_5_4: `${where}/lib/lua/5.4/?.so;;`,
	};
}
