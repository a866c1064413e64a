--- How a part of the command ends it, in this process.

local stop = require "meetauth.cli.io.stop";

--- Call it, and have what it raises: the exit status and the words, or nil where everything has been said.
---@param fn function
---@return integer status
---@return string? message
return function (fn, ...)
	local ok, raised = pcall(fn, ...);
	assert(not ok, "it does not end");
	assert(stop.is(raised), raised);
	return raised.status, raised.message;
end;
