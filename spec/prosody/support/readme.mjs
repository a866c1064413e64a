// The README's blocks of code, by the heading that they stand under.

import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

// The n-th block in a language under a heading.
export function block(heading, language, n = 0) {
	const [, section] = text.split(new RegExp(`^#+ ${heading}$`, "m"));
	if (section === undefined) throw new Error(`README.md has no heading ${heading}`);
	const blocks = [...section.split(/^#+ [A-Z]/m)[0].matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
	const found = blocks.filter(([, of]) => of === language)[n];
	if (!found) throw new Error(`README.md has no ${language} under ${heading}`);
	return found[2];
}

// NAME=value lines as an object.
export function environment(lines) {
	return Object.fromEntries(lines.trim().split("\n").map((line) => line.match(/^(\w+)=(.*)$/).slice(1)));
}

// "- from:to" lines as pairs.
export function mounts(yaml) {
	return [...yaml.matchAll(/^\s*- ([^:\s]+):(\S+)$/gm)].map(([, from, to]) => ({ from, to }));
}
