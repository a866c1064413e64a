--- The result of a judgement, in words.

local reasons = require "meetauth.reasons";

local verdict = {};

-- The reason that says nothing of the token.
local UNKNOWN = "keys-unavailable";

--- Whether it cannot be told here that a token is good.
---@param reason string?
---@return boolean
function verdict.is_unsure(reason) return reason == UNKNOWN; end

--- The word for it.
---@param reason string?
---@return "accepted"|"refused"|"cannot tell"
function verdict.word(reason)
	if not reason then return "accepted"; end
	return verdict.is_unsure(reason) and "cannot tell" or "refused";
end

--- A reason in words.
---@param reason string
---@param entry table?  the one that the token is of, where it is known
---@return string
function verdict.sentence(reason, entry)
	local meaning, cause = reasons.by_word[reason].meaning, reasons.cause(reason, entry and entry.dialect);
	return ("%s: %s (usual cause: %s)"):format(reason, meaning, cause);
end

return verdict;
