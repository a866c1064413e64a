--- A report on a token as one complete page: its style is in it, and it asks nobody for anything.

local html = require "meetauth.page.html";
local style = require "meetauth.page.style";
local words = require "meetauth.page.words";

local document = {};

local el, w = html.element, words.report;

local ALONE = "default-src 'none'; style-src 'unsafe-inline'";

-- A table with a caption; the first cell of a row is its head.
local function table_of(caption, heads, rows)
	local head, body = {}, {};
	for i, word in ipairs(heads) do head[i] = el("th", { scope = "col" }, word); end
	for i, row in ipairs(rows) do
		local cells = {};
		for n, cell in ipairs(row) do cells[n] = n == 1 and el("th", { scope = "row" }, cell) or el("td", {}, cell); end
		body[i] = el("tr", {}, cells);
	end
	return el("div", { class = "scroll", tabindex = "0", role = "region", ["aria-label"] = caption },
		el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
end

local function checks_of(rows)
	local list = {};
	for i, row in ipairs(rows) do
		list[i] = {
			row.check, el("span", { class = "verdict " .. row.verdict }, words.verdicts[row.verdict], row.reason and " " .. row.reason),
			el("code", {}, row.found), el("code", {}, row.expected),
			el("span", {}, row.hint, row.write and " ", row.write and el("strong", {}, row.write)),
		};
	end
	return table_of(w.checks, { w.check, w.verdict, w.found, w.expected, w.hint }, list);
end

local function values_of(caption, values)
	local list = {};
	for i, one in ipairs(values) do
		local moment = one.moment and el("span", { class = "moment" }, " ", one.moment);
		list[i] = { one.name, el("span", {}, el("code", {}, one.value), moment) };
	end
	return table_of(caption, { w.name, w.value }, list);
end

-- The rights; nothing where no issuer entry says what a token gives.
local function rights_of(report)
	if not report.rights and report.verdict == "accepted" then return nil; end
	local list = {};
	for i, sentence in ipairs(report.rights or {}) do list[i] = el("li", {}, sentence); end
	return { el("h2", {}, w.rights), report.rights and el("ul", {}, list) or el("p", {}, w.no_rights) };
end

--- The page.
---@param report Report
---@param made string  the moment, in words
---@param of { fingerprint: string, size: integer }?  of the token, where the values are described rather than shown
---@return string
function document.of(report, made, of)
	local head = {
		el("meta", { ["http-equiv"] = "Content-Security-Policy", content = ALONE }), html.style(style.read()),
	};
	return html.document(words.language, w.title, head, el("main", {}, el("h1", {}, w.title),
		el("p", { class = "outcome " .. (report.verdict == "accepted" and "ok" or "fail") }, el("strong", {}, w[report.verdict]),
			report.entry and (" (%s)"):format(report.entry), report.sentence and ". " .. report.sentence),
		report.as_given and el("p", {}, w.as_given:format(report.as_given)),
		of and el("p", {}, w.redacted:format(of.fingerprint, of.size)),
		not of and rights_of(report),
		el("h2", {}, w.checks), checks_of(report.rows),
		report.header and values_of(w.header, report.header), report.claims and values_of(w.claims, report.claims),
		el("p", { class = "moment" }, w.made:format(made))));
end

return document;
