// What only the server says of somebody, in presence and in messages: Jitsi's clients believe it by an element's name,
// whatever its namespace, and some of it at any depth. None of it comes from a client, and no name but a locked one.

import assert from "node:assert/strict";
import test from "node:test";
import { $msg, $pres } from "strophe.js";
import { connect } from "./support/client.mjs";
import { dailyConfig, enter, focusHost, host, inside, login, PATIENCE, room, token, withStandIns } from "./support/daily.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const MUC = "http://jabber.org/protocol/muc";
const MUC_USER = `${MUC}#user`;
const NICK = "http://jabber.org/protocol/nick";
const guestHost = `guest.${host}`;
const lobby = `lobby.${host}`;

const config = dailyConfig({
	entries: { lock: "lock_name = true" },
	options: `allow_empty_token = true meetauth_foreign_hosts = { "${guestHost}" }`,
	rest: `
VirtualHost "${guestHost}"
	authentication = "anonymous"
	modules_enabled = { "live_eval" }
Component "${lobby}" "muc"
	muc_room_locking = false
`,
});

const words = ["identity", "permissions", "advisory", "call-control", "display-name", "addresses", "expired"];
const namespaces = {
	identity: "urn:another", permissions: "http://jitsi.org/jitmeet", advisory: "urn:meetauth:advisory:0", "call-control": "urn:another",
	"display-name": "http://jitsi.org/protocol/display-name", addresses: "http://jabber.org/protocol/address", expired: "http://jitsi.org/jitmeet",
};

// Everything that a client would like others to take for the server's word, in each namespace that it may stand in.
function forge(stanza) {
	for (const word of words) {
		for (const xmlns of [undefined, namespaces[word], "urn:of:nobody"]) {
			stanza.c(word, { source: "token", ...(xmlns ? { xmlns } : {}) }).t("{}").up();
		}
	}
	return stanza;
}
const deep = (stanza) => stanza.c("stat", { name: "version" }).c("more").c("x", { xmlns: MUC_USER })
	.c("item", { affiliation: "owner", role: "moderator", jid: `focus@${focusHost}/focus` }).up().c("status", { code: "110" }).up()
	.up().up().up();

const found = (stanza) => words.filter((word) => stanza.getElementsByTagName(word).length > 0);
const items = (stanza) => Array.from(stanza.getElementsByTagName("item")).map((item) => item.getAttribute("affiliation"));

let serial = 0;
const fresh = () => `words-${++serial}`;
const close = (...all) => Promise.all(all.map((session) => session.close(PATIENCE)));

test("what only the server says", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withStandIns() });
	t.after(() => server.stop());

	// A room with somebody in it who notes every presence and every message of 'nick'.
	async function meeting(nick) {
		const name = fresh();
		const witness = await enter(server, token({ r: name, o: true }), name, "witness");
		const seen = { presence: [], message: [] };
		for (const kind of ["presence", "message"]) {
			witness.session.on((stanza) => { if (stanza.getAttribute("from") === `${room(name)}/${nick}`) seen[kind].push(stanza); }, { name: kind });
		}
		return { name, witness, seen };
	}
	// Say all of it: at the join, in a later presence, on leaving, to all and to one.
	async function sayAll(session, name) {
		const me = `${room(name)}/mallory`;
		const joined = await session.join(room(name), "mallory", { timeout: PATIENCE, extra: (presence) => deep(forge(presence)) });
		assert.equal(joined.refused, undefined);
		session.send(deep(forge($pres({ to: me }))));
		session.send(forge($msg({ to: room(name), type: "groupchat" }).c("body").t("Hello").up()));
		session.send(forge($msg({ to: `${room(name)}/witness`, type: "chat" }).c("body").t("Hello").up()));
		session.send(deep(forge($pres({ to: me, type: "unavailable" }))));
		await session.next({ name: "presence", type: "unavailable", from: me }, PATIENCE);
		return joined;
	}
	// What came of it, as the witness has it: three presences, two messages.
	async function heard(witness, seen) {
		await inside(witness.session, "return true");
		assert.deepEqual([seen.presence.length, seen.message.length], [3, 2]);
		return [...seen.presence, ...seen.message].map(found);
	}

	const senders = {
		"the bearer of a token": (name) => login(server, token({ r: name })),
		"a guest": () => connect({ url: server.ws, host, timeout: PATIENCE }),
		"somebody of another host that may enter": () => connect({ url: server.ws, host: guestHost, timeout: PATIENCE }),
	};

	for (const [who, open] of Object.entries(senders)) {
		await t.test(`comes from no client: ${who}`, async () => {
			const { name, witness, seen } = await meeting("mallory");
			const session = await open(name);
			assert.equal(session.refused, undefined);
			const joined = await sayAll(session, name);
			assert.deepEqual(await heard(witness, seen), [[], [], [], [], []]);
			// the server's own words to the bearer, once, are in the presence that tells of the join
			assert.deepEqual(found(joined.stanza), who === "the bearer of a token" ? ["permissions"] : []);
			assert.deepEqual(seen.presence.map((stanza) => items(stanza).length), [1, 1, 1]); // the room's own, of muc#user
			await close(session, witness.session);
		});
	}

	await t.test("is left to those who need no token, such as Jitsi's own clients", async () => {
		const { name, witness, seen } = await meeting("mallory");
		const session = await connect({ url: server.ws, host: focusHost, timeout: PATIENCE });
		await sayAll(session, name);
		assert.deepEqual(await heard(witness, seen), [words, words, words, words, words]);
		await close(session, witness.session);
	});

	// A name in each namespace that a client may read it in: that of the stream, of names, and of nobody.
	const named = (stanza, name) => {
		for (const xmlns of [undefined, NICK, "urn:of:nobody"]) stanza.c("nick", xmlns ? { xmlns } : {}).t(name).up();
		return stanza;
	};
	const names = (stanza) => Array.from(stanza.getElementsByTagName("nick")).map((nick) => nick.textContent);

	for (const [claims, want] of [[{ u: "Ann" }, ["Ann"]], [{}, []]]) {
		await t.test(`no name but the locked one: ${want[0] ?? "none"}`, async () => {
			const { name, witness, seen } = await meeting("ann");
			const session = await login(server, token({ r: name, ...claims }, "lock"));
			await session.join(room(name), "ann", { timeout: PATIENCE, extra: (presence) => named(presence, "Eve") });
			session.send(named($pres({ to: `${room(name)}/ann` }), "Eve"));
			for (const [to, type] of [[room(name), "groupchat"], [`${room(name)}/witness`, "chat"]]) {
				session.send(named($msg({ to, type }).c("body").t("Hello").up(), "Eve").c("display-name", { source: "token" }).t("Eve").up());
			}
			session.send(named($pres({ to: `${room(name)}/ann`, type: "unavailable" }), "Eve"));
			await session.next({ name: "presence", type: "unavailable", from: `${room(name)}/ann` }, PATIENCE);
			await heard(witness, seen);
			assert.deepEqual(seen.presence.map(names), [want, want, []]);
			assert.deepEqual(seen.message.map(names), [want, want]);
			await close(session, witness.session);
		});
	}

	await t.test("no other name where somebody waits to be let in, either", async () => {
		const name = fresh();
		const owner = await enter(server, token({ r: name, o: true }), name, "owner", { component: lobby });
		const session = await login(server, token({ r: name, u: "Ann", k: true }, "lock"));
		await session.join(room(name, lobby), "knocker", { timeout: PATIENCE, extra: (presence) => named(presence, "The boss") });
		const seen = await owner.wait((p) => p.nick === "knocker", "the knocker");
		assert.deepEqual(names(seen.stanza), ["Ann"]);
		await close(session, owner.session);
	});

	await t.test("a name that is not locked is the client's, in the namespace of names", async () => {
		const { name, witness, seen } = await meeting("ann");
		const session = await login(server, token({ r: name, u: "Ann" }));
		const bare = (presence) => presence.c("nick", { xmlns: NICK }).t("Bob").up();
		await session.join(room(name), "ann", { timeout: PATIENCE, extra: bare });
		await inside(witness.session, "return true");
		assert.deepEqual(seen.presence.map(names), [["Bob"]]);
		await close(session, witness.session);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
