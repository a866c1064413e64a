// What the demo writes: at most 80 characters a line, in colours where a person looks (no-color.org).

const WIDTH = 80;
const GAP = "  ";
const codes = { green: 32, red: 31, yellow: 33, bold: 1 };
const hasColours = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

export const coloured = (colour, text) => (hasColours && codes[colour] ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text);

const verdicts = { ok: "green", NO: "red", FAIL: "red", skipped: "yellow" };

// The longest beginning of a text that fits, cut at a space where there is one.
function beginning(text, room) {
	if (text.length <= room) return text;
	const space = text.lastIndexOf(" ", room);
	return text.slice(0, space > 0 ? space : room);
}

// Lines of a text: what goes on is indented.
export function folded(text, indent = 2, width = WIDTH) {
	const lines = [];
	for (let rest = text.trimEnd(), margin = 0; rest !== ""; margin = indent) {
		const line = beginning(rest, width - margin);
		lines.push(" ".repeat(margin) + line);
		rest = rest.slice(line.length).trimStart();
	}
	return lines.join("\n");
}

const cut = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

// A table of rows, the first of which is the head; the last column is a verdict. A cell that would make it too wide is cut.
export function table(rows) {
	const columns = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const over = columns.reduce((sum, width) => sum + width) + GAP.length * (columns.length - 1) - WIDTH;
	if (over > 0) columns[columns.length - 2] -= over;
	const line = (row) => row.map((cell, column) => {
		const text = cut(cell, columns[column]).padEnd(columns[column]);
		return column === columns.length - 1 ? coloured(verdicts[cell], text) : text;
	}).join(GAP).trimEnd();
	return [line(rows[0]), columns.map((width) => "-".repeat(width)).join(GAP), ...rows.slice(1).map(line)].join("\n");
}

// What prosodyctl shell meetauth why has printed: a name of twelve characters, and what it is.
export const facts = (text) => text.trimEnd().split("\n").map((line) => folded(line, 13)).join("\n");

// What meetauth explain has printed, its fields between tabs: check, verdict, and what there is of the rest.
export function checks(text) {
	const lines = text.trimEnd().split("\n").map((line) => line.split("\t"));
	const width = Math.max(...lines.map(([check, verdict]) => (verdict === undefined ? 0 : check.length)));
	return lines.map(([check, verdict, ...rest]) => {
		if (verdict === undefined) return folded(check);
		const margin = width + 11; // behind check and verdict, of which the longest is "skipped"
		const more = folded(rest.filter((field) => field !== "").join(GAP), 0, WIDTH - margin).replaceAll("\n", `\n${" ".repeat(margin)}`);
		return `${check.padEnd(width)}${GAP}${coloured(verdicts[verdict], verdict.padEnd(7))}${GAP}${more}`.trimEnd();
	}).join("\n");
}

// A command as somebody types it.
export const typed = (words) => coloured("bold", `$ ${words.join(" ")}`);
