// The console in a real browser, on each Prosody: its address opens it once; a token is read, a test link made and followed, a
// refusal found, somebody put out and revoked, keys looked at, by what a person sees; nothing that others have written does
// anything in it; and nobody is kept out of it who uses a keyboard, a screen reader or a phone. With MEETAUTH_PICTURES set to
// a folder, it leaves pictures of every page there.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { addressesOf } from "../prosody/support/console.mjs";
import { meetauthOf } from "../prosody/support/command.mjs";
import { connect } from "../prosody/support/client.mjs";
import { config as deployment, daily, host, jitsi, room } from "../prosody/support/deployment.mjs";
import { newKey, setOf, startKeyServer } from "../prosody/support/keyserver.mjs";
import { installed } from "../prosody/support/install.mjs";
import { TEST, waitFor } from "../prosody/support/patience.mjs";
import { anyToken, startProsody } from "../prosody/support/server.mjs";
import { launch } from "./support/browser.mjs";

const pictures = process.env.MEETAUTH_PICTURES;
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const script = "<img src=x onerror=alert(1)><script>alert(2)</script>";

const configOf = (keys) => deployment
	.replace('authentication = "meetauth"', '$&\n\tmodules_enabled = { "admin_shell"; "console_meetauth" }\n\tmeetauth_audit = true')
	.replace("meetauth_issuers = {", `$&\n\t\t{ id = "sso", issuer = "https://sso.example", jwks_url = "${keys.url}/certs", algorithms = "ES256" };`);

const looks = [
	{ name: "light", scheme: "light", width: 1100, height: 800 },
	{ name: "dark", scheme: "dark", width: 1100, height: 800 },
	{ name: "phone", scheme: "light", width: 390, height: 780 },
];

async function finds(page) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ").slice(0, 300)}`);
}

for (const version of ["0.12", "13.0"]) {
	test(`the console in chromium, Prosody ${version}`, { timeout: TEST }, async (t) => {
		const keys = await startKeyServer();
		keys.on("/certs", setOf(newKey("2026-01")));
		const server = await startProsody({ config: configOf(keys), prefix: installed(), version });
		const { context } = await launch();
		const origin = server.http;
		await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
		const page = await context.newPage();
		const asked = [];
		const complaints = [];
		let dialogs = 0;
		page.on("request", (request) => asked.push(request));
		page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
		page.on("pageerror", (error) => complaints.push(String(error)));
		page.on("dialog", (dialog) => {
			dialogs++;
			dialog.dismiss();
		});

		const address = async () => (await addressesOf(server, host)).list[0].replace("localhost", "127.0.0.1");
		const open = (name) => page.getByRole("link", { name, exact: true }).click();
		const text = (selector = "main") => page.locator(selector).innerText();
		const login = (token) => connect({ url: server.ws, host, token });

		// axe finds nothing on the page as it is now, in light and dark, wide and on a phone; and pictures of it. The pages are
		// the same ones on each Prosody: once is enough for all of that.
		async function look(name) {
			for (const { name: how, scheme, width, height } of version === "13.0" ? looks : looks.slice(0, 1)) {
				await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
				await page.setViewportSize({ width, height });
				assert.deepEqual(await finds(page), [], `${name}, ${how}`);
				const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
				assert.ok(wide <= 0, `${name}, ${how}: the page scrolls sideways`);
				await page.evaluate(() => scrollTo(0, 0));
				if (pictures) await page.screenshot({ path: join(pictures, `${name}-${how}.png`), fullPage: false });
			}
			await page.emulateMedia({ colorScheme: "light" });
			await page.setViewportSize({ width: 1100, height: 800 });
		}

		await t.test("an address that does not count shows the door, and how to get another one", async () => {
			await page.goto(`${origin}/console/${host}/`);
			await page.getByRole("alert").waitFor();
			assert.match(await text(), /prosodyctl shell meetauth console meet\.example/);
			await look("door");
		});

		await t.test("the address opens it, once, and its code is gone from the address", async () => {
			const once = await address();
			await page.goto(once);
			await page.getByRole("heading", { name: "Read a token" }).waitFor();
			assert.equal(page.url().split("#")[1] ?? "", "");
			assert.equal(await page.evaluate(() => document.referrer), "");
			const [cookie] = await context.cookies();
			assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite, cookie.path], ["meetauth_console", true, "Strict", `/console/${host}/`]);
			const other = await launch();
			const stranger = await other.context.newPage();
			await stranger.goto(once);
			await stranger.getByRole("alert").waitFor();
			await other.close();
		});

		await t.test("reads a link, for a room", async () => {
			const owner = jitsi({ context: { user: { name: "Ann", moderator: true, lobby_bypass: true }, features: { recording: true } } });
			await page.getByLabel("A link, a token").fill(`https://meet.example/standup?jwt=${owner}`);
			await page.getByLabel("For the room").fill("standup");
			await page.getByRole("button", { name: "Read it" }).click();
			await page.getByRole("heading", { name: "Report on a token" }).waitFor();
			const said = await text();
			assert.match(said, /The server accepts it \(portal\)/);
			assert.match(said, /May enter standup as owner until \d\d:\d\d \(in 9 minutes\)\./);
			assert.match(said, /Does not wait in a lobby\.\n+May record\./);
			assert.match(said, /a whole link is in the token's place/);
			await page.getByLabel("A link, a token").fill(owner);
			await page.getByRole("button", { name: "Read it" }).click();
			await waitFor(async () => !(await text()).includes("a whole link"));
			await look("read");
		});

		await t.test("shows what is written in a token, and does nothing of it", async () => {
			const evil = jitsi({ iss: "Portal", [script]: script, context: { user: { name: script } } }, undefined, { alg: "HS256", kid: script });
			await page.getByLabel("A link, a token").fill(evil);
			await page.getByLabel("For the room").fill(script);
			await page.getByRole("button", { name: "Read it" }).click();
			await page.getByText("The server refuses it").first().waitFor();
			assert.ok((await text()).includes(script));
			assert.match(await text(), /Write iss = "portal"/);
			assert.equal(await page.locator("img").count(), 0);
		});

		let ann;
		await t.test("makes a link that opens the room, and copies it", async () => {
			await open("Make a test link");
			await page.getByLabel("Entry", { exact: true }).selectOption("portal");
			await page.getByLabel("Name", { exact: true }).fill("Ann");
			await page.getByLabel("Role", { exact: true }).selectOption("owner");
			await page.getByLabel("Room", { exact: true }).fill("standup");
			await page.getByLabel("Name", { exact: true }).click();
			await page.getByText("The claims of the link").waitFor();
			await page.getByRole("button", { name: "Make the link" }).click();
			const link = page.getByLabel("The link", { exact: true }).and(page.locator("input"));
			await link.waitFor();
			await page.getByRole("button", { name: "Copy" }).click();
			await page.getByText("Copied.").waitFor();
			const made = await link.inputValue();
			assert.equal(await page.evaluate(() => navigator.clipboard.readText()), made);
			assert.match(made, /^https:\/\/meet\.example\/standup\?jwt=/);
			ann = await login(new URL(made).searchParams.get("jwt"));
			assert.equal((await ann.join(room("standup"), "Ann")).affiliation, "owner");
			await look("make");
		});

		await t.test("shows refusals as they come, filtered, and the record of a reference", async () => {
			await open("Refusals");
			await page.getByText("Nobody was refused.").waitFor();
			const { refused } = await login(jitsi({ iss: "Portal" }));
			await login(jitsi({ exp: 1700000000 }));
			await login(jitsi({ exp: 1700000000 }));
			await login(daily({}, "acme", "a-secret-of-nobody-2-3-5-7-11-13-17-19"));
			await page.getByRole("button", { name: refused.reference }).waitFor(); // by itself
			await page.getByRole("row", { name: /signature-mismatch/ }).first().waitFor();
			await page.getByRole("button", { name: refused.reference }).click();
			await page.getByText(`Refusal ${refused.reference}`).waitFor();
			assert.match(await text(), /usual cause/);
			await look("refusals");
			await page.getByLabel("Reason", { exact: true }).selectOption("expired");
			assert.equal(await page.getByRole("button", { name: refused.reference }).count(), 0);
			await page.getByLabel("Find a reference").fill(`(${refused.reference})`);
			await page.getByRole("button", { name: "Look", exact: true }).click();
			await page.getByText(`Refusal ${refused.reference}`).waitFor();
		});

		await t.test("shows who is in the rooms, and asks before it puts somebody out", async () => {
			const eve = await login(daily({ ud: "u-eve" }));
			await eve.join(room("standup"), script);
			await open("Rooms");
			await page.getByText("acme (daily)").waitFor();
			assert.ok((await text()).includes(script));
			assert.equal(await page.locator("img").count(), 0);
			assert.match(await text(), /affiliation: owner \(context\.user\.moderator\)/);
			await page.getByRole("button", { name: `Remove ${script}` }).click();
			await page.getByRole("dialog").waitFor();
			assert.deepEqual(await finds(page), []);
			await page.keyboard.press("Escape");
			await page.getByRole("dialog").waitFor({ state: "detached" });
			assert.ok((await text()).includes(script));
			await page.getByRole("button", { name: `Remove ${script}` }).click();
			await page.getByRole("button", { name: "Yes" }).click();
			await waitFor(async () => !(await text()).includes(script));
			await eve.close();
			const dan = await login(daily({ ud: "u-dan", u: "Dan" }));
			await dan.join(room("standup"), "Dan");
			await page.getByRole("button", { name: "Update" }).click();
			await page.getByRole("rowheader", { name: "Dan" }).waitFor();
			await look("rooms");
			await page.getByRole("button", { name: "Revoke the token of Ann" }).click();
			await page.getByRole("button", { name: "Yes" }).click();
			await waitFor(async () => !(await text()).includes("Ann"));
			await dan.close();
			await ann.close();
		});

		await t.test("shows keys, revocations, and what meetauth check says", async () => {
			await open("Keys and health");
			await page.getByText("2026-01").waitFor();
			await page.getByRole("button", { name: "Ask all sources now" }).click();
			await page.getByText("Sources asked: 1.").waitFor();
			await page.getByLabel("Value").fill("u-bob");
			await page.getByLabel("Kind").selectOption("user");
			await page.getByRole("button", { name: "Revoke", exact: true }).click();
			await page.getByRole("button", { name: "Yes" }).click();
			await page.getByRole("cell", { name: "u-bob", exact: true }).waitFor();
			await page.getByRole("button", { name: "Run meetauth check" }).click();
			await page.getByRole("table", { name: "Result of meetauth check" }).waitFor();
			await look("keys");
			await page.getByRole("button", { name: "Remove the revocation of u-bob" }).click();
			await page.getByRole("button", { name: "Yes" }).click();
			await page.getByRole("cell", { name: "u-bob", exact: true }).waitFor({ state: "detached" });
		});

		await t.test("is used with a keyboard alone", async () => {
			await page.goto(`${origin}/console/${host}/`);
			await page.getByRole("heading", { name: "Read a token" }).waitFor();
			const at = () => page.evaluate(() => document.activeElement.textContent);
			await page.keyboard.press("Tab");
			assert.equal(await at(), "To the page");
			await page.keyboard.press("Enter");
			assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN");
			await page.keyboard.press("Tab");
			await page.keyboard.type(jitsi());
			await page.keyboard.press("Tab");
			await page.keyboard.press("Enter");
			await page.getByText("The server accepts it").first().waitFor();
			for (let i = 0; i < 2; i++) await page.keyboard.press("Shift+Tab"); // the text, and the last of the head
			assert.equal(await at(), "End the session");
		});

		await t.test("asks this server alone, never by an address with a token, and keeps nothing", async () => {
			assert.ok(asked.length > 30);
			for (const request of asked) {
				assert.ok(request.url().startsWith(`${origin}/console/${host}/`) || /favicon/.test(request.url()), request.url());
				assert.doesNotMatch(request.url(), anyToken);
				assert.ok(!request.headers().referer, request.url());
			}
			assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
			assert.equal(dialogs, 0);
		});

		await t.test("another site can neither frame it nor post to it", async () => {
			const theirs = await context.newPage();
			await theirs.goto("about:blank");
			await theirs.setContent(`<iframe src="${origin}/console/${host}/"></iframe>
				<form method="post" enctype="text/plain" action="${origin}/console/${host}/api/revoke"><input name='{"kind":"entry","value":"portal","x":"' value='"}'></form>`);
			const frame = theirs.frames()[1];
			await waitFor(() => frame.url() !== "" || frame.isDetached());
			assert.equal(await frame.locator("main, #console").count().catch(() => 0), 0);
			const [answer] = await Promise.all([
				theirs.waitForResponse((response) => response.url().endsWith("api/revoke")),
				theirs.evaluate(() => document.forms[0].submit()),
			]);
			assert.equal(answer.status(), 403);
			await theirs.close();
		});

		await t.test("explain --html writes a page that opens without a server, and that anybody can read", async () => {
			const args = ["explain", "--host", host, "--room", "standup", "--html", "-"];
			for (const how of [[], ["--values"]]) {
				const { out } = await meetauthOf(server)([...args, ...how], jitsi({ name: script, exp: 1700000000 }));
				const file = join(server.folder, "report.html");
				writeFileSync(file, out);
				const alone = await context.newPage();
				const asks = [];
				alone.on("request", (request) => asks.push(request.url()));
				await alone.goto(`file://${file}`);
				await alone.getByText("The server refuses it").waitFor();
				for (const { scheme, width, height } of looks) {
					await alone.emulateMedia({ colorScheme: scheme });
					await alone.setViewportSize({ width, height });
					assert.deepEqual(await finds(alone), []);
				}
				assert.equal(await alone.locator("img").count(), 0);
				assert.equal((await alone.locator("main").innerText()).includes(script), how.length > 0);
				assert.deepEqual(asks, [`file://${file}`]);
				await alone.close();
			}
		});

		await t.test("ends when it is told to, and says so where it has ended", async () => {
			await page.getByRole("button", { name: "End the session" }).click();
			await page.getByRole("alert").waitFor();
			assert.deepEqual(await context.cookies(), []);
			assert.deepEqual(complaints.filter((line) => !/favicon|status of 40[13]|Failed to load resource/.test(line)), []);
			assert.equal(dialogs, 0);
		});
	});
}
