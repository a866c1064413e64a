// login.mjs ROOT PLUGIN_PATH [CPATH] - Prosody in that root lets in whom it should, with the README's smallest
// configuration. PLUGIN_PATH takes the place of the README's; "" leaves the line out, for modules that Prosody finds
// by itself. CPATH: where Lua looks for native modules before its own places.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../prosody/support/client.mjs";
import { block } from "../prosody/support/readme.mjs";
import { answers, freePort, traceback } from "../prosody/support/server.mjs";
import { now, specSecret, sign } from "../prosody/support/token.mjs";

const [root, pluginPath, cpath] = process.argv.slice(2);
const secrets = { "<your secret>": specSecret("s"), "<your other secret>": specSecret("t") };
const [portal, acme] = Object.values(secrets);

function configuration() {
	const preamble = readFileSync(new URL("../prosody/support/preamble.cfg.lua", import.meta.url), "utf8");
	const filled = Object.entries(secrets).reduce((text, [from, to]) => text.replaceAll(from, to), block("Prosody, both dialects", "lua"));
	const paths = pluginPath ? `plugin_paths = { "${pluginPath}" }` : "";
	return `${preamble.replace(/^plugin_paths.*$/m, "")}\n${filled.replace(/^plugin_paths.*$/m, paths)}`;
}

const jitsi = (claims) => sign(portal, { iss: "portal", aud: "jitsi", sub: "meet.example", room: "standup", exp: now() + 600, ...claims });
const daily = (claims, by = acme) =>
	sign(by, { d: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", r: "standup", iat: now(), exp: now() + 600, ...claims });
const rows = [
	["Jitsi moderator", jitsi({ context: { user: { moderator: true } } }), "owner"],
	["Jitsi, another room", jitsi({ room: "retro" }), "room-mismatch"],
	["Daily participant", daily({}), "member"],
	["Daily, another key", daily({}, portal), "signature-mismatch"],
	["no token", undefined, "token-required"],
];

async function outcome(url, token) {
	const session = await connect({ url, host: "meet.example", token });
	if (session.refused) return session.refused.text ?? session.refused.condition;
	const joined = await session.join("standup@conference.meet.example", "guest");
	await session.close();
	return joined.refused?.text ?? joined.affiliation;
}

// Debian's package has made the user; the configuration is for its eyes only.
const file = join(root, "etc/prosody/prosody.cfg.lua");
const { uid, gid } = statSync(join(root, "var/lib/prosody"));
writeFileSync(file, configuration(), { mode: 0o640 });
chownSync(file, uid, gid);

const port = await freePort();
const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: "/var/lib/prosody", PROSODY_DATA: "/var/lib/prosody", PROSODY_HTTP_PORT: String(port) };
if (cpath) env.LUA_CPATH_5_4 = `${cpath};;`;
const prosody = spawn("chroot", [`--userspec=${uid}:${gid}`, root, "prosody", "-F"], { env, stdio: ["ignore", "pipe", "pipe"] });
process.once("exit", () => prosody.kill("SIGKILL"));
const ended = once(prosody, "exit");
let log = "";
for (const stream of [prosody.stdout, prosody.stderr]) stream.on("data", (text) => { log += text; });

const late = Date.now() + 15000;
while (prosody.exitCode === null && Date.now() < late && !await answers(port)) await sleep(50);

let wrong = false;
try {
	for (const [name, token, want] of rows) {
		const got = await outcome(`ws://127.0.0.1:${port}/xmpp-websocket`, token);
		console.log(`    ${name}: ${got}`);
		wrong ||= got !== want;
	}
	wrong ||= traceback.test(log);
} catch (error) {
	console.error(error.message);
	wrong = true;
}
if (wrong) console.error(log);
prosody.kill("SIGTERM");
await ended;
process.exit(wrong ? 1 : 0);
