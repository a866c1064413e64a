// A module that was reloaded is gone: no timer, task, hook, request or session holds what it was before. Its environments
// are counted in a table that holds none of them, after a full collection.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { dailyConfig, enter, host, inside, isKick, isSelf, login, muc, now, PATIENCE, token, withStandIns } from "./support/daily.mjs";
import { newKey, startKeyServer } from "./support/keyserver.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { sign } from "./support/token.mjs";

const RELOADS = 5;
const apiKey = "rest-key-rest-key-rest-key-rest-key-rest-key";
const secret = "once-secret-2-3-5-7-11-13-17-19-23-29-31";

const config = (keysUrl) => dailyConfig({
	options: `
	meetauth_on_expiry = "kick"
	meetauth_reconnect_grace = 5
	meetauth_http_keys = { acme = "${apiKey}" }
	allow_empty_token = true
`,
}).replace("meetauth_issuers = {", `$&
	{ id = "once", issuer = "once", secret = "${secret}", single_use = true };
	{ id = "sso", issuer = "sso", algorithms = "ES256", jwks_url = "${keysUrl}/silent" };`)
	.replace('"live_eval"', '"live_eval"; "http_meetauth"; "pep"').replace("admins", `statistics = "internal"\nhttp_default_host = "${host}"\n$&`);

// Reload a module some times: how many of its environments are there afterwards but for the one in use.
const reload = (on, name) => `
	local manager = require "core.modulemanager";
	local seen = setmetatable({}, { __mode = "k" });
	for _ = 1, ${RELOADS} do
		seen[manager.get_module("${on}", "${name}")] = true;
		assert(xpcall(manager.reload, debug.traceback, "${on}", "${name}"));
	end
	prosody.live_seen = prosody.live_seen or {};
	prosody.live_seen["${on} ${name}"] = seen;
	return true`;
const left = (on, name) => `
	collectgarbage() collectgarbage()
	local count = 0;
	for _ in pairs(prosody.live_seen["${on} ${name}"]) do count = count + 1; end
	return count`;

test("reloaded modules", { timeout: TEST }, async (t) => {
	const keys = await startKeyServer();
	t.after(() => keys.close());
	keys.on("/silent", () => {});
	const server = await startProsody({ config: config(keys.url), prefix: withStandIns() });
	t.after(() => server.stop());
	const key = newKey("unknown");
	const once = (claims) => sign(secret, { iss: "once", sub: host, room: "standup", exp: now() + 600, ...claims });

	const admin = await login(server, token());
	assert.ok(await inside(admin, 'return (require "core.modulemanager".load("*", "admin_shell")) ~= nil'));

	// Everything that a module may be in the middle of: people with deadlines of all sorts, a lobby's guest, a login that was
	// refused, one that waits for a key, a connection that has not tried yet, a stream that hibernates.
	const people = [
		await enter(server, token({ r: "standup", eje: 36000, u: "Ann", p: { cs: "v" } }), "standup", "limited"),
		await enter(server, token({ r: "standup", ejt: true, exp: now() + 90000 }), "standup", "ejected"),
		await enter(server, once(), "standup", "expires"),
		await enter(server, undefined, "standup", "guest"),
	];
	for (const { joined } of people) assert.equal(joined.refused, undefined);
	const hibernating = await openStream({ url: server.ws, host, token: token({ r: "standup", eje: 36000 }) });
	await hibernating.authenticate();
	await hibernating.bind();
	await hibernating.enable();
	await hibernating.join(`standup@${muc}`, "hibernating");
	await hibernating.drop();
	const untried = await openStream({ url: server.ws, host, token: token() });
	const refused = await openStream({ url: server.ws, host, token: token({ exp: now() - 600 }) });
	assert.equal((await refused.authenticate()).text, "expired");
	const waiting = connect({ url: server.ws, host, token: key.token({ iss: "sso", sub: host, room: "standup" }), timeout: PATIENCE });
	waiting.catch(() => {});

	const modules = [[muc, "muc_meetauth"], [host, "http_meetauth"], [host, "auth_meetauth"], ["*", "shell_meetauth"]];
	for (const [on, name] of modules) {
		await t.test(`${name} leaves no environment behind`, async () => {
			await inside(admin, reload(on, name));
			let count;
			for (const end = Date.now() + PATIENCE; (count = await inside(admin, left(on, name))) > 0 && Date.now() < end;) {
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
			assert.equal(count, 0);
		});
	}

	await t.test("and what they were in the middle of goes on", async () => {
		assert.equal((await waiting).refused?.text, "keys-unavailable");
		assert.equal(await untried.authenticate(), "success");
		assert.equal((await refused.authenticate()).text, "expired");
		for (const { all, me } of people) assert.equal(all.filter(isKick).length, 0, me);
		assert.ok(await inside(people[0].session, `return session.meetauth_deadlines["standup@${muc}"].at > os.time() + 30000`));
		const short = await enter(server, token({ r: "standup", eje: 1 }), "standup", "short");
		await short.wait((p) => isKick(p) && isSelf(p), "the end of its time");
		const answer = await fetch(`${server.http}/v1/`, { headers: { authorization: `Bearer ${apiKey}`, origin: "https://page.example" } });
		assert.equal(answer.status, 200);
		assert.equal(answer.headers.get("access-control-allow-origin"), null);
		await short.session.close();
	});

	for (const { session } of people) await session.close();
	for (const stream of [untried, refused]) await stream.close();
	await admin.close();
	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
