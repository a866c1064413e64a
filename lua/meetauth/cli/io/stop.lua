--- Ends of the command: each raises what cli/main.lua turns into a message and an exit status.

local stop = {};

---@class Stop
---@field status 1|2|3  refused, usage, unsure
---@field message string?  nil: everything has been said

local ending = { __tostring = function (self) return self.message or ""; end };

local function raise(status, message)
	error(setmetatable({ status = status, message = message }, ending), 0);
end

--- The command was called wrongly, or what it was given cannot be read.
---@param fmt string
function stop.usage(fmt, ...) raise(2, fmt:format(...)); end

--- A token or a row was refused.
---@param fmt string?  nil: everything has been said
function stop.refused(fmt, ...) raise(1, fmt and fmt:format(...)); end

--- Whether a token is good cannot be told here.
---@param fmt string?  nil: everything has been said
function stop.unsure(fmt, ...) raise(3, fmt and fmt:format(...)); end

--- Whether a raised value is one of these.
---@param value any
---@return boolean
function stop.is(value) return getmetatable(value) == ending; end

return stop;
