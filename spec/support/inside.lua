--- A local of the file that made a function: the pages speak of tables that nobody exports.
---@param f function
---@param name string  one of f's upvalues; it must be there
---@return any
return function (f, name)
	for i = 1, math.huge do
		local found, value = debug.getupvalue(f, i);
		assert(found, "no upvalue " .. name);
		if found == name then return value; end
	end
end;
