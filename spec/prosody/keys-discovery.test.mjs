// An OpenID provider by the address of its issuer, and one address that two hosts share, on a live Prosody.
// Proves mod_auth_meetauth/keys.lib.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { installed } from "./support/install.mjs";
import { newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const [host, other] = ["meet.example", "other.example"];
const path = "/realms/meet/.well-known/openid-configuration";

// Time stands but for what pass() lets go by.
test("an OpenID provider and an address of two hosts", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const keys = await startKeyServer();
	const [known, fresh, shared, wrong] = [newKey("known"), newKey("fresh"), newKey("shared"), newKey("wrong")];
	const issuer = `${keys.url}/realms/meet`;
	const says = (members) => JSON.stringify({ issuer, jwks_uri: `${keys.url}/certs`, token_endpoint: `${issuer}/token`, ...members });
	keys.on(path, says());
	keys.on("/certs", setOf(known));
	keys.on("/shared", setOf(shared));
	keys.on(path.replace("meet", "wrong"), says()); // which is another issuer's
	const sharedBy = (refresh) => `{ id = "shared", issuer = "shared", algorithms = "ES256", jwks_url = "${keys.url}/shared", refresh_min = ${refresh} }`;
	const server = await startProsody({
		config: `
VirtualHost "${host}"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "sso", oidc_url = "${issuer}", algorithms = "ES256" };
		{ id = "wrong", oidc_url = "${keys.url}/realms/wrong", algorithms = "ES256" };
		${sharedBy(60)};
	}
VirtualHost "${other}"
	authentication = "meetauth"
	meetauth_issuers = { ${sharedBy(10)} }
`,
		prefix: installed(), machine,
	});
	await server.waitForLog(/Keys of sso from .*openid-configuration: changed/);
	await machine.pass(1); // the keys, whose address is known now
	await server.waitForLog(/Keys of sso from .*\/certs: changed/);

	const login = async (token, on = host) => {
		const session = await connect({ url: server.ws, host: on, token });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	};
	const ofProvider = (key, iss = issuer) => key.token({ iss });

	await t.test("a token of the provider is let in, by its issuer alone", async () => {
		assert.equal(await login(ofProvider(known)), "in");
		assert.equal(await login(ofProvider(known, `${issuer}/`)), "unknown-issuer");
		assert.deepEqual([keys.requests(path), keys.requests("/certs")], [1, 1]);
	});

	await t.test("a key that the provider has since is fetched for the login that needs it", async () => {
		keys.on("/certs", setOf(known, fresh));
		assert.equal(await login(ofProvider(fresh)), "in");
	});

	await t.test("a document of another issuer gives no keys, and the log says why", async () => {
		await server.waitForLog(/Keys of wrong from .*: its answer cannot be used \(issuer-mismatch: the provider's issuer is "http.*\/realms\/meet", but oidc_url is "http.*\/realms\/wrong"\)/);
		assert.equal(await login(ofProvider(wrong, `${keys.url}/realms/wrong`)), "keys-unavailable");
	});

	await t.test("two hosts with one address fetch it once, and both have its keys", async () => {
		assert.equal(keys.requests("/shared"), 1);
		assert.deepEqual([await login(shared.token({ iss: "shared" })), await login(shared.token({ iss: "shared", sub: other }), other)], ["in", "in"]);
		assert.equal(keys.requests("/shared"), 1);
	});

	await t.test("a host that goes leaves the other with its keys, and with those that come later", async () => {
		const later = newKey("later");
		keys.on("/shared", setOf(later));
		server.rewriteConfig((text) => text.replace(`${sharedBy(60)};`, ""));
		await server.reload();
		assert.equal(await login(shared.token({ iss: "shared" })), "unknown-issuer");
		assert.equal(await login(later.token({ iss: "shared", sub: other }), other), "in");
		assert.equal(keys.requests("/shared"), 2);
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
