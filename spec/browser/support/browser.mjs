// Debian's chromium, without a window and with an empty profile, for as long as a spec needs it.

import { chromium } from "playwright-core";
import { endWithTest, makeFolder, removeFolder } from "../../prosody/support/leftovers.mjs";
import { PATIENCE } from "../../prosody/support/patience.mjs";

const args = [
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", // nothing leaves loopback
];

// A promise, or an error with what the page has written by then.
function within(ms, what, lines, promise) {
	let late;
	const silence = new Promise((_, reject) => {
		late = setTimeout(() => reject(new Error(`${what}: no answer within ${ms} ms\n${lines.join("\n")}`)), ms);
	});
	return Promise.race([promise, silence]).finally(() => clearTimeout(late));
}

// launch(options) -> Playwright's context; it is closed with the test that has started it, if not before by close().
export async function launch(options = {}) {
	const profile = makeFolder();
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: "/usr/bin/chromium", args, chromiumSandbox: false, timeout: PATIENCE, ...options,
	});
	context.setDefaultTimeout(PATIENCE);

	async function close() {
		await context.close();
		removeFolder(profile);
	}
	endWithTest(close);
	return { context, close };
}

// openBrowser(url) -> { page(), close() }; it is closed with the test that has started it, if not before.
// page() -> a fresh page of that address: enter(how), meet(), hear(), leave() are those of meeting.js; close()
export async function openBrowser(url) {
	const { context, close } = await launch();

	async function page() {
		const tab = await context.newPage();
		const lines = [];
		tab.on("console", (message) => lines.push(message.text()));
		tab.on("pageerror", (error) => lines.push(String(error)));
		await tab.goto(url, { timeout: PATIENCE });
		const call = (name) => (how) =>
			within(PATIENCE, name, lines, tab.evaluate(([of, what]) => window.meeting[of](what), [name, how]));
		return { enter: call("enter"), meet: call("meet"), hear: call("hear"), leave: call("leave"), close: () => tab.close() };
	}

	return { page, close };
}
