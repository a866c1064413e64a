// The console is no way in: nothing of it is reachable without an address that the shell has printed, and whatever another
// site, another name, a guess or a flood asks for, it gets nothing.
// Proves mod_console_meetauth/doorway.lib and mod_console_meetauth/files.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { addressesOf, at, codeOf, enter, openConsole, own, request } from "./support/console.mjs";
import { config as deployment, host, jitsi } from "./support/deployment.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { raw } from "./support/rest.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";

const name = "console.meet.example";
const other = "other.example";
const config = `${deployment.replace('authentication = "meetauth"', `$&
	modules_enabled = { "console_meetauth" }
	meetauth_console_hosts = { "${name}" }`)}
VirtualHost "${other}"
	modules_enabled = { "admin_shell"; "console_meetauth" } -- the shell is global, whoever names it
	authentication = "meetauth"
	meetauth_issuers = { { id = "other", issuer = "other", secret = "other-secret-2-3-5-7-11-13-17-19-23-29-31" } }
VirtualHost "plain.example"
	authentication = "meetauth"
	meetauth_issuers = { { id = "plain", issuer = "plain", secret = "plain-secret-2-3-5-7-11-13-17-19-23-29-31" } }
`;

const inside = ["console.js", "parts.js", "words.json"];
const says = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-frame-options": "DENY", "x-content-type-options": "nosniff" };

test("the console's door", { timeout: TEST }, async (t) => {
	const machine = newMachine();
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	const get = (path, headers = {}) => request(server, at(host, path), { headers: { host: own(server).host, ...headers } });
	const ask = (path, more = {}, body = "{}") => request(server, at(host, path), { method: "POST", headers: own(server, more), body });
	const newCode = async (of = host) => codeOf((await addressesOf(server, of)).list[0]);

	await t.test("is not there where no host enables it", async () => {
		const { status } = await request(server, at("plain.example"), { headers: { host: own(server).host } });
		assert.equal(status, 404);
		const { code, out } = await addressesOf(server, "plain.example");
		assert.notEqual(code, 0);
		assert.match(out, /plain\.example has no console: add "console_meetauth"/);
	});

	await t.test("prints an address for localhost, and for each name", async () => {
		const { code, out, list } = await addressesOf(server, host);
		assert.equal(code, 0, out);
		assert.match(out, /good once, for ten minutes/);
		assert.deepEqual(list.map((address) => address.split("#")[0]), [
			`http://localhost:${new URL(server.http).port}/console/${host}/`, `https://${name}/console/${host}/`,
		]);
		assert.match(codeOf(list[0]), /^[0-9a-f]{64}$/);
		assert.match((await addressesOf(server)).out, /several hosts have a console: name one of meet\.example, other\.example/);
	});

	await t.test("shows the door to whoever has no session, and nothing of what is behind it", async () => {
		const door = await get("");
		assert.equal(door.status, 200);
		assert.match(door.text, /prosodyctl shell meetauth console meet\.example/);
		for (const path of inside) assert.equal((await get(path)).status, 404, path);
		for (const path of ["read", "rooms", "keys", "refusals", "make"]) assert.equal((await ask(`api/${path}`)).status, 401, path);
		assert.equal((await get("../../etc/passwd")).status, 404);
	});

	await t.test("says with every answer: own files alone, no caching, no referrer, no framing", async () => {
		for (const answer of [await get(""), await get("door.js"), await get("nothing"), await ask("api/read"), await ask("enter")]) {
			for (const [header, value] of Object.entries(says)) assert.equal(answer.headers[header], value, header);
			assert.match(answer.headers["content-security-policy"], /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/);
			assert.doesNotMatch(answer.headers["content-security-policy"], /unsafe/);
			assert.equal(answer.headers["access-control-allow-origin"], undefined);
		}
	});

	await t.test("opens by its code once", async () => {
		const code = await newCode();
		const first = await enter(server, host, code);
		assert.equal(first.status, 200);
		assert.match(first.headers["set-cookie"][0], /^meetauth_console=[0-9a-f]{64}; Path=\/console\/meet\.example\/; Max-Age=3600; HttpOnly; SameSite=Strict$/);
		const again = await enter(server, host, code);
		assert.equal(again.status, 403);
		assert.equal(again.headers["set-cookie"], undefined);
	});

	await t.test("sets a cookie for https alone where the address is https", async () => {
		const { status, headers } = await enter(server, host, await newCode(), { host: name, origin: `https://${name}` });
		assert.equal(status, 200);
		assert.match(headers["set-cookie"][0], /; Secure$/);
	});

	await t.test("shows the console to whoever has a session", async () => {
		const { cookie, ask: asked } = await openConsole(server, host);
		for (const path of ["", ...inside]) assert.equal((await get(path, { cookie })).status, 200, path);
		assert.match((await get("", { cookie })).text, /console\.js/);
		assert.equal((await asked("read", { text: jitsi() })).status, 200);
	});

	await t.test("ends a session that is left", async () => {
		const { cookie, ask: asked } = await openConsole(server, host);
		const { status, headers } = await ask("leave", { cookie });
		assert.equal(status, 200);
		assert.match(headers["set-cookie"][0], /^meetauth_console=; .*Max-Age=0/);
		assert.equal((await asked("read", { text: jitsi() })).status, 401);
	});

	await t.test("does not open by a guess, by a session's id, or by a code of another host", async () => {
		const { cookie } = await openConsole(server, host);
		const guesses = ["", "0".repeat(64), cookie.split("=")[1], await newCode(other), null, 7, ["a"], { $ne: "" }, "é".repeat(32)];
		for (const guess of guesses) assert.equal((await enter(server, host, guess)).status, 403, String(guess));
	});

	await t.test("is another one on each host: no session of one counts on another", async () => {
		const { cookie } = await openConsole(server, other);
		assert.equal((await get("console.js", { cookie })).status, 404);
		assert.equal((await ask("api/read", { cookie })).status, 401);
	});

	await t.test("answers under its own names alone", async () => {
		const { cookie } = await openConsole(server, host);
		for (const wrong of ["evil.example", host, "console.meet.example.evil.example", "127.0.0.1.evil.example"]) {
			assert.equal((await get("", { host: wrong })).status, 404, wrong);
			assert.ok((await ask("api/read", { host: wrong, origin: `http://${wrong}`, cookie })).status >= 400, wrong);
		}
		assert.match(await raw(server, `GET ${at(host)} HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`), /^HTTP\/1.0 400 /); // no name at all
		assert.equal((await get("", { host: name })).status, 200);
		assert.equal((await request(server, at(other), { headers: { host: name } })).status, 404); // another host's name
	});

	await t.test("takes nothing from another site, whatever cookie comes along", async () => {
		const { cookie } = await openConsole(server, host);
		const theirs = [
			{ origin: "http://evil.example" }, { origin: "null" }, { origin: undefined }, { origin: "http://localhost:1" },
			{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" },
			{ "content-type": "text/plain" }, { "content-type": "application/x-www-form-urlencoded" }, { "content-type": undefined },
			{ "x-meetauth-console": undefined }, { host: name, origin: `http://${name}` },
		];
		for (const headers of theirs) {
			const sent = Object.fromEntries(Object.entries(own(server, { cookie, ...headers })).filter(([, value]) => value !== undefined));
			for (const path of ["api/read", "api/revoke", "leave", "enter"]) {
				const { status } = await request(server, at(host, path), { method: "POST", headers: sent, body: '{"text":"x"}' });
				assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
			}
		}
		assert.equal((await ask("api/read", { cookie }, '{"text":"x"}')).status, 200);
		for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
			const answer = await request(server, at(host, "api/read"), { method, headers: own(server, { cookie }) });
			assert.ok(answer.status >= 400, method);
			assert.equal(answer.headers["access-control-allow-origin"], undefined);
		}
	});

	await t.test("takes no body that is too long, is sent in chunks, or is no object", async () => {
		const { cookie, ask: asked } = await openConsole(server, host);
		assert.equal((await asked("read", JSON.stringify({ text: "x".repeat(70000) }))).status, 413);
		for (const body of ["", "[]", "7", "{", '{"a":1,"a":2}', "\u0000"]) assert.equal((await asked("read", body)).status, 400, body);
		const chunks = request(server, at(host, "api/read"), { method: "POST", headers: own(server, { cookie, "transfer-encoding": "chunked" }), body: "{}" });
		const { status } = await chunks.catch(() => ({ status: 0 })); // Prosody 0.12 may hang up
		assert.ok([0, 400, 413].includes(status), String(status));
		assert.equal((await asked("nothing")).status, 404);
		assert.equal((await asked("__index")).status, 404);
	});

	await t.test("a flood of guesses ends no session, keeps no code out, and says one line", async () => {
		const code = await newCode();
		const { ask: asked } = await openConsole(server, host);
		const from = server.log().length;
		for (let i = 0; i < 20; i++) {
			const guesses = Array.from({ length: 25 }, (_, n) => enter(server, host, String(n).padStart(64, "0")));
			for (const { status } of await Promise.all(guesses)) assert.equal(status, 403);
		}
		assert.ok((server.log().slice(from).match(/code that does not count/g) ?? []).length <= 1);
		assert.equal((await asked("read", { text: "x" })).status, 200);
		assert.equal((await enter(server, host, code)).status, 200);
	});

	await t.test("a session asks so often and no more", async () => {
		const { ask: asked } = await openConsole(server, host);
		const all = await Promise.all(Array.from({ length: 400 }, () => asked("read", { text: "x" })));
		const count = (status) => all.filter((answer) => answer.status === status).length;
		assert.ok(count(429) > 0);
		assert.equal(count(200) + count(429), 400);
		assert.equal((await (await openConsole(server, host)).ask("read", { text: "x" })).status, 200);
	});

	await t.test("has eight sessions at most: the oldest ends", async () => {
		const first = await openConsole(server, host);
		for (let i = 0; i < 8; i++) await openConsole(server, host);
		assert.equal((await first.ask("read", { text: "x" })).status, 401);
	});

	await t.test("opens for ten minutes, and for an hour", async () => {
		const code = await newCode();
		const { ask: asked } = await openConsole(server, host);
		await machine.pass(601);
		assert.equal((await enter(server, host, code)).status, 403);
		assert.equal((await asked("read", { text: "x" })).status, 200);
		await machine.pass(3000);
		assert.equal((await asked("read", { text: "x" })).status, 401);
	});

	await t.test("neither code, session nor token is in the log", async () => {
		const { list: [address] } = await addressesOf(server, host);
		const { headers } = await enter(server, host, codeOf(address));
		const cookie = headers["set-cookie"][0].split(";")[0];
		const token = jitsi();
		assert.equal((await ask("api/read", { cookie }, JSON.stringify({ text: `https://meet.example/x?jwt=${token}`, room: "standup" }))).status, 200);
		for (const secret of [codeOf(address), cookie.split("=")[1], token, token.split(".")[1]]) {
			assert.ok(!server.log().includes(secret), secret.slice(0, 8));
		}
		assert.doesNotMatch(server.log(), anyToken);
	});

	await t.test("is gone with its module", async () => {
		const { cookie } = await openConsole(server, host);
		server.rewriteConfig((text) => text.replace('modules_enabled = { "console_meetauth" }', ""));
		await server.restart();
		assert.equal((await get("", { cookie })).status, 404);
	});

	assert.doesNotMatch(server.log(), traceback);
});
