// Nothing outlives the process that made it: temporary folders and child processes are registered
// here and are gone when this process ends, whichever way it ends.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Set();
const children = new Set();

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

process.on("exit", () => {
	for (const child of children) child.kill("SIGKILL");
	for (const folder of folders) removeFolder(folder);
});
for (const [signal, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]]) {
	process.once(signal, () => process.exit(128 + number));
}
