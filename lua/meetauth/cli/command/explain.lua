--- meetauth explain: every check of a verification, not only the first that says no.

local cells = require "meetauth.page.cells";
local judge = require "meetauth.cli.token.judge";
local options = require "meetauth.cli.token.options";
local redact = require "meetauth.cli.token.redact";
local report = require "meetauth.page.report";
local reportfile = require "meetauth.cli.token.reportfile";
local several = require "meetauth.cli.token.several";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";
local verdict = require "meetauth.cli.token.verdict";
local words_of = require "meetauth.page.verdict";

local explain = { about = "Show every check of a token, with the expected and the found value." };

local words = { ok = "ok", fail = "FAIL", skipped = "skipped" };
local colours = { ok = "green", FAIL = "red", skipped = "yellow", refused = "red", ["cannot tell"] = "yellow" };

function explain.options(command)
	options.token(command);
	command:option("--room", "Also check whether the token opens this room."):argname("<name>");
	command:flag("--json", "Write JSON.");
	command:flag("--redact", "For public bug reports: show shapes, lengths and a fingerprint instead of values.");
	command:option("--html", "Also write the report as one page to this file, without values; - is standard output.")
		:argname("<file>");
	command:flag("--values", "With --html: show the values in it.");
	options.now(command);
	options.server(command);
	options.addresses(command);
	options.keys(command, "verify");
	options.asked(command);
end

local function write_table(rows, now, redacted)
	local lines = {};
	for i, row in ipairs(rows) do
		local expected = row.expected ~= nil and "expected " .. cells.expected(row) or "";
		lines[i] = { row.check, words[row.verdict], row.reason or "", cells.found(row, now, redacted), expected };
	end
	terminal.rows(lines, function (cell, column) return column == 2 and colours[cell[2]] or nil; end);
	for _, row in ipairs(rows) do
		if row.hint then terminal.write("hint for ", row.check, ": ", terminal.safe(row.hint), "\n"); end
	end
end

local function write(of, args, now, given, number)
	local token = given.token;
	local room = args.room and of.server and { node = of.server.node(args.room) };
	local claims, reason, entry, decision = judge.token(of, token, args.room, now); -- first: it may bring keys
	local rows, subject = of.verify:explain(token, now, room, of.server and of.server.place);
	local judged = {
		given = given, rows = rows, subject = subject, reason = reason, entry = entry, room = args.room, decision = decision,
	};
	report.complete(judged);
	if args.html then reportfile.write(args.html, judged, now, args.values and not args.redact); end
	if args.html == "-" then
		if not claims then verdict.refuse(reason, true); end
		return;
	end
	local fingerprint = args.redact and redact.fingerprint(token) or nil;
	if args.redact then rows = redact.rows(rows, now); end
	if args.json then
		terminal.write(terminal.json({ valid = verdict.is_valid(claims, reason), reason = reason, fingerprint = fingerprint,
			entry = not args.redact and entry and entry.id or nil, rows = rows, unwrapped = given.names }), "\n");
		if not claims then verdict.refuse(reason, true); end
		return;
	end
	if number then terminal.write("token ", tostring(number), "\n"); end
	if fingerprint then terminal.write(("token %s, %d bytes\n"):format(fingerprint, #token)); end
	write_table(rows, now, args.redact);
	if claims then
		local as_given = given.reason and (", but only without the text around it. The server refuses the "
			.. "token as you gave it: %s"):format(given.reason);
		terminal.write("verdict: ", terminal.coloured("green", "accepted"), as_given or "", "\n");
	else
		local word = words_of.word(reason);
		local sentence = words_of.sentence(reason, entry or subject.entry);
		terminal.write("verdict: ", terminal.coloured(colours[word], word), ": ", sentence, "\n");
		verdict.refuse(reason, true);
	end
end

function explain.run(args, now)
	if args.values and not args.html then stop.usage("--values: with --html only"); end
	local of = judge.of(args, now);
	several.each(args.file, function (given, number)
		if number and args.html then stop.usage("--html: expected one token"); end
		write(of, args, now, given, number);
	end);
end

return explain;
