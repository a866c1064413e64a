// Several customers on one host: each entry opens its own rooms and gives at most its own rights, whatever its
// tokens say; and none can speak for another.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, inside, plain } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const host = "meet.example";
const room = (name) => `${name}@conference.${host}`;
const secrets = Object.fromEntries(["acme", "school", "kiosk", "booth"].map((name) => [name, `${name}-secret-2-3-5-7-11-13-17-19-23-29`]));

// A school's people may moderate and record; a kiosk's and a booth's may only be there, in rooms of certain names.
const config = `
admins = { "focus@auth.${host}" }
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "live_fields" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "acme", issuer = "acme", tenant = "acme", secret = "${secrets.acme}" };
		{ id = "school", issuer = "school", tenant = "school", secret = "${secrets.school}",
			may = { "moderator", "recording" }, moderator = { claim = "school.roles", contains = "teacher" } };
		{ id = "kiosk", issuer = "kiosk", secret = "${secrets.kiosk}", rooms = { "lobby-*", "auto-*", "[school]open-?" }, may = {} };
		{ id = "booth", dialect = "daily", domain_id = "booth", secret = "${secrets.booth}", rooms = "lobby-?", room = "tenant",
			may = {}, recording = "cloud" };
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth"; "live_lobby"; "live_promoter" }
	muc_room_locking = false
`;

// The widest token that each can make.
const wide = { sub: "*", room: "*", moderator: true, context: { user: { moderator: true, affiliation: "owner", lobby_bypass: true, security_bypass: true } } };
const jitsi = (iss, claims = {}, by = secrets[iss]) => sign(by, { iss, exp: now() + 600, ...wide, ...claims });
const booth = (claims = {}, by = secrets.booth) => sign(by, { d: "booth", iat: now(), exp: now() + 600, o: true, p: { ca: true }, er: "cloud", sr: true, ast: true, ...claims });
const teacher = { school: { roles: ["staff", "teacher"] } };

const doors = [
	["acme, its own room", jitsi("acme"), "[acme]standup", "owner"],
	["acme, a plain room", jitsi("acme"), "standup", "room-mismatch"],
	["acme, the school's room", jitsi("acme"), "[school]standup", "room-mismatch"],
	["acme, the school's room, naming it in sub", jitsi("acme", { sub: "school" }), "[school]standup", "room-mismatch"],
	["acme, the school's room, naming it in room", jitsi("acme", { room: "[school]standup" }), "[school]standup", "room-mismatch"],
	["acme, the school's room, by a pattern", jitsi("acme", { room: ".*", context: { room: { regex: true } } }), "[school]standup", "room-mismatch"],
	["acme, a room whose name holds its tenant", jitsi("acme"), "x[acme]standup", "room-mismatch"],
	["acme, a tenant that begins as it does", jitsi("acme"), "[acme2]standup", "room-mismatch"],
	["a teacher of the school", jitsi("school", teacher), "[school]standup", "owner"],
	["a pupil who is moderator by its token's word only", jitsi("school"), "[school]standup", "member"],
	["a pupil whose roles are a string", jitsi("school", { school: { roles: "teacher" } }), "[school]standup", "member"],
	["a teacher, acme's room", jitsi("school", teacher), "[acme]standup", "room-mismatch"],
	["a kiosk, a room of its list", jitsi("kiosk"), "lobby-north", "member"],
	["a kiosk, another room", jitsi("kiosk"), "standup", "room-mismatch"],
	["a kiosk, a room whose name ends so", jitsi("kiosk"), "my-lobby-north", "room-mismatch"],
	["a kiosk, a room of a tenant that its list names", jitsi("kiosk"), "[school]open-1", "member"],
	["a kiosk, another room of that tenant", jitsi("kiosk"), "[school]open-10", "room-mismatch"],
	["a kiosk, a room of that name at another tenant", jitsi("kiosk"), "[acme]open-1", "room-mismatch"],
	["a kiosk, a room of its list that its token does not open", jitsi("kiosk", { room: "lobby-south" }), "lobby-north", "room-mismatch"],
	["a booth, a room of its list", booth(), "lobby-1", "member"],
	["a booth, another room", booth(), "lobby-north", "room-mismatch"],
	["a booth, another room that its token names", booth({ r: "standup" }), "standup", "room-mismatch"],
	["a booth, a tenant's room of that name", booth(), "[acme]lobby-1", "room-mismatch"],
];

// Whose key, whose name.
const forgeries = [
	["acme's key in the school's name", jitsi("school", teacher, secrets.acme), "signature-mismatch"],
	["the kiosk's key in acme's name", jitsi("acme", {}, secrets.kiosk), "signature-mismatch"],
	["the booth's key in acme's name", jitsi("acme", {}, secrets.booth), "signature-mismatch"],
	["acme's key in the booth's name", booth({}, secrets.acme), "signature-mismatch"],
	["the booth's key in both dialects", booth({ iss: "acme", room: "*" }), "ambiguous-claims"],
	["the kiosk's key with the booth's d", jitsi("kiosk", { d: "booth" }), "ambiguous-claims"],
	["nobody's iss", jitsi("nobody", {}, secrets.acme), "unknown-issuer"],
];

test("several customers on one host", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });

	for (const [name, token, at, want] of doors) {
		await t.test(`${name}: ${want}`, async () => {
			const session = await connect({ url: server.ws, host, token });
			assert.equal(session.refused, undefined);
			const joined = await session.join(room(at), "visitor");
			await session.close();
			assert.equal(joined.refused?.text ?? joined.affiliation, want);
		});
	}

	for (const [name, token, want] of forgeries) {
		await t.test(`${name}: ${want}`, async () => {
			assert.equal((await connect({ url: server.ws, host, token })).refused?.text, want);
		});
	}

	await t.test("rights end at the bound: neighbours and the client find no others", async () => {
		const given = async (token) => {
			const session = await connect({ url: server.ws, host, token });
			const fields = await fieldsOf(session);
			await session.close();
			const features = plain(fields.jitsi_meet_context_features);
			return {
				named: Object.keys(features).length > 20,
				features: Object.keys(features).filter((name) => features[name] !== false),
				user: plain(fields.jitsi_meet_context_user),
			};
		};
		const all = { recording: true, livestreaming: "true", "outbound-call": true };
		const withAll = { ...teacher, context: { user: { name: "Tess" }, features: all } };
		assert.deepEqual(await given(jitsi("school", withAll)), { named: true, features: ["recording"], user: { name: "Tess", moderator: true } });
		assert.deepEqual(await given(jitsi("kiosk", { context: { ...wide.context, features: all } })), {
			named: true, features: [],
			user: { moderator: false, affiliation: "member" },
		});
		assert.deepEqual(await given(booth()), { named: true, features: [], user: { moderator: false, affiliation: "member" } });
	});

	await t.test("the client is told by the server, not by its token", async () => {
		const session = await connect({ url: server.ws, host, token: jitsi("kiosk", { context: { features: { recording: true } } }) });
		const told = new Promise((resolve) => {
			const off = session.on((stanza) => {
				const [permissions] = stanza.getElementsByTagName("permissions");
				if (!permissions) return;
				off();
				resolve([...permissions.getElementsByTagName("p")].filter((p) => p.getAttribute("val") !== "false").length);
			}, { name: "presence" });
		});
		await session.join(room("lobby-told"), "kiosk");
		assert.equal(await told, 0);
		await session.close();
	});

	await t.test("a module that promotes everybody does not lift one over the bound, either", async () => {
		const session = await connect({ url: server.ws, host, token: jitsi("kiosk", { moderator: undefined, context: undefined }) });
		await session.join(room("auto-1"), "kiosk");
		assert.equal(await inside(session, 'return room("auto-1"):get_affiliation(session.full_jid)'), "member");
		await session.close();
	});

	await t.test("who may not pass the lobby waits, whatever its token says", async () => {
		const waiter = await connect({ url: server.ws, host, token: jitsi("school", { room: "closed", context: { user: { lobby: true } } }) });
		assert.equal((await waiter.join(room("[school]closed"), "waiter")).refused.condition, "registration-required");
		const bypassing = await connect({ url: server.ws, host, token: jitsi("school") });
		assert.equal((await bypassing.join(room("[school]closed"), "bypasser")).refused.condition, "registration-required");
		const acme = { room: "closed", context: { user: { lobby: true } } };
		const other = await connect({ url: server.ws, host, token: jitsi("acme", acme) });
		assert.equal((await other.join(room("[acme]closed"), "waiter")).refused.condition, "registration-required");
		const passing = await connect({ url: server.ws, host, token: jitsi("acme") });
		assert.equal((await passing.join(room("[acme]closed"), "passer")).refused, undefined);
		for (const session of [waiter, bypassing, other, passing]) await session.close();
	});

	await t.test("the log holds no traceback and no secret", () => {
		assert.doesNotMatch(server.log(), traceback);
		for (const secret of Object.values(secrets)) assert.ok(!server.log().includes(secret));
	});
});
