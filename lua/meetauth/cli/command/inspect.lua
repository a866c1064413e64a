--- meetauth inspect: shows what a token says, without checking who signed it.

local meetauth = require "meetauth";
local options = require "meetauth.cli.token.options";
local pasted = require "meetauth.cli.token.pasted";
local reasons = require "meetauth.reasons";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";
local times = require "meetauth.util.times";
local names_of = require "meetauth.util.list".names;

local inspect = { about = "Show the content of a token. This verifies nothing." };

local moments = { exp = true, nbf = true, iat = true };

function inspect.options(command)
	options.token(command);
	command:flag("--json", "Write JSON.");
end

local function rows_of(members, now)
	local rows = {};
	for i, name in ipairs(names_of(members)) do
		local value = members[name];
		rows[i] = { "  " .. terminal.safe(name), terminal.json(value) };
		local at = moments[name] and math.type(value) and times.localtime(value);
		if at then table.move({ at, times.relative(value, now) }, 1, 2, 3, rows[i]); end
	end
	return rows;
end

local function plain() return nil; end

function inspect.run(args, now)
	local given = pasted.read(args.file);
	local header, claims = meetauth.peek(given.token);
	if not args.json then pasted.tell(given); end
	if not header then
		stop.refused("cannot read the token: %s (%s)", claims, reasons.by_word[claims].meaning);
	end
	if args.json then
		terminal.write(terminal.json({ verified = false, header = header, claims = claims, unwrapped = given.names }), "\n");
		return;
	end
	terminal.write(terminal.coloured("yellow", "NOT VERIFIED: anybody can write such a token"), "\n");
	terminal.write("header\n");
	terminal.rows(rows_of(header, now), plain);
	terminal.write("claims\n");
	terminal.rows(rows_of(claims, now), plain);
end

return inspect;
