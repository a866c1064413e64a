// Clients that begin a login and do not end it: they go at each step of it, or they stay, ten thousand of them. What they
// leave behind is nothing, and who logs in properly notices little of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { host, jitsiConfig, token, withSpecModules } from "./support/jitsi.mjs";
import { PATIENCE, TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const HALF_OPEN = 10000;
const AT_A_TIME = 100;
const RESERVE = 200; // of the files that a process may open, for other things

const onceSecret = "once-secret-2-3-5-7-11-13-17-19-23-29-31";
const SASL = 'xmlns="urn:ietf:params:xml:ns:xmpp-sasl"';
const OPEN = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${host}" version="1.0"/>`;
const AUTH = `<auth ${SASL} mechanism="ANONYMOUS"/>`;

// A WebSocket frame from a client; the mask is all zeroes.
function frame(text) {
	const bytes = Buffer.from(text);
	return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

const upgrade = (port, by) => `GET /xmpp-websocket?token=${by} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n`
	+ "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n";

// A connection by hand: await wire.get("text") until that has come.
function wire(port) {
	const socket = net.connect(port, "127.0.0.1");
	let got = "";
	let wake = () => {};
	socket.on("data", (data) => { got += data.toString("latin1"); wake(); });
	socket.on("error", () => {});
	socket.on("close", () => wake());
	return {
		socket,
		write: (data) => socket.write(data),
		async get(text) {
			const late = setTimeout(() => socket.destroy(), PATIENCE);
			while (!got.includes(text) && !socket.destroyed) await new Promise((resolve) => { wake = resolve; });
			clearTimeout(late);
			if (!got.includes(text)) throw new Error(`closed before ${text}`);
			got = got.slice(got.indexOf(text) + text.length);
		},
	};
}

// Files that a process may have open, MiB that it has in memory, and ms that it has been at work.
const filesOf = (pid) => Number(readFileSync(`/proc/${pid}/limits`, "latin1").match(/Max open files +(\d+)/)[1]);
const memoryOf = (pid) => Number(readFileSync(`/proc/${pid}/status`, "latin1").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
const workOf = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;

test("clients that do not end their login", { timeout: TEST }, async (t) => {
	const once = `meetauth_issuers = { { id = "once", issuer = "once", secret = "${onceSecret}", single_use = true } }`;
	const seldom = "gc = { threshold = 150 }"; // while memory grows to the hundredfold, Prosody's own 105 collects most of the time
	const server = await startProsody({
		config: jitsiConfig({ global: `c2s_timeout = 600 ${seldom}`, options: once }), prefix: withSpecModules(), env: { PROSODY_LOG: "info" },
	});
	const port = Number(new URL(server.http).port);
	const admin = await connect({ url: server.ws, host, token: token({ room: "*" }) });
	let serial = 0;
	const onceToken = () => sign(onceSecret, { iss: "once", sub: host, room: "*", exp: now() + 600, jti: `t${serial++}` });

	// Log in: the reason, or the server's work on it in ms.
	async function login(by) {
		const before = workOf(server.pid);
		const session = await connect({ url: server.ws, host, token: by });
		if (session.refused) return session.refused.text;
		const work = workOf(server.pid) - before;
		await session.close();
		return work;
	}
	// What sessions offered and is still held, and sessions that are bound; Prosody itself holds empty ones for c2s_timeout.
	const left = () => inside(admin, `collectgarbage(); collectgarbage();
		local alive, bound = 0, 0;
		for _ in pairs(_G.spec_offers) do alive = alive + 1; end
		for _ in pairs(prosody.full_sessions) do bound = bound + 1; end
		return { alive, bound }`);
	await inside(admin, `local seen = setmetatable({}, { __mode = "k" });
		rawset(_G, "spec_offers", seen);
		module:context("*"):hook("websocket-session", function (event) seen[event.session.meetauth_offer] = true; end);`);

	// Each goes at the end of its step. Single-use tokens: what was answered counts, and nobody has a token twice.
	const steps = {
		"before a word": async () => {},
		"in the middle of the request": async (it, by) => it.write(upgrade(port, by).slice(0, 60)),
		"after the request": async (it, by) => it.write(upgrade(port, by)),
		"in a stream": async (it, by) => { await openAll(it, by); },
		"in the middle of a frame": async (it, by) => { await openAll(it, by); it.write(frame(AUTH).subarray(0, 20)); },
		"with the login under way": async (it, by) => { await openAll(it, by); it.write(frame(AUTH)); },
		"with three logins under way": async (it, by) => { await openAll(it, by); it.write(Buffer.concat([frame(AUTH), frame(AUTH), frame(AUTH)])); },
		"with the login aborted": async (it, by) => { await openAll(it, by); it.write(Buffer.concat([frame(`<abort ${SASL}/>`), frame(AUTH)])); },
		"after the login": async (it, by) => { await openAll(it, by); it.write(frame(AUTH)); await it.get("<success"); },
		"in the new stream": async (it, by) => { await openAll(it, by); it.write(frame(AUTH)); await it.get("<success"); it.write(frame(OPEN)); await it.get("features"); },
	};
	async function openAll(it, by) {
		it.write(upgrade(port, by));
		await it.get("\r\n\r\n");
		it.write(frame(OPEN));
		await it.get("features");
	}
	const answered = new Set(["after the login", "in the new stream"]);
	for (const [step, take] of Object.entries(steps)) {
		await t.test(`gone ${step}: nothing is left of it`, async () => {
			const tokens = Array.from({ length: 10 }, onceToken);
			await Promise.all(tokens.map(async (by, i) => {
				const it = wire(port);
				await new Promise((resolve) => it.socket.once("connect", resolve));
				await take(it, by);
				if (i % 2) it.socket.resetAndDestroy?.() ?? it.socket.destroy();
				else it.socket.end();
				await server.turn();
				it.socket.destroy();
			}));
			for (const by of tokens.slice(0, 4)) {
				const outcome = await login(by);
				if (answered.has(step)) assert.equal(outcome, "already-used");
				else assert.ok(outcome === "already-used" || typeof outcome === "number", outcome);
				assert.equal(await login(by), "already-used");
			}
			await waitFor(async () => String(await left()) === "0,1", "nothing but the one who looks");
		});
	}

	await t.test("ten thousand that stay: a good login costs the server little more, and nothing is left when they go", async (s) => {
		const median = async () => {
			const work = [];
			for (let i = 0; i < 15; i++) {
				const one = await login(token({ room: "*" }));
				assert.equal(typeof one, "number", one);
				work.push(one);
			}
			return work.sort((a, b) => a - b)[7];
		};
		const wanted = Math.min(HALF_OPEN, filesOf(process.pid) - RESERVE, filesOf(server.pid) - RESERVE);
		const [quiet, before] = [await median(), memoryOf(server.pid)];
		const open = [];
		while (open.length < wanted) {
			const some = Array.from({ length: Math.min(AT_A_TIME, wanted - open.length) }, () => wire(port));
			await Promise.all(some.map((it, i) => (i % 2 ? openAll(it, token()) : it.write(upgrade(port, token())) && it.get("\r\n\r\n"))));
			open.push(...some);
		}
		const [loud, during] = [await median(), memoryOf(server.pid)];
		for (const it of open) it.socket.destroy();
		await waitFor(async () => String(await left()) === "0,1", "nothing but the one who looks");
		const each = (during - before) * 1024 / open.length; // KiB
		s.diagnostic(`${open.length} open, ${each.toFixed(1)} KiB each; a login was ${quiet.toFixed(1)} ms of work before`
			+ ` and ${loud.toFixed(1)} ms meanwhile`);
		assert.ok(open.length >= 500, `only ${open.length} open`);
		assert.ok(each < 60, `${each} KiB`);
		assert.ok(loud < 4 * quiet, `${loud} ms, ${quiet} before`);
		const again = await login(token({ room: "*" }));
		assert.equal(typeof again, "number", again);
	});

	await t.test("the log holds no traceback", async () => {
		await admin.close();
		assert.equal(server.log().split("\n").find((line) => traceback.test(line)), undefined);
	});
});
