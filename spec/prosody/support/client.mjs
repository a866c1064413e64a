// An XMPP client as a meeting page has it: SASL ANONYMOUS over WebSocket or BOSH, then MUC joins.

import { $iq, $pres, Strophe } from "strophe.js";
import { PATIENCE } from "./patience.mjs";
import { open } from "./strophe.mjs";

const JITMEET = "http://jitsi.org/jitmeet";
const MUC = "http://jabber.org/protocol/muc";
const STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
const STAGES = new Map([
	[Strophe.Status.AUTHFAIL, "sasl"],
	[Strophe.Status.CONNFAIL, "stream"],
	[Strophe.Status.CONNTIMEOUT, "stream"],
	[Strophe.Status.DISCONNECTED, "stream"],
]);

const elements = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);
const named = (node, name) => Array.from(node.getElementsByTagName(name));

// A refusal whose words are "sentence: why (reference)": text is the why. The reference is another one each time, and the
// sentence is the list's: they are left out where refusals are compared or printed.
export function refusalOf(words, rest = {}) {
	const [, sentence, why, reference] = words?.match(/^(.+): ([a-z-]+) \(([a-z0-9]{6})\)$/s) ?? [];
	return Object.defineProperties({ ...rest, text: why ?? words }, {
		sentence: { value: sentence, enumerable: false }, reference: { value: reference, enumerable: false },
	});
}

// <failure><not-allowed/><text>sentence: why (reference)</text></failure>; xml is what Jitsi's client matches its pattern against.
function saslRefusal(failure) {
	const [condition, text] = elements(failure);
	return refusalOf(text?.textContent, { condition: condition?.localName, xml: Strophe.serialize(failure) });
}

export function stanzaRefusal(stanza) {
	const error = elements(stanza).find((child) => child.localName === "error");
	const inside = elements(error);
	return refusalOf(inside.find((child) => child.localName === "text")?.textContent, {
		type: error.getAttribute("type"),
		condition: inside.find((child) => child.namespaceURI === STANZAS && child.localName !== "text")?.localName,
		child: inside.find((child) => child.namespaceURI === JITMEET)?.localName,
	});
}

function selfPresence(stanza) {
	const item = named(stanza, "item")[0];
	return {
		nick: Strophe.getResourceFromJid(stanza.getAttribute("from")),
		affiliation: item.getAttribute("affiliation"),
		role: item.getAttribute("role"),
		statuses: named(stanza, "status").map((status) => Number(status.getAttribute("code"))),
		stanza,
	};
}

// Settle a promise within 'ms'; 'begin' gets resolve and reject, 'what' names it in the error. What is waited for keeps
// this process alive, the end of the wait does not.
function within(ms, what, begin) {
	return new Promise((resolve, reject) => {
		const late = setTimeout(() => reject(new Error(`${what}: no answer within ${ms} ms`)), ms).unref();
		const settle = (how) => (value) => {
			clearTimeout(late);
			how(value);
		};
		begin(settle(resolve), settle(reject));
	});
}

function sessionOf(connection) {
	const send = (stanza) => connection.send(stanza);

	// on(callback, { ns, name, type, id, from }): callback(stanza) for each that fits; returns how to end it.
	function on(callback, { ns = null, name = null, type = null, id = null, from = null } = {}) {
		const handler = connection.addHandler((stanza) => {
			callback(stanza);
			return true;
		}, ns, name, type, id, from);
		return () => connection.deleteHandler(handler);
	}

	// The next stanza that fits, or an error after 'timeout' ms.
	async function next(filter, timeout = PATIENCE) {
		let off;
		try {
			return await within(timeout, `next ${JSON.stringify(filter)}`, (resolve) => {
				off = on(resolve, filter);
			});
		} finally {
			off();
		}
	}

	// join(roomJid, nick, { timeout, extra }) -> { nick, affiliation, role, statuses, stanza } or { refused }
	// extra(presence): may add to the strophe builder that becomes the join.
	async function join(roomJid, nick, { timeout = PATIENCE, extra } = {}) {
		const presence = $pres({ to: `${roomJid}/${nick}` }).c("x", { xmlns: MUC }).up();
		extra?.(presence);
		let off;
		try {
			return await within(timeout, `join ${roomJid}`, (resolve) => {
				off = on((stanza) => {
					if (Strophe.getBareJidFromJid(stanza.getAttribute("from")) !== roomJid) return;
					if (stanza.getAttribute("type") === "error") resolve({ refused: stanzaRefusal(stanza) });
					else if (named(stanza, "status").some((s) => s.getAttribute("code") === "110")) resolve(selfPresence(stanza));
				}, { name: "presence" });
				send(presence);
			});
		} finally {
			off();
		}
	}

	async function close(timeout = PATIENCE) {
		await within(timeout, "close", (resolve) => {
			connection.connect_callback = (status) => {
				if (status === Strophe.Status.DISCONNECTED) resolve();
			};
			if (connection.connected) connection.disconnect();
			else resolve();
		});
		connection.reset();
	}

	// Resolves once everything has come that the server has sent by now.
	const heard = () => within(PATIENCE, "heard", (resolve, reject) => {
		const ping = $iq({ type: "get", to: Strophe.getDomainFromJid(connection.jid) }).c("ping", { xmlns: "urn:xmpp:ping" });
		const gone = () => reject(new Error("heard: the connection is gone"));
		connection.sendIQ(ping, resolve, (error) => (error ? resolve() : gone()), PATIENCE); // an error is an answer, too
	});

	return { jid: connection.jid, join, send, on, next, heard, close, connection };
}

// Resolves once the server has done what was asked of it before, and these sessions have heard of it: what has not
// happened by then does not happen.
export async function settled(server, ...sessions) {
	await server.turn();
	await Promise.all(sessions.map((one) => (one.session ?? one).heard()));
}

// connect({ url, host, token, header, params, headers, timeout }) -> session, or { refused: { stage, condition, text, reference, xml } }
//   url      server.ws or server.bosh: the scheme chooses the transport
//   host     the XMPP domain to log in to
//   token    goes into the URL as ?token=, or with header = true into Authorization: Bearer
//   params   further members of the query string
//   headers  of the request that opens the connection
//   timeout  ms; silence until then throws
// stage is "sasl" for a login refused, "stream" where it did not come to a login.
export async function connect({ url, host, token, header = false, params = {}, headers: more = {}, timeout = PATIENCE }) {
	const address = new URL(url);
	for (const [name, value] of Object.entries(params)) address.searchParams.set(name, value);
	if (token !== undefined && !header) address.searchParams.set("token", token);
	const headers = { ...more, ...(token !== undefined && header ? { Authorization: `Bearer ${token}` } : {}) };

	let connection;
	try {
		const outcome = await within(timeout, `login at ${url}`, (resolve) => {
			connection = open(address.href, host, headers, (status, condition, element) => {
				if (status === Strophe.Status.CONNECTED) resolve({});
				else if (STAGES.has(status)) {
					const refusal = element?.localName === "failure" ? saslRefusal(element) : { condition };
					resolve({ refused: Object.assign(refusal, { stage: STAGES.get(status) }) });
				}
			});
		});
		const session = sessionOf(connection);
		if (!outcome.refused) return session;
		await session.close(timeout);
		return outcome;
	} catch (error) {
		connection?.disconnect(); // strophe gives up its requests within seconds
		throw error;
	}
}
