// Other modules write into a stanza before ours do, and leave open what they have begun (util.stanza's tag() without
// up()): what ours write stands where it belongs all the same, and not in somebody else's element.

import assert from "node:assert/strict";
import test from "node:test";
import { $msg } from "strophe.js";
import { dailyConfig, enter, host, inside, presence, token, withStandIns } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign } from "./support/token.mjs";

const secret = "jitsi-secret-2-3-5-7-11-13-17-19-23-29";
const config = dailyConfig({
	entries: { lock: "lock_name = true" },
	options: `app_id = "portal" app_secret = "${secret}" meetauth_presence_identity = true`,
	componentModules: ["live_writer"],
}).replace('"live_eval"', '"live_eval"; "live_writer"');

const jitsi = (name, user) => sign(secret, { iss: "portal", sub: host, room: name, exp: now() + 600, context: { user } });
const close = (...all) => Promise.all(all.map((who) => who.session.close()));

const elements = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);
// What stands directly in a stanza under that name, and how many there are at any depth.
const under = (stanza, name) => ({
	direct: elements(stanza).filter((child) => child.localName === name).map((child) => child.textContent),
	all: stanza.getElementsByTagName(name).length,
});

let serial = 0;
const fresh = () => `open-${++serial}`;

test("elements that another module has left open", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	t.after(() => server.stop());

	await t.test("hold no room password that a token makes needless", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner");
		await inside(owner.session, `room("${name}"):set_password("open sesame") return true`);
		const passes = await enter(server, jitsi(name, { id: "u1", security_bypass: true }), name, "passes");
		assert.deepEqual([passes.joined.refused?.condition, passes.joined.affiliation], [undefined, "member"]);
		const knows = await enter(server, jitsi(name, { id: "u2" }), name, "knows not");
		assert.equal(knows.joined.refused?.condition, "not-authorized");
		await close(owner, passes, knows);
	});

	await t.test("hold no name that a token gives", async () => {
		const name = fresh();
		const witness = await enter(server, token({ r: name, o: true }), name, "witness");
		const heard = [];
		witness.session.on((stanza) => { if (stanza.getElementsByTagName("body").length) heard.push(under(stanza, "nick")); }, { name: "message" });
		const ann = await enter(server, token({ r: name, u: "Ann" }), name, "ann");
		assert.deepEqual(under((await witness.wait((p) => p.nick === "ann")).stanza, "nick"), { direct: ["Ann"], all: 1 });
		const ben = await enter(server, token({ r: name, u: "Ben" }, "lock"), name, "ben", { nickname: "Eve" });
		assert.deepEqual(under((await witness.wait((p) => p.nick === "ben")).stanza, "nick"), { direct: ["Ben"], all: 1 });
		const before = witness.all.length;
		presence(ben, { nickname: "Eve" });
		const changed = await witness.wait((p) => p.nick === "ben" && witness.all.indexOf(p) >= before, "the change");
		assert.deepEqual(under(changed.stanza, "nick"), { direct: ["Ben"], all: 1 });
		for (const [to, type] of [[ben.jid, "groupchat"], [`${ben.jid}/witness`, "chat"]]) {
			ben.session.send($msg({ to, type }).c("body").t("Hello").up().c("nick", { xmlns: "http://jabber.org/protocol/nick" }).t("Eve"));
		}
		await inside(ben.session, "return true");
		await inside(witness.session, "return true");
		assert.deepEqual(heard, [{ direct: ["Ben"], all: 1 }, { direct: ["Ben"], all: 1 }]);
		await close(witness, ann, ben);
	});

	await t.test("hold no identity", async () => {
		const name = fresh();
		const guest = await enter(server, jitsi(name, { id: "u1" }), name, "guest");
		assert.deepEqual(under(guest.joined.stanza, "identity"), { direct: ["u1"], all: 1 });
		await close(guest);
	});

	await t.test("hold no permissions of a Daily bearer", async () => {
		const name = fresh();
		const guest = await enter(server, token({ r: name }), name, "guest");
		const told = await guest.wait((p) => p.permissions.length > 0, "the permissions");
		assert.deepEqual([under(told.stanza, "permissions").direct.length, under(told.stanza, "permissions").all], [1, 1]);
		await close(guest);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
