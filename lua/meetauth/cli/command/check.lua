--- meetauth check: whether an installation and its configuration can work, with a line for each check. The status is 0
-- only if there is neither FAIL nor warn. Notes are proposals. A skipped check was not possible.

local migrate = require "meetauth.cli.check.migrate";
local options = require "meetauth.cli.token.options";
local site = require "meetauth.cli.check.site";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local check = { about = "Check the installation and the configuration. The exit status is 0 only if everything is correct." };

local JICOFO = "/etc/jitsi/jicofo/jicofo.conf";

---@alias Say fun(verdict: "ok"|"note"|"skip"|"warn"|"FAIL", found: string, todo: string?)

---@class CheckRow
---@field name string
---@field of "server"|"host"   made one time, or for each checked host
---@field look fun(site: CheckedSite, host: CheckedHost, say: Say)

local rows = {};
for _, group in ipairs({
	"native", "options", "ways", "rooms", "neighbours", "components", "lobbies", "people", "sending", "accounts", "sources",
	"readers", "console", "packages",
}) do
	local more = require("meetauth.cli.check." .. group);
	table.move(more, 1, #more, #rows + 1, rows);
end

local colours = { ok = "green", warn = "yellow", FAIL = "red" };
local is_bad = { warn = true, FAIL = true };

function check.options(command)
	options.server(command);
	command:option("--jicofo", "Jicofo's configuration.", JICOFO):argname("<file>");
	command:mutex(
		command:flag("--migrate", "Check nothing. Print Jitsi's own options as an issuer entry."),
		command:flag("--json", "Write JSON."));
end

local function line_of(finding)
	local verdict = ("%-4s"):format(finding.verdict);
	local colour = colours[finding.verdict];
	return ("%s  %s%s: %s%s\n"):format(colour and terminal.coloured(colour, verdict) or verdict,
		finding.host and finding.host .. " " or "", finding.check, terminal.safe(finding.found),
		finding.todo and " -> " .. terminal.safe(finding.todo) or "");
end

--- Make one check. An error that it raises, and that is not meant to end the command, is one more finding.
---@param row CheckRow
---@param at CheckedSite
---@param host CheckedHost?
---@param tell fun(finding: table)
function check.look(row, at, host, tell)
	local function say(verdict, found, todo)
		tell({ check = row.name, host = host and host.name, verdict = verdict, found = found, todo = todo });
	end
	local ok, raised = pcall(row.look, at, host, say);
	if ok then return; end
	if stop.is(raised) or tostring(raised):find("interrupted!", 1, true) then error(raised, 0); end
	say("FAIL", "this check failed with an error: " .. tostring(raised), "report this line, because this is a fault in meetauth");
end

-- Every finding, in order; the server's findings before the findings of the hosts.
local function look_at_all(at, tell)
	for _, row in ipairs(rows) do
		if row.of == "server" then check.look(row, at, nil, tell); end
	end
	for _, host in ipairs(at.served) do
		for _, row in ipairs(rows) do
			if row.of == "host" then check.look(row, at, host, tell); end
		end
	end
end

function check.run(args, now)
	local at = site.read(args, now);
	if args.migrate then return migrate.write(at); end
	local findings, bad = {}, false;
	look_at_all(at, function (finding)
		findings[#findings + 1], bad = finding, bad or is_bad[finding.verdict] ~= nil;
		if not args.json then terminal.write(line_of(finding)); end
	end);
	if args.json then terminal.write(terminal.json({ ok = not bad, checks = findings }), "\n"); end
	if bad then stop.refused(); end
end

return check;
