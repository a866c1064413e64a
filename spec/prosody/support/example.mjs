// A guide's configuration on a live Prosody: its blanks filled in, its folders in a temporary place, and
// stand-ins for Jitsi's own modules, which are not here: empty, but for the one that answers as jicofo.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { $iq } from "strophe.js";
import { connect, stanzaRefusal } from "./client.mjs";
import { installed } from "./install.mjs";
import { makeFolder } from "./leftovers.mjs";
import { prosodyVersion, startProsody, traceback, unpacked } from "./server.mjs";

const examples = new URL("../../../examples/", import.meta.url);
const prosodyModules = join(unpacked(prosodyVersion), "usr/lib/prosody/modules");
const plugins = fileURLToPath(new URL("plugins/", import.meta.url));
const preamble = new URL("preamble.cfg.lua", import.meta.url);

export const read = (path) => readFileSync(new URL(path, examples), "utf8");

// Text with its "<blanks>" filled in; every blank must be known.
export function fill(text, blanks) {
	return text.replace(/<your [^>]+>/g, (blank) => {
		if (!(blank in blanks)) throw new Error(`nothing to fill in for ${blank}`);
		return blanks[blank];
	});
}

// Every module that a configuration names, as one of modules_enabled or as what a component is.
function moduleNames(config) {
	const code = config.replace(/--.*$/gm, "");
	const enabled = [...code.matchAll(/modules_enabled\s*=\s*\{([^}]*)\}/g)].flatMap(([, list]) => list.match(/[\w-]+/g) ?? []);
	const components = [...code.matchAll(/^\s*Component\s+"[^"]+"\s+"([\w-]+)"/gm)].map(([, kind]) => kind);
	return new Set([...enabled, ...components]);
}

const isProsodys = (name) => existsSync(join(prosodyModules, `mod_${name}.lua`)) || existsSync(join(prosodyModules, name));

// A folder with what Jitsi's packages would put into theirs.
function standIns(config, folder) {
	mkdirSync(folder, { recursive: true });
	for (const name of moduleNames(config)) {
		if (isProsodys(name) || name.includes("meetauth")) continue;
		writeFileSync(join(folder, `mod_${name}.lua`), "-- stands in for Jitsi's module of this name\n");
	}
	cpSync(plugins, folder, { recursive: true });
}

// startExample(config, { prefix, folders }) -> server
//   prefix   where meetauth is: installed() unless told otherwise
//   folders  which folder under the prefix is what a folder in the configuration stands for; the one that
//            is named "jitsi" gets the stand-ins
export async function startExample(config, { prefix = installed(), folders }) {
	const place = makeFolder();
	cpSync(prefix, place, { recursive: true });
	standIns(config, join(place, "jitsi"));
	let text = config;
	for (const [folder, under] of Object.entries(folders)) {
		if (!text.includes(`"${folder}"`)) throw new Error(`the configuration does not name ${folder}`);
		text = text.replaceAll(`"${folder}"`, `ENV_PROSODY_PREFIX .. "/${under}"`);
	}
	const configFile = join(makeFolder(), "prosody.cfg.lua");
	const own = [...text.matchAll(/^\w+(?= =)/gm)].map(([name]) => name); // set for all hosts, in the place of the preamble's
	const rest = own.reduce((lines, name) => lines.replace(new RegExp(`^${name} = .*$`, "m"), ""), readFileSync(preamble, "utf8"));
	writeFileSync(configFile, `${rest}\n${text}`);
	return startProsody({ configFile, prefix: place });
}

export const debianFolders = { "/usr/share/jitsi-meet/prosody-plugins/": "jitsi", "/usr/local/share/lua/5.4": "share/lua/5.4" };

// Jitsi's client asks jicofo for its conference before it joins: there is no room until then. { refused }, or {}.
async function askFocus(session, host, room) {
	const answer = session.next({ id: "conference", name: "iq" });
	session.send($iq({ to: `focus.${host}`, type: "set", id: "conference" })
		.c("conference", { xmlns: "http://jitsi.org/protocol/focus", room }));
	const stanza = await answer;
	return stanza.getAttribute("type") === "error" ? { refused: stanzaRefusal(stanza) } : {};
}

// What came of it: an affiliation, or the reason.
export async function outcome(server, { host, muc, focus = true }, token, name = "standup") {
	const session = await connect({ url: server.ws, host, token });
	if (session.refused) return session.refused.text;
	const room = `${name}@${muc}`;
	const asked = focus ? await askFocus(session, host, room) : {};
	const became = asked.refused ? asked : await session.join(room, "guest");
	await session.close();
	return became.refused ? became.refused.text : became.affiliation;
}

// Each row of { name, token, room, want } as a test: what the token comes to in the room.
export async function runs(t, server, site, rows) {
	for (const { name, token, room, want } of rows) {
		await t.test(`${name}: ${want}`, async () => assert.equal(await outcome(server, site, token, room), want));
	}
	await t.test("the log holds no error and no traceback", () => {
		assert.doesNotMatch(server.log(), traceback);
		assert.doesNotMatch(server.log(), /^\S+\s+error\t.*/m);
	});
}
