// report.mjs - a reporter for node's test runner: TAP, and what is skipped into the file MEETAUTH_SKIPPED, a line each,
// for skipped.sh.

import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { tap } from "node:test/reporters";

const path = process.env.MEETAUTH_SKIPPED;

function note({ file, name, skip }) {
	const reason = skip === true ? "" : `: ${skip}`;
	appendFileSync(path, `${basename(file, ".test.mjs")}: ${name}${reason}\n`);
}

async function* noted(events) {
	for await (const event of events) {
		if (path && event.data.skip) note(event.data);
		yield event;
	}
}

export default (events) => tap(noted(events));
