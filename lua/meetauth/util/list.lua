--- Lists: as sets, and the names of a table as one.

local list = {};

--- A list as a set: each of its values is a key.
---@param values any[]
---@return table<any, true>
function list.set(values)
	local set = {};
	for _, value in ipairs(values) do set[value] = true; end
	return set;
end

return list;
