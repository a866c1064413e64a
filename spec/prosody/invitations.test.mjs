// Invitations made in the meeting: an owner asks for a link for somebody else, by an IQ and in the shell, in both dialects; and
// whoever asks for more. Proves mod_muc_meetauth/invites.lib and mod_auth_meetauth/invitation.lib.

import { $iq, Strophe } from "strophe.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { enter, host, inside, isSelf, joinAgain, leave, named, PATIENCE, room, withStandIns, word } from "./support/daily.mjs";
import { fill } from "./support/example.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { block } from "./support/readme.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const NS = "urn:meetauth:invite:0";
const shown = fill(block("Invitations made in the meeting", "lua", 0, "doc/invitations.md"), { "<your secret>": specSecret("clinic") });

const config = `
log = { { levels = { min = "info" }, to = "console" }, { levels = { "audit" }, to = "file", filename = ENV_PROSODY_DATA .. "/audit.log", timestamps = false } }

VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "admin_shell" }
	meetauth_leeway = 0
	meetauth_audit = true
	meetauth_http_room_url = "https://video.HOST/open?room=ROOM"
	${shown.replace(/\n\}\n$/, "\n")}
		{ id = "wide", issuer = "wide", secret = "${specSecret("wide")}", invites = { max_age = 86400, may = { "moderator", "lobby-bypass", "recording" } } };
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${specSecret("acme")}", invites = {} };
		{ id = "none", issuer = "none", secret = "${specSecret("none")}" };
	}

Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

const token = (id, name, claims = {}) => sign(specSecret(id), id === "acme"
	? { d: id, r: name, o: true, ud: "boss", jti: `boss-${name}`, iat: now(), exp: now() + 7200, ...claims }
	: { iss: id, sub: host, room: name, moderator: true, jti: `boss-${name}`, exp: now() + 7200, context: { user: { id: "boss" } }, ...claims });

let serial = 0;
const fresh = () => `invite-${++serial}`;
const close = (...all) => Promise.all(all.map((who) => who.session.close()));

// { token, url, expires }, or the condition of the error.
function ask(guest, attrs = {}) {
	const iq = $iq({ type: "set", to: guest.jid }).c("invite", { xmlns: NS, ...attrs });
	return new Promise((resolve) => {
		guest.session.connection.sendIQ(iq, (answer) => {
			const [invite] = named(answer, "invite");
			resolve({ token: named(invite, "token")[0].textContent, url: named(invite, "url")[0].textContent, expires: Number(invite.getAttribute("expires")) });
		}, (error) => {
			const [inner] = named(error, "error");
			resolve(Array.from(inner.childNodes).find((node) => node.nodeType === 1).localName);
		}, PATIENCE);
	});
}

test("invitations", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withStandIns(), machine });
	const boss = (id, name, claims) => enter(server, token(id, name, claims), name, "boss");
	const loginOf = async (text) => (await connect({ url: server.ws, host, token: text })).refused?.text;
	async function shell(...args) {
		const { stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		return stdout + stderr;
	}

	for (const id of ["clinic", "acme"]) {
		await t.test(`${id}: a guest comes in as a member, into this room alone, until it ends`, async () => {
			const name = fresh();
			const owner = await boss(id, name);
			const invited = await ask(owner, { name: "Guest" });
			assert.equal(invited.url, `https://video.${host}/open?room=${name}&jwt=${invited.token}`);
			const seconds = id === "clinic" ? 1800 : 3600;
			assert.ok(Math.abs(invited.expires - now() - seconds) <= 1, String(invited.expires - now()));
			const guest = await enter(server, invited.token, name, "guest");
			assert.equal(guest.joined.affiliation, "member");
			assert.equal(await inside(guest.session, "return session.jitsi_meet_context_user.name"), "Guest");
			const away = await guest.session.join(room(fresh()), "guest");
			assert.equal(word(away.refused), "room-mismatch");
			assert.equal(await ask(guest), "forbidden"); // who was invited invites nobody
			const late = await ask(owner);
			await machine.pass(seconds + 1);
			assert.equal(await loginOf(late.token), "expired");
			await close(owner, guest);
		});
	}

	await t.test("single use, where the entry says so: one login", async () => {
		const name = fresh();
		const owner = await boss("clinic", name);
		const invited = await ask(owner);
		assert.equal(await loginOf(invited.token), undefined);
		assert.equal(await loginOf(invited.token), "already-used");
		assert.equal(await loginOf(token("clinic", name)), undefined); // the owner's own is not
		assert.equal(await loginOf(token("clinic", name)), undefined);
		await close(owner);
	});

	await t.test("it ends with the owner's token, and is revoked with it, also for who is in the room", async () => {
		const name = fresh();
		const owner = await boss("wide", name, { exp: now() + 600 });
		const invited = await ask(owner);
		assert.ok(invited.expires <= now() + 600);
		const guest = await enter(server, invited.token, name, "guest");
		assert.equal(guest.joined.refused, undefined);
		const other = await enter(server, token("wide", name, { jti: "other", moderator: false }), name, "other");
		assert.match(await shell("revoke", "jti", `boss-${name}`), /revoked/);
		await guest.wait((p) => p.type === "unavailable" && isSelf(p), "the end");
		assert.equal(await loginOf(invited.token), "revoked");
		assert.equal((await joinAgain(other, "other2")).refused, undefined);
		await close(owner, guest, other);
	});

	await t.test("a moderator is invited where the entry lets it, never more, and invites nobody", async () => {
		const name = fresh();
		const owner = await boss("wide", name);
		const plain = await enter(server, (await ask(owner)).token, name, "plain");
		assert.equal(plain.joined.affiliation, "member");
		const second = await enter(server, (await ask(owner, { moderator: "true" })).token, name, "second");
		assert.equal(second.joined.affiliation, "owner");
		assert.equal(await ask(second), "not-allowed");
		const clinic = await boss("clinic", fresh());
		assert.equal(await ask(clinic, { moderator: "true" }), "not-allowed");
		assert.equal(await ask(owner, { moderator: "yes" }), "bad-request");
		await close(owner, plain, second, clinic);
	});

	await t.test("a member, an owner by hand, an owner outside of the room, and one of an entry without invites get nothing", async () => {
		const name = fresh();
		const owner = await boss("clinic", name);
		const member = await enter(server, token("clinic", name, { moderator: false }), name, "member");
		assert.equal(await ask(member), "forbidden");
		await inside(owner.session, `room("${name}"):set_affiliation(true, "${Strophe.getBareJidFromJid(member.session.jid)}", "owner"); return true`);
		assert.equal(await ask(member), "forbidden");
		const elsewhere = await boss("clinic", fresh());
		assert.notEqual(typeof await ask({ ...elsewhere, jid: owner.jid }), "object");
		const outside = await enter(server, token("clinic", name), name, "outside");
		await leave(outside);
		assert.equal(await ask(outside), "forbidden");
		const none = await boss("none", fresh());
		assert.equal(await ask(none), "not-allowed");
		await close(owner, member, elsewhere, outside, none);
	});

	await t.test("a changed invitation is nothing; one whose entry invites nobody any more is revoked", async () => {
		const name = fresh();
		const owner = await boss("wide", name);
		const { token: text } = await ask(owner);
		const [head, payload, signature] = text.split(".");
		const claims = JSON.parse(Buffer.from(payload, "base64url"));
		const wider = Buffer.from(JSON.stringify({ ...claims, room: "*", moderator: true })).toString("base64url");
		assert.equal(await loginOf(`${head}.${wider}.${signature}`), "signature-mismatch");
		const guest = await enter(server, text, name, "guest");
		server.rewriteConfig((lines) => lines.replace(/, invites = \{ max_age = 86400.*\} \};/, " };"));
		await server.reload();
		await guest.wait((p) => p.type === "unavailable" && isSelf(p), "the end");
		assert.equal(await loginOf(text), "revoked");
		assert.equal(await loginOf(token("wide", name)), undefined);
		await close(owner, guest);
	});

	await t.test("ten in a minute, then wait", async () => {
		const owner = await boss("acme", fresh());
		for (let i = 0; i < 10; i++) assert.equal(typeof await ask(owner), "object");
		assert.equal(await ask(owner), "resource-constraint");
		await machine.pass(60);
		assert.equal(typeof await ask(owner), "object");
		await close(owner);
	});

	await t.test("the shell invites in the name of an owner who is there", async () => {
		const name = fresh();
		const owner = await boss("acme", name);
		const told = await shell("invite", room(name), "name=Guest");
		const [, text] = told.match(/&jwt=(\S+)/);
		const guest = await enter(server, text, name, "guest");
		assert.equal(guest.joined.affiliation, "member");
		assert.match(told, /valid until/);
		assert.match(await shell("invite", room(name), "as=guest"), /no owner by token/);
		assert.match(await shell("invite", room(name), "moderator=true"), /cannot invite moderators/);
		assert.match(await shell("invite", room(name), "colour=red"), /expected as, name, moderator/);
		assert.match(await shell("invite", room("nowhere")), /this room does not exist now/);
		assert.match(await shell("invite", "nowhere"), /expected a room/);
		await close(owner, guest);
	});

	await t.test("the log and the audit tell of it, and no token", () => {
		const audited = readFileSync(join(server.dataDir, "audit.log"), "utf8");
		assert.match(audited, /"event":"invited","host":"meet.example","room":"invite-1@conference.meet.example","entry":"clinic","dialect":"jitsi","user":"boss"/);
		assert.match(server.log(), new RegExp(`Invitation made for ${room("invite-1")}`));
		assert.doesNotMatch(server.log() + audited, anyToken);
	});

	await t.test("nothing went wrong inside", () => {
		assert.doesNotMatch(server.log().replace(/.*Duplicate option 'log'\n/, ""), traceback); // the preamble has one, too
	});
	await server.stop();
});
