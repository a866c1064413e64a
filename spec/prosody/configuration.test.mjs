// Operators' mistakes on a live Prosody: the login module does not load and says which option,
// the MUC half loads and refuses, and a host without enforcement lets nobody in.
// Proves mod_auth_meetauth/current.lib, mod_auth_meetauth/enforcement.lib and mod_muc_meetauth/place.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config as good, jitsi, room, host } from "./support/deployment.mjs";
import { installed } from "./support/install.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody } from "./support/server.mjs";

const secret = 'secret = "0123456789abcdeffedcba9876543210"';
const portal = `id = "portal", issuer = "portal", ${secret}`;
const issuers = (...entries) => `meetauth_issuers = { ${entries.map((entry) => `{ ${entry} }`).join(", ")} }`;

const mistakes = [
	{ name: "no issuer at all", options: "", says: /meetauth_issuers: found/ },
	{ name: "issuers that are no list", options: 'meetauth_issuers = "portal"', says: /meetauth_issuers: found "portal"/ },
	{ name: "issuers by name", options: `meetauth_issuers = { daily = { ${portal} } }`, says: /meetauth_issuers: found a table with the name "daily"/ },
	{ name: "an issuer behind a hole", options: `meetauth_issuers = { { ${portal} }, nil, { issuer = "x" } }`, says: /meetauth_issuers: found a list with an empty place at 2/ },
	{ name: "an unknown option", options: `${issuers(portal)} meetauth_isuers = {}`, says: /meetauth_isuers: found/ },
	{ name: "an unknown field", options: issuers(`${portal}, isuer = "x"`), says: /meetauth_issuers\[1\]\.isuer: found/ },
	{ name: "a field of a wrong type", options: issuers(`${portal}, leeway = "10"`), says: /meetauth_issuers\[1\]\.leeway: found "10"/ },
	{ name: "an option of a wrong type", options: `${issuers(portal)} meetauth_leeway = "ten"`, says: /meetauth_leeway: found "ten"/ },
	{ name: "an empty secret", options: issuers('issuer = "x", secret = ""'), says: /meetauth_issuers\[1\]\.secret: found/ },
	{ name: "a short secret", options: issuers('issuer = "x", secret = "short-secret"'), says: /meetauth_issuers\[1\]\.secret.*weak-secret/ },
	{ name: "a PEM for a secret", options: issuers('issuer = "x", secret = "-----BEGIN PUBLIC KEY-----\\nMIIBIjANBgkqhkiG9w0BAQ\\n-----END PUBLIC KEY-----\\n"'), says: /meetauth_issuers\[1\]\.secret.*not-secret/ },
	{ name: "one secret in two entries", options: issuers(portal, `id = "acme", dialect = "daily", domain_id = "x", ${secret}`), says: /meetauth_issuers: found one secret in/ },
	{ name: "a Jitsi entry without issuer", options: issuers(secret), says: /meetauth_issuers\[1\]\.issuer: found nil/ },
	{ name: "a Daily entry without domain_id", options: issuers(`dialect = "daily", ${secret}`), says: /meetauth_issuers\[1\]\.domain_id: found nil/ },
	{ name: "an unknown dialect", options: issuers(`dialect = "zoom", ${secret}`), says: /meetauth_issuers\[1\]\.dialect: found "zoom"/ },
	{ name: "an unknown algorithm", options: issuers(`${portal}, algorithms = { "none" }`), says: /meetauth_issuers\[1\]\.algorithms: found "none"/ },
	{ name: "an entry without a key", options: issuers('issuer = "x"'), says: /meetauth_issuers\[1\]: found no key/ },
	{ name: "a right that is none", options: issuers(`${portal}, may = { "moderater" }`), says: /meetauth_issuers\[1\]\.may: found "moderater"/ },
	{ name: "bad tokens of guests on a host that takes none", options: issuers(`${portal}, on_invalid = "guest"`), says: /meetauth_issuers\[1\]\.on_invalid: found "guest"/ },
	{ name: "a key server over plain http", options: 'app_id = "x" asap_key_server = "http://keys.example"', says: /asap_key_server: found/ },
	{ name: "a key file that is not there", options: issuers('issuer = "x", secret_file = "/nowhere/secret"'), says: /secret_file\[1\]: found "\/nowhere\/secret" \(not there\)/ },
	{ name: "the host's own name as a tenant", options: (name) => issuers(`${portal}, tenant = "${name}"`), says: /meetauth_issuers\[1\]\.tenant: found "mistake\d+\.example", the host itself/ },
	{ name: "Jitsi's app_id alone", options: 'app_id = "x"', says: /app_secret: found nil/ },
].map((mistake, index) => {
	const name = `mistake${index}.example`;
	return { ...mistake, host: name, options: typeof mistake.options === "function" ? mistake.options(name) : mistake.options };
});

const bySecret = /0123456789abcdeffedcba9876543210|short-secret/;

test("mod_auth_meetauth does not load", { timeout: TEST }, async (t) => {
	const config = mistakes.map((row) => `VirtualHost "${row.host}"\n\tauthentication = "meetauth"\n\t${row.options}\n`).join("");
	const server = await startProsody({ config, prefix: installed() });
	const errors = server.log().split("\n").filter((line) => /\serror\s/.test(line));

	for (const mistake of mistakes) {
		await t.test(`with ${mistake.name}, and says so`, async () => {
			const told = errors.filter((line) => line.startsWith(`${mistake.host}:auth_meetauth`));
			assert.ok(told.some((line) => mistake.says.test(line) && /expected/.test(line)), told.join("\n") || "nothing was told");
			const { refused } = await connect({ url: server.ws, host: mistake.host, token: jitsi() });
			assert.equal(refused?.stage, "stream"); // no way to log in is offered
		});
	}

	await t.test("and shows no secret", () => {
		assert.doesNotMatch(server.log(), bySecret);
	});
});

// Each: the host's side is unusable; a guest host of the same server tries to get in.
const halves = [
	{ name: "whose host has another login", hostOptions: 'authentication = "anonymous"' },
	{ name: "whose host's login did not load", hostOptions: 'authentication = "meetauth"' },
	{ name: "with a hole in meetauth_exempt", hostOptions: `authentication = "meetauth" meetauth_foreign_hosts = { "guest.example" } ${issuers(portal)}`,
		options: 'meetauth_exempt = { "a.example", nil, "guest.example" }', says: /meetauth_exempt: found a list with an empty place at 2/ },
];

for (const { name, hostOptions, options = "", says = /found/ } of halves) {
	test(`mod_muc_meetauth on a component ${name} refuses everyone and says so once`, { timeout: TEST }, async (t) => {
		const config = `
VirtualHost "${host}"
	${hostOptions}
VirtualHost "guest.example"
	authentication = "anonymous"
Component "conference.${host}" "muc"
	modules_enabled = { "muc_meetauth" }
	${options}
`;
		const server = await startProsody({ config, prefix: installed() });
		for (const nick of ["first", "second"]) {
			const session = await connect({ url: server.ws, host: "guest.example" });
			const { refused } = await session.join(room("standup"), nick);
			assert.deepEqual({ condition: refused?.condition, child: refused?.child },
				{ condition: "not-allowed", child: "server-missing-config" });
			assert.match(refused.text, /^server-misconfigured(\s|$)/);
			await session.close();
		}
		const told = server.log().match(/:muc_meetauth\s+error\s.*/g);
		assert.equal(told?.length, 1, told?.join("\n"));
		assert.match(told[0], says);
	});
}

test("a host whose rooms are not guarded lets nobody in", { timeout: TEST }, async (t) => {
	const config = good.replace('modules_enabled = { "muc_meetauth" }', "");
	const server = await startProsody({ config, prefix: installed() });
	const { refused } = await connect({ url: server.ws, host, token: jitsi() });
	assert.equal(refused?.condition, "not-allowed");
	assert.match(refused.text, /^enforcement-missing(\s|$)/);
});

test("a new configuration is taken up, a broken one is not", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config: good, prefix: installed() });
	const login = async () => {
		const outcome = await connect({ url: server.ws, host, token: jitsi() });
		await outcome.close?.();
		return outcome.refused?.text.split(/\s/)[0] ?? "in";
	};
	assert.equal(await login(), "in");
	server.rewriteConfig((text) => text.replace('issuer = "portal"', "issuer = 7"));
	await server.reload();
	assert.equal(await login(), "in");
	server.rewriteConfig((text) => text.replace("issuer = 7", 'issuer = "other"'));
	await server.reload();
	assert.equal(await login(), "unknown-issuer");
});
