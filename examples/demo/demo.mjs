// The demo: starts a real Prosody with prosody.cfg.lua, sends a real client in with each token of
// rows.mjs, shows what the operator's commands say of one that was refused, plays the scenes of scenes.mjs, and prints what
// came of it. Exit status 0 only if every row came out as it should.
// KEEP=1 leaves Prosody running and says how to get in, what to try and how to stop it.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "../../spec/prosody/support/client.mjs";
import { installed, luaPaths } from "../../spec/prosody/support/install.mjs";
import { startProsody } from "../../spec/prosody/support/server.mjs";
import { acme, daily, host, portal, rows } from "./rows.mjs";
import { scenes } from "./scenes.mjs";
import { checks, facts, folded, table, typed } from "./screen.mjs";
import { run, writeTools } from "./tools.mjs";

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

const reason = ({ refused }) => (refused.text ?? refused.condition ?? "no reason").match(/[\w-]*$/)[0];

// What came of a token, and the reference of its refusal.
async function tryToEnter(server, row, sessions) {
	const session = await connect({ url: server[row.by], host, token: row.text });
	if (session.refused) return { got: `login: ${reason(session)}`, ref: session.refused.reference };
	sessions.push(session);
	const joined = await session.join(`${row.room}@conference.${host}`, row.who);
	if (joined.refused) return { got: `room: ${reason(joined)}`, ref: joined.refused.reference };
	return { got: `in as ${joined.role}` };
}

const firstLine = (error) => error.message.split("\n")[0];

const verdict = (row) => (row.got === row.want ? "ok" : "NO");

// The table, and what was expected of those rows that came out otherwise.
function print(head, results, cells) {
	console.log(table([head, ...results.map((row) => [...cells(row), verdict(row)])]));
	for (const row of results.filter((one) => one.got !== one.want)) {
		console.log(folded(`NOT AS EXPECTED: ${row.token ?? row.scene}: expected ${row.want}, got ${row.got}`));
	}
	return results;
}

async function enterAll(server, tokens) {
	const sessions = []; // stay in their rooms until the last row
	const results = [];
	for (const row of tokens) {
		results.push({ ...row, ...await tryToEnter(server, row, sessions).catch((error) => ({ got: firstLine(error) })) });
	}
	await Promise.all(sessions.map((session) => session.close()));
	return print(["token", "over", "who", "room", "what came of it", ""], results,
		(row) => [row.token, row.by, row.who, row.room, row.got]);
}

// What prosodyctl has printed, without its notice of packages that Prosody would like to have.
const withoutNotice = (text) => text.replace(/^\s*\*{9,}\n.*?\n\*{9,}\s*/s, "");

// What the operator's commands say of the token that is looked at: the commands, to be tried again.
async function look(server, results) {
	const row = results.find((one) => one.looked_at);
	writeFileSync(join(server.folder, "refused.txt"), `${row.text}\n`, { mode: 0o600 });
	const why = ["prosodyctl", "shell", "meetauth", "why", row.ref ?? "no-reference"];
	const explain = ["meetauth", "explain", "--room", row.room, "refused.txt"];
	console.log(`\n${row.who}'s client was told "${row.got.replace(/^\w+: /, "")} (${row.ref})". The operator asks the server:\n`);
	console.log(`${typed(why)}\n${facts(withoutNotice(await run(server, why)))}\n`);
	console.log(`${typed(explain)}\n${checks(await run(server, explain))}\n`);
	return [why, explain];
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
	const results = [];
	for (const { scene, want, play: act } of scenes) {
		results.push({ scene, want, got: await act(enter).catch(firstLine) });
	}
	await Promise.all(sessions.map((session) => session.close()));
	return print(["in the room", "what came of it", ""], results, (row) => [row.scene, row.got]);
}

// How to go on with the server that stays.
function tellHowToGoOn(server, token, tried) {
	const sign = ["meetauth", "sign", "--entry", "portal", "--room", token.room, "--moderator"];
	console.log(`\nProsody stays. Host: ${host}, room: ${token.room}@conference.${host}`);
	console.log(`Configuration: ${join(server.folder, "prosody.cfg.lua")}\n\nTry:\n  cd ${server.folder}`);
	for (const words of [...tried, sign]) console.log(`  ./${words.join(" ")}`);
	console.log(`\nWebSocket: ${server.ws}?token=TOKEN`);
	console.log(`Token (${token.token}, 8 hours): ${token.text}`);
	console.log(`Stop it:   ${server.release()}`);
}

const prefix = installed();
const tokens = mint(prefix);
const server = await startProsody({
	configFile: here("prosody.cfg.lua"),
	prefix,
	env: { PORTAL_SECRET: portal.secret, ACME_SECRET: acme.secret },
	outlive: keep,
});
writeTools(server);
const entered = await enterAll(server, tokens);
const tried = await look(server, entered);
const results = [...entered, ...await play(server, prefix)];
const fitting = results.filter((row) => row.got === row.want).length;
console.log(`\n${fitting} of ${results.length} rows as expected.`);

if (keep) tellHowToGoOn(server, tokens[0], tried);
else await server.stop();
process.exitCode = fitting === results.length ? 0 : 1;
