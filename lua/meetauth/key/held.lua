--- The keys that issuer entries hold: those that stand in the configuration, and those of the documents that their files
-- gave. Entries never change; what their files give is kept beside them.

local keyheld = {};

---@alias Documents table<Source, Document>  what each file gave, by its source
---@alias Keys table<table, Found[]>         the keys of each entry, in the order in which they are tried

--- The keys of an entry, whatever its window.
---@param entry table
---@param documents Documents
---@return Found[]
function keyheld.by(entry, documents)
	local list = table.move(entry.inline, 1, #entry.inline, 1, {});
	for _, source in ipairs(entry.sources) do
		local found = documents[source] and documents[source].found or {};
		table.move(found, 1, #found, #list + 1, list);
	end
	return list;
end

--- Those of all entries.
---@param entries table[]
---@param documents Documents?
---@return Keys
function keyheld.of(entries, documents)
	local keys = {};
	for _, entry in ipairs(entries) do keys[entry] = keyheld.by(entry, documents or {}); end
	return keys;
end

--- The entry that has one of these secrets, too, in another place: whoever has a secret signs for all that hold it.
---@param entry table      that has
---@param found Found[]    these keys, in its configuration or in a file
---@param entries table[]  that may have them, too
---@param documents Documents
---@return table? other    the entry itself where its configuration has a secret twice
function keyheld.sharer(entry, found, entries, documents)
	local place = {}; -- of each secret
	for _, one in ipairs(found) do
		if one.secret then place[one.secret] = one.source or entry; end
	end
	for _, other in ipairs(entries) do
		for _, one in ipairs(keyheld.by(other, documents)) do
			local own = place[one.secret or 0];
			local is_twice = own and own ~= entry and one.source and own ~= one.source;
			if own and (other ~= entry or is_twice) then return other; end
		end
	end
	return nil;
end

return keyheld;
