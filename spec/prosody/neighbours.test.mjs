// What Jitsi's own modules go by: session fields, an option, an event, calls to a gateway; a guest of another host who logs in
// while they wait or talk; and a moderator who drops out of a room with a lobby.
// Proves mod_auth_meetauth/dial.lib, mod_auth_meetauth/guests.lib, mod_muc_meetauth/resource.lib and
// mod_muc_meetauth/returning.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq } from "strophe.js";
import { connect, settled, stanzaRefusal } from "./support/client.mjs";
import { fieldsOf, inside, plain } from "./support/inside.mjs";
import { host, jitsiConfig, room, secret, token, user, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const guests = "guest.example";
const strict = "strict.example";
const limited = "limited.example";
const issuers = "issuers.example"; // no app_id, as in every guide for two dialects

const config = jitsiConfig({
	options: `meetauth_foreign_hosts = { "${guests}" }`,
	modules: ["smacks"],
	rest: `
VirtualHost "${guests}"
	authentication = "live_focus"
	modules_enabled = { "live_eval", "live_fields", "smacks" }
VirtualHost "${strict}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	app_id = "portal"
	app_secret = "${secret}"
	token_regex_enabled = false
Component "conference.${strict}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	anonymous_strict = true
VirtualHost "${limited}"
	authentication = "meetauth"
	app_id = "portal"
	app_secret = "${secret}"
	token_regex_max_quantifiers = 2
	token_regex_room_max_length = 12
Component "conference.${limited}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
VirtualHost "${issuers}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "live_fields" }
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secret}" };
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${specSecret("d")}", claim_names = "either" };
	}
Component "conference.${issuers}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`,
});

const daily = (claims) => sign(specSecret("d"), { d: "acme", r: "standup", iat: now(), exp: now() + 600, ...claims });

test("Jitsi's neighbours", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	const login = async (bearer, at = host) => {
		const session = await connect({ url: server.ws, host: at, token: bearer });
		assert.equal(session.refused, undefined);
		return session;
	};

	// session fields

	const told = [
		["a moderator at the top level", host, token({ moderator: true, context: { user: { id: "a" } } }), { id: "a", moderator: true }],
		["a moderator at the top level, and nothing else of the user", host, token({ moderator: true }), { moderator: true }],
		["nobody who moderates, at the top level", host, token({ moderator: false, ...user({ id: "a", affiliation: "owner" }) }),
			{ id: "a", moderator: false, affiliation: "member" }],
		["a Daily owner", issuers, daily({ o: true, ud: "a" }), { id: "daily:acme:a", moderator: true, affiliation: "owner" }],
		["a Daily guest", issuers, daily({ ud: "a" }), { id: "daily:acme:a", moderator: false, affiliation: "member" }],
	];
	for (const [what, at, bearer, expected] of told) {
		await t.test(`context.user tells of ${what}`, async () => {
			const session = await login(bearer, at);
			assert.deepEqual(plain((await fieldsOf(session)).jitsi_meet_context_user), expected);
			await session.close();
		});
	}

	await t.test("the room claim of a glob is one that Jitsi's verify_room can match", async () => {
		const session = await login(token({ room: "stand*", context: { room: { glob: true } } }));
		const fields = await fieldsOf(session);
		assert.equal(fields.jitsi_meet_room.value, "^stand.*$");
		assert.deepEqual(plain(fields.jitsi_meet_context_room), { regex: true });
		assert.equal((await session.join(room("standup"), "me")).refused, undefined);
		assert.equal(await inside(session, "return session.jitsi_meet_verified_room"), room("standup"));
		await session.close();
	});

	await t.test("token_regex_enabled = false: a token with a pattern is refused, and one with a name is not", async () => {
		const bearer = token({ sub: strict, room: "stand.*", context: { room: { regex: true } } });
		assert.match((await connect({ url: server.ws, host: strict, token: bearer })).refused.text, /bad-claim/);
		const session = await login(token({ sub: strict, room: "stand.*" }), strict);
		assert.equal((await session.join(`stand.*@conference.${strict}`, session.jid.slice(0, 8))).refused, undefined);
		await session.close();
	});

	await t.test("token_regex_max_quantifiers and token_regex_room_max_length: more, and longer, is refused", async () => {
		const bearer = (name) => token({ sub: limited, room: name, context: { room: { regex: true } } });
		assert.match((await connect({ url: server.ws, host: limited, token: bearer("a+b+c+") })).refused.text, /bad-claim/);
		const session = await login(bearer("stand%a*%d*"), limited);
		assert.equal((await session.join(`standup1@conference.${limited}`, "me")).refused, undefined);
		assert.match((await session.join(`standup${"1".repeat(10)}@conference.${limited}`, "me")).refused.text, /room-mismatch/);
		await session.close();
	});

	// anonymous_strict

	await t.test("anonymous_strict: a nick is the beginning of the user name, and nobody takes another's", async () => {
		const session = await login(token({ sub: strict }), strict);
		for (const nick of ["me", "focus", session.jid.slice(0, 7), session.jid.slice(0, 9)]) {
			assert.equal((await session.join(`standup@conference.${strict}`, nick)).refused.condition, "not-allowed", nick);
		}
		assert.equal((await session.join(`standup@conference.${strict}`, session.jid.slice(0, 8))).refused, undefined);
		await session.close();
	});

	// calls

	// "sent on", or what was refused.
	async function call(session, address, to = "+15550100") {
		const id = `call-${Math.random().toString(36).slice(2)}`;
		const answer = session.next({ id });
		const dial = $iq({ type: "set", to: `gateway@${session.jid.split("@")[1].split("/")[0]}/x`, id }).c("dial", { xmlns: "urn:xmpp:rayo:1", to, from: "fromnumber" });
		if (address) dial.c("header", { name: "JvbRoomName", value: address });
		session.send(dial);
		const { condition, text } = stanzaRefusal(await answer);
		return condition === "forbidden" ? text : "sent on";
	}
	const features = (named) => ({ context: { features: named } });
	const calls = [
		["with the feature", token(features({ "outbound-call": true })), room("standup"), "sent on"],
		["with the feature as a word", token(features({ "outbound-call": "true" })), room("standup"), "sent on"],
		["for the tenant's room as clients write it", token({ sub: "acme", ...features({ "outbound-call": true }) }), `standup@conference.acme.${host}`, "sent on"],
		["with the feature denied", token(features({ "outbound-call": false })), room("standup"), "The token lacks the feature outbound-call"],
		["with other features", token(features({ recording: true })), room("standup"), "The token lacks the feature outbound-call"],
		["for another room", token(features({ "outbound-call": true })), room("retro"), "The token is not for the room of this call"],
		["for another tenant's room", token({ sub: "acme", ...features({ "outbound-call": true }) }), `standup@conference.umbrella.${host}`, "The token is not for the room of this call"],
		["for no room", token(features({ "outbound-call": true })), undefined, "The token is not for the room of this call"],
		["for a room of nowhere", token(features({ "outbound-call": true })), "standup@nowhere.example", "The token is not for the room of this call"],
		["with no features named, by nobody who moderates", token(), room("standup"), "Only moderators can make calls"],
	];
	for (const [what, bearer, address, expected] of calls) {
		await t.test(`a call ${what}: ${expected}`, async () => {
			const session = await login(bearer);
			assert.equal(await call(session, address), expected);
			await session.close();
		});
	}
	await t.test("a call with no features named, by a moderator who is in the room: sent on", async () => {
		const session = await login(token({ moderator: true }));
		await session.join(room("standup"), "boss");
		assert.equal(await call(session, room("standup")), "sent on");
		await session.close();
	});
	await t.test("the transcriber is called with the feature transcription", async () => {
		const session = await login(token(features({ transcription: true })));
		assert.equal(await call(session, room("standup"), "jitsi_meet_transcribe"), "sent on");
		assert.equal(await call(session, room("standup")), "The token lacks the feature outbound-call");
		await session.close();
	});
	await t.test("on a host without app_id, where filter_iq_rayo does nothing, calls are kept as well", async () => {
		const owner = await login(daily({ o: true }), issuers);
		assert.equal(await call(owner, `standup@conference.${issuers}`), "The token lacks the feature outbound-call");
		await owner.close();
	});

	// guests of another host

	async function guest(name) {
		const first = await login(token({ room: name })); // who makes a room owns it, on a host with accounts
		await first.join(room(name), "first");
		const stream = await openStream({ url: server.ws, host: guests });
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		const id = await stream.enable();
		assert.equal((await stream.join(room(name), "guest")).refused, undefined);
		t.after(() => first.close());
		return { stream, jid, id, name };
	}
	async function comeBack(session, bearer) {
		const h = session.stream.received();
		await session.stream.drop();
		const stream = await openStream({ url: server.ws, host: guests, token: bearer, params: { previd: session.id } });
		assert.equal(await stream.authenticate(), "success");
		assert.equal(await stream.resume(session.id, h), "resumed");
		return stream;
	}
	const standing = (stream, name) => stream.inside(`local r = prosody.hosts["conference.${host}"].modules.muc.get_room_from_jid("${room(name)}");
		return r:get_affiliation("focus@${guests}") or "none"`);
	const grantOf = (stream) => stream.inside(`return session.meetauth_grant and session.meetauth_grant.entry or "none"`);

	await t.test("a guest who comes back with a token has what the token gives", async () => {
		const one = await guest("upgrade");
		assert.equal(await standing(one.stream, "upgrade"), "none");
		const stream = await comeBack(one, token({ room: "upgrade", moderator: true, jti: "raised" }));
		await server.waitForLog(/Meeting token accepted: portal/);
		await server.turn();
		assert.equal(await grantOf(stream), "portal");
		assert.equal(await standing(stream, "upgrade"), "owner");

		const gone = stream.next((element) => element.localName === "presence" && element.getAttribute("type") === "unavailable");
		const keeper = await login(token({ room: "upgrade" }));
		await inside(keeper, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "raised") ~= nil`);
		await gone; // and what is revoked is taken from them as from everybody
		await Promise.all([stream.close(), keeper.close()]);
	});

	await t.test("a guest who comes back with a bad token, or one for another room, is told why and stays what they were, or goes", async () => {
		const bad = await guest("bad");
		const from = server.log().length;
		const stream = await comeBack(bad, token({ room: "bad", moderator: true }, specSecret("z")));
		await server.waitForLog(/Meeting token refused: signature-mismatch/, undefined, from);
		assert.equal(await grantOf(stream), "none");
		assert.equal(await standing(stream, "bad"), "none");
		await stream.close();

		const other = await guest("other");
		const again = await comeBack(other, token({ room: "elsewhere", moderator: true }));
		await again.next((element) => element.localName === "presence" && element.getAttribute("type") === "unavailable");
		await again.close();
	});

	await t.test("a guest who comes back without a token stays a guest", async () => {
		const one = await guest("plain");
		const stream = await comeBack(one, undefined);
		await server.turn();
		assert.equal(await grantOf(stream), "none");
		await stream.close();
	});

	await t.test("jitsi-verify-session-rooms: who answers no keeps what the session had", async () => {
		const stream = await openStream({ url: server.ws, host, token: token({ room: "*", ...user({ id: "a", name: "Old" }) }) });
		await stream.authenticate();
		const jid = await stream.bind();
		const id = await stream.enable();
		const looker = await login(token());
		await inside(looker, `module:hook_global("jitsi-verify-session-rooms", function (event)
			if event.session.jitsi_meet_context_user.name == "Bad" then return { res = false }; end end)`);
		let at = stream;
		for (const [name, expected] of [["Bad", "Old"], ["New", "New"]]) {
			const h = at.received();
			await at.drop();
			at = await openStream({ url: server.ws, host, token: token({ room: "*", ...user({ id: "a", name }) }), params: { previd: id } });
			assert.equal(await at.authenticate(), "success");
			assert.equal(await at.resume(id, h), "resumed");
			assert.equal(await inside(looker, `return prosody.full_sessions["${jid}"].jitsi_meet_context_user.name`), expected);
		}
		await Promise.all([at.close(), looker.close()]);
	});

	// a moderator and the lobby

	const lobbyOn = (session, name) => inside(session, `local r = prosody.hosts["conference.${host}"].modules.muc.get_room_from_jid("${room(name)}");
		return r:set_members_only(true)`);
	const moderator = (name, id = "mod", more = {}) => token({ room: name, exp: now() + 600 + Math.floor(Math.random() * 1e6), ...user({ id, moderator: true }), ...more });
	const outcome = async (bearer, name, nick) => {
		const session = await login(bearer);
		const joined = await session.join(room(name), nick);
		return { session, became: joined.refused ? joined.refused.condition : joined.affiliation };
	};

	await t.test("a moderator who drops out comes back at once into the room whose lobby is on; others wait", async () => {
		const name = "lobbied";
		const keeper = await outcome(token({ room: name }), name, "keeper");
		const boss = await outcome(moderator(name, "boss"), name, "boss");
		const first = await outcome(moderator(name), name, "mod");
		assert.equal(first.became, "owner");
		await lobbyOn(keeper.session, name);
		await first.session.close();
		const again = await outcome(moderator(name), name, "mod");
		assert.equal(again.became, "owner");
		for (const bearer of [moderator(name, "another"), token({ room: name, ...user({ id: "mod", moderator: false }) })]) {
			const late = await outcome(bearer, name, "late");
			assert.equal(late.became, "registration-required");
			await late.session.close();
		}
		await settled(server, again.session);

		// whom another moderator puts out waits from then on
		assert.deepEqual(await inside(keeper.session, `local r = prosody.hosts["conference.${host}"].modules.muc.get_room_from_jid("${room(name)}");
			return { r:set_role("${boss.session.jid}", "${room(name)}/mod", nil, "out") }`), [true]);
		const out = await outcome(moderator(name), name, "mod");
		assert.equal(out.became, "registration-required");
		await Promise.all([keeper, boss, again, out].map(({ session }) => session.close()));
	});

	// Daily's names for times

	await t.test("claim_names = either: expires ends a token", async () => {
		const ended = await connect({ url: server.ws, host: issuers, token: daily({ exp: undefined, iat: undefined, issued_at: now(), expires: now() - 60 }) });
		assert.equal(ended.refused.text, "expired");
		const good = await login(daily({ exp: undefined, iat: undefined, issued_at: now(), expires: now() + 60 }), issuers);
		assert.ok(await inside(good, "return session.meetauth_grant.expires ~= nil"));
		await good.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
