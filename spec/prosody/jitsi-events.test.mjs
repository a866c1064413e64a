// The events by which other modules take part in a login: their order, what a handler's answer
// does, and the counters that Jitsi's dashboards know.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, plain, refusedFields } from "./support/inside.mjs";
import { host, jitsiConfig, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now } from "./support/token.mjs";

const events = [
	"pre-jitsi-authentication-fetch-key", "jitsi-authentication-token-verified", "jitsi-access-ban-check",
	"pre-jitsi-authentication", "post-jitsi-authentication",
];

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (pair) => pair.publicKey.export({ type: "spki", format: "pem" });
const [configured, handedIn, stranger] = [rsa(), rsa(), rsa()];
const rsaHost = "rsa.example";

function rs256(pair, claims = {}) {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const all = { iss: "portal", aud: "jitsi", sub: rsaHost, room: "standup", exp: now() + 600, ...claims };
	const input = `${part({ alg: "RS256", typ: "JWT" })}.${part(all)}`;
	return `${input}.${signBytes("sha256", input, pair.privateKey).toString("base64url")}`;
}

const config = jitsiConfig({
	global: 'statistics = "internal"\nstatistics_interval = "manual"',
	options: "allow_empty_token = true",
	modules: ["live_events", "http_openmetrics"],
	rest: `
VirtualHost "${rsaHost}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "live_fields", "live_events" }
	app_id = "portal"
	app_secret = [[${pem(configured)}]]
	signature_algorithm = "RS256"
	live_public_key = [[${pem(handedIn)}]]
	meetauth_enforcement = "elsewhere"
`,
});

let serial = 0;

test("jitsi events", { timeout: TEST, concurrency: 6 }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });

	// Log in where handlers behave as 'act' says; told: the events that the session saw, with what was known of it.
	async function attempt(act, claims, more = {}) {
		const id = `s${serial++}`;
		const session = await connect({
			url: server.ws, host, token: claims && token(claims), ...more, params: { room: act, previd: id, ...more.params },
		});
		const all = server.log().matchAll(new RegExp(`spec event of ${id}: (\\S+), (.*)$`, "gm"));
		const told = [...all].map(([, event, state]) => ({ event, state }));
		return { session, refused: session.refused, told, id };
	}

	// text: the word, or a handler's own sentence
	async function refusal(act, claims, text, last, more) {
		const { refused, told, id } = await attempt(act, claims, more);
		assert.ok(refused, "should not have got in");
		const said = refused.text === "refused-by-module" && refused.sentence !== "This server refused your login" ? refused.sentence : refused.text;
		assert.deepEqual({ condition: refused.condition, text: said }, { condition: "not-allowed", text });
		assert.match(refused.xml, /<failure[^>]*><not-allowed\/><text>.+<\/text><\/failure>/);
		assert.deepEqual(told.map(({ event }) => event), last ? events.slice(0, events.indexOf(last) + 1) : [events[0]]);
		const left = refusedFields(server).filter((fields) => plain(fields.previd) === id);
		assert.equal(left.length, 1);
		for (const name of Object.keys(left[0])) {
			assert.ok(!/^(auth_token|public_key|contextRequired|_jitsi_auth_done|jitsi_meet_.*|meetauth_g.*)$/.test(name), `${name} is left behind`);
		}
	}

	const cases = [];
	const it = (name, run) => cases.push(t.test(name, run));

	it("come in order, the token's after it was verified", async () => {
		const { session, told } = await attempt("plain", {});
		assert.deepEqual(told, events.map((event, i) => ({ event, state: i === 0 ? "nothing yet" : "verified" })));
		await session.close();
	});

	it("come for a guest as well, but for the token's", async () => {
		const { session, told } = await attempt("plain", undefined);
		const expected = events.filter((event) => event !== "jitsi-authentication-token-verified");
		assert.deepEqual(told, expected.map((event) => ({ event, state: "nothing yet" })));
		await session.close();
	});

	it("do not come behind a token that was refused", () => refusal("plain", { exp: now() - 60 }, "expired"));

	it("do not tell of nulls", async () => {
		const { session } = await attempt("plain", { nothing: null, context: { nothing: null, user: { name: null, id: "u" }, features: { flip: null } } });
		assert.equal(session.refused, undefined);
		await session.close();
		assert.doesNotMatch(server.log(), /spec null in/);
	});

	it("a handler of fetch-key refuses with its text", () => refusal("fetch-refused", {}, "no key for you"));
	it("a handler of fetch-key refuses a guest with its text", () => refusal("fetch-refused", undefined, "no key for you"));
	it("a ban check that says false refuses", () => refusal("banned", {}, "banned", "jitsi-access-ban-check"));
	it("a handler behind the login refuses, in clean text", () =>
		refusal("post-refused", {}, "nottoday", "post-jitsi-authentication"));
	it("a handler's text that is none is left out", () =>
		refusal("post-refused-bytes", {}, "refused-by-module", "post-jitsi-authentication"));
	it("a handler that refuses without a text", () =>
		refusal("post-refused-silently", {}, "refused-by-module", "post-jitsi-authentication"));
	it("a handler that demands a context is obeyed", () =>
		refusal("needs-context", {}, "missing-claim", "jitsi-authentication-token-verified"));
	it("a context that is null is none", () =>
		refusal("needs-context", { context: null }, "missing-claim", "jitsi-authentication-token-verified"));

	for (const act of ["fetch-agrees", "not-banned", "post-agrees"]) {
		it(`any other answer changes nothing: ${act}`, async () => {
			const { session, told } = await attempt(act, {});
			assert.equal(session.refused, undefined);
			assert.equal(told.length, events.length);
			await session.close();
		});
	}

	it("a context that is demanded and there is fine", async () => {
		const { session } = await attempt("needs-context", { context: {} });
		assert.equal(session.refused, undefined);
		await session.close();
	});

	it("a handler may choose the user name", async () => {
		const { session } = await attempt("named", {}, { params: { customusername: "Visitor-7" } });
		assert.match(session.jid, /^visitor-7@/);
		await session.close();
	});

	it("a name that can be none is not taken", async () => {
		const { session } = await attempt("misnamed", {});
		assert.match(session.jid, /^[0-9a-f]{20}@/);
		await session.close();
	});

	it("a key that a handler found verifies RS256, in the place of the configured one", async () => {
		const by = (pair) => ({ host: rsaHost, token: rs256(pair) });
		const own = await attempt("own-key", undefined, by(handedIn));
		assert.equal(own.refused, undefined);
		assert.equal(plain((await fieldsOf(own.session)).jitsi_meet_room), "standup");
		await own.session.close();
		await refusal("own-key", undefined, "signature-mismatch", undefined, by(configured));
		await refusal("own-key", undefined, "signature-mismatch", undefined, by(stranger));
		const without = await attempt("plain", undefined, by(configured));
		assert.equal(without.refused, undefined);
		await without.session.close();
		await refusal("plain", undefined, "signature-mismatch", undefined, by(handedIn));
	});

	it("such a key is no secret: a token signed with its text as one is refused", async () => {
		await refusal("own-key", undefined, "algorithm-mismatch", undefined, { host: rsaHost, token: token({ sub: rsaHost }, pem(handedIn)) });
	});

	it("such a key still wants the configured issuer", async () => {
		await refusal("own-key", undefined, "issuer-mismatch", undefined, { host: rsaHost, token: rs256(handedIn, { iss: "elsewhere" }) });
	});

	await Promise.all(cases);

	await t.test("every login is counted under Jitsi's names and under ours", async () => {
		const text = await (await fetch(`${server.http}/metrics`)).text();
		const count = (name, more = "") => {
			const rows = text.split("\n").filter((row) => row.startsWith(`prosody_mod_auth_meetauth__${name}_total{host="${host}"`) && row.includes(more));
			return rows.reduce((sum, row) => sum + Number(row.split(" ").at(-1)), 0);
		};
		assert.deepEqual({
			pre_fetch_fail: count("pre_fetch_fail"), verify_fail: count("verify_fail"), ban: count("ban"),
			post_auth_fail: count("post_auth_fail"), success: count("success"),
		}, { pre_fetch_fail: 2, verify_fail: 3, ban: 1, post_auth_fail: 3, success: 9 });
		assert.equal(count("denied", ',reason="banned"'), 1);
		assert.equal(count("denied", ',reason="refused-by-module"'), 5);
		assert.equal(count("denied", ',reason="missing-claim"'), 2);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
