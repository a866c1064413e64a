// What the request that opens a session brings, and where it ends up: tokens by every way, Jitsi's other
// parameters, and hostile values; beside Jitsi's own mod_jitsi_session (emulated) and without it.
// Proves mod_auth_meetauth/intake.lib.

import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { fieldsOf, plain } from "./support/inside.mjs";
import { host, jitsiConfig, secret, token, withSpecModules } from "./support/jitsi.mjs";
import { TEST } from "./support/patience.mjs";
import { anyToken, startProsody, traceback } from "./support/server.mjs";

const headerOnly = "header-only.example";
const large = "large.example";
const more = (name, options) => `
VirtualHost "${name}"
	authentication = "meetauth"
	modules_enabled = { "live_eval", "live_fields" }
	app_id = "portal"
	app_secret = "${secret}"
	meetauth_enforcement = "elsewhere"
	${options}
`;

const deployments = [
	{ name: "alone", modules: [], rest: more(headerOnly, "meetauth_query_params = { }") },
	{
		name: "beside mod_jitsi_session", modules: ["live_jitsi_session"],
		rest: more(headerOnly, "meetauth_query_params = { }") + more(large, "meetauth_max_token = 262144"),
	},
];

const parameters = {
	room: "jitsi_web_query_room",
	prefix: "jitsi_web_query_prefix",
	previd: "previd",
	customusername: "customusername",
};

const hostile = {
	"a NUL": "a%00b",
	"a line feed": "a%0ab",
	"an escape sequence": "%1b[31ma",
	"DEL": "a%7f",
	"a C1 control": "a%c2%9bb",
	"bytes that are no UTF-8": "%ff%fe",
	"an overlong slash": "a%c0%af",
	"a surrogate": "%ed%a0%80",
	"a bidi override": "a%e2%80%aeb",
	"a byte order mark": "%ef%bb%bfa",
	"2 KiB": "a".repeat(2048),
	"4 KiB": "a".repeat(4000),
};

const ways = ["ws", "bosh"].flatMap((transport) => [{ transport, header: false }, { transport, header: true }]);

// Whether a GET is answered before others are that come later.
async function isAnswered(url, server) {
	let answered = false;
	const request = http.get(url, (response) => {
		response.resume();
		answered = true;
	});
	const gone = new Promise((resolve) => request.on("close", resolve).on("error", () => {}));
	await new Promise((resolve) => request.on("finish", resolve)); // it is all sent
	await server.turn();
	request.destroy();
	await gone;
	return answered;
}

function assertRefused(outcome, reason) {
	assert.equal(outcome.refused?.stage, "sasl", `should not have got in: ${outcome.jid}`);
	assert.equal(outcome.refused.condition, "not-allowed");
	assert.match(outcome.refused.text, new RegExp(`^${reason}(\\s|$)`));
}

async function fieldsAfter(options) {
	const session = await connect({ host, ...options });
	assert.equal(session.refused, undefined);
	const fields = await fieldsOf(session);
	await session.close();
	return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)]));
}

for (const deployment of deployments) {
	test(`jitsi intake, ${deployment.name}`, { timeout: TEST, concurrency: 6 }, async (t) => {
		const options = 'meetauth_query_params = { "token", "jwt", "t" }';
		const server = await startProsody({ config: jitsiConfig({ ...deployment, options }), prefix: withSpecModules() });
		const login = (transport, query, more = {}) => connect({ url: `${server[transport]}${query}`, host, ...more });
		const cases = [];
		const it = (name, run) => cases.push(t.test(name, run));

		for (const way of ways) {
			it(`${way.transport}, token in the ${way.header ? "header" : "query"}: Jitsi's parameters end up on the session`, async () => {
				const fields = await fieldsAfter({
					url: server[way.transport], token: token(), header: way.header,
					params: { room: "Standup", prefix: "acme", previd: "p-1", customusername: "visitor-7", other: "x" },
					headers: { "X-Proxy-Region": "eu-west", ...(way.transport === "ws" ? { "User-Agent": "a browser" } : {}) },
				});
				assert.deepEqual({
					room: fields.jitsi_web_query_room, prefix: fields.jitsi_web_query_prefix, previd: fields.previd,
					custom: fields.customusername, region: fields.user_region,
				}, { room: "Standup", prefix: "acme", previd: "p-1", custom: "visitor-7", region: "eu-west" });
				assert.match(fields.user_agent_header, way.transport === "ws" ? /^a browser$/ : /./);
				assert.equal(fields.meetauth_offer, undefined, "what was offered is kept no longer than needed");
			});
		}

		for (const transport of ["ws", "bosh"]) {
			it(`${transport}: of two prefixes the first counts`, async () => {
				const fields = await fieldsAfter({ url: `${server[transport]}?prefix=proxy&room=a&prefix=client&room=b&token=${token()}` });
				assert.equal(fields.jitsi_web_query_prefix, "proxy");
				assert.equal(fields.jitsi_web_query_room, "a");
			});

			it(`${transport}: the prefix is empty in a query without one, and absent without a query`, async () => {
				assert.equal((await fieldsAfter({ url: server[transport], token: token() })).jitsi_web_query_prefix, "");
				const fields = await fieldsAfter({ url: server[transport], token: token(), header: true });
				assert.equal(fields.jitsi_web_query_prefix, undefined);
			});

			for (const name of ["token", "jwt", "t"]) {
				it(`${transport}: the token may be called ${name}`, async () => {
					assert.equal((await fieldsAfter({ url: `${server[transport]}?${name}=${token()}` })).jitsi_meet_room, "standup");
				});
			}

			it(`${transport}: a parameter of another name is no token`, async () => {
				assertRefused(await login(transport, `?access_token=${token()}`), "token-required");
			});

			it(`${transport}: with no parameter names, only the header counts`, async () => {
				const here = { host: headerOnly };
				const fields = await fieldsAfter({ ...here, url: server[transport], token: token(), header: true });
				assert.equal(fields.jitsi_meet_room, "standup");
				assertRefused(await connect({ ...here, url: server[transport], token: token() }), "token-required");
				const both = await fieldsAfter({ ...here, url: `${server[transport]}?token=garbage`, token: token(), header: true });
				assert.equal(both.jitsi_meet_room, "standup");
			});

			it(`${transport}: two different tokens are refused, by whatever ways they came`, async () => {
				const other = token({ room: "retro" });
				assertRefused(await login(transport, `?token=${token()}&token=${other}`), "conflicting-tokens");
				assertRefused(await login(transport, `?token=${token()}&jwt=${other}`), "conflicting-tokens");
				assertRefused(await login(transport, `?t=${token()}`, { token: other, header: true }), "conflicting-tokens");
				assertRefused(await login(transport, "?token=", { token: other, header: true }), "conflicting-tokens");
			});

			it(`${transport}: the same token twice is one token`, async () => {
				const one = token();
				const fields = await fieldsAfter({ url: `${server[transport]}?token=${one}&jwt=${one}`, token: one, header: true });
				assert.equal(fields.auth_token, one);
			});

			it(`${transport}: an empty token is a token`, async () => {
				assertRefused(await login(transport, "?token="), "malformed");
			});

			it(`${transport}: the header's scheme is Bearer in any case, and no other`, async () => {
				const scheme = (text) => login(transport, "", { headers: { Authorization: text } });
				const session = await scheme(`bEARER   ${token()}`);
				assert.equal(session.refused, undefined);
				await session.close();
				assertRefused(await scheme(`Basic ${token()}`), "token-required");
				assertRefused(await scheme(`Bearer${token()}`), "token-required");
				assertRefused(await scheme("Bearer"), "token-required");
			});
		}

		for (const [what, value] of Object.entries(hostile)) {
			it(`parameters with ${what} are dropped`, async () => {
				const query = Object.keys(parameters).map((name) => `${name}=${value.slice(0, name === "room" ? undefined : 4096)}`).join("&");
				for (const transport of ["ws", "bosh"]) {
					const fields = await fieldsAfter({ url: `${server[transport]}?${query}&token=${token()}` });
					for (const field of Object.values(parameters)) assert.equal(fields[field], undefined, field);
				}
			});
		}

		it("a header with the region that is too long is dropped", async () => {
			const fields = await fieldsAfter({
				url: server.ws, token: token(), headers: { "X-Proxy-Region": "r".repeat(2048), "User-Agent": "\u00e4" },
			});
			assert.equal(fields.user_region, undefined);
			assert.equal(fields.user_agent_header, undefined); // a byte that is no UTF-8
		});

		it("a query without a name, or of nothing but signs, is no query", async () => {
			for (const query of ["?token", "?=", "?&&&", "?%", "?====&%=%&a=b=c"]) {
				assertRefused(await login("ws", query), "token-required");
			}
		});

		it("100 KiB get nobody in, and are answered where such tokens are allowed", async () => {
			const fat = token({ context: { user: { name: "n".repeat(75000) } } });
			assert.ok(fat.length > 100000);
			if (!deployment.rest.includes(large)) { // Prosody does not answer a head over its limit
				assert.equal(await isAnswered(`${server.bosh}?token=${fat}`, server), false);
				return;
			}
			assertRefused(await login("ws", `?token=${fat}`), "too-large");
			assertRefused(await login("bosh", `?token=${fat}`), "too-large");
			const dropped = await fieldsAfter({ url: `${server.ws}?room=${"r".repeat(102400)}&token=${token()}` });
			assert.equal(dropped.jitsi_web_query_room, undefined);
			const session = await login("ws", `?token=${fat}`, { host: large });
			assert.equal(session.refused, undefined);
			await session.close();
		});

		await Promise.all(cases);
		await t.test("the log holds no traceback and no token", () => {
			assert.doesNotMatch(server.log(), traceback);
			const said = server.log().split("\n").filter((line) => !line.includes(":live_fields ")); // whose lines are the spec's own
			assert.deepEqual(said.filter((line) => anyToken.test(line)), []);
		});
	});
}
