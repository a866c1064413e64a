// Keys and where they come from, what is revoked, and what meetauth check says.

import { ask, choice, el, field, form, say, sure, table, tell, verdict, words } from "./parts.js";

const w = words.keys;
const EVERY = 1000; // ms

function keyTable(keys) {
	return table(w.keys, [w.entry, w.kid, w.alg, w.source, w.at, w.state, w.age, w.next_look, w.uses, w.last_used], keys.map((key) => [
		key.entry, key.kid, key.alg, key.source, key.at, key.state, key.age && say(w.ago, key.age), key.next_look, String(key.uses),
		key.last_used,
	]));
}

const failingTable = (failing) =>
	table(w.failing, [w.entry, w.source, w.at, w.why], failing.map((one) => [one.entry, one.source, one.at, one.why]));

export async function show(main, host) {
	const keys = el("div");
	const revoked = el("div");
	const checks = el("div");
	let timer;

	async function act(question, name, what) {
		if (await sure(question) && await ask(name, what)) {
			tell(words.console.done);
			await look();
		}
	}

	const remove = (one) => el("button", { type: "button", "aria-label": say(w.remove_of, one.value),
		onclick: () => act(say(w.remove_ask, w.kinds[one.kind], one.value), "unrevoke", { id: one.id }) }, w.remove);

	const revokedTable = (list) => table(w.revoked, [w.kind, w.value, w.entry, w.since, w.ends, w.act], list.map((one) => [
		w.kinds[one.kind], one.value, one.entry, one.since, one.ends ?? w.for_good, remove(one),
	]));

	async function look() {
		const answer = await ask("keys");
		if (!answer) return;
		keys.replaceChildren(keyTable(answer.keys), answer.failing[0] ? failingTable(answer.failing) : "");
		revoked.replaceChildren(answer.revoked[0] ? revokedTable(answer.revoked) : el("p", {}, w.revoked_none));
	}

	async function refresh() {
		const answer = await ask("refresh");
		if (!answer) return;
		tell(say(w.refreshed, answer.count));
		await look();
	}

	async function check(begin) {
		const answer = await ask("check", { begin });
		if (answer?.failed) checks.replaceChildren(el("p", { class: "bad" }, w.check_failed));
		else if (answer?.done) {
			checks.replaceChildren(table(w.check, [w.verdict, words.report.check, w.found, w.todo], answer.checks.map((one) =>
				[verdict(one.verdict), one.check, one.found, one.todo])));
		} else if (answer) {
			checks.replaceChildren(el("p", {}, w.checking));
			timer = setTimeout(check, EVERY, false);
		}
	}

	const kind = choice(Object.entries(w.kinds));
	const value = el("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false" });
	const entry = choice([["", ""], ...host.entries.map(({ id }) => [id])]);
	const add = () => act(say(w.add_ask, w.kinds[kind.value], value.value), "revoke", { kind: kind.value, value: value.value, entry: entry.value });

	main.append(el("h2", {}, w.keys), el("button", { type: "button", onclick: refresh }, w.refresh), keys,
		el("h2", {}, w.revoked), revoked, form(w.add, add, field(w.kind, kind), field(w.value, value), field(w.of_entry, entry)),
		el("h2", {}, w.check), el("button", { type: "button", onclick: () => check(true) }, w.check_begin), checks);
	await look();
	return () => clearTimeout(timer);
}
