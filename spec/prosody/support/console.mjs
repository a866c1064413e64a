// The console of a live Prosody, as a browser asks for it, and as others do who should get nothing.

import http from "node:http";
import { PATIENCE } from "./patience.mjs";

// A request under whatever Host and Origin: { status, headers, text, body }.
export function request(server, path, { method = "GET", headers = {}, body } = {}) {
	const { port } = new URL(server.http);
	const options = { host: "127.0.0.1", port, path, method, headers, timeout: PATIENCE, agent: false };
	return new Promise((resolve, reject) => {
		const asked = http.request(options, (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (part) => { text += part; }).on("end", () => {
				let parsed;
				try {
					parsed = JSON.parse(text);
				} catch { /* no JSON */ }
				resolve({ status: response.statusCode, headers: response.headers, text, body: parsed });
			});
		});
		asked.on("timeout", () => asked.destroy(new Error(`no answer: ${path}`)));
		asked.on("error", reject);
		asked.end(body);
	});
}

export const at = (host, path = "") => `/console/${host}/${path}`;

// The headers of a page of the console's own.
export const own = (server, more = {}) => ({
	host: `localhost:${new URL(server.http).port}`, origin: `http://localhost:${new URL(server.http).port}`,
	"content-type": "application/json", "x-meetauth-console": "1", ...more,
});

// The addresses that prosodyctl shell meetauth console prints.
export async function addressesOf(server, ...args) {
	const { code, stdout, stderr } = await server.prosodyctl("shell", "meetauth", "console", ...args);
	return { code, out: stdout + stderr, list: [...(stdout + stderr).matchAll(/https?:\/\/\S+#[0-9a-f]+/g)].map(([address]) => address) };
}

export const codeOf = (address) => address.split("#")[1];

export const enter = (server, host, code, headers = {}) =>
	request(server, at(host, "enter"), { method: "POST", headers: own(server, headers), body: JSON.stringify({ code }) });

// A session: { cookie, ask(name, what, headers) }
export async function openConsole(server, host) {
	const { list: [address] } = await addressesOf(server, host);
	const { status, headers } = await enter(server, host, codeOf(address));
	if (status !== 200) throw new Error(`the console stays closed: ${status}`);
	const cookie = headers["set-cookie"][0].split(";")[0];
	const ask = (name, what = {}, more = {}) => request(server, at(host, `api/${name}`), {
		method: "POST", headers: own(server, { cookie, ...more }), body: typeof what === "string" ? what : JSON.stringify(what),
	});
	return { cookie, ask };
}
