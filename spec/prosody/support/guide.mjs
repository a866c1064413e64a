// What a guide shows, taken out of its Markdown, and what somebody does who follows it.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "./leftovers.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

// The blocks of a language, in their order.
export function blocks(markdown, language) {
	return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].filter(([, of]) => of === language).map(([, , text]) => text);
}

// NAME=value lines as an object; # begins a comment.
export function variables(text) {
	const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
	return Object.fromEntries(lines.map((line) => line.match(/^(\w+)=(.*)$/).slice(1)));
}

// What a container has under / once "- ./out...:to" lines of a Compose file have been mounted, and "./out" has
// been filled by a command of the guide. A prefix: /usr/local is its root.
export function container(command, compose) {
	const out = makeFolder();
	const root = makeFolder();
	const { MAKEFLAGS, MAKELEVEL, MFLAGS, ...env } = process.env; // not a part of the make that runs us
	execFileSync("sh", ["-c", command.replaceAll("$PWD/out", "$OUT").replace("make", "make -s")], {
		cwd: repository, env: { ...env, OUT: join(out, "out") }, stdio: ["ignore", "ignore", "inherit"],
	});
	for (const [, from, to] of compose.matchAll(/^\s*- ([^:\s]+):(\S+)$/gm)) {
		if (!existsSync(join(out, from))) throw new Error(`${from} is not there`);
		cpSync(join(out, from), join(root, to.replace(/^\/usr\/local\//, "")), { recursive: true });
	}
	return root;
}
