--- The keys of entries that a spec makes by hand, each with its keys in 'keys'.

---@param entries table[]
---@return Keys
return function (entries)
	local keys = {};
	for _, entry in ipairs(entries) do
		keys[entry] = {};
		for i, key in ipairs(entry.keys) do keys[entry][i] = { key = key }; end
	end
	return keys;
end;
