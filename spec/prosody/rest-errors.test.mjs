// Daily's REST interface, and everything that it says no to: the status, Daily's word for it, and nothing lost.

import assert from "node:assert/strict";
import test from "node:test";
import { withStandIns } from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { api, apiKey, otherApiKey, raw, restConfig } from "./support/rest.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now } from "./support/token.mjs";

const exp = now() + 600;
const good = { room_name: "standup", exp };
const deep = (levels) => `{"properties":${'{"permissions":'.repeat(levels)}1${"}".repeat(levels)}}`;
const without = ({ status, body }) => ({ status, error: body.error });

// Bodies of POST /meeting-tokens: what is wrong, the body as text or as properties, and the info.
const bodies = [
	["no body", "", "json-parsing-error", "bad-json"],
	["no JSON", "room_name=standup", "json-parsing-error", "bad-json"],
	["JSON that breaks off", '{"properties":{"room_name":"standup"', "json-parsing-error", "bad-json"],
	["text after JSON", '{"properties":{"room_name":"standup"}} {}', "json-parsing-error", "bad-json"],
	["a NUL after JSON", '{"properties":{"room_name":"standup"}}\0', "json-parsing-error", "bad-json"],
	["NaN", '{"properties":{"exp":NaN}}', "json-parsing-error", "bad-json"],
	["a single quote's JSON", "{'properties':{}}", "json-parsing-error", "bad-json"],
	["a byte order mark", `\ufeff${JSON.stringify({ properties: good })}`, "json-parsing-error", "bad-json"],
	["half a surrogate pair", '{"properties":{"user_name":"\\ud800"}}', "json-parsing-error", "bad-json"],
	["33 levels", deep(33), "json-parsing-error", "bad-json"],
	["5000 levels", "[".repeat(5000), "json-parsing-error", "bad-json"],
	["two rooms", `{"properties":{"room_name":"standup","exp":${exp},"room_name":"retro"}}`, "json-parsing-error", "duplicate-member"],
	["two properties", `{"properties":{"exp":${exp}},"properties":{}}`, "json-parsing-error", "duplicate-member"],
	["a list", "[]", "invalid-request-error", "the body should be an object"],
	["a string", '"properties"', "invalid-request-error", "the body should be an object"],
	["null", "null", "invalid-request-error", "the body should be an object"],
	["an empty object", "{}", "invalid-request-error", "missing required field: properties"],
	["properties null", '{"properties":null}', "invalid-request-error", "properties should be an object"],
	["properties as a list", '{"properties":[]}', "invalid-request-error", "properties should be an object"],
	["properties at the top", JSON.stringify(good), "invalid-request-error", "unknown parameter 'exp'"],
	["properties beside others", JSON.stringify({ properties: good, room_name: "retro" }), "invalid-request-error", "unknown parameter 'room_name'"],
	["properties in properties", JSON.stringify({ properties: { properties: good } }), "invalid-request-error", "unknown parameter 'properties'"],
	["an unknown property", { ...good, roomname: "x" }, "invalid-request-error", "unknown parameter 'roomname'"],
	["a short claim", { ...good, o: true }, "invalid-request-error", "unknown parameter 'o'"],
	["an unknown property of any length", { ...good, ["x".repeat(5000)]: 1 }, "invalid-request-error", `unknown parameter '${"x".repeat(64)}'`],
	["no room", { exp }, "invalid-request-error", "missing required field: room_name"],
	["the room null", { ...good, room_name: null }, "invalid-request-error", "room_name should be 1 to 128 letters, digits, - and _"],
	["any room", { ...good, room_name: "*" }, "invalid-request-error", "room_name should be 1 to 128 letters, digits, - and _"],
	["a tenant's room", { ...good, room_name: "[acme]standup" }, "invalid-request-error", "room_name should be 1 to 128 letters, digits, - and _"],
	["an empty room", { ...good, room_name: "" }, "invalid-request-error", "room_name should be 1 to 128 letters, digits, - and _"],
	["a long room", { ...good, room_name: "a".repeat(129) }, "invalid-request-error", "room_name should be 1 to 128 letters, digits, - and _"],
	["exp in the past", { ...good, exp: 1548721569 }, "invalid-request-error", "exp was '1548721569', which is in the past rather than in the future"],
	["exp 0", { ...good, exp: 0 }, "invalid-request-error", "exp was '0', which is in the past rather than in the future"],
	["exp as text", { ...good, exp: "tomorrow" }, "invalid-request-error", "exp was 'tomorrow' but should be a number of seconds since the unix epoch"],
	["exp as a numeral", { ...good, exp: String(exp) }, "invalid-request-error", `exp was '${exp}' but should be a number of seconds since the unix epoch`],
	["exp null", { ...good, exp: null }, "invalid-request-error", "missing required field: exp"],
	["exp in milliseconds", { ...good, exp: exp * 1000 }, "invalid-request-error", `exp was '${exp * 1000}' but should be a number of seconds since the unix epoch`],
	["exp below 0", { ...good, exp: -1 }, "invalid-request-error", "exp was '-1' but should be a number of seconds since the unix epoch"],
	["nbf as an object", { ...good, nbf: {} }, "invalid-request-error", "nbf was 'an object' but should be a number of seconds since the unix epoch"],
	["is_owner as text", { ...good, is_owner: "true" }, "invalid-request-error", "is_owner should be true or false"],
	["is_owner 1", { ...good, is_owner: 1 }, "invalid-request-error", "is_owner should be true or false"],
	["knocking as text", { ...good, knocking: "false" }, "invalid-request-error", "knocking should be true or false"],
	["a property without a claim, of the wrong type", { ...good, enable_prejoin_ui: "yes" }, "invalid-request-error", "enable_prejoin_ui should be true or false"],
	["user_name a number", { ...good, user_name: 7 }, "invalid-request-error", "user_name should be a string"],
	["user_id of 37 characters", { ...good, user_id: "ü".repeat(37) }, "invalid-request-error", "user_id should be a string of 1 to 36 characters"],
	["user_id with a control", { ...good, user_id: "a\u0000" }, "invalid-request-error", "user_id should be a string of 1 to 36 characters"],
	["eject_after_elapsed 0", { ...good, eject_after_elapsed: 0 }, "invalid-request-error", "eject_after_elapsed should be a whole number of seconds, 1 to 2147483647"],
	["eject_after_elapsed 1.5", { ...good, eject_after_elapsed: 1.5 }, "invalid-request-error", "eject_after_elapsed should be a whole number of seconds, 1 to 2147483647"],
	["eject_after_elapsed of 33 bits", { ...good, eject_after_elapsed: 2 ** 32 }, "invalid-request-error", "eject_after_elapsed should be a whole number of seconds, 1 to 2147483647"],
	["another language", { ...good, lang: "xx" }, "invalid-request-error", "lang should be one of the documented languages"],
	["another recording mode", { ...good, enable_recording: ["cloud", "tape"] }, "invalid-request-error", "enable_recording should be one or a list of cloud, cloud-audio-only, local, raw-tracks"],
	["a recording mode twice", { ...good, enable_recording: ["cloud", "cloud"] }, "invalid-request-error", "enable_recording should be one or a list of cloud, cloud-audio-only, local, raw-tracks"],
	["enable_recording true", { ...good, enable_recording: true }, "invalid-request-error", "enable_recording should be one or a list of cloud, cloud-audio-only, local, raw-tracks"],
	["an unknown recording option", { ...good, start_cloud_recording_opts: { url: "x" } }, "invalid-request-error", "start_cloud_recording_opts should be an object of documented options"],
	["a recording option as text", { ...good, start_cloud_recording_opts: { width: "1280" } }, "invalid-request-error", "start_cloud_recording_opts should be an object of documented options"],
	["permissions as text", { ...good, permissions: "all" }, "invalid-request-error", "permissions should be an object"],
	["permissions as a list", { ...good, permissions: [] }, "invalid-request-error", "permissions should be an object"],
	["an unknown permission", { ...good, permissions: { canFly: true } }, "invalid-request-error", "unknown parameter 'permissions.canFly'"],
	["a permission under its short name", { ...good, permissions: { ca: true } }, "invalid-request-error", "unknown parameter 'permissions.ca'"],
	["hasPresence as text", { ...good, permissions: { hasPresence: "false" } }, "invalid-request-error", "permissions.hasPresence should be true or false"],
	...["participants", ["owners"], ["p"], ["participants", "participants"], { participants: true }, 1].map((canAdmin) =>
		[`canAdmin ${JSON.stringify(canAdmin)}`, { ...good, permissions: { canAdmin } }, "invalid-request-error",
			"permissions.canAdmin should be true, false or a list of participants, streaming, transcription"]),
	...["video", ["v"], ["video", "screen"], [1], [["video"]], { video: true }].map((canSend) =>
		[`canSend ${JSON.stringify(canSend)}`, { ...good, permissions: { canSend } }, "invalid-request-error",
			"permissions.canSend should be true, false or a list of video, audio, screenVideo, screenAudio, customVideo, customAudio"]),
	...[true, [], { all: true }, { base: "all" }, { base: { video: true } }, { base: {} }, { byUserId: true }, { byUserId: [] },
		{ byUserId: { u: {} } }, { byUserId: { u: { video: 1 } } }, { byUserId: { u: { v: true } } }, { byUserId: { u: { customVideo: true } } },
		{ byParticipantId: { "*": { customAudio: { "*": "true" } } } },
		{ base: { video: true, audio: true, screenVideo: true, screenAudio: true, customVideo: {}, customAudio: { "*": true } } },
	].map((canReceive) => [`canReceive ${JSON.stringify(canReceive)}`, { ...good, permissions: { canReceive } }, "invalid-request-error",
		"permissions.canReceive should be an object with base, byUserId and byParticipantId, as documented"]),
];

test(`Daily's REST interface: errors`, { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: restConfig(), prefix: withStandIns(), machine });
	const acme = api(server);
	const nobody = api(server, null);
	const fits = async () => assert.equal((await acme.mint(good)).status, 200);
	// below the limit of requests: 20 a second in the long run, 100 at once
	let asked = 0;
	const pause = async () => { if (++asked % 50 === 0) await machine.pass(5); };

	await t.test("no API key, or one in another form", async () => {
		for (const headers of [{}, ...["", apiKey, "Bearer", "Bearer ", `Basic ${apiKey}`, `Bearer ${apiKey} x`, `Bearer  a b`]
			.map((Authorization) => ({ Authorization }))]) {
			for (const [method, path] of [["GET", "/"], ["POST", "/meeting-tokens"], ["GET", "/meeting-tokens/x"], ["GET", "/rooms"]]) {
				const { status, body } = await nobody.call(method, path, { headers });
				assert.deepEqual([status, body], [400, { error: "authorization-header-error", info: "invalid authorization header" }],
					`${method} ${path} ${JSON.stringify(headers)}`);
				await pause();
			}
		}
	});

	await t.test("an API key that is none", async () => {
		for (const key of ["x".repeat(64), apiKey.slice(0, -1), `${apiKey}x`, apiKey.toUpperCase(), `${apiKey},${apiKey}`, "x".repeat(8000)]) {
			const { status, body } = await api(server, key).mint(good);
			assert.deepEqual([status, body], [401, { error: "authentication-error", info: "the API key is unknown" }]);
			await pause();
		}
		assert.equal((await nobody.call("GET", "/", { headers: { Authorization: `bEARER ${apiKey}` } })).status, 200);
	});

	await t.test("no such address", async () => {
		for (const path of ["/recordings", "/meeting-token", "/meeting-tokens/", "/meeting-tokens/a/b", "/v1/meeting-tokens", "/Meeting-Tokens"]) {
			assert.deepEqual(without(await acme.call("GET", path)), { status: 404, error: "not-found" }, path);
			await pause();
		}
	});

	await t.test("no such method: 405, and which there are", async () => {
		for (const [path, allow, methods] of [
			["/", "GET, HEAD", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]],
			["/meeting-tokens", "POST", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]],
			["/meeting-tokens/x", "GET, HEAD", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]],
			["/rooms", "GET, HEAD, POST", ["PUT", "DELETE", "PATCH", "OPTIONS"]],
			["/rooms/x", "GET, HEAD, POST, DELETE", ["PUT", "PATCH", "OPTIONS"]],
		]) {
			for (const method of methods) {
				const { status, body, headers } = await acme.call(method, path);
				assert.deepEqual([status, body.error, headers.get("allow")], [405, "invalid-request-error", allow], `${method} ${path}`);
				assert.equal(headers.get("access-control-allow-origin"), null); // nothing for browsers
				await pause();
			}
		}
		assert.equal((await acme.call("HEAD", "/meeting-tokens").catch((error) => error)).status, 405);
	});

	await t.test("another media type or coding of the body", async () => {
		const body = JSON.stringify({ properties: good });
		for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json", "multipart/form-data", ""]) {
			assert.deepEqual(without(await acme.call("POST", "/meeting-tokens", { body, headers: { "Content-Type": type } })),
				{ status: 415, error: "invalid-request-error" }, type);
			await pause();
		}
		for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/json;x=y"]) {
			assert.equal((await acme.call("POST", "/meeting-tokens", { body, headers: { "Content-Type": type } })).status, 200, type);
		}
		assert.deepEqual(without(await acme.call("POST", "/meeting-tokens", { body, headers: { "Content-Encoding": "gzip" } })),
			{ status: 415, error: "invalid-request-error" });
	});

	await t.test("a body in chunks, which Prosody does not read", async () => {
		const answer = await raw(server, `POST /v1/meeting-tokens HTTP/1.1\r\nHost: meet.example\r\nAuthorization: Bearer ${apiKey}\r\n`
			+ "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
		assert.match(answer, /^HTTP\/1\.1 411 [^]*"error":"invalid-request-error"/);
		assert.doesNotMatch(answer, /"token"/);
	});

	await t.test("a body that is too large, also for Prosody", async () => {
		const body = JSON.stringify({ properties: { ...good, user_name: "a".repeat(16384) } });
		assert.deepEqual(without(await acme.call("POST", "/meeting-tokens", { body })), { status: 413, error: "invalid-request-error" });
		const answer = await raw(server, `POST /v1/meeting-tokens HTTP/1.1\r\nHost: meet.example\r\nAuthorization: Bearer ${apiKey}\r\n`
			+ `Content-Type: application/json\r\nContent-Length: ${1e12}\r\n\r\n{`);
		assert.match(answer, /^HTTP\/1\.1 413 [^]*"error":"invalid-request-error"/);
	});

	for (const [name, body, error, info] of bodies) { // the library's to judge, not Prosody's
		await t.test(`POST: ${name}`, async () => {
			const answer = typeof body === "string" ? await acme.call("POST", "/meeting-tokens", { body }) : await acme.mint(body);
			assert.deepEqual([answer.status, answer.body], [400, { error, info }]);
			await pause();
		});
	}

	await t.test("bytes that are no UTF-8", async () => {
		const body = Buffer.concat([Buffer.from('{"properties":{"user_name":"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}}')]);
		const response = await fetch(`${server.http}/v1/meeting-tokens`, {
			method: "POST", body, headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
		});
		assert.deepEqual([response.status, await response.json()], [400, { error: "json-parsing-error", info: "bad-json" }]);
	});

	await t.test("after all of that a good request is answered", fits);

	await t.test("more than 100 requests at once: 429 for that key, not for another", async () => {
		const beta = api(server, otherApiKey);
		await machine.pass(5);
		const answers = await Promise.all(Array.from({ length: 300 }, () => acme.call("GET", "/")));
		const refused = answers.filter(({ status }) => status === 429);
		assert.equal(refused.length, 200);
		assert.deepEqual(refused[0].body, { error: "rate-limit-error", info: "more than 20 requests came in one second" });
		assert.equal(refused[0].headers.get("retry-after"), "1");
		assert.equal((await beta.call("GET", "/")).status, 200);
		await machine.pass(1);
		await fits();
	});

	await t.test("strangers who ask without end keep nobody else out", async () => {
		const strangers = await Promise.all(Array.from({ length: 300 }, () => api(server, "x".repeat(40)).call("GET", "/")));
		assert.deepEqual([...new Set(strangers.map(({ status }) => status))].sort(), [401, 429]);
		await fits();
	});

	await t.test("the log holds no traceback, no key, no token and nothing of a body", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.ok(!server.log().includes("api-key"));
		assert.doesNotMatch(server.log(), anyToken);
		assert.doesNotMatch(server.log(), /roomname|canFly|tomorrow/);
		assert.match(server.log(), /Request refused for acme: 400 json-parsing-error/);
		assert.match(server.log(), /Request refused for a stranger: 401 authentication-error/);
	});
});
