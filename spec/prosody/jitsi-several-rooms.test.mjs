// Several rooms in one token of Jitsi's dialect: which it opens, which it does not, what neighbours read, what is refused at
// the login. Proves mod_auth_meetauth/fields.lib and mod_muc_meetauth/admission.lib for lists of rooms.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, plain } from "./support/inside.mjs";
import { host, jitsiConfig, room, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { block } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { specSecret } from "./support/token.mjs";

const elsewhere = "elsewhere.example";
const config = jitsiConfig({
	options: `meetauth_issuers = { { id = "acme", issuer = "acme", tenant = "acme", secret = "${specSecret("acme")}", rooms = { "stand*", "retro" } } }`,
	rest: `VirtualHost "${elsewhere}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "live_fields" }
	meetauth_enforcement = "elsewhere"
	meetauth_issuers = { { id = "portal", issuer = "portal", secret = "${specSecret("elsewhere")}" } }`,
});
const { exp: _, ...shown } = JSON.parse(block("Several rooms in one token", "json", 0, "doc/access.md"));
const acme = (claims) => token({ iss: "acme", sub: "acme", ...claims }, specSecret("acme"));

test("several rooms in one token", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	let serial = 0;

	// What each room comes to for one session: "in", or the reason.
	async function outcomes(bearer, names) {
		const session = await connect({ url: server.ws, host, token: bearer });
		if (session.refused) return session.refused.text;
		const list = [];
		for (const name of names) {
			const { refused } = await session.join(room(name), `n${serial++}`);
			list.push(refused ? refused.text : "in");
		}
		await session.close();
		return list;
	}

	const rows = [
		["the page's token", token(shown), ["standup", "retro", "attic", "[acme]standup"], ["in", "in", "room-mismatch", "room-mismatch"]],
		["names in any case", token({ room: ["StandUp", "Caf\u00c9"] }), ["standup", "caf%c3%a9", "cafe"], ["in", "in", "room-mismatch"]],
		["globs", token({ room: ["stand*", "retro-?"], context: { room: { glob: true } } }), ["standup", "retro-1", "retro-12"],
			["in", "in", "room-mismatch"]],
		["any room in a list", token({ room: ["x", "*"] }), ["standup", "x", "[acme]x"], ["in", "in", "room-mismatch"]],
		["another tenant's room in a list", acme({ room: ["standup", "[other]standup", "attic"] }),
			["[acme]standup", "[other]standup", "standup", "[acme]attic"], ["in", "room-mismatch", "room-mismatch", "room-mismatch"]],
		["another tenant's room in a list, of any sub", acme({ sub: "*", room: ["[other]retro", "retro"] }), ["[acme]retro", "[other]retro", "retro"],
			["in", "room-mismatch", "room-mismatch"]],
	];
	for (const [name, bearer, names, want] of rows) {
		await t.test(`${name}: ${names} come to ${want}`, async () => assert.deepEqual(await outcomes(bearer, names), want));
	}

	const bad = { "an empty list": [], "65 names": Array.from({ length: 65 }, (_, i) => `r${i}`), "a number in it": ["x", 7], "a null in it": ["x", null],
		"a list in it": [["x"]], "an object": { x: "y" }, "true": true };
	for (const [name, value] of Object.entries(bad)) {
		await t.test(`${name} is refused at the login`, async () => assert.equal(await outcomes(token({ room: value }), []), "bad-claim"));
	}

	await t.test("64 names are let in, and the last one opens its room", async () => {
		const names = Array.from({ length: 64 }, (_, i) => `r${i}`);
		assert.deepEqual(await outcomes(token({ room: names }), ["r63", "r64"]), ["in", "room-mismatch"]);
	});

	await t.test("neighbours read any room, and where rooms are theirs to guard the first one", async () => {
		const own = await connect({ url: server.ws, host, token: token({ room: ["standup", "retro"] }) });
		assert.equal(plain((await fieldsOf(own)).jitsi_meet_room), "*");
		await own.close();
		const other = await connect({ url: server.ws, host: elsewhere,
			token: token({ sub: elsewhere, room: ["standup", "retro"] }, specSecret("elsewhere")) });
		assert.equal(plain((await fieldsOf(other)).jitsi_meet_room), "standup");
		await other.close();
	});

	await t.test("nothing went wrong inside", () => assert.doesNotMatch(server.log(), traceback));
	await server.stop();
});
