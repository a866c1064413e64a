// An XMPP stream over WebSocket (RFC 7395), spoken step by step: for what a client library does not let one do,
// such as to try a login twice, to lose the connection, and to resume the stream (XEP-0198).

import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import WebSocket from "ws";
import { refusalOf } from "./client.mjs";
import { PATIENCE } from "./patience.mjs";

const FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const SM = "urn:xmpp:sm:3";
const MUC = "http://jabber.org/protocol/muc";

// Prosody 13.0 does not declare the prefix where it ends a stream with an error.
const declared = (xml) => xml.replace(/^<stream:error>/, '<stream:error xmlns:stream="http://etherx.jabber.org/streams">');

const elements = (node) => Array.from(node.childNodes).filter((child) => child.nodeType === 1);
const named = (node, name) => Array.from(node.getElementsByTagName(name));

// openStream({ url, host, token, params, timeout }) -> stream, with the stream opened and its features received
export async function openStream({ url, host, token, params = {}, timeout = PATIENCE }) {
	const address = new URL(url);
	for (const [name, value] of Object.entries(params)) address.searchParams.set(name, value);
	if (token !== undefined) address.searchParams.set("token", token);

	const socket = new WebSocket(address.href, "xmpp");
	const waiting = []; // received and not asked for yet
	const askers = [];
	let handled = 0; // stanzas, as XEP-0198 counts them
	let serial = 0;

	socket.on("message", (data) => {
		const element = new DOMParser().parseFromString(declared(String(data)), "text/xml").documentElement;
		if (["iq", "message", "presence"].includes(element.localName)) handled += 1;
		const index = askers.findIndex(({ fits }) => fits(element));
		if (index >= 0) askers.splice(index, 1)[0].resolve(element);
		else waiting.push(element);
	});
	socket.on("error", () => {});
	socket.on("close", () => { for (const { gone } of askers.splice(0)) gone(); });

	// The next element for which fits(element), among those that nobody asked for before, too.
	function next(fits, what = String(fits)) {
		const index = waiting.findIndex(fits);
		if (index >= 0) return Promise.resolve(waiting.splice(index, 1)[0]);
		return new Promise((resolve, reject) => {
			const fail = (why) => reject(new Error(`${what}: ${why}`));
			if (socket.readyState === WebSocket.CLOSED) return fail("the connection is gone");
			const late = setTimeout(() => fail(`no answer within ${timeout} ms`), timeout).unref();
			const settle = (how) => (value) => { clearTimeout(late); how(value); };
			askers.push({ fits, resolve: settle(resolve), gone: settle(() => fail("the connection is gone")) });
		});
	}

	const send = (xml) => socket.send(xml);
	const is = (...names) => (element) => names.includes(element.localName);

	async function open() {
		send(`<open xmlns="${FRAMING}" to="${host}" version="1.0"/>`);
		await next(is("open"), "open");
		await next(is("features"), "features");
	}

	// One attempt to log in: "success", or { condition, text }.
	async function authenticate() {
		send(`<auth xmlns="${SASL}" mechanism="ANONYMOUS"/>`);
		const answer = await next(is("success", "failure"), "SASL");
		if (answer.localName === "failure") {
			const [condition, text] = elements(answer);
			return refusalOf(text?.textContent, { condition: condition.localName });
		}
		await open();
		return "success";
	}

	async function ask(type, payload, to) {
		const id = `q${serial++}`;
		send(`<iq xmlns="jabber:client" type="${type}" id="${id}"${to ? ` to="${to}"` : ""}>${payload}</iq>`);
		return next((element) => element.localName === "iq" && element.getAttribute("id") === id, `iq ${id}`);
	}

	// Bind a resource: the full JID.
	async function bind() {
		const answer = await ask("set", '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>');
		return named(answer, "jid")[0].textContent;
	}

	// Make the stream resumable: its id.
	async function enable() {
		send(`<enable xmlns="${SM}" resume="true"/>`);
		const enabled = await next(is("enabled"), "enabled");
		handled = 0;
		return enabled.getAttribute("id");
	}

	// Take over the stream 'previd', of which 'h' stanzas were received: "resumed" or "failed".
	async function resume(previd, h) {
		send(`<resume xmlns="${SM}" previd="${previd}" h="${h}"/>`);
		return (await next(is("resumed", "failed"), "resume")).localName;
	}

	// Join a room: { affiliation, role }, or { refused: text }
	async function join(jid, nick) {
		send(`<presence xmlns="jabber:client" to="${jid}/${nick}"><x xmlns="${MUC}"/></presence>`);
		const answer = await next((element) => element.localName === "presence"
			&& element.getAttribute("from")?.startsWith(`${jid}`)
			&& element.getAttribute("type") !== "unavailable" // of an earlier stay
			&& (element.getAttribute("type") === "error" || named(element, "status").some((s) => s.getAttribute("code") === "110")), `join ${jid}`);
		if (answer.getAttribute("type") === "error") return { refused: refusalOf(named(answer, "text")[0]?.textContent).text };
		const [item] = named(answer, "item");
		return { affiliation: item.getAttribute("affiliation"), role: item.getAttribute("role") };
	}

	// Run Lua in Prosody, as inside.mjs does it.
	async function inside(code) {
		const escaped = code.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
		const answer = await ask("set", `<query xmlns="urn:meetauth:spec:eval">${escaped}</query>`, host);
		const { ok, result } = JSON.parse(named(answer, "result")[0].textContent);
		if (!ok) throw new Error(`inside Prosody: ${result}`);
		return result;
	}

	async function gone() {
		if (socket.readyState === WebSocket.CLOSED) return;
		await new Promise((resolve) => socket.once("close", resolve));
	}

	async function close() { // until the server has ended the stream: a connection cut before might hide the word from it
		if (socket.readyState === WebSocket.OPEN) {
			send(`<close xmlns="${FRAMING}"/>`);
			await next(is("close"), "close").catch(() => {});
		}
		socket.terminate();
		await gone();
	}

	const stream = {
		send, next, authenticate, ask, bind, enable, resume, join, inside, close,
		drop: async () => { socket.terminate(); await gone(); }, // as a network does it, without a word
		received: () => handled,
		text: (element) => new XMLSerializer().serializeToString(element),
	};
	await new Promise((resolve, reject) => {
		const late = setTimeout(() => reject(new Error(`${url}: no connection within ${timeout} ms`)), timeout).unref();
		socket.once("open", () => { clearTimeout(late); resolve(); });
		socket.once("close", () => reject(new Error(`${url}: closed`)));
	});
	await open();
	return stream;
}
