// Many tenants on one host: how long Prosody stands still while their entries are read, at a reload as at the start.

import { execFileSync } from "node:child_process";
import { connect } from "../support/client.mjs";
import { inside } from "../support/inside.mjs";
import { installed, luaPaths } from "../support/install.mjs";
import { withSpecModules } from "../support/jitsi.mjs";
import { startProsody } from "../support/server.mjs";
import { cpu, median, table } from "./measure.mjs";

export const title = "tenants: reading the configuration, in CPU seconds (target: 0.1 for 1,000 entries, 1 for 10,000)";

const PATIENCE = 60000;
const host = "meet.example", door = "door.example";

// The entries of so many tenants, one half of each dialect, as Lua.
const entriesOf = (n) => `(function (list)
	for i = 1, ${n} do
		local secret = ("a secret of its own for tenant %d"):format(i);
		list[i] = i % 2 == 0 and { id = "t" .. i, dialect = "daily", domain_id = "domain-" .. i, secret = secret }
			or { id = "t" .. i, issuer = "portal-" .. i, audience = "jitsi", tenant = "tenant-" .. i, secret = secret };
	end
	return list;
end)({})`;

// From config.read to the ready verifier, in a Lua of its own.
const alone = (n) => `
local hostconfig, keyfiles = require "meetauth.config.host", require "meetauth.key.files";
local keyheld, verifier = require "meetauth.key.held", require "meetauth.token.verifier";
local given = { meetauth_issuers = ${entriesOf(n)} };
collectgarbage();
local begun = os.clock();
local site = assert(hostconfig.read(function (name) return given[name]; end, {}, "${host}"));
local documents = assert(keyfiles.load(site.entries, function () end));
verifier.of_entries(site.entries, site.meetauth_max_token, keyheld.of(site.entries, documents));
print(os.clock() - begun);`;

// The whole of what follows when Prosody has read its file: in the handlers of that event, and in their timers.
const reload = "local begun = os.clock(); prosody.events.fire_event('config-reloaded'); return os.clock() - begun;";

const configOf = (n) => `
storage = "memory"
VirtualHost "${door}"
	authentication = "anonymous"
	modules_enabled = { "live_eval" }
VirtualHost "${host}"
	authentication = "meetauth"
	meetauth_issuers = ${entriesOf(n)}
`;

function inLua(n) {
	const env = { ...process.env, ...luaPaths(installed()) };
	return Number(execFileSync("lua5.4", ["-e", alone(n)], { env, encoding: "utf8" }));
}

async function inProsody(n, rounds, version) {
	const server = await startProsody({ prefix: withSpecModules(), version, env: { PROSODY_LOG: "warn" }, config: configOf(n) });
	try {
		const session = await connect({ url: server.ws, host: door });
		const handlers = [], all = [];
		for (let round = 0; round < rounds; round++) {
			const before = cpu(server.pid);
			handlers.push(await inside(session, reload, PATIENCE));
			await server.turn();
			all.push((cpu(server.pid) - before) / 1000);
		}
		await session.close();
		return [median(handlers), median(all)];
	} finally {
		await server.stop();
	}
}

// Nothing is shared between the sizes: each has a server of its own.
export const start = () => [];

export async function run(_, { rounds = 5, version }) {
	const rows = [];
	for (const n of [1000, 10000]) {
		const read = median(Array.from({ length: rounds }, () => inLua(n)));
		const [handlers, all] = await inProsody(n, rounds, version);
		rows.push([n, read, handlers, all].map((value) => (Number.isInteger(value) ? value : value.toFixed(3))));
	}
	return table(["entries", "config.read to verifier", "reload in Prosody", "with what its timers do"], rows);
}
