// The harness itself, proven with Prosody's own anonymous login and without meetauth.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { makeFolder, watchChild } from "./support/leftovers.mjs";
import { TEST, waitFor } from "./support/patience.mjs";
import { anyToken, startProsody } from "./support/server.mjs";
import { sign } from "./support/token.mjs";

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

test("a token in a log is seen, whole or broken off, and a random name is none", () => {
	for (const header of [undefined, { alg: "HS256", kid: "one" }, { typ: "JWT", alg: "HS256" }, { kid: "one", alg: "HS256" }]) {
		const token = sign("a secret", { r: "standup" }, header);
		for (const found of [token, token.slice(0, -1), token.split(".").slice(0, 2).join("."), token.slice(0, 12)]) {
			assert.match(`conn8RokqivvGPo- debug Received ${found}`, anyToken);
		}
	}
	for (const name of ["conn8RokeyJvGPo-", "uJlizeyJ@meet.example/eyJxufzEG92", "eyJ", "eyJhbGci"]) assert.doesNotMatch(name, anyToken);
});

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

// Files of tests in which something goes wrong: each ends by itself, with a failure, and leaves nothing behind.
const everything = `
	const keys = await startKeyServer();
	keys.on("/never", () => {});
	fetch(keys.url + "/never").catch(() => {});
	const server = await startProsody({ config });
	const sessions = await Promise.all(["ws", "bosh"].map((way) => connect({ url: server[way], host: "meet.example" })));
	const stream = await openStream({ url: server.ws, host: "meet.example" });`;
const wrong = {
	"a start that fails behind another": `
test("x", async () => {
	await startKeyServer();
	await startProsody({ config: "VirtualHost {" });
});`,
	"a start that fails behind a database": `
test("x", async () => {
	await startPostgres();
	await startProsody({ config: "VirtualHost {" });
});`,
	"a test that fails with everything open": `
test("x", async () => {${everything}
	throw new Error("wrong");
});`,
	"a part of a test that fails so": `
test("x", async (t) => {
	await t.test("part", async () => {${everything}
		throw new Error("wrong");
	});
});`,
	"a test that waits for nothing": `
test("x", { timeout: 4000 }, async () => {${everything}
	await new Promise(() => {});
});`,
	"a wait that is given up": `
test("x", async () => {${everything}
	await Promise.race([sessions[0].next({ name: "never" }), Promise.reject(new Error("wrong"))]);
});`,
	"a clean-up that fails": `
test("x", async (t) => {${everything}
	t.after(() => { throw new Error("wrong"); });
});`,
	"a file that is told to end": `
test("x", async () => {${everything}
	process.kill(process.pid, "SIGTERM");
	await new Promise(() => {});
});`,
};
const imports = Object.entries({
	client: "connect", keyserver: "startKeyServer", postgres: "startPostgres", server: "startProsody", stream: "openStream",
}).map(([file, name]) => `import { ${name} } from "${new URL(`support/${file}.mjs`, import.meta.url)}";\n`).join("");

// Programs with this text on their command line.
const programs = (text) => readdirSync("/proc").filter((pid) => {
	try {
		return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(text);
	} catch {
		return false; // it has just ended
	}
});

test("nothing is left by", { timeout: TEST, concurrency: 3 }, (t) => Promise.all(Object.entries(wrong).map(([what, code]) => t.test(what, async () => {
	const file = join(makeFolder(), "wrong.test.mjs");
	writeFileSync(file, `import test from "node:test";\n${imports}const config = ${JSON.stringify(config)};\n${code}\n`);
	const place = makeFolder();
	chmodSync(place, 0o755);
	const { NODE_TEST_CONTEXT, ...env } = process.env; // a run of its own
	const child = spawn(process.execPath, ["--test", file], { env: { ...env, TMPDIR: place }, stdio: ["ignore", "pipe", "inherit"] });
	watchChild(child);
	let said = "";
	child.stdout.on("data", (data) => { said += data; });
	const status = await new Promise((resolve) => child.once("close", resolve));
	assert.equal(status, 1, said);
	await waitFor(() => programs(place).length === 0, "the end of every program"); // killed is not yet gone
	assert.deepEqual(readdirSync(place), []);
}))));
