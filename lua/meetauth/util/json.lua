--- All JSON that this project writes. The core writes it in one order of members, so that two texts can be compared and a
-- token can be made again. The core also reads JSON.

local core = require "meetauth.core";

local json = {};

--- Write a value as JSON, the members of each object in the order of their names. Numbers keep all their digits; a list
-- from meetauth.array is a list, also when it is empty; meetauth.null is null. Raises on what JSON cannot say
-- (functions, NaN, holes, tables inside themselves).
---@param value any
---@return string
function json.encode(value) return core.encode(value); end

--- Write a value as JSON that people read: slashes stand as they are.
---@param value any
---@return string
function json.shown(value)
	return (core.encode(value):gsub("\\(.)", { ["/"] = "/" }));
end

return json;
