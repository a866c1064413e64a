// Daily's tokens in a live MUC: who gets in, as what, upwards and downwards, and who stays what they are.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import {
	dailyConfig, enter, focusHost, host, inside, isKick, isSelf, joinAgain, leave, login, now, room, setAffiliation,
	setRole, token, withStandIns, word,
} from "./support/daily.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const config = dailyConfig({
	entries: {
		open: 'room = "tenant"',
		boss: 'admin_affiliation = "owner"',
		visible: 'hidden = "visible"',
		strict: "strict = true",
		long: 'claim_names = "either"',
	},
	componentModules: ["daily_promoter"],
});

// Who may log in at all: a word of refusal, or none.
const logins = [
	["a token", token(), undefined],
	["an owner's token", token({ o: true }), undefined],
	["null for a flag", token({ o: null }), undefined],
	["iat in fractions", token({ iat: now() - 1.743 }), undefined],
	["exp in milliseconds", token({ exp: (now() + 60) * 1000 }), undefined],
	["an expired token", token({ exp: now() - 1 }), "expired"],
	["a token for later", token({ nbf: now() + 600 }), "not-yet-valid"],
	["no exp", token({ exp: undefined }), "missing-claim"],
	["no iat", token({ iat: undefined }), "missing-claim"],
	["no room", token({ r: undefined }), "missing-claim"],
	["no room, where none is needed", token({ r: undefined }, "open"), undefined],
	["r of null, where none is needed", token({ r: null }, "open"), "bad-claim"],
	["a star for a room", token({ r: "*" }), "bad-claim"],
	["a star for a room, where none is needed", token({ r: "*" }, "open"), "bad-claim"],
	["a pattern for a room", token({ r: "stand.*" }), "bad-claim"],
	["129 letters", token({ r: "x".repeat(129) }), "bad-claim"],
	["an id of 36 letters", token({ ud: "é".repeat(36) }), undefined],
	["an id of 37 letters", token({ ud: "x".repeat(37) }), "bad-claim"],
	["the word true for an owner", token({ o: "true" }), "bad-claim"],
	["eje of 0", token({ eje: 0 }), "bad-claim"],
	["eje of 1.5", token({ eje: 1.5 }), "bad-claim"],
	["a hidden participant", token({ p: { hp: false } }), "not-enforceable"],
	["a hidden participant, where it may be seen", token({ p: { hp: false } }, "visible"), undefined],
	["an unknown claim", token({ xyz: 1 }), undefined],
	["an unknown claim under strict", token({ xyz: 1 }, "strict"), "bad-claim"],
	["receive rules under strict", token({ p: { cr: { b: false } } }, "strict"), "not-enforceable"],
	["long names", token({ r: undefined, room_name: "standup" }), "missing-claim"],
	["long names, where they count", token({ r: undefined, room_name: "standup" }, "long"), undefined],
	["spellings that disagree", token({ room_name: "other" }, "long"), "ambiguous-claims"],
	["another domain", token({ d: "domain-nobody" }), "unknown-issuer"],
	["another's signature", token({ d: "domain-open" }), "signature-mismatch"],
	["a word of Jitsi's", token({ room: "standup" }), "ambiguous-claims"],
	["another word of Jitsi's", token({ context: { user: { moderator: true } } }), "ambiguous-claims"],
];

const rooms = [
	["its own room", token(), "standup", "member"],
	["its own room in other letters", token({ r: "StandUp" }), "standup", "member"],
	["its own room as owner", token({ o: true }), "standup", "owner"],
	["its own room as administrator", token({ p: { ca: "p" } }), "standup", "admin"],
	["its own room as administrator, by a long word", token({ p: { ca: ["participants"] } }), "standup", "admin"],
	["its own room as administrator in all", token({ p: { ca: true } }), "standup", "admin"],
	["its own room with other tasks only", token({ p: { ca: "s,t" } }), "standup", "member"],
	["its own room as owner whose p says less", token({ o: true, p: { ca: false, cs: false } }), "standup", "owner"],
	["an administrator that the entry makes owner", token({ p: { ca: "p" } }, "boss"), "standup", "owner"],
	["another room", token({ o: true }), "retro", "room-mismatch"],
	["a tenant's room", token({ o: true }), "[acme]standup", "room-mismatch"],
	["any room without r", token({ r: undefined }, "open"), "anything", "member"],
	["a tenant's room without r", token({ r: undefined }, "open"), "[acme]anything", "room-mismatch"],
	["a room that nobody promotes in", token({ r: "auto-1" }), "auto-1", "member"],
];

test("Daily: rights", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: withStandIns(), machine });

	for (const [name, text, reason] of logins) {
		await t.test(`${name}: ${reason ?? "logs in"}`, async () => {
			const session = await connect({ url: server.ws, host, token: text });
			assert.equal(session.refused && word(session.refused), reason);
			if (session.refused) assert.equal(session.refused.condition, "not-allowed");
			else await session.close();
		});
	}

	for (const [name, text, where, want] of rooms) {
		await t.test(`${name}: ${want}`, async () => {
			const { session, joined } = await enter(server, text, where, "guest");
			assert.equal(joined.refused ? word(joined.refused) : joined.affiliation, want);
			if (!joined.refused) assert.equal(joined.role, ["owner", "admin"].includes(want) ? "moderator" : "participant");
			await session.close();
		});
	}

	await t.test("a room that exists is guarded as well", async () => {
		const inThere = await enter(server, token({ o: true }), "standup", "first");
		for (const [, text, where, want] of rooms.filter((row) => row[2] === "retro")) {
			const second = await login(server, text);
			const joined = await second.join(room(where), "second");
			assert.equal(word(joined.refused), want);
			await second.close();
		}
		await inThere.session.close();
	});

	await t.test("the affiliation is that of the token now, downwards, too", async () => {
		// a stable bare JID: the same account joins with one token after the other
		const owner = await enter(server, token({ o: true }), "standup", "keeper");
		const guest = await enter(server, token(), "standup", "guest");
		const bare = guest.session.jid.split("/")[0];
		for (const [before, role] of [["owner", "participant"], ["admin", "participant"]]) {
			await inside(owner.session, `room("standup")._affiliations["${bare}"] = "${before}"; return true`);
			const again = await enterAgain(guest);
			assert.deepEqual([again.affiliation, again.role], ["member", role]);
		}
		await inside(owner.session, `room("standup")._affiliations["${bare}"] = nil; return true`);
		assert.equal((await enterAgain(guest)).affiliation, "member");
		await guest.session.close();
		await owner.session.close();
	});

	await t.test("an administrator kicks, and makes nobody owner", async () => {
		const owner = await enter(server, token({ o: true }), "standup", "owner");
		const admin = await enter(server, token({ p: { ca: "p" } }), "standup", "admin");
		const guest = await enter(server, token(), "standup", "guest");
		const other = await enter(server, token(), "standup", "other");
		assert.equal(await setAffiliation(admin, guest.session.jid, "owner"), "not-allowed");
		assert.equal(await setAffiliation(admin, guest.session.jid, "admin"), "not-allowed");
		assert.equal(await setAffiliation(admin, admin.session.jid, "owner"), "not-allowed");
		assert.equal(await setRole(admin, "owner", "none"), "not-allowed");
		assert.equal(await setRole(admin, "guest", "none"), "ok");
		assert.ok(isKick(await guest.wait((p) => p.nick === "guest" && isKick(p), "the guest's kick")));
		assert.notEqual(await setRole(other, "admin", "none"), "ok");
		assert.notEqual(await setRole(other, "owner", "none"), "ok");
		assert.equal(await setRole(owner, "admin", "none"), "ok");
		assert.ok(isKick(await admin.wait((p) => p.nick === "admin" && isKick(p), "the administrator's kick")));
		await Promise.all([owner, admin, guest, other].map((who) => who.session.close()));
	});

	await t.test("nobody is promoted by a module, nor by the focus", async () => {
		const guest = await enter(server, token({ r: "auto-2" }), "auto-2", "guest");
		const admin = await enter(server, token({ r: "auto-2", p: { ca: "p" } }), "auto-2", "admin");
		assert.deepEqual([guest.joined.affiliation, guest.joined.role], ["member", "participant"]);
		assert.deepEqual([admin.joined.affiliation, admin.joined.role], ["admin", "moderator"]);

		const focus = await login(server, undefined, focusHost);
		assert.equal((await focus.join(room("auto-2"), "focus")).refused, undefined);
		const asFocus = { session: focus, jid: room("auto-2") };
		for (const [who, what] of [[guest, "owner"], [guest, "admin"], [admin, "owner"]]) {
			await setAffiliation(asFocus, who.session.jid, what);
		}
		await setRole(asFocus, "guest", "moderator");
		const now_ = await inside(guest.session, `local r = room("auto-2"); local all = {};
			for _, o in r:each_occupant() do all[o.nick:match("/(.*)$")] = (r:get_affiliation(o.bare_jid) or "none") .. " " .. o.role; end
			return all`);
		assert.equal(now_.guest, "member participant");
		assert.equal(now_.admin, "admin moderator");
		await Promise.all([focus.close(), guest.session.close(), admin.session.close()]);
	});

	await t.test("an owner may promote, for a human decides", async () => {
		const owner = await enter(server, token({ o: true }), "standup", "owner");
		const guest = await enter(server, token(), "standup", "guest");
		assert.equal(await setAffiliation(owner, guest.session.jid, "owner"), "ok");
		const promoted = await guest.wait((p) => p.nick === "guest" && p.affiliation === "owner", "the promotion");
		assert.ok(isSelf(promoted));
		await guest.session.close();
		await owner.session.close();
	});

	await t.test("a token that has run out since the login opens nothing", async () => {
		const session = await login(server, token({ exp: now() + 60 }));
		await machine.pass(60);
		assert.equal(word((await session.join(room("standup"), "late")).refused), "expired");
		await session.close();
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});

async function enterAgain(guest) {
	await leave(guest);
	return joinAgain(guest, "guest");
}
