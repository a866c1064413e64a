// Whoever comes by a token, or as a guest, has a meeting and no account: nothing that they send goes to another server, and
// nothing of theirs is kept, whatever module would keep it and whatever storage it goes to.
// Proves mod_auth_meetauth/nostorage.lib and mod_auth_meetauth/reach.lib.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { $iq, $msg, $pres } from "strophe.js";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { PATIENCE, TEST } from "./support/patience.mjs";
import { prosodyVersion, startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now, sign } from "./support/token.mjs";

const host = "meet.example";
const open = "open.example"; // where Prosody's own option lets traffic out
const spied = "spied.example"; // whose storage is a driver of somebody else's
const others = "others.example"; // where another login decides, and ours looks on
const muc = `conference.${host}`;
const lobby = `lobby.${host}`;
const secret = "portal-secret-2-3-5-7-11-13-17-19-23-29-3";

const writers = ["private", "vcard", "vcard_legacy", "pep", "mam", "offline", "roster", "blocklist", "bookmarks", "smacks",
	...(prosodyVersion === "0.12" ? ["lastactivity"] : ["account_activity"])]
	.filter((name) => name !== "vcard_legacy"); // the same elements as vcard
const list = (names) => `{ ${names.map((name) => `"${name}"`).join("; ")} }`;

const login = (name, more = "") => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = ${list(["live_eval", "live_remote", ...writers])}
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secret}", domain_verification = false };
		{ id = "once", issuer = "once", secret = "once-${secret}", domain_verification = false, single_use = true };
	}
	allow_empty_token = true
	archive_store = "archive"
	default_archive_policy = true
	smacks_hibernation_time = 1
	${more}
Component "conference.${name}" "muc"
	modules_enabled = { "muc_meetauth"; "live_remote" }
	muc_room_locking = false
`;

const config = `
${login(host)}
${login(open, "allow_anonymous_s2s = true")}
${login(spied, 'storage = "live_spy"')}
VirtualHost "${others}"
	authentication = "anonymous"
	allow_anonymous_s2s = true
	allow_anonymous_storage = true
	archive_store = "archive"
	default_archive_policy = true
	smacks_hibernation_time = 1
	modules_enabled = ${list(["live_eval", "auth_meetauth", ...writers])}
	app_id = "portal"
	app_secret = "${secret}"
Component "${lobby}" "muc"
	modules_enabled = { "live_remote" }
	muc_room_locking = false
`;

const token = (claims = {}, by = "portal") => sign(by === "once" ? `once-${secret}` : secret,
	{ iss: by, sub: host, room: "*", exp: now() + 600, jti: `t${serial++}`, moderator: true, ...claims });
let serial = 0;

const elements = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);
const errorOf = (stanza) => {
	const error = elements(stanza).find((child) => child.localName === "error");
	return error && elements(error)[0].localName;
};

test("no account", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	t.after(() => server.stop());

	async function start(by, on = host) {
		const session = await connect({ url: server.ws, host: on, token: by });
		assert.equal(session.refused, undefined);
		session.node = session.jid.split("@")[0];
		session.on((stanza) => session.heard.push(stanza));
		session.heard = [];
		return session;
	}
	const settle = (session) => inside(session, "return true", PATIENCE);
	const ask = (session, iq) => new Promise((resolve) => {
		session.connection.sendIQ(iq, (answer) => resolve(answer), (error) => resolve(error), PATIENCE);
	});
	const remote = (session) => [...server.log().matchAll(/spec remote: (\S+) to (\S+) by (\S+)/g)]
		.filter(([, , , from]) => !session || from.includes(session.node)).map(([, kind, to]) => `${kind} to ${to}`);
	const people = [["a bearer", () => token()], ["a guest", () => undefined]];

	for (const [who, by] of people) {
		await t.test(`nothing that ${who} sends goes to another server, and each is told`, async () => {
			const session = await start(by());
			const to = "victim@any.host";
			assert.equal(errorOf(await ask(session, $iq({ type: "get", to }).c("query", { xmlns: "jabber:iq:version" }))), "not-allowed");
			for (const stanza of [$msg({ to, type: "chat" }).c("body").t("Hello"), $pres({ to: "room@conference.any.host/nick" }),
				$pres({ to, type: "subscribe" }), $msg({ to: "any.host" }).c("body").t("Hello")]) session.send(stanza);
			await settle(session);
			const refused = session.heard.filter((stanza) => errorOf(stanza) === "not-allowed").map((stanza) => stanza.getAttribute("from"));
			assert.deepEqual(refused.filter((from) => from !== to).sort(), ["any.host", "room@conference.any.host/nick"]);
			assert.ok(refused.filter((from) => from === to).length >= 2); // the iq and the message; of a subscription Prosody says nothing
			await session.close();
			assert.deepEqual(remote(session), []);
		});

		await t.test(`no room goes there for ${who}, guarded or not`, async () => {
			const from = remote().length;
			for (const component of [muc, lobby]) {
				const session = await start(by());
				await session.join(`r${serial}@${component}`, "me");
				session.heard.length = 0;
				for (const what of ["invite", "decline"]) {
					session.send($msg({ to: `r${serial}@${component}` }).c("x", { xmlns: "http://jabber.org/protocol/muc#user" })
						.c(what, { to: `nobody@${host}` }).up().c(what, { to: "victim@any.host" }));
				}
				await settle(session);
				assert.deepEqual(session.heard.map(errorOf).filter(Boolean), ["not-allowed", "not-allowed"]);
				await session.close();
			}
			assert.equal(remote().length, from);
		});
	}

	await t.test("people of this server are reached", async () => {
		const [one, two] = [await start(token()), await start(token(), open)];
		const heard = two.next({ name: "message", from: one.jid }, PATIENCE);
		one.send($msg({ to: two.jid, type: "chat" }).c("body").t("Hello"));
		assert.equal((await heard).getElementsByTagName("body")[0].textContent, "Hello");
		await one.join(`people@${muc}`, "me");
		const invited = two.next({ name: "message", from: `people@${muc}` }, PATIENCE);
		one.send($msg({ to: `people@${muc}` }).c("x", { xmlns: "http://jabber.org/protocol/muc#user" }).c("invite", { to: two.jid }));
		await invited;
		await Promise.all([one.close(), two.close()]);
	});

	await t.test("what a module sends in somebody's name goes out, as Jitsi's visitors need it", async () => {
		const session = await start(token());
		await inside(session, `module:send(require "util.stanza".presence({ from = session.full_jid, to = "r@conference.v1.host/n" })) return true`);
		assert.deepEqual(remote(session), ["presence to r@conference.v1.host/n"]);
		await session.close();
	});

	await t.test("Prosody's allow_anonymous_s2s lets it out", async () => {
		const session = await start(token(), open);
		session.send($msg({ to: "victim@any.host", type: "chat" }).c("body").t("Hello"));
		await settle(session);
		assert.deepEqual(remote(session), ["message to victim@any.host"]);
		await session.close();
	});

	// Everything that modules keep of a user, and what they say when they are asked for it.
	const note = (text) => `<note xmlns="urn:meetauth:spec:note">${text}</note>`;
	async function write(stream, jid) {
		const set = (payload, to) => stream.ask("set", payload, to);
		await set(`<query xmlns="jabber:iq:private">${note("x".repeat(2000))}</query>`);
		await set('<vCard xmlns="vcard-temp"><FN>Ann</FN></vCard>');
		await set('<query xmlns="jabber:iq:roster"><item jid="friend@any.host" name="Friend"/></query>');
		await set('<block xmlns="urn:xmpp:blocking"><item jid="foe@any.host"/></block>');
		await set('<prefs xmlns="urn:xmpp:mam:2" default="always"><always/><never/></prefs>');
		await set(`<pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="urn:spec"><item id="one">${note("x")}</item></publish></pubsub>`);
		stream.send(`<message xmlns="jabber:client" to="${jid}" type="chat"><body>Hello</body></message>`);
		stream.send(`<message xmlns="jabber:client" to="${jid.split("/")[0]}" type="chat"><body>Offline</body></message>`);
	}
	async function read(stream) {
		const get = async (type, payload) => stream.text(await stream.ask(type, payload));
		const all = [
			await get("get", '<query xmlns="jabber:iq:private"><note xmlns="urn:meetauth:spec:note"/></query>'),
			await get("get", '<vCard xmlns="vcard-temp"/>'),
			await get("get", '<pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="urn:spec"/></pubsub>'),
			await get("set", '<query xmlns="urn:xmpp:mam:2"/>'),
		].join("\n");
		return ["xxxx", "Ann", 'id="one"', "<first"].filter((word) => all.includes(word));
	}
	async function live(on, by, then) {
		const stream = await openStream({ url: server.ws, host: on, token: by });
		assert.equal(await stream.authenticate(), "success");
		const jid = await stream.bind();
		await stream.enable();
		await write(stream, jid);
		const found = await read(stream);
		await then?.(stream);
		await stream.drop(); // so that it hibernates, and ends
		const user = jid.split("@")[0];
		const admin = await start(token(), on === others ? host : on);
		for (const end = Date.now() + PATIENCE; await inside(admin, `return prosody.hosts["${on}"].sessions["${user}"] ~= nil`);) {
			assert.ok(Date.now() < end, "the session has not ended");
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		await admin.close();
		return { user, found };
	}
	const folder = (on) => join(server.dataDir, on.replaceAll(".", "%2e"));
	// What is kept for a host: each file as store/name.
	const files = (on) => (existsSync(folder(on)) ? readdirSync(folder(on), { recursive: true, withFileTypes: true }) : [])
		.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
	const named = (on, path) => decodeURIComponent(path.slice(folder(on).length + 1));
	const kept = (on) => files(on).map((path) => named(on, path));
	// What has somebody's name, or holds it, as mod_mam's lists of whose messages are to be deleted when.
	const of = (on, user) => files(on).map((path) => [named(on, path), path])
		.filter(([name, path]) => name.includes(user) || readFileSync(path, "utf8").includes(user)).map(([name]) => name);

	for (const [who, by] of people) {
		await t.test(`nothing of ${who} is kept, and nothing is found`, async () => {
			const { user, found } = await live(host, by());
			assert.deepEqual(found, []);
			assert.deepEqual(of(host, user), []);
		});
	}

	await t.test("nor in any other storage", async () => {
		const { user, found } = await live(spied, token());
		assert.deepEqual(found, []);
		assert.deepEqual([...server.log().matchAll(/spec kept: (.*) of (\S+)/g)].filter(([, , whose]) => whose === user).map(([, store]) => store), []);
	});

	await t.test("nor after the module was reloaded", async () => {
		const { user, found } = await live(host, token(), (stream) => stream.inside(
			`return (require "core.modulemanager".reload("${host}", "auth_meetauth")) ~= nil`));
		assert.deepEqual(found, []);
		assert.deepEqual(of(host, user), []);
		const { user: next } = await live(host, token());
		assert.deepEqual(of(host, next), []);
	});

	await t.test("of those who have gone, only the last names are remembered", async () => {
		const admin = await start(token());
		const gone = async () => {
			const session = await start(token());
			await session.close();
			return session.node;
		};
		const state = 'local state = module:shared("auth_meetauth/nostorage")';
		const remembered = (name) => inside(admin, `${state} return (state.names["${name}"] or state.older_names["${name}"]) == true`);
		const manyCome = () => inside(admin, `${state} state.count = 500 return true`); // all of them since the last turn of the sets
		const first = await gone();
		await manyCome();
		const second = await gone();
		assert.deepEqual([await remembered(first), await remembered(second)], [true, true]);
		await manyCome();
		const third = await gone();
		assert.deepEqual([await remembered(first), await remembered(second), await remembered(third)], [false, true, true]);
		await admin.close();
	});

	await t.test("whom another login lets in has an account, and keeps what is theirs", async () => {
		const { user, found } = await live(others, undefined);
		assert.deepEqual(found.sort(), ['<first', "Ann", 'id="one"', "xxxx"].sort());
		assert.ok(of(others, user).length > 3, kept(others).join("\n"));
	});

	await t.test("what modules keep of names that no bearer has is kept, and so is what is ours", async () => {
		const session = await start(token());
		await inside(session, `local store = module:open_store("private", "map"); return store:set("alice", "key", { "value" })`);
		assert.deepEqual(await inside(session, `return module:open_store("private", "map"):get("alice", "key")`), ["value"]);
		assert.ok(kept(host).includes(join("private", "alice.dat")), kept(host).join("\n"));
		const by = token({}, "once");
		await (await start(by)).close();
		await inside(session, `return prosody.hosts["${host}"].modules.auth_meetauth.revoke("sub", "somebody").id`);
		await session.close();
		await server.restart();
		const again = await connect({ url: server.ws, host, token: by });
		assert.equal(again.refused?.text, "already-used");
		const after = await start(token());
		assert.deepEqual(await inside(after, `local all = {};
			for i, one in ipairs(prosody.hosts["${host}"].modules.auth_meetauth.revoked()) do all[i] = one.value end return all`), ["somebody"]);
		await after.close();
	});

	await t.test("a host whose modules were there before is told what still writes", async () => {
		const session = await start(token(), open);
		const from = server.log().length;
		await inside(session, `local manager = require "core.modulemanager";
			manager.unload("${host}", "storage_internal") manager.unload("${host}", "auth_meetauth") manager.load("${host}", "auth_meetauth") return true`);
		await server.waitForLog(/warn\s+Some modules were loaded before this one and can still store users' data: .*private/, PATIENCE, from);
		await session.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
