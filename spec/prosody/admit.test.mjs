// Who may come in at all, by a claim of the identity provider (admit), and claims that must say a thing (claims), in both
// dialects: at the login, for who is connected when the configuration changes, and what the operator is told.
// Proves mod_auth_meetauth/login.lib and mod_auth_meetauth/renewal.lib for these fields.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { host, room, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { block } from "./support/readme.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret } from "./support/token.mjs";

const shown = block("Let in only some users", "lua", 0, "doc/access.md").trim().split("\n").map((line) => line.replace(/--.*$/, ""));
const [cognito, keycloak, groups, department] = shown;

const config = `
VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "admin_shell" }
	meetauth_leeway = 0
	allow_empty_token = true
	meetauth_issuers = {
		{ id = "cognito", issuer = "cognito", secret = "${specSecret("cognito")}"; ${cognito} };
		{ id = "keycloak", issuer = "keycloak", secret = "${specSecret("keycloak")}"; ${keycloak} ${groups} };
		{ id = "school", issuer = "school", secret = "${specSecret("school")}", on_invalid = "guest"; ${department} };
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${specSecret("acme")}"; ${keycloak} ${groups} };
	}

Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

const token = (id, claims) => sign(specSecret(id), id === "acme"
	? { d: id, r: "standup", iat: now(), exp: now() + 600, ...claims }
	: { iss: id, sub: host, room: "standup", exp: now() + 600, ...claims });

test("who may come in", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	let serial = 0;

	async function come(bearer) {
		const session = await connect({ url: server.ws, host, token: bearer });
		if (session.refused) return { came: session.refused.text, reference: session.refused.reference };
		const { refused, affiliation } = await session.join(room("standup"), `n${serial++}`);
		return { session, came: refused ? refused.text : affiliation };
	}

	const staff = { azp: "meet", groups: ["all", "staff"] };
	const rows = [
		["cognito", { client_id: "meet", token_use: "access" }, "member"],
		["cognito", { client_id: "meet", token_use: "id" }, "claim-mismatch"], // another token of the same user
		["cognito", { client_id: "shop", token_use: "access" }, "claim-mismatch"], // another application's
		["cognito", { aud: "meet", token_use: "access" }, "missing-claim"],
		["cognito", { client_id: ["meet"], token_use: "access" }, "claim-mismatch"],
		["cognito", { client_id: null, token_use: "access" }, "missing-claim"],
		["keycloak", staff, "member"],
		["keycloak", { ...staff, moderator: true }, "owner"],
		["keycloak", { ...staff, groups: ["all"], moderator: true }, "not-admitted"], // rights are no way in
		["keycloak", { azp: "meet" }, "not-admitted"],
		["keycloak", { azp: "meet", groups: "staff" }, "not-admitted"],
		["keycloak", { azp: "meet", groups: { staff: "staff" } }, "not-admitted"],
		["keycloak", { azp: "meet", context: { groups: ["staff"] } }, "not-admitted"],
		["keycloak", { ...staff, azp: "shop" }, "claim-mismatch"],
		["acme", staff, "member"],
		["acme", { ...staff, groups: ["Staff"], o: true }, "not-admitted"],
		["acme", { groups: ["staff"] }, "missing-claim"],
		["school", { department: "it" }, "member"],
		["school", { department: "sales", moderator: true }, "none"], // a guest, as the entry's on_invalid has it
	];
	for (const [id, claims, want] of rows) {
		await t.test(`${id} ${JSON.stringify(claims)}: ${want}`, async () => {
			const { session, came } = await come(token(id, claims));
			assert.equal(came, want);
			await session?.close();
		});
	}

	await t.test("the operator is told which claim, and nothing of what the token says", async () => {
		const { reference } = await come(token("keycloak", { azp: "meet", groups: ["secret-group"] }));
		const { code, stdout } = await server.prosodyctl("shell", "meetauth", "why", reference);
		assert.equal(code, 0);
		assert.match(stdout, /not-admitted/);
		assert.match(stdout, /groups has none of the values in the entry's admit option/);
		assert.doesNotMatch(stdout + server.log(), /secret-group/);
	});

	await t.test("who is connected when the rule changes, and does not fit any more, is put out", async () => {
		const stays = await come(token("keycloak", { azp: "meet", groups: ["staff", "board"] }));
		const goes = await come(token("keycloak", staff));
		const out = goes.session.next({ name: "presence", type: "unavailable" });
		server.rewriteConfig((text) => text.replace(`${keycloak} ${groups} }`, `${keycloak} admit = { claim = "groups", contains = "board" } }`));
		await server.reload();
		await out;
		assert.match(server.log(), new RegExp(`Occupant of ${room("standup")} removed: not-admitted`));
		assert.equal((await stays.session.join(room("standup"), "again")).refused, undefined);
		await Promise.all([stays, goes].map(({ session }) => session.close()));
	});

	await t.test("nothing went wrong inside", () => assert.doesNotMatch(server.log(), traceback));
	await server.stop();
});
