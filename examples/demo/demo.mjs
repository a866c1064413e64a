// The demo: starts a real Prosody with prosody.cfg.lua, sends a real client in with each token of
// rows.mjs, plays the scenes of scenes.mjs, and prints what came of it. Exit status 0 only if every row came out as it should.
// KEEP=1 leaves Prosody running and says how to get in and how to stop it.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { connect } from "../../spec/prosody/support/client.mjs";
import { installed, luaPaths } from "../../spec/prosody/support/install.mjs";
import { startProsody } from "../../spec/prosody/support/server.mjs";
import { acme, daily, host, portal, rows } from "./rows.mjs";
import { scenes } from "./scenes.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const keep = Boolean(process.env.KEEP);

// Tokens for orders of { entry, claims }: mint.lua signs them.
function sign(prefix, orders) {
	const input = orders.map(({ entry, claims }) => `${JSON.stringify({ entry, claims })}\n`).join("");
	return execFileSync("lua5.4", [here("mint.lua")], {
		input, encoding: "utf8", env: { ...process.env, ...luaPaths(prefix) },
	}).trim().split("\n");
}

// The rows with their tokens.
function mint(prefix) {
	const orders = rows.filter((row) => row.claims);
	const tokens = sign(prefix, orders);
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
	return { count: tokens.length, unexpected };
}

// What happens in the room, one scene after the other.
async function play(server, prefix) {
	const sessions = [];
	async function enter(claims, nick) {
		const [token] = sign(prefix, [{ entry: acme, claims: daily({ r: "stage", u: nick, ...claims }) }]);
		const session = await connect({ url: server.ws, host, token });
		if (session.refused) throw new Error(`login: ${reason(session)}`);
		sessions.push(session);
		const joined = await session.join(`stage@conference.${host}`, nick);
		if (joined.refused) throw new Error(`room: ${reason(joined)}`);
		return session;
	}
	const lines = [["in the room", "expected", "got", ""]];
	let unexpected = 0;
	for (const { scene, want, play: act } of scenes) {
		const got = await act(enter).catch((error) => error.message.split("\n")[0]);
		if (got !== want) unexpected++;
		lines.push([scene, want, got, got === want ? "ok" : "NOT AS EXPECTED"]);
	}
	await Promise.all(sessions.map((session) => session.close()));
	console.log(`\n${table(lines)}`);
	return { count: scenes.length, unexpected };
}

const prefix = installed();
const tokens = mint(prefix);
const server = await startProsody({
	configFile: here("prosody.cfg.lua"),
	prefix,
	env: { PORTAL_SECRET: portal.secret, ACME_SECRET: acme.secret },
	outlive: keep,
});
const results = [await run(server, tokens), await play(server, prefix)];
const [count, unexpected] = ["count", "unexpected"].map((name) => results.reduce((sum, result) => sum + result[name], 0));
console.log(`\n${count - unexpected} of ${count} rows as expected.`);

if (keep) {
	console.log(`\nProsody stays. Host: ${host}, room: ${tokens[0].room}@conference.${host}`);
	console.log(`WebSocket: ${server.ws}?token=TOKEN`);
	console.log(`Token (${tokens[0].token}, 8 hours): ${tokens[0].text}`);
	console.log(`Stop it:   ${server.release()}`);
} else {
	await server.stop();
}
process.exitCode = unexpected === 0 ? 0 : 1;
