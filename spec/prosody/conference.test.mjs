// The conference request, which Jitsi's client sends before it joins a room: who may not enter is answered at once, in the
// form that the web app shows on the screen; and what a room says to one occupant before it puts them out.
// Proves mod_auth_meetauth/conference.lib, mod_muc_meetauth/conference.lib, mod_muc_meetauth/opening.lib and
// mod_muc_meetauth/notice.lib.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { $iq } from "strophe.js";
import { connect, settled } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { host, jitsiConfig, room, secret, token, withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now } from "./support/token.mjs";

const FOCUS = "http://jitsi.org/protocol/focus";

const site = (name, options = "", component = "") => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval" }
	app_id = "portal"
	app_secret = "${secret}"
	meetauth_leeway = 0
	${options}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	${component}
`;

const config = jitsiConfig({
	modules: ["admin_shell"],
	rest: `
Component "focus.${host}" "client_proxy"
	target_address = "focus@auth.${host}"
Component "plain.${host}" "muc"
${site("silent.example", "meetauth_answer_conference = false")}
${site("guests.example", "allow_empty_token = true")}
${site("strict.example", "", "restrict_room_creation = true")}
${site("local.example", "", 'restrict_room_creation = "local"')}
${site("kick.example", 'meetauth_on_expiry = "kick"')}
${site("warn.example", 'meetauth_on_expiry = "warn"')}
`,
});

const prefix = withSpecModules();
const proxy = "mod_client_proxy.lua";
cpSync(fileURLToPath(new URL(`support/plugins/${proxy}`, import.meta.url)), join(prefix, "share/lua/5.4", proxy));

const children = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);

// What the focus, or somebody in its place, says to whoever wants a conference: "ready", or what was refused.
async function request(session, address, type = "set") {
	const id = `conference-${Math.random().toString(36).slice(2)}`;
	const answer = session.next({ id });
	session.send($iq({ to: `focus.${host}`, type, id }).c("conference", { xmlns: FOCUS, room: address, token: "not-looked-at" }));
	const stanza = await answer;
	const error = children(stanza).find((child) => child.localName === "error");
	if (!error) return children(stanza)[0].getAttribute("ready") === "true" ? "ready" : "no answer";
	const [condition, text, reservation] = children(error);
	return {
		type: error.getAttribute("type"), condition: condition.localName, text: text?.textContent.replace(/\w+(?=\)$)/, "…"),
		code: reservation?.localName === "reservation-error" && reservation.namespaceURI === FOCUS && reservation.getAttribute("error-code"),
	};
}

const refused = (text) => ({ type: "cancel", condition: "not-allowed", text: `${text} (…)`, code: "403" });

test("the conference request", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix });
	const login = async (claims, at = host) => {
		const bearer = claims && token({ sub: at, ...claims });
		const session = await connect({ url: server.ws, host: at, token: bearer });
		assert.equal(session.refused, undefined);
		return session;
	};
	const exists = (session, jid) => inside(session, `local r = prosody.hosts["conference.${host}"].modules.muc.get_room_from_jid("${jid}"); return r ~= nil`);

	await t.test("for the token's room goes to the focus, which opens the room", async () => {
		const session = await login({});
		assert.equal(await request(session, room("standup")), "ready");
		assert.equal(await exists(session, room("standup")), true);
		await session.close();
	});

	await t.test("for another room is answered with a sentence, the word, the reference and the code that the web app shows", async () => {
		const session = await login({});
		assert.deepEqual(await request(session, room("retro")), refused("This link is for another room: room-mismatch"));
		assert.equal(await exists(session, room("retro")), false);
		await session.close();
	});

	await t.test("for another room is one refusal with the join that follows: log, shell and reference are the join's", async () => {
		const session = await login({});
		await request(session, room("attic"));
		const { refused: join } = await session.join(room("attic"), "me");
		assert.equal(join.sentence, "This link is for another room");
		const { stdout } = await server.prosodyctl("shell", "meetauth", "why", `${join.sentence}: ${join.text} (${join.reference})`);
		assert.match(stdout, /reason +room-mismatch/);
		assert.match(stdout, /times +2$/m);
		assert.match(server.log(), new RegExp(`Join refused: room-mismatch \\(${join.reference}\\)`));
		await session.close();
	});

	await t.test("for a room in other letters is for the same room", async () => {
		const session = await login({});
		assert.equal(await request(session, `StandUp@Conference.${host}`), "ready");
		assert.deepEqual(await request(session, `Retro@Conference.${host}`), refused("This link is for another room: room-mismatch"));
		await session.close();
	});

	await t.test("with a token that was taken back says so", async () => {
		const session = await login({ jti: "lost" });
		await inside(session, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("jti", "lost") ~= nil`);
		assert.deepEqual(await request(session, room("standup")), refused("This link was cancelled: revoked"));
		await session.close();
	});

	await t.test("of somebody who is in the room already goes to the focus, whatever became of the token", async () => {
		const session = await login({ jti: "inside", exp: now() + 600 });
		assert.equal((await session.join(room("standup"), "inside")).refused, undefined);
		await inside(session, "session.meetauth_grant.expires = 1");
		assert.equal(await request(session, room("standup")), "ready");
		assert.deepEqual(await request(session, room("other")), refused("This link has expired: expired"));
		await session.close();
	});

	await t.test("for rooms that nobody guards, and for no address, goes to the focus; without a room's name it is refused", async () => {
		const session = await login({});
		assert.equal(await request(session, `retro@plain.${host}`), "ready");
		for (const address of ["@@", "nowhere.example"]) assert.equal(await request(session, address), "ready", address);
		assert.deepEqual(await request(session, `conference.${host}`), refused("This room has no name: invalid-room-address"));
		assert.deepEqual(await request(session, `${room("retro")}/me`), refused("This link is for another room: room-mismatch"));
		await session.close();
	});

	await t.test("of a guest for a closed room goes to the focus: the join says that a login is needed", async () => {
		const at = "guests.example";
		const owner = await login({ room: "hall", moderator: true }, at);
		await owner.join(`hall@conference.${at}`, "owner");
		await inside(owner, 'room("hall")._data.allowUnauthenticatedAccess = false');
		const guest = await login(undefined, at);
		assert.equal(await request(guest, `hall@conference.${at}`), "ready");
		const { refused: join } = await guest.join(`hall@conference.${at}`, "guest");
		assert.deepEqual(join, { type: "cancel", condition: "not-allowed", text: "token-required", child: "authentication-required" });
		await Promise.all([owner.close(), guest.close()]);
	});

	await t.test("is not answered where meetauth_answer_conference = false; the join is refused all the same", async () => {
		const at = "silent.example";
		const session = await login({}, at);
		assert.equal(await request(session, `retro@conference.${at}`), "ready");
		assert.equal((await session.join(`retro@conference.${at}`, "me")).refused.text, "room-mismatch");
		await session.close();
	});

	await t.test("of the focus itself, an admin, is not answered", async () => {
		const session = await connect({ url: server.ws, host: `auth.${host}`, token: undefined });
		assert.equal(await request(session, room("retro")), "ready");
		await session.close();
	});

	for (const at of ["strict.example", "local.example"]) {
		await t.test(`${at}: a room that is not open yet, and that the bearer may not open`, async () => {
			const session = await login({}, at);
			const outcome = await session.join(`standup@conference.${at}`, "me");
			if (at === "local.example") assert.equal(outcome.refused, undefined);
			else {
				assert.deepEqual(outcome.refused, { type: "cancel", condition: "not-allowed", text: "room-not-open", child: "room-does-not-exist" });
				assert.equal(outcome.refused.sentence, "This meeting has not started yet");
			}
			await session.close();
		});
	}

	await t.test("the log holds no traceback and no token", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.doesNotMatch(server.log(), anyToken);
	});
});

// Time stands but for what pass() lets go by.
test("what a room says to one occupant", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix, machine });

	// A session in a room, and what the room has said to it.
	async function enter(at, claims, name) {
		const session = await connect({ url: server.ws, host: at, token: token({ sub: at, room: "*", ...claims }) });
		assert.equal(session.refused, undefined);
		const said = [];
		session.on((stanza) => {
			const json = children(stanza).find((child) => child.localName === "json-message");
			if (json?.getAttribute("xmlns") !== "http://jitsi.org/jitmeet") return;
			const body = children(stanza).find((child) => child.localName === "body");
			const { type, message } = JSON.parse(json.textContent);
			assert.equal(type, "system_chat_message");
			assert.equal(body.textContent, message);
			assert.equal(stanza.getAttribute("from"), `${name}@conference.${at}`);
			said.push(message);
		}, { name: "message" });
		assert.equal((await session.join(`${name}@conference.${at}`, "me")).refused, undefined);
		return { session, said };
	}
	const after = async (seconds, { session, said }) => {
		await machine.pass(seconds);
		await settled(server, session);
		return said.splice(0);
	};
	const ends = (seconds, reason) => `Your time in this meeting ends in ${seconds} seconds: ${reason}`;

	await t.test("a minute before the token's end, once, where that puts its bearer out", async () => {
		const me = await enter("kick.example", { exp: now() + 600 }, "long");
		assert.deepEqual(await after(539, me), []);
		assert.deepEqual(await after(1, me), [ends(60, "expired")]);
		const gone = me.session.next({ name: "presence", type: "unavailable" });
		assert.deepEqual(await after(59, me), []);
		await machine.pass(1);
		await gone;
		await me.session.close();
	});

	await t.test("at once, where less than a minute is left", async () => {
		const me = await enter("kick.example", { exp: now() + 20 }, "short");
		assert.deepEqual(await after(0, me), [ends(20, "expired")]);
		await me.session.close();
	});

	await t.test("nothing before the end where the token's end only warns, and then that the access is over", async () => {
		const me = await enter("warn.example", { exp: now() + 100 }, "warned");
		assert.deepEqual(await after(99, me), []);
		assert.deepEqual(await after(1, me), ["Your access to this meeting has ended: expired"]);
		await me.session.close();
	});

	await t.test("before the bearer of a token that is taken back is put out, with the reason in both", async () => {
		const me = await enter("kick.example", { jti: "back" }, "back");
		const gone = me.session.next({ name: "presence", type: "unavailable" });
		await inside(me.session, 'return prosody.hosts["kick.example"].modules.auth_meetauth.revoke("jti", "back") ~= nil');
		assert.equal((await gone).getElementsByTagName("reason")[0].textContent, "This link was cancelled: revoked");
		assert.deepEqual(await after(0, me), ["This link was cancelled: revoked"]);
		await me.session.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
