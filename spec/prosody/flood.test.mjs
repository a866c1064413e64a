// Many refusals at once: what one costs is bounded, whatever is brought. Some are explained, of the others the entry
// is kept.

import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "./support/client.mjs";
import { config as deployment, host, jitsi, secrets } from "./support/deployment.mjs";
import { inside } from "./support/inside.mjs";
import { withSpecModules } from "./support/jitsi.mjs";
import { newMachine } from "./support/machine.mjs";
import { TEST } from "./support/patience.mjs";
import { startProsody, traceback } from "./support/server.mjs";

const config = deployment.replace('authentication = "meetauth"', 'authentication = "meetauth"\n\tmodules_enabled = { "live_eval" }');

// Log in with a token so many times, as the server does it; then how many of those refusals have what.
const flood = (token, times) => `
local users = prosody.hosts["${host}"].users;
local function attempt()
	local session = { host = "${host}", log = function () end, meetauth_offer = { query = { { name = "token", value = "${token}" } } } };
	local handler = users.get_sasl_handler(session);
	handler:select("ANONYMOUS");
	return handler:process();
end
for _ = 1, ${times} do assert(attempt() == "failure"); end
local kept = require "meetauth.refusals".keeper(module:shared("/*/meetauth/refusals"), function () end);
local counts = { refused = 0, explained = 0, entries = 0 };
for _, one in ipairs(kept:latest(${times})) do
	counts.refused = counts.refused + 1;
	if one.hint then counts.explained = counts.explained + 1; end
	if one.entry == "portal" then counts.entries = counts.entries + 1; end
end
return counts`;

test("a flood of refusals", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true }); // how many are explained in a second is bounded
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	const session = await connect({ url: server.ws, host, token: jitsi() });

	await t.test("some are explained, all are kept with their entry", async () => {
		const { refused, explained, entries } = await inside(session, flood(jitsi({}, `${secrets.portal}\n`), 500));
		assert.deepEqual({ refused, entries }, { refused: 500, entries: 500 });
		assert.equal(explained, 50);
	});

	await t.test("garbage that chooses no entry is kept, too", async () => {
		const { refused, entries } = await inside(session, flood("x".repeat(16000), 500));
		assert.deepEqual({ refused, entries }, { refused: 500, entries: 0 });
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
	await session.close();
});
