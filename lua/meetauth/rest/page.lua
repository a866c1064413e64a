--- Pages of a list in the REST interface: limit, starting_after and ending_before, whose cursors are ids of what is listed.

local page = {};

local PAGE_MAX = 100;

local function position_of(list, id)
	for i, one in ipairs(list) do
		if one.id == id then return i; end
	end
	return nil;
end

-- The first and the last of a page; nil and what is wrong with the question.
local function range_of(list, query, noun)
	local limit = math.tointeger(tonumber(query.limit or PAGE_MAX));
	if not limit or limit < 1 or limit > PAGE_MAX then return nil, ("limit should be 1 to %d"):format(PAGE_MAX); end
	local after, before = query.starting_after, query.ending_before;
	if after and before then return nil, "starting_after and ending_before cannot be used together"; end
	if not after and not before then return 1, limit; end
	if before == "OLDEST" then return math.max(#list - limit + 1, 1), #list; end
	local at = position_of(list, after or before);
	if not at then return nil, ("%s should be the id of a %s"):format(after and "starting_after" or "ending_before", noun); end
	if after then return at + 1, at + limit; end
	return math.max(at - limit, 1), at - 1;
end

--- The part of a list that a request asks for.
---@param list { id: string }[]        the newest first
---@param query table<string, string>
---@param noun string                  what is listed
---@return table[]? part
---@return string? wrong  with the question
function page.of(list, query, noun)
	local first, last = range_of(list, query, noun);
	if not first then return nil, last; end
	return table.move(list, first, math.min(last, #list), 1, {});
end

return page;
