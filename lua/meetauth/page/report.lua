--- A report on a token: the result, every check, header and claims, and the rights. All of it is text that a page only
-- shows.

local cells = require "meetauth.page.cells";
local meetauth = require "meetauth";
local names_of = require "meetauth.util.list".names;
local pasted = require "meetauth.page.pasted";
local rights = require "meetauth.page.rights";
local text = require "meetauth.util.text";
local verdict = require "meetauth.page.verdict";

local report = {};

---@class Judged
---@field given Pasted
---@field rows Row[]          of an explanation, as they are; they may change
---@field subject Subject
---@field reason string?      why not; nil: it is accepted
---@field entry table?        whose key signed
---@field room string?        that was asked for
---@field decision Decision?  on it

---@class ReportRow
---@field check string
---@field verdict "ok"|"fail"|"skipped"
---@field reason string?
---@field found string
---@field expected string
---@field hint string?
---@field write string?   what to write

---@class ReportValue
---@field name string
---@field value string
---@field moment string?  a time in words

---@class Report
---@field verdict "accepted"|"refused"|"cannot tell"
---@field sentence string?   why not
---@field as_given string?   why the server refuses the bytes as they came
---@field entry string?
---@field rows ReportRow[]
---@field header ReportValue[]?
---@field claims ReportValue[]?
---@field rights string[]?   nil: nobody vouches for it, or it gives nothing

--- The rows of an explanation as text.
---@param rows Row[]
---@param now number
---@param redacted boolean?  their values are described already
---@return ReportRow[]
function report.rows(rows, now, redacted)
	local list = {};
	for i, row in ipairs(rows) do
		local hint, write = cells.hint(row);
		list[i] = {
			check = row.check, verdict = row.verdict, reason = row.reason, found = cells.found(row, now, redacted),
			expected = cells.expected(row), hint = hint, write = write,
		};
	end
	return meetauth.array(list);
end

--- The members of an object, as they are written.
---@param object table<string, any>
---@param now number
---@return ReportValue[]
function report.values(object, now)
	local list = {};
	for i, name in ipairs(names_of(object)) do
		local value = object[name];
		list[i] = { name = text.visible(name), value = cells.json(value), moment = cells.moment(name, value, now) };
	end
	return meetauth.array(list);
end

--- The rows of what was judged, with what is known beside them: how the token was pasted, and what cannot be told here.
---@param judged Judged  its rows change: once
---@return Row[]
function report.complete(judged)
	if judged.given.names then table.insert(judged.rows, 1, pasted.row(judged.given)); end
	if verdict.is_unsure(judged.reason) then cells.mark_unsure(judged.rows, judged.reason); end
	return judged.rows;
end

--- Make one.
---@param judged Judged  complete
---@param now number  seconds since the epoch
---@return Report
function report.of(judged, now)
	local given, subject, reason = judged.given, judged.subject, judged.reason;
	local entry = judged.entry or subject.entry;
	local header, claims = meetauth.peek(given.token);
	local grant = subject.signed and subject.grant;
	return {
		verdict = verdict.word(reason), sentence = reason and verdict.sentence(reason, entry), as_given = given.reason,
		entry = entry and entry.id, rows = report.rows(judged.rows, now),
		header = header and report.values(header, now), claims = header and report.values(claims, now),
		rights = grant and meetauth.array(rights.of(grant, judged.room, judged.decision, now)) or nil,
	};
end

--- The same without a value of the token or of the configuration.
---@param judged Judged
---@param rows Row[]  whose values are described
---@param now number
---@return Report
function report.redacted(judged, rows, now)
	local reason, entry = judged.reason, judged.entry or judged.subject.entry;
	return {
		verdict = verdict.word(reason), sentence = reason and verdict.sentence(reason, entry), as_given = judged.given.reason,
		rows = report.rows(rows, now, true),
	};
end

return report;
