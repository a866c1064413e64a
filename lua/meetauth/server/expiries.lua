--- The ends of things: names and moments, by the span of time in which the moment lies. A search for ended names therefore
-- reads only the names that end in this span or in one before it. Pure: the clock is an argument.

local expiries = {};

local SPAN = 600; -- seconds

---@class Expiries
local methods = {};
methods.__index = methods;

---@return Expiries
function expiries.new()
	return setmetatable({ spans = {} }, methods);
end

--- Note that something ends. A name may be noted several times: it is told each time, and the caller knows which one counts.
---@param name string
---@param at number  seconds since the epoch
function methods:add(name, at)
	local number = at // SPAN;
	local span = self.spans[number];
	if not span then
		span = { names = {}, moments = {} };
		self.spans[number] = span;
	end
	local count = #span.names + 1;
	span.names[count], span.moments[count] = name, at;
end

-- Take out of a span what has ended, as far as there is room for it.
local function take(span, now, list, count_max)
	local names, moments, i = span.names, span.moments, 1;
	while names[i] and #list < count_max do
		if moments[i] <= now then
			list[#list + 1] = names[i];
			local last = #names; -- takes the place that is free
			names[i], moments[i] = names[last], moments[last];
			names[last], moments[last] = nil, nil;
		else
			i = i + 1;
		end
	end
end

--- The names that have ended by now, each one time: they are then forgotten.
---@param now number
---@param count_max integer
---@return string[]  in any order; the others are told by the next call
function methods:due(now, count_max)
	local list = {};
	for number, span in pairs(self.spans) do
		if number * SPAN <= now then
			take(span, now, list, count_max);
			if not span.names[1] then self.spans[number] = nil; end
		end
	end
	return list;
end

return expiries;
