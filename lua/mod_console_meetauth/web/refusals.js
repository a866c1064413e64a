// The last refusals, as they come: filtered, counted, and each with everything that is kept of it.

import { ask, choice, el, field, form, say, table, words } from "./parts.js";

const w = words.refusals;
const EVERY = 3000; // ms

// Options of a filter: all, and what there is.
function fill(select, found) {
	const before = select.value;
	const options = ["", ...new Set(found.filter(Boolean))].sort();
	if (options.join("\n") === [...select.options].map((option) => option.value).join("\n")) return;
	select.replaceChildren(...choice(options.map((value) => [value, value || w.all])).childNodes);
	select.value = options.includes(before) ? before : "";
}

function chart(hour) {
	if (!hour[0]) return el("p", {}, w.hour_none);
	const most = String(hour[0].count);
	return table(w.hour, [w.reason, w.count], hour.map(({ reason, count }) => [reason,
		[el("meter", { min: "0", max: most, value: String(count), "aria-label": say("%s: %d", reason, count) }), ` ${count}`]]));
}

export async function show(main) {
	const filters = { reason: choice([["", w.all]]), entry: choice([["", w.all]]), host: choice([["", w.all]]) };
	const live = el("input", { type: "checkbox", checked: true });
	const ref = el("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false" });
	const hour = el("section", { "aria-label": w.hour });
	const list = el("section", { "aria-label": w.list });
	const record = el("section", { "aria-label": w.records, tabindex: "-1" });
	let known = { list: [], hour: [] };
	let drawn = "";

	async function why(reference) {
		const found = await ask("why", { ref: reference });
		record.replaceChildren(...(found ? [table(say(w.record, found.ref), [words.report.name, words.report.value],
			found.rows.map(({ name, value }) => [name, value]))] : []));
		if (found) record.focus();
	}

	function draw() {
		for (const [name, select] of Object.entries(filters)) fill(select, known.list.map((one) => one[name]));
		const wanted = known.list.filter((one) => Object.entries(filters).every(([name, { value }]) => !value || one[name] === value));
		const now = JSON.stringify([wanted, known.hour]);
		if (now === drawn) return; // a person at one of its buttons stays there
		drawn = now;
		hour.replaceChildren(chart(known.hour));
		list.replaceChildren(wanted[0] ? table(w.list, [w.ref, w.last, w.count, w.reason, w.entry, w.host, w.hint], wanted.map((one) => [
			el("button", { type: "button", class: "link", onclick: () => why(one.ref) }, one.ref), one.last, String(one.count), one.reason,
			one.entry, one.host, [one.hint ?? "", one.write && el("strong", {}, ` ${one.write}`)],
		])) : el("p", {}, w.list_none));
	}

	async function look() {
		known = await ask("refusals") ?? known;
		draw();
	}

	for (const select of Object.values(filters)) select.addEventListener("change", draw);
	main.append(hour, form(w.look, () => why(ref.value), field(w.find, ref)), record,
		el("div", { class: "row" }, Object.entries(filters).map(([name, select]) => field(w[name], select)), field(w.live, live)), list);
	await look();
	const timer = setInterval(() => {
		if (live.checked && !document.hidden) look();
	}, EVERY);
	return () => clearInterval(timer);
}
