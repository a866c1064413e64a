// The session fields that Jitsi's other modules read (doc/modules.md, Session fields): names, raw types, and whose they are.
// Jitsi's own mod_jitsi_session is emulated: it puts raw tokens on the sessions of all hosts.
// Proves mod_auth_meetauth/fields.lib and mod_auth_meetauth/username.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, plain, refusedFields } from "./support/inside.mjs";
import { host, jitsiConfig, secret, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign } from "./support/token.mjs";

const guests = "guest.example";
const old = "old.example";
const elsewhere = "elsewhere.example"; // whose rooms are left to other modules
const anonymous = `
VirtualHost "${guests}"
	authentication = "anonymous"
	modules_enabled = { "live_eval", "live_fields" }

VirtualHost "${elsewhere}"
	authentication = "meetauth"
	meetauth_enforcement = "elsewhere"
	modules_enabled = { "live_eval", "live_fields" }
	app_id = "portal"
	app_secret = "${secret}"
`;
const modules = ["live_events", "live_jitsi_session"];
const options = "allow_empty_token = true";
const userName = /^[0-9a-f]{20}$/; // 80 bits

// Numbers as they stand, so that 7.0 stays 7.0.
const context = `{
	"user": {
		"id": "u-1", "name": "Ann", "email": "ann@example.org", "avatar": "https://example.org/a.png",
		"moderator": "true", "affiliation": "owner", "hidden-from-recorder": "true",
		"lobby_bypass": false, "security_bypass": true, "lobby": false,
		"level": 7, "score": 7.5, "whole": 7.0, "big": 9007199254740993, "nothing": null,
		"deep": { "a": { "b": null, "c": [1, null, "x"] } }, "tags": ["p", "q"], "role": "visitor"
	},
	"group": "staff",
	"features": { "recording": true, "livestreaming": "true", "transcription": false, "flip": "false", "odd": 1, "none": null },
	"room": { "regex": "false", "lobby": true, "password": "", "none": null },
	"tenant": "Acme", "callee": { "id": "x" }
}`;
const claims = `{"iss":"portal","aud":["jitsi","other"],"sub":"Meet.Example","room":"StandUp","exp":${now() + 600},"nbf":null,"context":${context}}`
	.replace('"nbf":null,', "");
const rich = sign(secret, claims);

const expected = {
	auth_token: rich,
	jitsi_meet_room: "StandUp",
	jitsi_meet_domain: "Meet.Example",
	jitsi_meet_auth_issuer: "portal",
	jitsi_meet_str_tenant: "Acme",
	jitsi_meet_context_group: "staff",
	jitsi_meet_context_features: { recording: true, livestreaming: "true", transcription: false, flip: "false" },
	jitsi_meet_context_room: { regex: "false", lobby: true, password: "" },
	_jitsi_auth_done: true,
};

// What is there of a session's fields that tokens bring.
function ofToken(fields) {
	const names = Object.keys(fields).filter((name) => /^(auth_token|jitsi_meet_.*|_jitsi_auth_done|contextRequired|public_key)$/.test(name));
	return Object.fromEntries(names.map((name) => [name, plain(fields[name])]));
}

test("jitsi fields", { timeout: TEST, concurrency: 6 }, async (t) => {
	const server = await startProsody({ config: jitsiConfig({ options, modules, rest: anonymous }), prefix: withSpecModules() });
	const login = (more) => connect({ url: server.ws, host, ...more });
	const cases = [];
	const it = (name, run) => cases.push(t.test(name, run));

	for (const transport of ["ws", "bosh"]) {
		it(`${transport}: everything is there, as it came, without nulls`, async () => {
			const session = await login({ url: server[transport], token: rich });
			const fields = await fieldsOf(session);
			const { jitsi_meet_context_user: user, ...rest } = ofToken(fields);
			assert.deepEqual(rest, expected);
			const types = Object.fromEntries(Object.entries(fields.jitsi_meet_context_user.members).map(([name, { type }]) => [name, type]));
			assert.deepEqual(types, {
				id: "string", name: "string", email: "string", avatar: "string", moderator: "string", affiliation: "string",
				"hidden-from-recorder": "string", level: "integer", score: "float", whole: "float", big: "integer",
				deep: "table", tags: "table", role: "string",
			}); // what is enforced of it is nobody else's: neighbours tell it to everybody in the room
			assert.deepEqual(user.deep, { a: { c: { 1: 1, 2: "x" } } });
			assert.deepEqual(user.tags, { 1: "p", 2: "q" });
			assert.equal(user.moderator, "true");
			assert.equal(fields.meetauth_grant.type, "table");
			await session.close();
		});
	}

	it("where the rooms are left to others, what they may enforce is there as well", async () => {
		const session = await login({ host: elsewhere, token: rich });
		const { lobby_bypass, security_bypass, lobby } = plain((await fieldsOf(session)).jitsi_meet_context_user);
		assert.deepEqual({ lobby_bypass, security_bypass, lobby }, { lobby_bypass: false, security_bypass: true, lobby: false });
		await session.close();
	});

	it("a token without context leaves the context's fields absent", async () => {
		const session = await login({ token: token() });
		assert.deepEqual(Object.keys(ofToken(await fieldsOf(session))).sort(),
			["_jitsi_auth_done", "auth_token", "jitsi_meet_auth_issuer", "jitsi_meet_domain", "jitsi_meet_room"]);
		await session.close();
	});

	it("user_id is the user of a token without context, and of no other", async () => {
		const alone = await login({ token: token({ user_id: "fire-1" }) });
		assert.deepEqual(plain((await fieldsOf(alone)).jitsi_meet_context_user), { id: "fire-1" });
		await alone.close();
		const beside = await login({ token: token({ user_id: "fire-1", context: { group: "g" } }) });
		assert.equal((await fieldsOf(beside)).jitsi_meet_context_user, undefined);
		await beside.close();
	});

	it("features that are there and empty stay an empty table", async () => {
		for (const features of [{}, [], { odd: 7 }]) {
			const session = await login({ token: token({ context: { features } }) });
			const field = (await fieldsOf(session)).jitsi_meet_context_features;
			assert.deepEqual([field.type, plain(field)], ["table", {}]);
			await session.close();
		}
	});

	it("tables are not shared by two sessions with one token", async () => {
		const sessions = await Promise.all([login({ token: rich }), login({ token: rich })]);
		const [one, two] = await Promise.all(sessions.map((session) => fieldsOf(session)));
		for (const name of ["jitsi_meet_context_user", "jitsi_meet_context_features", "jitsi_meet_context_room", "meetauth_grant"]) {
			assert.notEqual(one[name].address, two[name].address, name);
		}
		await Promise.all(sessions.map((session) => session.close()));
	});

	it("control characters and bidi overrides in names are taken out", async () => {
		const session = await login({ token: token({ context: { user: { name: "A\u0000n\u202en\r\n", deep: { x: "\u001b[1m" } }, group: "g\u2066", tenant: "t\u0007" } }) });
		const { jitsi_meet_context_user: user, jitsi_meet_context_group: group, jitsi_meet_str_tenant: tenant } = ofToken(await fieldsOf(session));
		assert.deepEqual({ user, group, tenant }, { user: { name: "Ann", deep: { x: "[1m" } }, group: "g", tenant: "t" });
		await session.close();
	});

	it("user names are random, whoever the token says, and begin with eight hexadecimal digits, which Jitsi's client takes as the nick", async () => {
		const names = await Promise.all([rich, rich, token(), undefined].map(async (by) => {
			const session = await login({ token: by });
			await session.close();
			return session.jid.split("@")[0];
		}));
		for (const name of names) assert.match(name, userName);
		assert.equal(new Set(names).size, names.length);
	});

	it("a guest has none of them", async () => {
		const session = await login({});
		const fields = await fieldsOf(session);
		assert.deepEqual(ofToken(fields), { _jitsi_auth_done: true });
		assert.equal(fields.meetauth_guest.value, true);
		assert.equal(fields.meetauth_grant, undefined);
		await session.close();
	});

	const refused = {
		"an expired token": token({ exp: now() - 60 }), "a token by another secret": token({}, "x".repeat(40)),
		"no token at all": "garbage", "an empty token": "", "a claim of a wrong type": token({ context: { user: 1 } }),
	};
	for (const [what, by] of Object.entries(refused)) {
		it(`nothing is left on a session that was refused: ${what}`, async () => {
			for (const transport of ["ws", "bosh"]) {
				const id = `refused ${what} ${transport}`;
				const { refused: refusal } = await login({ url: server[transport], token: by, params: { previd: id } });
				assert.equal(refusal?.condition, "not-allowed");
				const left = refusedFields(server).filter((fields) => plain(fields.previd) === id);
				assert.equal(left.length, 1);
				assert.deepEqual(ofToken(left[0]), {});
				assert.equal(left[0].meetauth_grant, undefined);
			}
		});
	}

	it("a second attempt on the same stream starts from nothing, and brings the same token", async () => {
		const stream = await openStream({ url: server.ws, host, token: rich, params: { room: "banned-once", previd: "twice" } });
		assert.deepEqual(await stream.authenticate(), { condition: "not-allowed", text: "banned" });
		assert.deepEqual(ofToken(refusedFields(server).find((fields) => plain(fields.previd) === "twice")), {});
		assert.equal(await stream.authenticate(), "success");
		await stream.bind();
		assert.equal(await stream.inside("return session.jitsi_meet_context_user.name"), "Ann");
		await stream.close();
	});

	it("a second attempt after a bad token is not a guest's", async () => {
		const stream = await openStream({ url: server.ws, host, token: token({ exp: now() - 60 }) });
		for (let attempt = 0; attempt < 3; attempt++) {
			assert.deepEqual(await stream.authenticate(), { condition: "not-allowed", text: "expired" });
		}
		await stream.close();
	});

	for (const transport of ["ws", "bosh"]) {
		for (const header of [false, true]) {
			it(`${transport}: a session of another host has no token, brought in the ${header ? "header" : "query"}`, async () => {
				const session = await login({ url: server[transport], host: guests, token: rich, header, params: header ? {} : { room: "r" } });
				const fields = await fieldsOf(session);
				assert.deepEqual(ofToken(fields), {});
				if (!header) assert.equal(plain(fields.jitsi_web_query_room), "r"); // the rest of Jitsi's parameters is for every host
				await session.close();
			});
		}
	}

	await Promise.all(cases);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});

test("jitsi fields beside another host's own token module", { timeout: TEST }, async (t) => {
	const rest = `${anonymous}
VirtualHost "${old}"
	authentication = "live_token"
	modules_enabled = { "live_eval", "live_fields" }
`;
	const server = await startProsody({ config: jitsiConfig({ options, modules, rest }), prefix: withSpecModules() });
	const tokenOn = async (on, transport, by = "raw") => {
		const session = await connect({ url: server[transport], host: on, token: by });
		const fields = await fieldsOf(session);
		await session.close();
		return plain(fields.auth_token);
	};
	for (const transport of ["ws", "bosh"]) {
		await t.test(`${transport}: that host's sessions keep the raw token, which it verifies itself`, async () => {
			assert.equal(await tokenOn(old, transport), "raw");
		});
		await t.test(`${transport}: ours have it after it was verified`, async () => {
			assert.equal(await tokenOn(host, transport, rich), rich);
		});
	}
	await t.test("bosh, where the host is known from the start: a third host's sessions have none", async () => {
		assert.equal(await tokenOn(guests, "bosh"), undefined);
	});
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
