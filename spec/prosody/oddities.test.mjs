// What looks wrong in a token that is let in is said once in the log and counted for the shell, on each Prosody; and the
// shell's own help has our commands.
// Proves mod_auth_meetauth/record.lib (what is odd) and mod_shell_meetauth/help.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config as deployment, daily, domains, host, jitsi, secrets } from "./support/deployment.mjs";
import { installed } from "./support/install.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { prosodyVersion, startProsody, traceback } from "./support/server.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const other = "other.example";
const config = `${deployment}
VirtualHost "${other}"
	modules_enabled = { "admin_shell" } -- the shell is global, whoever names it
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${specSecret("o")}" };
		{ id = "school", dialect = "daily", domain_id = "school", secret = "${specSecret("d")}", require = { "iat" } };
	}
`;
const elsewhere = (claims = {}) => sign(specSecret("o"), { iss: "portal", sub: other, room: "standup", exp: now() + 600, ...claims });
const user = (more) => ({ context: { user: { id: "bearer-of-oddities", name: "Ann", ...more } } });
const features = (named) => ({ context: { features: named } });

// What is planted, and what is said of it.
const odd = [
	{ name: "exp in milliseconds", token: jitsi({ exp: (now() + 600) * 1000 }), entry: "portal", says: "exp looks like milliseconds" },
	{ name: "no exp", token: jitsi({ exp: undefined }), entry: "portal", says: "the token has no exp" },
	{ name: "moderator as Python writes it", token: jitsi(user({ moderator: "True" })), entry: "portal", says: "moderator is neither true nor false" },
	{ name: "a feature that nobody knows", token: jitsi(features({ recordings: true })), entry: "portal", says: "has an unknown feature" },
	{ name: "a feature that is a number", token: jitsi(features({ recording: 1 })), entry: "portal", says: "neither true nor false. Write true" },
	{ name: "a claim of Daily's without effect", token: daily({ sr: true }), entry: "acme", says: "sr is ignored" },
	{ name: "claims that nobody knows", token: daily({ Geheim: 1 }), entry: "acme", says: "unknown names or words, which are ignored" },
	{ name: "exp in milliseconds, at Daily", token: daily({ exp: (now() + 600) * 1000 }), entry: "acme", says: "exp looks like milliseconds" },
	{ name: "ejt without exp", token: sign(specSecret("d"), { d: "school", r: "standup", iat: now(), ejt: true }), entry: "school",
		at: other, says: "ejt is ignored: the token has no exp", also: 1 },
];
const good = [jitsi(user({ moderator: true })), jitsi({ moderator: "true", ...features({ recording: "true", flip: false }) }), daily({ o: true, u: "Ann" })];

test("oddities", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: installed(), machine: newMachine({ still: true }) });

	const transcripts = [];
	async function shell(...args) {
		const { code, stdout, stderr } = await server.prosodyctl("shell", ...args);
		transcripts.push(stdout + stderr);
		return { code, out: stdout + stderr };
	}
	async function visit(token, at = host) {
		const session = await connect({ url: server.ws, host: at, token });
		assert.equal(session.refused?.text, undefined);
		await session.close();
	}
	const said = () => [...server.log().matchAll(/info\s+Meeting token accepted, but: (.*) \(entry (\w+); said once, then counted\)/g)];

	await t.test("of good tokens nothing is said", async () => {
		for (const token of good) await visit(token);
		assert.deepEqual(said(), []);
		const { code, out } = await shell("meetauth", "oddities");
		assert.equal(code, 0);
		assert.match(out, /0 odd things/);
	});

	let lines = 0;
	for (const { name, token, entry, at = host, says, also = 0 } of odd) {
		await t.test(`${name}: said once, and counted`, async () => {
			for (let i = 0; i < 3; i++) await visit(token, at);
			lines += 1 + also;
			assert.equal(said().length, lines);
			const [, words, of] = said().at(-1);
			assert.ok(words.includes(says), words);
			assert.equal(of, entry);
			const { code, out } = await shell("meetauth", "oddities", at, "1");
			assert.equal(code, 0, out);
			assert.match(out, new RegExp(`\\d{4}-\\S+ \\S+Z +\\d{4}-\\S+ \\S+Z +3 +${at} +${entry} +.*${says}`));
			assert.match(out, /1 odd thing$/m);
		});
	}

	await t.test("the list: newest first, of a host, and as many as wanted", async () => {
		await visit(odd[0].token);
		const all = await shell("meetauth", "oddities");
		assert.match(all.out.split("\n").find((line) => /^\d{4}-/.test(line)), /Z +4 +meet\.example +portal +exp looks like milliseconds/);
		assert.match(all.out, new RegExp(`${lines} odd things`));
		await visit(elsewhere({ exp: undefined }), other); // the same entry's name at another host
		assert.match((await shell("meetauth", "oddities", other)).out, /Z +1 +other\.example +portal +the token has no exp[^]*3 odd things/);
		assert.match((await shell("meetauth", "oddities", "2")).out, /2 odd things/);
		assert.match((await shell("meetauth", "oddities", "nowhere.example")).out, /this server has no host nowhere\.example/);
		assert.match((await shell("meetauth", "oddities", host, "many")).out, /count: expected/);
	});

	await t.test("a refused token's oddities are its refusal's business", async () => {
		const before = said().length;
		const { refused } = await connect({ url: server.ws, host, token: jitsi({ exp: undefined, moderator: 1 }, secrets.zeta) });
		assert.equal(refused.text, "signature-mismatch");
		assert.equal(said().length, before);
	});

	await t.test("a reload of the module says nothing again", async () => {
		const before = said().length;
		assert.equal((await shell("module", "reload", "auth_meetauth", host)).code, 0);
		await visit(odd[0].token);
		assert.equal(said().length, before);
		assert.match((await shell("meetauth", "oddities", "1")).out, /Z +5 +meet\.example +portal +exp looks/);
	});

	const commands = ["why", "denials", "oddities", "who", "keys", "kept", "refresh", "revoke", "revoked", "unrevoke", "kicked", "readmit", "bans", "unban", "invite", "report", "help"];

	async function helps(args) {
		const { code, out } = await shell(...args);
		assert.equal(code, 0, out);
		for (const name of commands) assert.match(out, new RegExp(`^meetauth[: ]${name}\\b`, "m"), args.join(" "));
	}

	await t.test("help: as a command, and in the shell's own help", async () => {
		for (const args of [["meetauth:help()"], ["meetauth", "help"], ["help meetauth"], ["help", "meetauth"]]) await helps(args);
		const { out } = await shell("help");
		assert.match(out, /^meetauth +\W+ Meeting tokens/m);
		assert.match(out, /^c2s +\W+ Commands to manage/m);
		assert.match((await shell("help c2s")).out, /c2s[: ]show/);
		assert.doesNotMatch((await shell("help c2s")).out, /meetauth/);
	});

	await t.test("help: after the shell or our part of it was loaded again", async () => {
		assert.equal((await shell("module", "reload", "admin_shell")).code, 0);
		await helps(["help meetauth"]);
		assert.equal((await shell("module", "reload", "shell_meetauth")).code, 0);
		await helps(["help meetauth"]);
		await helps(["meetauth:help()"]);
		if (prosodyVersion === "0.12") {
			assert.equal((await shell("module", "unload", "shell_meetauth")).code, 0);
			assert.doesNotMatch((await shell("help")).out, /meetauth/);
		}
	});

	await t.test("nothing of a token is told", () => {
		const told = transcripts.join("\n") + server.log();
		assert.doesNotMatch(told, traceback);
		assert.doesNotMatch(told, /recordings|Geheim|bearer-of-oddities/);
		assert.ok(!told.includes(domains.acme));
	});
});
