// Read a token: what it is worth here, check by check.

import { ask, el, field, form, table, tell, values, verdict, words } from "./parts.js";

const w = words.read;
const r = words.report;

function shown(report) {
	const rows = report.rows.map((row) => [
		row.check, [verdict(row.verdict), row.reason && ` ${row.reason}`], el("code", {}, row.found), el("code", {}, row.expected),
		[row.hint ?? "", row.write && el("strong", {}, ` ${row.write}`)],
	]);
	return [
		el("p", { class: `outcome ${report.verdict === "accepted" ? "ok" : "fail"}` },
			el("strong", {}, r[report.verdict]), report.entry && ` (${report.entry})`, report.sentence && `. ${report.sentence}`),
		report.as_given && el("p", {}, r.as_given.replace("%s", () => report.as_given)),
		el("h3", {}, r.rights),
		report.rights ? el("ul", {}, report.rights.map((sentence) => el("li", {}, sentence))) : el("p", {}, r.no_rights),
		table(r.checks, [r.check, r.verdict, r.found, r.expected, r.hint], rows),
		report.header ? values(r.header, report.header) : null,
		report.claims ? values(r.claims, report.claims) : null,
	].filter(Boolean);
}

export async function show(main, host) {
	const text = el("textarea", { rows: "4", required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "none" });
	const room = el("input", { type: "text", list: "rooms", autocomplete: "off", spellcheck: "false" });
	const result = el("section", { "aria-label": r.title });
	async function read() {
		const report = await ask("read", { text: text.value, room: room.value });
		result.replaceChildren(...(report ? [el("h2", {}, r.title), ...shown(report)] : []));
		if (report) tell(r[report.verdict]);
	}
	main.append(form(w.read, read, field(w.text, text, w.text_about), field(w.room, room),
		el("datalist", { id: "rooms" }, host.rooms.map((name) => el("option", { value: name })))), result);
}
