// A host whose tokens of both dialects open rooms, and what its rooms say of bare JIDs.

import { Strophe } from "strophe.js";
import { connect } from "./client.mjs";
import { inside } from "./inside.mjs";
import { PATIENCE } from "./patience.mjs";
import { now, sign } from "./token.mjs";

export const host = "meet.example";
export const focusHost = `auth.${host}`;
export const muc = `conference.${host}`;
export const roomJid = (name) => `${name}@${muc}`;

const secrets = { portal: "portal-secret-2-3-5-7-11-13-17-19-23-29-3", acme: "acme-secret-2-3-5-7-11-13-17-19-23-29-31" };
const common = { portal: { iss: "portal", sub: host, room: "*" }, acme: { d: "acme-domain" } };

// A token of the entry "portal" (Jitsi's dialect) or "acme" (Daily's).
export const tokenOf = (entry, claims) => sign(secrets[entry], { iat: now(), exp: now() + 3600, ...common[entry], ...claims });

// lentConfig({ options, component, componentModules, rest }): lines for the host and for its MUC component, names of
// modules there, whatever comes behind.
export function lentConfig({ options = "", component = "", componentModules = [], rest = "" } = {}) {
	return `
admins = { "focus@${focusHost}" }
storage = { config = "internal"; persistent = "internal"; state = "internal" }

VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { "live_eval"; "smacks" }
	meetauth_leeway = 0
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", secret = "${secrets.portal}" };
		{ id = "acme", dialect = "daily", domain_id = "acme-domain", secret = "${secrets.acme}" };
	}
	${options}

VirtualHost "${focusHost}"
	authentication = "live_focus"
	modules_enabled = { "live_eval" }

Component "${muc}" "muc"
	modules_enabled = { "muc_meetauth"; ${componentModules.map((name) => `"${name}"; `).join("")}}
	muc_room_locking = false
	${component}

${rest}
`;
}

export const bareOf = (jid) => Strophe.getBareJidFromJid(jid);

// login(server, { token, at }) -> session
export async function login(server, { token, at = host } = {}) {
	const session = await connect({ url: server.ws, host: at, token });
	if (session.refused) throw new Error(`login: ${session.refused.text}`);
	return session;
}

// Jicofo, an admin, who keeps a room open and looks into it.
export async function watcher(server, name) {
	const focus = await login(server, { at: focusHost });
	await focus.join(roomJid(name), "focus");
	return focus;
}

// What a room says of bare JIDs: { jid: affiliation }, without Prosody's own word on admins.
export async function affiliationsIn(session, name) {
	const all = await inside(session, `
		local found, room = { none = "" }, prosody.hosts["${muc}"].modules.muc.get_room_from_jid("${roomJid(name)}")
		for jid, affiliation in room:each_affiliation() do found[jid] = affiliation end
		return found`);
	delete all.none;
	return Object.fromEntries(Object.entries(all).filter(([jid]) => !jid.endsWith(focusHost)));
}

// Ask until fits(answer): the answer.
export async function until(ask, fits) {
	const end = Date.now() + PATIENCE;
	for (;;) {
		const answer = await ask();
		if (fits(answer)) return answer;
		if (Date.now() > end) throw new Error(`not within ${PATIENCE} ms: ${fits}; last: ${JSON.stringify(answer)}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
