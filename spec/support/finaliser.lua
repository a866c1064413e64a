--- Code that runs at any allocation of other code: a finaliser.

--- pcall(act, ...), while a finaliser runs at every allocation. Each makes a whole cycle of the collector, which takes its
--- time; so only the tested code runs meanwhile.
---@param finaliser fun(time: integer)  time: 1 for its first run, and so on
---@param act function
---@return boolean ok
---@return any ...
return function (finaliser, act, ...)
	local armed, time = true, 0;
	local function arm()
		setmetatable({}, { __gc = function ()
			if not armed then return; end
			time = time + 1;
			finaliser(time);
			arm();
		end });
	end
	arm();
	collectgarbage("incremental", 1, 1000, 40);
	collectgarbage(); -- from here on the next cycle is always due
	local results = table.pack(pcall(act, ...));
	armed = false;
	collectgarbage("incremental", 200, 100, 13);
	return table.unpack(results, 1, results.n);
end;
