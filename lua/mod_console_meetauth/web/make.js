// Make a test link: the claims as they will be, and the link.

import { ask, choice, el, field, form, say, tell, values, words } from "./parts.js";

const w = words.make;

export async function show(main, host) {
	const entries = host.entries.filter((entry) => entry.signs);
	if (!entries[0]) return void main.append(el("p", {}, w.no_entry));
	const text = (attributes) => el("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes });
	const controls = {
		entry: choice(entries.map((entry) => [entry.id, `${entry.id} (${entry.dialect})`])),
		room: text({ required: true, maxlength: "256" }), name: text({ maxlength: "256" }),
		role: choice([["member", w.member], ["owner", w.owner]]),
		lobby: choice([["default", w.default], ["bypass", w.bypass], ["knock", w.knock]]),
		features: text({ list: "features" }),
		minutes: el("input", { type: "number", min: "1", max: String(host.minutes_max), value: String(host.minutes), required: true }),
	};
	const draft = el("section", { "aria-label": w.draft });
	const made = el("section", { "aria-label": w.link });
	const asked = () => ({
		...Object.fromEntries(Object.entries(controls).map(([name, control]) => [name, control.value])),
		minutes: Number(controls.minutes.value),
	});

	async function look() {
		made.replaceChildren();
		const answer = controls.room.value && await ask("draft", asked());
		if (answer) tell("");
		draft.replaceChildren(...(answer ? [values(w.draft, answer.claims)] : []));
	}

	async function make() {
		const answer = await ask("make", asked());
		if (!answer) return;
		const link = el("input", { type: "text", readonly: true, value: answer.link });
		draft.replaceChildren(values(words.report.claims, answer.claims));
		made.replaceChildren(field(w.link, link),
			el("button", { type: "button", onclick: async () => {
				link.select();
				await navigator.clipboard.writeText(answer.link);
				tell(words.console.copied);
			} }, words.console.copy),
			answer.refused ? el("p", { class: "bad" }, say(w.refused, answer.refused)) : "");
		tell(words.console.done);
		link.focus();
	}

	const fields = Object.entries(controls).map(([name, control]) => field(w[name], control));
	const asForm = form(w.make, make, ...fields);
	asForm.addEventListener("change", look);
	main.append(el("p", {}, w.about), asForm,
		el("datalist", { id: "features" }, host.features.map((name) => el("option", { value: name }))), made, draft);
}
