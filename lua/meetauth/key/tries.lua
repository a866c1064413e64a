--- No configured key that verifies nothing: a token's keys are tried one after the other, and no more than some.

local keyring = require "meetauth.key.ring";

local tries = {};

-- The keys that a token of one name may mean, in the order of the names: d, or iss; "*" goes with every iss.
local function keys_by_name(entries)
	local groups, any = {}, {};
	for _, entry in ipairs(entries) do
		local keys = entry.keys or {};
		for _, name in ipairs(entry.issuer or { entry.domain_id or "*" }) do
			local label = entry.dialect .. " " .. name;
			if not groups[label] then
				groups[label] = { dialect = entry.dialect, name = name, keys = {} };
				groups[#groups + 1] = groups[label];
			end
			table.move(keys, 1, #keys, #groups[label].keys + 1, groups[label].keys);
			if name == "*" then any = groups[label].keys; end
		end
	end
	for _, group in ipairs(groups) do
		if group.dialect == "jitsi" and group.name ~= "*" then table.move(any, 1, #any, #group.keys + 1, group.keys); end
	end
	return groups;
end

--- Tell of keys that would never be tried: of those with one kid, or with none, only some are.
---@param found Problems
---@param entries table[]
function tries.check(found, entries)
	for _, group in ipairs(keys_by_name(entries)) do
		local counts = {};
		for _, key in ipairs(group.keys) do
			local sort = key:alg() .. (key:kid() and " of one kid" or " without a kid");
			local id = sort .. (key:kid() or "");
			counts[id] = (counts[id] or 0) + 1;
			if counts[id] == keyring.tries_max + 1 then
				found:add("meetauth_issuers", ("more than %d keys for %s that a token of %q may mean")
					:format(keyring.tries_max, sort, group.name), ("at most %d: no other is ever tried"):format(keyring.tries_max));
			end
		end
	end
end

return tries;
