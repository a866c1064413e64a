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
import { now } from "./support/token.mjs";

const config = deployment.replace('authentication = "meetauth"', 'authentication = "meetauth"\n\tmodules_enabled = { "live_eval" }');

// Log in so many times with each of some tokens, as the server does it; then how many of those refusals are kept, and have what.
const flood = (tokens, times = 1) => `
local users = prosody.hosts["${host}"].users;
local function attempt(token)
	local session = { host = "${host}", log = function () end, meetauth_offer = { query = { { name = "token", value = token } } } };
	local handler = users.get_sasl_handler(session);
	handler:select("ANONYMOUS");
	return handler:process();
end
for token in ([[${tokens.join(" ")}]]):gmatch("%S+") do
	for _ = 1, ${times} do assert(attempt(token) == "failure"); end
end
local kept = require "meetauth.server.refusals".keeper(module:shared("/*/meetauth/refusals"), function () end);
local counts = { refused = 0, explained = 0, entries = 0, most = 0 };
for _, one in ipairs(kept:latest(5000)) do
	counts.refused = counts.refused + 1;
	counts.most = math.max(counts.most, one.count);
	if one.hint then counts.explained = counts.explained + 1; end
	if one.entry == "portal" then counts.entries = counts.entries + 1; end
end
return counts`;

test("a flood of refusals", { timeout: TEST }, async (t) => {
	const machine = newMachine({ still: true }); // how many are explained in a second is bounded
	const server = await startProsody({ config, prefix: withSpecModules(), machine });
	const session = await connect({ url: server.ws, host, token: jitsi() });
	const expired = await connect({ url: server.ws, host, token: jitsi({ exp: now() - 60 }) });
	const several = (count, make) => Array.from({ length: count }, (_, i) => make(i));
	const forged = (i) => jitsi({ jti: `t${i}` }, `${secrets.portal}\n`);
	const first = several(500, forged);

	await t.test("some are explained, all are kept with their entry", async () => {
		const { refused, explained, entries } = await inside(session, flood(first));
		assert.deepEqual({ refused, entries }, { refused: 501, entries: 501 });
		assert.equal(explained, 49); // of fifty; the token that has expired was one of them
	});

	await t.test("one token, however often it comes, is one", async () => {
		const { refused, most } = await inside(session, flood([first[7]], 2000));
		assert.deepEqual({ refused, most }, { refused: 501, most: 2001 });
	});

	await t.test("garbage that chooses no entry is kept, too", async () => {
		const { refused, entries } = await inside(session, flood(several(100, (i) => "x".repeat(1000 + i))));
		assert.deepEqual({ refused, entries }, { refused: 601, entries: 501 });
	});

	await t.test("however many forged tokens come, whoever has a token that is only expired can still be told why", async () => {
		for (let i = 0; i < 4; i += 1) {
			const { refused } = await inside(session, flood(several(500, (n) => forged(1000 * (i + 1) + n))));
			assert.ok(refused <= 1000);
		}
		assert.equal(await inside(session, `local kept = require "meetauth.server.refusals".keeper(module:shared("/*/meetauth/refusals"), function () end);
			return kept:find("${expired.refused.reference}").reason`), "expired");
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
	await session.close();
});
