// How long is waited, at most. A wait lasts until what it is for has happened: its end is for a spec that fails, and far
// away, because the machine may be busy with other things.

import { setTimeout as sleep } from "node:timers/promises";

export const PATIENCE = 120000; // ms for one thing to happen
export const TEST = 600000; // ms for a test, of which all in it is a part
export const FILE = 840000; // ms for a file of tests; whoever runs it (spec/support/testfiles.mjs) ends it soon after

const POLL_MS = 20;

// waitFor(ask, what) -> what ask() gives, as soon as that is something; 'what' names it in the error.
export async function waitFor(ask, what = String(ask)) {
	for (const end = Date.now() + PATIENCE; ;) {
		const found = await ask();
		if (found) return found;
		if (Date.now() > end) throw new Error(`not within ${PATIENCE} ms: ${what}`);
		await sleep(POLL_MS);
	}
}
