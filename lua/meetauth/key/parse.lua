--- Turns the text of a key source into keys of an entry. Each key has one of the entry's algorithms. It knows neither
-- files nor addresses. Unusable keys are ignored and listed. A text that is not a key document gives no keys.

local core = require "meetauth.core";
local fault = require "meetauth.key.fault";
local jwk = require "meetauth.key.jwk";
local lookalikes = require "meetauth.key.lookalikes";
local publictext = require "meetauth.key.publictext";
local why_weak = require "meetauth.key.weak".why;
local chomped = require "meetauth.util.text".chomped;
local without_mark = require "meetauth.util.text".without_mark;

local keyparse = {};

local MAP_BYTES_MAX = 262144;
local MAP_KEYS_MAX = 100;
local KID_MAX = 256; -- bytes

---@class Source               where keys come from; as sources.lua makes them
---@field kind string          the field of the entry
---@field at string?           path or address
---@field label string         the option's full name

---@class Found
---@field key Key
---@field identity string  equal for one key under one algorithm and kid; a hash if it is a secret
---@field secret string?   hash of the secret
---@field lookalikes (fun(): Lookalike[])?  of a secret, for hints, and
---@field under (fun(alg: string): Key?)?   it under another algorithm

---@class Document
---@field found Found[]
---@field skipped Skipped[]
---@field newline boolean?  a secret's last newline was cut off

local function sha256(bytes)
	return core.base64url(assert(core.sha256(bytes)));
end

local function add(document, key, secret)
	local hash = secret and sha256(secret);
	local identity = ("%s %s %s"):format(key:alg(), hash or key:thumbprint(), key:kid() or "");
	for _, one in ipairs(document.found) do
		if one.identity == identity then return; end -- a set has it with its own algorithm, and without
	end
	local found = { key = key, identity = identity, secret = hash };
	if secret then
		function found.lookalikes() return lookalikes.of(key:alg(), secret); end
		function found.under(alg) return (core.key.new(alg, "secret", secret, nil, true)); end
	end
	table.insert(document.found, found);
end

-- A key in one of the old forms, under every algorithm of the entry that fits it.
local function of_material(entry, kind, material, kid, weak)
	local document, why = { found = {}, skipped = {} }, nil;
	for _, alg in ipairs(entry.algorithms) do
		local key, reason = core.key.new(alg, kind, material, kid, weak);
		if key then
			add(document, key, kind == "secret" and material or nil);
		elseif not (reason == "key-type-mismatch" or kind == "public" and reason == "not-secret") then
			why = reason;
		end
	end
	if not document.found[1] then return nil, why or "key-type-mismatch"; end
	return document;
end

--- A shared secret, unchanged.
---@param entry table  { algorithms, kid }
---@param bytes string
---@param weak boolean|"short"|nil  accept any but an empty one; "short": only one that is shorter than its hash
---@return Document? document
---@return string? reason
---@return string? why  weak-secret: what is known against it, beside its length
function keyparse.secret(entry, bytes, weak)
	local document, reason = of_material(entry, "secret", bytes, entry.kid, weak and true);
	local why = document and weak ~= true and why_weak(bytes) or nil;
	if why then return nil, "weak-secret", why; end
	return document, reason;
end

--- A shared secret from a file, where a last newline is the editor's.
---@return Document? document
---@return string? reason
---@return string? why
function keyparse.secret_file(entry, bytes)
	local cut = chomped(bytes);
	local document, reason, why = keyparse.secret(entry, cut, entry.weak_secret);
	if document then document.newline = #cut < #bytes; end
	return document, reason, why;
end

--- A public key or certificate: PEM, DER, or the base64 of a SubjectPublicKeyInfo.
---@param entry table
---@param text string
---@param kid string?  the entry's unless given
---@return Document? document
---@return string? reason
---@return string? why  what is wrong with its form, in words
function keyparse.public(entry, text, kid)
	local document, reason = of_material(entry, "public", publictext.read(text), kid or entry.kid);
	return document, reason, reason == "bad-key" and fault.of_pem(text) or nil;
end

-- A key under each of the entry's algorithms that fits it.
local function add_bound(document, entry, key)
	local fits = false;
	for _, name in ipairs(entry.algorithms) do
		local bound = jwk.under(key, name);
		if bound then
			add(document, bound);
			fits = true;
		end
	end
	if not fits then table.insert(document.skipped, { kid = key:kid(), reason = "algorithm-mismatch" }); end
end

-- Secrets are left out: a value that a server gives to everyone is no secret, and in a file it has its own field.
local function of_set(entry, text)
	local set, reason = jwk.set(text);
	if not set then return nil, reason; end
	local document = { found = {}, skipped = set.skipped };
	for _, key in ipairs(set.keys) do
		if key:can_sign() then
			table.insert(document.skipped, { kid = key:kid(), reason = "not-public" });
		else
			add_bound(document, entry, key);
		end
	end
	return document;
end

-- { kid = PEM }, as Firebase serves certificates.
local function of_map(entry, map)
	local document, count = { found = {}, skipped = {} }, 0;
	local kids = {};
	for kid, pem in pairs(map) do
		count = count + 1;
		if type(kid) ~= "string" or type(pem) ~= "string" then return nil, "bad-set"; end
		kids[count] = kid;
	end
	if count > MAP_KEYS_MAX then return nil, "oversized-set"; end
	table.sort(kids);
	for _, kid in ipairs(kids) do
		local one, reason, why = nil, "bad-key", nil;
		if #kid <= KID_MAX then one, reason, why = keyparse.public(entry, map[kid], kid); end
		for _, found in ipairs(one and one.found or {}) do table.insert(document.found, found); end
		if not one then table.insert(document.skipped, { kid = kid, reason = reason, why = why }); end
	end
	return document;
end

--- A JWK set (RFC 7517 5), or a flat object of PEM texts by kid.
---@param entry table
---@param text string
---@return Document? document
---@return string? reason  bad-json, duplicate-member, bad-set, oversized-set, duplicate-kid, mixed-keys, engine-failure
---@return string? why     what is wrong with its form, in words
function keyparse.set(entry, text)
	if #text > MAP_BYTES_MAX then return nil, "oversized-set"; end
	local members, unreadable = core.decode(without_mark(text));
	if members == nil then return nil, unreadable; end
	if type(members) ~= "table" or getmetatable(members) == core.array_mt then return nil, "bad-set"; end
	if type(members.keys) == "table" then return of_set(entry, text); end
	if type(members.kty) == "string" then return nil, "bad-set", "the document is one key, not a set. Write {\"keys\":[...]} "
		.. "around it"; end
	if next(members) == nil then return nil, "bad-set"; end -- an error's empty object, not a withdrawal of all
	return of_map(entry, members);
end

--- The reader of each kind of source.
---@type table<string, fun(entry: table, text: string, kid: string?): Document?, string?, string?>
keyparse.readers = {
	secret_file = keyparse.secret_file;
	public_key_file = keyparse.public;
	jwks_file = keyparse.set;
	jwks_url = keyparse.set;
	oidc_url = keyparse.set;
	cache_keys_url = keyparse.set;
	asap_url = keyparse.public;
};

--- Read the text of a source.
---@param source Source
---@param entry table
---@param text string
---@param kid string?  the entry's unless given
---@return Document? document
---@return string? told  the reason, and what is wrong with its form
function keyparse.read(source, entry, text, kid)
	local document, reason, why = keyparse.readers[source.kind](entry, text, kid);
	return document, reason and keyparse.told(reason, why);
end

--- A key that is left out, in words: its kid, the reason, and what is wrong with its form.
---@param one Skipped
---@return string
function keyparse.left_out(one)
	local name = one.kid and ("the key %q"):format(one.kid) or "a key without a kid";
	return ("%s is ignored (%s)"):format(name, keyparse.told(one.reason, one.why));
end

--- A reason, and what is wrong with the form of a key or a document.
---@param reason string
---@param why string?
---@return string
function keyparse.told(reason, why)
	return why and ("%s: %s"):format(reason, why) or reason;
end

return keyparse;
