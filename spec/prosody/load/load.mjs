// load.mjs [MEASUREMENT ...] [name=number ...] - a real Prosody under a real client's load; without a name: all of
// them. Options: version=13.0 (an unpacked Prosody), gc=generational, and each measurement's own numbers.

import { keepApart } from "./measure.mjs";
import { startLoaded } from "./host.mjs";
import * as flood from "./flood.mjs";
import * as logins from "./logins.mjs";
import * as memory from "./memory.mjs";
import * as sessions from "./sessions.mjs";
import * as storm from "./storm.mjs";

const all = { logins, flood, storm, sessions, memory };

const names = [], options = {};
for (const word of process.argv.slice(2)) {
	const [name, value] = word.split("=");
	if (value === undefined) names.push(name);
	else options[name] = /^\d+$/.test(value) ? Number(value) : value;
}
const unknown = names.filter((name) => !all[name]);
if (unknown.length) {
	console.error(`load: no such measurement: ${unknown.join(", ")}; there are ${Object.keys(all).join(", ")}`);
	process.exit(2);
}

const { version, gc, ...numbers } = options;
for (const name of names.length ? names : Object.keys(all)) {
	const server = await startLoaded({ version: version && String(version), gc });
	try {
		keepApart(server.pid);
		console.log(`\n${all[name].title}\n\n${await all[name].run(server, numbers)}`);
		const written = server.log();
		if (written.trim()) console.log(`\nwhat the server logged:\n${written.slice(0, 2000)}`);
	} finally {
		await server.stop();
	}
}
