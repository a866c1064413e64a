// The parts of every page of the console: elements whose text is only ever text, questions to the server, tables, forms.

export const words = await (await fetch("words.json")).json();

// "%s and %d" with values in their places, each as it is.
export const say = (form, ...values) => form.replace(/%[sd]/g, () => String(values.shift()));

// el(name, { attribute: value, onclick: f }, ...children): strings become text; null and false are left out.
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === "function") element.addEventListener(key.slice(2), value);
		else if (value === true) element.setAttribute(key, "");
		else if (value !== false && value != null) element.setAttribute(key, value);
	}
	element.append(...children.flat().filter((child) => child != null && child !== false));
	return element;
}

const status = el("p", { id: "status", role: "status" });
export const statusLine = status;

// The last result, for eyes and screen readers.
export function tell(text, isBad = false) {
	status.className = isBad ? "bad" : "";
	status.textContent = text;
}

// Something for the server to do: its answer, or null where it has said why not.
export async function post(path, what = {}) {
	let response;
	try {
		response = await fetch(path, {
			method: "POST", headers: { "Content-Type": "application/json", "X-Meetauth-Console": "1" }, body: JSON.stringify(what),
		});
	} catch {
		tell(words.console.unreachable, true);
		return null;
	}
	const answer = await response.json().catch(() => ({}));
	if (response.ok) return answer;
	const host = decodeURIComponent(location.pathname.split("/")[2]);
	const problems = { 401: say(words.console.ended, host), 429: words.console.too_often };
	tell(answer.problem ?? problems[response.status] ?? words.console.unreachable, true);
	if (response.status === 401) document.dispatchEvent(new Event("console-ended"));
	return null;
}

// A question to the server.
export const ask = (name, what) => post(`api/${name}`, what);

let serial = 0;

// A label and its control; about: a line more, which screen readers read along.
export function field(label, control, about) {
	const id = `f${serial += 1}`;
	control.id = id;
	if (about) control.setAttribute("aria-describedby", `${id}-about`);
	return el("div", { class: "field" }, el("label", { for: id }, label), control, about && el("p", { id: `${id}-about` }, about));
}

export function choice(options, attributes = {}) {
	return el("select", attributes, options.map(([value, text]) => el("option", { value }, text ?? value)));
}

// A table with a caption; each row is a list of cells: text, or elements. It may be wider than the screen: it scrolls.
export function table(caption, heads, rows) {
	return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say(words.console.scrolls, caption) },
		el("table", {}, el("caption", {}, caption),
			el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
			el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell, i) =>
				el(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : {}, cell ?? "")))))));
}

export const verdict = (word) => el("span", { class: `verdict ${word}` }, words.verdicts[word] ?? word);

export const values = (caption, list) => table(caption, [words.report.name, words.report.value], list.map(({ name, value, moment }) =>
	[name, [el("code", {}, value), moment && el("span", { class: "moment" }, ` ${moment}`)]]));

// A question first: true for yes.
export function sure(question) {
	return new Promise((resolve) => {
		const dialog = el("dialog", { "aria-labelledby": "question" }, el("p", { id: "question" }, question),
			el("div", { class: "row" },
				el("button", { type: "button", autofocus: true, onclick: () => dialog.close("no") }, words.console.no),
				el("button", { type: "button", class: "danger", onclick: () => dialog.close("yes") }, words.console.yes)));
		dialog.addEventListener("close", () => {
			dialog.remove();
			resolve(dialog.returnValue === "yes");
		});
		document.body.append(dialog);
		dialog.showModal();
	});
}

// A form whose button asks the server; the page does not go anywhere.
export function form(button, submit, ...fields) {
	return el("form", { onsubmit: (event) => {
		event.preventDefault();
		submit();
	} }, fields, el("button", { type: "submit" }, button));
}
