// What happens while a session lives: tokens that expire in a call, connections that drop and come back, streams
// that are resumed with another token (XEP-0198), and modules that are reloaded meanwhile.
// Proves mod_auth_meetauth/resumption.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $pres } from "strophe.js";
import { connect, settled } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { secret, token, withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now } from "./support/token.mjs";

const hosts = {
	"ignore.example": 'meetauth_on_expiry = "ignore"',
	"default.example": "",
	"warn.example": 'meetauth_on_expiry = "warn"',
	"kick.example": 'meetauth_on_expiry = "kick"',
	"open.example": "allow_empty_token = true",
};
const config = Object.entries(hosts).map(([name, options]) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "smacks" }
	app_id = "portal"
	app_secret = "${secret}"
	meetauth_leeway = 0
	${options}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`).join("");

const room = (name, host) => `${name}@conference.${host}`;
const codes = (presence) => Array.from(presence.getElementsByTagName("status"), (status) => status.getAttribute("code"));
const isRemoval = (from) => (element) => element.localName === "presence" && element.getAttribute("type") === "unavailable"
	&& element.getAttribute("from") === from;
let serial = 0;

test("jitsi expiry", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	const cases = [];
	const it = (name, run) => cases.push(t.test(name, run));
	const soon = () => now() + 8;
	const until = (moment) => machine.pass(Math.ceil(moment - now()));
	const tokenFor = (host, claims) => token({ sub: host, room: "*", ...claims });
	const freshRoom = () => `room${serial++}`;

	// A session in a room of its own.
	async function enter(host, claims, { transport = "ws", name = freshRoom() } = {}) {
		const session = await connect({ url: server[transport], host, token: tokenFor(host, claims) });
		assert.equal(session.refused, undefined);
		const joined = await session.join(room(name, host), "me");
		assert.equal(joined.refused, undefined);
		return { session, name, me: `${room(name, host)}/me` };
	}
	const isIn = ({ session, name }, host, nick = "me") =>
		inside(session, `local r = room("${name}"); return r ~= nil and r:get_occupant_by_nick("${room(name, host)}/${nick}") ~= nil`);
	// Let time go by up to a moment, before which one is still there.
	async function inUntil(moment, me, host) {
		await until(moment - 1);
		assert.equal(await isIn(me, host), true);
		await until(moment);
	}
	const removal = (session, me) => session.next({ name: "presence", type: "unavailable", from: me });
	const logged = (name, host) => server.log().match(new RegExp(`Occupant of ${room(name, host)} removed: (\\S+)`))?.[1];

	for (const host of ["ignore.example", "default.example"]) {
		it(`${host}: who is in stays in, but enters no other room`, async () => {
			const exp = soon();
			const me = await enter(host, { exp });
			await until(exp + 0.3);
			assert.equal(await isIn(me, host), true);
			const { refused } = await me.session.join(room("another", host), "me");
			assert.deepEqual(refused, { type: "cancel", condition: "not-allowed", text: "expired", child: "authentication-required" });
			await me.session.close();
		});
	}

	it("warn: a message from the room, and nothing else", async () => {
		const exp = soon();
		const me = await enter("warn.example", { exp });
		const warnings = [];
		me.session.on((message) => warnings.push(message), { ns: "http://jitsi.org/jitmeet", name: "message" });
		await inUntil(exp, me, "warn.example");
		await settled(server, me);
		const [warning, ...more] = warnings;
		assert.deepEqual(more, []);
		assert.equal(warning.getAttribute("from"), room(me.name, "warn.example"));
		assert.equal(warning.getElementsByTagName("expired").length, 1);
		assert.equal(await isIn(me, "warn.example"), true);
		await me.session.close();
	});

	for (const transport of ["ws", "bosh"]) {
		it(`kick, ${transport}: removed at the end, for others to see, and not let in again`, async () => {
			const exp = soon();
			const me = await enter("kick.example", { exp }, { transport });
			const other = await connect({ url: server.ws, host: "kick.example", token: tokenFor("kick.example") });
			await other.join(room(me.name, "kick.example"), "other");
			await inside(other, `module:context("conference.kick.example"):hook("meetauth-ejected", function (event)
				module:log("info", "spec ejected from %s: %s", event.room.jid, event.reason); end)`);
			const [seen, told] = await Promise.all([removal(other, me.me), removal(me.session, me.me), inUntil(exp, me, "kick.example")]);
			assert.ok(codes(told).includes("307") && codes(seen).includes("307"));
			assert.equal(logged(me.name, "kick.example"), "expired");
			assert.match(server.log(), new RegExp(`spec ejected from ${room(me.name, "kick.example")}: expired`));
			const { refused } = await me.session.join(me.me.split("/")[0], "me");
			assert.equal(refused?.text, "expired");
			await Promise.all([me.session.close(), other.close()]);
		});
	}

	it("kick: a change of the nick does not help", async () => {
		const exp = soon();
		const me = await enter("kick.example", { exp });
		// Prosody 0.12 destroys the room of somebody who is alone and changes the nick
		const other = await connect({ url: server.ws, host: "kick.example", token: tokenFor("kick.example") });
		await other.join(room(me.name, "kick.example"), "other");
		me.session.connection.send($pres({ to: `${room(me.name, "kick.example")}/renamed` }));
		await me.session.heard();
		await Promise.all([removal(me.session, `${room(me.name, "kick.example")}/renamed`), until(exp)]);
		assert.equal(logged(me.name, "kick.example"), "expired");
		await Promise.all([me.session.close(), other.close()]);
	});

	// How many timers mod_muc_meetauth has for a room.
	const timersOf = (session, name, host) => inside(session, `
		local function upvalue(of, wanted)
			for i = 1, 60 do
				local found, value = debug.getupvalue(of, i);
				if found == wanted then return value; end
			end
		end
		for _, handler in ipairs(prosody.hosts["conference.${host}"].events._handlers["muc-occupant-left"]) do
			local leave = upvalue(handler, "leave");
			local forget = leave and upvalue(leave, "forget");
			if forget then
				local count = 0;
				for _ in pairs(upvalue(forget, "timers")["${room(name, host)}"] or {}) do count = count + 1; end
				return count;
			end
		end`);

	it("kick: nothing comes after one has left, and the timer is gone", async () => {
		const exp = soon();
		const me = await enter("kick.example", { exp });
		assert.equal(await timersOf(me.session, me.name, "kick.example"), 1);
		const left = removal(me.session, me.me);
		me.session.connection.send($pres({ to: me.me, type: "unavailable" }));
		assert.ok(!codes(await left).includes("307"));
		assert.equal(await timersOf(me.session, me.name, "kick.example"), 0);
		await until(exp + 0.5);
		assert.equal(logged(me.name, "kick.example"), undefined);
		await me.session.close();
	});

	it("kick: a token without an end, or with one out of sight, is left alone", async () => {
		for (const exp of [undefined, 1e300]) {
			const me = await enter("kick.example", { exp });
			assert.equal(await isIn(me, "kick.example"), true);
			await me.session.close();
		}
	});

	it("kick: modules that are reloaded meanwhile forget nobody", async () => {
		const host = "kick.example";
		const exp = soon();
		const me = await enter(host, { exp });
		assert.equal(await inside(me.session, `
			local reload = require "core.modulemanager".reload;
			return reload("conference.${host}", "muc_meetauth") ~= nil and reload("${host}", "auth_meetauth") ~= nil`), true);
		assert.equal(await isIn(me, host), true);
		await Promise.all([removal(me.session, me.me), inUntil(exp, me, host)]);
		assert.equal(server.log().split(`Occupant of ${room(me.name, host)} removed`).length - 1, 1);
		await me.session.close();
	});

	// A resumable stream in a room of its own.
	async function begin(host, claims, name = freshRoom()) {
		const stream = await openStream({ url: server.ws, host, token: claims && tokenFor(host, claims) });
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		const id = await stream.enable();
		const joined = await stream.join(room(name, host), "me");
		assert.equal(joined.refused, undefined);
		return { host, stream, jid, id, name, me: `${room(name, host)}/me`, joined };
	}

	// The same over a new connection, which brings another token, or none.
	async function comeBack(session, claims, by = claims && tokenFor(session.host, claims)) {
		const h = session.stream.received();
		await session.stream.drop();
		const stream = await openStream({ url: server.ws, host: session.host, token: by, params: { previd: session.id } });
		const login = await stream.authenticate();
		if (login !== "success") return { stream, login };
		return { stream, login, resumed: await stream.resume(session.id, h) };
	}
	const stands = (stream, { name, host }) => stream.inside(`local r = room("${name}");
		local o = r and r:get_occupant_by_nick("${room(name, host)}/me"); return o and o.role or "out"`);
	const field = (stream, path) => stream.inside(`local value = session${path}; if value == nil then value = "nil"; end return value`);

	it("resumed with a newer token: the name stays, the claims are the new one's, and so is the end", async () => {
		const exp = soon();
		const old = await begin("kick.example", { exp, context: { user: { name: "Old" } } });
		const { stream, resumed } = await comeBack(old, { context: { user: { name: "New" } } });
		assert.equal(resumed, "resumed");
		assert.equal(await field(stream, ".full_jid"), old.jid);
		assert.equal(await field(stream, ".jitsi_meet_context_user.name"), "New");
		assert.equal(await field(stream, ".meetauth_grant.user.name"), "New");
		await until(exp + 0.5);
		assert.equal(await stands(stream, old), "participant");
		assert.equal(logged(old.name, old.host), undefined);
		await stream.close();
	});

	it("resumed with a token that ends earlier: it is the end", async () => {
		const old = await begin("kick.example", {});
		const exp = soon();
		const { stream, resumed } = await comeBack(old, { exp });
		assert.equal(resumed, "resumed");
		await until(exp - 1);
		assert.equal(await stands(stream, old), "participant");
		await until(exp);
		await stream.next(isRemoval(old.me));
		await stream.close();
	});

	it("resumed with a token for another room: removed, with the reason", async () => {
		const old = await begin("ignore.example", {});
		const { stream, resumed } = await comeBack(old, { room: "another" });
		assert.equal(resumed, "resumed");
		const presence = await stream.next(isRemoval(old.me));
		assert.ok(codes(presence).includes("307"));
		assert.match(stream.text(presence), /room-mismatch/);
		assert.equal(logged(old.name, old.host), "room-mismatch");
		await stream.close();
	});

	it("resumed with a token of other rights: they are the new one's, up and down", async () => {
		for (const [before, after, expected] of [[true, false, "participant"], [false, true, "moderator"]]) {
			const old = await begin("ignore.example", { moderator: before });
			const { stream, resumed } = await comeBack(old, { moderator: after });
			assert.equal(resumed, "resumed");
			assert.equal(await stands(stream, old), expected);
			await stream.close();
		}
	});

	it("resumed with the same token: what neighbours have put on the session stays", async () => {
		const by = tokenFor("ignore.example", {});
		const old = await begin("ignore.example", {});
		await old.stream.inside(`session.auth_token = "${by}"; session.jitsi_meet_context_features = { recording = true }`);
		const { stream, resumed } = await comeBack(old, undefined, by);
		assert.equal(resumed, "resumed");
		assert.equal(await field(stream, ".jitsi_meet_context_features.recording"), true);
		await stream.close();
	});

	it("resumed with another token: what they have put there goes with the old claims", async () => {
		const old = await begin("ignore.example", {});
		await old.stream.inside("session.jitsi_meet_context_features = { recording = true }");
		const { stream } = await comeBack(old, { user_id: "u" });
		assert.equal(await field(stream, ".jitsi_meet_context_features"), "nil");
		assert.equal(await field(stream, ".jitsi_meet_context_user.id"), "u");
		await stream.close();
	});

	it("expired while the connection was gone: removed, and the old token does not bring it back", async () => {
		const exp = soon();
		const old = await begin("kick.example", { exp });
		const by = await old.stream.inside("return session.auth_token");
		await old.stream.drop();
		await until(exp + 0.1);
		const refused = await comeBack(old, undefined, by);
		assert.deepEqual(refused.login, { condition: "not-allowed", text: "expired" });
		await refused.stream.close();
		await server.waitForLog(new RegExp(`Occupant of ${room(old.name, old.host)} removed: expired`));
		const { stream, resumed } = await comeBack(old, {});
		assert.equal(resumed, "resumed");
		assert.equal(await stands(stream, old), "out");
		await stream.close();
	});

	it("a bearer who comes back without a token, where guests are allowed, is a guest: the stream stays the bearer's", async () => {
		const old = await begin("open.example", { moderator: true, user_id: "u" });
		const { stream, resumed } = await comeBack(old, undefined);
		assert.equal(resumed, "failed");
		assert.notEqual((await stream.bind()).split("@")[0], old.jid.split("@")[0]);
		assert.equal(await field(stream, ".meetauth_guest"), true);
		assert.equal(await field(stream, ".meetauth_grant"), "nil");
		await stream.close();
	});

	it("a guest who comes back with a token has its claims", async () => {
		const old = await begin("open.example", undefined);
		assert.equal(await field(old.stream, ".meetauth_guest"), true);
		const { stream, resumed } = await comeBack(old, { moderator: true, user_id: "u" });
		assert.equal(resumed, "resumed");
		assert.deepEqual([await field(stream, ".meetauth_guest"), await field(stream, ".jitsi_meet_context_user.id")], ["nil", "u"]);
		assert.equal(await stands(stream, old), "moderator");
		await stream.close();
	});

	it("the stream of another host's session, or of none, is not taken over", async () => {
		const old = await begin("ignore.example", { user_id: "u" });
		for (const [host, previd] of [["open.example", old.id], ["ignore.example", "nothing-like-it"]]) {
			const stream = await openStream({ url: server.ws, host, token: tokenFor(host, { user_id: "intruder" }), params: { previd } });
			assert.equal(await stream.authenticate(), "success");
			assert.equal(await stream.resume(previd, 0), "failed");
			assert.notEqual((await stream.bind()).split("@")[0], old.jid.split("@")[0]);
			await stream.close();
		}
		assert.equal(await field(old.stream, ".jitsi_meet_context_user.id"), "u");
		assert.equal(await stands(old.stream, old), "participant");
		await old.stream.close();
	});

	await Promise.all(cases);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
