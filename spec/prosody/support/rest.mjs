// Daily's REST interface of a live Prosody, as a back end speaks to it: fetch, an API key, JSON.

import net from "node:net";
import { dailyConfig, host, PATIENCE } from "./daily.mjs";

export const apiKey = "acme-api-key-acme-api-key-acme-api-key";
export const otherApiKey = "beta-api-key-beta-api-key-beta-api-key";

// Hosts of the Daily specs, with the interface switched on; the address of a request is a number, no name of a host.
export function restConfig({ keys = `{ acme = "${apiKey}", beta = "${otherApiKey}" }`, entries = {}, ...rest } = {}) {
	const config = dailyConfig({
		entries: { beta: 'room = "tenant"; require = {}', ...entries }, options: `meetauth_http_keys = ${keys}`, ...rest,
	});
	return `http_default_host = "${host}"\n${config.replace('"live_eval"; ', '"live_eval"; "http_meetauth"; ')}`;
}

async function read(response) {
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : undefined };
}

// api(server, key) -> { call(method, path, { body, headers }), mint(properties), validate(token, query) }
//   key   of the acme domain, or another; null: none
//   body  an object, or text that is sent as it stands
//   each gives { status, headers, text, body }
export function api(server, key = apiKey) {
	const authorization = key === null ? {} : { Authorization: `Bearer ${key}` };

	async function call(method, path, { body, headers = {} } = {}) {
		const content = body === undefined ? {} : { "Content-Type": "application/json" };
		return read(await fetch(`${server.http}/v1${path}`, {
			method, redirect: "manual", headers: { ...authorization, ...content, ...headers }, signal: AbortSignal.timeout(PATIENCE),
			body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
		}));
	}
	return {
		call,
		mint: (properties) => call("POST", "/meeting-tokens", { body: { properties } }),
		validate: (token, query = "") => call("GET", `/meeting-tokens/${token}${query}`),
	};
}

// A request as written, and all that comes back until the server hangs up.
export function raw(server, text) {
	const { port } = new URL(server.http);
	return new Promise((resolve, reject) => {
		const socket = net.connect(Number(port), "127.0.0.1", () => socket.write(text));
		let answer = "";
		socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer: ${answer}`)));
		socket.setEncoding("utf8").on("data", (part) => { answer += part; }).once("end", () => resolve(answer)).once("error", reject);
	});
}

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
export const headerOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url"));
