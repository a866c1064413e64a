// Tries: one connection has a few, then its stream is closed; and whoever is refused again and again is one record for
// the operator, under one reference.
// Proves mod_auth_meetauth/attempts.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { DOMParser } from "@xmldom/xmldom";
import { connect } from "./support/client.mjs";
import { config as deployment, host, jitsi, room, secrets } from "./support/deployment.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now } from "./support/token.mjs";

const TRIES = 5;
const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const auth = `<auth xmlns="${SASL}" mechanism="ANONYMOUS"/>`;

const config = deployment.replace('authentication = "meetauth"', `authentication = "meetauth"
	modules_enabled = { "live_eval", "live_events", "admin_shell" }`);

// A BOSH session (XEP-0124), request by request.
function openBosh(server, token) {
	let rid = 1000, sid;
	return async function request(payload = "", attributes = "") {
		const body = `<body xmlns="http://jabber.org/protocol/httpbind" rid="${rid++}" ${sid ? `sid="${sid}"` : ""} ${attributes}>${payload}</body>`;
		const response = await fetch(`${server.bosh}?token=${token}`, { method: "POST", body });
		const answer = new DOMParser().parseFromString(await response.text(), "text/xml").documentElement;
		sid ??= answer.getAttribute("sid");
		return answer;
	};
}

const has = (element, name) => element.getElementsByTagName(name).length > 0;

test("tries", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	t.after(() => server.stop());
	const admin = await connect({ url: server.ws, host, token: jitsi() });
	const shell = async (...args) => {
		const { code, stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		assert.equal(code, 0, stdout + stderr);
		return stdout;
	};
	const refusedTimes = (token) => server.log().split("Meeting token refused").length - 1;
	const login = (token) => connect({ url: server.ws, host, token });
	const referenceOf = async (token) => (await login(token)).refused.reference;

	await t.test("WebSocket: each try is answered, and after the last one the stream is closed", async () => {
		const stream = await openStream({ url: server.ws, host, token: jitsi({ exp: now() - 60 }) });
		for (let i = 0; i < TRIES; i += 1) {
			assert.deepEqual(await stream.authenticate(), { condition: "not-allowed", text: "expired" });
		}
		const error = await stream.next((element) => element.localName === "error", "the stream's error");
		assert.equal(error.namespaceURI, "http://etherx.jabber.org/streams");
		assert.ok(has(error, "policy-violation"), stream.text(error));
		await stream.next((element) => element.localName === "close", "the stream's end");
		await stream.close();
	});

	await t.test("WebSocket: tries that come at once are no more than those", async () => {
		const token = jitsi({ exp: now() - 60, jti: "at once" });
		const before = refusedTimes();
		const stream = await openStream({ url: server.ws, host, token });
		for (let i = 0; i < 50; i += 1) stream.send(auth);
		const error = await stream.next((element) => element.localName === "error", "the stream's error");
		assert.ok(has(error, "policy-violation"), stream.text(error));
		assert.equal(refusedTimes() - before, TRIES);
		await stream.close();
	});

	await t.test("BOSH: each try is answered, and after the last one the stream is closed", async () => {
		const request = openBosh(server, jitsi({ exp: now() - 60, jti: "bosh" }));
		const first = await request("", `to="${host}" wait="60" hold="1" ver="1.6" xmpp:version="1.0" xmlns:xmpp="urn:xmpp:xbosh" xml:lang="en"`);
		if (!has(first, "mechanism")) await request();
		for (let i = 0; i < TRIES; i += 1) assert.ok(has(await request(auth), "not-allowed"));
		const last = await request(); // as clients do: one request is always open
		assert.equal(last.getAttribute("type"), "terminate");
		assert.ok(has(last, "policy-violation"));
	});

	await t.test("a reload closes at once whoever has no try left", async () => {
		const stream = await openStream({ url: server.ws, host, token: jitsi({ exp: now() - 60 }) });
		for (let i = 0; i < TRIES; i += 1) assert.equal((await stream.authenticate()).text, "expired");
		await inside(admin, 'return require "core.modulemanager".reload(module.host, "auth_meetauth") ~= nil');
		await stream.next((element) => element.localName === "close", "the stream's end");
		await stream.close();
	});

	await t.test("a login that comes in time ends the count", async () => {
		const stream = await openStream({ url: server.ws, host, token: jitsi(), params: { room: "banned-once" } });
		assert.equal((await stream.authenticate()).text, "banned");
		assert.equal(await stream.authenticate(), "success");
		await stream.bind();
		assert.equal((await stream.join(room("standup"), "me")).refused, undefined);
		await stream.close();
	});

	await t.test("another connection has tries of its own", async () => {
		const token = jitsi({ exp: now() - 60, jti: "again" });
		for (let i = 0; i < TRIES + 2; i += 1) assert.equal((await login(token)).refused.text, "expired");
	});

	await t.test("who tries again and again is told one reference, and is one line for the operator", async () => {
		const token = jitsi({ exp: now() - 60, jti: "a phone" });
		const reference = await referenceOf(token);
		const others = [jitsi({ exp: now() - 60, jti: "b" }), jitsi({}, secrets.acme), "garbage", undefined];
		for (const other of others) assert.notEqual(await referenceOf(other), reference);
		for (let i = 0; i < 3; i += 1) assert.equal(await referenceOf(token), reference);
		const why = await shell("why", reference);
		assert.match(why, /reason +expired/);
		assert.match(why, /times +4$/m);
		assert.match(why, /first +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, .* ago/);
		assert.match(why, /last +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, .* ago/);
		const lines = (await shell("denials", host)).split("\n").filter((line) => line.includes(reference));
		assert.equal(lines.length, 1);
		assert.match(lines[0], /^\S+ \S+ +\S+ \S+ +4 +\w{6} +login/);
		assert.match(await shell("denials"), /last +first +times +ref +stage/);
	});

	await t.test("a join that is refused again and again is one record, and of each room one", async () => {
		const session = await login(jitsi());
		const refusal = async (name) => (await session.join(room(name), "me")).refused.reference;
		const reference = await refusal("another");
		for (let i = 0; i < 3; i += 1) assert.equal(await refusal("another"), reference);
		assert.notEqual(await refusal("a-third"), reference);
		assert.match(await shell("why", reference), /times +4$/m);
		await session.close();
	});

	await t.test("an explanation is made once for a token", async () => {
		const token = jitsi({}, `${secrets.portal}\n`);
		const explained = `
			local calls = 0;
			local verifier = getmetatable(require "meetauth.token.verifier".of_entries({}, 256)).__index;
			local explain = verifier.explain;
			verifier.explain = function (...) calls = calls + 1; return explain(...); end
			package.loaded["spec.calls"] = function () verifier.explain = explain; return calls; end`;
		await inside(admin, explained);
		const reference = await referenceOf(token);
		for (let i = 0; i < 5; i += 1) assert.equal(await referenceOf(token), reference);
		assert.equal(await inside(admin, `return package.loaded["spec.calls"]()`), 1);
		assert.match(await shell("why", reference), /ends with a newline/);
	});

	await t.test("no token is in the log, and no traceback", async () => {
		await admin.close();
		assert.doesNotMatch(server.log(), anyToken);
		assert.doesNotMatch(server.log(), traceback);
	});
});
