--- Single use: of all people who present one token, on any server, at most one gets in.
-- Pure: claims are kept in a store that is handed in, and that knows nothing but plain reads and writes of single
-- rows. Nothing is asked of it but that a row once written is seen by every later read.

local bytes = require "meetauth.util.bytes";
local sha256 = require "meetauth.core".sha256;

local singleuse = {};

local READS = 25; -- while another one withdraws: a few milliseconds

---@class ClaimStore  each call: its result, or nil where storage does not answer
---@field read fun(name: string): table<string, any>?        claim id -> anything, of one token
---@field add fun(name: string, id: string, expires: number): boolean?  nil: it is not valid, even if it exists
---@field remove fun(name: string, id: string): boolean?

--- The name under which a token's use is kept: its id within its entry, or else the digest of what was signed. Not of
-- the whole token: of one ECDSA signature anybody can make a second one that is as good.
---@param entry string  id of the issuer entry
---@param jti string?
---@param token string  compact form
---@return string name  64 hexadecimal digits
function singleuse.name(entry, jti, token)
	local kind, value = "jti", jti;
	if not jti or jti == "" then kind, value = "token", token:match("^(.*)%."); end
	return bytes.hex(sha256(table.concat({ kind, entry, value }, "\0")));
end

-- Whether there is a claim that is not this one, and whether one comes before it.
local function others(claims, id)
	local some, earlier = false, false;
	for other in pairs(claims) do
		some = some or other ~= id;
		earlier = earlier or other < id;
	end
	return some, earlier;
end

local function withdraw(store, name, id, reason)
	store.remove(name, id); -- where that fails the token stays used up for others, and nobody is in
	return nil, reason;
end

--- Claim a token. A server that finds its own claim alone, after it was written, has the token. Two servers cannot: the one
-- that wrote last sees the other's claim. If servers see each other's claims, only the first by id stays and reads again,
-- so that one of them usually has it. If the others do not withdraw in time, nobody has it.
---@param store ClaimStore
---@param name string     of the token
---@param id string       of this claim: like no other; ids of claims that were made earlier come first
---@param expires number  seconds since the epoch: the claim may be forgotten then
---@return boolean? claimed
---@return string? reason  already-used, storage-unavailable
function singleuse.claim(store, name, id, expires)
	local claims = store.read(name);
	if not claims then return nil, "storage-unavailable"; end
	if next(claims) ~= nil then return nil, "already-used"; end
	if not store.add(name, id, expires) then return nil, "storage-unavailable"; end
	for _ = 1, READS do
		claims = store.read(name);
		if not claims or claims[id] == nil then return withdraw(store, name, id, "storage-unavailable"); end
		local some, earlier = others(claims, id);
		if not some then return true; end
		if earlier then break; end
	end
	return withdraw(store, name, id, "already-used");
end

return singleuse;
