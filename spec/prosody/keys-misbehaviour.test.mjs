// What a key server can do wrong, each by a real HTTP server: keys that were known go on, tokens with others are
// refused in time, requests and memory stay bounded.
// Proves mod_auth_meetauth/fetch.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { keysConfig, newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";

const host = "meet.example";
const EVERY = 2; // seconds between two looks at a source
const LOOK = 4; // seconds that a look takes at most
const WAIT = 5; // seconds that a login waits at most
const good = newKey("good");
const fresh = newKey("fresh");
const unnamed = newKey(undefined);
const set = setOf(good);
const withFresh = setOf(good, fresh);

const html = (code) => (request, response) => {
	response.writeHead(code, { "Content-Type": "text/html" }).end("<html><title>Sign in</title></html>");
};
const body = (text, headers = {}, code = 200) => (request, response) => response.writeHead(code, headers).end(text);

// Write without end; 'drip' bytes a second, or as fast as the other side takes it.
function pour(response, drip) {
	const piece = drip ? " ".repeat(drip) : Buffer.alloc(65536, " ");
	if (drip) {
		const timer = setInterval(() => response.write(piece), 250);
		response.on("close", () => clearInterval(timer));
		return;
	}
	let gone = false;
	response.on("close", () => { gone = true; });
	const more = () => {
		while (!gone && response.write(piece));
		if (!gone) response.once("drain", more);
	};
	more();
}

let flips = 0;

// answer: what the server does from the second look on; says: what the log says of it; fresh: what a token with
// another key is told, "in" where the answer has that key.
const cases = {
	"slow": { answer: () => {},  says: "it does not answer (timeout)" },
	"drip": { answer: (request, response) => { response.writeHead(200); pour(response, 10); }, says: "it does not answer (timeout)" },
	"drip-head": { answer: (request, response) => {
		response.socket.write("HTTP/1.1 200 OK\r\n");
		const timer = setInterval(() => response.socket?.write("X-More: 1\r\n"), 250);
		request.socket.on("close", () => clearInterval(timer));
	}, says: "it does not answer (timeout)" },
	"endless": { answer: (request, response) => { response.writeHead(200); pour(response); }, says: "its answer cannot be used (too much)" },
	"endless-head": { answer: (request, response) => {
		const { socket } = response;
		socket.write("HTTP/1.1 200 OK\r\n");
		const more = () => { while (socket.writable && socket.write(`X-More: ${"x".repeat(60000)}\r\n`)); };
		socket.on("drain", more);
		more();
	}, says: "its answer cannot be used (too much)" },
	"gigabytes": { answer: (request, response) => {
		response.writeHead(200, { "Content-Length": 8e9 });
		pour(response);
	}, says: "its answer cannot be used (too much)" },
	"close": { answer: (request, response) => response.socket.destroy(), says: "its answer cannot be used (cut off)" },
	"short": { answer: (request, response) => {
		response.writeHead(200, { "Content-Length": 5000 });
		response.write(withFresh);
		setTimeout(() => response.socket.destroy(), 50);
	}, says: "its answer cannot be used (cut off)" },
	"garbage": { answer: (request, response) => response.socket.end("SSH-2.0-OpenSSH_9.2\r\n\r\n"), says: "its answer cannot be used (bad answer)" },
	"negative-length": { answer: (request, response) => response.socket.end("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"), says: "its answer cannot be used (bad answer)" },
	"html": { answer: html(200), says: "its answer cannot be used (bad-json)" },
	"empty": { answer: body(""), says: "its answer cannot be used (bad-json)" },
	"204": { answer: body(undefined, {}, 204), says: "its answer cannot be used (status 204)" },
	"404": { answer: html(404), says: "its answer cannot be used (status 404)" },
	"500": { answer: html(500), says: "its answer cannot be used (status 500)" },
	"loop": { answer: (request, response) => response.writeHead(302, { Location: request.url }).end(), says: "its answer cannot be used (too many redirects)", hops: 4 },
	"elsewhere": { answer: (request, response) => response.writeHead(302, { Location: "http://127.0.0.2:9/" }).end(), says: "its answer cannot be used (redirect elsewhere)" },
	"array": { answer: body("[]"), says: "its answer cannot be used (bad-set)" },
	"number": { answer: body("1e400"), says: "its answer cannot be used (bad-json)" },
	"null": { answer: body("null"), says: "its answer cannot be used (bad-set)" },
	"object": { answer: body("{}"), says: "its answer cannot be used (bad-set)" },
	"twice": { answer: body(JSON.stringify({ keys: [good.jwk, { ...fresh.jwk, kid: "good" }] })), says: "its answer cannot be used (duplicate-kid)" },
	"many": { answer: body(JSON.stringify({ keys: Array(101).fill({}) })), says: "its answer cannot be used (oversized-set)" },
	"flapping": { answer: (request, response) => (flips++ % 2 ? html(500) : body(set))(request, response), says: "its answer cannot be used (status 500)", fresh: /^(unknown-key|keys-unavailable)$/ },
	"type": { answer: body(withFresh, { "Content-Type": "image/png" }), says: "changed", fresh: "in" },
	"unusable": { answer: body(JSON.stringify({ keys: [{ kty: "RSA", n: "AQAB", e: "AQAB", kid: "short" }, null, 7,
		{ kty: "EC", crv: "P-256", x: "AA", y: "AA", kid: "off" }, { ...newKey("enc").jwk, use: "enc" }, good.jwk, fresh.jwk] })), says: "changed", fresh: "in" },
	"unnamed": { answer: body(setOf(good, unnamed)), says: "changed", fresh: "signature-mismatch", token: () => unnamed.token(claimsOf("unnamed")) },
	"max-age-0": { answer: body(withFresh, { "Cache-Control": "max-age=0" }), says: "changed", fresh: "in" },
	"max-age-negative": { answer: body(withFresh, { "Cache-Control": "max-age=-99" }), says: "changed", fresh: "in" },
	"max-age-absurd": { answer: body(withFresh, { "Cache-Control": `max-age=${"9".repeat(300)}` }), says: "changed", fresh: "in" },
	"withdrawn": { answer: body('{"keys":[]}'), says: "changed", fresh: "unknown-key" },
	"chunked": { answer: (request, response) => { response.write(withFresh.slice(0, 50)); setTimeout(() => response.end(withFresh.slice(50)), 20); }, says: "changed", fresh: "in" },
	"until-close": { answer: (request, response) => {
		response.socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${withFresh.slice(0, 50)}`);
		setTimeout(() => response.socket.end(withFresh.slice(50)), 50);
	}, says: "changed", fresh: "in" },
};

const claimsOf = (name) => ({ iss: `sso-${name}` });
const memory = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;

// Time stands but for what pass() lets go by: whatever is done meanwhile has waited for nobody.
test("a key server that misbehaves", { timeout: TEST }, async (t) => {
	const folder = makeFolder();
	execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", join(folder, "key"), "-out", join(folder, "cert"),
		"-subj", "/CN=127.0.0.1", "-days", "1"], { stdio: "ignore" });
	const tls = await startKeyServer({ tls: { key: readFileSync(join(folder, "key")), cert: readFileSync(join(folder, "cert")) } });
	tls.on("/self-signed", set);
	const keys = await startKeyServer();
	const dead = await startKeyServer();
	dead.on("/dead", set);
	let spoiled = false;
	for (const [name, { answer }] of Object.entries(cases)) {
		keys.on(`/${name}`, (request, response) => (spoiled ? answer : body(set))(request, response));
	}
	const entry = (name, url) => `{ id = "${name}", issuer = "sso-${name}", algorithms = "ES256", jwks_url = "${url}/${name}",
		refresh_min = ${EVERY}, refresh_max = ${EVERY} }`;
	const machine = newMachine({ still: true });
	const began = machine.now();
	const server = await startProsody({
		config: keysConfig([...Object.keys(cases).map((name) => entry(name, keys.url)), entry("dead", dead.url), entry("self-signed", tls.url)]),
		prefix: withSpecModules(), machine,
	});
	const login = async (token) => {
		const session = await connect({ url: server.ws, host, token });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	};
	const names = [...Object.keys(cases), "dead"];
	const saysOf = (name) => cases[name]?.says ?? "it does not answer (connection refused)";
	const isSilent = (name) => saysOf(name) === "it does not answer (timeout)";
	const told = (name, from) => server.log().slice(from).split("\n")
		.some((line) => line.includes(`Keys of ${name} from `) && line.includes(saysOf(name)));
	const allTold = (wanted, from) => waitFor(() => wanted.every((name) => told(name, from)), `all of ${wanted.join(", ")} told`);

	for (const name of names) await server.waitForLog(new RegExp(`Keys of ${name} from .*: changed`));
	const from = server.log().length;
	const before = memory(server.pid);
	spoiled = true;
	await dead.close();
	await machine.pass(EVERY);
	await allTold(names.filter((name) => !isSilent(name) && name !== "flapping"), from);

	await t.test("known keys go on, all of them, at once", async () => {
		assert.deepEqual(await Promise.all(names.map((name) => login(good.token(claimsOf(name))))), names.map(() => "in"));
	});

	await machine.pass(LOOK);
	await allTold(names, from);
	await machine.pass(EVERY); // the next look, which some of them will never answer

	await t.test("known keys go on when looks have failed, too", async () => {
		assert.deepEqual(await Promise.all(names.map((name) => login(good.token(claimsOf(name))))), names.map(() => "in"));
	});

	const attempts = await Promise.all(names.map(async (name) => {
		const token = cases[name]?.token?.() ?? fresh.token(claimsOf(name));
		return { name, stream: await openStream({ url: server.ws, host, token }) };
	}));
	for (const one of attempts) one.answer = one.stream.authenticate();
	await server.turn(); // it has them all
	await Promise.all(attempts.filter(({ name }) => !isSilent(name)).map(({ answer }) => answer));
	await machine.pass(WAIT);
	for (const { name, stream, answer } of attempts) {
		const { fresh: wanted = "keys-unavailable", token } = cases[name] ?? {};
		await t.test(`${name}: the log says ${saysOf(name)}, another key is told ${wanted}`, async () => {
			const outcome = await answer;
			const verdict = outcome === "success" ? "in" : outcome.text;
			if (token) assert.equal(verdict, "in");
			else if (wanted instanceof RegExp) assert.match(verdict, wanted);
			else assert.equal(verdict, wanted);
			await stream.close();
		});
	}

	await t.test("unnamed: a token with a kid that nobody has is tried with the key that has none", async () => {
		assert.equal(await login(fresh.token(claimsOf("unnamed"))), cases.unnamed.fresh);
	});

	await t.test("self-signed: a certificate that nobody vouches for gives no key", async () => {
		await server.waitForLog(/Keys of self-signed from .*: it does not answer \(certificate (chain invalid|verify failed)\)/);
		assert.equal(await login(good.token(claimsOf("self-signed"))), "keys-unavailable");
		assert.equal(tls.requests(), 0);
	});

	await t.test("requests are bounded", () => {
		const looks = Math.floor((machine.now() - began) / EVERY) + 1;
		for (const name of Object.keys(cases)) {
			const most = looks * (cases[name].hops ?? 1);
			assert.ok(keys.requests(`/${name}`) <= most, `${name}: ${keys.requests(`/${name}`)} requests, at most ${most}`);
		}
		assert.ok(keys.connections() <= Object.keys(cases).length, `${keys.connections()} connections`);
	});

	await t.test("memory is bounded", () => {
		const grown = memory(server.pid) - before;
		assert.ok(grown < 64, `${grown} MiB more`);
	});

	await t.test("the module's status is a warning that names the entries", async () => {
		const session = await connect({ url: server.ws, host, token: good.token(claimsOf("html")) });
		const [level, text] = await inside(session, 'return { prosody.hosts["meet.example"].modules.auth_meetauth.module:get_status() }');
		assert.equal(level, "warn");
		assert.match(text, /^a key server cannot be reached: .*slow \(using the last good keys\).*; the answer of a key server cannot be used: .*html \(using the last good keys\)/);
		await session.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
