--- The keys that issuer entries hold: keys in the configuration, and keys from the documents in their files. Entries
-- never change. The keys from files are stored next to them.

local keyheld = {};

---@alias Documents table<Source, Document>  what each file gave, by its source
---@alias Keys table<table, Found[]>         the keys of each entry, in the order in which they are tried

--- The keys of an entry, inside and outside its dates.
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

--- The keys of all entries.
---@param entries table[]
---@param documents Documents?
---@return Keys
function keyheld.of(entries, documents)
	local keys = {};
	for _, entry in ipairs(entries) do keys[entry] = keyheld.by(entry, documents or {}); end
	return keys;
end

---@alias Claims table<string, { entry: table, source: Source? }>  by the hash of a secret: its owner, its place

--- Note the owner of these secrets: a holder of a secret signs for all entries that have it.
---@param claims Claims
---@param entry table
---@param found Found[]  in its configuration or in a file
---@return table? other  the entry that has one of them, too, in another place: the entry itself where its configuration
--   has a secret twice
function keyheld.claim(claims, entry, found)
	for _, one in ipairs(found) do
		local secret = one.secret;
		local before = secret and claims[secret];
		if secret and not before then
			claims[secret] = { entry = entry, source = one.source };
		elseif before and (before.entry ~= entry or before.source and one.source and before.source ~= one.source) then
			return before.entry;
		end
	end
	return nil;
end

--- The claims of all entries.
---@param entries table[]
---@param documents Documents?
---@return Claims
function keyheld.claims(entries, documents)
	local claims = {};
	for _, entry in ipairs(entries) do keyheld.claim(claims, entry, keyheld.by(entry, documents or {})); end
	return claims;
end

return keyheld;
