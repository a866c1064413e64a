// Which rooms a Jitsi token opens, and who needs none: names, tenants, domains, patterns, names in
// other scripts, breakout rooms, guests, other hosts' sessions, exemptions, and the gate before a room's configuration.
// Proves mod_muc_meetauth/place.lib and mod_muc_meetauth/breakout.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq } from "strophe.js";
import { connect } from "./support/client.mjs";
import { fieldsOf, inside } from "./support/inside.mjs";
import { host, jitsiConfig, secret, token, user, withSpecModules } from "./support/jitsi.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const site = (name, options, component) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "live_fields" }
	app_id = "portal"
	app_secret = "${secret}"
	${options}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
	${component}
`;

const config = jitsiConfig({
	component: `
	meetauth_exempt = { "exempt.example", "remote-listed.example" }
	token_verification_allowlist = { "somebody@listed.example" }
`,
	rest: `
Component "breakout.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	main_muc = "conference.${host}"
	muc_room_locking = false
${site("off.example", "enable_domain_verification = false", "")}
${site("free.example", 'allow_empty_token = true asap_require_room_claim = false meetauth_foreign_hosts = { "guest.example" }',
		"token_verification_require_token_for_moderation = true")}
${site("strict.example", "", "restrict_room_creation = true")}
VirtualHost "guest.example"
	authentication = "anonymous"
	modules_enabled = { "live_eval" }
VirtualHost "exempt.example"
	authentication = "anonymous"
VirtualHost "listed.example"
	authentication = "live_token"
`,
});

const regex = (room, more) => ({ room, context: { room: { regex: true } }, ...more });
const glob = (room, more) => ({ room, context: { room: { glob: true } }, ...more });

// A name as Jitsi's client makes a room of it.
const made = (name) => encodeURIComponent(name.normalize("NFKC").toLowerCase()).toLowerCase();

// [what, claims, rooms that it opens, rooms that it does not open]
const onDomain = [
	["a name in other letters", { room: "NewRoom", sub: "Meet.EXAMPLE" }, ["newroom"], ["newrooms", "new"]],
	["another domain's sub", { sub: "other.example" }, [], ["standup", "[tenant1]standup"]],
	["the sub of the MUC component", { sub: `conference.${host}` }, [], ["standup"]],
	["a tenant's sub", { room: "tr", sub: "tenant1" }, ["[tenant1]tr"], ["tr", "[tenant2]tr", "[tenant1]other"]],
	["a tenant's sub in other letters", { room: "TR", sub: "Tenant1" }, ["[tenant1]tr"], []],
	["the domain as sub", { room: "tr", sub: host }, ["tr"], ["[tenant1]tr", `[${host}]tr`, `[${host}]other`]],
	["a tenant in the room claim", { room: "[tenant1]tr", sub: "*" }, [], ["[tenant1]tr", "tr"]],
	["any sub", { room: "tr", sub: "*" }, ["tr", "[tenant1]tr"], ["other"]],
	["any room of the domain", { room: "*" }, ["tr", "anything"], ["[tenant1]tr", `[${host}]tr`]],
	["any room of the domain, in other letters", { room: "*", sub: host.toUpperCase() }, ["tr"], [`[${host}]tr`]],
	["any room of a tenant", { room: "*", sub: "tenant1" }, ["[tenant1]tr", "[tenant1]other"], ["tr", "[tenant2]tr"]],
	["any room of all", { room: "*", sub: "*" }, ["tr", "[tenant1]tr"], []],
	["a name that begins with the claimed one", { room: "stand" }, [], ["standup"]],
	["an empty room", { room: "" }, [], ["standup"]],

	["the pattern new.*", regex("new.*"), ["newroom", "new"], ["anew"]],
	["the pattern ^new.*$", regex("^new.*$"), ["newroom"], ["anew"]],
	["the pattern %a+", regex("%a+"), ["newroom"], ["room1"]],
	["the pattern (newroom)", regex("(newroom)"), ["newroom"], []],
	["the pattern new: the whole name counts", regex("new"), [], ["newroom"]],
	["the pattern new(room): a capture changes nothing", regex("new(room)"), ["newroom"], ["room"]],
	["the pattern new%S+: classes stay as they are", regex("new%S+"), ["newroom"], ["new"]],
	["the pattern New[A-C]+ in other letters", regex("New[A-C]+"), ["newabc"], ["newxyz"]],
	["a pattern with the word true", { room: "a.c", context: { room: { regex: "true" } } }, ["abc"], []],
	["a pattern without the word", { room: "a.c", context: { room: { regex: false } } }, ["a.c"], ["abc"]],
	["a pattern in a tenant", regex("new.*", { sub: "tenant1" }), ["[tenant1]newroom"], ["newroom", "[tenant2]newroom"]],
	["the glob team-*", glob("Team-*"), ["team-a", "team-"], ["steam-a", "team"]],
	["the glob room-?", glob("room-?"), ["room-1"], ["room-12", "room-"]],
	["the glob a.b*: a dot is a dot", glob("a.b*"), ["a.b1"], ["axb1"]],
	["a glob in a tenant", glob("x-*", { sub: "tenant1" }), ["[tenant1]x-1"], ["x-1"]],
	["a glob without the word", { room: "team-*", context: { room: { glob: "false" } } }, [], ["team-a"]],
	["a glob over percent-encoded names", glob("gr\u00fc\u00dfe-*"), [made("Gr\u00fc\u00dfe-1")], [made("gru\u00dfe-1")]],

	["an umlaut", { room: "\u00c4-room" }, [made("\u00c4-room"), made("\u00e4-Room")], ["a-room", made("\u00f6-room")]],
	["an umlaut in two code points", { room: "A\u0308-room" }, [made("\u00e4-room")], ["a-room"]],
	["an umlaut, encoded already", { room: "%C3%84-Room" }, [made("\u00e4-room")], []],
	["Cyrillic", { room: "\u0412\u0441\u0442\u0440\u0435\u0447\u0430" }, [made("\u0412\u0421\u0422\u0420\u0415\u0427\u0410")], [made("\u0412\u0441\u0442\u0440\u0435\u0447\u0438")]],
	["Greek with a final sigma", { room: "\u039f\u0394\u039f\u03a3" }, [made("\u039f\u0394\u039f\u03a3")], []],
	["Japanese", { room: "\u4f1a\u8b70\u5ba4" }, [made("\u4f1a\u8b70\u5ba4")], []],
	["Hebrew with a digit", { room: "\u05e9\u05dc\u05d5\u05dd1" }, [made("\u05e9\u05dc\u05d5\u05dd1")], []],
	["wide letters", { room: "\uff32\uff4f\uff4f\uff4d" }, [made("\uff32\uff4f\uff4f\uff4d"), "room"], []],
	["a space", { room: "Team Room" }, ["team%20room"], ["team"]],
	["an emoji", { room: "party\u{1F389}" }, [made("party\u{1F389}")], ["party"]],
	["a tenant in another script", { room: "tr", sub: "\u00c4cme" }, [`[${made("\u00e4cme")}]tr`], ["tr"]],
	["broken percent signs", { room: "100%" }, [], ["100", made("100")]],
];

const withoutDomain = [
	["a foreign sub", { room: "tr", sub: "public.example" }, ["tr"], ["other", "[tenant1]tr"]],
	["no sub", { room: "tr", sub: undefined }, ["tr", "[tenant1]tr"], ["other", "[tenant1]other"]],
	["the domain as sub", { room: "tr", sub: "off.example" }, ["tr", "[tenant1]tr"], []],
	["a tenant's sub", { room: "tr", sub: "tenant1" }, ["tr", "[tenant1]tr"], ["[tenant2]tr"]],
	["any sub", { room: "tr", sub: "*" }, ["tr", "[tenant1]tr"], []],
	["a tenant in the room claim", { room: "[Tenant1]TR", sub: undefined }, ["[tenant1]tr"], ["tr", "[tenant2]tr"]],
	["a tenant in the room claim, another in sub", { room: "[tenant1]tr", sub: "tenant2" }, [], ["[tenant1]tr"]],
	["any room, a tenant's sub", { room: "*", sub: "tenant1" }, ["x", "[tenant1]x"], ["[tenant2]x"]],
];

const withoutRoom = [
	["the domain as sub", { room: undefined, sub: "free.example" }, ["one", "two"], ["[tenant1]one"]],
	["a tenant's sub", { room: undefined, sub: "tenant1" }, ["[tenant1]one"], ["one", "[tenant2]one"]],
	["another domain's sub", { room: undefined, sub: "other.example" }, [], ["one"]],
	["any sub", { room: undefined, sub: "*" }, ["one", "[tenant1]one"], []],
	["a room after all", { room: "one", sub: "free.example" }, ["one"], ["two"]],
];

const refusedAtLogin = {
	"without a room": [{ room: undefined }, "missing-claim"],
	"with a room that is null": [{ room: null }, "missing-claim"],
	"with a list of rooms that is empty": [{ room: [] }, "bad-claim"],
	"without a sub": [{ sub: undefined }, "missing-claim"],
	"with the pattern (": [regex("("), "bad-claim"],
	"with the pattern a)": [regex("a)"), "bad-claim"],
	"with the pattern [a": [regex("[a"), "bad-claim"],
	"with the pattern a%": [regex("a%"), "bad-claim"],
	"with a pattern with a frontier": [regex("%f[%a]x"), "bad-claim"],
	"with a pattern with balanced brackets": [regex("%b()"), "bad-claim"],
	"with a pattern with a back-reference": [regex("(a)%1"), "bad-claim"],
	"with a pattern that is too long": [regex("a".repeat(129)), "bad-claim"],
	"with a glob that is too long": [glob("*".repeat(129)), "bad-claim"],
};

const mismatch = { type: "cancel", condition: "not-allowed", text: "room-mismatch", child: "room-mismatch" };
const unauthenticated = { type: "cancel", condition: "not-allowed", text: "token-required", child: "authentication-required" };
let serial = 0;

test("jitsi rooms", { timeout: TEST, concurrency: 6 }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	const cases = [];
	const it = (name, run) => cases.push(t.test(name, run));

	async function login(on, claims, params = {}) {
		const by = claims && token({ sub: on, ...claims });
		const session = await connect({ url: server.ws, host: on, token: by, params });
		assert.equal(session.refused, undefined);
		return session;
	}
	const join = (session, node, on = host, component = "conference") =>
		session.join(`${node}@${component}.${on}`, `n${serial++}`);
	const finish = (...sessions) => Promise.all(sessions.map((session) => session.close()));

	function opens(on, [what, claims, open, shut]) {
		it(`${on}: ${what}: opens ${open.join(", ") || "nothing"}, not ${shut.join(", ") || "anything else"}`, async () => {
			const session = await login(on, claims);
			for (const node of open) assert.equal((await join(session, node, on)).refused, undefined, node);
			for (const node of shut) assert.deepEqual((await join(session, node, on)).refused, mismatch, node);
			await finish(session);
		});
	}
	for (const row of onDomain) opens(host, row);
	for (const row of withoutDomain) opens("off.example", row);
	for (const row of withoutRoom) opens("free.example", row);

	for (const [what, [claims, reason]] of Object.entries(refusedAtLogin)) {
		it(`a token ${what} is refused at the login`, async () => {
			const { refused } = await connect({ url: server.ws, host, token: token(claims) });
			assert.deepEqual({ condition: refused?.condition, text: refused?.text }, { condition: "not-allowed", text: reason });
		});
	}

	it("the tenant of the token beside that of the address: a flag, and a refusal in a closed room", async () => {
		const claims = { room: "tenants", context: { tenant: "Acme" } };
		const flag = async (session) => (await fieldsOf(session)).jitsi_meet_tenant_mismatch?.value;
		const [same, other] = await Promise.all([login(host, claims, { prefix: "acme" }), login(host, claims, { prefix: "zeta" })]);
		assert.equal((await join(same, "tenants")).refused, undefined);
		assert.equal((await join(other, "tenants")).refused, undefined);
		assert.deepEqual([await flag(same), await flag(other)], [undefined, true]);
		await finish(other);
		await inside(same, 'room("tenants")._data.allowUnauthenticatedAccess = false');
		const late = await login(host, claims, { prefix: "zeta" });
		assert.deepEqual((await join(late, "tenants")).refused, mismatch);
		const fitting = await login(host, claims, { prefix: "acme" });
		assert.equal((await join(fitting, "tenants")).refused, undefined);
		await finish(late, fitting, same);
	});

	it("a breakout room is opened by the token of its main room", async () => {
		const main = await login(host, { room: "plenum", ...user({ moderator: true }) });
		assert.equal((await join(main, "plenum")).affiliation, "owner");
		await inside(main, `room("plenum")._data.breakout_rooms = { ["b-1@breakout.${host}"] = "Group 1" }`);
		const breakout = (session, node) => join(session, node, host, "breakout");
		assert.equal((await breakout(main, "b-1")).affiliation, "owner");
		const [member, stranger, anywhere] = await Promise.all([
			login(host, { room: "plenum" }), login(host, { room: "retro" }), login(host, { room: "*" }),
		]);
		assert.equal((await breakout(member, "b-1")).affiliation, "member");
		assert.deepEqual((await breakout(stranger, "b-1")).refused, mismatch);
		assert.deepEqual((await breakout(member, "b-2")).refused, mismatch); // one that no main room knows
		assert.equal((await breakout(anywhere, "b-2")).refused, undefined);
		await finish(main, member, stranger, anywhere);
	});

	it("a matching token creates its room; where creation is restricted, it waits for an admin", async () => {
		const [member, focus] = await Promise.all([login("strict.example", { room: "standup" }), login(`auth.${host}`)]);
		const { refused } = await join(member, "standup", "strict.example");
		assert.deepEqual({ condition: refused?.condition, child: refused?.child }, { condition: "not-allowed", child: "room-does-not-exist" });
		assert.equal((await join(focus, "standup", "strict.example")).refused, undefined);
		assert.equal((await join(member, "standup", "strict.example")).affiliation, "member");
		await finish(member, focus);
	});

	it("an admin enters every room, and creates it", async () => {
		const focus = await login(`auth.${host}`);
		assert.equal((await join(focus, "by-focus")).affiliation, "owner");
		await finish(focus);
	});

	it("guests enter where empty tokens are allowed, but no room that is closed to them", async () => {
		const [guest, late, bearer] = await Promise.all([
			login("free.example"), login("free.example"), login("free.example", { room: "lounge" }),
		]);
		assert.equal((await join(guest, "lounge", "free.example")).refused, undefined);
		await inside(guest, 'room("lounge")._data.allowUnauthenticatedAccess = false');
		assert.deepEqual((await join(late, "lounge", "free.example")).refused, unauthenticated);
		assert.equal((await join(bearer, "lounge", "free.example")).refused, undefined);
		const { refused } = await connect({ url: server.ws, host: "free.example", token: "bad" });
		assert.equal(refused?.text, "malformed"); // a bad token is not a guest's
		await finish(guest, late, bearer);
	});

	it("a guest who creates a room does not come to rule it", async () => {
		const [guest, bearer] = await Promise.all([login("free.example"), login("free.example", { room: "porch", moderator: true })]);
		const created = await join(guest, "porch", "free.example");
		assert.deepEqual([created.affiliation, created.role], ["none", "participant"]);
		const joined = await join(bearer, "porch", "free.example");
		assert.deepEqual([joined.affiliation, joined.role], ["owner", "moderator"]);
		await finish(guest, bearer);
	});

	it("sessions of another host enter where that host is named, and nowhere else", async () => {
		const [guest, late, bearer] = await Promise.all([login("guest.example"), login("guest.example"), login(host, { room: "*", sub: "*" })]);
		assert.equal((await join(guest, "hall", "free.example")).refused, undefined);
		assert.deepEqual((await join(guest, "hall")).refused, unauthenticated);
		assert.deepEqual((await join(bearer, "hall", "off.example")).refused, { ...mismatch, text: "foreign-session" });
		await inside(guest, 'room("hall", "conference.free.example")._data.allowUnauthenticatedAccess = false');
		assert.deepEqual((await join(late, "hall", "free.example")).refused, unauthenticated);
		await finish(guest, late, bearer);
	});

	it("domains and bare JIDs that are listed need no token", async () => {
		const [exempt, listed, guest] = await Promise.all([login("exempt.example"), login("listed.example"), login("guest.example")]);
		assert.equal((await join(exempt, "listed-1")).refused, undefined);
		assert.equal((await join(listed, "listed-2")).refused, undefined);
		assert.deepEqual((await join(guest, "listed-3")).refused, unauthenticated);
		await finish(exempt, listed, guest);
	});

	it("a sender of another server needs a token, unless it is listed", async () => {
		const asker = await login(host, {});
		const sent = (from, to = host, stream = to) => inside(asker, `
			local st = require "util.stanza";
			local answer = "none";
			local origin = { type = "s2sin", host = "${stream}", log = session.log, send = function (stanza) answer = tostring(stanza); end };
			local join = st.presence({ from = "someone@${from}/x", to = "s2s@conference.${to}/nick" });
			join:tag("x", { xmlns = "http://jabber.org/protocol/muc" }):up();
			prosody.core_post_stanza(origin, join, false);
			return answer;`);
		assert.match(await sent("remote.example"), /token-required/);
		// a stream to the host whose sessions may enter: they are that host's own, not another server's
		assert.match(await sent("remote.example", "free.example", "guest.example"), /token-required/);
		assert.doesNotMatch(await sent("remote-listed.example"), /not-allowed/);
		await finish(asker);
	});

	it("with Jitsi's option, guests do not change a room's configuration", async () => {
		const configure = (session, node) => new Promise((resolve) => {
			const iq = $iq({ type: "set", to: `${node}@conference.free.example` })
				.c("query", { xmlns: "http://jabber.org/protocol/muc#owner" }).c("x", { xmlns: "jabber:x:data", type: "submit" })
				.c("field", { var: "FORM_TYPE" }).c("value").t("http://jabber.org/protocol/muc#roomconfig");
			session.connection.sendIQ(iq, () => resolve("done"), (error) => {
				resolve(`${error.getElementsByTagName("error")[0].firstChild.localName}: ${error.getElementsByTagName("text")[0]?.textContent}`);
			}, PATIENCE);
		});
		const disabled = "not-allowed: Room modification disabled for guests";
		const [guest, bearer, stranger] = await Promise.all([
			login("free.example"), login("free.example", { room: "gated", ...user({ moderator: true }) }), login("free.example", { room: "other" }),
		]);
		assert.equal((await join(guest, "gated", "free.example")).affiliation, "none");
		assert.equal(await configure(guest, "gated"), disabled);
		assert.equal(await configure(stranger, "gated"), "not-allowed: This link is for another room: room-mismatch");
		assert.equal((await join(bearer, "gated", "free.example")).affiliation, "owner");
		assert.equal(await configure(bearer, "gated"), "done");
		assert.equal(await configure(guest, "no-such-room"), disabled);
		await finish(guest, bearer, stranger);
	});

	await Promise.all(cases);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
