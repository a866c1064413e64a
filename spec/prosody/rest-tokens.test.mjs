// Daily's REST interface, both ways: what is minted joins and is validated; what is validated comes back under the
// names that it was asked for with.

import assert from "node:assert/strict";
import test from "node:test";
import { domainOf, enter, isSelf, login, room, secretOf, token, withStandIns, word } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { api, claimsOf, headerOf, otherApiKey, restConfig } from "./support/rest.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const config = `statistics = "internal"
statistics_interval = "manual"
${restConfig().replace('"http_meetauth"; ', '"http_meetauth"; "http_openmetrics"; ')}`;

// Our counters as the server shows them: "minted acme" -> 3.
async function counters(server) {
	const text = await (await fetch(`${server.http}/metrics`)).text();
	const found = text.matchAll(/^prosody_mod_http_meetauth__(\w+)_total\{.*(?:entry|error)="([^"]*)".*\} (\d+)/gm);
	return Object.fromEntries([...found].map(([, name, label, value]) => [`${name} ${label}`, Number(value)]));
}

test(`Daily's REST interface: tokens`, { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	const acme = api(server);
	const beta = api(server, otherApiKey);
	const exp = now() + 600;
	const minted = async (properties, by = acme) => {
		const { status, body, text } = await by.mint(properties);
		assert.equal(status, 200, text);
		assert.deepEqual(Object.keys(body), ["token"]);
		return body.token;
	};

	await t.test("GET / tells the domain that the API key belongs to", async () => {
		for (const path of ["/", ""]) {
			const { status, body, headers } = await (path ? acme.call("GET", path) : followed(acme));
			assert.equal(status, 200);
			assert.deepEqual(body, { domain_name: "acme", domain_id: domainOf("acme"), config: {} });
			assert.equal(headers.get("content-type"), "application/json");
			assert.equal(headers.get("cache-control"), "no-store");
		}
		assert.equal((await beta.call("GET", "/")).body.domain_id, domainOf("beta"));
	});

	await t.test("a minted token is Daily's: its header, its short claims, and nothing that was not asked for", async () => {
		const before = now();
		const made = await minted({ room_name: "standup", exp, user_name: "Ann", is_owner: true });
		assert.deepEqual(headerOf(made), { alg: "HS256", typ: "JWT" });
		const { iat, ...claims } = claimsOf(made);
		assert.deepEqual(claims, { d: domainOf("acme"), r: "standup", exp, u: "Ann", o: true });
		assert.ok(iat >= before && iat <= now());
	});

	await t.test("an owner and a participant join the room, and no other", async () => {
		const boss = await enter(server, await minted({ room_name: "standup", exp, user_name: "Ann", is_owner: true }), "standup", "boss");
		const plain = await enter(server, await minted({ room_name: "standup", exp, user_name: "Ben" }), "standup", "plain");
		assert.deepEqual([boss.joined.affiliation, plain.joined.affiliation], ["owner", "member"]);
		assert.equal((await plain.wait((p) => isSelf(p) && p.name === "Ben", "the name")).name, "Ben");
		const { refused } = await plain.session.join(room("retro"), "plain");
		assert.equal(word(refused), "room-mismatch");
		await boss.session.close();
		await plain.session.close();
	});

	await t.test("permissions that were asked for are those of the bearer", async () => {
		const made = await minted({ room_name: "standup", exp, permissions: { canAdmin: ["participants", "streaming"], canSend: ["audio"] } });
		assert.deepEqual(claimsOf(made).p, { ca: "p,s", cs: "a" });
		const guest = await enter(server, made, "standup", "guest");
		assert.equal(guest.joined.affiliation, "admin");
		await guest.session.close();
	});

	await t.test("everything that can be asked for comes back by GET, under its long name", async () => {
		const asked = {
			room_name: "stand-up_2", exp, nbf: now() - 5, eject_at_token_exp: true, eject_after_elapsed: 60, is_owner: false,
			user_name: "Ann Ü. 🎈", user_id: "user-1", enable_screenshare: false, start_video_off: true, start_audio_off: false,
			enable_recording: ["cloud", "local"], enable_recording_ui: false, knocking: true, start_cloud_recording: true,
			start_cloud_recording_opts: { width: 1280, height: 720, backgroundColor: "#FF0000", layout: { preset: "default" } },
			auto_start_transcription: false, close_tab_on_exit: true, redirect_on_meeting_exit: "https://app.example/bye", lang: "pt-BR",
			permissions: {
				hasPresence: true, canSend: ["video", "audio", "customAudio"], canAdmin: ["transcription"],
				canReceive: {
					base: { video: true, audio: true, screenVideo: false, screenAudio: false, customVideo: { "*": false }, customAudio: { "*": true, music: false } },
					byUserId: { "user-2": { video: false, customVideo: { cam: true } }, "user-3": true },
					byParticipantId: { "*": { audio: false } },
				},
			},
		};
		const made = await minted(asked);
		const { status, body } = await acme.validate(made);
		assert.equal(status, 200);
		assert.deepEqual(body, asked);
		const short = claimsOf(made);
		assert.deepEqual(Object.keys(short).sort(), ["ao", "ast", "ctoe", "d", "eje", "ejt", "er", "erui", "exp", "iat", "k", "nbf", "o", "p", "r",
			"rome", "sr", "sro", "ss", "u", "ud", "uil", "vo"]);
		assert.deepEqual(short.p.cr.u["user-2"], { v: false, cv: { cam: true } });
		await (await login(server, made)).close();
	});

	await t.test("all and nothing, of what may be sent and administered", async () => {
		for (const [permissions, p, back] of [
			[{ canSend: true, canAdmin: false }, { cs: true, ca: false }, { canSend: true, canAdmin: false }],
			[{ canSend: [], canAdmin: [] }, { cs: false, ca: false }, { canSend: false, canAdmin: false }],
			[{ canAdmin: ["transcription", "participants", "streaming"] }, { ca: "t,p,s" }, { canAdmin: true }],
		]) {
			const made = await minted({ room_name: "standup", exp, permissions });
			assert.deepEqual(claimsOf(made).p, p);
			assert.deepEqual((await acme.validate(made)).body.permissions, back);
		}
	});

	await t.test("a window is never wider than the one asked for", async () => {
		const claims = claimsOf(await minted({ room_name: "standup", exp: exp + 0.9, nbf: now() - 10.5 }));
		assert.equal(claims.exp, exp);
		assert.ok(Number.isInteger(claims.nbf) && claims.nbf >= now() - 12);
	});

	await t.test("properties without a claim are accepted and make none", async () => {
		const made = await minted({ room_name: "standup", exp, enable_prejoin_ui: true, enable_live_captions_ui: false, enable_terse_logging: true });
		assert.deepEqual(Object.keys(claimsOf(made)).sort(), ["d", "exp", "iat", "r"]);
		assert.deepEqual((await acme.validate(made)).body, { room_name: "standup", exp });
		assert.match(server.log(), /Property enable_prejoin_ui is ignored/);
	});

	await t.test("self-signed tokens are validated, too", async () => {
		const { status, body } = await acme.validate(token({ exp, u: "Ann", o: true, jti: "x", p: { ca: ["participants"] } }));
		assert.equal(status, 200);
		assert.deepEqual(body, {
			room_name: "standup", exp, user_name: "Ann", is_owner: true,
			permissions: { canAdmin: ["participants"] },
		});
	});

	await t.test("a token before its time is valid with ignoreNbf=true, and with nothing else", async () => {
		const made = await minted({ room_name: "standup", exp, nbf: now() + 300 });
		for (const query of ["", "?ignoreNbf=false", "?ignoreNbf=1", "?ignoreNbf", "?ignore_nbf=true", "?ignoreNbf=TRUE"]) {
			const { status, body } = await acme.validate(made, query);
			assert.deepEqual([status, body], [400, { error: "invalid-request-error", info: "not-yet-valid" }], query);
		}
		const { status, body } = await acme.validate(made, "?ignoreNbf=true");
		assert.equal(status, 200);
		assert.equal(body.room_name, "standup");
		const late = token({ nbf: now() + 300, exp: now() - 60 });
		assert.equal((await acme.validate(late, "?ignoreNbf=true")).body.info, "expired");
	});

	await t.test("tokens that would not be let in are not valid", async () => {
		const flipped = (text) => text.slice(0, -1) + (text.endsWith("A") ? "B" : "A");
		for (const [name, text, info] of [
			["expired", token({ exp: now() - 60 }), "expired"],
			["another secret", sign("x".repeat(40), { d: domainOf("acme"), r: "standup", iat: now(), exp }), "signature-mismatch"],
			["another domain's", token({ exp }, "beta"), "unknown-issuer"],
			["another domain's d, this one's secret", sign(secretOf("acme"), { d: domainOf("beta"), r: "standup", iat: now(), exp }), "unknown-issuer"],
			["no room", token({ exp, r: undefined }), "missing-claim"],
			["no exp", token({ exp: undefined }), "missing-claim"],
			["a pattern for a room", token({ exp, r: "*" }), "bad-claim"],
			["two dialects", token({ exp, room: "standup" }), "ambiguous-claims"],
			["hidden", token({ exp, p: { hp: false } }), "not-enforceable"],
			["alg none", sign("", { d: domainOf("acme"), r: "standup", iat: now(), exp }, { alg: "none" }).replace(/[^.]*$/, ""), null],
			["one letter changed", flipped(token({ exp })), null],
			["longer than any token", "x".repeat(20000), "too-large"],
			["no token", "standup", "malformed"],
			["percent-encoded bytes", "%00%ff%0d%0a.x.y", "malformed"],
		]) {
			const { status, body } = await acme.validate(text);
			assert.equal(status, 400, name);
			assert.equal(body.error, "invalid-request-error", name);
			if (info) assert.equal(body.info, info, name);
			assert.deepEqual(Object.keys(body).sort(), ["error", "info"]);
		}
	});

	await t.test("each API key is for its own domain: neither validates nor mints the other's tokens", async () => {
		const ours = await minted({ room_name: "standup", exp });
		const theirs = await minted({ room_name: "standup", exp }, beta);
		assert.deepEqual([(await acme.validate(ours)).status, (await beta.validate(theirs)).status], [200, 200]);
		assert.deepEqual([(await acme.validate(theirs)).status, (await beta.validate(ours)).status], [400, 400]);
		assert.equal(claimsOf(theirs).d, domainOf("beta"));
	});

	await t.test("a token for all rooms only where the entry has them: well-formed, and asked for", async () => {
		const wide = await minted({ exp, user_name: "Ann" }, beta);
		assert.equal(claimsOf(wide).r, undefined);
		for (const by of [acme, beta]) {
			for (const body of [{}, { room_name: "standup" }, { properties: { properties: { room_name: "standup" } } }]) {
				const { status, body: answer } = await by.call("POST", "/meeting-tokens", { body });
				assert.equal(status, 400);
				assert.equal(answer.error, "invalid-request-error");
				assert.equal(answer.token, undefined);
			}
		}
		const { status, body } = await acme.mint({ exp });
		assert.deepEqual([status, body], [400, { error: "invalid-request-error", info: "missing required field: room_name" }]);
	});

	await t.test("what would be refused is not minted", async () => {
		for (const [properties, info] of [
			[{ room_name: "standup" }, "missing required field: exp"],
			[{ room_name: "standup", exp, nbf: exp + 60 }, "the token would be refused: expired"],
			[{ room_name: "standup", exp, permissions: { hasPresence: false } }, "the token would be refused: not-enforceable"],
			[{ room_name: "standup", exp, user_name: "a".repeat(14000) }, "the token would be refused: too-large"],
		]) {
			const { status, body } = await acme.mint(properties);
			assert.deepEqual([status, body], [400, { error: "invalid-request-error", info }]);
		}
	});

	await t.test("HEAD answers as GET, without a body", async () => {
		const { status, text, headers } = await acme.call("HEAD", `/meeting-tokens/${token({ exp })}`);
		assert.deepEqual([status, text], [200, ""]);
		assert.ok(Number(headers.get("content-length")) > 0);
	});

	await t.test("what came of each request is counted, by entry or by word", async () => {
		const before = await counters(server);
		const made = await minted({ room_name: "standup", exp });
		await minted({ room_name: "standup", exp });
		await minted({ room_name: "standup", exp }, beta);
		assert.equal((await acme.validate(made)).status, 200);
		assert.equal((await beta.validate(made)).status, 400);
		const after = await counters(server);
		const more = Object.keys(after).map((name) => [name, after[name] - (before[name] ?? 0)]).filter(([, count]) => count > 0);
		assert.deepEqual(Object.fromEntries(more), {
			"minted acme": 2, "minted beta": 1, "validated acme": 1, "refused invalid-request-error": 1,
		});
	});

	await t.test("the log holds no traceback, no key, and no token but in Prosody's own debug lines of addresses", () => {
		assert.doesNotMatch(server.log(), traceback);
		for (const secret of [secretOf("acme"), "api-key"]) assert.ok(!server.log().includes(secret));
		const own = server.log().split("\n").filter((line) => !/Firing event: |http\.(GET|HEAD)-\S+\s+debug/.test(line));
		assert.doesNotMatch(own.join("\n"), anyToken);
		assert.match(server.log(), /The log has level debug/);
	});
});

// "/v1", as it is written without the last slash: where it leads to.
async function followed(by) {
	const { status, headers } = await by.call("GET", "");
	assert.deepEqual([status, headers.get("location")], [301, "/v1/"]);
	return by.call("GET", "/");
}
