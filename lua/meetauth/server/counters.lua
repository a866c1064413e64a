--- Counts by entry: one metric for each set of labels, looked up once, because every login and every join counts.
-- Knows no metrics library: a family is anything with with_labels(dialect, entry[, last]).

local counters = {};

local function labelled(family, dialect, entry, last)
	if last == nil then return family:with_labels(dialect, entry); end
	return family:with_labels(dialect, entry, last);
end

--- The metrics of a family, by its labels: dialect, entry, and a last one where the family has three.
---@param family table
---@return fun(dialect: string, entry: string, last: string?): table metric
function counters.of(family)
	local known = {}; -- by entry; an entry has one dialect until it is configured again
	return function (dialect, entry, last)
		local of_entry = known[entry];
		if not of_entry or of_entry.dialect ~= dialect then
			of_entry = { dialect = dialect, by_last = {} };
			known[entry] = of_entry;
		end
		local metric = of_entry.by_last[last or ""];
		if not metric then
			metric = labelled(family, dialect, entry, last);
			of_entry.by_last[last or ""] = metric;
		end
		return metric;
	end;
end

return counters;
