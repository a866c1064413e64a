// prosodyctl shell meetauth in the running server, on each Prosody: what whoever was refused has on the screen
// leads the operator to why; who is in a room as what; and nothing of a token is told.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { config as deployment, daily, host, jitsi, room, secrets } from "./support/deployment.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

// The other host has stand-ins for what its module answers: a key that is used, an address that does not answer.
const config = `${deployment.replace('authentication = "meetauth"', 'authentication = "meetauth"\n\tmodules_enabled = { "live_eval" }')}
VirtualHost "other.example"
	modules_enabled = { "admin_shell" } -- global, whoever names it
	authentication = "meetauth"
	meetauth_enforcement = "elsewhere"
	app_id = "portal"
	app_secret = "${"o".repeat(40)}"
`;

const other = "other.example";
const standIns = `
local auth = prosody.hosts["${other}"].modules.auth_meetauth;
local gone = {};
function auth.keys_status()
	return {
		{ entry = "kc", kid = "2026-01", alg = "RS256", source = "jwks_url", at = "https://sso.example/certs", age = 75, uses = 3,
			last_used = os.time() - 3700, state = "current" };
		{ entry = "portal", kid = "app_secret", alg = "HS256", source = "secret", uses = 0, state = "current" };
	}, { { entry = "kc", source = "jwks_url", at = "https://sso.example/certs", why = "timeout" } };
end
function auth.keys_refresh(id) return (id == nil or id == "kc") and 2 or 0; end
function auth.revoke(kind, value, options)
	if kind ~= "jti" then return nil, "kind: expected jti, sub, user or entry"; end
	table.insert(gone, { id = "0a1b", kind = kind, value = value, entry = options.entry, since = 1700000000, ends = options.expires });
	return gone[1];
end
function auth.revoked() return gone; end
function auth.unrevoke(id)
	if not gone[1] or gone[1].id ~= id then return nil, "no revocation with that id"; end
	table.remove(gone);
	return true;
end
function auth.observe_report()
	return { { entry = "acme", accepted = 812, refused = 14, differs = 1, reasons = { ["room-mismatch"] = 5, expired = 9 } } };
end
local main = prosody.hosts["${host}"].modules.auth_meetauth;
for _, name in ipairs({ "keys_status", "revoked", "observe_report" }) do main[name] = function () return {}; end; end
return true`;

// What each refusal says of itself; the names in its token are in no transcript.
const refusals = [
	{ name: "an expired Jitsi token", token: jitsi({ exp: now() - 60 }), told: ["expired", "portal (jitsi)", "login at meet.example", "HS256"] },
	{ name: "a secret with a newline", token: jitsi({}, `${secrets.portal}\n`), told: ["signature-mismatch", "ends with a newline"] },
	{ name: "a tenant's token under another's secret", token: daily({}, "acme", secrets.zeta),
		told: ["signature-mismatch", "acme (daily)", "by the key of the entry zeta"] },
	{ name: "a Daily token without exp", token: daily({ exp: undefined }), told: ["missing-claim", "missing: exp"] },
	{ name: "an iss in another case", token: jitsi({ iss: "Portal" }), told: ["unknown-issuer", "only in case", "portal"] },
	{ name: "garbage", token: '"garbage"', told: ["malformed", "in quotes"] },
	{ name: "no token", token: undefined, told: ["token-required", "the link has no token"] },
	{ name: "a name that draws on the terminal", token: sign(secrets.portal, { iss: "\u001b[31m", sub: "\u001b[31m" }), told: ["unknown-issuer"] },
];

const word = (told) => new RegExp(told.replaceAll(/[()*.]/g, "\\$&"));

test("shell", { timeout: 120000 }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	t.after(() => server.stop());

	const transcripts = [];
	async function shell(...args) {
		const { code, stdout, stderr } = await server.prosodyctl("shell", "meetauth", ...args);
		transcripts.push(`$ prosodyctl shell meetauth ${args.join(" ")}\n${stdout}${stderr}`);
		return { code, out: stdout + stderr };
	}
	async function refused(token, more = {}) {
		const outcome = await connect({ url: server.ws, host, token, timeout: 15000, ...more });
		assert.ok(outcome.refused, "should not have got in");
		return outcome.refused;
	}

	await t.test("denials of a server that refused nobody: none", async () => {
		const { code, out } = await shell("denials");
		assert.equal(code, 0);
		assert.match(out, /0 refusals/);
	});

	const seen = [];
	for (const { name, token, told } of refusals) {
		await t.test(`why: ${name}`, async () => {
			const { text, reference } = await refused(token);
			assert.match(reference, /^[a-z2-9]{6}$/);
			seen.push(reference);
			assert.match(server.log(), new RegExp(`Meeting token refused: ${text} \\(${reference}\\)`));
			const { code, out } = await shell("why", reference);
			assert.equal(code, 0, out);
			for (const part of [text, ...told]) assert.match(out, word(part));
		});
	}

	await t.test("why: a join of another room, with a hint", async () => {
		const session = await connect({ url: server.ws, host, token: jitsi({ sub: "meet.example.org" }), timeout: 15000 });
		const { refused: refusal } = await session.join(room("standup"), "me", { timeout: 15000 });
		assert.deepEqual(refusal, { type: "cancel", condition: "not-allowed", text: "room-mismatch", child: "room-mismatch" });
		seen.push(refusal.reference);
		const { out } = await shell("why", refusal.reference.toUpperCase());
		for (const part of ["room-mismatch", "join at conference.meet.example", "portal (jitsi)", "the server's own, for these rooms, is meet.example"]) {
			assert.match(out, word(part));
		}
		await session.close(15000);
	});

	await t.test("why: a reference that is none", async () => {
		for (const args of [["why", "zzzzzz"], ["why", "it's"], ["why", "%s"], ["why", ""]]) {
			const { code, out } = await shell(...args);
			assert.notEqual(code, 0);
			assert.match(out, /no refusal with that reference/);
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
		assert.deepEqual(refs(await shell("denials", host, "1")), seen.slice(-2, -1));
		assert.match((await shell("denials", "nowhere.example")).out, /0 refusals/);
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
			const session = await connect({ url: server.ws, host, token, timeout: 15000 });
			sessions.push(session);
			assert.equal((await session.join(room("standup"), nick, { timeout: 15000 })).refused?.text, undefined);
		}
		const { code, out } = await shell("who", room("standup"));
		assert.equal(code, 0, out);
		assert.match(out, /5 occupants/);
		const of = (nick) => out.split(/^(?=\w+: )/m).find((part) => part.startsWith(`${nick}: `)) ?? "";
		const expected = {
			Ann: [/Ann: owner, moderator/, /portal \(jitsi\)/, /owner, by context\.user\.moderator/, /features +recording, by context\.features/, /at expiry: ignore/],
			Ben: [/Ben: member/, /member, by saying nothing of moderators/, /until +9e\+17 /],
			Dana: [/acme \(daily\)/, /owner, by o/, /until +\d{4}-.*\(expired\)/],
			Eve: [/admin, by p\.ca/, /send +a, by p\.cs/, /enters, by the entry/],
			Fay: [/member, by o/, /waits, and switches it on, by k/],
		};
		for (const [nick, patterns] of Object.entries(expected)) {
			for (const pattern of patterns) assert.match(of(nick), pattern);
		}
		await Promise.all(sessions.map((session) => session.close(15000)));
	});

	await t.test("who: a room that is none", async () => {
		for (const jid of [room("nobody"), "nowhere", "@", "a@b@c"]) {
			const { code, out } = await shell("who", jid);
			assert.notEqual(code, 0);
			assert.match(out, /no such room/);
		}
	});

	await t.test("keys, refresh, revoke, revoked, unrevoke and report show what the hosts' modules answer", async () => {
		const session = await connect({ url: server.ws, host, token: jitsi(), timeout: 15000 });
		await inside(session, standIns);
		await session.close(15000);
		const asked = [
			[["keys", other], 0, /^host +entry +kid/m, /other\.example +kc +2026-01 +RS256 +jwks_url +current +1 min +3 +1 h ago +https:/, /kc +jwks_url +timeout/, /2 keys/],
			[["keys"], 0, /2 keys/], [["keys", "nowhere.example"], 1, /not loaded on nowhere\.example/],
			[["refresh", "kc", other], 0, /2 sources asked/], [["refresh", "none", other], 1, /no entry of that name/],
			[["revoke", "jti", "5b1e", `host=${other}`, "entry=portal", "expires=1800000000"], 0, /revoked, id 0a1b, until 2027-01-15/],
			[["revoke", "jti", "5b1e"], 1, /several hosts/], [["revoke", "jti", "5b1e", "entry"], 1, /expected name=value/],
			[["revoke", "all", "of it", `host=${other}`], 1, /kind: expected/],
			[["revoked"], 0, /other\.example +0a1b +jti +5b1e +portal +- +2023-11-14/, /1 revocation$/m],
			[["unrevoke", "ffff", other], 1, /no revocation with that id/], [["unrevoke", "0a1b", other], 0, /revoked no more/],
			[["revoked", other], 0, /0 revocations/],
			[["report", other], 0, /acme +812 +14 +1 +9 expired, 5 room-mismatch/, /would have let in 812 and refused 14/],
		];
		for (const [args, status, ...patterns] of asked) {
			const { code, out } = await shell(...args);
			assert.equal(code, status, out);
			for (const pattern of patterns) assert.match(out, pattern);
		}
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
		assert.doesNotMatch(told, /u-eve|\u001b|Portal/);
	});
});
