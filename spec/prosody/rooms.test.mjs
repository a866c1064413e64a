// mod_muc_meetauth on a live Prosody: which room a token opens, as what, and how the rest is refused.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config, daily, host, jitsi, room } from "./support/deployment.mjs";
import { installed } from "./support/install.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";
import { now } from "./support/token.mjs";

const user = (claims) => ({ context: { user: claims } });

const joins = [
	{ name: "a Jitsi moderator owns the room", token: jitsi(user({ moderator: true })), to: "standup", affiliation: "owner" },
	{ name: "a Jitsi token with the word true", token: jitsi(user({ moderator: "true" })), to: "standup", affiliation: "owner" },
	{ name: "a Jitsi moderator at top level", token: jitsi({ moderator: true }), to: "standup", affiliation: "owner" },
	{ name: "a Jitsi affiliation of teacher", token: jitsi(user({ affiliation: "teacher" })), to: "standup", affiliation: "owner" },
	{ name: "a Jitsi token that denies moderation", token: jitsi(user({ moderator: false })), to: "standup", role: "participant" },
	{ name: "a Jitsi token whose two spellings disagree", token: jitsi({ moderator: true, ...user({ moderator: false }) }), to: "standup", role: "participant" },
	{ name: "a Jitsi token for any room", token: jitsi({ room: "*" }), to: "anywhere" },
	{ name: "a Jitsi token of any domain", token: jitsi({ sub: "*" }), to: "standup" },
	{ name: "a Jitsi room in other letters", token: jitsi({ room: "StandUp" }), to: "standup" },
	{ name: "a Jitsi tenant in its own room", token: jitsi({ sub: "beta" }), to: "[beta]standup" },
	{ name: "a Daily owner owns the room", token: daily({ o: true }), to: "standup", affiliation: "owner" },
	{ name: "a Daily participant", token: daily(), to: "standup", role: "participant" },
	{ name: "a Daily tenant in its own room", token: daily({}, "zeta"), to: "[zeta]standup" },
];

const mismatches = [
	{ name: "a Jitsi token of another room", token: jitsi({ room: "retro" }), to: "standup" },
	{ name: "a Jitsi token of another domain", token: jitsi({ sub: "other.example" }), to: "standup" },
	{ name: "a Jitsi token of one tenant in another's room", token: jitsi({ sub: "beta" }), to: "[zeta]standup" },
	{ name: "a Jitsi token for any room of its tenant, elsewhere", token: jitsi({ sub: "beta", room: "*" }), to: "standup" },
	{ name: "a Jitsi token of the host in a tenant's room", token: jitsi(), to: "[zeta]standup" },
	{ name: "a Daily token of another room", token: daily({ r: "retro", o: true }), to: "standup" },
	{ name: "a Daily token of the host's rooms in a tenant's", token: daily({ o: true }), to: "[zeta]standup" },
	{ name: "a Daily token of a tenant in the host's room", token: daily({ o: true }, "zeta"), to: "standup" },
];

async function enter(server, transport, token, name, nick) {
	const session = await connect({ url: server[transport], host, token });
	assert.equal(session.refused, undefined);
	return { session, joined: await session.join(room(name), nick) };
}

function assertMismatch(joined) {
	assert.ok(joined.refused, "should not have got in");
	const { type, condition, child, text } = joined.refused;
	assert.deepEqual({ type, condition, child }, { type: "cancel", condition: "not-allowed", child: "room-mismatch" });
	assert.match(text, /^room-mismatch(\s|$)/);
}

test("rooms", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true });
	const server = await startProsody({ config, prefix: installed(), machine });

	for (const transport of ["ws", "bosh"]) {
		for (const { name, token, to, affiliation, role } of joins) {
			await t.test(`${transport}: ${name}: joins ${to}`, async () => {
				const { session, joined } = await enter(server, transport, token, to, "guest");
				assert.equal(joined.refused, undefined);
				if (affiliation) assert.equal(joined.affiliation, affiliation);
				if (role) assert.equal(joined.role, role);
				await session.close();
			});
		}

		for (const { name, token, to } of mismatches) {
			await t.test(`${transport}: ${name}: may not create ${to}`, async () => {
				const { session, joined } = await enter(server, transport, token, to, "guest");
				assertMismatch(joined);
				await session.close();
			});
		}
	}

	await t.test("a room that exists is guarded as well", async () => {
		const inside = await enter(server, "ws", jitsi(user({ moderator: true })), "standup", "first");
		for (const { token, to } of mismatches.filter((row) => row.to === "standup")) {
			const { session, joined } = await enter(server, "ws", token, to, "second");
			assertMismatch(joined);
			await session.close();
		}
		await inside.session.close();
	});

	await t.test("both dialects meet in one room", async () => {
		const first = await enter(server, "ws", jitsi(user({ moderator: true })), "standup", "jitsi");
		const second = await enter(server, "bosh", daily(), "standup", "daily");
		assert.equal(first.joined.role, "moderator");
		assert.equal(second.joined.role, "participant");
		await second.session.close();
		await first.session.close();
	});

	await t.test("the right affiliation is in the first presence that others see", async () => {
		const watcher = await enter(server, "ws", jitsi(user({ moderator: true })), "standup", "watcher");
		const seen = watcher.session.next({ name: "presence", from: `${room("standup")}/owner` });
		const owner = await enter(server, "ws", daily({ o: true }), "standup", "owner");
		const [item] = (await seen).getElementsByTagName("item");
		assert.equal(item.getAttribute("affiliation"), "owner");
		await owner.session.close();
		await watcher.session.close();
	});

	await t.test("a grant whose time has run out since the login opens nothing", async () => {
		const session = await connect({ url: server.ws, host, token: daily({ exp: now() + 60 }) });
		await machine.pass(60);
		const { refused } = await session.join(room("standup"), "late");
		assert.equal(refused?.condition, "not-allowed");
		assert.match(refused.text, /^expired(\s|$)/);
		await session.close();
	});

	await t.test("the log holds no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
	});
});
