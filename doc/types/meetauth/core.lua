---@meta meetauth.core

-- What the C core offers, for editors that read LuaLS annotations. Nothing loads this file.
-- doc/core.md says what the core is; the contracts stand in src/, at each function.

---@class meetauth.core
---@field key Key            the functions of keys, which are their methods, too
---@field token Token        the same of readers
---@field array_mt metatable marks a list, empty or not, read from JSON or by meetauth.array
---@field null lightuserdata JSON null
---@field openssl string     the version of libcrypto
---@field version string     of the core
local core = {};

--- Read strict JSON (RFC 8259): no duplicate names, at most 32 levels, finite numbers.
---@param text string
---@return any value       null is core.null; an integer of 64 bits is an integer, any other number a float
---@return string? reason  bad-json, duplicate-member; the value is nil
function core.decode(text) end

--- Write a value as JSON, the members of each object in the order of their names. Raises on what JSON cannot say.
---@param value any
---@return string
function core.encode(value) end

---@param bytes string
---@return string? digest  32 bytes
---@return string? reason  engine-failure
function core.sha256(bytes) end

--- base64url without padding (RFC 7515 2).
---@param bytes string
---@return string text
function core.base64url(bytes) end

--- Make a new key's private part.
---@param alg string
---@param rsa_bits integer  looked at for RSA only
---@param crv string?       where the algorithm has several curves; nil for its first
---@return string? private  PKCS#8 PEM; for HMAC as many random bytes as the hash has
---@return string? reason   unknown-algorithm, curve-mismatch, weak-key, oversized-key, engine-failure
function core.keygen(alg, rsa_bits, crv) end

--- The names of all algorithms, in the order of RFC 7518 3.1.
---@return string[]
function core.algorithms() end

--- OpenSSL's words for the last engine-failure.
---@return string? text  nil where there was none
function core.engine_words() end

--- Prepare a look into payloads that nobody has verified yet. Raises on anything else than such rows.
---@param rows string[][]  at most 32: { name, known value, ... }
---@return Selector
function core.selector(rows) end

--- Sign (RFC 7515 5.1). The header is written as it is: that its alg is the key's is for the caller to see.
---@param key Key
---@param header string    JSON text
---@param payload string   any bytes
---@return string? token
---@return string? reason  not-private, engine-failure
function core.sign(key, header, payload) end

--- Names of top-level members of a payload, and the values known for each.
---@class Selector: userdata

--- One algorithm bound to one piece of key material. key/jwk.lua adds jwk and thumbprint.
---@class Key: userdata
local key = {};

--- Load a key. Raises on another kind, on material that is no string (jwk: no table), on remember out of range.
---@param alg string?        nil where the material names it: a curve; an RSA key is then unbound
---@param kind "secret"|"public"|"private"|"jwk"
---@param material string|table  raw bytes; PEM or DER; the members of a JWK (RFC 7518 6, RFC 8037 2)
---@param kid string?        kept for key:kid()
---@param weak boolean?      accept a secret shorter than its hash
---@param remember integer?  verified signatures to remember: 0 to 4096; not for HMAC
---@return Key? key
---@return string? reason    unknown-algorithm, bad-key, encrypted-key, not-public, not-private, not-secret,
--   key-type-mismatch, curve-mismatch, not-on-curve, weak-key, oversized-key, bad-exponent, weak-secret,
--   engine-failure
function key.new(alg, kind, material, kid, weak, remember) end

--- The same asymmetric material under another algorithm, with the same kid.
---@param alg string
---@param remember integer?  as in key.new
---@return Key? key
---@return string? reason    unknown-algorithm, key-type-mismatch, curve-mismatch, engine-failure
function key:bind(alg, remember) end

--- The public members of its JWK, without alg, kid and use (RFC 7518 6.2.1, 6.3.1; RFC 8037 2).
---@return table? members
---@return string? reason  not-public for a secret; engine-failure
function key:members() end

--- The public key as PEM (SubjectPublicKeyInfo, RFC 7468 13).
---@return string? text
---@return string? reason  not-public for a secret; engine-failure
function key:pem() end

---@return string? alg  nil for an unbound key
function key:alg() end

---@return string? kid
function key:kid() end

---@return boolean
function key:can_sign() end

--- A reader that takes one compact JWS after the other. Its methods raise while no token is open.
---@class Token: userdata
local token = {};

---@param max integer  bytes of the longest token: 1 to 1048576; raises beyond
---@return Token reader
function token.new(max) end

--- Begin to read another token; nothing is decoded yet (RFC 7515 7.1).
---@param text any  what is no string is malformed
---@return any record      what token:remember was given for this very header; true where nothing was
---@return string? reason  too-large, unsupported, malformed; the record is nil
function token:open(text) end

--- Keep a record for the next tokens with this very header: 16 headers of at most 256 characters.
---@param record any
function token:remember(record) end

--- The key that has signed every token with this very header, where it is remembered, for token:verify. Its algorithm has
-- to be the header's.
---@param key Key
function token:expect(key) end

--- As token:open and, where a key is expected for this very header and not closed, token:claims.
---@param text any
---@return table|false|nil claims  false: the token is open, and no key is expected
---@return any record      as of token:open; where claims is nil, the reason: of token:open or of token:claims
function token:verify(text) end

--- The header, not verified.
---@return table? members
---@return string? reason  malformed, bad-json, duplicate-member
function token:header() end

--- For each row of the selector: nil where the payload has no such member, 0 where its value is none of
--- the known ones, else the value's index. Not verified: good only to choose keys.
---@param selector Selector
---@return integer? ...  or nil and a reason: malformed, bad-json, duplicate-member
function token:scan(selector) end

--- The payload as claims, if the key signed it; registered claims have the types of RFC 7519 4.1.
---@param by Key
---@return table? claims
---@return string? reason  signature-mismatch, engine-failure, malformed, bad-json, duplicate-member, bad-claim
function token:claims(by) end

--- The payload of a token that nobody vouches for.
---@return table? claims
---@return string? reason  malformed, bad-json, duplicate-member
function token:unverified() end

--- The payload as it is, if the key signed it.
---@param by Key
---@return string? bytes
---@return string? reason  signature-mismatch, engine-failure, malformed
function token:payload(by) end

core.key, core.token = key, token;

return core;
