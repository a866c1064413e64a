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
	.replace('authentication = "meetauth"', '$&\n\tmeetauth_presence_identity = true\n\tmeetauth_on_expiry = "kick"');

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
// The web app shows code and text of this one: "Error code: 403, message: This link is for another room: ..."
const conferenceRefused = {
	refused: { at: "conference request", code: "403", text: "This link is for another room: room-mismatch" },
};

const cases = [
	{ name: "a moderator's token joins, and its bearer is moderator", token: token(user({ moderator: true })), outcome: { moderator: true } },
	{ name: "a member's token joins, and its bearer is not", token: token(user({ moderator: false })), outcome: { moderator: false } },
	{ name: "a token that says nothing of rights joins, and its bearer is not", token: token(), outcome: { moderator: false } },
	{ name: "a token for any room joins", token: token({ room: "*" }), outcome: { moderator: false } },
	{ name: "an expired token: the page reads why", token: token({ exp: now() - 60 }), outcome: connectionRefused("This link has expired: expired") },
	{ name: "a token by another secret: the page reads why", token: token({}, specSecret("u")), outcome: connectionRefused("This link is not signed by an issuer that may invite you: signature-mismatch") },
	{ name: "a cut off token: the page reads why", token: token().slice(0, -10).split(".", 2).join("."), outcome: connectionRefused("This link is damaged: malformed") },
	{ name: "no token: the page reads why", token: undefined, outcome: connectionRefused("This meeting needs a link with a token: token-required") },
	{ name: "another room's token: the screen says why before the room is joined", token: token({ room: "retro" }), outcome: conferenceRefused },
	{ name: "another domain's token: the screen says why before the room is joined", token: token({ sub: "other.example" }), outcome: conferenceRefused },
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
			assert.equal(became(await page.enter(at(transport, { token: token({ exp: now() - 60 }) }))).refused?.text, "This link has expired: expired");
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

	await t.test("who has to leave within a minute has a message of the server's", async () => {
		const page = await browser.page();
		await page.enter(at("ws", { token: token({ exp: now() + 30 }) })); // and ten seconds of leeway
		const { type, message } = await page.hear();
		assert.equal(type, "system_chat_message");
		assert.match(message, /^Your time in this meeting ends in \d+ seconds: expired$/);
		await page.leave();
		await page.close();
	});

	await t.test("the log holds no traceback", () => assert.doesNotMatch(server.log(), traceback));
});
