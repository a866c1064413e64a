--- meetauth for Lua programs: verify, sign and look into JSON Web Tokens.
-- local meetauth = require "meetauth"

local core = require "meetauth.core";
local claims = require "meetauth.claims";
local grant = require "meetauth.grant";
local header = require "meetauth.header";
local json = require "meetauth.json";
local jwk = require "meetauth.jwk";
local policy = require "meetauth.policy";
local verifier = require "meetauth.verifier";

local meetauth = { _VERSION = "0.1.0", null = core.null };

if core.version ~= meetauth._VERSION then
	error(("meetauth %s found a core of version %s at %s"):format(meetauth._VERSION, core.version,
		tostring(package.searchpath("meetauth.core", package.cpath))));
end

local MAX_TOKEN = 16384; -- bytes

local materials = { "secret", "public", "private", "jwk" };

local function material_of(spec)
	local kind;
	for _, name in ipairs(materials) do
		if spec[name] ~= nil then
			if kind then error("meetauth.key: give exactly one of secret, public, private and jwk", 3); end
			kind = name;
		end
	end
	if not kind then error("meetauth.key: give one of secret, public, private and jwk", 3); end
	return kind, spec[kind];
end

--- Load a key, once, for many tokens.
-- meetauth.key { alg = "RS256", public = pem, kid = "2026-01" }
---@param spec { alg: string?, secret: string?, public: string?, private: string?, jwk: string|table?, kid: string?,
--   weak: boolean?, remember: integer? }
--   alg: the one algorithm it is bound to (RFC 8725 3.1); may be left out where the material names it: a
--   JWK with alg, a curve. Exactly one of secret (raw bytes), public (PEM or DER), private (PEM or DER, to
--   sign) and jwk (JSON text or table; private where it has a private part). kid: not with jwk, which has
--   its own. weak: accept a secret shorter than its hash. remember: how many verified signatures to
--   remember (0; at most 4096), so that a token that comes again costs a hash; not for HMAC.
---@return userdata? key
---@return string? reason  unknown-algorithm, bad-key, encrypted-key, not-public, not-private, not-secret,
--   key-type-mismatch, curve-mismatch, not-on-curve, weak-key, oversized-key, bad-exponent, weak-secret,
--   key-use-mismatch, algorithm-mismatch, bad-json, duplicate-member
function meetauth.key(spec)
	local kind, material = material_of(spec);
	local key, reason;
	if kind == "jwk" then
		key, reason = jwk.read(material, spec.alg, spec);
	else
		key, reason = core.key.new(spec.alg, kind, material, spec.kid, spec.weak, spec.remember);
	end
	if not key then return nil, reason; end
	if not key:alg() then return nil, "unknown-algorithm"; end
	return key;
end

--- Read a JWK set: meetauth.jwks(text) -> { keys, skipped } | nil, reason. See jwk.lua.
meetauth.jwks = jwk.set;

--- Write the public keys of a list as a JWK set: meetauth.jwks_of(keys) -> text | nil, reason.
meetauth.jwks_of = jwk.write_set;

--- Make a new key.
---@param spec { alg: string, bits: integer?, crv: string?, kid: string? }
--   bits: of an RSA key (2048); crv: "Ed25519" (default) or "Ed448" for EdDSA
---@return userdata? key    able to sign
---@return string material  PKCS#8 PEM, or the raw bytes of an HMAC secret; where key is nil, the reason:
--   unknown-algorithm, weak-key, oversized-key, engine-failure
function meetauth.keygen(spec)
	local material, reason = core.keygen(spec.alg, spec.bits or 2048, spec.crv == "Ed448");
	if not material then return nil, reason; end
	local kind = spec.alg:find("^HS") and "secret" or "private";
	return core.key.new(spec.alg, kind, material, spec.kid), material;
end

local function seconds(options, name, default)
	local value = options[name];
	if value == nil then return default; end
	if type(value) ~= "number" or value < 0 then
		error(("meetauth.verifier: %s is a number of seconds"):format(name), 3);
	end
	return value;
end

-- The keys, each bound to one of the accepted algorithms. In a list every key must be; in a set, which
-- somebody else wrote, the others are left out.
local function accepted_keys(options)
	local algorithms, keys = options.algorithms, options.keys;
	if type(algorithms) ~= "table" or not algorithms[1] then
		error("meetauth.verifier: algorithms is a list, such as { \"ES256\" }", 3);
	end
	if type(keys) ~= "table" or not (keys.keys or keys[1]) then
		error("meetauth.verifier: keys is a list of keys or a set from meetauth.jwks", 3);
	end
	local accepted, bound = {}, {};
	for _, alg in ipairs(algorithms) do accepted[alg] = true; end
	for _, key in ipairs(keys.keys or keys) do
		if accepted[key:alg()] then
			bound[#bound + 1] = key;
		elseif not key:alg() then
			for _, alg in ipairs(algorithms) do bound[#bound + 1] = key:bind(alg, options.remember); end
		elseif not keys.keys then
			error(("meetauth.verifier: a key is bound to %s, which algorithms does not name"):format(key:alg()), 3);
		end
	end
	return bound;
end

local function types(list)
	if not list then return nil; end
	local set = {};
	for _, typ in ipairs(list) do set[header.short_type(typ)] = true; end
	return set;
end

--- Make a verifier: verify(token, now) -> claims | nil, reason. Raises on a caller's mistake.
---@param options table
--   keys: list of keys, or a set; at most four are tried for one token; algorithms: mandatory list;
--   issuer: string or list; audience: string or list; leeway: seconds (0); typ: list (not checked);
--   require: list of claims; max_age: seconds since iat; check: function (claims) -> true | nil, reason;
--   max_token: bytes (16384); remember: as for meetauth.key, for the keys of a set without alg
---@return Verifier
function meetauth.verifier(options)
	return verifier.of_keys({
		keys = accepted_keys(options);
		typ = types(options.typ);
		asked = {
			leeway = seconds(options, "leeway", 0) + 0.0;
			max_age = seconds(options, "max_age");
			issuer = claims.set(options.issuer);
			audience = claims.set(options.audience);
			require = options.require;
			check = options.check;
		};
	}, options.max_token or MAX_TOKEN);
end

local function header_text(key, members)
	local head = { alg = key:alg(), typ = "JWT", kid = key:kid() };
	for name, value in pairs(members or {}) do
		if name == "alg" then error("meetauth.sign: alg is the key's, not the header's", 3); end
		head[name] = value;
	end
	return json.encode(head);
end

local plain_headers = setmetatable({}, { __mode = "k" }); -- key -> header text

--- Sign claims. Raises where they are no JSON.
---@param key userdata      a secret or a private key
---@param payload table     the claims
---@param members table?    further header parameters: typ ("JWT"), kid (the key's), others
---@return string? token
---@return string? reason   not-private, engine-failure
function meetauth.sign(key, payload, members)
	local head = not members and plain_headers[key];
	if not head then
		head = header_text(key, members);
		if not members then plain_headers[key] = head; end
	end
	return core.sign(key, head, json.encode(payload));
end

--- The payload of a JWS, whatever it is, if one of the keys signed it; no claims are looked at.
---@param token string
---@param options { keys: userdata[]|KeySet, algorithms: string[], max_token: integer? }
---@return string? payload  bytes
---@return string? reason
function meetauth.jws(token, options)
	return meetauth.verifier(options):payload(token);
end

--- Look into a token that nobody has verified: to print it, never to trust it.
---@param token string
---@return table? header
---@return table|string claims  where header is nil: too-large, malformed, unsupported, bad-json, duplicate-member
function meetauth.peek(token)
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

--- Mark a list, so that it is written as [] where it is empty.
---@param list table
---@return table list
function meetauth.array(list)
	return setmetatable(list, core.array_mt);
end

meetauth.grant = grant.of;
meetauth.policy = policy;

return meetauth;
