--- The keys that can verify a token. They are chosen by kid, and on a host by iss or d, and are never all keys. The
-- claims of an unverified token only choose here. They are not believed before the signature is valid.

local core = require "meetauth.core";

local keyring = {};

local TRIES_MAX = 8; -- keys tried for one token: overlap while rotating, not a search

---@class Binding  one key, and what was agreed for the tokens that it signs
---@field key Key
---@field entry table

-- By alg; as a list, the entries that it is for, also entries that have no key yet.
---@class Ring: table<string, { all: Binding[], unnamed: Binding[], by_kid: table<string, Binding[]> }>, table<integer, table>

local function add(list, binding)
	if #list < TRIES_MAX then list[#list + 1] = binding; end
end

--- Index the bindings by algorithm and kid.
---@param bindings Binding[]
---@param entries table[]?  the entries that the ring is for
---@return Ring
function keyring.ring(bindings, entries)
	local ring = {};
	for _, binding in ipairs(bindings) do
		local alg, kid = binding.key:alg(), binding.key:kid();
		local slot = ring[alg] or { all = {}, unnamed = {}, by_kid = {} };
		ring[alg] = slot;
		add(slot.all, binding);
		if kid then
			slot.by_kid[kid] = slot.by_kid[kid] or {};
			add(slot.by_kid[kid], binding);
		else
			add(slot.unnamed, binding);
		end
	end
	for _, slot in pairs(ring) do -- a key without a kid serves any
		for _, named in pairs(slot.by_kid) do
			for _, binding in ipairs(slot.unnamed) do add(named, binding); end
		end
	end
	for i, entry in ipairs(entries or {}) do ring[i] = entry; end
	return ring;
end

--- All that a ring holds, by algorithm.
---@param ring Ring
---@return Binding[]
function keyring.all(ring)
	local list = {};
	for _, alg in ipairs(core.algorithms()) do
		local slot = ring[alg] or { all = {} };
		table.move(slot.all, 1, #slot.all, #list + 1, list);
	end
	return list;
end

--- Whether an entry accepts an algorithm, with or without a key for it.
---@param entry table
---@param alg string
---@return boolean
function keyring.accepts(entry, alg)
	for _, name in ipairs(entry.algorithms or {}) do
		if name == alg then return true; end
	end
	return false;
end

-- Why there is no key of that algorithm.
local function no_slot(ring, alg)
	for _, entry in ipairs(ring) do
		if keyring.accepts(entry, alg) then return "unknown-key"; end
	end
	return "algorithm-mismatch";
end

--- The bindings to try for a token with this header, best first.
---@param ring Ring
---@param head Header
---@return Binding[]? bindings  at least one
---@return string? reason  algorithm-mismatch, unknown-key
function keyring.fitting(ring, head)
	local slot = ring[head.alg];
	if not slot then return nil, no_slot(ring, head.alg); end
	if not head.kid then return slot.all; end
	local bindings = slot.by_kid[head.kid] or slot.unnamed;
	if not bindings[1] then return nil, "unknown-key"; end
	return bindings;
end

-- Rows of the selector, in the order of its results.
local function rows_of(issuers, domains, long_domains)
	return {
		{ "iss", table.unpack(issuers) }, { "d", table.unpack(domains) }, { "domain_id", table.unpack(long_domains) },
		{ "r" }, { "aud" }, { "sub" }, { "room" }, { "context" },
	};
end

local function bindings_of(entries, keys)
	local bindings = {};
	for _, entry in ipairs(entries) do
		for _, found in ipairs(keys[entry]) do bindings[#bindings + 1] = { key = found.key, entry = entry }; end
	end
	return bindings;
end

--- The ring of some entries' keys.
---@param entries table[]
---@param keys Keys
---@return Ring
function keyring.of(entries, keys)
	return keyring.ring(bindings_of(entries, keys), entries);
end

-- Collects entries under each name, and names in the order of their first appearance. The ring of a name is made when the
-- first token brings it: of many tenants, few are active at one time.
local function grouped(keys)
	local group = { names = {}, lists = {} };
	function group.add(name, entry)
		if not group.lists[name] then
			group.lists[name] = {};
			group.names[#group.names + 1] = name;
		end
		table.insert(group.lists[name], entry);
	end
	function group.rings(extra)
		return setmetatable({}, { __index = function (made, place)
			local list = group.lists[group.names[place]];
			if not list then return nil; end -- no name of them
			made[place] = keyring.of(table.move(extra, 1, #extra, #list + 1, table.move(list, 1, #list, 1, {})), keys);
			return made[place];
		end });
	end
	return group;
end

--- How a host chooses among its entries: Daily tokens by d alone, Jitsi tokens by iss.
-- On hosts that accept both dialects, a token with markers of both is refused before any cryptography. On a Daily host,
-- room and context are never accepted.
---@param entries table[]
---@param keys Keys
---@return fun(reader: Token): Ring?, string? route reasons: unknown-issuer, ambiguous-claims, and the reasons of token:scan
---@return fun() forget  rings are made again, because keys has others
function keyring.router(entries, keys)
	local issuers, domains, long_domains, anybody = grouped(keys), grouped(keys), grouped(keys), {};
	for _, entry in ipairs(entries) do
		if entry.dialect == "daily" then
			domains.add(entry.domain_id, entry);
			if entry.claim_names == "either" then long_domains.add(entry.domain_id, entry); end
		elseif entry.issuer then
			for _, name in ipairs(entry.issuer) do issuers.add(name, entry); end
		else
			anybody[#anybody + 1] = entry;
		end
	end
	local by_issuer, by_domain, by_long, by_any = issuers.rings(anybody), domains.rings({}), long_domains.rings({}), nil;
	local takes_daily, takes_long = domains.names[1] ~= nil, long_domains.names[1] ~= nil;
	local selector = core.selector(rows_of(issuers.names, domains.names, long_domains.names));

	local function any_issuer()
		by_any = by_any or anybody[1] and keyring.of(anybody, keys);
		return by_any;
	end

	local function route(reader)
		local iss, d, long_d, r, aud, sub, room, context = reader:scan(selector);
		if type(d) == "string" then return nil, d; end -- scan's fail, reason
		if not takes_long then long_d = nil; end
		if takes_daily and (d or r or long_d) then
			if iss or aud or sub or room or context then return nil, "ambiguous-claims"; end
			local ring = by_domain[d];
			if not d then ring = by_long[long_d]; end
			if not ring then return nil, "unknown-issuer"; end
			return ring;
		end
		local ring = by_issuer[iss] or (iss and any_issuer());
		if not ring then return nil, "unknown-issuer"; end
		return ring;
	end

	local function forget()
		for _, rings in ipairs({ by_issuer, by_domain, by_long }) do
			for place in pairs(rings) do rings[place] = nil; end
		end
		by_any = nil;
	end
	return route, forget;
end

-- The keys that a token of one name may mean, in the order of the names: d, or iss; "*" goes with every iss.
local function keys_by_name(entries, keys)
	local groups, of_dialect = {}, { jitsi = {}, daily = {} };
	for _, entry in ipairs(entries) do
		local own, of_name = keys[entry], of_dialect[entry.dialect];
		for _, name in ipairs(entry.issuer or { entry.domain_id or "*" }) do
			local group = of_name[name] or { name = name, dialect = entry.dialect, keys = {} };
			if not of_name[name] then of_name[name], groups[#groups + 1] = group, group; end
			table.move(own, 1, #own, #group.keys + 1, group.keys);
		end
	end
	local any = of_dialect.jitsi["*"];
	for _, group in ipairs(any and groups or {}) do
		if group.dialect == "jitsi" and group ~= any then table.move(any.keys, 1, #any.keys, #group.keys + 1, group.keys); end
	end
	return groups;
end

-- The sorts of keys of which there are too many.
local function beyond(keys)
	local counts, sorts = {}, {};
	for _, one in ipairs(#keys > TRIES_MAX and keys or {}) do
		local key = one.key;
		local sort = key:alg() .. (key:kid() and " of one kid" or " without a kid");
		local id = sort .. (key:kid() or "");
		counts[id] = (counts[id] or 0) + 1;
		if counts[id] == TRIES_MAX + 1 then sorts[#sorts + 1] = sort; end
	end
	return sorts;
end

--- Tell of keys that would never be tried: of those with one kid, or with none, only some are.
---@param found Problems
---@param entries table[]
---@param keys Keys
function keyring.check_tries(found, entries, keys)
	for _, group in ipairs(keys_by_name(entries, keys)) do
		for _, sort in ipairs(beyond(group.keys)) do
			found:add("meetauth_issuers", ("more than %d keys for %s that a token of %q can match"):format(TRIES_MAX, sort, group.name),
				("at most %d keys, because no more keys are tried"):format(TRIES_MAX));
		end
	end
end

return keyring;
