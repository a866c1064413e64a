--- A list as a set: each of its values is a key.

---@param list any[]
---@return table<any, true>
return function (list)
	local set = {};
	for _, value in ipairs(list) do set[value] = true; end
	return set;
end;
