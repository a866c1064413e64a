--- Counts of the last hour, minute by minute, by host and reason. Hosts and reasons are the server's own words, so that
-- their number is limited. The clock is an argument.

local lasthour = {};

local MINUTE, MINUTES = 60, 60;

--- Count one.
---@param store table   kept by the caller; empty at first
---@param now number    seconds since the epoch
---@param host string
---@param reason string
function lasthour.note(store, now, host, reason)
	local minute = now // MINUTE;
	local at = minute % MINUTES;
	local slot = store[at];
	if not slot or slot.minute ~= minute then
		slot = { minute = minute, hosts = {} };
		store[at] = slot;
	end
	local of_host = slot.hosts[host] or {};
	slot.hosts[host] = of_host;
	of_host[reason] = (of_host[reason] or 0) + 1;
end

--- How many there were of each reason.
---@param store table
---@param now number
---@param wanted fun(host: string): any
---@return table<string, integer>
function lasthour.counts(store, now, wanted)
	local minute, counts = now // MINUTE, {};
	for _, slot in pairs(store) do
		if slot.minute > minute - MINUTES and slot.minute <= minute then
			for host, of_host in pairs(slot.hosts) do
				for reason, count in pairs(wanted(host) and of_host or {}) do counts[reason] = (counts[reason] or 0) + count; end
			end
		end
	end
	return counts;
end

return lasthour;
