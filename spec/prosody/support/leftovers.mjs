// Nothing outlives what it was started for. What a test starts ends with that test, however that ends; what is left is
// gone when this process ends, whichever way it ends; and a file of tests ends, in any case.

import { mkdtempSync, rmSync } from "node:fs";
import { after } from "node:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FILE } from "./patience.mjs";

const isTests = /\.test\.mjs$/.test(process.argv[1] ?? ""); // not a program that uses the same servers
const folders = new Set();
const children = new Set();
const lines = new Map(); // address -> how each client that is connected there hangs up

// end(): once the test that is running is over, even if it ends before it has come to anything.
export function endWithTest(end) {
	if (isTests) after(end);
}

export function makeFolder() {
	const folder = mkdtempSync(join(tmpdir(), "meetauth-"));
	folders.add(folder);
	return folder;
}

export function removeFolder(folder) {
	folders.delete(folder);
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

export function watchChild(child) {
	children.add(child);
	child.once("exit", () => children.delete(child));
}

// From here on the folder and the child are the caller's own business.
export function release(folder, child) {
	folders.delete(folder);
	children.delete(child);
}

// A client of the server at an address (host:port) that would go on without it, unless it is told to hang up.
export function watchLine(address, hangUp) {
	if (!lines.has(address)) lines.set(address, new Set());
	lines.get(address).add(hangUp);
}

export function cutLines(address) {
	for (const hangUp of lines.get(address) ?? []) hangUp();
	lines.delete(address);
}

process.on("exit", () => {
	for (const child of children) child.kill("SIGKILL");
	for (const folder of folders) removeFolder(folder);
});
for (const [signal, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]]) {
	process.once(signal, () => process.exit(128 + number));
}

if (isTests) {
	setTimeout(() => {
		process.stderr.write(`${process.argv[1]} has not ended after ${FILE / 1000} s; open: ${process.getActiveResourcesInfo().join(", ")}\n`);
		process.exit(1);
	}, FILE).unref();
}
