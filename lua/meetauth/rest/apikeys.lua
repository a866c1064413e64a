--- API keys of the REST interface: whose request it is.
-- Only digests are kept and looked up (SHA-256): how long a lookup takes tells of a digest, never of a key.
-- A key never enters a problem, and neither does the id beside it: the two are easily put the wrong way round.

local core = require "meetauth.core";
local names_of = require "meetauth.util.list".names;
local schema = require "meetauth.util.schema";

local apikeys = {};

local foreign = { "another entry's secret", "a key that only the entry's back end knows" };

local KEY_MIN = 32; -- bytes: what nobody guesses, however often they ask

local key_list = schema.list_of({ expected = "keys", lone = true, fits = function (key) return type(key) == "string"; end });

---@type Kind
apikeys.kind = {
	expected = "a table of API keys by entry id";
	read = function (value)
		if type(value) ~= "table" then return nil; end
		local by_id = {};
		for id, given in pairs(value) do
			if type(id) ~= "string" then return nil; end
			local keys, found = key_list.read(given, true);
			if not keys then return nil, found; end
			by_id[id] = keys;
		end
		return by_id;
	end;
};

local function digest_of(key)
	return assert(core.sha256(key));
end

--- The first key that signs: of several that replace each other, the newest.
---@param keys Found[]  an entry's
---@return Key?
function apikeys.signing_key(keys)
	for _, one in ipairs(keys) do
		if one.key:can_sign() then return one.key; end
	end
	return nil;
end

--- Whether an entry has something to sign with. A secret in a file is read later.
---@param entry table
---@return boolean
function apikeys.can_sign(entry)
	for _, source in ipairs(entry.sources) do
		if source.kind == "secret_file" then return true; end
	end
	return apikeys.signing_key(entry.inline) ~= nil;
end

-- The fault of an entry as the owner of an API key: found, expected.
local function unfit(entry)
	if not entry then return "an id that no entry has", "ids of Daily entries"; end
	if entry.dialect ~= "daily" then return "the id of a Jitsi entry", "ids of Daily entries"; end
	if not apikeys.can_sign(entry) then return "an entry without a secret", "Daily entries with a secret, to sign"; end
	return nil;
end

-- The fault of a key itself. A key is in a header, after "Bearer".
local function unusable(key)
	if #key < KEY_MIN then return ("a key of %d bytes"):format(#key), ("keys of at least %d bytes"):format(KEY_MIN); end
	if key:find("[^!-~]") then return "a key with spaces or non-ASCII characters", "keys of visible ASCII characters"; end
	return nil;
end

--- The entries by the digests of their API keys; what does not fit becomes a problem.
---@param found Problems
---@param by_id table<string, string[]>?  from kind
---@param entries table[]
---@return table<string, table>  digest -> entry
function apikeys.read(found, by_id, entries)
	local named, owners = {}, {};
	local function check(what, expected)
		if what then found:add("meetauth_http_keys", what, expected); end
	end
	for _, entry in ipairs(entries) do named[entry.id] = entry; end
	for _, id in ipairs(names_of(by_id)) do
		local entry, keys = named[id], by_id[id];
		check(unfit(entry));
		for _, key in ipairs(keys) do
			local digest = digest_of(key);
			check(unusable(key));
			check(owners[digest] and "one key twice", "a different key in each place");
			owners[digest] = entry or true;
		end
	end
	return owners;
end

--- No API key is another entry's secret: people who make tokens with that secret would have the key, too.
---@param found Problems
---@param owners table<string, table>
---@param keys Keys
function apikeys.check(found, owners, keys)
	if next(owners) == nil then return; end
	local owner_of, told = {}, {};
	for digest, owner in pairs(owners) do owner_of[core.base64url(digest)] = owner; end
	for entry, list in pairs(keys) do
		for _, one in ipairs(list) do
			local owner = one.secret and owner_of[one.secret];
			if type(owner) == "table" and owner ~= entry and not told[one.secret] then
				told[one.secret] = true;
				found:add("meetauth_http_keys", table.unpack(foreign));
			end
		end
	end
end

--- The entry whose API key this is, or nil.
---@param owners table<string, table>
---@param key string
---@return table?
function apikeys.owner(owners, key)
	return owners[digest_of(key)];
end

return apikeys;
