--- What the fuzz targets of the Lua API hold against every answer.

local by_word = require "meetauth.reasons".by_word;

local support = {};

--- An answer is something, or nil and a word of the closed list. Returns the answer.
function support.answer(found, reason)
	if found == nil then
		assert(by_word[reason], "no word of the list: " .. tostring(reason));
	else
		assert(found, "false is no answer");
	end
	return found;
end

--- Whether a line may go into a log: no control characters, and UTF-8 where it is no ASCII.
---@param line string
---@return boolean
function support.is_printable(line)
	return not line:find("%c") and utf8.len(line) ~= nil;
end

return support;
