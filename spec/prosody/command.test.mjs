// The meetauth command, as installed, beside a live Prosody: what it signs and converts with the server's own
// configuration opens the rooms that it says, as what it says.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { meetauth } from "./support/command.mjs";
import { config, host, room } from "./support/deployment.mjs";
import { installed } from "./support/install.mjs";
import { makeFolder } from "./support/leftovers.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const folder = makeFolder();
const configuration = join(folder, "prosody.cfg.lua");
const withServer = (name, args, input) => meetauth([name, "--config", configuration, "--host", host, ...args], { input });

async function must(name, args, input) {
	const ran = await withServer(name, args, input);
	assert.equal(ran.status, 0, ran.err);
	return ran.out.trim();
}

const joins = [
	{ name: "a Jitsi moderator", args: ["--entry", "portal", "--room", "Standup", "--moderator"], to: "standup", affiliation: "owner" },
	{ name: "a Jitsi guest", args: ["--entry", "portal", "--room", "standup", "--name", "Ann"], to: "standup", affiliation: "member" },
	{ name: "a Jitsi token for every room", args: ["--entry", "portal", "--room", "*"], to: "anywhere", affiliation: "member" },
	{ name: "a Jitsi token of a tenant", args: ["--entry", "portal", "--room", "standup", "--tenant", "beta"], to: "[beta]standup", affiliation: "member" },
	{ name: "a Daily owner", args: ["--entry", "acme", "--room", "standup", "--moderator", "--user-id", "u1"], to: "standup", affiliation: "owner" },
	{ name: "a Daily participant", args: ["--entry", "acme", "--room", "standup", "--name", "Ann", "--eject-after", "1h"], to: "standup", affiliation: "member" },
	{ name: "a Daily token of a tenant", args: ["--entry", "zeta", "--room", "standup"], to: "[zeta]standup", affiliation: "member" },
];

const conversions = [
	{ name: "a Daily owner as a Jitsi moderator", from: ["--entry", "acme", "--room", "retro", "--moderator"], to: ["--to", "jitsi", "--sign-with", "portal"], affiliation: "owner" },
	{ name: "a Daily participant as a Jitsi guest", from: ["--entry", "acme", "--room", "retro"], to: ["--to", "jitsi", "--sign-with", "portal"], affiliation: "member" },
	{ name: "a Jitsi moderator as a Daily owner", from: ["--entry", "portal", "--room", "retro", "--moderator"], to: ["--to", "daily", "--sign-with", "acme"], affiliation: "owner" },
	{ name: "a Jitsi guest as a Daily participant", from: ["--entry", "portal", "--room", "retro"], to: ["--to", "daily", "--sign-with", "acme"], affiliation: "member" },
];

test("the command beside a live Prosody", { timeout: TEST }, async (t) => {
	writeFileSync(configuration, config);
	const server = await startProsody({ config, prefix: installed() });

	async function enter(token, to) {
		const session = await connect({ url: server.ws, host, token });
		assert.equal(session.refused, undefined, JSON.stringify(session.refused));
		const joined = await session.join(room(to), "nick");
		await session.close();
		return joined;
	}

	for (const { name, args, to, affiliation } of joins) {
		await t.test(`${name} that it signed joins, as verify says`, async () => {
			const token = await must("sign", args);
			const judged = await withServer("verify", ["--room", to], token);
			assert.equal(judged.status, 0, judged.err);
			assert.match(judged.err, new RegExp(`, as ${affiliation}\n$`));
			assert.equal((await enter(token, to)).affiliation, affiliation);
		});

		await t.test(`${name} is refused elsewhere, with the word that explain has`, async () => {
			const token = await must("sign", args);
			const other = to === "anywhere" ? "[beta]anywhere" : "attic";
			const { refused } = await enter(token, other);
			const explained = await withServer("explain", ["--room", other, "--json"], token);
			assert.equal(explained.status, 1);
			assert.equal(JSON.parse(explained.out).reason, refused.text);
		});
	}

	for (const { name, from, to, affiliation } of conversions) {
		await t.test(`${name} joins`, async () => {
			const token = await must("convert", to, await must("sign", from));
			assert.equal((await enter(token, "retro")).affiliation, affiliation);
			assert.equal((await enter(token, "attic")).refused.text, "room-mismatch");
		});
	}

	await t.test("every token of a bulk joins its room", async () => {
		const rows = ["room,name,moderator", "one,Ann,true", "two,\"Doe, Jo\",", "three,Kim,no"].join("\r\n");
		const tokens = (await must("sign", ["--entry", "portal", "--bulk", "-", "--format", "csv"], rows)).split("\n");
		assert.equal(tokens.length, 3);
		for (const [i, to] of ["one", "two", "three"].entries()) {
			assert.equal((await enter(tokens[i], to)).affiliation, i === 0 ? "owner" : "member");
		}
	});

	await t.test("and the server is none the worse", () => assert.doesNotMatch(server.log(), traceback));
});
