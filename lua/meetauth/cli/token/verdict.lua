--- The result of a judgement, for scripts: its JSON, and the exit status of the command.

local null = require "meetauth.core".null;
local stop = require "meetauth.cli.io.stop";
local words = require "meetauth.page.verdict";

local verdict = {};

--- For JSON: null where it cannot be told.
---@param claims table?
---@param reason string?
---@return boolean|userdata
function verdict.is_valid(claims, reason)
	if words.is_unsure(reason) then return null; end
	return claims ~= nil;
end

--- End the command with a judgement that is no "yes": status 1, or 3 where it cannot be told.
---@param reason string
---@param said boolean?  everything has been said
---@param entry table?
function verdict.refuse(reason, said, entry)
	local ending = words.is_unsure(reason) and stop.unsure or stop.refused;
	if said then return ending(); end
	return ending("%s: %s", words.word(reason), words.sentence(reason, entry));
end

return verdict;
