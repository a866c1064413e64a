--- Hints: the probable cause of a verdict, in words for the operator. Each is about a mistake that people really make. A
-- hint has only its own words and words of the configuration, and how long ago a token expired. It can therefore be
-- logged.

local words_of = require "meetauth.hint.parts".words;

local hints = {};

---@class Hint
---@field check string    the row that it belongs to
---@field reason string?  the row's reason; nil: also where all is well, and at the login of a good token (odd.lua)
---@field dialect string? "jitsi" or "daily": only of tokens in that dialect
---@field says string     %s: what 'holds' returned
---@field holds fun(subject: Subject): any

--- All of them; of those beside one row, the first that holds is given.
---@type Hint[]
hints.list = {};

local by_check = {};
for _, part in ipairs({ "form", "origin", "signature", "claims", "grant", "features", "room" }) do
	for _, hint in ipairs(require("meetauth.hint." .. part)) do
		table.insert(hints.list, hint);
		by_check[hint.check] = by_check[hint.check] or {};
		table.insert(by_check[hint.check], hint);
	end
end

-- A payload without readable claims fails at the first check that reads it: as early as the choice of the key.
local of_payload = { ["bad-json"] = true, ["duplicate-member"] = true };

-- The check and the reason that a row's failure is one of. A text with five parts is not a JWE if it is a link or two
-- tokens.
local function failure_of(row)
	local check, reason = row.check, row.reason;
	if reason == "malformed" or check == "form" and reason == "unsupported" then return "form", "malformed"; end
	if check == "key" and of_payload[reason] then check = "payload"; end
	return check, reason;
end

local function is_about(hint, reason, entry)
	return (hint.reason == nil or hint.reason == reason) and (hint.dialect == nil or entry ~= nil and hint.dialect == entry.dialect);
end

--- The hint of a row, if any.
---@param row Row
---@param subject Subject
---@return string?
function hints.beside(row, subject)
	local check, reason = failure_of(row);
	for _, hint in ipairs(by_check[check] or {}) do
		local found = is_about(hint, reason, subject.entry) and hint.holds(subject);
		if found then return words_of(hint, found); end
	end
	return nil;
end

-- The pattern of a hint that has a name of the configuration in it.
local naming = {};
for _, hint in ipairs(hints.list) do
	if hint.says ~= "%s" and hint.says:find("%s", 1, true) then
		local plain = hint.says:gsub("[%^$().%[%]*+%-?]", "%%%0");
		naming[#naming + 1] = { says = hint.says, pattern = "^" .. plain:gsub("%%s", ".+") .. "$" };
	end
end

--- A hint for people who must not know the configuration: without the names in it.
---@param text string  from hints.beside
---@return string
function hints.without_names(text)
	for _, one in ipairs(naming) do
		if text:find(one.pattern) then return (one.says:gsub("%%s", "…")); end
	end
	return text;
end

return hints;
