// What an operator's hand can do wrong while people meet: modules that go and come back, a component that does, a
// configuration that is none, put in place while logins run.

import assert from "node:assert/strict";
import test from "node:test";
import { config, host, jitsi, room } from "./support/deployment.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { PATIENCE, TEST, waitFor } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now } from "./support/token.mjs";

const component = `conference.${host}`;
const live = config.replace('authentication = "meetauth"', `authentication = "meetauth"
	modules_enabled = { "live_eval" }
	meetauth_on_expiry = "kick"`);

// Time stands but for what pass() lets go by.
test("an operator's hand", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: live, prefix: withSpecModules(), machine });

	async function login(token) {
		const stream = await openStream({ url: server.ws, host, token });
		const outcome = await stream.authenticate();
		if (outcome !== "success") {
			await stream.close();
			return { refused: outcome.text };
		}
		await stream.bind();
		return stream;
	}
	async function enter(token, name, nick) {
		const stream = await login(token);
		if (stream.refused) return stream.refused;
		const { affiliation, refused } = await stream.join(room(name), nick);
		await stream.close();
		return affiliation ?? refused;
	}
	const admin = await login(jitsi({ room: "admin", exp: now() + 6000 }));
	const modules = (code) => admin.inside(`local modules = require "core.modulemanager"; ${code}`);
	const there = (name) => admin.inside(`local r, nicks = room("${name}"), {};
		if r then for nick in r:each_occupant() do nicks[#nicks + 1] = nick:match("/(.*)"); end end
		table.sort(nicks);
		return table.concat(nicks, " ")`);

	async function becomes(nicks, name) {
		await waitFor(async () => await there(name) === nicks, `${nicks} in ${name}`);
	}

	await t.test("the MUC half is unloaded: nobody logs in, and nobody who has enters a room; loaded again, all is guarded", async () => {
		const stays = await login(jitsi({ room: "standup" }));
		assert.equal((await stays.join(room("standup"), "stays")).refused, undefined);
		const leaves = await login(jitsi({ room: "standup", exp: now() + 60 }));
		assert.equal((await leaves.join(room("standup"), "leaves")).refused, undefined);
		assert.equal(await modules(`return modules.unload("${component}", "muc_meetauth")`), true);
		assert.equal(await enter(jitsi(), "standup", "new"), "enforcement-missing");
		assert.equal((await stays.join(room("board"), "stays")).refused, "enforcement-missing");
		assert.equal(await there("board"), "");
		assert.equal(await there("standup"), "leaves stays");
		await machine.pass(60); // a token ends while nobody looks
		assert.equal(await modules(`return modules.load("${component}", "muc_meetauth") ~= nil`), true);
		await becomes("stays", "standup");
		assert.equal((await stays.join(room("board"), "stays")).refused, "room-mismatch");
		assert.equal(await enter(jitsi(), "standup", "new"), "member");
		await Promise.all([stays.close(), leaves.close()]);
	});

	for (const [what, away, back] of [
		["the MUC is unloaded and loaded", `return modules.unload("${component}", "muc")`,
			`return modules.load("${component}", "muc") ~= nil and modules.is_loaded("${component}", "muc_meetauth")`],
		["the component is deactivated and activated", `return require "core.hostmanager".deactivate("${component}") ~= nil`,
			`return require "core.hostmanager".activate("${component}") ~= nil`],
	]) {
		await t.test(`${what} while people are in a room: who comes back with it is asked again, and its time runs`, async () => {
			const over = await login(jitsi({ room: "standup", exp: now() + 60 }));
			const short = await login(jitsi({ room: "standup", exp: now() + 120 }));
			const long = await login(jitsi({ room: "standup" }));
			for (const [nick, stream] of Object.entries({ over, short, long })) {
				assert.equal((await stream.join(room("standup"), nick)).refused, undefined);
			}
			assert.equal(await modules(away), true);
			await machine.pass(60);
			assert.equal(await modules(back), true);
			assert.equal(await enter(jitsi(), "standup", "new"), "member"); // brings the room back
			await becomes("long short", "standup");
			assert.equal((await over.join(room("standup"), "again")).refused, "expired");
			assert.equal((await long.join(room("board"), "long")).refused, "room-mismatch");
			await machine.pass(60);
			await becomes("long", "standup");
			await Promise.all([over.close(), short.close(), long.close()]);
		});
	}

	await t.test("broken configurations, read again and again while logins run: each login is decided by the last good one", async () => {
		const outcomes = [];
		let more = true;
		let serial = 0;
		const lines = Array.from({ length: 4 }, async () => {
			while (more) {
				const good = serial++ % 2 === 0;
				const outcome = await enter(good ? jitsi() : jitsi({}, "another-secret-2-3-5-7-11-13-17-19-23-29-31-"), "standup", `n${serial}`);
				outcomes.push(`${good} ${outcome}`);
			}
		});
		for (const [from, to] of [
			['secret = "portal-secret', 'secret = "short", secrets = "portal-secret'],
			["meetauth_leeway = 0", "meetauth_leeway = = 0"],
			["meetauth_leeway = 0", 'meetauth_leeway = "soon"'],
			["meetauth_issuers = {", "meetauth_issuers = {} meetauth_isuers = {"],
		]) {
			const log = server.log().length;
			server.rewriteConfig((text) => text.replace(from, to));
			await server.reload();
			await server.waitForLog(/The new configuration has errors. The previous configuration stays in use|error parsing the configuration file/, PATIENCE, log);
			const enough = outcomes.length + 12;
			await waitFor(() => outcomes.length >= enough, "more logins");
			server.rewriteConfig((text) => text.replace(to, from));
		}
		more = false;
		await Promise.all(lines);
		assert.deepEqual([...new Set(outcomes)].sort(), ["false signature-mismatch", "true member"]);
		await server.reload();
		assert.equal(await enter(jitsi(), "standup", "after"), "member");
	});

	await t.test("the log holds no traceback", async () => {
		await admin.close();
		assert.equal(server.log().split("\n").find((line) => traceback.test(line) && !/error parsing the configuration/.test(line)), undefined);
	});
});
