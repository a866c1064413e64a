// From outside a room nothing of it is told, and nothing done in it, but for who may enter it: whatever is asked, by
// whomever, from whatever host. Whether the room is there at all makes no difference to the answer.
// Proves mod_muc_meetauth/gate.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { $iq, $msg, $pres } from "strophe.js";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { bareOf, lentConfig, login, muc, roomJid, tokenOf, watcher } from "./support/lent.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const MUC = "http://jabber.org/protocol/muc";
const stranger = "meet.elsewhere.example";

const query = (type, namespace, fill = (x) => x) => (to, id) => fill($iq({ type, to, id }).c("query", { xmlns: namespace }));
const submit = (namespace, form) => query("set", namespace, (x) => x.c("x", { xmlns: "jabber:x:data", type: "submit" })
	.c("field", { var: "FORM_TYPE" }).c("value").t(form));
const user = (fill) => (to, id) => fill($msg({ to, id }).c("x", { xmlns: `${MUC}#user` }));

// Everything that one may send to a room, or to somebody in it.
const attempts = {
	"who is banned": query("get", `${MUC}#admin`, (x) => x.c("item", { affiliation: "outcast" })),
	"who is in": query("get", `${MUC}#admin`, (x) => x.c("item", { role: "participant" })),
	"an affiliation": query("set", `${MUC}#admin`, (x) => x.c("item", { affiliation: "owner", jid: `me@${stranger}` })),
	"a kick": query("set", `${MUC}#admin`, (x) => x.c("item", { role: "none", nick: "keeper" })),
	"the configuration": query("get", `${MUC}#owner`),
	"another configuration": submit(`${MUC}#owner`, `${MUC}#roomconfig`),
	"the end of the room": query("set", `${MUC}#owner`, (x) => x.c("destroy")),
	"the form of a registration": query("get", "jabber:iq:register"),
	"a registration": submit("jabber:iq:register", `${MUC}#register`),
	"the archive": query("set", "urn:xmpp:mam:2"),
	"the archive's fields": query("get", "urn:xmpp:mam:2"),
	"what the room is": query("get", "http://jabber.org/protocol/disco#info"),
	"what is in the room": query("get", "http://jabber.org/protocol/disco#items"),
	"a card": (to, id) => $iq({ type: "get", to, id }).c("vCard", { xmlns: "vcard-temp" }),
	"a ping of somebody in it": (to, id) => $iq({ type: "get", to: `${to}/keeper`, id }).c("ping", { xmlns: "urn:xmpp:ping" }),
	"an invitation": user((x) => x.c("invite", { to: `me@${stranger}` })),
	"a declined invitation": user((x) => x.c("decline", { to: `me@${stranger}` })),
	"a wish to speak": (to, id) => $msg({ to, id }).c("x", { xmlns: "jabber:x:data", type: "submit" })
		.c("field", { var: "FORM_TYPE" }).c("value").t(`${MUC}#request`),
	"a subject": (to, id) => $msg({ to, id, type: "groupchat" }).c("subject").t("mine"),
	"a word to all": (to, id) => $msg({ to, id, type: "groupchat" }).c("body").t("hello"),
	"a word to one": (to, id) => $msg({ to: `${to}/keeper`, id, type: "chat" }).c("body").t("hello"),
	"a look at somebody": (to, id) => $pres({ to: `${to}/keeper`, id, type: "probe" }),
	"a presence that is no join": (to, id) => $pres({ to: `${to}/keeper`, id }),
	"a join": (to, id) => $pres({ to: `${to}/me`, id }).c("x", { xmlns: MUC }),
};

// Send a stanza, and get the answer with its id: "result", or the error's condition and word.
async function attempt(session, build, to) {
	const id = `try-${Math.random().toString(36).slice(2)}`;
	const answer = session.next({ id });
	session.send(build(to, id));
	const stanza = await answer;
	const [error] = stanza.getElementsByTagName("error");
	if (!error) return stanza.getAttribute("type") ?? "let in";
	const [condition] = Array.from(error.childNodes).filter((child) => child.nodeType === 1);
	const [text] = error.getElementsByTagName("text");
	return `${condition.localName ?? condition.tagName} ${text?.textContent.replace(/ \(\w+\)$/, "").replace(/^.*: /, "") ?? ""}`.trim();
}

const config = lentConfig({
	component: 'muc_log_by_default = true\n muc_log_presences = true\n muc_room_default_public = true\n muc_tombstones = true',
	componentModules: ["muc_mam"],
	rest: `VirtualHost "${stranger}"\n authentication = "anonymous"\n modules_enabled = { "live_eval" }`,
});

test("from outside", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config, prefix: withSpecModules() });
	t.after(() => server.stop());
	const focus = await watcher(server, "standup");
	const keeper = await login(server, { token: tokenOf("portal", { room: "standup" }) });
	await keeper.join(roomJid("standup"), "keeper");
	const heard = [];
	keeper.on((stanza) => heard.push(stanza), {});

	// Those who may not enter the room standup, and why.
	const late = await login(server, { token: tokenOf("portal", { room: "standup", moderator: true, jti: "late" }) });
	await late.join(roomJid("standup"), "late");
	const outsiders = {
		"an owner whose token was revoked": { session: late, reason: "revoked", everywhere: true },
		"the bearer of another room's token": {
			session: await login(server, { token: tokenOf("portal", { room: "retro", moderator: true }) }), reason: "room-mismatch",
		},
		"a Daily owner of another room": {
			session: await login(server, { token: tokenOf("acme", { r: "retro", o: true }) }), reason: "room-mismatch",
		},
		"an anonymous user of another host": { session: await login(server, { at: stranger }), reason: "token-required" },
	};
	const putOut = keeper.next({ name: "presence", type: "unavailable", from: `${roomJid("standup")}/late` });
	await inside(focus, 'return prosody.hosts["meet.example"].modules.auth_meetauth.revoke("jti", "late") ~= nil');
	await putOut;
	heard.length = 0;

	for (const [who, { session, reason }] of Object.entries(outsiders)) {
		for (const [what, build] of Object.entries(attempts)) {
			await t.test(`${who} gets no answer to ${what}`, async () => {
				const answer = await attempt(session, build, roomJid("standup"));
				assert.match(answer, /^not-allowed /);
				if (!what.includes("registration")) assert.equal(answer, `not-allowed ${reason}`);
			});
			await t.test(`${who} does not learn by ${what} whether there is a room`, async () => {
				assert.equal(await attempt(session, build, roomJid("nowhere")), await attempt(session, build, roomJid("standup")));
			});
		}
		await t.test(`${who} finds the room in no list`, async () => {
			const items = await new Promise((resolve, reject) => session.connection.sendIQ(
				$iq({ type: "get", to: muc }).c("query", { xmlns: "http://jabber.org/protocol/disco#items" }),
				(answer) => resolve(Array.from(answer.getElementsByTagName("item"), (item) => item.getAttribute("jid"))), reject));
			assert.equal(items.includes(roomJid("standup")), false);
		});
	}

	await t.test("those in the room heard nothing of it", async () => {
		const last = keeper.next({ name: "message", type: "groupchat", id: "last" });
		await inside(focus, `
			local room = prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid("standup")}")
			room:broadcast_message(require "util.stanza".message({ type = "groupchat", from = room.jid, id = "last" }):body("last"))
			return true`);
		await last;
		assert.deepEqual(heard.map((stanza) => stanza.getAttribute("id")), ["last"]);
	});

	await t.test("who may enter is told what the room is, and owns nothing of it", async () => {
		const bearer = await login(server, { token: tokenOf("portal", { room: "standup", moderator: true }) });
		assert.equal(await attempt(bearer, attempts["what the room is"], roomJid("standup")), "result");
		assert.equal((await attempt(bearer, attempts["the configuration"], roomJid("standup"))).split(" ")[0], "forbidden");
		await bearer.close();
	});

	await t.test("nobody inside reserves a nick either", async () => {
		assert.match(await attempt(keeper, attempts["a registration"], roomJid("standup")), /^not-allowed /);
	});

	await t.test("an admin is told as before", async () => {
		const other = await login(server, { at: "auth.meet.example" });
		assert.equal(await attempt(other, attempts["what the room is"], roomJid("standup")), "result");
		assert.equal(await attempt(other, attempts["the configuration"], roomJid("standup")), "result");
		await other.close();
	});

	await t.test("a bearer who was kicked invites nobody", async () => {
		const waiting = await login(server, { token: tokenOf("portal", { room: "standup", context: { user: { id: "w" } } }) });
		const invitation = (to, id) => $msg({ to, id }).c("x", { xmlns: `${MUC}#user` }).c("invite", { to: bareOf(waiting.jid) });
		assert.equal(await attempt(late, invitation, roomJid("standup")), "not-allowed revoked");
		await waiting.close();
	});

	for (const session of [keeper, focus, ...Object.values(outsiders).map((one) => one.session)]) await session.close();
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
