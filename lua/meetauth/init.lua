--- meetauth for Lua programs: verify, sign and look into JSON Web Tokens.
-- local meetauth = require "meetauth"

local core = require "meetauth.core";
local tokenoptions = require "meetauth.token.options";
local json = require "meetauth.util.json";
local jwk = require "meetauth.key.jwk";
local publictext = require "meetauth.key.publictext";
local verifier = require "meetauth.token.verifier";

local meetauth = { _VERSION = "0.1.0", null = core.null };

if core.version ~= meetauth._VERSION then
	error(("meetauth %s found a core of version %s at %s"):format(meetauth._VERSION, core.version,
		tostring(package.searchpath("meetauth.core", package.cpath))));
end

local materials = { "secret", "public", "private", "jwk" };

-- Raise, two calls up, where a field of 'spec' is of another type. 'types': what may be, by type or "nil".
local function check_field(caller, spec, name, types, expected)
	local value = spec[name];
	local kind = math.type(value) == "integer" and "integer" or type(value);
	if not types[kind] then error(("%s: %s: found %s, expected %s"):format(caller, name, kind, expected), 3); end
end

local optional_text = { string = true, ["nil"] = true };
local optional_integer = { integer = true, ["nil"] = true };

local function check_table(caller, spec)
	if type(spec) ~= "table" then error(("%s: found %s, expected a table of options"):format(caller, type(spec)), 3); end
end

local function material_of(spec)
	local kind;
	for _, name in ipairs(materials) do
		if spec[name] ~= nil then
			if kind then error("meetauth.key: give exactly one of secret, public, private and jwk", 3); end
			kind = name;
		end
	end
	if not kind then error("meetauth.key: give one of secret, public, private and jwk", 3); end
	local value = spec[kind];
	if type(value) ~= "string" and not (kind == "jwk" and type(value) == "table") then
		error(("meetauth.key: %s: found %s, expected a string%s"):format(kind, type(value), kind == "jwk" and " or a table" or ""), 3);
	end
	return kind, value;
end

---@class KeySpec            exactly one of secret, public, private and jwk
---@field alg string?        the one algorithm it is bound to; not needed where the material names it: a JWK's alg, a curve
---@field secret string?     raw bytes
---@field public string?     PEM or DER
---@field private string?    PEM or DER, to sign
---@field jwk string|table?  JSON text or table; private where it has a private part
---@field kid string?        not with jwk, which has its own
---@field weak boolean?      accept a secret shorter than its hash (false)
---@field remember integer?  verified signatures to remember (0; at most 4096), so that a token again costs a hash; not for HMAC

--- Load a key, once, for many tokens; it is bound to one algorithm (RFC 8725 3.1). Raises on a caller's mistake.
-- meetauth.key { alg = "RS256", public = pem, kid = "2026-01" }
---@param spec KeySpec
---@return Key? key
---@return string? reason  unknown-algorithm, bad-key, encrypted-key, not-public, not-private, not-secret,
--   key-type-mismatch, curve-mismatch, not-on-curve, weak-key, oversized-key, bad-exponent, weak-secret,
--   key-use-mismatch, algorithm-mismatch, bad-json, duplicate-member, engine-failure
function meetauth.key(spec)
	check_table("meetauth.key", spec);
	local kind, material = material_of(spec);
	check_field("meetauth.key", spec, "alg", optional_text, "the name of an algorithm");
	check_field("meetauth.key", spec, "kid", optional_text, "a string");
	check_field("meetauth.key", spec, "remember", optional_integer, "a whole number from 0 to 4096");
	if spec.remember and not (spec.remember >= 0 and spec.remember <= 4096) then
		error(("meetauth.key: remember: found %d, expected a whole number from 0 to 4096"):format(spec.remember), 2);
	end
	local key, reason;
	if kind == "jwk" then
		if spec.kid ~= nil then error("meetauth.key: a JWK has its own kid, so kid is not allowed", 2); end
		key, reason = jwk.read(material, spec.alg, spec);
	else
		if kind == "public" then material = publictext.read(material); end
		key, reason = core.key.new(spec.alg, kind, material, spec.kid, spec.weak, spec.remember);
	end
	if not key then return nil, reason; end
	if not key:alg() then return nil, "unknown-algorithm"; end
	return key;
end

--- Read a JWK set: meetauth.jwks(text [, options]) -> { keys, skipped } | nil, reason. See key/jwk.lua.
meetauth.jwks = jwk.set;

--- Write the public keys of a list as a JWK set: meetauth.jwks_of(keys) -> text | nil, reason.
meetauth.jwks_of = jwk.write_set;

---@class KeygenSpec
---@field alg string
---@field bits integer?              of an RSA key (2048)
---@field crv "Ed25519"|"Ed448"|nil  for EdDSA ("Ed25519"); the algorithms Ed25519 and Ed448 have their own
---@field kid string?

--- Make a new key (RFC 7518 3.2 to 3.5, RFC 8037 3.1). Raises where alg is no string.
---@param spec KeygenSpec
---@return Key? key         able to sign
---@return string material  PKCS#8 PEM, or the raw bytes of an HMAC secret; where key is nil, the
--   reason: unknown-algorithm, curve-mismatch, weak-key, oversized-key, engine-failure
function meetauth.keygen(spec)
	check_table("meetauth.keygen", spec);
	check_field("meetauth.keygen", spec, "alg", { string = true }, "the name of an algorithm");
	check_field("meetauth.keygen", spec, "bits", optional_integer, "a whole number");
	check_field("meetauth.keygen", spec, "kid", optional_text, "a string");
	if not (spec.crv == nil or spec.crv == "Ed25519" or spec.crv == "Ed448") then
		error("meetauth.keygen: crv must be \"Ed25519\" or \"Ed448\"", 2);
	end
	local material, reason = core.keygen(spec.alg, spec.bits or 2048, spec.crv);
	if not material then return nil, reason; end
	local kind = spec.alg:find("^HS") and "secret" or "private";
	local key, unloadable = core.key.new(spec.alg, kind, material, spec.kid);
	if not key then return nil, unloadable; end
	return key, material;
end

---@class VerifierOptions
---@field keys Key[]|KeySet             at most eight are tried for one token
---@field algorithms string[]           mandatory; narrows what the keys are bound to (RFC 8725 3.1)
---@field issuer string|string[]|nil    accepted iss; "*" and nil: any, or none
---@field audience string|string[]|nil  accepted aud; "*" and nil: not checked
---@field leeway number?                seconds (0), for exp, nbf and iat
---@field typ string[]?                 accepted typ; nil: not checked
---@field require string[]?             names of claims that must be there
---@field max_age number?               seconds since iat
---@field check (fun(claims: table): any, string?)?  true, or nil and the caller's own word (check-failed)
---@field max_token integer?            bytes of the longest token (16384; 1 to 1048576)
---@field remember integer?             as for meetauth.key, for the keys of a set that have no alg

--- Make a verifier: verify(token, now) -> claims | nil, reason (RFC 7519 7.2). Raises on a caller's mistake.
---@param options VerifierOptions
---@return Verifier
function meetauth.verifier(options)
	return verifier.of_keys(tokenoptions.read(options, "meetauth.verifier"));
end

local OBJECT = ("{"):byte();

local function header_text(key, members)
	local head = { alg = key:alg(), typ = "JWT", kid = key:kid() };
	for name, value in pairs(members or {}) do
		if name == "alg" then error("meetauth.sign: alg is not allowed in the header, because the key sets it", 3); end
		head[name] = value;
	end
	return json.encode(head);
end

local plain_headers = setmetatable({}, { __mode = "k" }); -- key -> header text

--- Sign claims (RFC 7515 5.1, RFC 7519 7.1). Raises if they are no table for a JSON object, or hold values that JSON does
-- not have; and where members has alg.
---@param key Key           a secret or a private key
---@param payload table     the claims
---@param members table?    further header parameters: typ ("JWT"), kid (the key's), others
---@return string? token
---@return string? reason   not-private, engine-failure
function meetauth.sign(key, payload, members)
	local text = json.encode(payload);
	if text:byte() ~= OBJECT then
		error(("meetauth.sign: claims: found %s, expected a table that is an object"):format(
			type(payload) == "table" and "a list" or type(payload)), 2);
	end
	local head = not members and plain_headers[key];
	if not head then
		head = header_text(key, members);
		if not members then plain_headers[key] = head; end
	end
	return core.sign(key, head, text);
end

--- The payload of a JWS, in any form, if one of the keys signed it (RFC 7515 5.2); claims are not checked. Raises as
-- meetauth.verifier does.
---@param token string
---@param options VerifierOptions  keys, algorithms, max_token and remember count
---@return string? payload  bytes
---@return string? reason   too-large, malformed, unsupported, bad-json, duplicate-member, bad-header,
--   critical-extension, algorithm-mismatch, unknown-key, signature-mismatch, engine-failure
function meetauth.jws(token, options)
	return verifier.of_keys(tokenoptions.read(options, "meetauth.jws")):payload(token);
end

--- Look into a token that nobody has verified (RFC 7515 7.1): to print it, never to trust it.
---@param token string  at most 1048576 bytes
---@return table? header
---@return table|string claims  where header is nil, the
--   reason: too-large, malformed, unsupported, bad-json, duplicate-member
function meetauth.peek(token)
	if type(token) ~= "string" then return nil, "malformed"; end
	local reader = core.token.new(#token > 0 and #token <= 1048576 and #token or 1);
	local ok, reason = reader:open(token);
	if not ok then return nil, reason; end
	local head, found;
	head, reason = reader:header();
	if not head then return nil, reason; end
	found, reason = reader:unverified();
	if not found then return nil, reason; end
	return head, found;
end

--- Mark a list, so that it is written as [] where it is empty (RFC 8259 5); lists that are read are marked.
---@param list table
---@return table list  the same table
function meetauth.array(list)
	return setmetatable(list, core.array_mt);
end

--- The grant of verified claims, see access/grant.lua; with a time, whether they give it then: claims that were verified
-- once may be asked about later. Raises where a field of the entry is misspelt or does not fit.
---@param claims table  used up
---@param entry table   fields and defaults as in meetauth_issuers, those about grants: access/entry.lua
---@param now number?   seconds since the epoch
---@return Grant? grant
---@return string? reason  bad-claim, missing-claim, unknown-issuer, ambiguous-claims, not-enforceable,
--   revoked (an invitation, and the entry has no invites); with now: expired, not-yet-valid
function meetauth.grant(claims, entry, now)
	local given, reason = require "meetauth.access.grant".of(claims, require "meetauth.access.entry".of(entry, "meetauth.grant"));
	reason = given and now and meetauth.policy.closed(given, now) or reason;
	if reason then return nil, reason; end
	return given;
end

--- The decision per room: meetauth.policy.enter(grant, room, place, now), .closed(grant, now),
-- .deadline(grant, joined), .may_promote(grant, affiliation, by_human). See access/policy.lua. It is loaded, as the
-- dialects are, when somebody asks for it: who only verifies or signs has no use for rooms.
local function on_demand(_, name)
	return name == "policy" and require "meetauth.access.policy" or nil;
end

return setmetatable(meetauth, { __index = on_demand });
