// prosodyctl shell meetauth in the running server, on each Prosody: what whoever was refused has on the screen
// leads the operator to why; who is in a room as what; and nothing of a token is told.
// Proves mod_shell_meetauth/commands.lib, mod_shell_meetauth/output.lib and mod_shell_meetauth/who.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { config as deployment, daily, host, jitsi, room, secrets } from "./support/deployment.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, specSecret, sign } from "./support/token.mjs";

// The other host has keys at an address, and an entry that only observes.
const other = "other.example";
const acme = "another-acme-secret-another-acme-secret";
const configOf = (keys) => `${deployment.replace('authentication = "meetauth"', 'authentication = "meetauth"\n\tmodules_enabled = { "live_eval" }')}
VirtualHost "${other}"
	modules_enabled = { "admin_shell"; "live_eval" } -- the shell is global, whoever names it
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${specSecret("o")}" };
		{ id = "kc", issuer = "sso", jwks_url = "${keys.url}/certs", algorithms = "ES256" };
		{ id = "acme", dialect = "daily", domain_id = "acme", secret = "${acme}", mode = "observe" };
	}
Component "conference.${other}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`;
const otherRoom = `standup@conference.${other}`;
const portal = (claims = {}) => sign(specSecret("o"), { iss: "portal", sub: other, room: "standup", exp: now() + 600, ...claims });
const observed = (claims = {}) => sign(acme, { d: "acme", r: "standup", iat: now(), exp: now() + 600, ...claims });

// What each refusal says of itself; the names in its token are in no transcript.
const refusals = [
	{ name: "an expired Jitsi token", token: jitsi({ exp: now() - 60 }), told: ["expired", "the token expired \\d+ \\w+ ago. Sign a new token", "portal (jitsi)", "login at meet.example", "HS256", "check        exp", "expected     after \\d+ (\\d+-\\d+-\\d+ "] },
	{ name: "a secret with a newline", token: jitsi({}, `${secrets.portal}\n`), told: ["signature-mismatch", "ends with a newline", "printf %s", 'expected     {"alg":"HS256","entry":"portal"}', 'found        alg = "HS256", iss = "portal"'] },
	{ name: "a tenant's token under another's secret", token: daily({}, "acme", secrets.zeta),
		told: ["signature-mismatch", "acme (daily)", "with the key of the entry zeta"] },
	{ name: "a Daily token without exp", token: daily({ exp: undefined }), told: ["missing-claim", "lacks these claims: exp"] },
	{ name: "an iss in another case", token: jitsi({ iss: "Portal" }), told: ["unknown-issuer", "only in case", 'Write iss = "portal"', "check        key", '"iss":["portal"]', 'found        alg = "HS256", iss = "Portal"'] },
	{ name: "garbage", token: '"garbage"', told: ["malformed", "in quotes", "expected     three parts of base64url"] },
	{ name: "no token", token: undefined, told: ["token-required", "the link has no token"] },
	{ name: "jwt= in the place of token=", params: { jwt: jitsi() }, told: ["token-required", "the link has jwt=", "Write token="] },
	{ name: "a whole link in the token's place", token: `https://meet.example/standup?jwt=${jitsi()}`, told: ["malformed", "a whole link", "Write only the text"] },
	{ name: "a private key where the entry has a secret", token: sign(secrets.portal, { iss: "portal" }, { alg: "RS256" }),
		told: ["algorithm-mismatch", 'Set signature_algorithm = "RS256"', "and public_key)", 'expected     {"alg":["HS256"]}', 'found        alg = "RS256"'] },
	{ name: "a pattern that is none", token: jitsi({ room: "u-eve[", context: { room: { regex: true } } }),
		told: ["bad-claim", "room is a Lua pattern, but it is not", "check        grant", '{"room":"a Lua pattern', "the pattern in room is invalid"] },
	{ name: "a name that draws on the terminal", token: sign(secrets.portal, { iss: "\u001b[31m", sub: "\u001b[31m" }), told: ["unknown-issuer", 'iss = "[31m"'] },
];

const word = (told) => new RegExp(told.replaceAll(/[()*.[\]{}]/g, "\\$&"));

test("shell", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	const key = newKey("2026-01");
	keys.on("/certs", setOf(key));
	const machine = newMachine({ still: true }); // ages are told in seconds
	const server = await startProsody({ config: configOf(keys), prefix: withSpecModules(), machine });

	const transcripts = [];
	async function shell(...args) {
		const { code, stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		transcripts.push(`$ prosodyctl shell meetauth ${args.join(" ")}\n${stdout}${stderr}`);
		return { code, out: stdout + stderr };
	}
	async function refused(token, more = {}) {
		const outcome = await connect({ url: server.ws, host, token, ...more });
		assert.ok(outcome.refused, "should not have got in");
		return outcome.refused;
	}

	await t.test("denials of a server that refused nobody: none", async () => {
		const { code, out } = await shell("denials");
		assert.equal(code, 0);
		assert.match(out, /0 refusals/);
	});

	const seen = [];
	for (const { name, token, params, told } of refusals) {
		await t.test(`why: ${name}`, async () => {
			const { text, reference } = await refused(token, { params });
			assert.match(reference, /^[a-z2-9]{6}$/);
			seen.push(reference);
			assert.match(server.log(), new RegExp(`Meeting token refused: ${text} \\(${reference}\\)`));
			if (text === "expired") {
				assert.match(server.log(), new RegExp(`expired \\(${reference}\\): the token expired \\d+ \\w+ ago\\. Sign a new token`));
			}
			const { code, out } = await shell("why", reference);
			assert.equal(code, 0, out);
			for (const part of [text, ...told]) assert.match(out, word(part));
		});
	}

	await t.test("why: a join of another room, with a hint", async () => {
		const session = await connect({ url: server.ws, host, token: jitsi({ sub: "meet.example.org" }) });
		const { refused: refusal } = await session.join(room("standup"), "me");
		assert.deepEqual(refusal, { type: "cancel", condition: "not-allowed", text: "room-mismatch", child: "room-mismatch" });
		seen.push(refusal.reference);
		const { out } = await shell("why", refusal.reference.toUpperCase());
		for (const part of ["room-mismatch", "join at conference.meet.example", "portal (jitsi)", 'Write sub = "meet.example"', "check        tenant", "expected     meet.example"]) {
			assert.match(out, word(part));
		}
		await session.close();
	});

	await t.test("why: what people copy from a screen", async () => {
		for (const copied of [`room-mismatch (${seen.at(-1)})`, `(${seen.at(-1)})`]) {
			assert.match((await shell("why", copied)).out, word("room-mismatch"));
		}
	});

	await t.test("why: a reference that is none", async () => {
		for (const args of [["why", "zzzzzz"], ["why", "it's"], ["why", "%s"], ["why", ""]]) {
			const { code, out } = await shell(...args);
			assert.notEqual(code, 0);
			assert.match(out, /No refusal has this reference\. It may be mistyped: a reference has 6 letters and digits, such as abc234/);
		}
	});

	await t.test("denials: newest first, of all hosts, of one, and as many as wanted", async () => {
		const refs = ({ out }) => seen.filter((ref) => out.includes(ref));
		const all = await shell("denials");
		assert.deepEqual(refs(all), seen);
		const order = seen.map((ref) => all.out.indexOf(ref));
		assert.deepEqual(order, [...order].sort((a, b) => b - a));
		assert.deepEqual(refs(await shell("denials", "2")), seen.slice(-2));
		assert.deepEqual(refs(await shell("denials", `conference.${host}`)), seen.slice(-1));
		assert.deepEqual(refs(await shell("denials", host)), seen); // and those of its rooms
		assert.deepEqual(refs(await shell("denials", host, "1")), seen.slice(-1));
		const nowhere = await shell("denials", "nowhere.example");
		assert.notEqual(nowhere.code, 0);
		assert.match(nowhere.out, /this server has no host nowhere\.example. meetauth is on conference\.meet\.example, .*meet\.example/);
		assert.match((await shell("denials", host, "many")).out, /count: expected/);
	});

	await t.test("who: each occupant's entry, rights, what says so, and until when", async () => {
		const moderator = { context: { user: { id: "u1", name: "Ann", moderator: true }, features: { recording: true, flip: "false" } } };
		const logins = [
			["Ann", jitsi(moderator)], ["Ben", jitsi({ exp: 9e17 })], ["Dana", daily({ o: true, ejt: true })],
			["Eve", daily({ p: { ca: "p", cs: "a" }, ud: "u-eve" })], ["Fay", daily({ k: true })],
		];
		const sessions = [];
		for (const [nick, token] of logins) {
			const session = await connect({ url: server.ws, host, token });
			sessions.push(session);
			if (nick === "Fay") { // who has to wait, and was let in
				await inside(sessions[0], `return room("standup"):set_affiliation(true, "${session.jid.split("/")[0]}", "member")`);
			}
			assert.equal((await session.join(room("standup"), nick)).refused?.text, undefined);
		}
		const { code, out } = await shell("who", room("standup"));
		assert.equal(code, 0, out);
		assert.match(out, /5 occupants/);
		const of = (nick) => out.split(/^(?=\w+: )/m).find((part) => part.startsWith(`${nick}: `)) ?? "";
		const expected = {
			Ann: [/Ann: owner, moderator/, /portal \(jitsi\)/, /owner, by context\.user\.moderator/, /features +recording, by context\.features/, /at expiry: ignore/],
			Ben: [/Ben: member/, /member, by no claim about moderators/, /until +9e\+17 /],
			Dana: [/acme \(daily\)/, /owner, by o/, /until +\d{4}-.*\(expired\)/],
			Eve: [/admin, by p\.ca/, /send +a, by p\.cs/, /enters, by the entry/],
			Fay: [/member, by o/, /waits, and a lobby is made, by k/],
		};
		for (const [nick, patterns] of Object.entries(expected)) {
			for (const pattern of patterns) assert.match(of(nick), pattern);
		}
		await Promise.all(sessions.map((session) => session.close()));
	});

	await t.test("who: a room that is none", async () => {
		for (const jid of [room("nobody"), "nowhere", "@", "a@b@c"]) {
			const { code, out } = await shell("who", jid);
			assert.notEqual(code, 0);
			assert.match(out, /this room does not exist now/);
		}
	});

	// [arguments, status, what it says ...]
	async function says(...rows) {
		for (const [args, status, ...patterns] of rows) {
			const { code, out } = await shell(...args);
			assert.equal(code, status, out);
			for (const pattern of patterns) assert.match(out, pattern);
		}
	}
	const sso = (claims = {}, by = key) => by.token({ sub: other, ...claims });
	const there = { host: other };
	async function login(token) {
		const session = await connect({ url: server.ws, host: other, token });
		assert.equal(session.refused?.text, undefined);
		return session;
	}
	const visit = async (token) => (await login(token)).close();

	await t.test("keys: where they come from, how old they are, how often they were used", async () => {
		await server.waitForLog(/Keys of kc from .*: changed/);
		await says([["keys", other], 0, /^.*host +entry +kid/m, /other\.example +portal +\S+ +HS256 +secret +current +- +0 +- +-$/m,
			/other\.example +kc +2026-01 +ES256 +jwks_url +current +\d+ (?:s|min) +0 +- +http:\S+\/certs$/m, /3 keys/]);
		await visit(sso());
		await says([["keys", other], 0, /kc +2026-01 +ES256 +jwks_url +current +\d+ s +1 +\d+ s ago/],
			[["keys"], 0, /meet\.example +portal/, /other\.example +kc/, /6 keys/], [["keys", "nowhere.example"], 1, /not loaded on nowhere\.example/]);
	});

	await t.test("refresh: asks the source, whose new key counts; a source that is down is told, there and in why", async () => {
		const next = newKey("2026-02");
		keys.on("/certs", setOf(key, next));
		const asked = keys.requests("/certs");
		await says([["refresh", "kc", other], 0, /1 source asked/], [["refresh", "none", other], 1, /no entry has this name/]);
		await visit(sso({}, next));
		assert.equal(keys.requests("/certs"), asked + 1);
		keys.on("/certs", (_, response) => response.writeHead(503).end());
		await says([["refresh"], 0, /1 source asked/]);
		await server.waitForLog(/Keys of kc from .*: its answer cannot be used \(status 503\)/);
		await says([["keys", other], 0, /kc +2026-02 +ES256 +jwks_url +last good +/, /kc +jwks_url +status 503 +http/]);
		await visit(sso());
		const { text, reference } = await refused(sso({}, newKey("2026-03")), there);
		assert.equal(text, "keys-unavailable");
		await says([["why", reference], 0, /kc \(jitsi\)/, /keys of the entry kc were last fetched \d+ s ago: its source does not answer \(status 503\)/]);
	});

	await t.test("revoke: who is in a room leaves, a login is refused, why says so; unrevoke lets in again", async () => {
		const token = portal({ jti: "5b1e" });
		const session = await login(token);
		await session.join(otherRoom, "me");
		const gone = session.next({ name: "presence", type: "unavailable", from: `${otherRoom}/me` });
		await says([["revoke", "jti", "5b1e", `host=${other}`, "entry=portal"], 0, /revoked with the id \w+, permanently/]);
		assert.match((await gone).getElementsByTagName("reason")[0].textContent, /: revoked$/);
		await session.close();
		const { text, reference } = await refused(token, there);
		assert.equal(text, "revoked");
		await says([["why", reference], 0, /reason +revoked/, /login at other\.example/, /entry +portal \(jitsi\)/],
			[["revoked"], 0, /other\.example +\w+ +jti +5b1e +portal +- +\d{4}-/, /1 revocation$/m], [["unrevoke", "ffff", other], 1, /no revocation has this id/]);
		const [, id] = (await shell("revoked", other)).out.match(/other\.example +(\w+)/);
		await says([["unrevoke", id, other], 0, /not revoked any more/], [["revoked", other], 0, /0 revocations/]);
		await visit(token);
		const admin = await login(portal());
		const each = (code) => inside(admin, `local meetauth = prosody.hosts["${other}"].modules.auth_meetauth; ${code}`);
		await each('for i = 1, 1001 do assert(meetauth.revoke("jti", "n" .. i)); end');
		await says([["revoked", other], 0, /1001 revocations, the newest 1000 above$/m]);
		await each("for _, one in ipairs(meetauth.revoked()) do assert(meetauth.unrevoke(one.id)); end");
		await admin.close();
	});

	await t.test("revoke: until when, and what is wrong with it", async () => {
		const ends = now() + 3600;
		await says([["revoke", "user", "u1", `host=${other}`, `expires=${ends}`], 0, new RegExp(`until ${new Date((ends + 10) * 1000).toISOString().slice(0, 10)}`)],
			[["revoke", "jti", "5b1e"], 1, /several hosts/], [["revoke", "jti", "5b1e", "entry"], 1, /expected name=value/],
			[["revoke", "all", "of it", `host=${other}`], 1, /kind/], [["revoke", "jti", "x", "entry=", `host=${other}`], 1, /expected name=value/],
			[["revoke", "jti", "x", "entry=none", `host=${other}`], 0, /permanently \(the configuration has no entry of this name\)/],
			[["revoke", "entry", "none", `host=${other}`], 0, /permanently \(the configuration has no entry of this name\)/],
			[["revoke", "jti", "x", "expires=soon", `host=${other}`], 1, /expires/], [["revoke", "jti", "x", "since=1", `host=${other}`], 1, /since/]);
	});

	await t.test("report: what an observing entry would have done", async () => {
		for (const [token, text] of [[observed(), "observed-only"], [observed({ exp: now() - 60 }), "expired"], [observed({ r: "*" }), "bad-claim"]]) {
			assert.equal((await refused(token, there)).text, text);
		}
		await says([["report", other], 0, /other\.example +acme +1 +2 +0 +1 bad-claim, 1 expired/, /observing entries would have accepted 1 and refused 2/], [["report", host], 0, /would have accepted 0/]);
	});

	await t.test("a token that is good and yet refused is not explained, but its entry is kept", async () => {
		const admin = await login(sso());
		const explain = (code) => inside(admin, `local explain = require "meetauth.token.explain"; ${code}`);
		await explain(`local token = explain.token; explain.counted, explain.kept = 0, token;
			explain.token = function (...) explain.counted = explain.counted + 1; return token(...); end`);
		await shell("revoke", "jti", "gone", `host=${other}`);
		for (const [token, text, entry, times] of [[observed(), "observed-only", "acme (daily)", 0], [portal({ jti: "gone" }), "revoked", "portal (jitsi)", 0],
			[portal({ exp: 1 }), "expired", "portal (jitsi)", 1]]) {
			await explain("explain.counted = 0");
			const refusal = await refused(token, there);
			assert.equal(refusal.text, text);
			assert.equal(await explain("return explain.counted"), times, text);
			assert.match((await shell("why", refusal.reference)).out, word(entry));
		}
		await explain("explain.token, explain.kept, explain.counted = explain.kept");
		await admin.close();
	});

	await t.test("a reload of the module keeps what was refused", async () => {
		const { code, stdout, stderr } = await server.prosodyctl("shell", "module", "reload", "auth_meetauth", host);
		assert.equal(code, 0, stdout + stderr);
		assert.match((await shell("why", seen[0])).out, /expired/);
	});

	await t.test("neither the log nor the shell tells anything of a token", () => {
		const told = transcripts.join("\n");
		for (const text of [server.log(), told]) {
			assert.doesNotMatch(text, traceback);
			for (const { token } of refusals) {
				const signature = token?.split(".")[2];
				assert.ok(!signature || !text.includes(signature));
			}
		}
		assert.doesNotMatch(told, /u-eve|\u001b/);
		assert.doesNotMatch(server.log(), /u-eve|\u001b\[31m|Portal/); // of its iss, too, no log tells
	});
});
