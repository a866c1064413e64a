// The harness itself, proven with Prosody's own anonymous login and without meetauth.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody } from "./support/server.mjs";

const config = `
VirtualHost "meet.example"
	authentication = "anonymous"
VirtualHost "closed.example"
	authentication = "internal_hashed"
Component "conference.meet.example" "muc"
	restrict_room_creation = false
	muc_room_locking = false
`;
const room = "hello@conference.meet.example";

// Prosody 13.0 sends the error of a WebSocket's stream without declaring its prefix, so that no client finds it: what
// strophe.js sees is a stream that offers no way to log in.
const unknownHost = { ws: /^(host-unknown|no-auth-mech)$/, bosh: /^improper-addressing$/ };

function alive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test("live harness", { timeout: TEST }, async (t) => {
	const server = await startProsody({ config });

	for (const transport of ["ws", "bosh"]) {
		await t.test(`${transport}: logs in and joins a room`, async () => {
			const session = await connect({ url: server[transport], host: "meet.example" });
			assert.match(session.jid, /@meet\.example\//);
			const joined = await session.join(room, transport);
			assert.equal(joined.nick, transport);
			assert.ok(joined.statuses.includes(110));
			assert.equal(joined.role, transport === "ws" ? "moderator" : "participant"); // the first one owns it
			if (transport === "bosh") await session.close();
		});

		await t.test(`${transport}: reports a host that is not there`, async () => {
			const { refused } = await connect({ url: server[transport], host: "elsewhere.example" });
			assert.equal(refused.stage, "stream");
			assert.match(refused.condition, unknownHost[transport]);
		});

		await t.test(`${transport}: reports a host without anonymous login`, async () => {
			const { refused } = await connect({ url: server[transport], host: "closed.example" });
			assert.equal(refused.stage, "stream");
			assert.equal(refused.condition, "x-strophe-bad-non-anon-jid"); // only mechanisms with a password
		});

		await t.test(`${transport}: carries a token in the query or in the header`, async () => {
			for (const header of [false, true]) {
				const session = await connect({ url: server[transport], host: "meet.example", token: "a.b.c", header });
				await session.close();
			}
		});
	}

	await t.test("a join that is refused says how", async () => {
		const session = await connect({ url: server.ws, host: "meet.example" });
		const { refused } = await session.join(room, "ws"); // taken by the first session
		assert.deepEqual(refused, { type: "cancel", condition: "conflict", text: undefined, child: undefined });
		await session.close();
	});

	await t.test("reads the configuration again", async () => {
		await server.reload();
	});

	await t.test("leaves neither process nor folder", async () => {
		assert.ok(alive(server.pid) && existsSync(server.folder));
		await server.stop();
		assert.ok(!alive(server.pid) && !existsSync(server.folder));
	});
});

test("a configuration that does not load fails with the log", { timeout: TEST }, async () => {
	await assert.rejects(startProsody({ config: "VirtualHost {" }), /prosody\.cfg\.lua/);
});
