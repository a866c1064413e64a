// What the console answers, of a live server: tokens in the words of the command, test links that open a room, refusals by
// their references, who is in the rooms, keys and revocations, and what meetauth check says.
// Proves mod_console_meetauth/answers.lib, mod_console_meetauth/checkup.lib, mod_console_meetauth/people.lib,
// mod_console_meetauth/place.lib, mod_console_meetauth/refused.lib, mod_console_meetauth/sources.lib,
// mod_auth_meetauth/examine.lib and mod_auth_meetauth/testlinks.lib.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { meetauthOf } from "./support/command.mjs";
import { openConsole } from "./support/console.mjs";
import { connect } from "./support/client.mjs";
import { config as deployment, daily, host, jitsi, room, secrets } from "./support/deployment.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { waitFor, TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const other = "other.example";
const otherSecret = "other-secret-2-3-5-7-11-13-17-19-23-29-31";
const configOf = (keys) => `
log = {
	{ levels = { min = "debug" }, to = "console" };
	{ levels = { "audit" }, to = "file", filename = ENV_PROSODY_DATA .. "/audit.log", timestamps = false };
}
${deployment.replace('authentication = "meetauth"', `$&
	modules_enabled = { "console_meetauth" }
	meetauth_audit = true
	meetauth_http_room_url = "https://HOST/ROOM"`)
		.replace("meetauth_issuers = {", `$&
		{ id = "kc", issuer = "sso", jwks_url = "${keys.url}/certs", algorithms = "ES256", refresh_min = 1 };`)}
VirtualHost "${other}"
	modules_enabled = { "admin_shell"; "console_meetauth" } -- the shell is global, whoever names it
	authentication = "meetauth"
	meetauth_issuers = { { id = "other", issuer = "other", secret = "${otherSecret}" } }
Component "conference.${other}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;

const failed = (report) => report.rows.filter((row) => row.verdict === "fail").map(({ check, reason }) => [check, reason]);

test("the console", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const [first, second] = [newKey("2026-01"), newKey("2026-02")];
	keys.on("/certs", setOf(first));
	const server = await startProsody({ config: configOf(keys), prefix: withSpecModules() });
	let session = await openConsole(server, host);
	const at = async (name, what) => {
		const { status, body, text } = await session.ask(name, what);
		assert.equal(status, 200, text);
		return body;
	};
	const wrong = async (name, what) => {
		const { status, body, text } = await session.ask(name, what);
		assert.equal(status, 400, text);
		return body.problem;
	};
	const login = (token) => connect({ url: server.ws, host, token });

	await t.test("says what its forms offer", async () => {
		const offered = await at("host");
		assert.equal(offered.host, host);
		assert.deepEqual(offered.entries.map(({ id, dialect, signs }) => [id, dialect, signs]),
			[["kc", "jitsi", false], ["portal", "jitsi", true], ["acme", "daily", true], ["zeta", "daily", true]]);
		assert.ok(offered.features.includes("recording"));
	});

	await t.test("reads a token: checks, header and claims, and what it gives in a room", async () => {
		const owner = jitsi({ context: { user: { moderator: true, lobby_bypass: true }, features: { recording: true } } });
		const report = await at("read", { text: owner, room: "Standup" });
		assert.equal(report.verdict, "accepted");
		assert.equal(report.entry, "portal");
		assert.deepEqual(failed(report), []);
		assert.ok(report.rows.some(({ check, verdict }) => check === "join" && verdict === "ok"));
		assert.match(report.rights[0], /^May enter Standup as owner until \d\d:\d\d \(in 9 minutes\)\.$/);
		assert.ok(report.rights.includes("Does not wait in a lobby."));
		assert.ok(report.rights.includes("May record."));
		assert.match(report.claims.find(({ name }) => name === "exp").moment, /in 9 minutes$/);
		assert.deepEqual(report.header.map(({ name, value }) => [name, value]), [["alg", '"HS256"'], ["typ", '"JWT"']]);
	});

	await t.test("says the words of meetauth explain", async () => {
		const { out } = await meetauthOf(server)(["explain", "--host", host], jitsi({ iss: "Portal" }));
		const report = await at("read", { text: jitsi({ iss: "Portal" }) });
		const row = report.rows.find(({ reason }) => reason === "unknown-issuer");
		assert.ok(out.includes(`${row.hint}. ${row.write}`), out);
		assert.ok(out.includes(report.sentence), out);
	});

	await t.test("takes a token out of a link, a header, and JSON", async () => {
		for (const text of [`https://meet.example/standup?jwt=${jitsi()}#x`, `Authorization: Bearer ${jitsi()}`, `{"token":"${jitsi()}"}`, `\n ${jitsi()} \n`]) {
			const report = await at("read", { text });
			assert.equal(report.verdict, "accepted", text.slice(0, 20));
		}
		assert.equal((await at("read", { text: `https://meet.example/x?jwt=${jitsi()}` })).as_given, "malformed");
	});

	await t.test("says why another room, another tenant, a revoked or an expired token is refused", async () => {
		const reason = async (what) => (await at("read", what)).sentence?.split(":")[0];
		assert.equal(await reason({ text: jitsi(), room: "retro" }), "room-mismatch");
		assert.equal(await reason({ text: daily({}, "zeta"), room: "[zeta]standup" }), undefined);
		assert.equal(await reason({ text: daily({}, "zeta"), room: "standup" }), "room-mismatch");
		assert.equal(await reason({ text: jitsi({ exp: now() - 60 }) }), "expired");
		assert.equal(await reason({ text: sign(otherSecret, { iss: "other", exp: now() + 60 }) }), "unknown-issuer"); // another host's
	});

	await t.test("waits for a key that its source has by now, and says where it has none", async () => {
		const becomes = (token, verdict) => waitFor(async () => { // a source is asked once a second
			const report = await at("read", { text: token });
			return report.verdict === verdict && report;
		}, `${verdict}`);
		await becomes(first.token(), "accepted");
		keys.on("/certs", setOf(first, second));
		await becomes(second.token(), "accepted");
		assert.match((await at("read", { text: newKey("2026-03").token() })).sentence, /^unknown-key:/);
		keys.on("/certs", "no keys");
		const { rows } = await becomes(newKey("2026-04").token(), "cannot tell");
		assert.equal(rows.find(({ check }) => check === "key").verdict, "skipped");
		keys.on("/certs", setOf(first, second));
	});

	await t.test("answers whatever a page sends, of whatever type", async () => {
		const strange = [null, 7, -1.5, true, [], ["a"], {}, { $gt: "" }, "\u0000", "@", "a@b/c", "x".repeat(4000), "\u202e", "%s%n", "../../x"];
		const names = ["host", "read", "draft", "make", "refusals", "why", "rooms", "kick", "revoke", "unrevoke", "keys", "check"];
		const fields = ["text", "room", "entry", "name", "role", "lobby", "features", "minutes", "ref", "nick", "kind", "value", "id", "begin"];
		for (const name of names) {
			const mine = await openConsole(server, host);
			for (const value of strange) {
				const { status, text } = await mine.ask(name, Object.fromEntries(fields.map((field) => [field, value])));
				assert.ok([200, 400].includes(status), `${name} ${JSON.stringify(value)?.slice(0, 20)}: ${status} ${text}`);
			}
		}
		session = await openConsole(server, host); // the first one had to make room
		for (const { id } of (await at("keys")).revoked) await at("unrevoke", { id });
	});

	await t.test("says of what is no token that it is none", async () => {
		for (const text of ["x", "<script>alert(1)</script>", "a.b.c", "\u202e", "{}", "x".repeat(60000)]) {
			assert.equal((await at("read", { text })).verdict, "refused", text.slice(0, 10));
		}
		for (const text of ["", "  ", null, 7, {}]) assert.match(await wrong("read", { text }), /expected a token/);
	});

	await t.test("makes a test link that opens the room, short-lived, and a line in the audit", async () => {
		const form = { entry: "portal", room: "standup", name: "Ann", role: "owner", lobby: "default", features: "recording", minutes: 15 };
		const draft = await at("draft", form);
		assert.deepEqual(draft.claims.map(({ name }) => name), ["aud", "context", "exp", "iat", "iss", "jti", "room", "sub"]);
		const made = await at("make", form);
		assert.equal(made.refused, undefined);
		assert.match(made.link, /^https:\/\/meet\.example\/standup\?jwt=eyJ/);
		const ann = await login(new URL(made.link).searchParams.get("jwt"));
		const { affiliation } = await ann.join(room("standup"), "Ann");
		assert.equal(affiliation, "owner");
		await ann.close();
		const lines = readFileSync(join(server.dataDir, "audit.log"), "utf8").split("\n").filter((line) => line.includes('"test_link"'));
		assert.equal(lines.length, 1);
		const line = JSON.parse(lines[0].slice(lines[0].indexOf("{")));
		assert.deepEqual([line.host, line.room, line.entry, line.dialect], [host, room("standup"), "portal", "jitsi"]);
		assert.equal(JSON.stringify(line.jti), made.claims.find(({ name }) => name === "jti").value);
		const exp = Number(made.claims.find(({ name }) => name === "exp").value);
		assert.ok(Math.abs(exp - now() - 900) < 60);
	});

	await t.test("makes one of Daily's, for a tenant, too", async () => {
		const made = await at("make", { entry: "zeta", room: "standup", minutes: 5 });
		assert.match(made.link, /^https:\/\/meet\.example\/zeta\/standup\?jwt=/);
		assert.equal(made.refused, undefined);
	});

	await t.test("makes none of what is not said, or has nothing to sign with", async () => {
		assert.match(await wrong("make", { entry: "portal", room: "*" }), /one room's name/);
		assert.match(await wrong("make", { entry: "portal", room: "a", minutes: 99999 }), /from 1 to 1440/);
		assert.match(await wrong("make", { entry: "nobody", room: "a" }), /one of this host's/);
		assert.match(await wrong("make", { entry: "kc", room: "a" }), /nothing to sign with/);
		assert.match(await wrong("make", { entry: { id: "portal" }, room: "a" }), /one of this host's/);
	});

	await t.test("shows refusals with hint and count, and from a reference its record", async () => {
		const { refused } = await login(jitsi({ iss: "Portal" }));
		await connect({ url: server.ws, host: other, token: sign(otherSecret, { iss: "Other", exp: now() + 60 }) });
		const { list, hour } = await at("refusals");
		const one = list.find(({ ref }) => ref === refused.reference);
		assert.deepEqual([one.reason, one.host, one.count, one.write], ["unknown-issuer", host, 1, 'Write iss = "portal"']);
		assert.ok(list.every((each) => each.host === host), "another host's");
		assert.equal(hour.find(({ reason }) => reason === "unknown-issuer").count, 1);
		const why = await at("why", { ref: `unknown-issuer (${refused.reference})` });
		assert.deepEqual(why.rows.slice(0, 1), [{ name: "reason", value: "unknown-issuer" }]);
		assert.ok(why.rows.some(({ name, value }) => name === "found" && value.includes("Portal")));
		assert.match(await wrong("why", { ref: "zzzzzz" }), /No refusal has this reference/);
		const theirs = await (await openConsole(server, other)).ask("refusals");
		assert.match(await wrong("why", { ref: theirs.body.list[0].ref }), /No refusal has this reference/);
	});

	await t.test("shows who is in the rooms, puts out and revokes", async () => {
		const ann = await login(jitsi({ jti: "t-ann", context: { user: { id: "u-ann", moderator: true } } }));
		const dan = await login(daily({ ud: "u-dan" }));
		await ann.join(room("standup"), "Ann");
		await dan.join(room("standup"), "<b>Dan</b>");
		const { rooms } = await at("rooms");
		assert.deepEqual(rooms.map((one) => one.room), [room("standup")]);
		const [eve, person] = rooms[0].people;
		assert.deepEqual([eve.nick, eve.sessions[0].kind], ["<b>Dan</b>", "acme (daily)"]);
		assert.deepEqual([person.nick, person.affiliation, person.role, person.sessions[0].jti], ["Ann", "owner", "moderator", "t-ann"]);
		assert.ok(person.sessions[0].rights.some(({ right, value, origin }) => right === "affiliation" && value === "owner" && origin === "context.user.moderator"));
		assert.match(person.sessions[0].ends, /in 9 minutes/);

		await at("kick", { room: room("standup"), nick: "<b>Dan</b>" });
		assert.deepEqual((await at("rooms")).rooms[0].people.map(({ nick }) => nick), ["Ann"]);
		assert.match(await wrong("kick", { room: room("standup"), nick: "<b>Dan</b>" }), /This person has left/);
		assert.match(await wrong("kick", { room: `standup@conference.${other}`, nick: "Ann" }), /This person has left/);

		const { id } = await at("revoke", { kind: "jti", value: "t-ann", entry: "portal" });
		assert.deepEqual((await at("rooms")).rooms, []);
		const { revoked } = await at("keys");
		assert.deepEqual(revoked.map((one) => [one.id, one.kind, one.value, one.entry]), [[id, "jti", "t-ann", "portal"]]);
		assert.match((await at("read", { text: jitsi({ jti: "t-ann" }) })).sentence, /^revoked:/);
		await at("unrevoke", { id });
		assert.equal((await at("read", { text: jitsi({ jti: "t-ann" }) })).verdict, "accepted");
		assert.match(await wrong("unrevoke", { id }), /no revocation/);
		assert.ok(await wrong("revoke", { kind: "nothing", value: "x" }));
		assert.ok(await wrong("revoke", { kind: {}, value: {} }));
		await ann.close();
		await dan.close();
	});

	await t.test("shows keys with source, age and next look, and asks the sources", async () => {
		const { keys: list, failing } = await waitFor(async () => {
			assert.equal((await at("refresh")).count, 1);
			const answer = await at("keys");
			return answer.keys.some(({ kid, state }) => kid === "2026-01" && state === "current") && answer;
		}, "the key counts");
		const of = (entry) => list.find((one) => one.entry === entry);
		assert.deepEqual([of("kc").kid, of("kc").alg, of("kc").source, of("kc").state], ["2026-01", "ES256", "jwks_url", "current"]);
		assert.match(of("kc").age, /seconds?$/);
		assert.match(of("kc").next_look, /^in \d+ (seconds?|minutes?|hours?)/);
		assert.equal(of("portal").age, undefined);
		assert.ok(of("portal").uses >= 1);
		assert.deepEqual(failing, []);
		assert.ok(!JSON.stringify(list).includes(secrets.portal));
	});

	await t.test("shows what meetauth check says, while the server goes on", async () => {
		await at("check", { begin: true });
		const { checks, failed: gone } = await waitFor(async () => {
			const answer = await at("check");
			return answer.done && answer;
		});
		assert.equal(gone, false);
		assert.ok(checks.some(({ check }) => check === "entries" || check === "options"), JSON.stringify(checks).slice(0, 500));
		assert.ok(checks.every(({ host: of }) => of === undefined || of === host));
	});

	await t.test("no token and no secret is in the log or in the audit", () => {
		const log = server.log() + readFileSync(join(server.dataDir, "audit.log"), "utf8");
		assert.doesNotMatch(log.replaceAll(/GET \/xmpp-websocket\S*/g, ""), anyToken);
		assert.ok(!log.includes(secrets.portal));
	});

	assert.doesNotMatch(server.log().replaceAll(/.*Duplicate option 'log'/g, ""), traceback); // the preamble has one, too
});
