// What an operator does while people meet: modules are reloaded, the configuration is read again, Prosody is started
// anew. Newcomers keep coming meanwhile. Nobody is lost who should be in, and nobody stays longer than before.

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { config, daily, host, jitsi, room } from "./support/deployment.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { openStream } from "./support/stream.mjs";
import { now } from "./support/token.mjs";

const GRACE = 600; // seconds
const NEWCOMERS = 4; // at a time

const live = config
	.replace('authentication = "meetauth"', `authentication = "meetauth"
	modules_enabled = { "live_eval", "smacks" }
	meetauth_reconnect_grace = ${GRACE}
	meetauth_on_expiry = "kick"`);

// Who sits in the room throughout, and as what.
const residents = [
	{ nick: "ann", token: jitsi({ room: "*", context: { user: { moderator: true } } }), affiliation: "owner" },
	{ nick: "bob", token: jitsi({ room: "standup" }), affiliation: "member" },
	{ nick: "col", token: daily({ o: true }), affiliation: "owner" },
	{ nick: "dee", token: daily(), affiliation: "member" },
];

const reloadModules = `
	local reload = require "core.modulemanager".reload;
	return reload("${host}", "auth_meetauth") ~= nil and reload("conference.${host}", "muc_meetauth") ~= nil`;

// Time stands but for what pass() lets go by.
test("upkeep", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config: live, prefix: withSpecModules(), machine });

	// A stream that is logged in: with what came of the login where that failed.
	async function login(token) {
		const stream = await openStream({ url: server.ws, host, token });
		const outcome = await stream.authenticate();
		if (outcome !== "success") return { stream, outcome: outcome.text };
		return { stream, outcome, jid: await stream.bind() };
	}

	async function sitDown(resident) {
		const { stream, outcome, jid } = await login(resident.token);
		assert.equal(outcome, "success", resident.nick);
		const joined = await stream.join(room("standup"), resident.nick);
		assert.equal(joined.affiliation, resident.affiliation, `${resident.nick}: ${joined.refused}`);
		return { ...resident, stream, jid };
	}

	const seat = (there) => there.stream.inside(`local o = room("standup"):get_occupant_by_real_jid("${there.jid}");
		return o and o.nick .. " " .. room("standup"):get_affiliation("${there.jid}") or "out"`);

	// Everybody is where they were, as what they were, and hears everybody.
	async function allIsWell(people, word) {
		for (const one of people) {
			assert.equal(await seat(one), `${room("standup")}/${one.nick} ${one.affiliation}`);
			one.stream.send(`<message xmlns="jabber:client" type="groupchat" to="${room("standup")}"><body>${word} by ${one.nick}</body></message>`);
		}
		for (const one of people) {
			for (const other of people) {
				await one.stream.next((e) => e.localName === "message" && e.textContent === `${word} by ${other.nick}`, `${one.nick} hears ${other.nick}`);
			}
		}
	}

	// Newcomers, one after the other on each of several lines, until 'work' is done: what came of each.
	async function underLoad(work) {
		const outcomes = [];
		let more = true;
		let serial = 0;
		const lines = Array.from({ length: NEWCOMERS }, async () => {
			while (more) {
				const name = `new${serial++}`;
				try {
					const { stream, outcome } = await login(serial % 2 ? jitsi() : daily());
					const joined = outcome === "success" && await stream.join(room("standup"), name);
					outcomes.push(joined.affiliation ?? joined.refused ?? outcome);
					await stream.close();
				} catch (error) {
					outcomes.push(error.message);
					await sleep(50);
				}
			}
		});
		// Until as many more have got in as come at a time.
		async function someMore() {
			const members = () => outcomes.filter((outcome) => outcome === "member").length;
			const enough = members() + NEWCOMERS;
			while (members() < enough) await sleep(20);
		}
		try {
			await work(someMore);
		} finally {
			more = false;
			await Promise.all(lines);
		}
		return outcomes;
	}

	const people = [];
	for (const resident of residents) people.push(await sitDown(resident));
	await allIsWell(people, "at first");

	for (const [what, act] of [
		["both modules are reloaded", () => people[0].stream.inside(reloadModules)],
		["the configuration is read again", () => server.reload().then(() => true)],
	]) {
		await t.test(`${what}, under load: everybody stays, and every newcomer gets in`, async () => {
			const outcomes = await underLoad(async (someMore) => {
				for (let i = 0; i < 2; i += 1) {
					assert.equal(await act(), true);
					await someMore();
				}
			});
			assert.deepEqual(outcomes.filter((outcome) => outcome !== "member"), []);
			await allIsWell(people, what);
		});
	}

	await t.test("a stream that is gone for the time of a reload is resumed", async () => {
		const { stream, jid } = await login(jitsi());
		const id = await stream.enable();
		await stream.join(room("standup"), "eve");
		const h = stream.received();
		await stream.drop();
		assert.equal(await people[0].stream.inside(reloadModules), true);
		const again = await openStream({ url: server.ws, host, token: jitsi(), params: { previd: id } });
		assert.equal(await again.authenticate(), "success");
		assert.equal(await again.resume(id, h), "resumed");
		const eve = { stream: again, jid, nick: "eve", affiliation: "member" };
		assert.equal(await seat(eve), `${room("standup")}/eve member`);
		await again.close();
	});

	await t.test("who may come back after the end of a token may do so after a reload, too", async () => {
		const exp = now() + 60;
		const token = jitsi({ exp });
		const { stream, jid } = await login(token);
		await stream.close();
		const there = `return prosody.full_sessions["${jid}"] ~= nil`;
		while (await people[0].stream.inside(there)) await sleep(20);
		assert.equal(await people[0].stream.inside(reloadModules), true);
		await machine.pass(exp - now());
		const again = await login(token);
		assert.equal(again.outcome, "success");
		await again.stream.close();
		const other = await login(jitsi({ exp: now() - 1 })); // was never in
		assert.equal(other.outcome, "expired");
		await other.stream.close();
	});

	await t.test("Prosody is started anew, under load: the same tokens open the same rooms, with the same rights", async () => {
		const exp = now() + 60;
		const short = jitsi({ exp });
		assert.equal((await login(short)).outcome, "success");
		const outcomes = await underLoad(async (someMore) => {
			await someMore();
			await server.restart();
			await someMore();
		});
		assert.deepEqual(outcomes.filter((outcome) => /enforcement|mismatch|expired|misconfigured/.test(outcome)), []);
		const back = [];
		for (const resident of residents) back.push(await sitDown(resident));
		await allIsWell(back, "again");

		await machine.pass(exp - now());
		assert.equal((await login(short)).outcome, "expired"); // who was in before is not remembered
		for (const { stream } of back) await stream.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
