--- The result of a judgement, for people and scripts: its words, its JSON, and the exit status of the command.

local null = require "meetauth.core".null;
local reasons = require "meetauth.reasons";
local stop = require "meetauth.cli.io.stop";

local verdict = {};

-- The reason that says nothing of the token.
local UNKNOWN = "keys-unavailable";

--- Whether it cannot be told here that a token is good.
---@param reason string?
---@return boolean
function verdict.is_unsure(reason) return reason == UNKNOWN; end

--- A reason in words.
---@param reason string
---@param entry table?  the one that the token is of, where it is known
---@return string
function verdict.sentence(reason, entry)
	local meaning, cause = reasons.by_word[reason].meaning, reasons.cause(reason, entry and entry.dialect);
	return ("%s: %s (usual cause: %s)"):format(reason, meaning, cause);
end

--- For JSON: null where it cannot be told.
---@param claims table?
---@param reason string?
---@return boolean|userdata
function verdict.is_valid(claims, reason)
	if verdict.is_unsure(reason) then return null; end
	return claims ~= nil;
end

--- End the command with a judgement that is no "yes": status 1, or 3 where it cannot be told.
---@param reason string
---@param said boolean?  everything has been said
---@param entry table?
function verdict.refuse(reason, said, entry)
	local ending, word = stop.refused, "refused";
	if verdict.is_unsure(reason) then ending, word = stop.unsure, "cannot tell"; end
	if said then return ending(); end
	return ending("%s: %s", word, verdict.sentence(reason, entry));
end

return verdict;
