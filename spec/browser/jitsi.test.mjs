// Jitsi's own client library in a real browser, at the configuration of examples/jitsi-debian: over both
// transports, who gets in as what, and what the others are told.

import assert from "node:assert/strict";
import test from "node:test";
import { debianFolders, fill, read, startExample } from "../prosody/support/example.mjs";
import { TEST } from "../prosody/support/patience.mjs";
import { traceback } from "../prosody/support/server.mjs";
import { now, specSecret, sign } from "../prosody/support/token.mjs";
import { openBrowser } from "./support/browser.mjs";
import { servePage } from "./support/page.mjs";

const host = "meet.example.org";
const muc = `conference.${host}`;
const secret = specSecret("s");

const config = fill(read("jitsi-debian/meet.example.org.cfg.lua"), { "<your secret>": secret, "<your TURN secret>": "t" })
	.replace('authentication = "meetauth"', '$&\n\tmeetauth_presence_identity = true');

const token = (claims = {}, by = secret) => sign(by, { iss: "portal", sub: host, room: "standup", exp: now() + 600, ...claims });
const user = (claims) => ({ context: { user: { id: "u1", name: "Ann", ...claims } } });

// What became of a page, less the reference behind the reason, which is another one each time.
function became(outcome) {
	const text = outcome.refused?.text;
	if (text === undefined) return outcome;
	assert.match(text, / \([a-z2-9]{6}\)$/);
	return { refused: { ...outcome.refused, text: text.slice(0, -9) } };
}

const connectionRefused = (text) => ({ refused: { at: "connection", error: "connection.passwordRequired", text } });
const conferenceRefused = { refused: { at: "conference", error: "conference.connectionError.notAllowed" } };

const cases = [
	{ name: "a moderator's token joins, and its bearer is moderator", token: token(user({ moderator: true })), outcome: { moderator: true } },
	{ name: "a member's token joins, and its bearer is not", token: token(user({ moderator: false })), outcome: { moderator: false } },
	{ name: "a token that says nothing of rights joins, and its bearer is not", token: token(), outcome: { moderator: false } },
	{ name: "a token for any room joins", token: token({ room: "*" }), outcome: { moderator: false } },
	{ name: "an expired token: the user reads expired", token: token({ exp: now() - 60 }), outcome: connectionRefused("expired") },
	{ name: "a token by another secret: the user reads signature-mismatch", token: token({}, specSecret("u")), outcome: connectionRefused("signature-mismatch") },
	{ name: "a cut off token: the user reads malformed", token: token().slice(0, -10).split(".", 2).join("."), outcome: connectionRefused("malformed") },
	{ name: "no token: the user reads token-required", token: undefined, outcome: connectionRefused("token-required") },
	{ name: "another room's token: the conference may not be joined", token: token({ room: "retro" }), outcome: conferenceRefused },
	{ name: "another domain's token: the conference may not be joined", token: token({ sub: "other.example" }), outcome: conferenceRefused },
];

test("lib-jitsi-meet in chromium", { timeout: TEST }, async (t) => {
	const server = await startExample(config, { folders: debianFolders });
	const site = await servePage();
	const browser = await openBrowser(site.url);

	const at = (transport, more) => ({ url: server[transport], host, muc, room: "standup", ...more });

	for (const transport of ["ws", "bosh"]) {
		for (const { name, token, outcome } of cases) {
			await t.test(`${transport}: ${name}`, async () => {
				const page = await browser.page();
				assert.deepEqual(became(await page.enter(at(transport, { token }))), outcome);
				if (!outcome.refused) await page.leave();
				await page.close();
			});
		}

		await t.test(`${transport}: after a refusal the same page gets in with a good token`, async () => {
			const page = await browser.page();
			assert.equal(became(await page.enter(at(transport, { token: token({ exp: now() - 60 }) }))).refused?.text, "expired");
			assert.deepEqual(await page.enter(at(transport, { token: token() })), { moderator: false });
			await page.leave();
			await page.close();
		});

		await t.test(`${transport}: others see who is moderator, and under which name`, async () => {
			const watching = await browser.page();
			await watching.enter(at(transport, { token: token() }));
			const met = watching.meet();
			const page = await browser.page();
			await page.enter(at(transport, { token: token(user({ moderator: true })) }));
			assert.deepEqual(await met, { moderator: true, identity: { user: { id: "u1", name: "Ann" } } });
			for (const each of [page, watching]) {
				await each.leave();
				await each.close();
			}
		});
	}

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
