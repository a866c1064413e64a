// meetauth check, as installed, on configurations that a live Prosody runs with, and on key servers that answer,
// misbehave, or are not there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { allWell, check, checkServer } from "./support/checked.mjs";
import { dailyConfig, enter, host, muc, token, withStandIns } from "./support/daily.mjs";
import { debianFolders, fill, read, startExample } from "./support/example.mjs";
import { blocks, container } from "./support/guide.mjs";
import { installed } from "./support/install.mjs";
import { asapPath, keysConfig, newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const folder = makeFolder();
const blanks = { "<your secret>": specSecret("s"), "<your TURN secret>": "t" };

test("check on the examples", { timeout: TEST }, async (t) => {
	await t.test("examples/jitsi-debian passes, where it runs", async (inner) => {
		const server = await startExample(fill(read("jitsi-debian/meet.example.org.cfg.lua"), blanks), { folders: debianFolders });
		const ran = await checkServer(server);
		allWell(ran);
		assert.ok(ran.lines.some((line) => /^ok .* exempt: .*recorder\.meet\.example\.org/.test(line)));
	});

	await t.test("examples/jitsi-docker passes, where it runs", async (inner) => {
		const prefix = container(blocks(read("jitsi-docker/README.md"), "sh")[0].trim(), read("jitsi-docker/docker-compose.override.yml"));
		const server = await startExample(fill(read("jitsi-docker/jitsi-meet.cfg.lua"), blanks),
			{ prefix, folders: { "/prosody-plugins-custom": "prosody-plugins-custom", "/prosody-plugins/": "jitsi" } });
		allWell(await checkServer(server));
	});
});

test("check on components beside the guarded one: what it says of each is so", { timeout: TEST }, async (t) => {
	const components = { open: "", local: 'restrict_room_creation = "local"', admins: "restrict_room_creation = true" };
	const rest = Object.entries(components).map(([name, line]) =>
		`Component "${name}.${host}" "muc"\n\tmuc_room_locking = false\n\t${line}`).join("\n");
	const server = await startProsody({ config: dailyConfig({ rest }), prefix: withStandIns() });
	t.after(() => server.stop());
	const { lines } = await checkServer(server);
	const told = (name) => lines.some((line) => line.startsWith(`warn  ${host} components: ${name}.${host}: every user with a token`));
	for (const name of Object.keys(components)) {
		const guest = await enter(server, token({ r: "elsewhere" }), "room", "guest", { component: `${name}.${host}` });
		assert.equal(guest.joined.affiliation === "owner", told(name), `${name}\n${lines.join("\n")}`);
		assert.equal(told(name), name !== "admins");
		await guest.session.close();
	}
});

test("check on hosts beside the guarded one: what it says of their people is so", { timeout: TEST }, async (t) => {
	const exempt = (name) => `meetauth_exempt = { "${name}" }`;
	// A gateway's host where nobody needs an account, with that line on the rooms' component; whether its people own a room.
	for (const [line, isOwner] of [["", false], [exempt(`jigasi.${host}`), true]]) {
		await t.test(`a gateway's host without accounts, ${line ? "exempt" : "which it does not have exempt"}`, async (inner) => {
			const rest = `VirtualHost "jigasi.${host}"\n\tauthentication = "anonymous"`;
			const server = await startProsody({ config: dailyConfig({ component: line, rest }), prefix: withStandIns() });
			inner.after(() => server.stop());
			const { lines } = await checkServer(server);
			const guest = await enter(server, undefined, "room", "guest", { host: `jigasi.${host}` });
			assert.equal(guest.joined.affiliation === "owner", isOwner);
			assert.equal(lines.some((line) => line.startsWith(`FAIL  ${host} exempt: ${muc} lets everybody from jigasi.${host} in`)), isOwner, lines.join("\n"));
			assert.equal(lines.some((line) => line.includes(exempt(`jigasi.${host}`))), false);
			await guest.session.close();
		});
	}

	// A host for guests with a login by tokens of its own; whether its people enter a room of the other one's.
	for (const [options, verdict] of [["", "warn"], [`meetauth_foreign_hosts = { "guest.${host}" }`, "ok"]]) {
		await t.test(`a host for guests with tokens, ${options ? "named" : "which is not named"}`, async (inner) => {
			const rest = `VirtualHost "guest.${host}"\n\tauthentication = "meetauth"\n\tallow_empty_token = true\n\tapp_id = "guests"\n\tapp_secret = "${specSecret("g")}"`;
			const server = await startProsody({ config: dailyConfig({ options, rest }), prefix: withStandIns() });
			inner.after(() => server.stop());
			const { lines } = await checkServer(server);
			const owner = await enter(server, token({ r: "room", o: true }), "room", "owner");
			for (const text of [undefined, sign(specSecret("g"), { iss: "guests", sub: host, room: "room", exp: now() + 600 })]) {
				const guest = await enter(server, text, "room", "guest", { host: `guest.${host}` });
				assert.equal(guest.joined.refused === undefined, verdict === "ok", JSON.stringify(guest.joined.refused));
				await guest.session.close();
			}
			await owner.session.close();
			assert.deepEqual(lines.filter((line) => line.includes(` guest.${host} rooms: `)).map((line) => line.split(" ")[0]), [verdict], lines.join("\n"));
			assert.deepEqual(lines.filter((line) => line.startsWith("FAIL")), []);
		});
	}
});

const [one, two] = [newKey("one"), newKey("two")];
const set = setOf(one, two);
const body = (text, headers = {}) => (request, response) => response.writeHead(200, headers).end(text);
const redirect = (location) => (request, response) => response.writeHead(302, { location }).end();
const dated = (seconds) => (request, response) => {
	response.sendDate = false;
	response.writeHead(200, { date: new Date((now() + seconds) * 1000).toUTCString() }).end(set);
};

const SILENCE = 5; // seconds: more than a look takes
let machine; // whose clocks stand: whatever else waits never ends

// Each: what a key server answers, and the line about it (or about the clock).
const cases = {
	"good": { answer: body(set, { "cache-control": "max-age=600", age: "100" }), says: /^ok .*addresses: good: .*: 2 keys \(one ES256, two ES256\), 100 s old, next request in 500 s$/ },
	"chunked": { answer: (request, response) => { response.write(set.slice(0, 50)); setTimeout(() => response.end(set.slice(50)), 20); }, says: /^ok .*: 2 keys/ },
	"keeps-open": { answer: (request, response) => response.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${set.length}\r\n\r\n${set}`), says: /^ok .*: 2 keys/ },
	"redirected": { answer: redirect("/good"), says: /^ok .*redirected: .*: 2 keys/ },
	"elsewhere": { answer: redirect("https://elsewhere.invalid/keys"), says: /^FAIL .*elsewhere: .*: redirect elsewhere -> / },
	"in-circles": { answer: redirect("/in-circles"), says: /^FAIL .*: too many redirects -> / },
	"failing": { answer: (request, response) => response.writeHead(500).end(), says: /^FAIL .*: status 500 -> / },
	"garbage": { answer: body("<html>"), says: /^FAIL .*: bad-json -> / },
	"other-keys": { answer: body(setOf(newKey("rs", "RS256"))), says: /^FAIL .*: no key for ES256 \(the key ".*" is ignored \(algorithm-mismatch\)\) -> / },
	"endless": { answer: (request, response) => { const pour = () => { while (response.write("x".repeat(65536))) ; }; response.on("drain", pour); pour(); }, says: /^FAIL .*: too much -> / },
	"cut-off": { answer: (request, response) => { response.writeHead(200, { "content-length": set.length }); response.write(set.slice(0, 50)); setTimeout(() => response.destroy(), 20); }, says: /^FAIL .*: (cut off|closed) -> / },
	"silent": { answer: () => machine.pass(SILENCE), says: /^FAIL .*: no answer in time -> / },
	"slow-clock": { answer: dated(-30), says: /^warn .*clock: this machine.s clock is 30 s ahead of the clock of .*slow-clock -> / },
	"fast-clock": { answer: dated(3600), says: /^FAIL .*clock: this machine.s clock is 3600 s behind the clock of .*fast-clock -> set/ },
	"true-clock": { answer: dated(0), says: /^ok .*clock: this machine.s clock is 0 s ahead of the clock of .*true-clock$/ },
};

test("check on key servers", { timeout: TEST }, async (t) => {
	execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", join(folder, "key"), "-out", join(folder, "cert"),
		"-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"], { stdio: "ignore" });
	machine = newMachine({ still: true });
	const began = machine.now();
	const keys = await startKeyServer();
	const gone = await startKeyServer();
	await gone.close();
	for (const [name, { answer }] of Object.entries(cases)) keys.on(`/${name}`, answer);
	keys.on(`/asap${asapPath("one")}`, one.pem);
	keys.on(`/forbidden${asapPath("meetauth-check")}`, (request, response) => response.writeHead(403).end());
	const tls = await startKeyServer({ tls: { key: readFileSync(join(folder, "key")), cert: readFileSync(join(folder, "cert")) } });
	tls.on("/keys", set);
	const { port } = new URL(tls.url);

	const entry = (name, field, url) => `{ id = "${name}", issuer = "sso-${name}", algorithms = "ES256", ${field} = "${url}" }`;
	const config = join(folder, "prosody.cfg.lua");
	writeFileSync(config, `plugin_paths = { "${installed()}/share/lua/5.4" }\n${keysConfig([
		...Object.keys(cases).map((name) => entry(name, "jwks_url", `${keys.url}/${name}`)),
		entry("asap", "asap_url", `${keys.url}/asap`), entry("forbidden", "asap_url", `${keys.url}/forbidden`),
		entry("gone", "jwks_url", `${gone.url}/keys`), entry("gone-asap", "asap_url", `${gone.url}/asap`),
		entry("self-signed", "jwks_url", `https://localhost:${port}/keys`),
	])}`);
	const ran = await check({ config, env: machine.env });
	const all = ran.lines.join("\n");

	for (const [name, { says }] of Object.entries(cases)) {
		await t.test(`${name}: ${says}`, () => assert.ok(ran.lines.some((line) => line.includes(name) && says.test(line)), all));
	}
	await t.test("an ASAP server is asked for a name that no key has", () => {
		assert.match(all, /^ok .*addresses: asap: .*\/asap answers/m);
		assert.match(all, /^warn .*addresses: forbidden: .*: status 403 for a name that no key has -> check the server: it should answer with status 404$/m);
		assert.match(all, /^FAIL .*addresses: gone-asap: .*: connection refused/m);
	});
	await t.test("a server that is gone", () => assert.match(all, /^FAIL .*addresses: gone: .*: connection refused -> /m));
	await t.test("a certificate that nobody vouches for", () => assert.match(all, /^FAIL .*addresses: self-signed: .*certificate/m));
	await t.test("waits for nobody but the one that says nothing", () => assert.equal(machine.now() - began, SILENCE));
	await t.test("is not well", () => assert.equal(ran.status, 1));

	// One source, with options for all hosts.
	const checkOne = (url, options = "") => {
		writeFileSync(config, `plugin_paths = { "${installed()}/share/lua/5.4" }\n${options}\n${keysConfig([entry("one", "jwks_url", url)])}`);
		return check({ config });
	};
	const trusted = `client_https_ssl = { cafile = "${join(folder, "cert")}" }`;

	await t.test("is well with a key server that answers", async () => {
		const good = await checkOne(`${keys.url}/good`);
		assert.equal(good.status, 0, good.lines.join("\n"));
	});
	await t.test("is well with a certificate by an authority that Prosody trusts", async () => {
		const good = await checkOne(`https://localhost:${port}/keys`, trusted);
		assert.equal(good.status, 0, good.lines.join("\n"));
		assert.match(good.lines.join("\n"), /^ok .*addresses: one: https:.*: 2 keys/m);
	});
	await t.test("takes no certificate of another name", async () => {
		const bad = await checkOne(`https://127.0.0.1:${port}/keys`, trusted);
		assert.equal(bad.status, 1);
		assert.match(bad.lines.join("\n"), /^FAIL .*addresses: one: .*: the certificate belongs to another host -> /m);
	});
});
