--- Finds the token in a text that people paste. It also says what the server makes of the text without a change.

local meetauth = require "meetauth";
local unwrap = require "meetauth.util.unwrap".of;

local pasted = {};

---@class Pasted
---@field token string     what is judged
---@field names string[]?  the ways in which it was wrapped; nil: it is as it came
---@field says string?     the same in words
---@field write string?    what to write in its place
---@field reason string?   why the server refuses the unchanged bytes, even with a good token

--- The token in a text.
---@param text string
---@return Pasted
function pasted.of(text)
	local token, ways = unwrap(text);
	if not ways[1] then return { token = token }; end
	local names, says = {}, {};
	for i, way in ipairs(ways) do names[i], says[i] = way.name, way.says; end
	local header, reason = meetauth.peek(text);
	return {
		token = token, names = meetauth.array(names), says = table.concat(says, "; "), write = ways[1].write,
		reason = not header and reason or "malformed",
	};
end

--- The row of an explanation, before all others, where something was taken off.
---@param of Pasted
---@return Row
function pasted.row(of)
	return { check = "pasted", verdict = "fail", reason = of.reason, expected = "the token alone", found = of.says,
		hint = ("%s. %s"):format(of.says, of.write) };
end

return pasted;
