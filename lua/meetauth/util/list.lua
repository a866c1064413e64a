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

--- The names in a table, sorted: the same in every run.
---@param of table<string, any>|false|nil
---@param is_wanted (fun(name: string): any)?  all of them, where there is none
---@return string[]
function list.names(of, is_wanted)
	local names = {};
	for name in pairs(of or {}) do
		if not is_wanted or is_wanted(name) then names[#names + 1] = name; end
	end
	table.sort(names);
	return names;
end

return list;
