--- The word that somebody meant: of several, the one with the fewest letters added, left out or replaced.

local WORD_MAX = 40; -- bytes that are compared

-- Levenshtein's distance, a row at a time.
local function distance(one, other)
	local row = {};
	for i = 0, #other do row[i] = i; end
	for i = 1, #one do
		local diagonal = row[0];
		row[0] = i;
		for j = 1, #other do
			local cost = one:byte(i) == other:byte(j) and 0 or 1;
			diagonal, row[j] = row[j], math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost);
		end
	end
	return row[#other];
end

--- The nearest of some words; of several that are as near, the first. Letters count in any case.
---@param word string
---@param words string[]  in lower case
---@return string?
return function (word, words)
	local given, nearest, least = word:sub(1, WORD_MAX):lower(), nil, math.huge;
	for _, known in ipairs(words) do
		local off = distance(given, known);
		if off < least then nearest, least = known, off; end
	end
	return nearest;
end;
