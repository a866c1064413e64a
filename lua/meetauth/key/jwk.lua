--- JSON Web Keys and sets of them (RFC 7517): what use, key_ops, alg and kid say, and key:jwk().
-- The members that make the key itself are the core's to read.

local core = require "meetauth.core";
local fault = require "meetauth.key.fault";
local json = require "meetauth.util.json";
local schema = require "meetauth.util.schema";
local without_mark = require "meetauth.util.text".without_mark;

local null = core.null;

local jwk = {};

local SET_BYTES_MAX = 262144;
local SET_KEYS_MAX = 100;
local KID_MAX = 256; -- bytes

-- The member of a key that has it: null is how a serializer writes what is absent.
local function member(members, name)
	local value = members[name];
	if value == null then return nil; end
	return value;
end

-- Members that no public key has (RFC 7518 6.2.2, 6.3.2, 6.4).
local private_members = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };

local function has_private_member(members)
	for _, name in ipairs(private_members) do
		if member(members, name) ~= nil then return true; end
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

-- A member of another type would be treated as absent: a private key as a public one.
local function has_text_only(members)
	for _, name in ipairs(material_members) do
		if not optional_string(member(members, name)) then return false; end
	end
	return true;
end

-- The same algorithm under two names: EdDSA on one curve, and that curve's own (RFC 9864 2.2).
local twins = { EdDSA = { Ed25519 = true, Ed448 = true }, Ed25519 = { EdDSA = true }, Ed448 = { EdDSA = true } };

--- Make a key of a JWK (RFC 7517 4): a private one where it has a private part.
---@param members table      as decoded from JSON
---@param alg string?        the algorithm to bind it to; if the JWK has its own, both must be equal
---@param options { weak: boolean?, remember: integer? }?
---@return Key? key          unbound where it is an RSA key and nobody names an algorithm
---@return string? reason    bad-key, key-use-mismatch, algorithm-mismatch, unknown-algorithm, not-secret,
--   key-type-mismatch, curve-mismatch, not-on-curve, weak-key, oversized-key, bad-exponent, weak-secret,
--   engine-failure
function jwk.key(members, alg, options)
	options = options or {};
	local kid, own, use = member(members, "kid"), member(members, "alg"), member(members, "use");
	if type(members.kty) ~= "string" or not optional_string(kid) or not optional_string(own) or not has_text_only(members)
			or (kid and #kid > KID_MAX) or member(members, "oth") ~= nil then -- keys of more than two primes are not read
		return nil, "bad-key";
	end
	local operation = member(members, "d") ~= nil and "sign" or "verify";
	if use ~= nil and use ~= "sig" or not permits(member(members, "key_ops"), operation) then
		return nil, "key-use-mismatch";
	end
	if alg and own and alg ~= own and not (twins[alg] and twins[alg][own]) then return nil, "algorithm-mismatch"; end
	return core.key.new(alg or own, "jwk", members, kid, options.weak, options.remember);
end

--- The key under an algorithm: the key itself if that is its own. It is another one if its material fits, because the key
-- is unbound or the algorithm has two names.
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

--- The key of a JWK as JSON text or table.
---@param document string|table
---@param alg string?
---@param options { weak: boolean?, remember: integer? }?
---@return Key? key
---@return string? reason  as jwk.key; bad-json, duplicate-member
function jwk.read(document, alg, options)
	if type(document) == "table" then return jwk.key(document, alg, options); end
	local members, unreadable = core.decode(without_mark(document));
	if members == nil then return nil, unreadable; end
	if type(members) ~= "table" then return nil, "bad-key"; end
	return jwk.key(members, alg, options);
end

-- The material of one of a set's keys.
local function material_of(members, key)
	if members.kty == "oct" then return members.k; end
	return key:thumbprint();
end

-- Whether some token would be for either of two keys: they have one algorithm, be it under two names. RSA keys without
-- one are for all that RSA has.
local function serve_one(one, other)
	local a, b = one:alg(), other:alg();
	if a and b then return a == b or twins[a] ~= nil and twins[a][b] == true; end
	return (a or b or "RS"):find("^[RP]S") ~= nil;
end

-- Add a key to the keys of its kid. The same one twice is one; nil where it is another one for the same tokens (RFC 7517
-- 4.5).
local function add(all, of_kid, one)
	for _, other in ipairs(of_kid) do
		if serve_one(one.key, other.key) then
			if one.material ~= other.material then return nil; end
			if one.key:alg() == other.key:alg() then return true; end
		end
	end
	of_kid[#of_kid + 1] = one;
	all[#all + 1] = one;
	return true;
end

---@class Skipped         a key that is left out
---@field kid string?
---@field reason string
---@field why string?     what is wrong with its form

---@class KeySet
---@field keys Key[]        usable keys; RSA keys without alg are unbound
---@field skipped Skipped[]

local function key_of(members, options)
	if type(members) ~= "table" then return nil, "bad-key"; end
	if members.kty ~= "oct" and has_private_member(members) then return nil, "not-public"; end
	return jwk.key(members, nil, options);
end

local function skipped(members, reason)
	local is_key = type(members) == "table";
	local kid = is_key and member(members, "kid");
	return {
		kid = type(kid) == "string" and kid or nil, reason = reason,
		why = reason == "bad-key" and is_key and fault.of_jwk(members) or nil,
	};
end

--- Read a JWK set (RFC 7517 5). Keys that cannot be used are left out and listed; a private key in it is one. Of the
-- others, one kid may serve one key for each algorithm (RFC 7517 4.5), and two that are the same are one.
-- Raises where text is no string.
---@param text string  JSON
---@param options { weak: boolean?, remember: integer? }?  for each of its keys
---@return KeySet? set
---@return string? reason  oversized-set, bad-json, duplicate-member, bad-set, duplicate-kid, mixed-keys, engine-failure
function jwk.set(text, options)
	if #text > SET_BYTES_MAX then return nil, "oversized-set"; end
	local document, unreadable = core.decode(without_mark(text));
	if document == nil then return nil, unreadable; end
	local list = type(document) == "table" and document.keys;
	if type(list) ~= "table" or getmetatable(list) ~= core.array_mt then return nil, "bad-set"; end
	if #list > SET_KEYS_MAX then return nil, "oversized-set"; end
	local set, all, by_kid = { keys = {}, skipped = {} }, {}, {};
	local has_secret, has_public = false, false; -- which are not published together
	for _, members in ipairs(list) do
		local key, reason = key_of(members, options);
		if reason == "engine-failure" then return nil, reason; end -- whether the key is another one's twin is not known
		local is_secret = type(members) == "table" and members.kty == "oct";
		has_secret = has_secret or is_secret and reason ~= "key-use-mismatch";
		has_public = has_public or key ~= nil and not is_secret;
		if key then
			local kid = key:kid() or key; -- without one, they are told apart by nothing
			local material, failed = material_of(members, key);
			if not material then return nil, failed; end
			by_kid[kid] = by_kid[kid] or {};
			if not add(all, by_kid[kid], { key = key, material = material }) then return nil, "duplicate-kid"; end
		else
			table.insert(set.skipped, skipped(members, reason));
		end
	end
	if has_secret and has_public then return nil, "mixed-keys"; end
	for i, one in ipairs(all) do set.keys[i] = one.key; end
	return set;
end

--- A JWK set without the private keys and secrets that a careless source publishes, to be kept on disk. They are left out
-- as a whole: the public half of one would count after the next start.
---@param text string  JSON
---@return string text  the same one where there is nothing to take out, or it is no set
function jwk.without_private(text)
	local document = core.decode(without_mark(text));
	local list = type(document) == "table" and document.keys;
	if type(list) ~= "table" then return text; end
	local kept = setmetatable({}, core.array_mt);
	for _, members in ipairs(list) do
		if type(members) ~= "table" or not has_private_member(members) then kept[#kept + 1] = members; end
	end
	if #kept == #list then return text; end
	document.keys = kept;
	return json.encode(document);
end

local key_list = schema.list_of({ expected = "a list of keys", empty = true, private = true,
	fits = function (key) return type(key) == "userdata"; end });

--- Write the public parts of keys as a JWK set (RFC 7517 5).
---@param keys Key[]
---@return string? text    JSON
---@return string? reason  not-public for a secret; engine-failure
function jwk.write_set(keys)
	local list, given, found = setmetatable({}, core.array_mt), key_list.read(keys);
	if not given then error(("jwks_of: found %s, expected %s"):format(found or type(keys), key_list.expected), 3); end
	for i, key in ipairs(given) do
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
