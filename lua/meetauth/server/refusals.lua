--- The last refusals, each under a short reference that whoever was refused has on the screen.
-- Kept of each: our words and the operator's, no token, nobody's data. Time and chance are handed in.

local core = require "meetauth.core";
local set_of = require "meetauth.util.list";

local refusals = {};

local KEPT = 1000;
local REFERENCE = 6; -- characters of five bits
local ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"; -- no l, o, 0 and 1, which are read for one another

---@class Refusal
---@field ref string
---@field time number      seconds since the epoch
---@field host string      the VirtualHost, or the MUC component
---@field stage "login"|"join"
---@field reason string
---@field entry string?    the id of the issuer entry that the token chose
---@field dialect string?
---@field alg string?      one that exists
---@field kid string?      where a key of the entry has it
---@field hint string?

local known_algorithms = set_of(core.algorithms());

local function kid_of(subject)
	local kid = subject.head and subject.head.kid;
	for _, binding in ipairs(kid and subject.candidates or {}) do
		if binding.key:kid() == kid then return kid; end
	end
	return nil;
end

--- What may be kept of a token that was refused.
---@param reason string
---@param rows Row[]        as explained, with
---@param subject Subject   what there is to know
---@return table about  entry, dialect, alg, kid, hint
function refusals.about(reason, rows, subject)
	local entry, alg = subject.entry, subject.head and subject.head.alg;
	return {
		entry = entry and entry.id, dialect = entry and entry.dialect,
		alg = known_algorithms[alg or ""] and alg or nil, kid = kid_of(subject), hint = refusals.hint(reason, rows),
	};
end

--- The hint beside the first row that says what a refusal says.
---@param reason string
---@param rows Row[]
---@return string?
function refusals.hint(reason, rows)
	for _, row in ipairs(rows) do
		if row.reason == reason then return row.hint; end
	end
	return nil;
end

---@class Keeper
---@field store { last: integer?, [integer]: Refusal }
---@field random fun(count: integer): string
local keeper = {};
keeper.__index = keeper;

function keeper:reference()
	local ref = self.random(REFERENCE):gsub(".", function (char)
		local at = char:byte() % #ALPHABET + 1;
		return ALPHABET:sub(at, at);
	end);
	return ref;
end

--- Keep a refusal; the oldest makes room for it.
---@param refusal table  all of a Refusal but ref
---@return string ref
function keeper:add(refusal)
	local store = self.store;
	local last = (store.last or 0) % KEPT + 1;
	refusal.ref = self:reference();
	store.last, store[last] = last, refusal;
	return refusal.ref;
end

--- The last refusals, newest first.
---@param count integer
---@param wanted (fun(refusal: Refusal): any)?  all of them, where there is none
---@return Refusal[]
function keeper:latest(count, wanted)
	local list, store = {}, self.store;
	for back = 0, KEPT - 1 do
		local refusal = store[((store.last or 0) - back - 1) % KEPT + 1];
		if not refusal or #list == count then break; end
		if not wanted or wanted(refusal) then list[#list + 1] = refusal; end
	end
	return list;
end

--- The refusal with that reference, if it is still kept.
---@param ref string  in any case
---@return Refusal?
function keeper:find(ref)
	ref = ref:lower();
	return self:latest(1, function (refusal) return refusal.ref == ref; end)[1];
end

--- Whoever keeps refusals in that table.
---@param store table   may be shared
---@param random fun(count: integer): string  that many random bytes
---@return Keeper
function refusals.keeper(store, random)
	return setmetatable({ store = store, random = random }, keeper);
end

--- A refusal in the words for whoever is refused.
---@param words string  the reason
---@param ref string
---@return string
function refusals.text(words, ref)
	return ("%s (%s)"):format(words, ref);
end

return refusals;
