--- The rows of an explanation in words: what was found and expected in one line of text, and the hint apart from what to write.
-- Texts of outsiders are shown in a form that terminals and pages only show.

local json = require "meetauth.util.json";
local text = require "meetauth.util.text";
local times = require "meetauth.util.times";

local cells = {};

local moments = { exp = true, nbf = true, iat = true };
local with_moments = { exp = true, nbf = true, iat = true, window = true, ejection = true }; -- rows that expect some
local NOTHING = "nothing"; -- found by a row where the token has none

-- Of these, what was found is told in our words rather than the token's.
local in_words = { pasted = true, form = true, header = true, signature = true, payload = true, check = true, join = true };

--- A value as JSON, in that form.
---@param value any
---@return string
function cells.json(value)
	return text.visible(json.shown(value));
end

local function shown(value)
	if value == nil then return ""; end
	return type(value) == "string" and text.visible(value) or cells.json(value);
end

--- A moment in a claim, such as 2026-01-31 09:00:00 +0100  in 2 hours; nil for what is none.
---@param name string  of the claim
---@param value any
---@param now number
---@return string?
function cells.moment(name, value, now)
	local at = moments[name] and math.type(value) and times.localtime(value);
	return at and ("%s  %s"):format(at, times.relative(value, now)) or nil;
end

--- The found value of a row.
---@param row Row
---@param now number
---@param redacted boolean?  the values are described already
---@return string
function cells.found(row, now, redacted)
	if redacted or row.found == NOTHING or in_words[row.check] then return shown(row.found); end
	return cells.moment(row.check, row.found, now) or row.found == nil and "" or cells.json(row.found);
end

--- The expected value of a row; of a moment the date, too.
---@param row { check: string, expected: any }
---@return string
function cells.expected(row)
	local expected = shown(row.expected);
	return with_moments[row.check] and times.dated(expected) or expected;
end

--- The hint of a row, and what to write.
---@param row Row
---@return string? hint
---@return string? write
function cells.hint(row)
	if not row.hint then return nil; end
	local hint = text.visible(row.hint);
	local says, write = hint:match("^(.-)%. (%u.+)$");
	return says or hint, write;
end

--- Where the keys could not be had, nothing is known of key and signature: neither a failure nor a hint.
---@param rows Row[]      changed
---@param reason string   why
function cells.mark_unsure(rows, reason)
	for _, row in ipairs(rows) do
		if row.verdict == "fail" and (row.check == "key" or row.check == "signature") then
			row.verdict, row.reason, row.hint = "skipped", reason, nil;
		end
	end
end

return cells;
