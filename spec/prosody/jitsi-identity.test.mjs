// Who is behind a nick, in presence (meetauth_presence_identity): from the token alone, and in clean scalars.
// Proves mod_auth_meetauth/identity.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $pres } from "strophe.js";
import { connect } from "./support/client.mjs";
import { host, jitsiConfig, secret, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const plainHost = "plain.example";
const otherHost = "other.example"; // whose presence is left to Jitsi's module
const config = jitsiConfig({
	options: "meetauth_presence_identity = true allow_empty_token = true",
	rest: `
VirtualHost "${plainHost}"
	authentication = "meetauth"
	app_id = "portal"
	app_secret = "${secret}"
Component "conference.${plainHost}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
VirtualHost "${otherHost}"
	authentication = "meetauth"
	modules_enabled = { "presence_identity" }
	allow_empty_token = true
	app_id = "portal"
	app_secret = "${secret}"
Component "conference.${otherHost}" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
`,
});

const elements = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);

// The <identity/> elements of a presence, each as { user: { name: text }, group } with what else is in it by name.
function identities(presence) {
	return elements(presence).filter((child) => child.localName === "identity").map((identity) =>
		Object.fromEntries(elements(identity).map((child) => [child.localName, child.localName === "user"
			? Object.fromEntries(elements(child).map((value) => [value.localName, value.textContent])) : child.textContent])));
}

// What a client would like others to believe.
const forged = (presence) => presence
	.c("identity").c("user").c("name").t("Mallory").up().c("id").t("admin").up().up().c("group").t("staff").up().up()
	.c("identity", { xmlns: "urn:another" }).t("again").up();

const context = (user, more = "") => sign(secret,
	`{"iss":"portal","aud":"jitsi","sub":"${host}","room":"*","exp":${now() + 600},"context":{"user":${user}${more}}}`);

// [what, token, the identity that others see]
const cases = [
	["everything that a token may say", context('{"id":"u-1","name":"Ann","email":"ann@example.org","hidden-from-recorder":"true"}', ',"group":"staff"'),
		[{ user: { id: "u-1", name: "Ann", email: "ann@example.org", "hidden-from-recorder": "true" }, group: "staff" }]],
	["numbers and booleans", context('{"a":7,"b":7.0,"c":7.5,"d":-0.25,"e":9007199254740993,"f":1e21,"yes":true,"no":false}'),
		[{ user: { a: "7", b: "7", c: "7.5", d: "-0.25", e: "9007199254740993", f: "1e+21", yes: "true", no: "false" } }]],
	["nothing that is no scalar", context('{"name":"Ann","list":["x"],"object":{"a":1},"none":null,"empty":""}'),
		[{ user: { name: "Ann", empty: "" } }]],
	["no odd names", context('{"a b":"1","1x":"2","":"3","x<y":"4","x:y":"5","-x":"6","n\\u00e4me":"7","x\\u0000":"8","ok.-_1":"9"}'),
		[{ user: { "ok.-_1": "9" } }]],
	["clean text", context('{"name":"A\\u0000n\\u001bn\\u202e\\u2066\\u0085","nick":"<b>&amp;]]>\\"\'"}', ',"group":"s\\u200ftaff\\r\\n"'),
		[{ user: { name: "Ann", nick: "<b>&amp;]]>\"'" }, group: "staff" }]],
	["no user", context("null", ',"group":"staff"'), []],
	["no context", token({ room: "*" }), []],
	["only an id", token({ room: "*", user_id: "fire-1" }), [{ user: { id: "fire-1" } }]],
	["an id that is a number", token({ room: "*", user_id: 77 }), [{ user: { id: "77" } }]],
	["no token", undefined, []],
];

test("jitsi identity", { timeout: TEST, concurrency: 6 }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	const login = async (by, on = host) => {
		const session = await connect({ url: server.ws, host: on, token: by });
		assert.equal(session.refused, undefined);
		return session;
	};
	const running = [];
	const it = (name, run) => running.push(t.test(name, run));

	for (const [index, [what, by, expected]] of cases.entries()) {
		it(`${what}: in the join and in later presence, in the place of what the client sent`, async () => {
			const room = `room${index}@conference.${host}`;
			const watcher = await login(token({ room: "*" }));
			await watcher.join(room, "watcher");
			const session = await login(by);
			const seen = () => watcher.next({ name: "presence", from: `${room}/me` });

			const joining = seen();
			const joined = await session.join(room, "me", { extra: forged });
			assert.deepEqual(identities(joined.stanza), expected);
			assert.deepEqual(identities(await joining), expected);

			const updating = seen();
			session.connection.send(forged($pres({ to: `${room}/me` })));
			assert.deepEqual(identities(await updating), expected);

			const leaving = seen();
			session.connection.send(forged($pres({ to: `${room}/me`, type: "unavailable" })));
			assert.deepEqual(identities(await leaving), []);
			session.connection.send(forged($pres())); // to nobody in particular
			await Promise.all([session.close(), watcher.close()]);
		});
	}

	// What others see of somebody with that token who sends a forged identity.
	async function shown(by, on) {
		const session = await login(by, on);
		const joined = await session.join(`room@conference.${on}`, "me", { extra: forged });
		await session.close();
		return identities(joined.stanza);
	}

	it("without the option there is none, from a client neither", async () => {
		assert.deepEqual(await shown(token({ sub: plainHost, room: "*", context: { user: { name: "Ann" } } }), plainHost), []);
	});

	it("without the option there is what Jitsi's module says, and of a guest none", async () => {
		assert.deepEqual(await shown(token({ sub: otherHost, room: "*", context: { user: { name: "Ann" } } }), otherHost),
			[{ user: { name: "Ann" } }]);
		assert.deepEqual(await shown(token({ sub: otherHost, room: "*" }), otherHost), []);
		assert.deepEqual(await shown(undefined, otherHost), []);
	});

	await Promise.all(running);
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
