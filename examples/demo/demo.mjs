// The demo: starts a real Prosody with prosody.cfg.lua, sends a real client in with each token of
// rows.mjs, and prints what came of it. Exit status 0 only if every row came out as it should.
// KEEP=1 leaves Prosody running and says how to get in and how to stop it.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { connect } from "../../spec/prosody/support/client.mjs";
import { installed, luaPaths } from "../../spec/prosody/support/install.mjs";
import { startProsody } from "../../spec/prosody/support/server.mjs";
import { acme, host, portal, rows } from "./rows.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const keep = Boolean(process.env.KEEP);

// The rows with their tokens: mint.lua signs those that have claims.
function mint(prefix) {
	const orders = rows.filter((row) => row.claims);
	const input = orders.map(({ entry, claims }) => `${JSON.stringify({ entry, claims })}\n`).join("");
	const tokens = execFileSync("lua5.4", [here("mint.lua")], {
		input, encoding: "utf8", env: { ...process.env, ...luaPaths(prefix) },
	}).trim().split("\n");
	return rows.map((row) => ({ ...row, text: row.claims ? tokens[orders.indexOf(row)] : row.text }));
}

const reason = ({ refused }) => (refused.text ?? refused.condition ?? "no reason").split(/\s/)[0];

async function tryToEnter(server, row, sessions) {
	const session = await connect({ url: server[row.by], host, token: row.text });
	if (session.refused) return `login: ${reason(session)}`;
	sessions.push(session);
	const joined = await session.join(`${row.room}@conference.${host}`, row.who);
	return joined.refused ? `room: ${reason(joined)}` : `in as ${joined.role}`;
}

// Lines of text, every column as wide as its widest cell.
function table(lines) {
	const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
	const row = (line) => line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd();
	return [row(lines[0]), widths.map((width) => "-".repeat(width)).join("  "), ...lines.slice(1).map(row)].join("\n");
}

async function run(server, tokens) {
	const sessions = []; // stay in their rooms until the last row
	const lines = [["token", "over", "who", "room", "expected", "got", ""]];
	let unexpected = 0;
	for (const row of tokens) {
		const got = await tryToEnter(server, row, sessions).catch((error) => error.message.split("\n")[0]);
		const fits = got === row.want;
		if (!fits) unexpected++;
		lines.push([row.token, row.by, row.who, row.room, row.want, got, fits ? "ok" : "NOT AS EXPECTED"]);
	}
	await Promise.all(sessions.map((session) => session.close()));
	console.log(table(lines));
	console.log(`\n${tokens.length - unexpected} of ${tokens.length} rows as expected.`);
	return unexpected === 0;
}

const prefix = installed();
const tokens = mint(prefix);
const server = await startProsody({
	configFile: here("prosody.cfg.lua"),
	prefix,
	env: { PORTAL_SECRET: portal.secret, ACME_SECRET: acme.secret },
	outlive: keep,
});
const good = await run(server, tokens);

if (keep) {
	console.log(`\nProsody stays. Host: ${host}, room: ${tokens[0].room}@conference.${host}`);
	console.log(`WebSocket: ${server.ws}?token=TOKEN`);
	console.log(`Token (${tokens[0].token}, 8 hours): ${tokens[0].text}`);
	console.log(`Stop it:   ${server.release()}`);
} else {
	await server.stop();
}
process.exitCode = good ? 0 : 1;
