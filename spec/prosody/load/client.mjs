// A light XMPP client over WebSocket (RFC 7395): it logs in and reads answers by their first words, so that
// one process can drive a server harder than a client that parses XML.

import WebSocket from "ws";

const LATE_MS = 60000;

const FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const BIND = '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>';

const opens = (host) => `<open xmlns="${FRAMING}" to="${host}" version="1.0"/>`;

// One text at a time from a socket: next(/pattern/, ms) -> the first that fits; the others are dropped.
function reader(socket) {
	let wanted, settle, timer;
	const done = (how, value) => {
		clearTimeout(timer);
		const pending = settle;
		wanted = settle = undefined;
		pending?.[how](value);
	};
	socket.on("message", (data) => {
		if (!wanted) return;
		const text = String(data);
		if (wanted.test(text)) done("resolve", text);
	});
	socket.on("error", (error) => done("reject", error));
	socket.on("close", () => done("reject", new Error("closed by the server")));
	return (pattern, ms = LATE_MS) => new Promise((resolve, reject) => {
		wanted = pattern;
		settle = { resolve, reject };
		timer = setTimeout(() => done("reject", new Error(`no answer within ${ms} ms: ${pattern}`)), ms);
	});
}

// login({ url, host, token }) -> { jid, ms, send, next, close }, or { refused: text, ms }
export async function login({ url, host, token }) {
	const begun = performance.now();
	const socket = new WebSocket(token === undefined ? url : `${url}?token=${token}`, "xmpp", { perMessageDeflate: false });
	const next = reader(socket);
	const gone = new Promise((resolve) => socket.once("close", resolve));
	const close = () => { socket.terminate(); return gone; };
	try {
		await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
		let answer = next(/^<(stream:)?features/);
		socket.send(opens(host));
		await answer;
		answer = next(/^<(success|failure)/);
		socket.send(`<auth xmlns="${SASL}" mechanism="ANONYMOUS"/>`);
		const verdict = await answer;
		if (verdict.startsWith("<failure")) {
			await close();
			return { refused: verdict.match(/<text[^>]*>([^<]*)/)?.[1] ?? verdict, ms: performance.now() - begun };
		}
		answer = next(/^<(stream:)?features/);
		socket.send(opens(host));
		await answer;
		answer = next(/^<iq/);
		socket.send(`<iq xmlns="jabber:client" type="set" id="b">${BIND}</iq>`);
		const jid = (await answer).match(/<jid>([^<]*)/)[1];
		return { jid, ms: performance.now() - begun, send: (text) => socket.send(text), next, gone, close };
	} catch (error) {
		await close();
		throw error;
	}
}

// Join a room: resolves when the client's own presence is back.
export async function join(session, room, nick) {
	const answer = session.next(/<status code=['"]110['"]|type=['"]error['"]/);
	session.send(`<presence xmlns="jabber:client" to="${room}/${nick}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`);
	const presence = await answer;
	if (/type=['"]error['"]/.test(presence)) throw new Error(`join refused: ${presence}`);
}

// Leave a room: resolves when the client's own absence is back.
export async function leave(session, room, nick) {
	const answer = session.next(/type=['"]unavailable['"][^]*<status code=['"]110['"]/);
	session.send(`<presence xmlns="jabber:client" to="${room}/${nick}" type="unavailable"/>`);
	await answer;
}

// Ask for something: resolves with the answer's text.
export async function ask(session, to, query) {
	const answer = session.next(/^<iq/);
	session.send(`<iq xmlns="jabber:client" type="set" id="q" to="${to}">${query}</iq>`);
	return answer;
}

// Run task(i) for i = 0 .. count - 1, at most 'width' at a time.
export async function each(count, width, task) {
	let i = 0;
	const lane = async () => {
		while (i < count) await task(i++);
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}
