// Options that are read again on SIGHUP, by both halves; and what the debug log says that Jitsi's became.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, inside, plain } from "./support/inside.mjs";
import { host, jitsiConfig, room, secret, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const other = "other-secret-2-3-5-7-11-13-17-19-23-29-31";
const options = `
	signature_algorithm = "HS256"
	asap_accepted_issuers = { "portal", "chat" }
	asap_accepted_audiences = { "jitsi" }
	asap_require_room_claim = true
	enable_domain_verification = true
	allow_empty_token = false
	region_header_name = "X-Region"
	jwt_pubkey_cache_size = 64
	asap_key_path = "/nowhere/asap.key"
	-- more options
`;
const rest = `
VirtualHost "guest.example"
	authentication = "anonymous"
	modules_enabled = { "live_eval" }
`;
const config = jitsiConfig({ options, component: "-- more for the component", rest });

const understood = [
	'app_id: understood as id and issuer of the entry "portal"',
	'app_secret: understood as key of the entry "portal"',
	'signature_algorithm: understood as algorithms of the entry "portal"',
	'asap_accepted_issuers: understood as issuer of the entry "portal"',
	'asap_accepted_audiences: understood as audience of the entry "portal"',
	'asap_require_room_claim: understood as room = "required" of the entry "portal"',
	'enable_domain_verification: understood as domain_verification = true of the entry "portal"',
	"allow_empty_token: understood: guests are refused",
	'region_header_name: understood as the header "x_region"',
	"jwt_pubkey_cache_size: not used. meetauth stores at most 128 keys of a key server",
	"asap_key_path: used by Jitsi's modules that sign tokens themselves",
];

test("jitsi reload", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });

	// Log in: "in", or the reason; with the fields where 'look' wants them.
	async function login(by, { on = host, look, ...more } = {}) {
		const session = await connect({ url: server.ws, host: on, token: by, ...more });
		if (session.refused) return session.refused.text;
		const seen = look ? plain((await fieldsOf(session))[look]) : "in";
		await session.close();
		return seen;
	}
	async function enter(on, by, name = "standup") {
		const session = await connect({ url: server.ws, host: on, token: by });
		const { refused } = await session.join(room(name), "visitor");
		await session.close();
		return refused?.text ?? "in";
	}
	// Put lines in the place of others, and have them read.
	async function change(...pairs) {
		const from = server.log().length;
		server.rewriteConfig((text) => pairs.reduce((all, [before, after]) => {
			assert.ok(all.includes(before), before);
			return all.replace(before, after);
		}, text));
		await server.reload();
		return () => server.log().slice(from);
	}
	const more = (lines) => ["-- more options", `${lines}\n\t-- more options`];

	await t.test("the debug log says what Jitsi's options became, and shows no secret", () => {
		const log = server.log();
		for (const line of understood) assert.ok(log.split("\n").some((row) => /:auth_meetauth\s+debug\s/.test(row) && row.endsWith(line)), line);
		assert.ok(!log.includes(secret));
	});

	const old = await connect({ url: server.ws, host, token: token() });
	assert.equal((await old.join(room("standup"), "old")).refused, undefined);

	await t.test("another secret: new logins follow it, old sessions stay and go on", async () => {
		assert.deepEqual([await login(token()), await login(token({}, other))], ["in", "signature-mismatch"]);
		await change([`app_secret = "${secret}"`, `app_secret = "${other}"`]);
		assert.deepEqual([await login(token()), await login(token({}, other))], ["signature-mismatch", "in"]);
		assert.equal(await inside(old, 'return room("standup"):get_occupant_by_real_jid(session.full_jid) ~= nil'), true);
		const left = old.next({ name: "presence", type: "unavailable" });
		await inside(old, 'room("standup"):set_role(true, "standup@conference.meet.example/old", nil)');
		await left;
		assert.equal((await old.join(room("standup"), "old")).refused, undefined);
	});

	const good = (claims) => token(claims, other);

	const broken = [
		["a secret that is too short", [`app_secret = "${other}"`, 'app_secret = "short"'], /app_secret\S*: found a string of 5 bytes/],
		["an option of a wrong type", more('meetauth_on_expiry = "maybe"'), /meetauth_on_expiry: found "maybe", expected "ignore" or "warn" or "kick"/],
		["an unknown option", more("meetauth_reconect_grace = 5"), /meetauth_reconect_grace: found an option with this name/],
	];
	for (const [what, pair, says] of broken) {
		await t.test(`${what}: told, and the configuration before stays`, async () => {
			const log = await change(pair);
			assert.match(log(), says);
			assert.match(log(), /:auth_meetauth\s+error\s.*The new configuration has errors. The previous configuration stays in use/);
			assert.deepEqual([await login(good()), await login(token())], ["in", "signature-mismatch"]);
			assert.doesNotMatch(log(), /short"/);
			await change([pair[1], pair[0]]);
		});
	}

	await t.test("a file that is no configuration changes nothing", async () => {
		await change(more("= = ="));
		assert.equal(await login(good()), "in");
		await change(["= = =\n\t", ""]);
	});

	await t.test("issuers and audiences", async () => {
		assert.equal(await login(good({ iss: "chat" })), "in");
		await change(['{ "portal", "chat" }', '{ "lms" }'], ['asap_accepted_audiences = { "jitsi" }', 'asap_accepted_audiences = { "meetings" }']);
		assert.equal(await login(good({ iss: "chat" })), "unknown-issuer");
		assert.equal(await login(good({ iss: "lms" })), "audience-mismatch");
		assert.equal(await login(good({ iss: "lms", aud: ["x", "meetings"] })), "in");
		await change(['{ "lms" }', '{ "portal", "chat" }'], ['asap_accepted_audiences = { "meetings" }', 'asap_accepted_audiences = { "*" }']);
	});

	await t.test("whether a room is asked for, and a domain", async () => {
		assert.equal(await login(good({ room: undefined })), "missing-claim");
		assert.equal(await login(good({ sub: undefined })), "missing-claim");
		await change(["asap_require_room_claim = true", "asap_require_room_claim = false"],
			["enable_domain_verification = true", "enable_domain_verification = false"]);
		assert.equal(await enter(host, good({ room: undefined, sub: undefined })), "in");
	});

	await t.test("whether guests are let in, with a warning", async () => {
		assert.equal(await login(undefined), "token-required");
		const log = await change(["allow_empty_token = false", "allow_empty_token = true"]);
		assert.match(log(), /:auth_meetauth\s+warn\s.*allow_empty_token: users without a token can log in as guests/);
		assert.equal(await enter(host, undefined), "in");
		await change(["allow_empty_token = true", "allow_empty_token = false"]);
		assert.equal(await login(undefined), "token-required");
	});

	await t.test("how the token's parameter and the region's header are called", async () => {
		assert.equal(await login(undefined, { params: { jwt: good() } }), "token-required");
		assert.equal(await login(good(), { look: "user_region", headers: { "X-Region": "eu" } }), "eu");
		await change(more('meetauth_query_params = { "jwt" }'), ['"X-Region"', '"X-Zone"']);
		assert.equal(await login(undefined, { params: { jwt: good() } }), "in");
		assert.equal(await login(good()), "token-required");
		const headers = { "X-Zone": "us", "X-Region": "eu" };
		assert.equal(await login(good(), { header: true, look: "user_region", headers }), "us");
		await change(['meetauth_query_params = { "jwt" }', ""]);
	});

	await t.test("the algorithm", async () => {
		await change(['signature_algorithm = "HS256"', 'signature_algorithm = "HS384"'], [`app_secret = "${other}"`, `app_secret = "${other}-longer"`]);
		assert.equal(await login(good()), "algorithm-mismatch");
		await change(['signature_algorithm = "HS384"', 'signature_algorithm = "HS256"'], [`app_secret = "${other}-longer"`, `app_secret = "${other}"`]);
		assert.equal(await login(good()), "in");
	});

	await t.test("on the MUC component: who needs no token", async () => {
		assert.equal(await enter("guest.example"), "token-required");
		await change(["-- more for the component", 'meetauth_exempt = { "guest.example" }']);
		assert.equal(await enter("guest.example"), "in");
		await change(['meetauth_exempt = { "guest.example" }', "-- more for the component"]);
		assert.equal(await enter("guest.example"), "token-required");
	});

	await t.test("whose sessions enter beside the host's own", async () => {
		await change(more('meetauth_foreign_hosts = { "guest.example" }'));
		assert.equal(await enter("guest.example"), "in");
		await change(['meetauth_foreign_hosts = { "guest.example" }', ""]);
		assert.equal(await enter("guest.example"), "token-required");
	});

	await old.close();
	await t.test("the log holds no traceback and no secret", () => {
		// Prosody itself names the line of a file that is no configuration
		const log = server.log().replace(/.*prosody\.cfg\.lua:\d+: .*/g, "");
		assert.doesNotMatch(log, traceback);
		assert.ok(!log.includes(secret) && !log.includes(other));
	});
});
