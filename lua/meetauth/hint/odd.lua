--- Suspicious parts of a valid token: the hints that also apply to rows without a failure, and the claims that its
-- dialect ignores. The words are our own, so they can be logged.

local words_of = require "meetauth.hint.parts".words;

local odd = {};

--- Those hints, by the dialects that they are about. They read a subject's claims, entry and grant, and nothing else of it.
---@type table<string, Hint[]>
odd.lists = { jitsi = {}, daily = {} };
for _, part in ipairs({ "claims", "grant", "features" }) do
	for _, hint in ipairs(require("meetauth.hint." .. part)) do
		for dialect, list in pairs(odd.lists) do
			if not hint.reason and (hint.dialect or dialect) == dialect then list[#list + 1] = hint; end
		end
	end
end

local UNKNOWN = "the token has unknown names or words, which are ignored";

local subject = {}; -- the same one for all: where nothing is odd, nothing is made

local function add(found, words)
	found = found or {};
	found[#found + 1] = words;
	return found;
end

-- The ignored parts of the token, after the findings; unknown names are the token's own, and are not named.
local function add_ignored(found, notes)
	local has_unknown = false;
	for _, note in ipairs(notes) do
		if note.unknown then
			has_unknown = true;
		elseif note.fate:find("ignored", 1, true) == 1 then
			found = add(found, ("%s is %s"):format(note.claim, note.fate));
		end
	end
	return has_unknown and add(found, UNKNOWN) or found;
end

--- The suspicious findings, each in a sentence; nil: none.
---@param claims table  verified, also after a grant was made of them
---@param grant Grant
---@param entry table   whose key signed
---@return string[]?
function odd.words(claims, grant, entry)
	local found = nil;
	subject.claims, subject.grant, subject.entry = claims, grant, entry;
	for _, hint in ipairs(odd.lists[entry.dialect]) do
		local what = hint.holds(subject);
		if what then found = add(found, words_of(hint, what)); end
	end
	subject.claims, subject.grant, subject.entry = nil, nil, nil;
	if grant.notes then found = add_ignored(found, grant.notes); end
	return found;
end

return odd;
