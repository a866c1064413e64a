// The blocks of code of a page, by the heading that they stand under; the README's unless told otherwise.

import { readFileSync } from "node:fs";

// The n-th block in a language under a heading.
export function block(heading, language, n = 0, page = "README.md") {
	const text = readFileSync(new URL(`../../../${page}`, import.meta.url), "utf8");
	const [, section] = text.split(new RegExp(`^#+ ${heading}$`, "m"));
	if (section === undefined) throw new Error(`${page} has no heading ${heading}`);
	const blocks = [...section.split(/^#+ [A-Z]/m)[0].matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
	const found = blocks.filter(([, of]) => of === language)[n];
	if (!found) throw new Error(`${page} has no ${language} under ${heading}`);
	return found[2];
}

// The entries of a block "meetauth_issuers = { ... }", to be put among others.
export const entries = (lines) => lines.replace(/^meetauth_issuers = \{\n/, "").replace(/\n\}\n$/, "\n");

// NAME=value lines as an object.
export function environment(lines) {
	return Object.fromEntries(lines.trim().split("\n").map((line) => line.match(/^(\w+)=(.*)$/).slice(1)));
}
