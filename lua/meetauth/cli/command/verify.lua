--- meetauth verify: whether a token is good, as the server judges it.

local null = require "meetauth.core".null;
local files = require "meetauth.cli.io.files";
local judge = require "meetauth.cli.token.judge";
local options = require "meetauth.cli.token.options";
local reasons = require "meetauth.reasons";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local verify = { about = "Verify a token: prints its claims (status 0) or why it is refused (status 1)." };

function verify.options(command)
	options.token(command);
	command:option("--room", "Also: may it enter this room?"):argname("<name>");
	command:flag("--json", "Write JSON.");
	options.server(command);
	options.addresses(command);
	options.keys(command, "verify");
	options.asked(command);
end

--- A reason in words.
---@param reason string
---@return string
function verify.sentence(reason)
	local row = reasons.by_word[reason];
	return ("%s: %s (usual cause: %s)"):format(reason, row.meaning, row.cause);
end

--- For JSON: null where it cannot be told.
---@param claims table?
---@param reason string?
---@return boolean|userdata
function verify.is_valid(claims, reason)
	if reason == "keys-unavailable" then return null; end
	return claims ~= nil;
end

--- End the command with a judgement that is no "yes".
---@param reason string
---@param said boolean?  everything has been said
function verify.stop(reason, said)
	if reason == "keys-unavailable" then
		return stop.unsure(not said and "cannot tell: %s" or nil, verify.sentence(reason));
	end
	return stop.refused(not said and "refused: %s" or nil, verify.sentence(reason));
end

function verify.run(args, now)
	local of = judge.of(args, now);
	local claims, reason, entry, decision = judge.token(of, files.token(args.file), args.room, now);
	if args.json then
		terminal.write(terminal.json({ valid = verify.is_valid(claims, reason), reason = reason, entry = entry and entry.id,
			claims = claims, decision = decision }), "\n");
		if not claims then verify.stop(reason, true); end
		return;
	end
	if not claims then verify.stop(reason); end
	terminal.write(terminal.json(claims), "\n");
	if not entry then return; end
	terminal.say("accepted: entry %s, %s%s", entry.id, entry.dialect, decision and ", as " .. decision.affiliation or "");
end

return verify;
