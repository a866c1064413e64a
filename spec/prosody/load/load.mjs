// load.mjs [MEASUREMENT ...] [name=number ...] - a real Prosody under a real client's load; without a name: all of
// them. Options: version=13.0 (an unpacked Prosody), gc=generational, and each measurement's own numbers:
//   logins    rounds=60 logins=60 width=4
//   joins     joiners=10000 rounds=200 width=10 crowd=200 crowd_joiners=240 crowd_rounds=12
//   flood     seconds=10 rate=50
//   storm     clients=2000 width=64
//   sessions  sessions=10000 width=16 lead=420
//   memory    total=200000 width=16
//   tenants   rounds=5
//   revocations revocations=99000
// joins: anonymous, Jitsi's HS256 and RS256, Daily's HS256 and Jitsi's moderators, each on a Prosody of its own; joiners of
// each but the last (which has a quarter) come and go in one room that stays open, 'width' at a time, then crowd_joiners in
// a room of 'crowd' people; the rounds go over all of them in changing order. A figure stands beside its target.

import { keepApart } from "./measure.mjs";
import { startLoaded } from "./host.mjs";
import * as flood from "./flood.mjs";
import * as joins from "./joins.mjs";
import * as logins from "./logins.mjs";
import * as memory from "./memory.mjs";
import * as revocations from "./revocations.mjs";
import * as sessions from "./sessions.mjs";
import * as storm from "./storm.mjs";
import * as tenants from "./tenants.mjs";

const all = { logins, joins, flood, storm, sessions, memory, tenants, revocations };

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

const { gc, ...numbers } = options;
const version = options.version && String(options.version);
for (const name of names.length ? names : Object.keys(all)) {
	const { title, run, start = startLoaded } = all[name];
	const servers = [await start({ version, gc })].flat();
	try {
		keepApart(...servers.map(({ pid }) => pid));
		console.log(`\n${title}\n\n${await run(servers.length > 1 ? servers : servers[0], { ...numbers, version })}`);
		const written = [...new Set(servers.map((server) => server.log()))].join(""); // what they all say, once
		if (written.trim()) console.log(`\nwhat the server logged:\n${written.slice(0, 2000)}`);
	} finally {
		await Promise.all(servers.map((server) => server.stop()));
	}
}
