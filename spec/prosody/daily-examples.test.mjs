// examples/daily as it stands: the token that each script prints, signed by itself or minted by the server, joins a
// live room, under the configuration there.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { connect } from "./support/client.mjs";
import { enter, isSelf, room, word } from "./support/daily.mjs";
import { installed } from "./support/install.mjs";
import { newMachine } from "./support/machine.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

const here = (name) => fileURLToPath(new URL(`../../examples/daily/${name}`, import.meta.url));
const read = (name) => readFileSync(here(name), "utf8");
const modules = fileURLToPath(new URL("node_modules", import.meta.url));

const key = randomBytes(32).toString("hex");
const domain = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

const signing = [
	["node", "sign.mjs"],
	["node", "sign-jsonwebtoken.cjs"],
	["python3", "sign.py"],
	["sh", "sign.sh"],
];
const minting = [
	["node", "mint.mjs"],
	["python3", "mint.py"],
	["sh", "mint.sh"],
];
const scripts = [...signing, ...minting];

function run([command, script], args, { secret = key, api = "" } = {}) {
	const { status, stdout, stderr } = spawnSync(command, [here(script), ...args], {
		encoding: "utf8", timeout: PATIENCE,
		env: {
			PATH: process.env.PATH, HOME: process.env.HOME, NODE_PATH: modules,
			DAILY_API_KEY: secret, DAILY_DOMAIN_ID: domain, DAILY_API_URL: api,
		},
	});
	return { status, token: stdout.trim(), stderr };
}

test("Daily: the examples", { timeout: TEST }, async (t) => {
	const machine = newMachine();
	const server = await startProsody({
		configFile: here("prosody.cfg.lua"), prefix: installed(), env: { DAILY_API_KEY: key, DAILY_DOMAIN_ID: domain }, machine,
	});
	const api = `${server.http}/v1`;
	const self = (guest) => guest.wait((p) => isSelf(p) && p.permissions.length > 0, "permissions");

	for (const script of scripts) {
		await t.test(`${script[1]}: owner and participant join`, async () => {
			const owner = run(script, ["standup", "user-1", "Ann", "owner"], { api });
			assert.equal(owner.status, 0, owner.stderr);
			const guest = run(script, ["standup", "user-2", "Ben"], { api });
			const boss = await enter(server, owner.token, "standup", "boss");
			const plain = await enter(server, guest.token, "standup", "plain");
			assert.deepEqual([boss.joined.affiliation, plain.joined.affiliation], ["owner", "member"]);
			assert.deepEqual([(await self(boss)).name, (await self(plain)).name], ["Ann", "Ben"]);
			assert.equal((await self(boss)).permissions[0].recording, true);
			const { refused } = await boss.session.join(room("retro"), "boss");
			assert.equal(word(refused), "room-mismatch");
			await boss.session.close();
			await plain.session.close();
		});

		await t.test(`${script[1]}: says how it is used, and needs its arguments`, () => {
			const { status, token, stderr } = run(script, ["standup"], { api });
			assert.notEqual(status, 0);
			assert.equal(token, "");
			assert.match(stderr, /usage: .*ROOM USER_ID NAME/);
			assert.ok(!stderr.includes(key));
		});
	}

	for (const script of signing) {
		await t.test(`${script[1]}: another key is refused`, async () => {
			const { token } = run(script, ["standup", "user-1", "Ann"], { secret: randomBytes(32).toString("hex") });
			const { refused } = await connect({ url: server.ws, host: "meet.example", token });
			assert.equal(word(refused), "signature-mismatch");
		});
	}

	for (const script of minting) {
		await t.test(`${script[1]}: says what the server says no to`, () => {
			for (const [args, options, says] of [
				[["standup", "user-1", "Ann"], { secret: randomBytes(32).toString("hex") }, /authentication-error/],
				[["*", "user-1", "Ann"], {}, /(?=.*"invalid-request-error").*room_name/],
			]) {
				const { status, token, stderr } = run(script, args, { api, ...options });
				assert.notEqual(status, 0);
				assert.equal(token, "");
				assert.match(stderr, says);
				assert.ok(!stderr.includes(key));
			}
		});
	}

	await t.test("sign.sh: keys of any length", () => {
		for (const secret of [specSecret("k"), specSecret("k", 64), specSecret("k", 65), randomBytes(100).toString("base64"), "%s\\n$(id) ü".repeat(4)]) {
			const { token, stderr } = run(signing[3], ["standup", "user-1", "Ann"], { secret });
			const [header, payload, signature] = token.split(".");
			const claims = Buffer.from(payload, "base64url");
			assert.equal(sign(secret, claims, Buffer.from(header, "base64url")).split(".")[2], signature, stderr);
		}
	});

	await t.test("no secret stands on a command line", () => {
		for (const [, script] of scripts) assert.match(read(script), /DAILY_API_KEY/);
		const code = read("sign.sh").split("\n").filter((line) => !line.startsWith("#")).join("\n");
		assert.doesNotMatch(code, /openssl[^\n|]*(-hmac|-macopt|DAILY_API_KEY)/);
		assert.doesNotMatch(read("mint.sh"), /curl[^\n|]*DAILY_API_KEY/);
	});

	await t.test("README.md's lines for a Jitsi installation are a part of the configuration", () => {
		const block = [...read("README.md").matchAll(/(?<=```lua\n)[^]*?(?=```)/g)].join("\n");
		const words = (text) => new Set(text.match(/[\w_]+ = "\w[\w.]*"|VirtualHost "[^"]+"|Component "[^"]+" "muc"/g));
		for (const line of words(block.replace(/<[^>]+>/g, ""))) assert.ok(read("prosody.cfg.lua").includes(line), line);
	});

	await t.test("README.md's errors are what comes", async () => {
		const claims = { d: domain, r: "standup", iat: now(), exp: now() + 600 };
		const rows = new Map(read("README.md").split("\n").filter((line) => /^\| `(exp|nbf|no|not)-/.test(line))
			.map((line) => line.split("|").slice(1, 3).map((cell) => cell.trim())).reverse());
		const listed = (type, reason) => [...read("README.md").matchAll(/^\| (.*?) \| (.*?) \|/gm)]
			.some(([, types, words]) => types.includes(`\`${type}\``) && words.includes(`\`${reason}\``));
		assert.ok(rows.size >= 4);
		for (const [type, text, reason] of [
			["exp-token", sign(key, { ...claims, exp: now() - 60 }), "expired"],
			["nbf-token", sign(key, { ...claims, nbf: now() + 600 }), "not-yet-valid"],
			["not-allowed", sign("x".repeat(64), claims), "signature-mismatch"],
			["not-allowed", sign(key, { ...claims, d: "other" }), "unknown-issuer"],
			["not-allowed", sign(key, { ...claims, r: "*" }), "bad-claim"],
			["not-allowed", sign(key, { ...claims, r: undefined }), "missing-claim"],
			["not-allowed", sign(key, { ...claims, room: "x" }), "ambiguous-claims"],
			["not-allowed", sign(key, { ...claims, p: { hp: false } }), "not-enforceable"],
			["not-allowed", undefined, "token-required"],
			["not-allowed", "a.b", "malformed"],
		]) {
			const { refused } = await connect({ url: server.ws, host: "meet.example", token: text });
			assert.equal(word(refused), reason);
			assert.ok(listed(type, reason), `${type}: ${reason}`);
		}
		assert.ok(listed("no-room", "room-mismatch"));
		const ejected = await enter(server, sign(key, { ...claims, eje: 60 }), "standup", "guest");
		await machine.pass(60);
		const { reason } = await ejected.wait((p) => p.type === "unavailable" && isSelf(p), "the kick");
		assert.ok(listed("ejected", reason));
		await ejected.session.close();
	});

	await t.test("the log holds no traceback, no secret and no token", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.ok(!server.log().includes(key));
		assert.doesNotMatch(server.log(), anyToken);
	});
});
