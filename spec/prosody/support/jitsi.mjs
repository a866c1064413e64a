// A host as Jitsi's installers configure it, with the modules in spec/prosody/modules beside ours.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installed } from "./install.mjs";
import { makeFolder } from "./leftovers.mjs";
import { now, sign } from "./token.mjs";

export const host = "meet.example";
export const secret = "jitsi-secret-2-3-5-7-11-13-17-19-23-29";
export const room = (name, component = "conference") => `${name}@${component}.${host}`;

const modules = fileURLToPath(new URL("../modules", import.meta.url));
let prefix;

// meetauth as installed, and the modules of the live specs where Prosody finds them, too.
export function withSpecModules() {
	if (!prefix) {
		const folder = makeFolder();
		cpSync(installed(), folder, { recursive: true });
		cpSync(modules, join(folder, "share/lua/5.4"), { recursive: true });
		prefix = folder;
	}
	return prefix;
}

// A good token, except for what the caller changes; undefined leaves a claim out.
export function token(claims = {}, by = secret) {
	return sign(by, { iss: "portal", aud: "jitsi", sub: host, room: "standup", exp: now() + 600, ...claims });
}

export const user = (claims) => ({ context: { user: claims } });

// jitsiConfig({ global, options, modules, component, componentModules, rest }): global lines, lines for the host, names
// of further modules that it loads, lines for its MUC component, names of further modules there, whatever comes behind.
export function jitsiConfig({ global = "", options = "", modules = [], component = "", componentModules = [], rest = "" } = {}) {
	const list = (names) => names.map((name) => `"${name}"`).join("; ");
	return `
admins = { "focus@auth.${host}" }
${global}

VirtualHost "${host}"
	authentication = "meetauth"
	modules_enabled = { ${list(["live_eval", "live_fields", ...modules])} }
	app_id = "portal"
	app_secret = "${secret}"
	meetauth_leeway = 0
	${options}

VirtualHost "auth.${host}"
	authentication = "live_focus"
	modules_enabled = { "live_eval" }

Component "conference.${host}" "muc"
	modules_enabled = { ${list(["muc_meetauth", ...componentModules])} }
	muc_room_locking = false
	${component}

${rest}
`;
}
