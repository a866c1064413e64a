// The operator's two commands, for the demo's server alone: scripts in its folder that know where its configuration is.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ordinaryAccount } from "../../spec/prosody/support/account.mjs";

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

// The user that Prosody runs as: prosodyctl wants to be the same.
function asProsody() {
	const { uid, gid } = ordinaryAccount();
	return uid === undefined ? "" : `setpriv --reuid=${uid} --regid=${gid} --clear-groups `;
}

function write(server, name, lines) {
	const { PATH, ...env } = server.env; // the caller's own is as good
	const exports = Object.entries(env).map(([variable, value]) => `export ${variable}=${quoted(value)}`);
	writeFileSync(join(server.folder, name), ["#!/bin/sh", ...exports, ...lines, ""].join("\n"), { mode: 0o700 });
}

// Write them: prosodyctl and meetauth, in server.folder.
export function writeTools(server) {
	const at = (name) => quoted(join(server.folder, name));
	write(server, "prosodyctl", [
		`exec ${asProsody()}lua5.4 ${at("prosody/usr/bin/prosodyctl")} --config ${at("prosody.cfg.lua")} "$@"`,
	]);
	write(server, "meetauth", [
		`export MEETAUTH_PROSODY=${at("prosody")}`,
		"name=$1",
		"shift",
		`case $name in sign|verify|explain|convert|check) set -- --config ${at("prosody.cfg.lua")} "$@";; esac`,
		`exec ${at("prefix/bin/meetauth")} "$name" "$@"`,
	]);
}

// Run one of them: what it writes to standard output.
export function run(server, [name, ...args]) {
	return new Promise((resolve, reject) => {
		const child = spawn(join(server.folder, name), args, { cwd: server.folder, stdio: ["ignore", "pipe", "pipe"] });
		let out = "";
		child.stdout.on("data", (data) => (out += data));
		child.stderr.resume();
		child.once("error", reject);
		child.once("close", () => resolve(out));
	});
}
