// What goes on inside Prosody, through the modules in spec/prosody/modules.

import { $iq, Strophe } from "strophe.js";
import { PATIENCE } from "./patience.mjs";

function ask(session, type, namespace, text, timeout) {
	const iq = $iq({ type, to: Strophe.getDomainFromJid(session.jid) }).c("query", { xmlns: namespace });
	if (text !== undefined) iq.t(text);
	return new Promise((resolve, reject) => {
		session.connection.sendIQ(iq, (answer) => {
			resolve(JSON.parse(answer.getElementsByTagName("result")[0].textContent));
		}, (error) => {
			reject(new Error(`no answer from inside: ${error ? Strophe.serialize(error) : "too late"}`));
		}, timeout);
	});
}

// Run Lua in Prosody (mod_live_eval): what it returns.
export async function inside(session, code, timeout = PATIENCE) {
	const { ok, result } = await ask(session, "set", "urn:meetauth:spec:eval", code, timeout);
	if (!ok) throw new Error(`inside Prosody: ${result}`);
	return result;
}

// The session's fields (mod_live_fields): name -> { type, value }, or { type: "table", address, members }.
export const fieldsOf = (session, timeout = PATIENCE) => ask(session, "get", "urn:meetauth:spec:fields", undefined, timeout);

// Only the values, tables as objects.
export function plain(field) {
	if (field?.type !== "table") return field?.value;
	return Object.fromEntries(Object.entries(field.members).map(([name, member]) => [name, plain(member)]));
}

// The fields of the sessions that were refused, in the log from there on.
export function refusedFields(server, from = 0) {
	return [...server.log().slice(from).matchAll(/spec refused: (.*)/g)].map(([, json]) => JSON.parse(json));
}
