// Where keys come from, each source on a live Prosody; files that change, keys that begin and end, without a restart.
// Proves mod_auth_meetauth/keys.lib.

import assert from "node:assert/strict";
import { chmodSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { asapPath, certified, keysConfig, newKey, setOf, startKeyServer } from "./support/keyserver.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now, sign, specSecret as secret } from "./support/token.mjs";

const host = "meet.example";
const hs = (by, claims) => sign(by, { iss: "sso", room: "standup", sub: host, exp: now() + 600, ...claims });

// Time stands but for what pass() lets go by.
test("key sources", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const folder = makeFolder();
	chmodSync(folder, 0o755);
	const file = (name, text) => {
		writeFileSync(join(folder, name), text);
		utimesSync(join(folder, name), now(), now());
		return join(folder, name);
	};
	file("b", `${secret("b")}\n`);
	const besideConfig = (name) => `../${basename(folder)}/${name}`; // Prosody's folder stands beside this one
	const keys = await startKeyServer();

	const [es, es2, rs, asap, firebase, jitsiAsap, jitsiJwks] = [newKey("es"), newKey("es2"), newKey("rs", "RS256"), newKey("asap", "RS256"),
		newKey("firebase", "RS256"), newKey("jitsi-asap", "RS256"), newKey("jitsi-jwks", "RS256")];
	const pem = newKey(undefined);
	keys.on("/jwks", setOf(es, rs));
	keys.on(`/asap${asapPath("asap")}`, asap.pem);
	keys.on("/firebase", JSON.stringify({ firebase: certified(firebase).certificate }));
	keys.on(`/jitsi${asapPath("jitsi-asap")}`, jitsiAsap.pem);
	keys.on("/jitsi-jwks", setOf(jitsiJwks));
	const entry = (id, rest) => `{ id = "${id}", issuer = "${id}", ${rest} }`;
	const soon = now() + 60;

	const server = await startProsody({
		config: keysConfig([
			entry("file", `secret_file = { "${file("a", secret("a"))}", "${besideConfig("b")}" }`),
			entry("pem", `public_key_file = "${file("pem", pem.pem)}", algorithms = "ES256"`),
			entry("set", `jwks_file = "${file("set", setOf(es2))}", algorithms = { "ES256", "RS256" }`),
			entry("jwks", `jwks_url = "${keys.url}/jwks", algorithms = { "ES256", "RS256", "HS256" }, secret = "${secret("j")}"`),
			entry("asap", `asap_url = "${keys.url}/asap/"`),
			entry("firebase", `cache_keys_url = "${keys.url}/firebase"`),
			entry("ends", `secret = "${secret("e")}", not_after = ${soon}`),
			entry("begins", `secret = "${secret("f")}", not_before = ${soon}`),
		], { options: `app_id = "portal"\n\tapp_secret = "not looked at"\n\tasap_key_server = "${keys.url}/jitsi"\n\tcache_keys_url = "${keys.url}/jitsi-jwks"` }),
		prefix: withSpecModules(), machine,
	});

	const login = async (token, url = server.ws) => {
		const session = await connect({ url, host, token });
		if (session.refused) return session.refused.text;
		await session.close();
		return "in";
	};
	const by = (key, iss) => key.token({ iss });

	const good = {
		"a secret file": hs(secret("a"), { iss: "file" }),
		"another one, without its newline": hs(secret("b"), { iss: "file" }),
		"a public key file": by(pem, "pem"),
		"a JWK set in a file": by(es2, "set"),
		"a JWK set at an address, EC": by(es, "jwks"),
		"a JWK set at an address, RSA": by(rs, "jwks"),
		"a secret beside an address": hs(secret("j"), { iss: "jwks" }),
		"an ASAP server": by(asap, "asap"),
		"Firebase's certificates": by(firebase, "firebase"),
		"Jitsi's asap_key_server": by(jitsiAsap, "portal"),
		"Jitsi's cache_keys_url": by(jitsiJwks, "portal"),
	};
	await server.waitForLog(/Keys of jwks from .*: changed/);
	for (const [name, token] of Object.entries(good)) {
		for (const transport of ["ws", "bosh"]) {
			await t.test(`${transport}: ${name} verifies`, async () => assert.equal(await login(token, server[transport]), "in"));
		}
	}

	await t.test("the window of an entry opens and closes at its second", async () => {
		const [ends, begins] = [hs(secret("e"), { iss: "ends" }), hs(secret("f"), { iss: "begins" })];
		await machine.pass(soon - 1 - now());
		assert.deepEqual([await login(ends), await login(begins)], ["in", "unknown-key"]);
		await machine.pass(1);
		assert.deepEqual([await login(ends), await login(begins)], ["unknown-key", "in"]);
	});

	await t.test("a key of one entry opens no other", async () => {
		assert.equal(await login(by(es, "set")), "unknown-key");
		assert.equal(await login(hs(secret("a"), { iss: "jwks" })), "signature-mismatch");
	});

	await t.test("the newline is told, the secret is not", () => {
		assert.match(server.log(), /warn\s.*secret_file\[2\]: .* ends with a newline, which is not a part of the secret/);
		assert.ok(!server.log().includes(secret("a")) && !server.log().includes(secret("b")));
	});

	await t.test("a file that changes counts within seconds, and sessions stay", async () => {
		const old = await connect({ url: server.ws, host, token: good["a secret file"] });
		file("a", secret("c"));
		file("set", setOf(es));
		await machine.pass(2);
		assert.deepEqual([await login(hs(secret("c"), { iss: "file" })), await login(hs(secret("a"), { iss: "file" }))], ["in", "signature-mismatch"]);
		assert.deepEqual([await login(by(es, "set")), await login(by(es2, "set"))], ["in", "unknown-key"]);
		assert.equal(await inside(old, "return session.type"), "c2s");
		await old.close();
	});

	await t.test("a file that breaks changes nothing, and is told once", async () => {
		const from = server.log().length;
		file("a", "short");
		file("set", "{");
		rmSync(join(folder, "pem"));
		for (let seconds = 0; seconds < 4; seconds++) await machine.pass(1);
		assert.deepEqual([await login(hs(secret("c"), { iss: "file" })), await login(by(es, "set")), await login(good["a public key file"])], ["in", "in", "in"]);
		const told = server.log().slice(from).match(/:auth_meetauth\s+error\s.*/g);
		assert.equal(told.length, 3, told.join("\n"));
		for (const line of told) assert.match(line, /_file\[1\]: found .*. The previous keys stay in use$/);
	});

	file("a", secret("c"));
	file("set", setOf(es));
	file("pem", pem.pem);

	await t.test("keys_status() tells source, use and state; keys_refresh() looks again", async () => {
		const session = await connect({ url: server.ws, host, token: by(es, "jwks") });
		const rows = await inside(session, 'return (prosody.hosts["meet.example"].modules.auth_meetauth.keys_status())');
		const row = (entryId, kid) => rows.find((one) => one.entry === entryId && one.kid === kid);
		assert.equal(row("jwks", "es").uses, 3);
		assert.ok(row("jwks", "es").last_used >= now() - 10 && row("jwks", "es").age < 60);
		assert.deepEqual([row("jwks", "rs").source, row("jwks", "rs").alg, row("jwks", "rs").state], ["jwks_url", "RS256", "current"]);
		assert.equal(rows.find((one) => one.entry === "ends").state, "over");
		const before = keys.requests("/jwks");
		assert.equal(await inside(session, 'return prosody.hosts["meet.example"].modules.auth_meetauth.keys_refresh("jwks")'), 1);
		await waitFor(() => keys.requests("/jwks") > before, "a look");
		await server.turn();
		assert.equal(keys.requests("/jwks"), before + 1);
		assert.equal(await inside(session, 'return prosody.hosts["meet.example"].modules.auth_meetauth.keys_refresh("nobody")'), 0);
		await session.close();
	});

	await t.test("metrics tell looks, uses and age", async () => {
		const session = await connect({ url: server.ws, host, token: by(es, "jwks") });
		const seen = await inside(session, `prosody.events.fire_event("stats-update");
			local seen = {};
			for name, family in pairs(require "core.statsmanager".get_metric_registry():get_metric_families()) do
				if name:find("auth_meetauth/key") then
					for labels, metric in family:iter_metrics() do
						seen[#seen + 1] = name .. " " .. table.concat(labels, " ");
					end
				end
			end
			return seen;`);
		for (const wanted of ["key_refreshes meet.example jwks changed", "key_uses meet.example jwks jwks_url", "key_uses meet.example file secret_file",
			"key_age_seconds meet.example asap asap_url"]) {
			assert.ok(seen.some((one) => one.endsWith(wanted)), `${wanted} in\n${seen.join("\n")}`);
		}
		await session.close();
	});

	await t.test("the counters outlive a reload of the configuration and of the module", async () => {
		await server.reload();
		const session = await connect({ url: server.ws, host, token: by(es, "jwks") });
		const uses = `for _, row in ipairs((prosody.hosts["meet.example"].modules.auth_meetauth.keys_status())) do
			if row.entry == "jwks" and row.kid == "es" then return row.uses; end end`;
		assert.equal(await inside(session, uses), 5);
		await inside(session, 'require "core.modulemanager".reload("meet.example", "auth_meetauth") return true');
		assert.equal(await inside(session, uses), 5);
		assert.equal(await login(by(es, "jwks")), "in");
		await session.close();
	});

	await t.test("a source that is no more has no keys that grow old", async () => {
		const age = `prosody.events.fire_event("stats-update");
			return require "core.statsmanager".metric("gauge", "prosody_mod_auth_meetauth/key_age", "seconds", "", { "host", "entry", "source" })
				:with_labels("meet.example", "jwks", "jwks_url").value`;
		const session = await connect({ url: server.ws, host, token: by(es, "jwks") });
		assert.ok(await inside(session, age) > 0);
		server.rewriteConfig((text) => text.replace(/jwks_url = .*?, (?=secret)/, ""));
		await server.reload();
		assert.equal(await inside(session, age), 0);
		await session.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
