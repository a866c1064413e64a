// strophe.js in Node: the library expects a browser's XMLHttpRequest and lets nobody
// set headers on a WebSocket; both are supplied here.

import { Strophe } from "strophe.js";
import { DOMParser } from "@xmldom/xmldom";
import WebSocket from "ws";
import xhr2 from "xhr2";
import { watchLine } from "./leftovers.mjs";

let upgradeHeaders = {};

globalThis.WebSocket = class extends WebSocket {
	constructor(url, protocols) {
		super(url, protocols, { headers: upgradeHeaders });
	}
};

globalThis.XMLHttpRequest = class extends xhr2.XMLHttpRequest {
	get responseXML() {
		return this.responseText ? new DOMParser().parseFromString(this.responseText, "text/xml") : null;
	}

	set responseXML(_) {} // xhr2 assigns null
};

Strophe.setLogLevel(Strophe.LogLevel.FATAL); // what matters comes back as a result

// Over BOSH the library asks a server that has gone again and again, for minutes.
function hangUp(connection) {
	connection._proto._abortAllRequests();
	connection._doDisconnect();
	connection.reset();
}

// A connection, opened with these headers on every request it makes.
export function open(url, jid, headers, onStatus) {
	const connection = new Strophe.Connection(url, { customHeaders: headers });
	// the library looks ten times a second whether there is something to send; after what has come there mostly is
	connection.xmlInput = () => setImmediate(() => { if (connection.connected) connection.flush(); });
	upgradeHeaders = headers; // read while connect() makes its WebSocket
	connection.connect(jid, null, onStatus);
	const { protocol, host } = new URL(url);
	if (protocol === "http:") watchLine(host, () => hangUp(connection));
	return connection;
}
