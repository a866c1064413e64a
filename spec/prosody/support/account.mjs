// The ordinary user that Prosody runs as: nobody when the specs run as root, else whoever runs them.

import { execFileSync } from "node:child_process";

function idOf(flag) {
	return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
}

// { uid, gid } to drop to, or {} where there is nothing to drop.
export function ordinaryAccount() {
	if (process.getuid() !== 0) return {};
	return { uid: idOf("-u"), gid: idOf("-g") };
}
