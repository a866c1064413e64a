// Jitsi's and Daily's tokens on one host: neither borrows the other's powers, whatever is tried.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { enter as enterRoom, inside, isKick, isSelf, joinAgain, leave, setAffiliation, withStandIns, word } from "./support/daily.mjs";
import { config as deployment, daily, domains, host, jitsi, room, secrets } from "./support/deployment.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign } from "./support/token.mjs";

// The mixed deployment, and beside it: another host of the same server that takes Daily's zeta itself.
const config = `${deployment.replace('authentication = "meetauth"', `authentication = "meetauth"
	modules_enabled = { "live_eval"; "smacks" }
	smacks_hibernation_time = 60`)}
VirtualHost "other.example"
	authentication = "meetauth"
	meetauth_issuers = { { id = "zeta", dialect = "daily", domain_id = "${domains.zeta}", secret = "${secrets.zeta}" } }
Component "conference.other.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

const user = (claims) => ({ context: { user: claims } });
const raw = (members, secret = secrets.acme, header = undefined) =>
	sign(secret, `{"d":"${domains.acme}","r":"standup","iat":${now()},"exp":${now() + 600},${members}}`, header);
const hs = (alg, more = {}) => sign(secrets.acme, JSON.parse(Buffer.from(daily().split(".")[1], "base64url")), { alg, typ: "JWT", ...more });
const none = (token) => `${Buffer.from('{"alg":"none"}').toString("base64url")}.${token.split(".")[1]}.`;

// What is sent, and the word of the refusal at login; undefined: it logs in.
const attacks = [
	["tenant A's key under tenant B's d", daily({}, "zeta", secrets.acme), "signature-mismatch"],
	["a tenant's key under Jitsi's issuer", jitsi({ room: "*" }, secrets.acme), "signature-mismatch"],
	["Jitsi's key under a tenant's d", daily({ o: true }, "acme", secrets.portal), "signature-mismatch"],
	["one payload in both dialects, by Daily's key",
		daily({ iss: "portal", aud: "jitsi", sub: "*", room: "*", ...user({ moderator: true }) }), "ambiguous-claims"],
	["one payload in both dialects, by Jitsi's key",
		jitsi({ d: domains.acme, r: "lobby1", room: "*", ...user({ moderator: true }) }), "ambiguous-claims"],
	["one payload in both dialects, by nobody's key", sign("x".repeat(40), { d: domains.acme, iss: "portal" }), "ambiguous-claims"],
	["an app that lets users add context", daily({ context: { user: { moderator: true } } }), "ambiguous-claims"],
	["an app that lets users add room", daily({ room: "*" }), "ambiguous-claims"],
	["an app that lets users add sub", daily({ sub: "*" }), "ambiguous-claims"],
	["Jitsi's claims with r", jitsi({ r: "standup" }), "ambiguous-claims"],
	["a star for a room", daily({ r: "*" }), "bad-claim"],
	["a pattern for a room", daily({ r: "[a-z]+" }), "bad-claim"],
	["a tenant's room in r", daily({ r: "[zeta]standup" }), "bad-claim"],
	["kid as an address", hs("HS256", { kid: "http://127.0.0.1:9/key" }), undefined], // it has no meaning
	["kid of Jitsi's entry", hs("HS256", { kid: "portal" }), undefined],
	["jku and jwk", hs("HS256", { jku: "http://127.0.0.1:9/", jwk: { kty: "oct", k: "AA" } }), undefined],
	["alg none", none(daily()), "malformed"],
	["alg none with a signature", hs("none"), "algorithm-mismatch"],
	["alg HS512", hs("HS512"), "algorithm-mismatch"],
	["alg hs256", hs("hs256"), "algorithm-mismatch"],
	["alg RS256", hs("RS256"), "algorithm-mismatch"],
	["d twice", raw(`"d":"${domains.zeta}"`), "duplicate-member"],
	["o twice", raw('"o":false,"o":true'), "duplicate-member"],
	["a member of p twice", raw('"p":{"ca":false,"ca":true}'), "duplicate-member"],
	["a Jitsi user with the name of a Daily user", jitsi(user({ id: "daily:acme:u1" })), "bad-claim"],
	["a Jitsi user with the name of a Daily user, without context", jitsi({ user_id: "daily:acme:u1" }), "bad-claim"],
	["Jitsi's claims in Daily's letters", jitsi({ o: true, k: false, p: { ca: true } }), undefined], // they mean nothing there
	["a token without exp", daily({ exp: undefined }), "missing-claim"],
	["no token", undefined, "token-required"],
];

const rooms = [
	// by whom, where to: affiliation or reason
	[daily({ o: true }), "standup", "owner"],
	[daily({ o: true }), "[zeta]standup", "room-mismatch"],
	[daily({ o: true }), "[acme]standup", "room-mismatch"],
	[daily({ o: true }, "zeta"), "[zeta]standup", "owner"],
	[daily({ o: true }, "zeta"), "standup", "room-mismatch"],
	[daily({ o: true }, "zeta"), "[acme]standup", "room-mismatch"],
	[daily({ r: "zeta" }, "zeta"), "zeta", "room-mismatch"],
	[jitsi(user({ moderator: true })), "standup", "owner"],
	[jitsi(user({ moderator: true })), "[zeta]standup", "room-mismatch"],
	[jitsi({ o: true, p: { ca: true } }), "standup", "member"],
	[jitsi({ sub: "beta" }), "[zeta]standup", "room-mismatch"],
];

const close = (...all) => Promise.all(all.map((who) => who.session.close()));
const fields = (session) => inside(session, `local all = {}; for name, value in pairs(session) do
	if type(name) == "string" and name:find("^jitsi_meet") or name == "auth_token" then all[name] = type(value) == "table" and "table" or value; end
end; return all`);

test("two dialects on one host", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withStandIns(), machine });
	const enter = (token, name, nick) => enterRoom(server, token, name, nick);

	for (const [name, token, reason] of attacks) {
		await t.test(`${name}: ${reason ?? "logs in, as what it is"}`, async () => {
			const session = await connect({ url: server.ws, host, token });
			assert.equal(session.refused && word(session.refused), reason);
			if (!session.refused) {
				const joined = await session.join(room("standup"), "guest");
				assert.equal(joined.affiliation, "member");
				await session.close();
			}
		});
	}

	for (const [token, where, want] of rooms) {
		const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
		await t.test(`${claims.d ? `Daily ${claims.d === domains.zeta ? "zeta" : "acme"}` : `Jitsi ${claims.sub}`} in ${where}: ${want}`, async () => {
			const guest = await enter(token, where, "guest");
			assert.equal(guest.joined.refused ? word(guest.joined.refused) : guest.joined.affiliation, want);
			await close(guest);
		});
	}

	await t.test("a token of one host opens nothing on another", async () => {
		for (const token of [daily(), jitsi()]) {
			const { refused } = await connect({ url: server.ws, host: "other.example", token });
			assert.equal(word(refused), "unknown-issuer");
		}
		// and who is logged in there does not get in here
		const session = await connect({ url: server.ws, host: "other.example", token: daily({ o: true }, "zeta") });
		assert.equal(word((await session.join(room("[zeta]standup"), "guest")).refused), "foreign-session");
		const own = await session.join("standup@conference.other.example", "guest");
		assert.equal(own.affiliation, "owner");
		await session.close();
	});

	await t.test("what a session says of itself is of its own dialect", async () => {
		const a = await enter(daily({ ud: "u1", u: "Ann", group: "g", features: { recording: true }, moderator: true }), "standup", "a");
		const z = await enter(daily({ ud: "u1" }, "zeta"), "[zeta]standup", "z");
		const j = await enter(jitsi({ ...user({ id: "u1" }), d: undefined }), "standup", "j");
		const [fa, fz, fj] = await Promise.all([a, z, j].map((who) => fields(who.session)));
		assert.equal(fa.jitsi_meet_auth_issuer, `daily:${domains.acme}`);
		assert.equal(fz.jitsi_meet_auth_issuer, `daily:${domains.zeta}`);
		assert.equal(fj.jitsi_meet_auth_issuer, "portal");
		assert.deepEqual([fa.jitsi_meet_domain, fz.jitsi_meet_domain, fj.jitsi_meet_domain], [host, "zeta", host]);
		assert.equal(fa.jitsi_meet_context_group, undefined);
		assert.equal(fa.jitsi_meet_context_room, undefined);
		const ids = await Promise.all([a, z, j].map((who) => inside(who.session, "return session.jitsi_meet_context_user.id")));
		assert.deepEqual(ids, ["daily:acme:u1", "daily:zeta:u1", "u1"]);
		assert.equal(await inside(a.session, "return session.jitsi_meet_context_features.recording"), false);
		await close(a, z, j);
	});

	await t.test("a ban of a user of one dialect is none of the other's namesake", async () => {
		const owner = await enter(daily({ o: true }), "standup", "owner");
		const banned = await enter(daily({ ud: "u1" }), "standup", "banned");
		assert.equal(await setAffiliation(owner, banned.session.jid, "outcast"), "ok");
		await banned.wait((p) => p.type === "unavailable" && isSelf(p), "the ban");
		const again = await enter(daily({ ud: "u1" }), "standup", "again");
		assert.equal(word(again.joined.refused), "banned");
		const namesake = await enter(jitsi(user({ id: "u1" })), "standup", "namesake");
		assert.equal(namesake.joined.refused, undefined);
		await close(owner, banned, again, namesake);
	});

	await t.test("both dialects meet in one room, each with its own rights", async () => {
		const boss = await enter(jitsi(user({ moderator: true })), "standup", "boss");
		const guest = await enter(daily(), "standup", "guest");
		const owner = await enter(daily({ o: true }), "standup", "owner");
		const plain = await enter(jitsi(user({ moderator: false })), "standup", "plain");
		assert.deepEqual([boss, guest, owner, plain].map((who) => who.joined.role), ["moderator", "participant", "moderator", "participant"]);
		await close(boss, guest, owner, plain);
	});

	// A resumed stream that brings another token is that token's bearer from then on: looked at again in every room.
	async function resumedWith(first, nick, second) {
		const watcher = await enter(daily({ o: true }), "standup", "watcher");
		const stream = await openStream({ url: server.ws, host, token: first });
		assert.equal(await stream.authenticate(), "success");
		await stream.bind();
		const id = await stream.enable();
		await stream.join(room("standup"), nick);
		const h = stream.received();
		await stream.drop();
		const back = await openStream({ url: server.ws, host, token: second, params: { previd: id } });
		const login = await back.authenticate();
		return { watcher, back, login, resume: () => back.resume(id, h) };
	}

	await t.test("a stream resumed with another tenant's token loses the room", async () => {
		const { watcher, back, login, resume } = await resumedWith(daily(), "guest", daily({ o: true }, "zeta"));
		assert.equal(login, "success");
		assert.equal(await resume(), "resumed");
		const kicked = await watcher.wait((p) => p.nick === "guest" && isKick(p), "the kick");
		assert.equal(kicked.reason, "This link is for another room: room-mismatch");
		await back.close();
		await close(watcher);
	});

	await t.test("a stream resumed with the other dialect's token has that token's rights, no more", async () => {
		const { watcher, back, resume } = await resumedWith(daily({ o: true }), "guest", jitsi(user({ moderator: false })));
		assert.equal(await resume(), "resumed");
		const lowered = await watcher.wait((p) => p.nick === "guest" && p.affiliation === "member", "the lower rank");
		assert.equal(lowered.role, "participant");
		await back.close();
		await close(watcher);
	});

	await t.test("a stream is not resumed with a bad token", async () => {
		const { watcher, back, login } = await resumedWith(daily(), "guest", daily({}, "acme", secrets.zeta));
		assert.deepEqual([login.condition, login.text], ["not-allowed", "signature-mismatch"]);
		await back.close();
		await close(watcher);
	});

	await t.test("an old connection is no way in for an expired token", async () => {
		const guest = await enter(daily({ exp: now() + 60 }), "standup", "old");
		assert.equal(guest.joined.refused, undefined);
		await machine.pass(60);
		await leave(guest);
		assert.equal(word((await joinAgain(guest, "old")).refused), "expired");
		await close(guest);
	});

	await t.test("the log holds no traceback, and no token", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.doesNotMatch(server.log(), anyToken);
	});
});

const atLoad = [
	["one secret in two dialects", deployment.replace(secrets.acme, secrets.portal), /one secret in the entries "portal" and "acme"/],
	["one secret in two tenants", deployment.replace(secrets.zeta, secrets.acme), /one secret in the entries "acme" and "zeta"/],
	["Jitsi's app_secret in a tenant", deployment.replace("meetauth_leeway = 0", `app_id = "app"; app_secret = "${secrets.acme}"`),
		/one secret in the entries "acme" and "app"/],
	["an empty secret", deployment.replace(secrets.acme, ""), /meetauth_issuers\[2\]\.secret/],
	["a short secret", deployment.replace(secrets.acme, "short"), /meetauth_issuers\[2\]\.secret\[1\]: found a string of 5 bytes \(weak-secret\)/],
	["a public key for a secret", deployment.replace(`"${secrets.acme}"`,
		'"-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\\n-----END PUBLIC KEY-----\\n"'), /not-secret/],
	["users of two tenants that could be the same", deployment.replace('id = "acme"', 'id = "zeta:x"'), /the user_prefix/],
];
for (const [name, text, says] of atLoad) {
	test(`two dialects on one host are refused at load with ${name}`, { timeout: TEST }, async (t) => {
		const server = await startProsody({ config: text, prefix: withStandIns() });
		assert.match(server.log(), says);
		for (const token of [daily(), jitsi()]) {
			const { refused } = await connect({ url: server.ws, host, token });
			assert.equal(refused?.stage, "stream"); // no way to log in is offered
		}
		for (const secret of Object.values(secrets)) assert.ok(!server.log().includes(secret));
	});
}
