// The console: a head with the pages, and the one that the address names behind "#".

import { ask, el, post, say, statusLine, tell, words } from "./parts.js";
import * as keys from "./keys.js";
import * as make from "./make.js";
import * as read from "./read.js";
import * as refusals from "./refusals.js";
import * as rooms from "./rooms.js";

const pages = { read, make, refusals, rooms, keys };

const host = await ask("host");
const main = el("main", { id: "page", tabindex: "-1" });
const links = Object.keys(pages).map((name) => el("a", { href: `#${name}` }, words.pages[name]));

async function leave() {
	if (await post("leave")) location.reload();
}

document.getElementById("console").replaceChildren(
	el("a", { class: "to-page", href: "#page", onclick: (event) => {
		event.preventDefault();
		main.focus();
	} }, words.console.skip),
	el("header", {}, el("h1", {}, say(words.console.title, host?.host ?? "")), el("nav", { "aria-label": words.console.pages }, links),
		el("button", { type: "button", onclick: leave }, words.console.leave)),
	statusLine, main);

let stop; // what the page that is shown has running

async function turn() {
	const name = Object.hasOwn(pages, location.hash.slice(1)) ? location.hash.slice(1) : "read";
	stop?.();
	stop = undefined;
	tell("");
	for (const link of links) {
		if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
		else link.removeAttribute("aria-current");
	}
	document.title = `${words.pages[name]} - ${words.title}`;
	const page = el("div", {}, el("h2", {}, words.pages[name]));
	main.replaceChildren(page);
	const end = await pages[name].show(page, host);
	if (page.isConnected) stop = end;
	else end?.();
}

// A new address, where the console is open already: its code is for the door.
const isCode = () => /^#[0-9a-f]{64}$/.test(location.hash);

document.addEventListener("console-ended", () => stop?.());
if (host) {
	if (isCode()) history.replaceState(null, "", location.pathname);
	addEventListener("hashchange", async () => {
		if (isCode()) return location.reload();
		await turn();
		main.focus();
	});
	await turn();
}
