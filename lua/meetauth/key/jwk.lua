--- JSON Web Keys and sets of them (RFC 7517): what use, key_ops, alg and kid say, and key:jwk().
-- The members that make the key itself are the core's to read.

local core = require "meetauth.core";
local json = require "meetauth.util.json";

local jwk = {};

local SET_BYTES_MAX = 262144;
local SET_KEYS_MAX = 100;
local KID_MAX = 256; -- bytes

-- Members that no public key has (RFC 7518 6.2.2, 6.3.2, 6.4).
local private_members = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };

local function has_private_member(members)
	for _, name in ipairs(private_members) do
		if members[name] ~= nil then return true; end
	end
	return false;
end

local function optional_string(value)
	return value == nil or type(value) == "string";
end

-- Whether key_ops (RFC 7517 4.3) lets the key do what it is here for.
local function permits(key_ops, operation)
	if key_ops == nil then return true; end
	if type(key_ops) ~= "table" then return false; end
	local seen, permitted = {}, false;
	for _, name in ipairs(key_ops) do
		if type(name) ~= "string" or seen[name] then return false; end
		seen[name] = true;
		permitted = permitted or name == operation;
	end
	return permitted;
end

local material_members = { "crv", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k" };

-- A member of another type would count as absent: a private key as a public one.
local function has_text_only(members)
	for _, name in ipairs(material_members) do
		if not optional_string(members[name]) then return false; end
	end
	return true;
end

-- The same algorithm under two names: EdDSA on one curve, and that curve's own (RFC 9864 2.2).
local twins = { EdDSA = { Ed25519 = true, Ed448 = true }, Ed25519 = { EdDSA = true }, Ed448 = { EdDSA = true } };

--- Make a key of a JWK (RFC 7517 4): a private one where it has a private part.
---@param members table      as decoded from JSON
---@param alg string?        the algorithm to bind it to; the JWK's own, if it has one, must be the same
---@param options { weak: boolean?, remember: integer? }?
---@return Key? key          unbound where it is an RSA key and nobody names an algorithm
---@return string? reason    bad-key, key-use-mismatch, algorithm-mismatch, unknown-algorithm, not-secret,
--   key-type-mismatch, curve-mismatch, not-on-curve, weak-key, oversized-key, bad-exponent, weak-secret,
--   engine-failure
function jwk.key(members, alg, options)
	options = options or {};
	local kid = members.kid;
	if type(members.kty) ~= "string" or not optional_string(kid) or not optional_string(members.alg) or not has_text_only(members)
			or (kid and #kid > KID_MAX) or members.oth ~= nil then -- keys of more than two primes are not read
		return nil, "bad-key";
	end
	local is_private = members.d ~= nil;
	if members.use ~= nil and members.use ~= "sig" or not permits(members.key_ops, is_private and "sign" or "verify") then
		return nil, "key-use-mismatch";
	end
	if alg and members.alg and alg ~= members.alg and not (twins[alg] and twins[alg][members.alg]) then
		return nil, "algorithm-mismatch";
	end
	return core.key.new(alg or members.alg, "jwk", members, kid, options.weak, options.remember);
end

--- The key under an algorithm: the key itself if that is its own, another one if its material may serve it, because the
-- key is unbound or the algorithm has two names.
---@param key Key
---@param alg string
---@param remember integer?
---@return Key? key
function jwk.under(key, alg, remember)
	local own = key:alg();
	if own == alg then return key; end
	if own and not (twins[own] and twins[own][alg]) then return nil; end
	return (key:bind(alg, remember));
end

--- The same of a JWK as JSON text or table.
---@param document string|table
---@param alg string?
---@param options { weak: boolean?, remember: integer? }?
---@return Key? key
---@return string? reason  as jwk.key; bad-json, duplicate-member
function jwk.read(document, alg, options)
	if type(document) == "table" then return jwk.key(document, alg, options); end
	local members, unreadable = core.decode(document);
	if members == nil then return nil, unreadable; end
	if type(members) ~= "table" then return nil, "bad-key"; end
	return jwk.key(members, alg, options);
end

-- Which of the set's keys there are by kind, and whether a kid comes twice.
local function survey(list)
	local kids, secrets, others = {}, 0, 0;
	for _, members in ipairs(list) do
		if type(members) == "table" then
			local kid = members.kid;
			if kid ~= nil and kids[kid] then return "duplicate-kid"; end
			if kid ~= nil then kids[kid] = true; end
			if members.kty == "oct" then secrets = secrets + 1; else others = others + 1; end
		end
	end
	return secrets > 0 and others > 0 and "mixed-keys" or nil;
end

---@class KeySet
---@field keys Key[]        those that can be used; RSA keys without alg are unbound
---@field skipped { kid: string?, reason: string }[]  the rest, and why not

--- Read a JWK set (RFC 7517 5). Keys that cannot be used are left out and listed; a private key in it is one.
-- Raises where text is no string.
---@param text string  JSON
---@param options { weak: boolean?, remember: integer? }?  for each of its keys
---@return KeySet? set
---@return string? reason  oversized-set, bad-json, duplicate-member, bad-set, duplicate-kid, mixed-keys
function jwk.set(text, options)
	if #text > SET_BYTES_MAX then return nil, "oversized-set"; end
	local document, unreadable = core.decode(text);
	if document == nil then return nil, unreadable; end
	local list = type(document) == "table" and document.keys;
	if type(list) ~= "table" or getmetatable(list) ~= core.array_mt then return nil, "bad-set"; end
	if #list > SET_KEYS_MAX then return nil, "oversized-set"; end
	local refused = survey(list);
	if refused then return nil, refused; end
	local set = { keys = {}, skipped = {} };
	for _, members in ipairs(list) do
		local key, reason;
		if type(members) ~= "table" then
			members, reason = {}, "bad-key";
		elseif members.kty ~= "oct" and has_private_member(members) then
			reason = "not-public";
		else
			key, reason = jwk.key(members, nil, options);
		end
		if key then
			table.insert(set.keys, key);
		else
			table.insert(set.skipped, { kid = type(members.kid) == "string" and members.kid or nil, reason = reason });
		end
	end
	return set;
end

--- Write the public parts of keys as a JWK set (RFC 7517 5).
---@param keys Key[]
---@return string? text    JSON
---@return string? reason  not-public for a secret; engine-failure
function jwk.write_set(keys)
	local list = setmetatable({}, core.array_mt);
	for i, key in ipairs(keys) do
		local members, reason = key:jwk();
		if not members then return nil, reason; end
		list[i] = members;
	end
	return json.encode({ keys = list });
end

--- key:jwk() -> table | nil, reason: the public JWK (RFC 7517 4), with alg, kid and use.
---@return table? members
---@return string? reason  not-public for a secret; engine-failure
function core.key:jwk()
	local members, reason = self:members();
	if not members then return nil, reason; end
	members.alg, members.kid, members.use = self:alg(), self:kid(), "sig";
	return members;
end

--- key:thumbprint() -> text | nil, reason: base64url of the SHA-256 of the JWK's required members, in
-- lexical order (RFC 7638 3; RFC 8037 2). A secret's thumbprint would betray it.
---@return string? text    43 characters
---@return string? reason  not-public for a secret; engine-failure
function core.key:thumbprint()
	local members, reason = self:members();
	if not members then return nil, reason; end
	local parts = {};
	for name, value in pairs(members) do parts[#parts + 1] = ("\"%s\":\"%s\""):format(name, value); end
	table.sort(parts); -- no name is the beginning of another
	local digest, failed = core.sha256("{" .. table.concat(parts, ",") .. "}");
	if not digest then return nil, failed; end
	return core.base64url(digest);
end

return jwk;
