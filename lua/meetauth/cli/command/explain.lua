--- meetauth explain: every check of a verification, not only the first that says no.

local judge = require "meetauth.cli.token.judge";
local options = require "meetauth.cli.token.options";
local pasted = require "meetauth.cli.token.pasted";
local redact = require "meetauth.cli.token.redact";
local several = require "meetauth.cli.token.several";
local terminal = require "meetauth.cli.io.terminal";
local times = require "meetauth.cli.token.times";
local verdict = require "meetauth.cli.token.verdict";

local explain = { about = "Show every check of a token, with the expected and the found value." };

local moments = { exp = true, nbf = true, iat = true };
local NOTHING = "nothing"; -- found by a row where the token has none

local words = { ok = "ok", fail = "FAIL", skipped = "skipped" };
local colours = { ok = "green", FAIL = "red", skipped = "yellow" };

function explain.options(command)
	options.token(command);
	command:option("--room", "Also check whether the token opens this room."):argname("<name>");
	command:flag("--json", "Write JSON.");
	command:flag("--redact", "For public bug reports: show shapes, lengths and a fingerprint instead of values.");
	options.now(command);
	options.server(command);
	options.addresses(command);
	options.keys(command, "verify");
	options.asked(command);
end

local function shown(value)
	if value == nil then return ""; end
	return type(value) == "string" and terminal.safe(value) or terminal.json(value);
end

-- Of these, what was found is told in our words rather than the token's.
local in_words = { pasted = true, form = true, header = true, signature = true, payload = true, check = true, join = true };

local function found_of(row, now, redacted)
	if redacted or row.found == NOTHING or in_words[row.check] then return shown(row.found); end
	local at = moments[row.check] and math.type(row.found) and times.localtime(row.found);
	if at then return ("%s  %s"):format(at, times.relative(row.found, now)); end
	return row.found == nil and "" or terminal.json(row.found);
end

local function expected_of(row)
	return row.expected == nil and "" or "expected " .. shown(row.expected);
end

local function write_table(rows, now, redacted)
	local cells = {};
	for i, row in ipairs(rows) do
		cells[i] = { row.check, words[row.verdict], row.reason or "", found_of(row, now, redacted), expected_of(row) };
	end
	terminal.rows(cells, function (cell, column) return column == 2 and colours[cell[2]] or nil; end);
	for _, row in ipairs(rows) do
		if row.hint then terminal.write("hint for ", row.check, ": ", terminal.safe(row.hint), "\n"); end
	end
end

-- Where the keys could not be had, nothing is known of key and signature: neither a failure nor a hint.
local function mark_unsure(rows, reason)
	for _, row in ipairs(rows) do
		if row.verdict == "fail" and (row.check == "key" or row.check == "signature") then
			row.verdict, row.reason, row.hint = "skipped", reason, nil;
		end
	end
end

local function write(of, args, now, given, number)
	local token = given.token;
	local room = args.room and of.server and { node = of.server.node(args.room) };
	local claims, reason, entry = judge.token(of, token, args.room, now); -- first: it may bring keys
	local rows, subject = of.verify:explain(token, now, room, of.server and of.server.place);
	if given.names then table.insert(rows, 1, pasted.row(given)); end
	if verdict.is_unsure(reason) then mark_unsure(rows, reason); end
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
		local as_given = given.reason and (", but only without the text around it. The server refuses the token as you gave it: "
			.. "%s"):format(given.reason);
		terminal.write("verdict: ", terminal.coloured("green", "accepted"), as_given or "", "\n");
	else
		local colour, word = "red", "refused";
		if verdict.is_unsure(reason) then colour, word = "yellow", "cannot tell"; end
		terminal.write("verdict: ", terminal.coloured(colour, word), ": ", verdict.sentence(reason, entry or subject.entry), "\n");
		verdict.refuse(reason, true);
	end
end

function explain.run(args, now)
	local of = judge.of(args, now);
	several.each(args.file, function (given, number) write(of, args, now, given, number); end);
end

return explain;
