// A host for Daily's tokens, with stand-ins for Jitsi's modules beside ours (spec/prosody/modules), and what the
// Daily specs do with it.

import { $iq, $pres, Strophe } from "strophe.js";
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "./client.mjs";
import { installed } from "./install.mjs";
import { makeFolder } from "./leftovers.mjs";
import { PATIENCE } from "./patience.mjs";
import { now, sign, specSecret } from "./token.mjs";

export const host = "meet.example";
export const muc = `conference.${host}`;
export const focusHost = `auth.${host}`;

const MUC = "http://jabber.org/protocol/muc";
const MUC_USER = `${MUC}#user`;
const MUC_ADMIN = `${MUC}#admin`;
const NICK = "http://jabber.org/protocol/nick";
const domain = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const modules = fileURLToPath(new URL("../modules", import.meta.url));

export const secret = "daily-secret-2-3-5-7-11-13-17-19-23-29";
export const room = (name, component = muc) => `${name}@${component}`;

// Further entries of the host, each for a Daily domain of its own: d and secret are made of its id.
export const domainOf = (id) => (id === "acme" ? domain : `domain-${id}`);
export const secretOf = (id) => (id === "acme" ? secret : specSecret(id, 64));

const entry = (id, fields = "") =>
	`{ id = "${id}", dialect = "daily", domain_id = "${domainOf(id)}", secret = "${secretOf(id)}"; ${fields} };`;

// dailyConfig({ entries, options, component, rest }): entries: { id: further fields as Lua }; acme is always there.
export function dailyConfig({ entries = {}, options = "", componentModules = [], component = "", rest = "" } = {}) {
	const all = { acme: "", ...entries };
	const more = componentModules.map((name) => `"${name}"; `).join("");
	return `
admins = { "focus@${focusHost}" }

VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "daily_jibri"; "smacks" }
	meetauth_leeway = 0
	smacks_hibernation_time = 60
	meetauth_issuers = { ${Object.entries(all).map(([id, fields]) => entry(id, fields)).join("\n")} }
	${options}

VirtualHost "${focusHost}"
	authentication = "live_focus"

Component "${muc}" "muc"
	modules_enabled = { "muc_meetauth"; ${more}}
	muc_room_locking = false
	${component}

${rest}
`;
}

let prefix;

// meetauth as installed, and the stand-ins where Prosody finds them, too.
export function withStandIns() {
	if (!prefix) {
		const folder = makeFolder();
		cpSync(installed(), folder, { recursive: true });
		cpSync(modules, join(folder, "share/lua/5.4"), { recursive: true });
		prefix = folder;
	}
	return prefix;
}

// A good token, except for what the caller changes; undefined leaves a claim out.
export function token(claims = {}, id = "acme") {
	return sign(secretOf(id), { d: domainOf(id), r: "standup", iat: now(), exp: now() + 600, ...claims });
}

export const named = (node, name) => Array.from(node.getElementsByTagName(name));
const inNamespace = (node, name, namespace) => named(node, name).filter((e) => e.getAttribute("xmlns") === namespace);

// A presence as its reader sees it.
export function seen(stanza) {
	const [item] = named(stanza, "item");
	return {
		nick: Strophe.getResourceFromJid(stanza.getAttribute("from")),
		type: stanza.getAttribute("type") ?? "available",
		affiliation: item?.getAttribute("affiliation"),
		role: item?.getAttribute("role"),
		newNick: item?.getAttribute("nick"),
		statuses: named(stanza, "status").map((s) => Number(s.getAttribute("code"))),
		reason: named(stanza, "reason")[0]?.textContent,
		name: inNamespace(stanza, "nick", NICK).map((e) => e.textContent)[0],
		names: inNamespace(stanza, "nick", NICK).length,
		permissions: named(stanza, "permissions").map((e) => ({
			from: e.getAttribute("from") ?? "meetauth",
			...Object.fromEntries(named(e, "p").map((p) => [p.getAttribute("name"), p.getAttribute("val") === "true"])),
		})),
		advisory: inNamespace(stanza, "advisory", "urn:meetauth:advisory:0").map((e) => JSON.parse(e.textContent)),
		stanza,
	};
}

// Every presence that a session gets from a room, from now on; and what to wait for.
function watch(session, jid) {
	const all = [];
	const askers = new Set();
	session.on((stanza) => {
		if (Strophe.getBareJidFromJid(stanza.getAttribute("from")) !== jid) return;
		const presence = { at: Date.now(), ...seen(stanza) };
		all.push(presence);
		for (const asker of [...askers]) asker(presence);
	}, { name: "presence" });

	// The first presence for which fits(presence), among those that came and those to come.
	function wait(fits, what = String(fits), timeout = PATIENCE) {
		const there = all.find(fits);
		if (there) return Promise.resolve(there);
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => {
				askers.delete(asker);
				reject(new Error(`${what}: not seen within ${timeout} ms; seen: ${JSON.stringify(all, (k, v) => (k === "stanza" ? undefined : v))}`));
			}, timeout).unref();
			const asker = (presence) => {
				if (!fits(presence)) return;
				clearTimeout(late);
				askers.delete(asker);
				resolve(presence);
			};
			askers.add(asker);
		});
	}
	return { all, wait };
}

export const isSelf = (presence) => presence.statuses.includes(110);
export const isKick = (presence) => presence.type === "unavailable" && presence.statuses.includes(307);

// login(server, token) -> session; throws where it is refused
export async function login(server, text, where = host) {
	const session = await connect({ url: server.ws, host: where, token: text, timeout: PATIENCE });
	assert.equal(session.refused, undefined, `login: ${session.refused?.text}`);
	return session;
}

// enter(server, token, name, nick, { component, nickname }) -> { session, joined, watch, jid, me }
export async function enter(server, text, name, nick, { component = muc, nickname, host: where = host } = {}) {
	const session = await login(server, text, where);
	const jid = room(name, component);
	const presences = watch(session, jid);
	const joined = await joinAgain({ session, jid }, nick, nickname);
	return { session, jid, name, me: `${jid}/${nick}`, joined, ...presences };
}

export function joinAgain({ session, jid }, nick, nickname) {
	const extra = nickname === undefined ? undefined : (presence) => presence.c("nick", { xmlns: NICK }).t(nickname).up();
	return session.join(jid, nick, { timeout: PATIENCE, extra });
}

// Send presence as someone who is in the room: { nick, nickname, joins: with the element of a join, type }
export function presence(guest, { nick, nickname, joins = false, type } = {}) {
	const stanza = $pres({ to: nick ? `${guest.jid}/${nick}` : guest.me, ...(type ? { type } : {}) });
	if (joins) stanza.c("x", { xmlns: MUC }).up();
	if (nickname !== undefined) stanza.c("nick", { xmlns: NICK }).t(nickname).up();
	guest.session.send(stanza);
}

// Leave the room and see that one has left.
export async function leave(guest) {
	const from = guest.all.length;
	presence(guest, { type: "unavailable" });
	await guest.wait((p) => p.type === "unavailable" && isSelf(p) && guest.all.indexOf(p) >= from, "leave");
}

// Ask and get "ok" or the error's condition.
export function ask(session, iq) {
	return new Promise((resolve) => {
		session.connection.sendIQ(iq, () => resolve("ok"), (error) => {
			const [inside] = error ? named(error, "error") : [];
			resolve(inside ? Array.from(inside.childNodes).find((node) => node.nodeType === 1).localName : "no answer");
		}, PATIENCE);
	});
}

export const setRole = (guest, nick, role) =>
	ask(guest.session, $iq({ type: "set", to: guest.jid }).c("query", { xmlns: MUC_ADMIN }).c("item", { nick, role }));

export const setAffiliation = (guest, jid, affiliation) =>
	ask(guest.session, $iq({ type: "set", to: guest.jid }).c("query", { xmlns: MUC_ADMIN })
		.c("item", { jid: Strophe.getBareJidFromJid(jid), affiliation }));

// Run Lua in Prosody (mod_live_eval): what it returns.
export function inside(session, code) {
	const iq = $iq({ type: "set", to: host }).c("query", { xmlns: "urn:meetauth:spec:eval" }).t(code);
	return new Promise((resolve, reject) => {
		session.connection.sendIQ(iq, (answer) => {
			const { ok, result } = JSON.parse(named(answer, "result")[0].textContent);
			if (ok) resolve(result);
			else reject(new Error(`inside Prosody: ${result}`));
		}, () => reject(new Error("no answer from inside")), PATIENCE);
	});
}

export const reloadMuc = (session) =>
	inside(session, `return (require "core.modulemanager".reload("${muc}", "muc_meetauth")) ~= nil`);

export const word = (refused) => (refused?.text ?? "").split(/\s/)[0];

export { MUC_USER, now, PATIENCE };
