--- meetauth verify: whether a token is good, as the server judges it.

local judge = require "meetauth.cli.token.judge";
local options = require "meetauth.cli.token.options";
local pasted = require "meetauth.cli.token.pasted";
local several = require "meetauth.cli.token.several";
local terminal = require "meetauth.cli.io.terminal";
local verdict = require "meetauth.cli.token.verdict";

local verify = { about = "Verify a token. Print its claims (exit status 0), or why it is refused (exit status 1)." };

function verify.options(command)
	options.token(command);
	command:option("--room", "Also check whether the token opens this room."):argname("<name>");
	command:flag("--json", "Write JSON.");
	options.now(command);
	options.server(command);
	options.addresses(command);
	options.keys(command, "verify");
	options.asked(command);
end

-- Of several tokens, one that is refused leaves an empty line, so that what is good stays beside its token.
local function write(of, args, now, given, number)
	local claims, reason, entry, decision = judge.token(of, given.token, args.room, now);
	if args.json then
		terminal.write(terminal.json({ valid = verdict.is_valid(claims, reason), reason = reason, entry = entry and entry.id,
			claims = claims, decision = decision, unwrapped = given.names }), "\n");
		if not claims then verdict.refuse(reason, true); end
		return;
	end
	pasted.tell(given);
	if number and not claims then terminal.write("\n"); end
	if not claims then verdict.refuse(reason, false, entry); end
	terminal.write(terminal.json(claims), "\n");
	if not entry then return; end
	terminal.say("%saccepted: entry %s, %s%s", number and ("token %d: "):format(number) or "", entry.id, entry.dialect,
		decision and ", as " .. decision.affiliation or "");
end

function verify.run(args, now)
	local of = judge.of(args, now);
	several.each(args.file, function (given, number) write(of, args, now, given, number); end);
end

return verify;
