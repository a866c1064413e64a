// The configuration is read again while people meet: whoever has rights by an entry that has changed has them as the
// entry is now; and nobody else notices anything.
// Proves mod_auth_meetauth/renewal.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign } from "./support/token.mjs";

const host = "meet.example";
const secrets = {
	portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", other: "other-secret-2-3-5-7-11-13-17-19-23-29-31",
	school: "school-secret-2-3-5-7-11-13-17-19-23-29-3", acme: "acme-secret-2-3-5-7-11-13-17-19-23-29-31",
};
const portal = `{ id = "portal", issuer = "portal", secret = "${secrets.portal}", room = "tenant" };`;
const school = `{ id = "school", issuer = "school", secret = "${secrets.school}", room = "tenant" };`;
const acme = `{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${secrets.acme}", room = "tenant" };`;
const config = `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "smacks" }
	meetauth_leeway = 0
	allow_empty_token = true
	meetauth_issuers = {
		${portal}
		${school}
		${acme}
	}
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

let serial = 0;
const byPortal = (claims = {}, by = secrets.portal) =>
	sign(by, { iss: "portal", aud: "jitsi", sub: host, exp: now() + 600, jti: `t${serial++}`, ...claims });
const bySchool = (claims = {}) => sign(secrets.school, { iss: "school", sub: host, exp: now() + 600, ...claims });
const byAcme = (claims = {}) => sign(secrets.acme, { d: "acme", iat: now(), exp: now() + 600, ...claims });
const moderator = { context: { user: { id: "ada", moderator: true } } };
const fresh = () => `room${serial++}@conference.${host}`;
const name = (jid) => jid.split("@")[0];

test("grants after a reload", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	t.after(() => server.stop());

	const start = async (token) => {
		const session = await connect({ url: server.ws, host, token });
		assert.equal(session.refused?.text, undefined);
		return session;
	};
	const join = (session, room, nick = "me") => session.join(room, nick);
	const refusal = async (session, room = fresh()) => (await join(session, room)).refused?.text;
	const removal = (session, room) => session.next({ name: "presence", type: "unavailable", from: `${room}/me` });
	const reasonOf = (presence) => presence.getElementsByTagName("reason")[0]?.textContent.replace(/^.*: /, "");
	const affiliation = (session, room) => inside(session, `return room("${name(room)}"):get_affiliation(session.full_jid) or "none"`);
	const field = (session, path) => inside(session, `local value = session${path}; if value == nil then value = "nil"; end return value`);
	const meetauth = (code) => inside(admin, `local meetauth = prosody.hosts["${host}"].modules.auth_meetauth; ${code}`);

	// With some text in the place of another, until 'work' is done; both reloads wait for Prosody.
	async function changed(pairs, work) {
		const put = async (list) => {
			server.rewriteConfig((text) => list.reduce((all, [before, after]) => {
				assert.ok(all.includes(before), before);
				return all.replace(before, () => after);
			}, text));
			await server.reload();
			await settled();
		};
		await put(pairs);
		try {
			await work();
		} finally {
			await put(pairs.map(([before, after]) => [after, before]).reverse());
		}
	}
	const portalWith = (fields) => [[portal, portal.replace(" };", `, ${fields} };`)]];
	const gone = [[portal, "-- portal is gone"]];

	// Whom the other modules are told of, from now on.
	const admin = await start(bySchool());
	await inside(admin, `module:hook_global("meetauth-session-updated", function (event)
		module:log("info", "spec updated %s", event.session.full_jid); end)`);
	const updated = (from) => [...server.log().slice(from).matchAll(/spec updated (\S+)/g)].map(([, jid]) => jid);
	// What was to be done after a reload is done: a timer that was set later has fired.
	async function settled() {
		const mark = `spec settled ${serial++};`;
		await inside(admin, `module:add_timer(0, function () module:log("info", "${mark}"); end)`);
		await server.waitForLog(mark);
	}

	await t.test("an entry that is gone takes its rights along, and nobody else's", async () => {
		const room = fresh();
		const [owner, bystander] = [await start(byPortal(moderator)), await start(bySchool())];
		assert.equal((await join(owner, room)).affiliation, "owner");
		await join(bystander, room, "bystander");
		const from = server.log().length;
		const out = removal(owner, room);
		await changed(gone, async () => {
			assert.match(reasonOf(await out), /^unknown-issuer/);
			const { refused } = await join(owner, fresh());
			assert.deepEqual(refused, { type: "cancel", condition: "not-allowed", text: "unknown-issuer", child: undefined });
			assert.deepEqual(updated(from), [owner.jid]);
			assert.match(server.log().slice(from), /The configuration changed for 1 sessions. 1 of them cannot enter a room any more/);
			assert.equal(await refusal(bystander), undefined);
			const [one] = await meetauth('return { meetauth.revoke("entry", "portal") }');
			assert.equal(one.value, "portal");
			assert.equal(await meetauth(`return meetauth.unrevoke("${one.id}")`), true);
		});
		assert.equal((await join(owner, room)).affiliation, "owner"); // the entry is there again
		await Promise.all([owner.close(), bystander.close()]);
	});

	await t.test("fewer rights are fewer at once, in a room, too", async () => {
		const room = fresh();
		const owner = await start(byPortal({ context: { user: { moderator: true }, features: { recording: true, flip: true } } }));
		assert.equal((await join(owner, room)).affiliation, "owner");
		await changed(portalWith('may = { "flip" }'), async () => {
			assert.equal(await affiliation(owner, room), "member");
			assert.deepEqual([await field(owner, ".jitsi_meet_context_features.recording"), await field(owner, ".jitsi_meet_context_features.flip"),
				await field(owner, ".jitsi_meet_context_user.moderator")], [false, true, false]);
			assert.equal((await join(owner, fresh())).affiliation, "member");
		});
		assert.equal(await affiliation(owner, room), "owner");
		assert.equal(await field(owner, ".jitsi_meet_context_features.recording"), true);
		await owner.close();
	});

	await t.test("what neighbours have put on the session stays", async () => {
		const owner = await start(byPortal({ context: { user: { id: "ada", name: "Ada" }, group: "g", features: { recording: true } } }));
		await inside(owner, `session.jitsi_meet_context_user.name = "Countess"; session.jitsi_meet_context_user.role = "chair";
			session.jitsi_meet_context_features.flip = "true"; session.jitsi_meet_context_group = nil;
			session.jitsi_meet_context_room = { lobby = true }`);
		await changed(portalWith('may = { "flip" }'), async () => {
			const seen = await inside(owner, `return { session.jitsi_meet_context_user, session.jitsi_meet_context_features,
				{ session.jitsi_meet_context_group == nil, session.jitsi_meet_context_room, session.meetauth_grant.user.name } }`);
			assert.deepEqual(seen[0], { id: "ada", name: "Countess", role: "chair", moderator: false }); // which may says
			assert.equal(seen[1].flip, "true");
			assert.equal(seen[1].recording, false);
			assert.deepEqual(seen[2], [true, { lobby: true }, "Countess"]);
		});
		await owner.close();
	});

	const out = [
		["other rooms", 'rooms = "elsewhere-*"', "room-mismatch"],
		["a tenant", 'tenant = "acme"', "room-mismatch"],
		["another audience", 'audience = "others"', "audience-mismatch"],
		["a claim that the token does not have", 'require = "nobody-has-it"', "missing-claim"],
		["that it only looks on", 'mode = "observe"', "observed-only"],
		["another typ", 'typ = "at+jwt"', "type-mismatch"],
	];
	for (const [what, fields, reason] of out) {
		await t.test(`an entry that says ${what}: ${reason}, for who is in, too`, async () => {
			const room = fresh();
			const session = await start(byPortal(moderator));
			await join(session, room);
			const left = removal(session, room);
			await changed(portalWith(fields), async () => {
				assert.match(reasonOf(await left), new RegExp(`^${reason}`));
				assert.equal(await refusal(session, room), reason);
			});
			assert.equal(await refusal(session, room), undefined);
			await session.close();
		});
	}

	await t.test("another issuer, and a room that has to be named", async () => {
		for (const [before, after, reason] of [['issuer = "portal"', 'issuer = "portal2"', "issuer-mismatch"], [', room = "tenant" };', " };", "missing-claim"]]) {
			const session = await start(byPortal());
			await changed([[portal, portal.replace(before, after)]], async () => assert.equal(await refusal(session), reason));
			assert.equal(await refusal(session), undefined);
			await session.close();
		}
	});

	await t.test("a Daily entry's bearers are looked at again, too", async () => {
		const room = fresh();
		const owner = await start(byAcme({ o: true }));
		assert.equal((await join(owner, room)).affiliation, "owner");
		await changed([[acme, acme.replace(" };", ', may = { "recording" } };')]], async () => {
			assert.equal(await affiliation(owner, room), "member");
		});
		await owner.close();
	});

	await t.test("another key ends nothing, and nobody is disturbed", async () => {
		const room = fresh();
		const owner = await start(byPortal(moderator));
		await join(owner, room);
		const from = server.log().length;
		await changed([[portal, portal.replace(secrets.portal, secrets.other)]], async () => {
			assert.equal(await affiliation(owner, room), "owner");
			assert.equal(await refusal(owner), undefined);
			assert.equal((await connect({ url: server.ws, host, token: byPortal() })).refused.text, "signature-mismatch");
		});
		assert.deepEqual(updated(from), []);
		await owner.close();
	});

	await t.test("a reload that changes nothing, or is refused, disturbs nobody", async () => {
		const owner = await start(byPortal(moderator));
		const from = server.log().length;
		await server.reload();
		await changed(portalWith('may = "nothing-of-that-name"'), settled);
		assert.match(server.log().slice(from), /The new configuration has errors. The previous configuration stays in use/);
		assert.deepEqual(updated(from), []);
		assert.equal(await refusal(owner), undefined);
		await owner.close();
	});

	await t.test("a token that has expired meanwhile is not withdrawn for that: who is in stays in, with today's rights", async () => {
		const room = fresh();
		const exp = now() + 60;
		const owner = await start(byPortal({ ...moderator, exp }));
		assert.equal((await join(owner, room)).affiliation, "owner");
		await machine.pass(60);
		await changed(portalWith('may = {}'), async () => {
			assert.equal(await affiliation(owner, room), "member");
			assert.equal(await inside(owner, `return room("${name(room)}"):get_occupant_by_real_jid(session.full_jid) ~= nil`), true);
			assert.equal(await field(owner, ".meetauth_grant.withdrawn"), "nil");
			assert.equal(await field(owner, ".meetauth_grant.returns"), "nil");
			assert.equal(await refusal(owner), "expired");
		});
		await owner.close();
	});

	await t.test("guests go where none are taken any more", async () => {
		const room = fresh();
		const [guest, bearer] = [await start(undefined), await start(byPortal())];
		for (const [session, nick] of [[guest, "me"], [bearer, "bearer"]]) await join(session, room, nick);
		const left = removal(guest, room);
		await changed([["allow_empty_token = true", "allow_empty_token = false"]], async () => {
			assert.match(reasonOf(await left), /^token-required/);
			assert.equal(await refusal(guest), "token-required");
			assert.equal(await refusal(bearer), undefined);
		});
		await Promise.all([guest.close(), bearer.close()]);
	});

	await t.test("whoever has logged in before the reload, and binds after it, has what the entry gives now", async () => {
		const stream = await openStream({ url: server.ws, host, token: byPortal(moderator) });
		assert.equal(await stream.authenticate(), "success");
		await changed(gone, async () => {
			await stream.bind();
			assert.equal((await stream.join(fresh(), "me")).refused, "unknown-issuer");
		});
		await stream.close();
	});

	await t.test("a stream that waits to be resumed is looked at again, too", async () => {
		const room = fresh();
		const token = byPortal(moderator);
		const stream = await openStream({ url: server.ws, host, token });
		assert.equal(await stream.authenticate(), "success");
		await stream.bind();
		const id = await stream.enable();
		assert.equal((await stream.join(room, "me")).affiliation, "owner");
		await join(admin, room, "admin");
		await stream.drop();
		const left = removal(admin, room);
		await changed(gone, async () => {
			assert.match(reasonOf(await left), /^unknown-issuer/);
			const again = await openStream({ url: server.ws, host, token, params: { previd: id } });
			assert.equal((await again.authenticate()).text, "unknown-issuer");
			await again.close();
		});
	});

	await t.test("the log holds no traceback", async () => {
		await admin.close();
		assert.doesNotMatch(server.log(), traceback);
	});
});
