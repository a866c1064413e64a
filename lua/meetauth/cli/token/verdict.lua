--- What a judgement comes to, for people and scripts: its words, its JSON, and the status that the command ends with.

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
---@return string
function verdict.sentence(reason)
	local row = reasons.by_word[reason];
	return ("%s: %s (usual cause: %s)"):format(reason, row.meaning, row.cause);
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
function verdict.refuse(reason, said)
	local ending, word = stop.refused, "refused";
	if verdict.is_unsure(reason) then ending, word = stop.unsure, "cannot tell"; end
	if said then return ending(); end
	return ending("%s: %s", word, verdict.sentence(reason));
end

return verdict;
